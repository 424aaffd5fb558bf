"""The real daemon killed hundreds of times under full load, most of the times while it starts; then stopped for longer
than its clients wait. Afterwards everything is there, once."""

import argparse
import random
import signal
import sys
import time
import unittest

import test_storm
from fixture import PATIENCE_S
from test_storm import LINK_TIMEOUT_MS, Process

options = argparse.Namespace(kills=300, stopped=2.5 * LINK_TIMEOUT_MS / 1000)
LIFE_S = 0.1  # at most; a start takes nearly half of it
RESPITE = 30  # of so many lives one is long enough for every desk to be answered


class Kills(test_storm.Storm):
    test_storm = None

    def start_proxy(self):
        self.endpoint = self.daemon.endpoint

    def heal(self):
        self.wait(time.monotonic() + PATIENCE_S)
        self.assertEqual([desk.name for desk in self.working()], [])
        self.end_running()

    def live(self, seconds):
        """One life of the daemon, which isn't waited for."""
        daemon = Process([self.daemon.binary, "--config", self.daemon.config])
        self.wait(time.monotonic() + seconds)
        daemon.process.kill()
        self.assertEqual(daemon.end()[0], -signal.SIGKILL)

    def rage(self):
        dice = random.Random(test_storm.options.seed)
        kills = 0
        self.daemon.end(signal.SIGKILL)
        while self.working() and kills < options.kills:
            self.live(dice.uniform(0.2, 0.4) if kills % RESPITE == 0 else dice.uniform(0, LIFE_S))
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
        self.stop_for_a_while()
        raged = time.monotonic()
        self.heal()
        healed = time.monotonic()
        outcomes, books = self.audit()
        print(
            f"\n{kills} kills and a stop in {raged - before:.1f} s, healed in {healed - raged:.1f} s, "
            f"checked in {time.monotonic() - healed:.1f} s; {waiting} desks still at work\n"
            f"{outcomes[False]} entries done, {outcomes[True]} refused; nominations: {dict(books.changes)}"
        )
        self.assertEqual(kills, options.kills)
        self.assertGreater(waiting, 0, "the load ended before the kills did")
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
