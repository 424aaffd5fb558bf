"""Backups of a register, made and restored with the real program."""
import hashlib
import itertools
import os
import pathlib
import shutil
import subprocess
import unittest

import zmq

from support.daemon import MATRICULAD, PATIENCE, Register, run
from support.desk import Desk, must, unit

SUM_DIGITS = 16
USAGE, DAMAGED, MISSING, WRITE, IN_USE, SECURITY = 64, 65, 66, 73, 75, 77
numbers = itertools.count(1)


class Backups:
    """A directory of backups of a register, and the key file that opens them."""

    def __init__(self, register, name="backups"):
        self.register = register
        self.to = register.root / name
        self.to.mkdir()
        self.public, secret = (part.decode() for part in zmq.curve_keypair())
        self.key = register.root / f"{name}.key"
        self.key.write_text(f"; of backups\n[key]\npublic-key = {self.public}\nsecret-key = {secret}\n")
        self.key.chmod(0o600)

    def command(self, *more):
        return "backup", "--config", self.register.config, "--to", self.to, "--for", self.public, *more

    def make(self, *more):
        """A backup that must succeed; what it said."""
        done = run(*self.command(*more))
        assert done.returncode == 0, done.stderr
        return done.stderr

    def begin(self, *more):
        """A backup under way."""
        return subprocess.Popen([MATRICULAD, *map(str, self.command(*more))], stderr=subprocess.PIPE, text=True)

    def drill_command(self, *more, key=None, source=None):
        return ("drill", "--config", self.register.config, "--from", source or self.to, "--key", key or self.key,
                "--scratch", self.register.root, *more)

    def drill(self, *more, **which):
        return run(*self.drill_command(*more, **which))

    def begin_drill(self):
        """A drill under way that has written the server's key, and its directory."""
        process = subprocess.Popen([MATRICULAD, *map(str, self.drill_command())], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        while not (keys := list(self.register.root.glob("matricula-drill-*/server.key"))):
            assert process.poll() is None, process.communicate()
        return process, keys[0].parent

    def restore(self, into, *more, source=None):
        return run("restore", "--config", self.register.config, "--from", source or self.to, "--key", self.key,
                   "--into", into, *more)

    def names(self, beginning=""):
        return {path.name for path in self.to.iterdir() if path.name.startswith(beginning) and path.name != "lock"}

    def newest(self):
        """The newest list's lines."""
        return max(self.to.glob("list-" + 16 * "[0-9a-f]")).read_text().splitlines()

    def revision(self):
        return next(int(line.split()[1]) for line in self.newest() if line.startswith("revision "))


def sealed(text):
    """With the line that holds the sum of the others, in place of the one there was."""
    body = text[:text.rindex("sum ")]
    return f"{body}sum {hashlib.blake2b(body.encode(), digest_size=16).hexdigest()[:SUM_DIGITS]}\n"


def wait(process):
    """Status and error output of a process that was begun."""
    _, errors = process.communicate(timeout=PATIENCE)
    return process.returncode, errors


def journal_of(directory):
    """Name and contents of each segment."""
    return {path.name: path.read_bytes() for path in sorted((pathlib.Path(directory) / "journal").glob("journal-0*"))}


def fill(desk, first, count):
    """Units, each in a frame of its own: some 1,000 fill a segment."""
    for number in range(first, first + count):
        must(desk.command(put_unit=unit(number)))


def flip(path):
    """One bit in the middle of a file."""
    with open(path, "r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))


class BackupCase(unittest.TestCase):
    """Each test has a directory of backups of its own; the register is the class's."""

    @classmethod
    def setUpClass(cls):
        """A register of some segments."""
        cls.register = Register().init()
        cls.addClassCleanup(cls.register.__exit__)
        cls.register.start()
        with Desk(cls.register).greeted() as desk:
            fill(desk, 0, 2100)

    def setUp(self):
        self.name = f"backups-{next(numbers)}"
        self.backups = Backups(self.register, self.name)
        self.addCleanup(shutil.rmtree, self.backups.to)
