"""A bit flipped, or the end cut off, in every file of a data directory: a start refuses it or `matriculad verify` finds
it, by file, place and remedy; where neither does, nothing that anybody is told has changed. No process dies of it."""
import contextlib
import os
import shutil
import signal
import subprocess
import unittest

from matricula.v1 import commands_pb2

from support.backups import Backups, sealed
from support.daemon import Daemon, Register, run
from support.desk import Clerks, Desk, must, new_key, unit
from support.lmdb_file import File
from support.province import Witness

DAMAGED, NEWER, SECURITY, MISSING = 65, 76, 77, 66
REMEDIES = ("restore", "rebuild", "chmod", "install that version", "report it", "mode 0", "make a backup",
            "looks through the journal again")
BULK = 48000  # bytes of a command's field that nobody knows: segments fill up, and records are long


def bulky(number):
    """A PutUnit command as bytes, with a long field that this version doesn't know."""
    body = commands_pb2.Command(put_unit=unit(number)).SerializeToString()
    size, filler = BULK, bytes([number % 250]) * BULK
    length = bytes([size & 0x7f | 0x80, size >> 7 & 0x7f | 0x80, size >> 14])
    return body + b"\xfa\x7d" + length + filler  # field 2015, bytes


def send(desk, packed):
    request = desk.entry(packed)
    desk.send(request.SerializeToString())
    return must(desk.receive()[1])


