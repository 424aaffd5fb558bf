"""The real daemon killed hundreds of times under full load: most times at random once answers flow, else while it starts;
then stopped for longer than its clients wait. Afterwards everything is there, once."""

import argparse
import os
import random
import signal
import statistics
import sys
import time
import unittest

import test_storm
from fixture import PATIENCE_S
from test_storm import LINK_TIMEOUT_MS, Process

options = argparse.Namespace(kills=300, stopped=2.5 * LINK_TIMEOUT_MS / 1000)
START_S = 0.08  # a life that ends in its start lasts so long at most; a start takes half of it
STARTS = 3  # one life of so many
FLOW = 12  # in the others: answers at most until it may be killed at any moment
ANSWER_BYTES = 70  # about, in a diary
FLOW_S = 0.03  # of the next so many seconds
ANSWERED = 0.5  # of all lives at least so many give answers
ANSWERS = 8  # and a life so many on average, at least


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

    def answers(self):
        """How many the desks have written down."""
        return sum(self.lines(desk.diary) for desk in self.desks.values() if os.path.exists(desk.diary))

    @staticmethod
    def lines(path):
        with open(path, "rb") as file:
            return file.read().count(b"\n")

    def await_answers(self, count):
        """Till the desks have written down so many more."""
        wanted, end = self.told() + count * ANSWER_BYTES, time.monotonic() + PATIENCE_S
        while self.told() < wanted and self.working() and time.monotonic() < end:
            self.wait(time.monotonic() + 0.005)

    def live(self, dice, in_start):
        """One life of the daemon."""
        daemon = Process([self.daemon.binary, "--config", self.daemon.config])
        if not in_start:
            self.await_answers(dice.randint(1, FLOW))
        self.wait(time.monotonic() + dice.uniform(0, START_S if in_start else FLOW_S))
        daemon.process.kill()
        self.assertEqual(daemon.end()[0], -signal.SIGKILL)

    def rage(self):
        """How many answers came in each life."""
        dice = random.Random(test_storm.options.seed)
        lives, before = [], self.answers()
        self.daemon.end(signal.SIGKILL)
        while self.working() and len(lives) < options.kills:
            self.live(dice, in_start=len(lives) % STARTS == 0)
            lives.append(self.answers() - before)
            before += lives[-1]
            if len(lives) % 40 == 0:
                self.kill_desk(dice.choice([desk for desk in self.desks.values() if desk.running]))
        self.daemon.start()
        return lives

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
        lives = self.rage()
        waiting = len(self.working())
        self.stop_for_a_while()
        raged = time.monotonic()
        self.heal()
        healed = time.monotonic()
        outcomes, books = self.audit()
        answered = [count for count in lives if count]
        print(
            f"\n{len(lives)} kills and a stop in {raged - before:.1f} s, healed in {healed - raged:.1f} s, "
            f"checked in {time.monotonic() - healed:.1f} s; "
            f"{waiting} desks still at work\n"
            f"{sum(lives)} answers between kills: in {len(answered)} lives, of these {statistics.median(answered)} "
            f"in the median, {max(answered)} at most\n"
            f"{outcomes[False]} entries done, {outcomes[True]} refused; nominations: {dict(books.changes)}"
        )
        self.assertEqual(len(lives), options.kills)
        self.assertGreater(waiting, 0, "the load ended before the kills did")
        self.assertGreater(len(answered), ANSWERED * len(lives), "most lives ended before they gave answers")
        self.assertGreater(sum(lives), ANSWERS * len(lives), "the kills left no time for work")
        self.assertGreater(books.changes["STATE_SEATED"], 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=options.kills)
    parser.add_argument("--stopped", type=float, default=options.stopped, help="seconds without a sign of life")
    parser.add_argument("--steps", type=int, default=1100, help="commands of a desk, at most 25000")
    given = parser.parse_args(namespace=options)
    test_storm.options.seed, test_storm.options.steps = given.seed, given.steps
    unittest.main(argv=sys.argv[:1], defaultTest="Kills")
