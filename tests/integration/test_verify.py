"""The directory in which `matriculad verify --replay` builds its second register: gone at the end, however that comes."""
import fcntl
import os
import signal
import subprocess
import unittest

from support.backups import fill, wait
from support.daemon import MATRICULAD, Register, run
from support.desk import Desk

WRITE = 73


class Verify(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.register = Register().init()
        cls.addClassCleanup(cls.register.__exit__)
        daemon = cls.register.start()
        with Desk(cls.register).greeted() as desk:
            fill(desk, 0, 500)
        assert daemon.stop() == 0, daemon.log

    def seconds(self):
        return sorted(self.register.root.glob("matricula-verify-*"))

    def begin_verify(self):
        """One under way that has made its directory."""
        process = subprocess.Popen([MATRICULAD, "verify", "--replay", "--scratch", self.register.root, self.register.data],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while not (made := self.seconds()):
            self.assertIsNone(process.poll(), process)
        return process, made[0]

    def test_a_verify_that_is_stopped_leaves_nothing(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process, _ = self.begin_verify()
            process.send_signal(number)
            status, errors = wait(process)
            self.assertEqual(status, -number, errors)
            self.assertIn("the check was stopped and says nothing about the register", errors)
            self.assertEqual(self.seconds(), [])

    def test_what_a_killed_verify_left_is_removed(self):
        """By the next one in the same place; not what another uses."""
        process, left = self.begin_verify()
        process.kill()
        wait(process)
        # The process that checked ends with the one that was killed, a little later.
        directory = os.open(left, os.O_RDONLY)
        fcntl.flock(directory, fcntl.LOCK_EX)
        os.close(directory)
        used = self.register.root / "matricula-verify-in-use"
        used.mkdir(0o700)
        self.addCleanup(used.rmdir)
        lock = os.open(used, os.O_RDONLY)
        self.addCleanup(os.close, lock)
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run("verify", "--replay", "--scratch", self.register.root, self.register.data)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn(f"{left} was left by a check that was cut short; it is removed", done.stderr)
        self.assertEqual(self.seconds(), [used])

    def test_a_verify_without_a_place_for_the_second_register(self):
        place = self.register.root / "nowhere"
        done = run("verify", "--replay", "--scratch", place, self.register.data)
        self.assertEqual(done.returncode, WRITE, done)
        self.assertIn(f"no directory can be made in {place}: ", done.stderr)
        self.assertIn("--scratch DIRECTORY", done.stderr)


if __name__ == "__main__":
    unittest.main()
