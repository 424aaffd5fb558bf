"""A register that was lost and restored, with the real programs: what desks let go of before, who must sign, and that
nothing is served until then."""
import pathlib
import shutil
import subprocess
import unittest

from clerk import MATRICULA, Desk, run as matricula
from support.backups import DAMAGED, SECURITY, USAGE, Backups, sealed
from support.daemon import PATIENCE, Register, run


def units(desk, first, count):
    """Entries of the desk's outbox."""
    for number in range(first, first + count):
        desk.do("unit", "put", f"U-{number}", "--name", f"Đơn vị {number}", "--kind", "department", "--level",
                "province", "--bloc", "state", *(("--parent", "U-1") if number > 1 else ()))


class Adopt(unittest.TestCase):
    def setUp(self):
        self.register = Register().init()
        self.addCleanup(self.register.__exit__)
        self.register.start()
        self.operator = Desk(self.register.root / "operator", self.register.endpoint, self.register.server_key)
        self.register.operator.rename(self.operator.directory / "client.key")
        self.backups = Backups(self.register)
        self.recovery = self.register.root / "recovery.key"
        made = matricula("--output", "json", "--quiet", "recovery", "keygen", self.recovery)
        self.assertEqual(made.code, 0, made)
        self.public = made.json["public_key"]

    def test_the_key_for_backups(self):
        """It isn't a desk's: where its halves belong is said, on the screen and in the file."""
        path = self.register.root / "of-backups.key"
        made = matricula("keygen", "--for-backups", "--file", path)
        self.assertEqual(made.code, 0, made)
        for word in ("[backup] public_key", "off the server, in two safe places"):
            self.assertIn(word, made.err)
        self.assertNotIn("operator", made.err)
        self.assertIn("Decrypts the backups", path.read_text())
        self.assertIn("hai nơi an toàn", matricula("--lang", "vi", "keygen", "--for-backups", "--file",
                                                  self.register.root / "other.key").err)
        self.assertEqual(matricula("keygen", "--for-backups", "--file", path).code, 5)
        self.assertEqual(matricula("keygen", "--for-backups").code, 2)

    def set_recovery_key(self):
        done = run("recovery-key", "--config", self.register.config, "--", self.public)
        self.assertEqual(done.returncode, 0, done.stderr)

    def lose(self):
        """The register's disk is gone; the last backup is restored in its place."""
        self.register.daemon.kill()
        shutil.rmtree(self.register.data)
        return self.backups.restore(self.register.data, "--reason", "Ổ đĩa hỏng")

    def sign(self, request=None, key=None):
        """The signed statement, and what was said to who signed it."""
        said = matricula("recovery", "sign", request or self.register.data / "incarnation.request", "--key",
                         key or self.recovery)
        self.assertEqual(said.code, 0, said)
        path = self.register.root / "incarnation.signed"
        path.write_text(said.out)
        return path, said.err

    def adopt(self, path):
        return run("adopt", "--config", self.register.config, path)

    def serve(self):
        """The status of a daemon that must not serve."""
        return run("--config", self.register.config)

    def test_entries_leave_when_a_backup_covers_them(self):
        units(self.operator, 1, 5)
        entries = self.operator.ask("outbox", "list", "--all")
        self.assertEqual(len(entries), 5)
        self.assertFalse(any(entry["backed_up"] for entry in entries))
        self.assertFalse(self.operator.ask("status").get("backed_up_revision"))
        self.backups.make()
        revision = self.backups.revision()
        # The daemon takes it up by itself.
        self.register.daemon.await_line(f"backed up to revision {revision}")
        self.assertEqual(self.operator.ask("status")["backed_up_revision"], revision)
        units(self.operator, 6, 1)
        entries = self.operator.ask("outbox", "list", "--all")
        self.assertEqual(len(entries), 1, entries)

    def test_nothing_is_served_before_somebody_answers_for_it(self):
        self.set_recovery_key()
        units(self.operator, 1, 3)
        self.backups.make()
        units(self.operator, 4, 2)
        done = self.lose()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(self.register.server_key, done.stdout)
        revision = self.backups.revision()
        self.assertIn(f"revision {revision}", done.stdout)

        done = self.serve()
        self.assertEqual(done.returncode, DAMAGED)
        self.assertIn("nobody has answered for that", done.stderr)
        self.assertIn("matricula recovery sign", done.stderr)
        # Nor is a new register made there.
        self.assertEqual(run("init", "--config", self.register.config, "--operator-key", self.public).returncode,
                         DAMAGED)
        # Not signed; signed by a stranger; changed afterwards; something else.
        request = self.register.data / "incarnation.request"
        done = self.adopt(request)
        self.assertEqual(done.returncode, SECURITY)
        self.assertIn("isn't signed", done.stderr)
        stranger = self.register.root / "stranger.key"
        matricula("recovery", "keygen", stranger)
        done = self.adopt(self.sign(key=stranger)[0])
        self.assertEqual(done.returncode, SECURITY)
        self.assertIn("recovery key", done.stderr)
        signed, said = self.sign()
        self.assertIn("Ổ đĩa hỏng", said)
        text = signed.read_text()
        signed.write_text(text.replace(f"fork-revision {revision}", f"fork-revision {revision - 1}"))
        self.assertEqual(self.adopt(signed).returncode, SECURITY)
        signed.write_text("nonsense")
        self.assertEqual(self.adopt(signed).returncode, USAGE)
        self.assertEqual(self.serve().returncode, DAMAGED)
        # Signed, but about another restore.
        forged = request.read_text().replace(f"fork-revision {revision}", f"fork-revision {revision + 1}")
        (self.register.root / "forged").write_text(forged)
        done = self.adopt(self.sign(self.register.root / "forged")[0])
        self.assertEqual(done.returncode, DAMAGED)
        self.assertIn("another restore", done.stderr)

        signed.write_text(text)
        done = self.adopt(signed)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse((self.register.data / "restored").exists())
        # Twice does no harm, and changes nothing.
        done = self.adopt(signed)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("before", done.stderr)
        self.register.start()
        # Nothing of the backups of before goes into those of the history that goes on.
        self.assertIn("0 there already, a copy of the database", self.backups.make("--journal-only"))
        self.assertEqual(self.backups.revision(), revision + 1)
        self.assertEqual(self.backups.drill().returncode, 0)

    def lose_two_units(self):
        """A register whose backup lacks the last two of five, restored and not yet adopted; the desk knows all five."""
        self.set_recovery_key()
        self.register.daemon.await_line("a recovery key has been set")
        units(self.operator, 1, 3)
        self.backups.make()
        self.register.daemon.await_line("backed up to revision")
        units(self.operator, 4, 2)
        self.assertEqual(len(self.operator.ask("outbox", "list", "--all")), 2)
        self.assertEqual(self.lose().returncode, 0)

    def start_again(self):
        self.register.start()
        self.operator.configure(endpoint=self.register.endpoint)

    def units_known(self):
        return [row["code"] for row in self.operator.ask("unit", "list")]

    def test_what_was_lost_comes_back(self):
        self.lose_two_units()
        self.assertEqual(self.adopt(self.sign()[0]).returncode, 0)
        self.start_again()
        # The desk brings what the register lost; when all desks have, it is decided.
        for _ in range(50):
            self.operator.say("outbox", "send")
            if len(self.units_known()) == 5:
                break
        self.assertEqual(self.operator.waiting(), [])
        self.assertEqual(self.units_known(), [f"U-{number}" for number in range(1, 6)])
        units(self.operator, 6, 1)
        self.assertEqual(len(self.units_known()), 6)

    def test_a_restore_nobody_signed(self):
        """Whoever takes the mark away by hand gets a register that no desk sends anything to."""
        self.lose_two_units()
        (self.register.data / "restored").unlink()
        self.start_again()
        said = self.operator.say("--lang", "en", "unit", "put", "U-9", "--name", "Đơn vị 9", "--kind", "department",
                                 "--level", "province", "--bloc", "state", "--parent", "U-1")
        self.assertNotEqual(said.code, 0, said)
        self.assertIn("backup", said.err)
        self.assertEqual(len(self.operator.ask("outbox", "list", "--all")), 3)
        with_hand = run("verify", "--config", self.register.config)
        self.assertEqual(with_hand.returncode, 0, with_hand.stderr)
        self.assertIn(f"revision {self.backups.revision()}", with_hand.stdout)

    def test_killed_between_the_record_and_the_end(self):
        """What makes the register one that is served comes last; adopting again finishes it."""
        self.set_recovery_key()
        self.backups.make()
        self.assertEqual(self.lose().returncode, 0)
        signed, _ = self.sign()
        self.assertEqual(self.adopt(signed).returncode, 0)
        (self.register.data / "restored").write_text("")
        self.assertEqual(self.serve().returncode, DAMAGED)
        self.assertEqual(self.adopt(signed).returncode, 0)
        self.register.start()

    def test_without_a_recovery_key(self):
        """It is said at every turn, and one can still be set; a desk that never heard of it is told by a person."""
        self.assertIn("no recovery key", self.register.daemon.log)
        units(self.operator, 1, 2)
        self.backups.make()
        done = self.lose()
        self.assertEqual(done.returncode, 0)
        self.assertIn("no recovery key", done.stdout)
        signed, _ = self.sign()
        done = self.adopt(signed)
        self.assertEqual(done.returncode, SECURITY)
        self.assertIn("recovery-key", done.stderr)
        self.set_recovery_key()
        self.set_recovery_key()
        done = run("recovery-key", "--config", self.register.config, 40 * "0")
        self.assertEqual(done.returncode, USAGE)
        self.assertIn("desks know it", done.stderr)
        self.assertEqual(self.adopt(signed).returncode, 0)
        self.start_again()
        refused = self.operator.say("--lang", "en", "unit", "list")
        self.assertNotEqual(refused.code, 0, refused)
        self.assertIn("recovery trust", refused.err)
        self.operator.do("recovery", "trust", self.public)
        self.assertEqual(len(self.units_known()), 2)
        other = matricula("--output", "json", "--quiet", "recovery", "keygen", self.register.root / "other.key")
        another = self.operator.say("--lang", "en", "recovery", "trust", other.json["public_key"])
        self.assertEqual(another.code, 4, another)
        self.assertIn("another recovery key", another.err)
        self.operator.do("recovery", "trust", self.public)

    def test_the_key_is_told_while_the_daemon_runs(self):
        self.assertIn("no recovery key", self.register.daemon.log)
        self.set_recovery_key()
        self.register.daemon.await_line("a recovery key has been set")
        self.assertIn(self.public, (self.register.data / "recovery.pub").read_text())
        self.backups.make()
        self.register.daemon.await_line("backed up to revision")
        # What isn't about this register isn't believed.
        state = self.register.data / "backup.state"
        fresh = pathlib.Path(f"{state}.fresh")
        fresh.write_text(sealed(state.read_text().replace("\nrevision ", "\nrevision 9")))
        fresh.rename(state)
        self.register.daemon.await_line("isn't about this register")
        self.assertFalse(self.operator.ask("status").get("backed_up_revision"))

    def test_mistakes_of_who_signs(self):
        other = self.register.root / "desk.key"
        matricula("keygen", "--file", other)
        request = self.register.root / "request"
        request.write_text("nonsense")
        self.assertEqual(matricula("recovery", "sign", request, "--key", self.recovery).code, 5)
        self.assertEqual(matricula("recovery", "sign", self.register.root / "none", "--key", self.recovery).code, 5)
        self.backups.make()
        into = self.register.root / "again"
        self.assertEqual(self.backups.restore(into).returncode, 0)
        request = into / "incarnation.request"
        said = matricula("--lang", "en", "recovery", "sign", request, "--key", other)
        self.assertEqual(said.code, 4)
        self.assertIn("isn't a recovery key", said.err)
        self.recovery.chmod(0o644)
        self.assertEqual(matricula("recovery", "sign", request, "--key", self.recovery).code, 4)
        self.recovery.chmod(0o600)
        self.assertEqual(matricula("recovery", "keygen", self.recovery).code, 5)
        with open("/dev/full", "w") as full:
            done = subprocess.run([MATRICULA, "recovery", "sign", request, "--key", self.recovery], stdout=full,
                                  stderr=subprocess.DEVNULL, timeout=PATIENCE)
        self.assertEqual(done.returncode, 5)


if __name__ == "__main__":
    unittest.main()
