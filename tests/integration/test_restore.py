"""A restore that is cut short: what it leaves is never taken for a register, and the next one goes on cleanly."""
import fcntl
import pathlib
import resource
import shutil
import signal
import subprocess
import unittest

from support.backups import DAMAGED, IN_USE, USAGE, WRITE, Backups, fill, wait
from support.daemon import MATRICULAD, Register, run
from support.desk import Desk, new_key


def contents(directory):
    """Every name in a directory and under it."""
    return {str(path.relative_to(directory)) for path in pathlib.Path(directory).rglob("*")}


class Restore(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.register = Register().init()
        cls.addClassCleanup(cls.register.__exit__)
        cls.register.start()
        with Desk(cls.register).greeted() as desk:
            fill(desk, 0, 1100)
        cls.backups = Backups(cls.register)
        cls.backups.make()
        cls.other = cls.register.root / "other-backups"
        cls.other.mkdir()
        whole = cls.register.root / "whole"
        done = cls.backups.restore(whole)
        assert done.returncode == 0, done.stderr
        cls.statement = whole / "incarnation.request"

    def setUp(self):
        self.into = self.register.root / "again"
        self.addCleanup(shutil.rmtree, self.into, True)
        self.config = self.register.root / "again.conf"
        self.config.write_text(f"[storage]\ndata_directory = {self.into}\n[network]\nlisten = tcp://127.0.0.1:*\n")

    def cut_short(self, seen, number):
        """A restore that is ended by a signal as soon as it has made this file."""
        process = subprocess.Popen([MATRICULAD, "restore", "--config", self.register.config, "--from", self.backups.to,
                                    "--key", self.backups.key, "--into", self.into],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while not (self.into / seen).exists():
            self.assertIsNone(process.poll(), seen)
        process.send_signal(number)
        status, errors = wait(process)
        if status == 0:
            # It came to its end before it was told.
            shutil.rmtree(self.into)
            self.cut_short(seen, number)
        else:
            self.assertEqual(status, -number, errors)

    def command(self, name, *more):
        return run(name, "--config", self.config, *more)

    def refused(self, done):
        self.assertEqual(done.returncode, DAMAGED, done.stdout + done.stderr)
        self.assertIn(f"a restore into {self.into} hasn't come to its end", done.stderr)
        self.assertIn(f"--into {self.into}", done.stderr)

    def nothing_takes_it(self):
        """Neither the daemon nor any command that works on a register."""
        before = contents(self.into)
        self.refused(run("--config", self.config))
        self.refused(self.command("rebuild"))
        self.refused(self.command("init", "--operator-key", new_key()[0]))
        self.refused(self.command("backup", "--to", self.other, "--for", self.backups.public))
        self.refused(self.command("adopt", self.statement))
        self.refused(self.command("recovery-key", "--", new_key()[0]))
        self.refused(self.command("verify"))
        self.assertEqual(contents(self.into), before)

    def goes_on(self):
        done = self.backups.restore(self.into)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("every file checked", done.stdout)
        self.assertEqual(contents(self.into) & {"restoring", "restored", "incarnation.request"},
                         {"restored", "incarnation.request"})
        return done

    def test_cut_short(self):
        for seen in ("server.key", "journal/journal-0000000000000001", "lock"):
            for number in (signal.SIGINT, signal.SIGKILL):
                with self.subTest(seen=seen, number=number):
                    self.cut_short(seen, number)
                    self.assertEqual(contents(self.into) & {"restoring", "restored"}, {"restoring"})
                    self.nothing_takes_it()
                    self.assertIn(f"{self.into} holds what a restore left that was cut short; it is removed",
                                  self.goes_on().stderr)
                    shutil.rmtree(self.into)

    def test_whole_but_for_its_mark(self):
        """The mark is what counts: it becomes another one last."""
        self.goes_on()
        (self.into / "restored").rename(self.into / "restoring")
        self.nothing_takes_it()
        self.goes_on()

    def test_two_at_once(self):
        self.cut_short("server.key", signal.SIGKILL)
        before = contents(self.into)
        with open(self.into / "restoring", "rb") as mark:
            fcntl.flock(mark, fcntl.LOCK_EX)
            done = self.backups.restore(self.into)
        self.assertEqual(done.returncode, IN_USE, done.stderr)
        self.assertIn(f"another restore into {self.into} is under way", done.stderr)
        self.assertEqual(contents(self.into), before)
        self.goes_on()

    def test_no_room(self):
        """Nothing is left of what didn't fit."""
        for limit in (100, 1 << 20):
            def little_room(limit=limit):
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

            done = run("restore", "--config", self.register.config, "--from", self.backups.to, "--key",
                       self.backups.key, "--into", self.into, preexec_fn=little_room)
            self.assertEqual(done.returncode, WRITE, done.stderr)
            self.assertIn("make room", done.stderr)
            self.assertFalse(self.into.exists())
        self.goes_on()

    def test_a_link_to_a_directory(self):
        place = self.register.root / "place"
        place.mkdir()
        self.addCleanup(shutil.rmtree, place)
        self.into.symlink_to(place)
        self.addCleanup(self.into.unlink)
        for number in (signal.SIGINT, signal.SIGKILL):
            self.cut_short("journal/journal-0000000000000001", number)
            self.nothing_takes_it()
        self.goes_on()
        self.assertTrue((place / "restored").exists())

    def test_what_failed_leaves_a_directory_that_was_there(self):
        self.into.mkdir()
        wrong = Backups(self.register, "wrong-backups")
        for options in (("--key", self.register.root / "nothing"), ("--key", wrong.key), ("--former", "0")):
            with self.subTest(options=options):
                done = self.backups.restore(self.into, *options)
                self.assertNotEqual(done.returncode, 0)
                self.assertEqual(contents(self.into), set())
        self.goes_on()

    def test_what_cant_be_removed_keeps_the_mark(self):
        self.cut_short("server.key", signal.SIGKILL)
        stays = self.into / "stays"
        stays.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "none", stays], capture_output=True, check=False)
        if mounted.returncode:
            self.skipTest("nothing can be mounted here")
        self.addCleanup(subprocess.run, ["umount", stays], check=True)
        done = self.backups.restore(self.into)
        self.assertEqual(done.returncode, WRITE, done.stderr)
        self.assertIn("can't be removed", done.stderr)
        self.nothing_takes_it()

    def test_a_segment_is_put_back(self):
        """Out of a restore beside the register, as docs/operations.md has it."""
        name = "journal/journal-0000000000000001"
        self.goes_on()
        self.register.daemon.stop()
        self.addCleanup(self.register.start)
        self.assertEqual((self.into / name).read_bytes(), (self.register.data / name).read_bytes())
        for damage in (lambda path: path.unlink(), lambda path: path.write_bytes(b"x" * 5000)):
            damage(self.register.data / name)
            done = run("verify", "--config", self.register.config)
            self.assertEqual(done.returncode, DAMAGED, done.stderr)
            shutil.copy(self.into / name, self.register.data / name)
            done = run("verify", "--config", self.register.config)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.backups.make()

    def test_what_is_no_restore_stays(self):
        self.goes_on()
        for marked in (True, False):
            if not marked:
                (self.into / "restored").unlink()
            before = contents(self.into)
            done = self.backups.restore(self.into)
            self.assertEqual(done.returncode, USAGE, done.stderr)
            self.assertIn(f"{self.into} isn't empty", done.stderr)
            self.assertEqual(contents(self.into), before)

    def test_a_file_that_is_named_like_the_mark_stays(self):
        self.into.mkdir()
        for text in ("what I have to do\n", "", "A restore from a backup."):
            (self.into / "restoring").write_text(text)
            (self.into / "precious").write_text("mine")
            done = self.backups.restore(self.into)
            self.assertEqual(done.returncode, USAGE, done.stderr)
            self.assertIn(f"{self.into} isn't empty", done.stderr)
            self.assertEqual((self.into / "restoring").read_text(), text)
            self.assertEqual((self.into / "precious").read_text(), "mine")
        # Not more than the beginning of a mark was made.
        (self.into / "precious").unlink()
        self.goes_on()


if __name__ == "__main__":
    unittest.main()
