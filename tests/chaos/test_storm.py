"""Twenty desks on a bad link, daemon and desks killed all the while: afterwards everything is there, once."""

import argparse
import collections
import json
import os
import random
import select
import signal
import subprocess
import sys
import time
import unittest

from books import Books
from fixture import ChaosCase, PATIENCE_S, digest
from matricula.v1 import entities_pb2 as entities
from matricula.v1 import vocabulary_pb2 as words
from register import Mirror

PROXY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "proxy.py")
THEORY_2 = dict(scheme=words.SCHEME_THEORY, number=2)
LINK_TIMEOUT_MS = 2000
options = argparse.Namespace(seed=1, seconds=15.0, steps=400)


class Process:
    """One of a desk's processes, by a descriptor that tells when it ends."""

    def __init__(self, arguments):
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE)
        self.ended = os.pidfd_open(self.process.pid)

    def end(self):
        """Waits; its exit status and what it printed."""
        printed, _ = self.process.communicate(timeout=PATIENCE_S)
        os.close(self.ended)
        return self.process.returncode, printed.decode()


class Storm(ChaosCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan()
        cls.desks = {}
        for number in range(13):
            cls.add("nominator", words.ROLE_NOMINATOR, f"HUYEN-{1 + number % 5}")
        for _ in range(4):
            cls.add("organiser", words.ROLE_ORGANISER, "BAN-TC")
        cls.add("operator", words.ROLE_OPERATOR, "")
        cls.add("auditor", words.ROLE_AUDITOR, "")
        cls.add("reader", words.ROLE_NOMINATOR, "TINH")

    @classmethod
    def add(cls, plan, role, unit):
        number = len(cls.desks)
        desk = cls.chaos_desk(f"desk-{number:02}", role, unit)
        desk.diary = os.path.join(cls.daemon.directory, desk.name + ".diary")
        desk.steps = 0 if plan in ("auditor", "reader") else options.steps
        desk.plan = (desk.diary, plan if desk.steps else "operator", number, unit or "TINH", options.seed, desk.steps)
        desk.kills = 0
        cls.desks[number] = desk

    @classmethod
    def plan(cls):
        organiser = cls.register_desk(cls.operator, "Ban Tổ chức", words.ROLE_ORGANISER, "BAN-TC")
        for code, rank, standards in (("BT", 20, [THEORY_2]), ("CV", 10, [])):
            organiser.do(
                put_title=dict(code=code, name=code, level=words.LEVEL_COMMUNE, rank=rank, standards=standards)
            )
        organiser.do(put_plan=dict(plan=dict(code="KH", name="Kế hoạch", year=2025)))
        for code, seats in (("LOP-A", 40), ("LOP-B", 25)):
            organiser.do(
                put_programme=dict(
                    programme=dict(
                        code=code,
                        name=code,
                        kind=words.PROGRAMME_KIND_TRAINING,
                        bloc=words.BLOC_PARTY,
                        quota=dict(rule=words.QUOTA_RULE_FIXED, target=seats, in_force=seats),
                        supplies=[THEORY_2],
                        tie_breaks=[entities.TIE_BREAK_OLDER],
                    ),
                    plan_code="KH",
                    organising_unit_codes=["BAN-TC"],
                )
            )

    # The weather.

    def start_proxy(self):
        port = self.daemon.endpoint.rsplit(":", 1)[1]
        self.proxy = subprocess.Popen(
            [sys.executable, PROXY, port, str(options.seed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.addCleanup(self.proxy.stdout.close)
        self.addCleanup(self.proxy.wait)
        self.addCleanup(self.proxy.stdin.close)
        self.endpoint = f"tcp://127.0.0.1:{self.proxy.stdout.readline().strip()}"

    def start(self, desk):
        mode = ("storm", *desk.plan) if desk.steps else ("read",)
        desk.running = Process(desk.command(*mode, endpoint=self.endpoint, timeout_ms=LINK_TIMEOUT_MS))

    def end_running(self):
        for desk in self.desks.values():
            if getattr(desk, "running", None):
                desk.running.process.kill()
                self.end(desk)

    def end(self, desk):
        """Its process has ended, or has been killed: the status."""
        running, desk.running = desk.running, None
        status, printed = running.end()
        self.assertEqual(printed, "", desk.name)
        return status

    def wait(self, until):
        """Takes the ends of desks until that moment, or until all have done their part."""
        while self.working():
            running = {desk.running.ended: desk for desk in self.desks.values() if desk.running}
            ended, _, _ = select.select(list(running), [], [], max(0, until - time.monotonic()))
            if not ended:
                return
            for descriptor in ended:
                self.assertEqual(self.end(running[descriptor]), 0, running[descriptor].name)

    def working(self):
        return [desk for desk in self.desks.values() if desk.running and desk.steps]

    def kill_desk(self, desk):
        desk.running.process.kill()
        status = self.end(desk)
        if status == -signal.SIGKILL:
            desk.kills += 1
            self.start(desk)
        else:
            self.assertEqual(status, 0, desk.name)

    def rage(self):
        """Kills the daemon every few hundred milliseconds of its life, and desks between; how often it did."""
        dice = random.Random(options.seed)
        kills, end = 0, time.monotonic() + options.seconds
        while self.working() and time.monotonic() < end:
            for _ in range(dice.randrange(1, 4)):
                self.wait(time.monotonic() + dice.uniform(0.05, 0.3))
                alive = [desk for desk in self.desks.values() if desk.running]
                self.kill_desk(dice.choice(alive))
            self.daemon.end(signal.SIGKILL)
            kills += 1
            self.wait(time.monotonic() + dice.uniform(0, 0.2))
            if dice.random() < 0.3:
                self.start_in_vain(dice)
            self.daemon.start()
        return kills

    def start_in_vain(self, dice):
        """A daemon that is killed while it opens, replays or has just begun to serve."""
        daemon = Process([self.daemon.binary, "--config", self.daemon.config])
        select.select([daemon.ended], [], [], dice.uniform(0, 0.15))
        daemon.process.kill()
        self.assertEqual(daemon.end()[0], -signal.SIGKILL)

    def heal(self):
        """Who only reads is ended, everybody else ends by itself; what the proxy did."""
        self.proxy.stdin.write("heal\n")
        self.proxy.stdin.flush()
        self.wait(time.monotonic() + PATIENCE_S)
        self.assertEqual([desk.name for desk in self.working()], [])
        for desk in self.desks.values():
            if desk.running:
                desk.running.process.kill()
                self.assertEqual(self.end(desk), -signal.SIGKILL, desk.name)
        self.proxy.stdin.close()
        return json.loads(self.proxy.stdout.readline())

    # Afterwards.

    def settle(self, desk):
        """The hashes of its commands, the revision of its mirror."""
        lines = desk.run("settle", *desk.plan)
        self.assertEqual(lines[-1][0], "M")
        return [line[2] for line in lines if line[0] == "P"], int(lines[-1][1])

    def compare_answers(self, desk, hashes, records):
        entries = self.entries_of(records, desk.principal)
        self.assertEqual(len(entries), desk.steps, desk.name)
        self.assertEqual([digest(entry.command) for entry in entries], hashes, desk.name)
        told = {}
        with open(desk.diary) as diary:
            for line in diary:
                step, revision, _, answer = line.split()
                self.assertEqual(told.setdefault(int(step), (int(revision), answer)), (int(revision), answer))
        stored = {entry.header.sequence: (entry.header.revision, digest(entry.answer)) for entry in entries}
        self.assertEqual(told, stored, desk.name)
        return collections.Counter(entry.header.error_code != 0 for entry in entries)

    def compare_mirror(self, head):
        """A client in another language has the register's sum too."""
        auditor = self.register_desk(self.connect(self.operator_desk), "Thanh tra", words.ROLE_AUDITOR, "")
        mirror = Mirror(auditor)
        page = mirror.pull(head)
        self.assertEqual((mirror.digest(), len(mirror.rows)), (page.digest, page.count))

    def audit(self):
        """Every mirror is whole, every answer the one in the journal, every book balanced: the outcomes of the entries, by
        whether they were refused, and the books."""
        settled = {number: self.settle(desk) for number, desk in self.desks.items()}
        head = max(revision for _, revision in settled.values())
        self.assertEqual({revision for _, revision in settled.values()}, {head}, "mirrors of one head")
        self.compare_mirror(head)
        self.stop_daemon()

        records = self.records()
        outcomes = collections.Counter()
        for number, desk in self.desks.items():
            outcomes += self.compare_answers(desk, settled[number][0], records)
        books = Books()
        for record in records:
            books.take(record)
        books.check_once_only()
        entered = sum(desk.steps for desk in self.desks.values())
        principals = {desk.principal for desk in self.desks.values()}
        self.assertEqual(sum(record.header.principal_id in principals for record in records), entered)
        return outcomes, books

    def test_storm(self):
        self.start_proxy()
        self.addCleanup(self.end_running)
        before = time.monotonic()
        for desk in self.desks.values():
            self.start(desk)
        kills = self.rage()
        raged = time.monotonic()
        weather = self.heal()
        healed = time.monotonic()
        outcomes, books = self.audit()
        entered = sum(desk.steps for desk in self.desks.values())
        desk_kills = sum(desk.kills for desk in self.desks.values())
        print(
            f"\nseed {options.seed}: {raged - before:.1f} s of storm, healed in {healed - raged:.1f} s, "
            f"checked in {time.monotonic() - healed:.1f} s\n"
            f"daemon killed {kills} times, desks {desk_kills} times; link: {weather}\n"
            f"{entered} entries, {outcomes[False]} done, {outcomes[True]} refused; "
            f"nominations: {dict(books.changes)}"
        )
        # A storm that didn't blow proves nothing.
        self.assertGreaterEqual(kills, 3)
        self.assertGreaterEqual(desk_kills, 3)
        for name in ("cut", "stall", "half-close", "delay", "dribble"):
            self.assertIn(name, weather)
        self.assertGreater(outcomes[False], entered // 3)
        for state in ("SEATED", "WAITING", "WITHDRAWN"):
            self.assertGreater(books.changes["STATE_" + state], 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=options.seed)
    parser.add_argument("--seconds", type=float, default=options.seconds, help="of storm at most")
    parser.add_argument("--steps", type=int, default=options.steps, help="commands of a desk, at most 25000")
    parser.parse_args(namespace=options)
    unittest.main(argv=sys.argv[:1])
