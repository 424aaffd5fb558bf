"""Entries that another desk's connection carries, sealed as docs/protocol.md says."""

import ctypes
import ctypes.util
import os
import unittest

from daemon import Case
from matricula.v1 import commands_pb2 as commands
from matricula.v1 import errors_pb2 as errors
from matricula.v1 import queries_pb2 as queries
from matricula.v1 import vocabulary_pb2 as vocabulary
from matricula.v1 import wire_pb2 as wire
from register import Desk
from zmq.utils import z85

SODIUM = ctypes.CDLL(ctypes.util.find_library("sodium"))
MAC = 16


def seal(prefix, plain, public_key, secret_key):
    nonce, box = os.urandom(16), ctypes.create_string_buffer(len(plain) + MAC)
    failed = SODIUM.crypto_box_easy(
        box, plain, ctypes.c_ulonglong(len(plain)), prefix + nonce, z85.decode(public_key), z85.decode(secret_key)
    )
    assert not failed
    return nonce, box.raw


def unseal(prefix, nonce, box, public_key, secret_key):
    """None when the box can't be opened."""
    plain = ctypes.create_string_buffer(len(box))
    failed = SODIUM.crypto_box_open_easy(
        plain, box, ctypes.c_ulonglong(len(box)), prefix + nonce, z85.decode(public_key), z85.decode(secret_key)
    )
    return None if failed else plain.raw[: len(box) - MAC]


