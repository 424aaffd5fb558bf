"""A journal that tells another history than the backups of it: it isn't backed up over them, and the error says where."""
import itertools
import os
import shutil
import unittest

from support.backups import DAMAGED, Backups, flip, journal_of
from support.daemon import Register, run
from support.desk import Desk, must, unit

FIRST = "journal-0000000000000001"
numbers = itertools.count(1)


def grow(register, first, count):
    """Units, each in a frame of its own: some 1,000 fill a segment. The daemon has ended on return."""
    register.start()
    with Desk(register).greeted() as desk:
        for number in range(first, first + count):
            must(desk.command(put_unit=unit(number)))
    register.daemon.stop()


class History(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """One register with two histories that part in the first segment."""
        cls.register = Register().init()
        cls.addClassCleanup(cls.register.__exit__)
        grow(cls.register, 0, 20)
        cls.early = cls.register.root / "early"
        shutil.copytree(cls.register.data, cls.early)
        grow(cls.register, 1000, 2100)
        cls.true = cls.register.root / "true"
        cls.false = cls.register.root / "false"
        cls.register.data.rename(cls.true)
        shutil.copytree(cls.early, cls.register.data)
        grow(cls.register, 5000, 2100)
        cls.register.data.rename(cls.false)

    def setUp(self):
        self.backups = Backups(self.register, f"backups-{next(numbers)}")
        self.addCleanup(shutil.rmtree, self.register.data, True)
        shutil.copytree(self.true, self.register.data)
        self.backups.make()
        self.known = self.backups.names()

    def refused(self, *more, segment=FIRST, source=None):
        done = run(*self.backups.command(*more))
        self.assertEqual(done.returncode, DAMAGED, done.stderr)
        self.assertIn("the journal tells another history than its backup", done.stderr)
        source = source or next(name for name in self.known if name.startswith(f"{segment}-"))
        self.assertIn(f"{self.register.data}/journal/{segment} is the first file that isn't the one "
                      f"{self.backups.to}/{source} was made of", done.stderr)
        self.assertIn("another directory", done.stderr)
        self.assertEqual(self.backups.names(), self.known)
        self.assertEqual(self.backups.drill().returncode, 0)

    def test_all_of_it(self):
        """Whole in itself: only the backup tells."""
        shutil.rmtree(self.register.data)
        shutil.copytree(self.false, self.register.data)
        self.refused()
        self.refused("--journal-only")
        # For another reader all of it would be written anew.
        self.backups.public = Backups(self.register, f"backups-{next(numbers)}").public
        self.refused()

    def test_one_segment(self):
        """The ones behind it are as they were, and only told by their headers from what would fit."""
        self.assertNotEqual(journal_of(self.true)[FIRST], journal_of(self.false)[FIRST])
        path = self.register.data / "journal" / FIRST
        shutil.copy2(self.false / "journal" / FIRST, path)
        self.refused()
        self.refused("--journal-only")

    def test_the_segment_that_goes_on(self):
        """It wasn't complete when it was backed up; the backup's end tells."""
        shutil.rmtree(self.register.data)
        shutil.copytree(self.early, self.register.data)
        grow(self.register, 3000, 10)
        self.backups = Backups(self.register, f"backups-{next(numbers)}")
        self.backups.make()
        self.known = self.backups.names()
        shutil.rmtree(self.register.data)
        shutil.copytree(self.false, self.register.data)
        self.refused(source=next(name for name in self.known if name.startswith("list-")))

    def test_rolled_back(self):
        """What is there is older than the newest backup, whoever that one is for."""
        shutil.rmtree(self.register.data)
        shutil.copytree(self.early, self.register.data)
        for public in (self.backups.public, Backups(self.register, f"backups-{next(numbers)}").public):
            self.backups.public = public
            done = run(*self.backups.command("--keep", "1"))
            self.assertEqual(done.returncode, DAMAGED, done.stderr)
            self.assertIn("ends too early", done.stderr)
            self.assertEqual(self.backups.names(), self.known)

    def test_a_segment_that_passes_for_the_same_file(self):
        """It is written anew, since its copy is damaged; the one behind it isn't, and tells by its header."""
        path = self.register.data / "journal" / FIRST
        about, false = path.stat(), (self.false / "journal" / FIRST).read_bytes()
        self.assertEqual(about.st_size, len(false))
        with open(path, "r+b") as file:
            file.write(false)
        os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
        self.backups.make()
        flip(self.backups.to / next(name for name in self.known if name.startswith(f"{FIRST}-")))
        self.known = self.backups.names()
        done = run(*self.backups.command())
        self.assertEqual(done.returncode, DAMAGED, done.stderr)
        self.assertIn("the journal tells another history than its backup", done.stderr)
        self.assertEqual(self.backups.names(), self.known)

    def test_the_same_history_goes_on(self):
        grow(self.register, 9000, 20)
        self.backups.make()
        self.assertEqual(self.backups.drill().returncode, 0)


if __name__ == "__main__":
    unittest.main()