class Damage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.register = Register()
        cls.addClassCleanup(cls.register.__exit__)
        cls.register.init()
        done = run("recovery-key", "--config", cls.register.config, "--", new_key()[0])
        assert done.returncode == 0, done
        daemon = cls.register.start()
        with Clerks(cls.register) as clerks:
            for number in range(1, 230):
                if number % 5 == 0:
                    must(clerks.operator.command(put_unit=unit(number)))
                else:
                    send(clerks.operator, bulky(number))
        assert daemon.stop() == 0, daemon.log
        backups = cls.register.root / "backups"
        backups.mkdir(mode=0o700)
        done = run("backup", "--to", backups, "--for", new_key()[0], "--config", cls.register.config)
        assert done.returncode == 0, done
        done = run("verify", "--replay", "--scratch", cls.register.root, cls.register.data)
        assert done.returncode == 0, done
        cls.sound = done.stdout
        cls.data = cls.register.data
        cls.database = cls.data / "register" / "data.mdb"
        cls.file = File(cls.database.read_bytes())
        cls.segments = sorted(path for path in (cls.data / "journal").iterdir() if path.name != "journal-next")
        assert len(cls.segments) > 2
        with open(cls.segments[0], "rb") as first:
            cls.frames = frames(first.read())

    @contextlib.contextmanager
    def flipped(self, path, offset, bit=0):
        with open(path, "r+b") as file:
            file.seek(offset)
            byte = file.read(1)
            file.seek(offset)
            file.write(bytes([byte[0] ^ 1 << bit]))
            file.flush()
            try:
                yield
            finally:
                file.seek(offset)
                file.write(byte)

    @contextlib.contextmanager
    def cut(self, path, size):
        kept = self.register.root / "kept"
        subprocess.run(["cp", "--sparse=always", path, kept], check=True)
        os.truncate(path, size)
        try:
            yield
        finally:
            os.replace(kept, path)

    def verify(self, *arguments):
        done = run("verify", *arguments, self.data)
        self.assertGreaterEqual(done.returncode, 0, f"died of signal {-done.returncode}: {done.stderr}")
        self.assertNotIn("Sanitizer", done.stderr)
        return done

    def found(self, path, done, offset=None, reach=1 << 20):
        """`done` names this file, a place at or before the damage, and what to do."""
        self.assertIn(done.returncode, (DAMAGED, NEWER, SECURITY, MISSING), done)
        line = next((line for line in done.stderr.splitlines() if path.name in line), None)
        self.assertIsNotNone(line, f"{path.name} isn't named: {done.stderr}")
        self.assertTrue(any(remedy in line for remedy in REMEDIES), line)
        if offset is not None and " at byte " in line:
            told = int(line.split(" at byte ")[1].split(":")[0].split(",")[0].split(";")[0])
            self.assertTrue(told <= offset < told + reach, (offset, line))

    def found_or_borne(self, path, offset, bit=0):
        """By verify, or by the second register; else every table is the same, row for row. True when found."""
        with self.subTest(path.name, offset=offset, bit=bit), self.flipped(path, offset, bit):
            done = self.verify()
            if done.returncode == 0:
                done = self.verify("--replay", "--scratch", self.register.root)
            if done.returncode == 0:
                self.assertEqual(tables(done.stdout), tables(self.sound))
                return False
            self.assertIn(done.returncode, (DAMAGED, NEWER), done)
            self.assertTrue(any(remedy in done.stderr for remedy in REMEDIES), done.stderr)
            return True

    def test_journal(self):
        first, last = self.segments[0], self.segments[-1]
        begin, end = self.frames[1]
        far = frames(last.read_bytes())[-1][1] + (1 << 20) + 4096
        for path, offset in ((first, 0), (first, 6), (first, 25), (first, 75), (first, 2000), (first, begin),
                             (first, begin + 9), (first, begin + 40), (first, begin + 65), (first, begin + 900),
                             (first, end - 1), (first, self.frames[-1][1] + 5000), (self.segments[1], 9000),
                             (last, 20), (last, 4096 + 20), (last, 4096 + 300), (last, far)):
            with self.subTest(path.name, offset=offset), self.flipped(path, offset, offset % 8):
                self.found(path, self.verify(), offset, 3 << 20)
        for path in (first, last):
            size = path.stat().st_size
            for cut in (0, 60, 4096, begin + 70, size // 2, size - 1):
                with self.subTest(path.name, cut=cut), self.cut(path, cut):
                    self.found(path, self.verify())

    def test_pages_of_the_database(self):
        meta, page = self.file.newest, self.file.page_bytes
        leaf, names = self.file.leaves["feed"][0], self.file.leaves[""][0]
        branch = self.file.branches["feed"][0]
        for offset, bit in ((meta + 16, 0), (meta + 20, 1), (meta + 21, 4), (meta + 41, 3), (meta + 88 + 6, 1),
                            (meta + 88 + 33, 0), (meta + 88 + 40, 0), (meta + 138, 6), (branch, 1), (branch + 10, 1),
                            (branch + 12, 1),
                            (branch + 16, 2), (leaf, 3), (leaf + 10, 2), (leaf + 13, 3), (leaf + 18, 6),
                            (names + 10, 0), (names + 16, 3), (self.file.of("")[2][2] + 40, 2),
                            (self.file.leaves["free"][0] + 11, 4), (self.file.of("free")[0][2] + 8, 5)):
            with self.subTest(offset=offset, bit=bit), self.flipped(self.database, offset, bit):
                # Where it showed: there, or where a number led to.
                done = self.verify()
                self.found(self.database, done)
                self.assertRegex(done.stderr, r"data\.mdb at byte \d+: ")
        for cut in (0, 100, page, 2 * page, self.file.used // 2, self.file.used - 1):
            with self.subTest(cut=cut), self.cut(self.database, cut):
                self.found(self.database, self.verify())

    def test_rows_of_the_database(self):
        tables_met = set()
        for table in ("meta", "entity", "feed", "home", "code", "outbox", "dedup"):
            for _, _, offset, size in self.file.of(table)[::max(1, len(self.file.of(table)) // 3)][:4]:
                if self.found_or_borne(self.database, offset + size // 2, size % 8):
                    tables_met.add(table)
        self.assertEqual(tables_met, {"meta", "entity", "feed", "home", "code", "outbox", "dedup"})
        # Keys: of a link, which has nothing else, and of a code, which may be a person's number.
        for table in ("link", "code"):
            _, key, offset, _ = self.file.of(table)[5]
            self.assertTrue(self.found_or_borne(self.database, offset - 1, 0), table)
        for offset in (self.file.newest + 8, self.file.newest + 30, self.file.used + 5000):
            self.assertFalse(self.found_or_borne(self.database, offset), offset)

    def test_a_damaged_row_is_told_in_words(self):
        """What it is about, by kind and number; and not that something is missing which is there."""
        told = []
        for _, _, offset, size in self.file.of("feed")[1:200:50]:
            for at in (size // 2, size - 3):
                with self.flipped(self.database, offset + at, 2):
                    told.append(self.verify().stderr)
        _, _, offset, size = self.file.of("entity")[20]
        with self.flipped(self.database, offset + size // 2, 2):
            told.append(self.verify().stderr)
        text = "".join(told)
        self.assertNotIn("ENTITY_TYPE", text)
        self.assertNotIn("is missing", text)
        self.assertRegex(text, r"what the table feed holds of unit \d+, or where it leads to, isn't what was written; ")

    def test_keys(self):
        for name in ("server.key", "audit.key"):
            path = self.data / name
            text = path.read_text()
            for part in ("[key]", "public-key = ", "secret-key = "):
                offset = text.encode().index(part.encode()) + len(part) - (part == "[key]")
                with self.subTest(name, part=part), self.flipped(path, offset):
                    self.found(path, self.verify())
            for cut in (0, 30, len(text) - 20):
                with self.subTest(name, cut=cut), self.cut(path, cut):
                    self.found(path, self.verify())
            path.chmod(0o640)
            self.found(path, self.verify())
            path.chmod(0o600)
        for name, part in (("recovery.pub", "public-key"), ("backup.state", "revision "), ("backup.state", "sum ")):
            path = self.data / name
            offset = path.read_bytes().index(part.encode()) + len(part)
            with self.subTest(name, part=part), self.flipped(path, offset):
                self.found(path, self.verify())
            with self.subTest(name, cut=offset), self.cut(path, offset):
                self.found(path, self.verify())
        with self.flipped(self.data / "server.key", 3):  # what it is, for whoever opens it
            self.assertEqual(self.verify().returncode, 0)

    def finds(self, data, path, offset, bit):
        """verify of a data directory names this file when this bit of it has flipped."""
        with self.subTest(path.name, offset=offset, bit=bit), self.flipped(path, offset, bit):
            self.found(path, run("verify", data))

    def test_small_files_that_end_with_a_sum(self):
        """A bit of every byte; of the recovery key, where a flip makes another key, every bit."""
        with Register() as register:
            register.init()
            key = new_key()[0]
            self.assertEqual(run("recovery-key", "--config", register.config, "--", key).returncode, 0)
            public, redactions = register.data / "recovery.pub", register.data / "redactions"
            redactions.write_text(sealed("matricula-redactions 1\ndone 0\nsum \n"))
            self.assertEqual(run("verify", register.data).returncode, 0)
            line = public.read_text().index(key)
            for path, every in ((public, range(line, line + len(key))), (redactions, ())):
                for offset in range(path.stat().st_size):
                    for bit in range(8) if offset in every else (offset % 8,):
                        self.finds(register.data, path, offset, bit)
            self.assertEqual(run("verify", register.data).returncode, 0)

    def test_recovery_key(self):
        """One of an older version, without its sum, is as good, and gets it; a damaged one is told, and set again."""
        with Register() as register:
            register.init()
            key, path = new_key()[0], register.data / "recovery.pub"
            command = ("recovery-key", "--config", register.config, "--", key)
            self.assertEqual(run(*command).returncode, 0)
            whole = path.read_text()
            path.write_text(whole[:whole.index("sum ")])
            self.assertEqual(run("verify", register.data).returncode, 0)
            self.assertEqual(run("recovery-key", "--config", register.config, "--", new_key()[0]).returncode, 64)
            self.assertNotIn("sum ", path.read_text())
            self.assertEqual(run(*command).returncode, 0)
            self.assertEqual(path.read_text(), whole)
            flip(path, whole.index(key) + 7)
            backups = register.root / "backups"
            backups.mkdir()
            for done in (run(*command), run("backup", "--config", register.config, "--to", backups, "--for", key)):
                self.assertEqual(done.returncode, DAMAGED, done)
                self.assertIn(f"{path} is damaged", done.stderr)
                self.assertIn("move it away", done.stderr)
            daemon = register.start()
            daemon.await_line(f"{path} can't be used (DAMAGED)")
            path.unlink()
            self.assertEqual(run(*command).returncode, 0)
            self.assertEqual(path.read_text(), whole)
            daemon.await_line("a recovery key has been set")

    def test_what_a_restore_leaves(self):
        """Until it is adopted: the mark, every byte of it, and the statement to sign, as far as the register tells."""
        with Register() as register:
            register.init()
            key = new_key()[0]
            self.assertEqual(run("recovery-key", "--config", register.config, "--", key).returncode, 0)
            recovery = (register.data / "recovery.pub").read_text()
            (register.data / "recovery.pub").write_text(recovery[:recovery.index("sum ")])
            backups, into = Backups(register), register.root / "into"
            backups.make()
            self.assertEqual(backups.restore(into).returncode, 0)
            self.assertEqual((into / "recovery.pub").read_text(), recovery)
            self.assertEqual(run("verify", into).returncode, 0)
            mark, request = into / "restored", into / "incarnation.request"
            for offset in range(mark.stat().st_size):
                self.finds(into, mark, offset, offset % 8)
            text = request.read_bytes()
            chain = text.index(b"fork-chain ") + len("fork-chain ")
            for offset in (0, text.index(b"former"), text.index(b"fork-revision") + len("fork-revision "),
                           *range(chain, chain + 64, 9), text.index(b"reason"), len(text) - 1):
                self.finds(into, request, offset, 1)
            with self.cut(mark, 20):
                self.found(mark, run("verify", into))
            with self.cut(request, chain):
                self.found(request, run("verify", into))
            request.unlink()  # carried to where it is signed
            self.assertEqual(run("verify", into).returncode, 0)

    def test_what_has_no_meaning(self):
        for path in (self.data / "register" / "lock.mdb", self.data / "journal" / "journal-next"):
            if path.exists():
                self.assertFalse(self.found_or_borne(path, 9))
        # Behind the last frame: as if the next one had been begun and never finished. A start clears it.
        behind = frames(self.segments[-1].read_bytes())[-1][1] + 5000
        self.assertFalse(self.found_or_borne(self.segments[-1], behind))
        with self.flipped(self.segments[-1], behind):
            self.assertIn("never finished", self.verify().stdout)

    def test_start(self):
        """What a start refuses; and what it can't see, it serves as it lies there, for verify to find."""
        last = self.segments[-1]
        feed = self.file.of("feed")[100]
        for path, offset, refused in ((self.database, self.file.newest + 88 + 40, True),
                                      (self.database, self.file.branches["feed"][0] + 16, True),
                                      (self.database, self.file.leaves["code"][0] + 12, True),
                                      (self.database, feed[2] + feed[3] // 2, False),
                                      (last, 40, True), (last, 4096 + 300, True), (self.segments[0], 30, True),
                                      (self.segments[0], self.frames[1][0] + 300, False),
                                      (self.data / "audit.key", 120, True),
                                      (self.data / "register" / "lock.mdb", 9, False)):
            with self.subTest(path.name, offset=offset):
                self.start_damaged(path, offset, refused)

    def start_damaged(self, path, offset, refused):
        copy = self.register.root / "copy"
        subprocess.run(["cp", "-a", "--sparse=always", self.data, copy], check=True)
        self.addCleanup(shutil.rmtree, copy, ignore_errors=True)
        damaged = copy / path.relative_to(self.data)
        config = self.register.root / "copy.conf"
        config.write_text(self.register.config.read_text().replace(str(self.data), str(copy)))
        with open(damaged, "r+b") as file:
            file.seek(offset)
            byte = file.read(1)
            file.seek(offset)
            file.write(bytes([byte[0] ^ 2]))
        daemon = Daemon(config, self.register.root / "copy.notify")
        try:
            if refused:
                status = daemon.wait()
                self.assertIn(status, (DAMAGED, NEWER), daemon.log)
                self.assertIn(path.name, daemon.log)
                self.assertTrue(any(remedy in daemon.log for remedy in REMEDIES), daemon.log)
            else:
                daemon.await_ready()
                daemon.signal(signal.SIGTERM)
                self.assertEqual(daemon.wait(), 0, daemon.log)
                done = run("verify", "--replay", "--scratch", self.register.root, copy)
                self.assertEqual(done.returncode, 0 if path.name == "lock.mdb" else DAMAGED, done)
                if done.returncode:
                    self.found(damaged, done)
        finally:
            daemon.kill()
            shutil.rmtree(copy)

    def test_rebuild(self):
        """A damaged database is built anew, the same as before; never from a damaged journal, never while served."""
        copy = self.register.root / "rebuilt"
        subprocess.run(["cp", "-a", "--sparse=always", self.data, copy], check=True)
        self.addCleanup(shutil.rmtree, copy, ignore_errors=True)
        config = self.register.root / "rebuilt.conf"
        config.write_text(self.register.config.read_text().replace(str(self.data), str(copy)))
        segment = copy / "journal" / self.segments[0].name
        with self.flipped(segment, self.frames[0][0] + 200):
            done = run("rebuild", "--config", config)
            self.found(segment, done, self.frames[0][0] + 200)
            self.assertEqual([path.name for path in copy.glob("register*")], ["register"])
        with open(copy / "register" / "data.mdb", "r+b") as file:
            file.truncate(self.file.used // 2)
        done = run("rebuild", "--config", config)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("the former database is replaced", done.stderr)
        self.assertNotIn("matriculad rebuild", done.stderr)
        self.assertIn("can't be read: nothing to compare", done.stdout)
        done = run("rebuild", "--config", config)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("the same, table by table", done.stdout)
        self.assertEqual(len(list(copy.glob("register.old-*"))), 2)
        done = run("verify", "--replay", "--scratch", self.register.root, copy)
        self.assertEqual((done.returncode, tables(done.stdout)), (0, tables(self.sound)), done.stderr)
        daemon = Daemon(config, self.register.root / "rebuilt.notify")
        try:
            daemon.await_ready()
            self.assertEqual(run("rebuild", "--config", config).returncode, 75)
        finally:
            daemon.kill()

    @contextlib.contextmanager
    def copied(self):
        """A copy of the data directory, and its configuration."""
        copy = self.register.root / "copied"
        subprocess.run(["cp", "-a", "--sparse=always", self.data, copy], check=True)
        config = self.register.root / "copied.conf"
        config.write_text(self.register.config.read_text().replace(str(self.data), str(copy)))
        try:
            yield copy, config
        finally:
            shutil.rmtree(copy)

    def test_rebuild_of_a_missing_database(self):
        with self.copied() as (copy, config):
            for directory in (False, True):
                with self.subTest(directory=directory):
                    shutil.rmtree(copy / "register")
                    if directory:
                        (copy / "register").mkdir(mode=0o700)
                    done = run("rebuild", "--config", config)
                    self.assertEqual((done.returncode, done.stderr), (0, ""))
                    self.assertIn("there was no former database", done.stdout)
                    self.assertNotIn("is kept", done.stdout)
            (copy / "register" / "data.mdb").write_bytes(b"")
            done = run("rebuild", "--config", config)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("the former database is replaced", done.stderr)
            self.assertNotIn("matriculad rebuild", done.stderr)
            self.assertEqual(run("verify", copy).returncode, 0)

    def test_lost_segments(self):
        """It is the file that is missing that is named, not the whole one behind it, by whoever looks."""
        for lost in ([self.segments[1]], self.segments[:2]):
            with self.subTest(lost=len(lost)), self.copied() as (copy, config):
                for path in lost:
                    (copy / "journal" / path.name).unlink()
                for action in ([], ["verify"], ["rebuild"]):
                    done = run(*action, "--config", config)
                    self.assertEqual(done.returncode, DAMAGED, (action, done))
                    line, = done.stderr.splitlines()
                    self.assertIn(f"journal/{lost[-1].name}", line)
                    self.assertIn("missing", line)
                    self.assertNotIn(self.segments[2].name, line)
                    self.assertNotIn("at byte", line)

    def test_lost_end(self):
        """Nobody advises to build the register from what is left: answered entries would be gone."""
        with self.copied() as (copy, config):
            (copy / "journal" / self.segments[-1].name).unlink()
            for action in ([], ["verify"], ["rebuild"]):
                done = run(*action, "--config", config)
                self.assertEqual(done.returncode, DAMAGED, (action, done))
                line, = done.stderr.splitlines()
                for part in ("before the register does", "leave ", "missing files back", "matriculad restore"):
                    self.assertIn(part, line)
                self.assertNotIn("away", line)
            self.assertEqual([path.name for path in copy.glob("register*")], ["register"])

    def refuses_to_rebuild(self, copy, config):
        """The one line of error; the database stays where it is."""
        done = run("rebuild", "--config", config)
        self.assertEqual(done.returncode, DAMAGED, done)
        self.assertEqual([path.name for path in copy.glob("register*")], ["register"])
        line, = (line for line in done.stderr.splitlines() if "is replaced" not in line)
        return line

    def damage_a_row(self, copy):
        _, _, offset, size = self.file.of("feed")[100]
        flip(copy / "register" / "data.mdb", offset + size // 2)

    def damage_a_page(self, copy):
        flip(copy / "register" / "data.mdb", self.file.branches["feed"][0] + 16)

    def test_rebuild_of_a_damaged_database_from_a_lost_end(self):
        """How far the database went is known all the same, as long as that much can be read."""
        for damage, told in ((self.damage_a_row, "feed was otherwise in the former database"),
                             (self.damage_a_page, "nothing to compare")):
            with self.subTest(damage.__name__), self.copied() as (copy, config):
                damage(copy)
                aside = self.register.root / "aside"
                (copy / "journal" / self.segments[-1].name).rename(aside)
                line = self.refuses_to_rebuild(copy, config)
                for part in ("before the register does", "leave ", "missing files back", "matriculad restore"):
                    self.assertIn(part, line)
                aside.rename(copy / "journal" / self.segments[-1].name)
                done = run("rebuild", "--config", config)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn(told, done.stdout)

    def test_rebuild_from_another_register(self):
        """Its journal is whole, and longer than the database; all the same it isn't built from it."""
        with self.copied() as (copy, config), Register() as other:
            other.init().start()
            with Desk(other).greeted() as desk:
                for number in range(240):
                    must(desk.command(put_unit=unit(number)))
            self.assertEqual(other.daemon.stop(), 0)
            shutil.rmtree(copy / "journal")
            shutil.copytree(other.data / "journal", copy / "journal")
            for damage in (lambda _: None, self.damage_a_row, self.damage_a_page):
                damage(copy)
                line = self.refuses_to_rebuild(copy, config)
                for part in (copy / "register" / "data.mdb", copy / "journal", "another history", "belong together",
                             "matriculad restore"):
                    self.assertIn(str(part), line)

    def test_served(self):
        """While a daemon takes commands, verify neither disturbs it nor sees anything wrong."""
        with Register() as register:
            register.init().start()
            with Desk(register).greeted() as desk:
                for number in range(40):
                    must(desk.command(put_unit=unit(number)))
                    if number % 13 == 0:
                        done = run("verify", "--replay", "--scratch", register.root, "--config", register.config)
                        self.assertEqual(done.returncode, 0, done.stderr)
                        self.assertIn("served meanwhile", done.stdout)
                        self.assertIn(" 0 otherwise", done.stdout)
                count, _ = Witness(desk).see(41)
            self.assertGreaterEqual(count, 40)
            self.assertEqual(register.daemon.stop(), 0, register.daemon.log)
            self.assertEqual(sorted(path.name for path in register.root.iterdir() if "verify" in path.name), [])


def tables(text):
    """The lines of a report that say what the tables hold."""
    return [line for line in text.splitlines() if line.endswith("  same")]


def flip(path, offset):
    """One bit, for good."""
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)
        file.seek(offset)
        file.write(bytes([byte[0] ^ 4]))


def frames(data):
    """(begin, end) of each frame of a segment."""
    found, at = [], 4096
    while data[at:at + 4] == b"MTRF":
        length = int.from_bytes(data[at + 8:at + 12], "big")
        found.append((at, at + length))
        at += -(-length // 4096) * 4096
    return found


if __name__ == "__main__":
    unittest.main()
