"""One who talks to the register in raw frames: no client library, so that nothing is tidied up on the way."""
import hashlib
import itertools
import os

import zmq
from zmq.utils import z85
from zmq.utils.monitor import recv_monitor_message

from matricula.v1 import commands_pb2, errors_pb2, queries_pb2, vocabulary_pb2, wire_pb2

from support.daemon import PATIENCE, read_key

Errors = errors_pb2.ErrorCode
HANDSHAKE_EVENTS = (zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_HANDSHAKE_FAILED_AUTH
                    | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL)


def new_key():
    public, secret = zmq.curve_keypair()
    return public.decode(), secret.decode()


def socket_for(register, key=None, server_key=None):
    """A DEALER that isn't connected yet."""
    socket = zmq.Context.instance().socket(zmq.DEALER)
    socket.linger = 0
    socket.rcvtimeo = socket.sndtimeo = PATIENCE * 1000
    if key:
        socket.curve_publickey, socket.curve_secretkey = (part.encode() for part in key)
        socket.curve_serverkey = (server_key or register.server_key).encode()
    return socket


_numbers = itertools.count(1)


def knock(register, socket):
    """The name of the first handshake event, and its value, of a connection of this socket."""
    monitor = socket.get_monitor_socket(HANDSHAKE_EVENTS, f"inproc://monitor.{next(_numbers)}")
    monitor.rcvtimeo = PATIENCE * 1000
    socket.connect(register.endpoint)
    event = recv_monitor_message(monitor)
    socket.disable_monitor()
    monitor.close(0)
    names = {zmq.EVENT_HANDSHAKE_SUCCEEDED: "let in", zmq.EVENT_HANDSHAKE_FAILED_AUTH: "refused",
             zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL: "protocol", zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL: "closed"}
    return names[event["event"]], event["value"]


class Desk:
    """A connection with a key; hello is said only when asked for."""

    def __init__(self, register, key=None, deaf=False):
        """`deaf`: as little as may be is taken off the network before it is asked for."""
        self.socket = socket_for(register, key or read_key(register.operator))
        if deaf:
            self.socket.rcvhwm, self.socket.rcvbuf = 1, 4096
        self.socket.connect(register.endpoint)
        self.request_ids = itertools.count(1)
        self.outbox = os.urandom(16)
        self.sequence = 0
        self.hash = bytes(32)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, *frames):
        self.socket.send_multipart(frames)

    def receive(self):
        """The next reply: its Reply and the Answer in it."""
        frames = self.socket.recv_multipart()
        assert len(frames) == 1, frames
        reply = wire_pb2.Reply.FromString(frames[0])
        return reply, wire_pb2.Answer.FromString(reply.answer)

    def ask(self, request):
        """Sends a Request and takes its reply's Answer."""
        request.request_id = next(self.request_ids)
        self.send(request.SerializeToString())
        reply, answer = self.receive()
        assert reply.request_id == request.request_id, (reply, request)
        return answer

    def hello(self, minimum=1, maximum=1):
        hello = wire_pb2.Hello(protocol_minimum=minimum, protocol_maximum=maximum, software="test", outbox=self.outbox)
        return self.ask(wire_pb2.Request(hello=hello))

    def greeted(self):
        answer = self.hello()
        assert answer.HasField("hello"), answer
        return self

    def query(self, **body):
        return self.ask(wire_pb2.Request(query=queries_pb2.Query(**body)))

    def status(self):
        return self.query(server_status=queries_pb2.ServerStatus())

    def entry(self, command):
        """The Request of the next entry of the outbox."""
        packed = command if isinstance(command, bytes) else command.SerializeToString()
        self.sequence += 1
        request = wire_pb2.Request(command=packed, request_id=next(self.request_ids))
        request.sequencing.outbox = self.outbox
        request.sequencing.sequence = self.sequence
        request.sequencing.first_unacknowledged = 1
        request.sequencing.previous_hash = self.hash
        self.hash = hashlib.blake2b(self.hash + self.sequence.to_bytes(8, "big") + packed, digest_size=32).digest()
        return request

    def command(self, **body):
        """Sends one command and takes its Answer."""
        request = self.entry(commands_pb2.Command(**body))
        self.send(request.SerializeToString())
        reply, answer = self.receive()
        assert reply.request_id == request.request_id
        return answer


def unit(number, parent="ROOT"):
    """A PutUnit command's body."""
    return commands_pb2.PutUnit(code=f"UNIT-{number}" if number else "ROOT", name=f"Unit {number}",
                                kind=vocabulary_pb2.UNIT_KIND_DEPARTMENT, level=vocabulary_pb2.LEVEL_PROVINCE,
                                bloc=vocabulary_pb2.BLOC_STATE, parent_code=parent if number else "")


def must(answer):
    assert not answer.HasField("error"), answer
    return answer


def error_of(answer):
    return Errors.Name(answer.error.code)[len("ERROR_CODE_"):] if answer.HasField("error") else None


class Clerks:
    """Keys registered by the operator: a root unit and one principal for each call of new()."""

    def __init__(self, register):
        self.register = register
        self.operator = Desk(register).greeted()
        must(self.operator.command(put_unit=unit(0)))

    def new(self, role=vocabulary_pb2.ROLE_NOMINATOR, unit_code="ROOT"):
        key = new_key()
        must(self.operator.command(put_principal=commands_pb2.PutPrincipal(
            public_key=z85.decode(key[0]), name="clerk", role=role, unit_code=unit_code)))
        return key

    def revoke(self, key):
        return self.operator.command(revoke_principal=commands_pb2.RevokePrincipal(
            public_key=z85.decode(key[0]), reason="left"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.operator.socket.close()
