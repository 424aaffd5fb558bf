"""Who gets in, and what is said to whom before any command."""

import unittest

import zmq
from daemon import Case
from matricula.v1 import commands_pb2 as commands
from matricula.v1 import queries_pb2 as queries
from matricula.v1 import vocabulary_pb2 as vocabulary
from matricula.v1 import wire_pb2 as wire
from register import Desk, Register
from zmq.utils.monitor import recv_monitor_message


class Door(Case):
    def test_hello(self):
        register = self.connect(self.operator_desk, hello=False)
        hello = register.hello()
        self.assertEqual(hello.protocol, 1)
        self.assertEqual(hello.principal.role, vocabulary.ROLE_OPERATOR)
        self.assertEqual(hello.principal.public_key, self.operator_desk.public_bytes)
        self.assertEqual(hello.maximum_message, 65536)
        self.assertEqual(hello.maximum_in_flight, 256)
        self.assertGreaterEqual(hello.head_revision, 1)

    def test_no_protocol_in_common(self):
        register = self.connect(self.operator_desk, hello=False)
        with self.refused("VERSION_UNSUPPORTED") as refusal:
            register.hello(minimum=2, maximum=9)
        self.assertEqual(refusal.error.number, 1)
        self.assertEqual(register.hello(minimum=1, maximum=9).protocol, 1)

    def test_hello_comes_first(self):
        register = self.connect(self.operator_desk, hello=False)
        with self.refused("HELLO_REQUIRED"):
            register.query(server_status=queries.ServerStatus())
        register.hello()
        register.query(server_status=queries.ServerStatus())

    def monitored(self, desk, server_key):
        """The first event of a handshake that is over."""
        register = Register(self.context, self.daemon.endpoint, server_key, desk)
        self.addCleanup(register.close)
        over = (
            zmq.EVENT_HANDSHAKE_SUCCEEDED
            | zmq.EVENT_HANDSHAKE_FAILED_AUTH
            | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
            | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
        )
        monitor = register.socket.get_monitor_socket(over)
        self.addCleanup(monitor.close)
        monitor.setsockopt(zmq.RCVTIMEO, 20000)
        message = recv_monitor_message(monitor)
        register.socket.disable_monitor()
        return message["event"], message["value"]

    def test_stranger_is_refused(self):
        event, value = self.monitored(Desk(), self.daemon.server_key)
        self.assertEqual((event, value), (zmq.EVENT_HANDSHAKE_FAILED_AUTH, 400))

    def test_wrong_server_key(self):
        event, _ = self.monitored(self.operator_desk, Desk().public_key)
        self.assertEqual(event, zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL)

    def raw(self, register, *frames):
        register.socket.send_multipart(frames)
        return register.receive()

    def code_of(self, answer):
        from matricula.v1 import errors_pb2 as errors

        self.assertEqual(answer.WhichOneof("body"), "error", answer)
        self.assertEqual(answer.revision, 0)
        return errors.ErrorCode.Name(answer.error.code)

    def test_what_is_no_request(self):
        register = self.connect(self.operator_desk)
        reply, answer = self.raw(register, b"\xff\xff\xff")
        self.assertEqual(self.code_of(answer), "ERROR_CODE_MALFORMED")
        self.assertEqual(reply.request_id, 0)
        reply, answer = self.raw(register, b"\x08\x2a\xff\xff")
        self.assertEqual(self.code_of(answer), "ERROR_CODE_MALFORMED")
        self.assertEqual(reply.request_id, 42)
        _, answer = self.raw(register, b"\x08\x01", b"\x08\x01")
        self.assertEqual(self.code_of(answer), "ERROR_CODE_MALFORMED")
        _, answer = self.raw(register, wire.Request(request_id=7).SerializeToString())
        self.assertEqual(self.code_of(answer), "ERROR_CODE_UNKNOWN_REQUEST")
        reply, answer = self.raw(register, wire.Request(request_id=8, command=bytes(70000)).SerializeToString())
        self.assertEqual(self.code_of(answer), "ERROR_CODE_TOO_LARGE")
        self.assertEqual((reply.request_id, answer.error.number), (8, 65536))
        register.query(server_status=queries.ServerStatus())

    def test_sequencing_must_have_its_shape(self):
        register = self.connect(self.operator_desk)
        command = commands.Command().SerializeToString()
        good = dict(outbox=bytes(16), sequence=1, first_unacknowledged=1, previous_hash=bytes(32))
        for field, value in (
            ("sequencing.outbox", dict(good, outbox=bytes(15))),
            ("sequencing.sequence", dict(good, sequence=0)),
            ("sequencing.previous_hash", dict(good, previous_hash=b"")),
            ("sequencing.first_unacknowledged", dict(good, first_unacknowledged=2)),
        ):
            with self.subTest(field):
                _, answer = register.ask(wire.Request(command=command, sequencing=wire.Sequencing(**value)))
                self.assertEqual(self.code_of(answer), "ERROR_CODE_MALFORMED")
                self.assertEqual(answer.error.field, field)
        _, answer = register.ask(wire.Request(command=command))
        self.assertEqual(answer.error.field, "sequencing")

    def test_revoked_in_an_open_connection(self):
        operator = self.connect(self.operator_desk)
        auditor = self.register_desk(operator, "Thanh tra", vocabulary.ROLE_AUDITOR, "")
        auditor.query(server_status=queries.ServerStatus())
        operator.do(revoke_principal=dict(public_key=auditor.desk.public_bytes, reason="mất khóa"))
        with self.refused("REVOKED"):
            auditor.query(server_status=queries.ServerStatus())
        event, value = self.monitored(auditor.desk, self.daemon.server_key)
        self.assertEqual((event, value), (zmq.EVENT_HANDSHAKE_FAILED_AUTH, 400))
        with self.refused("KEY_TAKEN"):
            operator.do(
                put_principal=dict(
                    public_key=auditor.desk.public_bytes, name="Thanh tra", role=vocabulary.ROLE_AUDITOR
                )
            )


if __name__ == "__main__":
    unittest.main()
