"""Registered keys and strangers that misbehave: everybody else is still served, and memory stays within bounds."""

import os
import resource
import subprocess
import sys
import time
import unittest

from fixture import PATIENCE_S, ChaosCase, keep_less_memory, memory_kb
from matricula.v1 import queries_pb2 as queries
from matricula.v1 import vocabulary_pb2 as words
from register import Desk

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hostile.py")
REQUESTS = 40  # of the one who behaves
PEOPLE = 600
GROWTH_KB = 128 * 1024  # of the daemon, whatever its peers do


class Hostile(ChaosCase):
    @classmethod
    def setUpClass(cls):
        keep_less_memory()
        super().setUpClass()
        cls.put_unit("XA-1", "COMMUNE", "HUYEN-1")
        clerk = cls.chaos_desk("clerk", words.ROLE_NOMINATOR, "TINH")
        cls.daemon.end()
        history = [os.environ["CHAOS_HISTORY"], cls.daemon.data, clerk.principal, 1, PEOPLE, PEOPLE]
        subprocess.run(list(map(str, history)), check=True)
        cls.daemon.start()

    def setUp(self):
        type(self).operator = self.connect(self.operator_desk_again())
        self.before_kb = memory_kb(self.daemon.process.pid)

    def operator_desk_again(self):
        """The operator's key with an outbox of its own."""
        desk = Desk()
        desk.public_key, desk.secret_key = self.operator_desk.public_key, self.operator_desk.secret_key
        return desk

    def start(self, kind, count):
        desk = self.chaos_desk(f"{kind}-{self.id()}", words.ROLE_AUDITOR, "")
        process = subprocess.Popen(
            [
                sys.executable,
                PROGRAM,
                kind,
                self.daemon.endpoint,
                self.daemon.server_key.decode(),
                desk.keys.public_key.decode(),
                desk.keys.secret_key.decode(),
                str(count),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdin.close)
        return process

    def behave(self, what):
        """Changes and reads like anybody, each answered; prints how long that took and the daemon's memory."""
        register = self.connect(self.operator_desk_again())
        took, most_kb = [], 0
        for number in range(REQUESTS):
            before = time.monotonic()
            if number % 2:
                register.query(server_status=queries.ServerStatus())
            else:
                register.do(
                    put_unit=dict(
                        code="XA-2",
                        name=f"{what} {number}",
                        kind=words.UNIT_KIND_COMMUNE,
                        level=words.LEVEL_COMMUNE,
                        bloc=words.BLOC_PARTY,
                        parent_code="HUYEN-1",
                    )
                )
            took.append((time.monotonic() - before) * 1000)
            most_kb = max(most_kb, memory_kb(self.daemon.process.pid))
        took.sort()
        print(
            f"\n{what}: {REQUESTS} requests, median {took[REQUESTS // 2]:.1f} ms, "
            f"99 % {took[REQUESTS * 99 // 100]:.1f} ms, longest {took[-1]:.1f} ms; "
            f"daemon {self.before_kb} kB, at most {most_kb} kB"
        )
        return most_kb

    def misbehave(self, *peers):
        """All these at once, while somebody behaves."""
        names = ", ".join(kind for kind, _ in peers)
        processes = [self.start(*peer) for peer in peers]
        for process in processes:
            self.assertEqual(process.stdout.readline(), "ready\n", names)
        most_kb = self.behave(names)
        for process in processes:
            process.stdin.close()
        did = [int(process.stdout.readline()) for process in processes]
        self.assertEqual([process.wait(PATIENCE_S) for process in processes], [0] * len(processes))
        print(f"{names}: did {did}")
        self.assertLess(most_kb - self.before_kb, GROWTH_KB)

    def test_nobody(self):
        """To compare with."""
        self.behave("nobody")

    def test_never_reads(self):
        self.misbehave(("unread", 120))

    def test_floods_and_never_reads(self):
        self.misbehave(("flood", 200))

    def test_pipelines_without_reading(self):
        self.misbehave(("pipeline", 2000))

    def test_multipart(self):
        self.misbehave(("multipart", 30))

    def test_half_open(self):
        descriptors, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.misbehave(("half_open", min(4000, descriptors // 3)))

    def test_all_together(self):
        self.misbehave(("unread", 60), ("flood", 60), ("pipeline", 2000), ("multipart", 30), ("half_open", 200))


if __name__ == "__main__":
    unittest.main()
