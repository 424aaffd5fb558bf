"""The bench's programs, in small: they load, they check what they are answered, they do harm and end. And a run of which
something fails."""

import argparse
import contextlib
import io
import os
import subprocess
import tempfile
import types
import unittest

import moments
import run
from bench import Bench, Programs
from failures import Failed, output_of
from figures import at_least, at_most
from processes import Minimal, end
from registers import Registers

MOMENT = ("--seconds", "0.3", "--warm", "0")


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.programs = Programs(os.environ["BUILD_DIRECTORY"])
        scratch = tempfile.TemporaryDirectory(prefix="matricula-bench-")
        cls.addClassCleanup(scratch.cleanup)
        cls.registers = Registers(cls.programs, scratch.name, keep=False)
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
        # A world of one programme, at a proposal that begins anew with those who have been put forward there.
        with tempfile.TemporaryDirectory() as other:
            for name, line in (("world", "500 6000 1 0\n"), ("next", "600000\n")):
                with open(os.path.join(other, name), "w") as file:
                    file.write(line)
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


def part(action, *rows):
    return types.SimpleNamespace(run=action, promises=lambda _options: rows)


def measures(name):
    return lambda bench: [bench.figures.add(f"{name} {who}", 0, value) for who, value in (("over", 4), ("under", 2))]


def fails(_bench):
    output_of(["/bin/sh", "-c", "echo what it said; echo what was wrong >&2; exit 3"])


class Run(unittest.TestCase):
    """Runs of parts that measure nothing, with servers that are none."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="matricula-bench-")
        self.addCleanup(scratch.cleanup)
        self.directory = scratch.name
        self.tsv = os.path.join(scratch.name, "ratios.tsv")
        self.started = 0
        parts = dict(run.PARTS)
        self.addCleanup(run.PARTS.update, parts)
        self.addCleanup(run.PARTS.clear)
        run.PARTS.clear()
        run.PARTS.update(
            good=part(measures("good"), at_least("good row", "good over", "good under", 1, 3)),
            bad=part(fails, at_least("bad row", "bad over", "bad under", 1, 3), at_most("bad size", "bad over", 9, 9)),
            last=part(measures("last"), at_most("last row", "last over", 3, 1)),
            shown=part(lambda bench: None),
        )

    def bench(self, parts, **given):
        options = dict(parts=parts, build=os.environ["BUILD_DIRECTORY"], directory=self.directory, keep=False, began=0)
        options |= dict(without_postgres=True, rows=100, classes=1, repetitions=1, seconds=1, quick=True, long=False)
        log = open(os.path.join(self.directory, "log"), "w")
        self.addCleanup(log.close)
        bench = Bench(argparse.Namespace(**options | given), log)
        bench.open_servers = lambda: None
        bench.start_anew = self.start_anew
        return bench

    def start_anew(self):
        self.started += 1

    def run_parts(self, *parts, **given):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            bench = self.bench(parts or list(run.PARTS), **given)
            run.measure(bench)
            run.report(bench)
        return said.getvalue()

    def rows(self):
        with open(self.tsv) as file:
            return [line.rstrip("\n").split("\t") for line in file]

    def test_a_part_that_fails(self):
        said = self.run_parts()
        self.assertEqual(
            self.rows(),
            [
                ["good row", "2.000", "1", "met"],
                ["bad row", "0.000", "1", "missed"],
                ["bad size", "0.000", "9", "missed"],
                ["last row", "4.000", "3", "missed"],
            ],
        )
        end_of_it = said[said.index("FAILED") :].splitlines()
        self.assertEqual(end_of_it[0], "FAILED  bad: sh ended with 3")
        self.assertEqual(end_of_it[1:], ["        | what was wrong", "        | what it said"])
        self.assertEqual(self.started, 1)

    def test_some_parts_leave_the_rows_of_others(self):
        self.run_parts()
        before = self.rows()
        self.run_parts("shown")
        self.assertEqual(self.rows(), before)
        run.PARTS["bad"] = part(measures("bad"), at_least("bad row", "bad over", "bad under", 1, 3))
        self.run_parts("bad")
        self.assertEqual(self.rows(), [before[0], ["bad row", "2.000", "1", "met"], *before[2:]])
        self.run_parts()
        self.assertEqual([row[0] for row in self.rows()], ["good row", "bad row", "last row"])

    def test_a_server_that_does_not_start(self):
        bench = self.bench(["good"])
        with bench.attempt("good"):
            bench.load("propose", bench.ours)
        self.assertIn("the register isn't running", bench.failures.table())

    def test_what_needs_postgres(self):
        rows = [at_least("to it", "a: Matricula", "a: PostgreSQL", 1, 1), at_least("to us", "a: Matricula", "b", 1, 1)]
        run.PARTS["both"] = part(lambda bench: None, *rows)
        self.run_parts("both")
        self.assertEqual([row[0] for row in self.rows()], ["to us"])
        self.run_parts("both", without_postgres=False)
        self.assertEqual([(row[0], row[3]) for row in self.rows()], [("to us", "missed"), ("to it", "missed")])

    def test_moments_measure_the_peak_themselves(self):
        bench = self.bench(["moments"])
        asked = []

        def load(kind, server, *arguments, seconds=None):
            asked.append(arguments)
            return [200.0, 1, 2, 3, 4, 5, 6, 7]

        bench.load, bench.running = load, {"the register": None}
        with contextlib.redirect_stdout(io.StringIO()):
            moments.run(bench)
            moments.run(bench)
        self.assertEqual(asked, [("--clients", "32"), *2 * [("--clients", "32", "--rate", "100.0")]])

    def test_a_program_that_hangs(self):
        with self.assertRaisesRegex(Failed, "sleep didn't end within 0.1 s"):
            output_of(["sleep", "60"], timeout=0.1)


if __name__ == "__main__":
    unittest.main()
