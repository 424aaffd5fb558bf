"""The bench's programs, in small: they load, they check what they are answered, they do harm and end."""

import os
import subprocess
import sys
import tempfile
import unittest

from bench import Programs
from processes import Minimal, end
from registers import Registers

MOMENT = ("--seconds", "0.3", "--warm", "0")


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.programs = Programs(os.environ["BUILD_DIRECTORY"])
        scratch = tempfile.TemporaryDirectory(prefix="matricula-bench-")
        cls.addClassCleanup(scratch.cleanup)
        cls.registers = Registers(cls.programs, scratch.name, sys.stderr, keep=False)
        cls.server = cls.registers.matricula("nominations", "500")
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)

    def load(self, kind, server, *arguments, data=None):
        command = [self.programs.load, kind, "--endpoint", server.endpoint, "--server-key", server.key, *MOMENT]
        return subprocess.run(
            [*command, "--data", data or server.data, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    def figures(self, *arguments):
        done = self.load(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [float(value) for value in done.stdout.split()]

    def test_proposals(self):
        for arguments in (("--clients", "4", "--window", "4"), ("--hot",), ("--clients", "4", "--rate", "200")):
            rate, p50, *_ = self.figures("propose", self.server, *arguments)
            self.assertGreater(rate, 0, arguments)
            self.assertGreater(p50, 0, arguments)

    def test_minimal(self):
        server = Minimal(self.programs, self.registers.minimal("minimal", 500))
        server.start()
        self.addCleanup(server.stop)
        self.assertGreater(self.figures("minimal", server, "--clients", "4")[0], 0)

    def test_rosters(self):
        school = self.registers.matricula("classes", "classes", "5")
        school.start()
        self.addCleanup(school.stop)
        self.assertGreater(self.figures("rosters", school, "--clients", "2")[0], 0)
        rows, *passes = self.figures("resync", school, "--seconds", "60")
        self.assertGreater(rows, 5 * 80)
        self.assertEqual(len(passes), 4)

    def test_a_wrong_answer_ends_it(self):
        # Everybody of this world has been put forward already.
        with tempfile.TemporaryDirectory() as other:
            with open(os.path.join(other, "world"), "w") as file:
                file.write("500 6000 1 0\n")
            done = self.load("propose", self.server, "--clients", "4", "--window", "64", data=other)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertRegex(done.stderr, "ERROR_CODE_|acknowledged")

    def test_harm(self):
        for kind, *count in (("half-open", "50"), ("garbage", "2"), ("never-read",), ("one-key", "20"), ("multipart",)):
            command = [self.programs.hostile, kind, self.server.endpoint, self.server.key, *count]
            harm = subprocess.Popen(command)
            try:
                self.figures("propose", self.server, "--clients", "2")
                self.assertIsNone(harm.poll(), kind)
            finally:
                self.assertEqual(end(harm), 0, kind)


if __name__ == "__main__":
    unittest.main()
