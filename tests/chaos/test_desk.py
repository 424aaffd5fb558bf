"""A desk whose clock is wrong, whose state directory was copied, whose disk is full: nothing is lost, nothing doubled."""

import errno
import os
import shutil
import subprocess
import sys
import time
import unittest

from fixture import HALTED, PATIENCE_S, STATE_FULL, ChaosCase, digest
from matricula.v1 import entities_pb2 as entities
from matricula.v1 import errors_pb2 as errors
from matricula.v1 import vocabulary_pb2 as words
from matricula.v1 import wire_pb2 as wire

NAMESPACE = "MATRICULA_TEST_NAMESPACE"
DAY_MS = 24 * 3600 * 1000
TEN_YEARS_S = 3653 * 24 * 3600


def code_of(answer):
    return errors.ErrorCode.Name(answer.error.code).replace("ERROR_CODE_", "", 1)


class Clock(ChaosCase):
    """Written ten years ago by the desk's clock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.organiser = cls.register_desk(cls.operator, "Ban Tổ chức", words.ROLE_ORGANISER, "BAN-TC")
        cls.organiser.do(put_plan=dict(plan=dict(code="KH", name="Kế hoạch", year=2025)))
        cls.desk = cls.chaos_desk("clerk", words.ROLE_NOMINATOR, "HUYEN-1")
        cls.now = int(time.time() * 1000)

    def programme(self, code, **window):
        self.organiser.do(
            put_programme=dict(
                programme=dict(
                    code=code,
                    name=code,
                    kind=words.PROGRAMME_KIND_REFRESHER,
                    bloc=words.BLOC_PARTY,
                    quota=dict(rule=words.QUOTA_RULE_FIXED, target=2, in_force=2),
                    nomination_window=window,
                ),
                plan_code="KH",
                organising_unit_codes=["BAN-TC"],
            )
        )
        self.organiser.do(allocate=dict(programme_code=code, unit_code="HUYEN-1", seats=1))

    def propose(self, number, programme, back_s):
        """Entered on a machine whose clock is so far back; the Answer and when that clock said it was."""
        written_at = int(time.time() - back_s) * 1000
        citizen = f"089085{number:06}"
        answers = self.desk.enter(
            dict(
                written_at=written_at,
                put_person=dict(
                    person=dict(citizen_number=citizen, full_name="Lê Văn Sáu", birth=19850000, sex=words.SEX_MALE),
                    unit_code="HUYEN-1",
                ),
            ),
            dict(written_at=written_at, propose=dict(programme_code=programme, person=dict(citizen_number=citizen))),
            clock_back_s=back_s,
        )
        self.assertEqual(len(answers), 2)
        return wire.Answer.FromString(answers[1]), written_at

    def check(self, answer, written_at, state):
        self.assertEqual(answer.WhichOneof("body"), "acknowledgement", answer)
        told = answer.acknowledgement
        self.assertEqual(told.state, state)
        (row,) = self.organiser.rows(
            entities.ENTITY_TYPE_NOMINATION, entities.Nomination, answer.revision, id=told.nomination_id
        )
        self.assertEqual((row.state, row.written_at), (state, written_at))
        self.assertEqual(row.arrived_at, told.arrived_at)
        self.assertGreaterEqual(row.arrived_at, self.now - 1000)
        self.assertLess(row.arrived_at, self.now + DAY_MS)

    def test_ten_years_back(self):
        # Open since yesterday: in time by arrival, though written long before.
        self.programme("MO", opens=self.now - DAY_MS, closes=self.now + DAY_MS)
        # Closed yesterday: late by arrival, though written long before that.
        self.programme("DONG", opens=self.now - 20 * 365 * DAY_MS, closes=self.now - DAY_MS)
        # Opens tomorrow.
        self.programme("SAP-MO", opens=self.now + DAY_MS, closes=0)
        for number, back_s in enumerate((0, TEN_YEARS_S, 0, -TEN_YEARS_S)):
            answer, written_at = self.propose(2 * number, "MO", back_s)
            self.check(answer, written_at, words.STATE_WAITING if number else words.STATE_SEATED)
            answer, written_at = self.propose(2 * number + 1, "DONG", back_s)
            self.check(answer, written_at, words.STATE_LATE)
            answer, _ = self.propose(2 * number + 1, "SAP-MO", back_s)
            self.assertEqual(code_of(answer), "WINDOW_NOT_OPEN")
        # The mirror keeps the register's time beside this machine's.
        self.desk.run("compare", clock_back_s=TEN_YEARS_S)
        self.desk.run("compare")


class Copied(ChaosCase):
    """A state directory that was copied to a second machine, and is used on both."""

    def setUp(self):
        type(self).operator = self.connect(self.operator_desk)
        self.desk = self.chaos_desk(self.id().rsplit(".", 1)[1], words.ROLE_OPERATOR, "")
        self.copy = self.desk.state + ".copy"

    def unit(self, number):
        return dict(
            put_unit=dict(
                code=f"{self.desk.principal}-{number}",
                name=f"Xã {number}",
                kind=words.UNIT_KIND_COMMUNE,
                level=words.LEVEL_COMMUNE,
                bloc=words.BLOC_PARTY,
                parent_code="TINH",
            )
        )

    def units(self):
        """Of this desk, in the register."""
        found = self.connect(self.operator_desk).rows(entities.ENTITY_TYPE_UNIT, entities.Unit)
        return sorted(row.code for row in found if row.code.startswith(f"{self.desk.principal}-"))

    def codes(self, *numbers):
        return sorted(f"{self.desk.principal}-{number}" for number in numbers)

    def halted(self, state, *bodies):
        """It is told, also if asked again, and gives the code."""
        answers = self.desk.enter(*bodies, state=state, wanted=HALTED)
        codes = {code_of(wire.Answer.FromString(answer)) for answer in answers}
        self.assertEqual(len(codes), 1, codes)
        return codes.pop()

    def test_copy_falls_behind(self):
        self.desk.enter(self.unit(1), self.unit(2))
        shutil.copytree(self.desk.state, self.copy)
        self.desk.enter(self.unit(3))
        # The same place with other contents.
        self.assertEqual(self.halted(self.copy, self.unit(4)), "SEQUENCE_CONTENTS")
        self.assertEqual(self.desk.run("enter", state=self.copy, wanted=HALTED)[0], ["queued"])
        # The original goes on.
        self.desk.enter(self.unit(5))
        self.assertEqual(self.units(), self.codes(1, 2, 3, 5))

    def test_copy_is_an_old_backup(self):
        self.desk.enter(self.unit(1))
        shutil.copytree(self.desk.state, self.copy)
        self.desk.enter(self.unit(2), self.unit(3))
        self.desk.enter(self.unit(4))
        # What comes with place 2 was acknowledged by the original: it can't even be compared any more.
        self.assertEqual(self.halted(self.copy, self.unit(5)), "OUTBOX_OUTDATED")
        self.assertEqual(self.units(), self.codes(1, 2, 3, 4))

    def test_copy_runs_ahead(self):
        self.desk.enter(self.unit(1))
        shutil.copytree(self.desk.state, self.copy)
        self.desk.enter(self.unit(2), state=self.copy)
        self.assertEqual(self.halted(self.desk.state, self.unit(3), self.unit(4)), "SEQUENCE_CONTENTS")
        self.desk.enter(self.unit(5), state=self.copy)
        self.assertEqual(self.units(), self.codes(1, 2, 5))

    def test_both_at_once(self):
        self.desk.enter()
        shutil.copytree(self.desk.state, self.copy)
        processes = [
            subprocess.Popen(
                self.desk.command("storm", state + ".diary", "operator", number, "TINH", 9, 150, state=state)
            )
            for number, state in ((1, self.desk.state), (2, self.copy))
        ]
        statuses = [process.wait(PATIENCE_S) for process in processes]
        self.assertEqual(sorted(statuses), [0, HALTED])
        lost = statuses.index(HALTED) + 1
        units = self.connect(self.operator_desk).rows(entities.ENTITY_TYPE_UNIT, entities.Unit)
        self.assertEqual([row.code for row in units if row.code.startswith(f"XA-{lost}-")], [])
        self.assertEqual(sum(row.code.startswith(f"XA-{3 - lost}-") for row in units), 100)


class Full(ChaosCase):
    """No room for what is to be queued: it is said, and what is queued already gets through."""

    def setUp(self):
        type(self).operator = self.connect(self.operator_desk)

    def fill(self, desk, limit):
        """Queues until there is no room, and sends it; hashes of the commands, answers."""
        lines = desk.run("fill", limit, wanted=STATE_FULL)
        hashes = [line[2] for line in lines if line[0] == "P"]
        answers = [line for line in lines if line[0] == "A"]
        self.assertGreater(len(hashes), 100)
        self.assertEqual([int(line[1]) for line in answers], list(range(1, len(hashes) + 1)))
        return hashes, [bytes.fromhex(line[2]) for line in answers]

    def go_on(self, desk, hashes, answers):
        """There is room again: the next one is queued behind the others. Then the journal is looked at."""
        answers += desk.enter(dict(put_unit=dict(code="XA-MOI")))
        desk.run("compare")
        self.stop_daemon()
        entries = self.entries_of(self.records(), desk.principal)
        self.daemon.start()
        self.assertEqual([digest(entry.command) for entry in entries[:-1]], hashes)
        self.assertEqual([entry.answer for entry in entries], answers)

    def test_largest_file(self):
        desk = self.chaos_desk("limited", words.ROLE_OPERATOR, "")
        self.go_on(desk, *self.fill(desk, 1130 << 10))

    def small_disk(self, name, size):
        """A desk whose state directory has a disk of its own."""
        if NAMESPACE not in os.environ:
            self.skipTest("this machine doesn't permit mount namespaces")
        desk = self.chaos_desk(name, words.ROLE_OPERATOR, "")
        os.mkdir(desk.state, 0o700)
        mount("-t", "tmpfs", "-o", f"size={size},mode=0700", "none", desk.state)
        self.addCleanup(subprocess.run, ["umount", desk.state], check=True)
        return desk

    def test_small_disk(self):
        desk = self.small_disk("small", "2M")
        hashes, answers = self.fill(desk, 0)
        desk.run("sync", wanted=STATE_FULL)
        mount("-o", "remount,size=64M", desk.state)
        self.go_on(desk, hashes, answers)

    def test_disk_full_from_the_start(self):
        desk = self.small_disk("none", "64K")
        with open(os.path.join(desk.state, "filler"), "wb", buffering=0) as filler:
            while filler_takes(filler):
                pass
        for _ in range(2):
            desk.run("enter", wanted=STATE_FULL)
        mount("-o", "remount,size=64M", desk.state)
        self.go_on(desk, [], [])


def filler_takes(filler):
    try:
        return filler.write(bytes(4096))
    except OSError as error:
        assert error.errno == errno.ENOSPC
        return 0


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def enter_namespace():
    """Runs this program again where it may mount, if the machine permits that."""
    for arguments in (["--mount"], ["--user", "--map-root-user", "--mount"]):
        command = ["unshare", *arguments, "--propagation", "private"]
        if subprocess.run([*command, "mount", "-t", "tmpfs", "none", "/mnt"], stderr=subprocess.DEVNULL).returncode == 0:
            os.environ[NAMESPACE] = "1"
            os.execvp(command[0], [*command, sys.executable, *sys.argv])


if __name__ == "__main__":
    if NAMESPACE not in os.environ:
        enter_namespace()
    unittest.main()
