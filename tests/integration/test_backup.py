"""Backups while the register is in use: what they hold, that they restore; damage, kills and full disks are told."""
import fcntl
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import threading
import unittest

from zmq.utils import z85

from matricula.v1 import queries_pb2

from support.backups import (DAMAGED, IN_USE, MISSING, SECURITY, USAGE, WRITE, BackupCase, Backups, fill, journal_of,
                             sealed, wait)
from support.daemon import PATIENCE, Register, run
from support.desk import Desk, must, new_key, unit
from support.lmdb_file import File

FRAME = 4096


class Load(threading.Thread):
    """A desk that keeps sending until it is told to stop."""

    def __init__(self, register, first):
        super().__init__()
        self.desk, self.number, self.ended = Desk(register).greeted(), first, threading.Event()
        self.sent = threading.Semaphore(0)

    def run(self):
        while not self.ended.is_set():
            must(self.desk.command(put_unit=unit(self.number)))
            self.number += 1
            self.sent.release()

    def stop(self):
        self.ended.set()
        self.join(PATIENCE)
        self.desk.socket.close()


def head(desk):
    """Revision, count and digest of all that the operator sees."""
    cursor = b""
    while True:
        answer = must(desk.query(feed=queries_pb2.Feed(cursor=cursor)))
        cursor = answer.page.cursor
        if answer.page.at_head:
            return answer.revision, answer.page.count, answer.page.digest


