"""Desks with libmatricula against the real daemon, and what the journal says afterwards."""

import collections
import hashlib
import os
import struct
import subprocess
import tempfile

from daemon import Case, Daemon
from matricula.v1 import commands_pb2 as commands
from matricula.v1 import journal_pb2 as journal
from matricula.v1 import vocabulary_pb2 as words
from register import Desk

PATIENCE_S = 120  # for an event that must come; reached only when a test fails
STATE_FULL, HALTED = 6, 12  # of enum mtr_client_error

UNITS = (
    # code, kind, parent, manages people, acts for parent
    ("TINH", "PROVINCIAL_COMMITTEE", "", True, False),
    ("BAN-TC", "PARTY_BOARD", "TINH", False, True),
    *((f"HUYEN-{number}", "DISTRICT_COMMITTEE", "TINH", True, False) for number in range(1, 6)),
)


class ChaosDesk:
    """A key, a state directory, and the processes that use them."""

    def __init__(self, daemon, name):
        self.daemon, self.name = daemon, name
        self.keys = Desk()
        self.key_file = os.path.join(daemon.directory, name + ".key")
        self.state = os.path.join(daemon.directory, name + ".state")
        self.principal = 0
        with open(os.open(self.key_file, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            file.write(
                f"[key]\npublic-key = {self.keys.public_key.decode()}\nsecret-key = {self.keys.secret_key.decode()}\n"
            )

    def command(self, mode, *arguments, endpoint=None, state=None, timeout_ms=20000):
        return [
            os.environ["CHAOS_DESK"],
            mode,
            endpoint or self.daemon.endpoint,
            self.daemon.server_key.decode(),
            self.key_file,
            state or self.state,
            str(timeout_ms),
            *map(str, arguments),
        ]

    def run(self, mode, *arguments, entries=(), clock_back_s=0, wanted=0, **options):
        """A process to its end; the lines it printed, split."""
        done = subprocess.run(
            self.command(mode, *arguments, **options),
            input=b"".join(struct.pack(">I", len(entry)) + entry for entry in entries),
            stdout=subprocess.PIPE,
            timeout=PATIENCE_S,
            env={**os.environ, "DESK_CLOCK_BACK_S": str(clock_back_s)},
        )
        assert done.returncode == wanted, f"{self.name} {mode} ended with {done.returncode}, not {wanted}"
        return [line.split() for line in done.stdout.decode().splitlines()]

    def enter(self, *bodies, **options):
        """Queues commands and sends what is queued; the packed answers."""
        entries = [commands.Command(**body).SerializeToString() for body in bodies]
        lines = self.run("enter", entries=entries, **options)
        return [bytes.fromhex(line[2]) for line in lines if line[0] in "AH" and len(line) > 2]


class ChaosCase(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.daemon.stay()
        cls.operator = cls.connect(cls.operator_desk)
        for code, kind, parent, manages, acts in UNITS:
            cls.put_unit(code, kind, parent, manages_people=manages, acts_for_parent=acts)

    @classmethod
    def put_unit(cls, code, kind, parent, **more):
        cls.operator.do(
            put_unit=dict(
                code=code,
                name=code,
                kind="UNIT_KIND_" + kind,
                level=words.LEVEL_PROVINCE,
                bloc=words.BLOC_PARTY,
                parent_code=parent,
                **more,
            )
        )

    @classmethod
    def chaos_desk(cls, name, role, unit):
        desk = ChaosDesk(cls.daemon, name)
        done = cls.operator.do(
            put_principal=dict(public_key=desk.keys.public_bytes, name=name, role=role, unit_code=unit)
        )
        desk.principal = done.id
        return desk

    def stop_daemon(self):
        self.assertEqual(self.daemon.end(), 0)

    def records(self):
        """The journal of the daemon, which has been stopped, after a register built from it came out the same."""
        with tempfile.TemporaryDirectory(prefix="matricula-replay-", dir=self.daemon.directory) as scratch:
            replay = subprocess.run(
                [os.environ["CHAOS_REPLAY"], self.daemon.data, scratch], stdout=subprocess.PIPE, timeout=PATIENCE_S
            )
        self.assertEqual(replay.returncode, 0)
        records, at = [], 0
        while at < len(replay.stdout):
            (size,) = struct.unpack_from(">I", replay.stdout, at)
            records.append(journal.Record.FromString(replay.stdout[at + 4 : at + 4 + size]))
            at += 4 + size
        self.assertEqual([record.header.revision for record in records], list(range(1, len(records) + 1)))
        return records

    def entries_of(self, records, principal):
        """The records of a principal's one outbox: 1 to n, each once and in order."""
        outboxes = collections.defaultdict(list)
        for record in records:
            if record.header.principal_id == principal:
                outboxes[record.header.outbox].append(record)
        self.assertLessEqual(len(outboxes), 1, "a desk has one outbox")
        found = next(iter(outboxes.values()), [])
        self.assertEqual([record.header.sequence for record in found], list(range(1, len(found) + 1)))
        return found


def digest(data):
    return hashlib.blake2b(data, digest_size=32).hexdigest()


def memory_kb(pid):
    """Memory that no file backs."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("RssAnon:"))


def keep_less_memory():
    """AddressSanitizer, in processes to come, keeps back little of what was freed."""
    os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=4"