class Relay(Case):
    def setUp(self):
        self.operator = self.connect(self.operator_desk)
        self.carrier = self.register_desk(self.operator, "Người chuyển", vocabulary.ROLE_AUDITOR, "")
        self.office = Desk()
        self.register_office()

    def register_office(self, role=vocabulary.ROLE_OPERATOR):
        self.operator.do(put_principal=dict(public_key=self.office.public_bytes, name="Nơi không có mạng", role=role))

    def relay(self, request, desk=None, prefix=b"MTR-ASK-"):
        desk = desk or self.office
        nonce, box = seal(prefix, request.SerializeToString(), self.daemon.server_key, desk.secret_key)
        return wire.Relay(sender=desk.public_bytes, nonce=nonce, box=box)

    def entry(self, sequence, desk=None, **changes):
        desk = desk or self.office
        return wire.Request(
            request_id=1000 + sequence,
            command=desk.commands[sequence - 1],
            sequencing=desk.sequencing(sequence),
            **changes,
        )

    def append(self, code, desk=None):
        command = commands.Command(
            put_unit=dict(code=code, name=code, kind=vocabulary.UNIT_KIND_DEPARTMENT, level=vocabulary.LEVEL_PROVINCE,
                          bloc=vocabulary.BLOC_STATE)
        )
        return (desk or self.office).append(command.SerializeToString())

    def carry(self, relay):
        """What the carrier gets."""
        reply, answer = self.carrier.ask(wire.Request(relay=relay))
        self.assertFalse(reply.repeated_answer)
        self.assertEqual(answer.revision, 0)
        return answer

    def open(self, answer, desk=None):
        """What the sender reads: its Reply and Answer."""
        self.assertEqual(answer.WhichOneof("body"), "relayed", answer)
        plain = unseal(b"MTR-TELL", answer.relayed.nonce, answer.relayed.box, self.daemon.server_key,
                       (desk or self.office).secret_key)
        self.assertIsNotNone(plain)
        reply = wire.Reply.FromString(plain)
        return reply, wire.Answer.FromString(reply.answer)

    def code(self, answer):
        self.assertEqual(answer.WhichOneof("body"), "error", answer)
        return errors.ErrorCode.Name(answer.error.code).replace("ERROR_CODE_", "", 1)

    def test_once_whichever_way(self):
        sequence = self.append("TU")
        first = self.carry(self.relay(self.entry(sequence)))
        reply, answer = self.open(first)
        self.assertEqual(reply.request_id, 1000 + sequence)
        self.assertFalse(reply.repeated_answer)
        self.assertGreater(answer.revision, 0)
        again, repeated = self.open(self.carry(self.relay(self.entry(sequence))))
        self.assertTrue(again.repeated_answer)
        self.assertEqual(repeated, answer)
        wired, over_the_wire = self.connect(self.office).entry(sequence)
        self.assertTrue(wired.repeated_answer)
        self.assertEqual(over_the_wire, answer)
        # The rules of an outbox hold for what is carried: gaps, copies, forks.
        self.append("A1"), self.append("A2")
        self.assertEqual(self.code(self.open(self.carry(self.relay(self.entry(3))))[1]), "SEQUENCE_GAP")
        forked = self.entry(2)
        forked.sequencing.previous_hash = bytes(32)
        self.assertEqual(self.code(self.open(self.carry(self.relay(forked)))[1]), "OUTBOX_FORKED")
        self.open(self.carry(self.relay(self.entry(2))))
        other = self.entry(2)
        other.command = self.office.commands[2]
        self.assertEqual(self.code(self.open(self.carry(self.relay(other)))[1]), "SEQUENCE_CONTENTS")

    def test_the_carrier_reads_nothing_and_lends_nothing(self):
        self.append("KHONG-AI-DOC")
        relay = self.relay(self.entry(1))
        self.assertNotIn(b"KHONG-AI-DOC", relay.SerializeToString())
        answer = self.carry(relay)
        self.assertIsNone(unseal(b"MTR-TELL", answer.relayed.nonce, answer.relayed.box, self.daemon.server_key,
                                 self.carrier.desk.secret_key))
        # In the sender's name only with the sender's key.
        forged = self.relay(self.entry(1), desk=self.carrier.desk)
        forged.sender = self.office.public_bytes
        self.assertEqual(self.code(self.carry(forged)), "MALFORMED")
        # The carrier's own role doesn't count, the sender's does.
        auditor = Desk()
        self.operator.do(put_principal=dict(public_key=auditor.public_bytes, name="Kiểm tra", role=vocabulary.ROLE_AUDITOR))
        self.append("X1", auditor)
        self.assertEqual(self.code(self.open(self.carry(self.relay(self.entry(1, auditor), auditor)), auditor)[1]),
                         "ROLE_REFUSED")

    def test_senders_that_are_not_let_in(self):
        stranger = Desk()
        self.append("X2", stranger)
        answer = self.carry(self.relay(self.entry(1, stranger), stranger))
        self.assertEqual(self.code(self.open(answer, stranger)[1]), "NOT_REGISTERED")
        self.append("X3")
        self.operator.do(revoke_principal=dict(public_key=self.office.public_bytes, reason="mất khóa"))
        self.assertEqual(self.code(self.open(self.carry(self.relay(self.entry(1))))[1]), "REVOKED")

    def test_what_may_not_be_in_a_box(self):
        self.append("X4")
        hello = wire.Request(request_id=5, hello=wire.Hello(protocol_minimum=1, protocol_maximum=1))
        query = wire.Request(request_id=5, query=queries.Query(server_status=queries.ServerStatus()))
        nested = wire.Request(request_id=5, relay=self.relay(self.entry(1)))
        dry_run = self.entry(1, dry_run=True)
        for request in hello, query, nested, dry_run:
            self.assertEqual(self.code(self.open(self.carry(self.relay(request)))[1]), "UNKNOWN_REQUEST")
        bare = wire.Request(request_id=5, command=self.office.commands[0])
        _, answer = self.open(self.carry(self.relay(bare)))
        self.assertEqual((self.code(answer), answer.error.field), ("MALFORMED", "sequencing"))

    def test_boxes_that_can_not_be_opened(self):
        self.append("X5")
        good = self.relay(self.entry(1))
        for field, value in (("sender", good.sender[:-1]), ("nonce", good.nonce[:-1]), ("box", good.box[:-1]),
                             ("box", b""), ("box", bytes(15)), ("sender", bytes(32)),
                             ("nonce", bytes(16)), ("sender", self.carrier.desk.public_bytes)):
            with self.subTest(field=field, value=value):
                bad = wire.Relay()
                bad.CopyFrom(good)
                setattr(bad, field, value)
                self.assertEqual(self.code(self.carry(bad)), "MALFORMED")
        self.assertEqual(self.code(self.carry(self.relay(self.entry(1), prefix=b"MTR-TELL"))), "MALFORMED")
        self.assertGreater(self.open(self.carry(good))[1].revision, 0)

    def test_a_carrier_says_hello_first(self):
        self.append("X6")
        unknown = self.connect(self.operator_desk, hello=False)
        _, answer = unknown.ask(wire.Request(relay=self.relay(self.entry(1))))
        self.assertEqual(self.code(answer), "HELLO_REQUIRED")


if __name__ == "__main__":
    unittest.main()