class Backup(BackupCase):
    def test_under_load(self):
        """Each backup of a register that is written to restores to a part of its history, up to where it says."""
        load = Load(self.register, 10000)
        load.start()
        try:
            for _ in range(3):
                for _ in range(20):
                    self.assertTrue(load.sent.acquire(timeout=PATIENCE))
                self.backups.make()
        finally:
            load.stop()
        for age, name in enumerate(sorted(self.backups.names("list-"))):
            text = (self.backups.to / name).read_text()
            revision = next(line.split()[1] for line in text.splitlines() if line.startswith("revision "))
            into = self.register.root / f"again-{age}"
            self.addCleanup(shutil.rmtree, into)
            done = self.backups.restore(into, "--revision", revision)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(f"revision {revision}, every file checked", done.stdout)
            live, again = journal_of(self.register.data), journal_of(into)
            self.assertLessEqual(set(again), set(live))
            for segment, contents in again.items():
                self.assertEqual(len(contents), len(live[segment]))
                frames = contents.rstrip(b"\0")
                self.assertEqual(live[segment][:len(frames)], frames)
            for path in into.rglob("*"):
                self.assertEqual(path.stat().st_mode & 0o077, 0, path)

    def test_what_is_restored_is_the_same(self):
        """Row for row: count and digest of all that the operator sees."""
        with Desk(self.register).greeted() as desk:
            self.backups.make()
            before = head(desk)
        self.assertEqual(before[0], self.backups.revision())
        into = self.register.root / f"{self.name}-again"
        self.addCleanup(shutil.rmtree, into)
        done = self.backups.restore(into)
        self.assertEqual(done.returncode, 0, done.stderr)
        other = Register(storage__data_directory=into)
        self.addCleanup(other.__exit__)
        other.data, other.operator = into, self.register.operator
        # As if the statement had been adopted: that has tests of its own.
        (into / "restored").unlink()
        other.start()
        with Desk(other).greeted() as desk:
            self.assertEqual(head(desk)[1:], before[1:])

    def test_a_segment_that_was_changed_is_written_again(self):
        """As when a person's data are taken out of it, or its copy is damaged."""
        self.backups.make()
        whole = sorted(self.backups.names("journal-"))[0]
        with open(self.backups.to / whole, "r+b") as file:
            file.seek(5000)
            byte = file.read(1)
            file.seek(5000)
            file.write(bytes([byte[0] ^ 1]))
        self.assertIn("segments of the journal: 2 new", self.backups.make())
        segment = sorted((self.register.data / "journal").glob("journal-0*"))[0]
        os.utime(segment, ns=(1, 1))
        self.assertIn("segments of the journal: 2 new", self.backups.make())
        self.assertEqual(self.backups.drill().returncode, 0)

    def damage(self, path, spot, cut):
        contents = path.read_bytes()
        if cut:
            path.write_bytes(contents[:spot])
        else:
            path.write_bytes(contents[:spot] + bytes([contents[spot] ^ 4]) + contents[spot + 1:])
        try:
            done = self.backups.drill()
        finally:
            path.write_bytes(contents)
        self.assertEqual(done.returncode, DAMAGED, f"{path.name} {spot} {cut}: {done.stderr}")
        self.assertIn(path.name, done.stderr)
        self.assertIn("use another backup", done.stderr)

    def test_damage_is_told(self):
        """One bit, or the end, of every file."""
        self.backups.make()
        chance = random.Random(4)
        for name in sorted(self.backups.names()):
            path = self.backups.to / name
            size = path.stat().st_size
            for spot in (0, 100, 180, size - 1, chance.randrange(size)):
                self.damage(path, min(spot, size - 1), cut=False)
            for spot in (0, size - 1, chance.randrange(size)):
                self.damage(path, spot, cut=True)
            contents = path.read_bytes()
            path.unlink()
            done = self.backups.drill()
            self.assertEqual(done.returncode, MISSING, done.stderr)
            path.write_bytes(contents)
        self.assertEqual(self.backups.drill().returncode, 0)
        self.assertEqual(list(self.register.root.glob("matricula-drill-*")), [])

    def drills(self):
        return list(self.register.root.glob("matricula-drill-*"))

    def test_a_drill_that_is_stopped_leaves_nothing(self):
        self.backups.make()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process, _ = self.backups.begin_drill()
            process.send_signal(number)
            status, errors = wait(process)
            self.assertEqual(status, -number, errors)
            self.assertIn("the drill was stopped", errors)
            self.assertEqual(self.drills(), [])

    def test_what_a_killed_drill_left_is_removed(self):
        """By the next one in the same place; not what somebody uses, nor what only has such a name."""
        self.backups.make()
        process, left = self.backups.begin_drill()
        process.kill()
        wait(process)
        kept = [self.register.root / f"matricula-drill-{name}" for name in ("in-use", "opened", "longer-name")]
        for path in kept:
            path.mkdir(0o700)
            self.addCleanup(path.rmdir)
        kept[1].chmod(0o755)
        used = os.open(kept[0], os.O_RDONLY)
        self.addCleanup(os.close, used)
        fcntl.flock(used, fcntl.LOCK_EX)
        # The process that restored ends with the one that was killed, a little later.
        directory = os.open(left, os.O_RDONLY)
        fcntl.flock(directory, fcntl.LOCK_EX)
        os.close(directory)
        self.assertTrue((left / "server.key").exists())
        done = self.backups.drill()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"{left} was left by a drill that was cut short; it is removed", done.stderr)
        self.assertEqual(sorted(self.drills()), sorted(kept))

    def test_a_drill_that_was_started_with_nohup(self):
        self.backups.make()
        former = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            process, _ = self.backups.begin_drill()
        finally:
            signal.signal(signal.SIGHUP, former)
        process.send_signal(signal.SIGHUP)
        status, errors = wait(process)
        self.assertEqual(status, 0, errors)
        self.assertEqual(self.drills(), [])

    def test_a_backup_of_a_damaged_database(self):
        """A drill finds it, and doesn't give the remedy of a register in use for what it removes again."""
        with Register().init() as other:
            other.start()
            with Desk(other).greeted() as desk:
                fill(desk, 0, 20)
            other.daemon.stop()
            database = other.data / "register" / "data.mdb"
            contents = bytearray(database.read_bytes())
            _, _, offset, size = File(contents).of("entity")[5]
            contents[offset + size // 2] ^= 1
            database.write_bytes(contents)
            backups = Backups(other)
            backups.make()
            done = backups.drill()
            self.assertEqual(done.returncode, DAMAGED, done.stderr)
            self.assertIn("register/data.mdb as restored: ", done.stderr)
            self.assertIn("use another backup", done.stderr)
            self.assertNotIn("rebuild", done.stderr)
            self.assertNotIn("matricula-drill", done.stderr)

    def test_what_comes_next_after_a_restore(self):
        """Says which directory and which configuration, when the restore isn't where the configuration looks."""
        self.backups.make()
        into = self.register.root / f"{self.name}-again"
        self.addCleanup(shutil.rmtree, into)
        done = self.backups.restore(into)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"data_directory = {into}\n", done.stdout)
        self.assertIn(f"configured data directory, {self.register.data}: set in {self.register.config}", done.stdout)
        self.assertIn(f"matriculad adopt --config {self.register.config} incarnation.signed", done.stdout)
        # The same under another name.
        shutil.rmtree(into)
        other = self.register.root / f"{self.name}.conf"
        other.write_text(f"[storage]\ndata_directory = {into}\n")
        done = run("restore", "--config", other, "--from", self.backups.to, "--key", self.backups.key, "--into",
                   f"{self.register.root}/./{into.name}")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("data_directory", done.stdout)

    def test_a_backup_of_a_damaged_journal_is_refused(self):
        """And names the file; the former backup stays."""
        self.backups.make()
        segment = sorted((self.register.data / "journal").glob("journal-0*"))[1]
        with open(segment, "r+b") as file:
            file.seek(FRAME + 200)
            byte = file.read(1)
            file.seek(FRAME + 200)
            file.write(bytes([byte[0] ^ 1]))
            file.flush()
            try:
                done = run(*self.backups.command())
            finally:
                file.seek(FRAME + 200)
                file.write(byte)
        self.assertEqual(done.returncode, DAMAGED, done.stderr)
        self.assertIn(segment.name, done.stderr)
        self.assertEqual(self.backups.drill().returncode, 0)

    def refuse(self, *moved):
        """A backup while these segments are moved away; what it says. Nothing changes in the directory."""
        aside = self.register.root / f"{self.name}-aside"
        aside.mkdir()
        known = self.backups.names()
        for path in moved:
            path.rename(aside / path.name)
        try:
            done = run(*self.backups.command("--keep", "1"))
        finally:
            for path in moved:
                (aside / path.name).rename(path)
            aside.rmdir()
        self.assertEqual(done.returncode, DAMAGED, done.stderr)
        self.assertEqual(self.backups.names(), known)
        return done.stderr

    def test_a_backup_of_a_journal_with_a_gap_is_refused(self):
        """Whether the other segments are copied or lie there already: or pruning takes the last good copy."""
        segments = sorted((self.register.data / "journal").glob("journal-0*"))
        first, second, *_, last = segments
        for _ in range(2):
            said = self.refuse(second)
            self.assertIn(f"{second} is missing, before {segments[2].name} and behind {first.name}", said)
            self.assertIn("put it back", said)
            self.assertIn(f"{first} is missing, before {second.name};", self.refuse(first))
            self.assertIn(f"{second} is missing, before", self.refuse(first, second))
            said = self.refuse(last)
            self.assertIn(f"what comes behind {segments[-2]} is missing", said)
            self.backups.make()
        self.assertEqual(self.backups.drill().returncode, 0)

    def test_a_backup_of_an_older_version(self):
        """Its database has another format; the journal hasn't."""
        data = pathlib.Path(__file__).resolve().parents[1] / "data"
        key = shutil.copy(data / "backup-format-2.key", self.register.root / "older.key")
        key.chmod(0o600)
        source = shutil.copytree(data / "backup-format-2", self.register.root / "older")
        done = self.backups.drill(key=key, source=source)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("building it from the journal", done.stderr)

    def test_a_restore_that_is_not_adopted(self):
        """It mustn't take the place of what the register was before."""
        self.backups.make()
        mark = self.register.data / "restored"
        mark.touch(0o600)
        try:
            done = run(*self.backups.command("--keep", "1"))
        finally:
            mark.unlink()
        self.assertEqual(done.returncode, DAMAGED, done.stderr)
        self.assertIn("adopt", done.stderr)

    def test_killed(self):
        """Whenever a backup is killed the former one is whole, and the next one clears up."""
        self.backups.make()
        chance = random.Random(9)
        revision = self.backups.revision()
        for beginning in ("register", "journal", "settings", "list", "", ""):
            known = self.backups.names()
            process = self.backups.begin()
            # As soon as it is about to write that kind of file; or at any moment at all.
            steps = chance.randrange(200)
            while process.poll() is None and (
                    not any(name.startswith(beginning) for name in self.backups.names() - known)
                    if beginning else steps):
                steps -= 1
            process.send_signal(signal.SIGKILL)
            wait(process)
            done = self.backups.drill()
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertGreaterEqual(self.backups.revision(), revision)
        self.backups.make("--keep", "1")
        self.assertEqual([name for name in self.backups.names() if name.endswith(".part")], [])
        self.assertEqual(len(self.backups.names()), len(journal_of(self.register.data)) + 3)

    def test_no_room(self):
        """The disk ends somewhere in each kind of file."""
        self.backups.make()
        known = self.backups.names()
        sizes = {name.split("-")[0]: (self.backups.to / name).stat().st_size for name in known}
        for kind in ("register", "settings", "list"):
            limit = sizes[kind] - 100

            def little_room(limit=limit):
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

            done = run(*self.backups.command(), preexec_fn=little_room)
            self.assertEqual(done.returncode, WRITE, done.stderr)
            self.assertIn("make room", done.stderr)
            self.assertEqual([name for name in self.backups.names() if name.endswith(".part")], [])
            self.assertEqual(self.backups.drill().returncode, 0)

    def test_mistakes(self):
        backups = self.backups
        done = backups.drill()
        self.assertEqual(done.returncode, MISSING)
        self.assertIn("there is no backup", done.stderr)
        backups.make()
        other = Backups(self.register, f"{self.name}-other")
        self.addCleanup(shutil.rmtree, other.to)
        done = backups.drill(key=other.key)
        self.assertEqual(done.returncode, SECURITY)
        self.assertIn("another key", done.stderr)
        # Nor the right kind of key: of a restore's statement, of the audit.
        done = backups.drill(key=self.register.data / "audit.key")
        self.assertEqual(done.returncode, SECURITY)
        self.assertIn("matricula keygen --for-backups --file FILE", done.stderr)
        done = backups.drill(key=self.register.root / "none")
        self.assertEqual(done.returncode, MISSING)
        done = backups.drill("--revision", "1")
        self.assertEqual(done.returncode, MISSING)
        self.assertIn("--revision", done.stderr)
        done = run(*backups.command()[:4], self.register.root / "none", "--for", backups.public)
        self.assertEqual(done.returncode, MISSING)
        for wrong in ((), ("--to", backups.to), ("--to", backups.to, "--for", "x"), ("--for", backups.public),
                      ("--to", backups.to, "--for", backups.public, "--keep", "0"),
                      ("--to", backups.to, "--for", backups.public, "--keep", "10001"), ("--from", backups.to)):
            self.assertEqual(run("backup", "--config", self.register.config, *wrong).returncode, USAGE, wrong)
        # Never over anything.
        done = backups.restore(self.register.data)
        self.assertEqual(done.returncode, USAGE)
        self.assertIn("isn't empty", done.stderr)
        # One at a time.
        process = backups.begin()
        names = backups.names()
        while process.poll() is None and not any(name.endswith(".part") for name in backups.names() - names):
            pass
        process.send_signal(signal.SIGSTOP)
        done = run(*backups.command())
        process.send_signal(signal.SIGCONT)
        status, errors = wait(process)
        self.assertEqual((done.returncode, status), (IN_USE, 0), done.stderr + errors)

    def test_backups_of_two_registers_are_not_mixed(self):
        self.backups.make()
        with Register() as other:
            other.init()
            done = run("backup", "--config", other.config, *self.backups.command()[3:])
            self.assertEqual(done.returncode, USAGE, done.stderr)
            self.assertIn("another register", done.stderr)
        # Nor is a list that was written by hand.
        path = max(self.backups.to.glob("list-*"))
        path.write_text(sealed(path.read_text().replace("\nrevision ", "\nrevision 1")))
        done = self.backups.drill()
        self.assertEqual(done.returncode, SECURITY, done.stderr)
        self.assertIn(path.name, done.stderr)
        self.assertEqual(run(*self.backups.command()).returncode, USAGE)

    def test_another_key_is_told(self):
        """It is named, and so is the former one: each opens its own copies alone."""
        self.assertNotIn("another key", self.backups.make())
        self.assertNotIn("another key", self.backups.make())
        other = Backups(self.register, f"{self.name}-other")
        self.addCleanup(shutil.rmtree, other.to)
        done = run(*self.backups.command("--journal-only")[:5], "--for", other.public, "--journal-only")
        self.assertEqual(done.returncode, 0, done.stderr)
        line, = (line for line in done.stderr.splitlines() if "another key" in line)
        self.assertRegex(line, f"older copies need the secret key of {re.escape(self.backups.public)}, "
                               f"this one needs the secret key of {re.escape(other.public)};")
        self.assertEqual(self.backups.drill(key=other.key).returncode, 0)
        self.assertEqual(self.backups.drill().returncode, SECURITY)
        self.assertIn("another key", self.backups.make())

    def test_the_configuration_names_all(self):
        self.register.configure(backup__directory=self.backups.to, backup__public_key=self.backups.public,
                                backup__keep=3)
        done = run("backup", "--config", self.register.config)
        self.assertEqual(done.returncode, 0, done.stderr)
        into = self.register.root / f"{self.name}-again"
        self.addCleanup(shutil.rmtree, into)
        self.assertEqual(self.backups.restore(into).returncode, 0)
        self.assertEqual((into / "matriculad.conf").read_text(), self.register.config.read_text())
        self.assertEqual((into / "server.key").read_text(), (self.register.data / "server.key").read_text())
        self.assertEqual((into / "audit.key").read_text(), (self.register.data / "audit.key").read_text())

    def test_desks_are_told(self):
        """At hello: which key signs restores, and how far backups reach; both while the daemon runs."""
        with Register() as other:
            other.init()
            daemon = other.start()
            backups = Backups(other)
            with Desk(other) as desk:
                hello = must(desk.hello()).hello
                self.assertEqual((hello.backed_up_revision, hello.recovery_key), (0, b""))
                key = new_key()[0]
                done = run("recovery-key", "--config", other.config, "--", key)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn(f"The recovery key is set, in {other.data / 'recovery.pub'}.", done.stdout)
                self.assertIn("Next: keep its secret half", done.stdout)
                self.assertIn("make a backup now", done.stdout)
                daemon.await_line("a recovery key has been set")
                self.assertEqual(must(desk.hello()).hello.recovery_key, z85.decode(key))
                for count in range(1, 3):
                    fill(desk, count - 1, 1)
                    backups.make("--journal-only")
                    daemon.await_line("backed up to revision", count)
                    self.assertEqual(must(desk.hello()).hello.backed_up_revision, backups.revision())
                self.assertEqual(must(desk.status()).server_status.backed_up_revision, backups.revision())
                self.assertEqual(len(must(desk.query(incarnations=queries_pb2.Incarnations())).incarnations.statements),
                                 0)

    def test_a_register_that_is_not_served(self):
        """And has never been, or was stopped."""
        with Register() as other:
            other.init()
            backups = Backups(other)
            backups.make()
            self.assertEqual(backups.revision(), 1)
            done = backups.drill()
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("revision 1, segments: 1,", done.stdout)
            self.assertIn("records applied to a second register: 1, every table the same", done.stdout)


if __name__ == "__main__":
    unittest.main()
