"""Bytes that aren't a request: each gets exactly one reply or ends its connection, and the daemon goes on."""
import random
import unittest

from matricula.v1 import commands_pb2, queries_pb2, wire_pb2

from support.daemon import Register
from support.desk import Desk, error_of, must, unit

REQUEST_MAX = 64 * 1024


class Frames(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.register = Register()
        cls.addClassCleanup(cls.register.__exit__)
        cls.register.init().start()

    def setUp(self):
        self.desk = Desk(self.register).greeted()
        self.addCleanup(self.desk.socket.close)

    def alone(self, *frames):
        """The one reply to these frames; a second one would come before that to the status asked for after it."""
        self.desk.send(*frames)
        reply, answer = self.desk.receive()
        must(self.desk.status())
        return reply.request_id, error_of(answer)

    def whole(self):
        """A request with everything in it."""
        request = self.desk.entry(commands_pb2.Command(put_unit=unit(0)))
        self.desk.sequence, self.desk.hash = 0, bytes(32)
        return request.SerializeToString()

    def test_empty(self):
        self.assertEqual(self.alone(b""), (0, "MALFORMED"))

    def test_not_protobuf(self):
        for data in (b"\x00", b"\xff", b"\xff" * 100, b"\x0b", b"\x0c", b"\x08", b"\x10\x01", b"A" * 1000):
            self.assertEqual(self.alone(data)[1] in ("MALFORMED", "UNKNOWN_REQUEST"), True, data)

    def test_request_id_is_echoed_where_it_can_be_read(self):
        self.assertEqual(self.alone(b"\x08\x96\x01\xff\xff"), (150, "MALFORMED"))
        self.assertEqual(self.alone(b"\x08" + b"\xff" * 9 + b"\x01"), (2**64 - 1, "UNKNOWN_REQUEST"))

    def test_truncated_at_every_byte(self):
        data = self.whole()
        for size in range(len(data)):
            _, error = self.alone(data[:size])
            self.assertIn(error, ("MALFORMED", "UNKNOWN_REQUEST"), data[:size])

    def test_every_byte_turned(self):
        data = self.whole()
        chance = random.Random(20251)
        desk = self.desk
        for at in range(len(data)):
            turned = bytearray(data)
            turned[at] ^= 1 << chance.randrange(8)
            desk.send(bytes(turned))
            desk.receive()
        must(desk.status())

    def test_random(self):
        chance = random.Random(7)
        for _ in range(2000):
            self.desk.send(chance.randbytes(chance.choice((1, 2, 3, 8, 30, 200, 2000))))
            self.desk.receive()
        must(self.desk.status())

    def test_random_tail(self):
        chance = random.Random(8)
        for tag in (b"\x12", b"\x1a", b"\x22", b"\x2a"):
            for _ in range(300):
                tail = chance.randbytes(chance.randrange(1, 100))
                self.desk.send(b"\x08\x05" + tag + bytes([len(tail)]) + tail)
                reply, _ = self.desk.receive()
                self.assertEqual(reply.request_id, 5)
        must(self.desk.status())

    def test_deeply_nested(self):
        for tag in (b"\x22", b"\x12", b"\x2a", b"\x3b"):
            data = b""
            while len(data) < REQUEST_MAX - 16:
                size = len(data)
                length = bytearray()
                while size >= 0x80:
                    length.append(size & 0x7F | 0x80)
                    size >>= 7
                length.append(size)
                data = tag + bytes(length) + data
            self.assertIsNotNone(self.alone(data)[1])
        self.assertIsNotNone(self.alone(b"\x0b" * (REQUEST_MAX - 1))[1])

    def test_large_repeated_fields(self):
        """Much memory for few bytes: bounded, and answered."""
        many = wire_pb2.Request(request_id=9, query=queries_pb2.Query(list=queries_pb2.List(states=[1] * 60000)))
        self.desk.send(many.SerializeToString())
        reply, _ = self.desk.receive()
        self.assertEqual(reply.request_id, 9)
        empty_items = b"\x2a\x00" * 30000
        self.assertIsNotNone(self.alone(b"\x08\x07" + b"\x22" + b"\xe0\xd4\x03" + empty_items)[1])

    def test_too_large(self):
        request = wire_pb2.Request(request_id=3, command=bytes(REQUEST_MAX))
        self.assertEqual(self.alone(request.SerializeToString()), (3, "TOO_LARGE"))
        self.assertEqual(self.alone(b"\xff" * (2 * REQUEST_MAX - 100)), (0, "TOO_LARGE"))

    def test_frame_beyond_the_transport_ends_the_connection(self):
        big = Desk(self.register).greeted()
        self.addCleanup(big.socket.close)
        big.send(bytes(4 * REQUEST_MAX))
        # The socket connects again by itself, as somebody who hasn't said hello.
        big.socket.rcvtimeo = 200
        for _ in range(100):
            try:
                big.send(wire_pb2.Request(request_id=1, query=queries_pb2.Query()).SerializeToString())
                _, answer = big.receive()
            except Exception:  # noqa: BLE001 what was sent into the closed connection is lost
                continue
            if error_of(answer) == "HELLO_REQUIRED":
                break
        else:
            self.fail("the connection wasn't closed")
        must(self.desk.status())

    def test_several_frames(self):
        whole = wire_pb2.Request(request_id=1, query=queries_pb2.Query()).SerializeToString()
        for frames in ((b"", whole), (whole, b""), (whole, whole), (b"", b""), tuple([whole] * 50)):
            self.assertEqual(self.alone(*frames), (0, "MALFORMED"))

    def test_flood_of_frames(self):
        self.assertEqual(self.alone(*([b"x"] * 20000)), (0, "MALFORMED"))
        with Desk(self.register).greeted() as other:
            for _ in range(20):
                self.desk.send(*([b"x"] * 2000))
            for _ in range(20):
                must(other.status())
            for _ in range(20):
                self.assertEqual(error_of(self.desk.receive()[1]), "MALFORMED")

    def test_unknown_request(self):
        self.assertEqual(self.alone(wire_pb2.Request(request_id=4).SerializeToString()), (4, "UNKNOWN_REQUEST"))
        self.assertEqual(self.alone(b"\x08\x04\xca\x3e\x03abc"), (4, "UNKNOWN_REQUEST"))

    def test_unknown_query(self):
        self.assertEqual(error_of(self.desk.query()), "UNKNOWN_REQUEST")

    def test_unknown_command_consumes_its_sequence(self):
        request = self.desk.entry(b"\xca\x3e\x03abc")
        answer = self.desk.ask(request)
        self.assertEqual(error_of(answer), "UNKNOWN_COMMAND")
        self.assertGreater(answer.revision, 0)
        answer = self.desk.ask(self.desk.entry(b"\xff\xff"))
        self.assertGreater(answer.revision, 0)
        self.assertGreater(self.desk.command(put_unit=unit(0)).revision, answer.revision)

    def test_unknown_enumerators(self):
        strange = unit(0)
        body = strange.SerializeToString() + b"\x18\xe7\x07"  # kind = 999
        packed = b"\x52" + bytes([len(body)]) + body
        self.assertEqual(commands_pb2.Command.FromString(packed).put_unit.kind, 999)
        self.assertEqual(error_of(self.desk.ask(self.desk.entry(packed))), "FIELD_VALUE")
        answer = self.desk.query(list=queries_pb2.List(type=999))
        self.assertTrue(answer.HasField("error"), answer)

    def test_sequencing(self):
        good = self.desk.entry(commands_pb2.Command(put_unit=unit(0)))
        for change in (lambda s: s.ClearField("outbox"), lambda s: setattr(s, "outbox", bytes(15)),
                       lambda s: setattr(s, "outbox", bytes(17)), lambda s: setattr(s, "sequence", 0),
                       lambda s: setattr(s, "previous_hash", bytes(31)), lambda s: s.ClearField("previous_hash")):
            bad = wire_pb2.Request.FromString(good.SerializeToString())
            change(bad.sequencing)
            answer = self.desk.ask(bad)
            self.assertEqual(error_of(answer), "MALFORMED")
            self.assertTrue(answer.error.field.startswith("sequencing."), answer)
            self.assertEqual(answer.revision, 0)
        bad.ClearField("sequencing")
        self.assertEqual(self.desk.ask(bad).error.field, "sequencing")
        must(self.desk.ask(good))

    def test_dry_run_changes_nothing(self):
        before = must(self.desk.status()).server_status.durable_revision
        request = wire_pb2.Request(command=commands_pb2.Command(put_unit=unit(0)).SerializeToString(), dry_run=True)
        self.assertEqual(must(self.desk.ask(request)).revision, 0)
        self.assertEqual(must(self.desk.status()).server_status.durable_revision, before)

    def test_random_commands(self):
        """Every command's bytes with random ones in their place: each is answered and consumed, in order."""
        chance = random.Random(11)
        revision = 0
        for _ in range(500):
            tag = chance.randrange(10, 36)
            body = chance.randbytes(chance.randrange(0, 40))
            packed = bytes([(tag << 3 | 2) & 0x7F | 0x80, tag >> 4, len(body)]) + body
            answer = self.desk.ask(self.desk.entry(packed))
            self.assertTrue(answer.HasField("error") or answer.HasField("done"), answer)
            self.assertGreater(answer.revision, revision)
            revision = answer.revision


if __name__ == "__main__":
    unittest.main()
