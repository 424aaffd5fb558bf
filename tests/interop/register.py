"""A client of the register, written from docs/protocol.md."""

import hashlib
import os

import zmq
from matricula.v1 import commands_pb2 as commands
from matricula.v1 import errors_pb2 as errors
from matricula.v1 import queries_pb2 as queries
from matricula.v1 import wire_pb2 as wire

TIMEOUT_MS = 20000
ZEROS = bytes(32)


def entry_hash(previous, sequence, command):
    return hashlib.blake2b(previous + sequence.to_bytes(8, "big") + command, digest_size=32).digest()


class Desk:
    """A key pair and the outbox that belongs to it."""

    def __init__(self):
        self.public_key, self.secret_key = zmq.curve_keypair()
        self.outbox = os.urandom(16)
        self.commands = []  # packed; sequence n at n - 1
        self.hashes = []  # of each entry
        self.answered = 0  # entries with a final answer

    @property
    def public_bytes(self):
        from zmq.utils import z85

        return z85.decode(self.public_key)

    def append(self, command):
        """Puts a command behind the others; its sequence."""
        sequence = len(self.commands) + 1
        self.commands.append(command)
        self.hashes.append(entry_hash(self.previous_hash(sequence), sequence, command))
        return sequence

    def previous_hash(self, sequence):
        return self.hashes[sequence - 2] if sequence > 1 else ZEROS

    def sequencing(self, sequence):
        return wire.Sequencing(
            outbox=self.outbox,
            sequence=sequence,
            first_unacknowledged=min(self.answered + 1, sequence),
            previous_hash=self.previous_hash(sequence),
        )


class Refused(Exception):
    """The register answered with an error."""

    def __init__(self, answer):
        self.answer = answer
        self.error = answer.error
        self.code = errors.ErrorCode.Name(answer.error.code).replace("ERROR_CODE_", "", 1)
        super().__init__(f"{self.code} {answer.error}")


class Register:
    """One connection."""

    def __init__(self, context, endpoint, server_key, desk):
        self.desk = desk
        self.socket = context.socket(zmq.DEALER)
        for option, value in ((zmq.LINGER, 0), (zmq.IMMEDIATE, 1), (zmq.RCVTIMEO, TIMEOUT_MS), (zmq.SNDTIMEO, TIMEOUT_MS)):
            self.socket.setsockopt(option, value)
        self.socket.curve_serverkey = server_key
        self.socket.curve_publickey = desk.public_key
        self.socket.curve_secretkey = desk.secret_key
        self.socket.connect(endpoint)
        self.request_id = 0

    def close(self):
        self.socket.close()

    # One request, one reply.

    def send(self, request):
        self.request_id += 1
        request.request_id = self.request_id
        self.socket.send(request.SerializeToString())
        return self.request_id

    def receive(self):
        """A Reply and its Answer."""
        frames = self.socket.recv_multipart()
        assert len(frames) == 1, "a reply is one frame"
        reply = wire.Reply.FromString(frames[0])
        return reply, wire.Answer.FromString(reply.answer)

    def ask(self, request):
        request_id = self.send(request)
        reply, answer = self.receive()
        assert reply.request_id == request_id, (reply.request_id, request_id)
        return reply, answer

    @staticmethod
    def good(answer):
        """The answer's body, unless it is an error."""
        if answer.WhichOneof("body") == "error":
            raise Refused(answer)
        return getattr(answer, answer.WhichOneof("body"))

    def hello(self, minimum=1, maximum=1):
        request = wire.Request(
            hello=wire.Hello(
                protocol_minimum=minimum, protocol_maximum=maximum, software="interop", outbox=self.desk.outbox
            )
        )
        _, answer = self.ask(request)
        return self.good(answer)

    # Commands.

    def send_entry(self, sequence, command=None):
        request = wire.Request(
            command=self.desk.commands[sequence - 1] if command is None else command,
            sequencing=self.desk.sequencing(sequence),
        )
        return self.send(request)

    def entry(self, sequence, command=None):
        request_id = self.send_entry(sequence, command)
        reply, answer = self.receive()
        assert reply.request_id == request_id
        return reply, answer

    def do(self, **body):
        """Enters a command and sends it; its final answer. Raises Refused on a final error."""
        command = commands.Command(**body).SerializeToString()
        sequence = self.desk.append(command)
        _, answer = self.entry(sequence)
        assert answer.revision > 0, answer
        self.desk.answered = sequence
        self.revision = answer.revision
        return self.good(answer)

    def dry_run(self, **body):
        request = wire.Request(command=commands.Command(**body).SerializeToString(), dry_run=True)
        _, answer = self.ask(request)
        assert answer.revision == 0, answer
        return self.good(answer)

    # Queries.

    def query(self, least_revision=0, **body):
        _, answer = self.ask(wire.Request(query=queries.Query(least_revision=least_revision, **body)))
        return self.good(answer)

    def rows(self, kind, message, least_revision=0, **filters):
        """All rows of a type, unpacked."""
        found, after = [], b""
        while True:
            page = self.query(least_revision, list=queries.List(type=kind, after=after, **filters))
            found += [message.FromString(row.row) for row in page.rows]
            if not page.more:
                return found
            after = page.cursor


class Mirror:
    """What a key may see, kept by its feed."""

    def __init__(self, register, class_code=""):
        self.register, self.class_code = register, class_code
        self.cursor = b""
        self.rows = {}  # (type, id) -> FeedRow

    def pull(self, least_revision=0, limit=0):
        """Reads to the head; the last page."""
        while True:
            page = self.register.query(
                least_revision, feed=queries.Feed(cursor=self.cursor, limit=limit, class_code=self.class_code)
            )
            self.take(page)
            if not page.more:
                assert page.at_head and page.revision_complete, page
                return page

    def take(self, page):
        for home in page.homes_removed:
            self.rows = {
                key: row for key, row in self.rows.items() if home.kind and row.home != home
            }
        for row in page.rows:
            key = (row.type, row.id)
            if row.WhichOneof("content") == "row":
                self.rows[key] = row
            elif key in self.rows and self.rows[key].home == row.home:
                del self.rows[key]
        self.cursor = page.cursor

    def digest(self):
        total = 0
        for row in self.rows.values():
            content = (
                bytes([row.home.kind])
                + row.home.a.to_bytes(4, "big")
                + row.home.b.to_bytes(4, "big")
                + bytes([row.type])
                + row.id.to_bytes(8, "big")
                + row.revision.to_bytes(8, "big")
                + row.row
            )
            total += int.from_bytes(hashlib.blake2b(content, digest_size=32).digest(), "big")
        return (total % 2**256).to_bytes(32, "big")

    def messages(self, kind, message):
        return [message.FromString(row.row) for (of, _), row in sorted(self.rows.items()) if of == kind]
