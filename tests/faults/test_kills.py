"""The real daemon killed hundreds of times under full load, most of the times while it starts; then stopped for longer
than its clients wait. Afterwards everything is there, once."""

import argparse
import os
import random
import signal
import sys
import time
import unittest

import test_storm
from fixture import PATIENCE_S
from test_storm import LINK_TIMEOUT_MS, Process

options = argparse.Namespace(kills=300, stopped=2.5 * LINK_TIMEOUT_MS / 1000)
LIFE_S = 0.08  # at most; a start takes half of it
BUSY = 10  # one life of so many ends when the desks are being answered


class Kills(test_storm.Storm):
    test_storm = None

    def start_proxy(self):
        self.endpoint = self.daemon.endpoint

    def heal(self):
        self.wait(time.monotonic() + PATIENCE_S)
        self.assertEqual([desk.name for desk in self.working()], [])
        self.end_running()

    def told(self):
        """Bytes that the desks have written down of answers."""
        return sum(os.path.getsize(desk.diary) for desk in self.desks.values() if os.path.exists(desk.diary))

    def live(self, seconds, until=None):
        """One life of the daemon: so long, or till the desks have written down so much."""
        daemon = Process([self.daemon.binary, "--config", self.daemon.config])
        end = time.monotonic() + (PATIENCE_S if until else seconds)
        while time.monotonic() < end and self.working() and not (until and self.told() > until):
            self.wait(min(end, time.monotonic() + 0.01) if until else end)
        daemon.process.kill()
        self.assertEqual(daemon.end()[0], -signal.SIGKILL)

    def rage(self):
        dice = random.Random(test_storm.options.seed)
        kills = 0
        self.daemon.end(signal.SIGKILL)
        while self.working() and kills < options.kills:
            busy = kills % BUSY == 0
            self.live(dice.uniform(0, LIFE_S), until=self.told() + dice.randrange(20000) if busy else None)
            kills += 1
            if kills % 40 == 0:
                self.kill_desk(dice.choice([desk for desk in self.desks.values() if desk.running]))
        self.daemon.start()
        return kills

    def stop_for_a_while(self):
        """Its clients give up waiting, and come again."""
        self.daemon.process.send_signal(signal.SIGSTOP)
        self.wait(time.monotonic() + options.stopped)
        self.daemon.process.send_signal(signal.SIGCONT)

    def test_kills(self):
        self.start_proxy()
        self.addCleanup(self.end_running)
        before = time.monotonic()
        for desk in self.desks.values():
            self.start(desk)
        kills = self.rage()
        waiting = len(self.working())
        told = self.told()
        self.stop_for_a_while()
        raged = time.monotonic()
        self.heal()
        healed = time.monotonic()
        outcomes, books = self.audit()
        print(
            f"\n{kills} kills and a stop in {raged - before:.1f} s, healed in {healed - raged:.1f} s, "
            f"checked in {time.monotonic() - healed:.1f} s; {told >> 10} KiB of answers between kills, "
            f"{waiting} desks still at work\n"
            f"{outcomes[False]} entries done, {outcomes[True]} refused; nominations: {dict(books.changes)}"
        )
        self.assertEqual(kills, options.kills)
        self.assertGreater(waiting, 0, "the load ended before the kills did")
        self.assertGreater(told, 100000, "the kills left no time for work")
        self.assertGreater(books.changes["STATE_SEATED"], 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=options.kills)
    parser.add_argument("--stopped", type=float, default=options.stopped, help="seconds without a sign of life")
    parser.add_argument("--steps", type=int, default=550, help="commands of a desk, at most 25000")
    given = parser.parse_args(namespace=options)
    test_storm.options.seed, test_storm.options.steps = given.seed, given.steps
    unittest.main(argv=sys.argv[:1], defaultTest="Kills")
