"""What went wrong in a run: told at its end, so that one part's trouble doesn't take the others' figures along."""

import contextlib
import os
import subprocess
import traceback

SHOWN_LINES = 20


class Failed(Exception):
    """A program of the bench did; `said` is what it wrote."""

    def __init__(self, reason, said=""):
        super().__init__(reason)
        self.said = said


def output_of(command, timeout=None, **options):
    """What a program writes; Failed, with all of it, unless it ends with 0 in time."""
    name = os.path.basename(command[0])
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=timeout, check=False, **options
        )
    except subprocess.TimeoutExpired as late:
        raise Failed(f"{name} didn't end within {timeout} s") from late
    if done.returncode != 0:
        raise Failed(f"{name} ended with {done.returncode}", done.stderr + done.stdout)
    return done.stdout


def end_of(path):
    with open(path, errors="replace") as file:
        return "".join(file.readlines()[-SHOWN_LINES:])


class Failures:
    def __init__(self, log):
        self.log, self.rows = log, []

    @contextlib.contextmanager
    def noted(self, what):
        try:
            yield
        except Exception as problem:
            self.note(what, problem)

    def note(self, what, problem):
        reason = str(problem)
        if not isinstance(problem, Failed):
            reason = f"{type(problem).__name__}: {problem}"
            traceback.print_exception(problem, file=self.log)
        self.rows.append((what, reason, getattr(problem, "said", "")))

    def table(self):
        lines = []
        for what, reason, said in self.rows:
            lines.append(f"FAILED  {what}: {reason}")
            lines += [f"        | {line}" for line in said.splitlines()[-SHOWN_LINES:]]
        return "\n".join(lines)
