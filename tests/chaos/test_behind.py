"""A desk that is a long way behind catches up, page by page: memory on both sides is bounded, however long the way."""

import argparse
import os
import subprocess
import sys
import time
import unittest

from fixture import PATIENCE_S, ChaosCase, keep_less_memory, memory_kb
from matricula.v1 import vocabulary_pb2 as words

UNITS = 20
# What either side may grow by while pages go by: some pages, arenas, LMDB's lists, what AddressSanitizer keeps. Less
# than what goes by.
GROWTH_KB = 24 * 1024
ROW_KB = 1  # at least
options = argparse.Namespace(people=30000, revisions=36000)


class Behind(ChaosCase):
    @classmethod
    def setUpClass(cls):
        keep_less_memory()
        super().setUpClass()
        for number in range(1, UNITS + 1):
            cls.put_unit(f"XA-{number}", "COMMUNE", "HUYEN-1")
        cls.clerk = cls.chaos_desk("clerk", words.ROLE_NOMINATOR, "TINH")
        cls.auditor = cls.chaos_desk("auditor", words.ROLE_AUDITOR, "")
        cls.newcomer = cls.chaos_desk("newcomer", words.ROLE_NOMINATOR, "TINH")

    def lengthen(self, people, revisions):
        before = time.monotonic()
        self.stop_daemon()
        subprocess.run(
            [
                os.environ["CHAOS_HISTORY"],
                self.daemon.data,
                *map(str, (self.newcomer.principal, UNITS, people, revisions)),
            ],
            check=True,
        )
        built = time.monotonic()
        self.daemon.start()
        print(f"\n{revisions} revisions in {built - before:.1f} s, daemon ready in {time.monotonic() - built:.1f} s")

    def sync(self, desk):
        """Brings a mirror to the head; asserts and prints what that took."""
        daemon = self.daemon.process.pid
        before = time.monotonic()
        pages, desk_kb, daemon_kb = 0, [], [memory_kb(daemon)]
        process = subprocess.Popen(desk.command("sync"), stdout=subprocess.PIPE, text=True)
        with process.stdout:
            for line in process.stdout:
                kind, rows, revision, kilobytes = line.split()
                desk_kb.append(int(kilobytes))
                daemon_kb.append(memory_kb(daemon))
                pages += kind == "S"
        self.assertEqual(process.wait(PATIENCE_S), 0)
        self.assertEqual(kind, "E")
        print(
            f"{desk.name}: {rows} rows at revision {revision}, {pages} pages in {time.monotonic() - before:.1f} s; "
            f"most memory: desk {max(desk_kb)} kB, daemon {max(daemon_kb)} kB "
            f"(at first {desk_kb[0]} and {daemon_kb[0]})"
        )
        self.assertLess(max(desk_kb) - desk_kb[0], GROWTH_KB, desk.name)
        self.assertLess(max(daemon_kb) - daemon_kb[0], GROWTH_KB, "daemon")
        return int(rows), int(revision), pages

    def test_long_way(self):
        self.assertGreater(options.people * ROW_KB, GROWTH_KB)
        self.sync(self.clerk)
        self.sync(self.auditor)
        self.lengthen(options.people, options.revisions)
        for desk in (self.clerk, self.auditor, self.newcomer):
            rows, revision, pages = self.sync(desk)
            self.assertGreater(rows, options.people)
            self.assertGreater(revision, options.revisions)
            self.assertGreater(pages, options.people * ROW_KB // 256)
        self.sync(self.newcomer)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=options.people)
    parser.add_argument("--revisions", type=int, default=options.revisions)
    parser.parse_args(namespace=options)
    unittest.main(argv=sys.argv[:1])
