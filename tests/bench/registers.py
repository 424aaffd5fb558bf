"""Registers that runs begin with. Filling one takes a while, so they are kept, and each run works on a copy."""

import hashlib
import os
import shutil
import subprocess

from failures import output_of
from processes import Matriculad


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Registers:
    def __init__(self, programs, scratch, keep):
        self.programs, self.keep = programs, keep
        self.kept, self.copies = os.path.join(scratch, "registers"), os.path.join(scratch, "run")
        # What fills them holds the writer, the rules and the store: they are made anew when any of these changes.
        self.stamp = digest(programs.fill)
        os.makedirs(self.kept, exist_ok=True)
        shutil.rmtree(self.copies, ignore_errors=True)
        os.makedirs(self.copies)

    def current(self, name):
        path = os.path.join(self.kept, name + ".stamp")
        if not os.path.exists(path):
            return False
        with open(path) as file:
            return self.keep or file.read() == self.stamp

    def make(self, name, arguments):
        data = os.path.join(self.kept, name)
        shutil.rmtree(data, ignore_errors=True)
        os.mkdir(data, 0o700)
        operator = output_of([self.programs.fill, "keys"]).strip()
        Matriculad(self.programs, data).run("init", "--operator-key", operator)
        output_of([self.programs.fill, data, *arguments])
        with open(data + ".stamp", "w") as file:
            file.write(self.stamp)

    def matricula(self, name, *arguments):
        """A copy of the register of this name; the daemon isn't started."""
        if not self.current(name):
            self.make(name, arguments)
        data = os.path.join(self.copies, name)
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(os.path.join(self.kept, name), data, copy_function=copy)
        os.sync()
        return Matriculad(self.programs, data)

    def minimal(self, name, rows):
        data = os.path.join(self.copies, name)
        shutil.rmtree(data, ignore_errors=True)
        output_of([self.programs.minimal, data, "fill", str(rows)])
        os.sync()
        return data


def copy(source, target):
    """In pieces of a page, as LMDB writes: what is copied in large ones lies in large pieces of the page cache, of which
    newer kernels then handle all for each page written."""
    subprocess.run(
        ["dd", f"if={source}", f"of={target}", "bs=4096", "conv=sparse", "status=none"],
        check=True,
    )
    shutil.copystat(source, target)
    return target
