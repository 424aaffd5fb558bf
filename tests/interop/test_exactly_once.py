"""Every entry once and only once: repeated, out of order, across a restart and a kill."""

import signal
import unittest

from daemon import Case
from matricula.v1 import commands_pb2 as commands
from matricula.v1 import entities_pb2 as entities
from matricula.v1 import errors_pb2 as errors
from matricula.v1 import queries_pb2 as queries
from matricula.v1 import vocabulary_pb2 as vocabulary
from matricula.v1 import wire_pb2 as wire
from register import Desk, Mirror, entry_hash


def unit(number):
    """A command that creates one more unit below the root."""
    return commands.Command(
        put_unit=commands.PutUnit(
            code=f"XA-{number:03}",
            name=f"Xã số {number}",
            kind=vocabulary.UNIT_KIND_COMMUNE,
            level=vocabulary.LEVEL_COMMUNE,
            bloc=vocabulary.BLOC_STATE,
            parent_code="TINH",
        )
    ).SerializeToString()


class ExactlyOnce(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.units = 0
        operator = cls.connect(cls.operator_desk)
        operator.do(
            put_unit=dict(
                code="TINH",
                name="Tỉnh ủy",
                kind=vocabulary.UNIT_KIND_PROVINCIAL_COMMITTEE,
                level=vocabulary.LEVEL_PROVINCE,
                bloc=vocabulary.BLOC_PARTY,
                manages_people=True,
            )
        )

    def setUp(self):
        self.register = self.fresh()

    def fresh(self):
        """The operator's key has one outbox a test: a desk of its own with the same keys."""
        desk = Desk()
        desk.public_key, desk.secret_key = self.operator_desk.public_key, self.operator_desk.secret_key
        return self.connect(desk)

    def unit(self):
        type(self).units += 1
        return unit(self.units)

    def code(self, answer):
        self.assertEqual(answer.WhichOneof("body"), "error", answer)
        return errors.ErrorCode.Name(answer.error.code).replace("ERROR_CODE_", "", 1)

    def done(self, sequence):
        reply, answer = self.register.entry(sequence)
        self.assertEqual(answer.WhichOneof("body"), "done", answer)
        return reply

    def test_example_of_the_document(self):
        first = entry_hash(bytes(32), 1, bytes.fromhex("c201020807"))
        second = entry_hash(first, 2, bytes.fromhex("c201020808"))
        self.assertEqual(first.hex(), "28d397372898d873ad11f6cc4eb57bfcb7c383b988d05509ec3e124cd74cbae8")
        self.assertEqual(second.hex(), "b621e0ecc9cf9b68bbdf485878fda4eb58e7c252fd1597a7685145aafa069dd2")

    def test_repeated_entry_gets_the_stored_answer(self):
        desk = self.register.desk
        sequence = desk.append(self.unit())
        first = self.done(sequence)
        self.assertFalse(first.repeated_answer)
        again = self.done(sequence)
        self.assertTrue(again.repeated_answer)
        self.assertEqual(first.answer, again.answer)
        # In another connection too, and after what came later.
        self.done(desk.append(self.unit()))
        other = self.connect(desk, hello=False)
        hello = other.hello()
        self.assertEqual(hello.outbox_next_sequence, 3)
        self.assertEqual(hello.outbox_hash, desk.hashes[1])
        reply, _ = other.entry(sequence)
        self.assertEqual((reply.answer, reply.repeated_answer), (first.answer, True))

    def test_refusal_is_stored_too(self):
        bad = commands.Command(put_unit=commands.PutUnit(code="xấu")).SerializeToString()
        sequence = self.register.desk.append(bad)
        first, answer = self.register.entry(sequence)
        self.assertEqual(self.code(answer), "FIELD_FORMAT")
        self.assertEqual(answer.error.field, "put_unit.code")
        self.assertGreater(answer.revision, 0)
        again, _ = self.register.entry(sequence)
        self.assertEqual((again.answer, again.repeated_answer), (first.answer, True))

    def test_gap(self):
        desk = self.register.desk
        for _ in range(3):
            desk.append(self.unit())
        _, answer = self.register.entry(3)
        self.assertEqual((self.code(answer), answer.error.number, answer.revision), ("SEQUENCE_GAP", 1, 0))
        for sequence in (1, 2, 3):
            self.assertFalse(self.done(sequence).repeated_answer)

    def test_pipelined(self):
        desk = self.register.desk
        sequences = [desk.append(self.unit()) for _ in range(200)]
        ids = [self.register.send_entry(sequence) for sequence in sequences]
        revisions = []
        for request_id in ids:
            reply, answer = self.register.receive()
            self.assertEqual(reply.request_id, request_id)
            self.assertEqual(answer.WhichOneof("body"), "done", answer)
            revisions.append(answer.revision)
        self.assertEqual(revisions, list(range(revisions[0], revisions[0] + 200)))

    def test_other_contents(self):
        desk = self.register.desk
        sequence = desk.append(self.unit())
        self.done(sequence)
        _, answer = self.register.entry(sequence, self.unit())
        self.assertEqual((self.code(answer), answer.error.number), ("SEQUENCE_CONTENTS", 2))

    def test_copied_outbox(self):
        desk = self.register.desk
        self.done(desk.append(self.unit()))
        self.done(desk.append(self.unit()))
        desk.append(self.unit())
        desk.hashes[1] = bytes(32)
        _, answer = self.register.entry(3)
        self.assertEqual(self.code(answer), "OUTBOX_FORKED")
        self.assertEqual(answer.error.field, "sequencing.previous_hash")

    def test_old_copy(self):
        desk = self.register.desk
        for _ in range(3):
            self.done(desk.append(self.unit()))
        desk.answered = 3
        self.done(desk.append(self.unit()))
        desk.answered = 0
        _, answer = self.register.entry(2)
        self.assertEqual((self.code(answer), answer.error.number), ("OUTBOX_OUTDATED", 5))

    def test_foreign_outbox(self):
        desk = self.register.desk
        self.done(desk.append(self.unit()))
        auditor = self.register_desk(self.fresh(), "Thanh tra", vocabulary.ROLE_AUDITOR, "")
        auditor.desk.outbox = desk.outbox
        auditor.desk.append(self.unit())
        _, answer = auditor.entry(1)
        self.assertEqual(self.code(answer), "OUTBOX_FOREIGN")
        again = self.connect(auditor.desk, hello=False)
        self.assertEqual(again.hello().outbox_next_sequence, 1)

    def test_dry_run_changes_nothing(self):
        packed = self.unit()
        body = commands.Command.FromString(packed).put_unit
        self.assertEqual(self.register.dry_run(put_unit=body).code, body.code)
        self.assertTrue(self.register.dry_run(put_unit=body).created)
        self.done(self.register.desk.append(packed))
        self.assertFalse(self.register.dry_run(put_unit=body).created)

    def test_restart_and_kill(self):
        desk = self.register.desk
        answers = {}
        for number in (signal.SIGTERM, signal.SIGKILL):
            for _ in range(5):
                sequence = desk.append(self.unit())
                answers[sequence] = self.done(sequence).answer
            status = self.daemon.end(number)
            self.assertEqual(status, 0 if number == signal.SIGTERM else -signal.SIGKILL)
            self.daemon.start()
            self.register = self.connect(desk, hello=False)
            hello = self.register.hello()
            self.assertEqual(hello.outbox_next_sequence, len(answers) + 1)
            self.assertEqual(hello.outbox_hash, desk.hashes[-1])
            for sequence, answer in answers.items():
                reply = self.done(sequence)
                self.assertEqual((reply.answer, reply.repeated_answer), (answer, True))

    def test_waiting_feed_wakes(self):
        reader = self.fresh()
        mirror = Mirror(reader)
        mirror.pull()
        request_id = reader.send(
            wire.Request(query=queries.Query(feed=queries.Feed(cursor=mirror.cursor, wait_ms=25000)))
        )
        # What was asked later is answered first: the feed has no news yet.
        later = reader.send(wire.Request(query=queries.Query(server_status=queries.ServerStatus())))
        self.assertEqual(reader.receive()[0].request_id, later)
        desk = self.register.desk
        _, answer = self.register.entry(desk.append(self.unit()))
        # Sooner than the feed would give up by itself: register.TIMEOUT_MS is less than wait_ms.
        reply, page = reader.receive()
        self.assertEqual(reply.request_id, request_id)
        mirror.take(page.page)
        self.assertIn((entities.ENTITY_TYPE_UNIT, answer.done.id), mirror.rows)
        self.assertEqual(mirror.digest(), page.page.digest)

    def test_least_revision(self):
        self.done(self.register.desk.append(self.unit()))
        with self.refused("AHEAD_OF_REGISTER") as refusal:
            self.register.query(10**9, server_status=queries.ServerStatus())
        head = refusal.error.number
        self.assertGreater(head, 1)
        self.register.query(head, server_status=queries.ServerStatus())


if __name__ == "__main__":
    unittest.main()
