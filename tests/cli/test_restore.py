"""What desks do about a register that was restored, with the real programs: what it lost comes back as it was, what
nobody has any more is closed on record, and a restore that nobody they know signed is refused."""
import shutil
import unittest

from clerk import Desk, run as matricula
from support.backups import Backups
from support.daemon import Register, run

KEY_REFUSED = 4


class Restore(unittest.TestCase):
    def setUp(self):
        self.register = Register().init()
        self.addCleanup(self.register.__exit__)
        self.recovery = self.new_key("recovery.key")
        self.assertEqual(run("recovery-key", "--config", self.register.config, "--", self.public).returncode, 0)
        self.register.start()
        self.operator = self.desk("operator")
        self.register.operator.rename(self.operator.directory / "client.key")
        self.deputy = self.desk("deputy")
        self.operator.do("principal", "put", self.deputy.public_key, "--name", "phó", "--role", "operator")
        self.unit(self.operator, "TU")
        self.unit(self.deputy, "U-0")
        self.backups = Backups(self.register)

    def new_key(self, name):
        path = self.register.root / name
        made = matricula("--output", "json", "--quiet", "recovery", "keygen", path)
        self.assertEqual(made.code, 0, made)
        self.public = made.json["public_key"]
        return path

    def desk(self, name):
        return Desk(self.register.root / name, self.register.endpoint, self.register.server_key)

    def unit(self, desk, code):
        desk.do("unit", "put", code, "--name", f"Đơn vị {code}", "--kind",
                "provincial-committee" if code == "TU" else "department", "--level", "province", "--bloc", "party",
                *(() if code == "TU" else ("--parent", "TU")))

    def restore(self):
        """The register's disk is gone; a backup goes on, signed with the key that is at hand."""
        self.register.daemon.kill()
        shutil.rmtree(self.register.data)
        done = self.backups.restore(self.register.data, "--reason", "Ổ đĩa hỏng")
        self.assertEqual(done.returncode, 0, done.stderr)

    def adopt(self, key=None):
        said = matricula("recovery", "sign", self.register.data / "incarnation.request", "--key", key or self.recovery)
        self.assertEqual(said.code, 0, said)
        (self.register.root / "signed").write_text(said.out)
        done = run("adopt", "--config", self.register.config, self.register.root / "signed")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.register.start()
        for desk in (self.operator, self.deputy):
            desk.configure(endpoint=self.register.endpoint, timeout=3)

    def codes(self, desk):
        return sorted(unit["code"] for unit in desk.ask("unit", "list"))

    def bring(self, *desks):
        """Each learns of the restore, and brings what it had been answered; the last one ends the waiting."""
        for desk in desks:
            desk.do("sync")
            desk.say("outbox", "send")
        for desk in desks:
            desk.configure(timeout=20)
            desk.do("outbox", "send")
            self.assertEqual(desk.waiting(), [])

    def test_what_was_lost_comes_back(self):
        self.backups.make()
        for number in range(1, 7):
            self.unit(self.deputy if number % 2 else self.operator, f"U-{number}")
        before = self.codes(self.operator)
        log = [entry["command"] for entry in self.operator.ask("log")]
        self.restore()
        self.adopt()
        # The first one has to wait for the other; what it has is kept.
        said = self.operator.say("outbox", "send")
        self.assertEqual(said.code, 3, said)
        self.assertEqual({entry["state"] for entry in self.operator.ask("outbox", "list")}, {"again"})
        self.bring(self.operator, self.deputy)
        self.assertEqual(self.codes(self.operator), before)
        after = [entry["command"] for entry in self.operator.ask("log")]
        # Nothing doubles; the statement and the end of the waiting stand between.
        self.assertEqual(sorted(after), sorted([*log, "incarnation", "end_reconciliation"]))
        self.assertEqual(self.operator.ask("recovery", "differences"), [])
        self.unit(self.operator, "U-7")

    def test_the_operator_does_not_wait(self):
        """Not even when more of its own entries lie before the one that ends it than may be under way at a time."""
        self.backups.make()
        for number in (1, 3, 4, 5):
            self.unit(self.operator, f"U-{number}")
        self.unit(self.deputy, "U-2")
        self.restore()
        self.register.configure(limits__in_flight=2)
        self.adopt()
        self.assertRegex(self.operator.do("sync").err, "lost in a restore: 4[.].*matricula outbox send")
        self.operator.configure(timeout=20)
        self.operator.do("recovery", "end", "--reason", "máy của phó đã hỏng", "--yes")
        codes = ["TU", "U-0", "U-1", "U-3", "U-4", "U-5"]
        self.assertEqual(self.codes(self.operator), codes)
        self.assertNotIn("lost", self.operator.do("sync").err)
        self.deputy.do("sync")
        self.deputy.do("outbox", "send")
        self.assertEqual(self.codes(self.operator), sorted([*codes, "U-2"]))

    def test_what_nobody_has_any_more(self):
        """Entries were let go because a backup covered them, and then that backup was lost, too."""
        self.backups.make()
        older = self.register.root / "older"
        shutil.copytree(self.backups.to, older)
        self.unit(self.deputy, "U-1")
        self.unit(self.deputy, "U-2")
        self.backups.make()
        self.register.daemon.await_line(f"backed up to revision {self.backups.revision()}")
        self.unit(self.deputy, "U-3")
        self.assertEqual(len(self.deputy.ask("outbox", "list", "--all")), 1)
        shutil.rmtree(self.backups.to)
        older.rename(self.backups.to)
        self.restore()
        self.adopt()
        self.bring(self.operator, self.deputy)
        said = self.deputy.do("outbox", "list")
        self.assertIn("has lost the entries 2 to 3", said.err + said.out)
        self.assertEqual(self.codes(self.operator), ["TU", "U-0", "U-3"])
        (lost,) = self.operator.ask("recovery", "differences")
        self.assertEqual((lost["asked"], lost["now"]), ("entries 2 to 3", "lost"))
        # It goes on, and the entries keep their numbers at the desk.
        self.unit(self.deputy, "U-1")
        self.assertEqual(self.deputy.ask("outbox", "list", "--all")[-1]["sequence"], 5)

    def test_nobody_signed(self):
        self.operator.do("sync")
        self.backups.make()
        self.unit(self.operator, "U-1")
        self.restore()
        stranger = self.new_key("stranger.key")
        # Whoever has the server can put another key there, but not at the desks.
        (self.register.data / "recovery.pub").unlink()
        self.assertEqual(run("recovery-key", "--config", self.register.config, "--", self.public).returncode, 0)
        self.adopt(stranger)
        for words in (("sync",), ("status",), ("unit", "list")):
            said = self.operator.say(*words)
            self.assertEqual(said.code, KEY_REFUSED, said)
            self.assertIn("restored from a backup, and nobody", said.err)
            self.assertIn("Operators ask whoever keeps the recovery key", said.err)
        said = self.operator.say("unit", "put", "U-2", "--name", "Đơn vị", "--kind", "department", "--level", "province",
                                 "--bloc", "party", "--parent", "TU")
        self.assertEqual(said.code, KEY_REFUSED, said)
        # Nothing was sent, nothing dropped.
        self.assertEqual([entry["state"] for entry in self.operator.ask("outbox", "list", "--all")], 3 * ["done"])
        self.assertEqual(self.codes_of_mirror(), ["TU", "U-0"])

    def codes_of_mirror(self):
        return sorted(unit["code"] for unit in self.operator.ask("unit", "list", "--offline"))


if __name__ == "__main__":
    unittest.main()
