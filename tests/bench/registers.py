"""Registers that runs begin with. Filling one takes a while, so they are kept, and each run works on a copy."""

import hashlib
import os
import shutil
import subprocess

from processes import Matriculad


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Registers:
    def __init__(self, programs, scratch, log, keep):
        self.programs, self.log, self.keep = programs, log, keep
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
        operator = subprocess.run([self.programs.fill, "keys"], check=True, stdout=subprocess.PIPE, text=True).stdout
        Matriculad(self.programs, data, self.log).run("init", "--operator-key", operator.strip())
        subprocess.run([self.programs.fill, data, *arguments], check=True)
        with open(data + ".stamp", "w") as file:
            file.write(self.stamp)

    def matricula(self, name, *arguments):
        """A copy of the register of this name; the daemon isn't started."""
        if not self.current(name):
            self.make(name, arguments)
        data = os.path.join(self.copies, name)
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(os.path.join(self.kept, name), data, copy_function=copy_sparse)
        return Matriculad(self.programs, data, self.log)

    def minimal(self, name, rows):
        data = os.path.join(self.copies, name)
        shutil.rmtree(data, ignore_errors=True)
        subprocess.run([self.programs.minimal, data, "fill", str(rows)], check=True)
        return data


def copy_sparse(source, target):
    """The file as it is, its holes included, without a second copy where the file system can share."""
    subprocess.run(["cp", "--reflink=auto", "--sparse=auto", "-p", source, target], check=True)
    return target
