"""Which backups and files of the directory stay, and which go: --keep, what lies there already, leftovers."""
import resource
import signal
import unittest

from support.backups import DAMAGED, WRITE, BackupCase, fill, flip, journal_of, wait
from support.daemon import run
from support.desk import Desk


class Keep(BackupCase):
    def test_only_what_is_new_is_written(self):
        segments = len(journal_of(self.register.data))
        self.assertGreaterEqual(segments, 3)
        first = self.backups.make()
        self.assertIn(f"segments of the journal: {segments} new, 0 there already, a copy of the database", first)
        names = self.backups.names()
        second = self.backups.make("--journal-only")
        self.assertIn(f"segments of the journal: 1 new, {segments - 1} there already", second)
        self.assertNotIn("a copy of the database", second)
        fresh = self.backups.names() - names
        self.assertEqual(sorted(name.split("-")[0] for name in fresh), ["journal", "list", "settings"])
        # A copy every time, otherwise; older ones go, and what no list names goes with them.
        for _ in range(3):
            self.assertIn(f"{segments - 1} there already, a copy of the database", self.backups.make("--keep", "2"))
        self.assertEqual(len(self.backups.names("register-")), 2)
        self.assertEqual(len(self.backups.names("list-")), 2)
        self.assertEqual(len(self.backups.names("settings-")), 2)
        self.assertEqual(len(self.backups.names("journal-")), segments - 1 + 2)
        # What isn't ours stays.
        (self.backups.to / "journal-notes.txt").write_text("mine")
        self.backups.make()
        self.assertIn("journal-notes.txt", self.backups.names())
        self.assertEqual(self.backups.drill().returncode, 0)

    def test_the_journal_alone_leaves_the_whole_backup(self):
        """Until pruning takes it: a damaged end of the journal leaves something to restore."""
        self.backups.make()
        whole = self.backups.revision()
        kept = self.backups.names()
        for number in range(3):
            with Desk(self.register).greeted() as desk:
                fill(desk, 30000 + number, 1)
            self.backups.make("--journal-only")
            self.assertLessEqual(kept, self.backups.names())
            self.assertEqual(len(self.backups.names("list-")), 2, number)
        ends = self.backups.names("journal-") - kept
        self.assertEqual(len(ends), 1)
        flip(self.backups.to / ends.pop())
        self.assertEqual(self.backups.drill().returncode, DAMAGED)
        done = self.backups.drill("--revision", str(whole))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.backups.make("--keep", "1")
        self.assertEqual(len(self.backups.names("list-")), 1)
        self.assertEqual(len(self.backups.names("register-")), 1)

    def test_a_complete_segment_goes_at_once(self):
        """With the first backup behind it, of the journal alone, and once: the path unit starts that one."""
        self.backups.make()
        known = set(journal_of(self.register.data))
        grown = max(known)
        number = 60000
        with Desk(self.register).greeted() as desk:
            while set(journal_of(self.register.data)) == known:
                fill(desk, number, 20)
                number += 20
        segments = len(journal_of(self.register.data))
        names = self.backups.names("journal-")
        said = self.backups.make("--journal-only")
        self.assertIn(f"segments of the journal: 2 new, {segments - 2} there already", said)
        shipped = {name for name in self.backups.names("journal-") - names if name.startswith(grown)}
        self.assertEqual(len(shipped), 1)
        self.assertIn(f"segments of the journal: 1 new, {segments - 1} there already",
                      self.backups.make("--journal-only"))
        self.assertLessEqual(shipped, self.backups.names())

    def test_leftovers_are_cleared_first(self):
        """They may have the room that the backup needs; one that fails leaves none."""
        self.backups.make()
        leftovers = ("register-0000000000000001", "journal-0000000000000001-00000000000000ff",
                     "settings-00000000000000ff", "register-00000000000000ff.part", "list-00000000000000ff.part")
        for name in leftovers:
            (self.backups.to / name).write_text("left")
        known = self.backups.names() - set(leftovers)
        limit = (self.backups.to / self.backups.names("settings-").difference(leftovers).pop()).stat().st_size - 100

        def little_room():
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        done = run(*self.backups.command(), preexec_fn=little_room)
        self.assertEqual(done.returncode, WRITE, done.stderr)
        self.assertEqual(self.backups.names(), known)
        (self.backups.to / "journal-0000000000000001-ffffffffffffff00").write_text("left")
        process = self.backups.begin()
        # The first of its own files comes when leftovers are gone.
        while process.poll() is None and not any(name.endswith(".part") for name in self.backups.names()):
            pass
        process.send_signal(signal.SIGKILL)
        wait(process)
        self.assertNotIn("journal-0000000000000001-ffffffffffffff00", self.backups.names())

    def test_a_damaged_list_does_not_block_the_others(self):
        """An older one serves for whoever asks for it, and pruning goes on."""
        self.backups.make()
        old = self.backups.revision()
        with Desk(self.register).greeted() as desk:
            fill(desk, 40000, 1)
        self.backups.make()
        newest = max(self.backups.to.glob("list-*"))
        named = {line.split()[1] for line in newest.read_text().splitlines() if line.startswith("file ")}
        flip(newest)
        done = self.backups.drill()
        self.assertEqual(done.returncode, DAMAGED)
        self.assertIn(newest.name, done.stderr)
        self.assertIn(f"--revision {old}", done.stderr)
        done = self.backups.drill("--revision", str(old))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(newest.name, done.stderr)
        # What it names is kept with it, while no newer copy of the database takes its place.
        for how in (("--keep", "1", "--journal-only"), ("--keep", "2")):
            self.assertIn(f"{newest.name} is damaged", self.backups.make(*how))
            self.assertLessEqual(named, self.backups.names())
        self.assertNotIn("is damaged", self.backups.make("--keep", "1"))
        self.assertEqual(len(self.backups.names("list-")), 1)
        self.assertEqual(len(self.backups.names("register-")), 1)


if __name__ == "__main__":
    unittest.main()
