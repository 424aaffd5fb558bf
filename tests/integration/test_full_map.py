"""The map of the database is full: it grows while the daemon answers readers and writers, and none of them notices."""
import unittest

from matricula.v1 import commands_pb2

from support.desk import must
from support.province import Province

CONFIGURED = 128 << 20
AHEAD = 200
ENOUGH = 60000


class FullMap(unittest.TestCase):
    def setUp(self):
        self.p = Province(storage__map_size=CONFIGURED, storage__journal_segment_size="16M")
        self.addCleanup(self.p.close)

    def map_bytes(self):
        return must(self.p.operator.status()).server_status.map_bytes

    def push(self, count):
        """Records so many people, each a large row; none is refused. The last answer."""
        desk = self.p.clerk
        large = self.p.person_body(full_name="N" * 200, ethnicity="x" * 200, note="x" * 1000)
        command = commands_pb2.Command(put_person=large)
        sent = received = 0
        while received < count:
            while sent < count and sent - received < AHEAD:
                desk.send(desk.entry(command).SerializeToString())
                sent += 1
            _, answer = desk.receive()
            must(answer)
            received += 1
        return answer

    def test_grows(self):
        p = self.p
        self.assertEqual(self.map_bytes(), CONFIGURED)
        taken = 0
        while self.map_bytes() == CONFIGURED:
            self.assertLess(taken, ENOUGH, "the map doesn't fill")
            answer = self.push(1000)
            p.witness.see(answer.revision)
            taken += 1000
        status = must(p.operator.status()).server_status
        self.assertTrue(status.accepts_changes)
        self.assertEqual(status.durable_revision, answer.revision)

        p.register.start()  # after a kill
        status = must(p.connect().status()).server_status
        self.assertEqual(status.durable_revision, answer.revision)
        self.assertGreater(status.map_bytes, CONFIGURED)


if __name__ == "__main__":
    unittest.main()
