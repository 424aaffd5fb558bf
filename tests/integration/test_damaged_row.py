"""A row that isn't as it was written is never served: queries that come upon it are refused, a change ends the daemon,
and a rebuild has it as it was."""
import unittest

from matricula.v1 import commands_pb2, entities_pb2, queries_pb2

from support.daemon import Register, run
from support.desk import Desk, error_of, must, unit

NAME = "Ban Tổ chức Tỉnh ủy"
DAMAGED = 65


class DamagedRow(unittest.TestCase):
    def setUp(self):
        self.register = Register()
        self.addCleanup(self.register.__exit__)
        self.register.init().start()
        self.unit = unit(1)
        self.unit.name = NAME
        with Desk(self.register).greeted() as desk:
            must(desk.command(put_unit=unit(0)))
            must(desk.command(put_unit=self.unit))
        self.register.daemon.stop()

        self.path = self.register.data / "register" / "data.mdb"
        self.whole = self.path.read_bytes()

    def flip(self, bit):
        """A bit in the middle of each copy of the name that the database holds."""
        contents, name = bytearray(self.whole), NAME.encode()
        at, copies = contents.find(name), 0
        while at >= 0:
            contents[at + len(name) // 2] ^= 1 << bit
            copies += 1
            at = contents.find(name, at + 1)
        self.assertGreater(copies, 0)
        self.path.write_bytes(contents)

    def units(self, desk):
        answer = desk.query(list=queries_pb2.List(type=entities_pb2.ENTITY_TYPE_UNIT))
        if error_of(answer):
            return error_of(answer)
        return [entities_pb2.Unit.FromString(row.row).name for row in answer.page.rows]

    def test_it_is_not_served(self):
        for bit in range(8):
            self.flip(bit)
            self.register.start()
            with Desk(self.register).greeted() as desk:
                self.assertEqual(self.units(desk), "BUSY")
                self.assertEqual(error_of(desk.query(feed=queries_pb2.Feed())), "BUSY")
                self.register.daemon.await_line("the database is damaged")
            self.assertIn("matriculad rebuild", self.register.daemon.log)
            self.register.daemon.stop()

    def test_nothing_is_decided_on_it(self):
        self.flip(0)
        self.register.start()
        with Desk(self.register).greeted() as desk:
            desk.send(desk.entry(commands_pb2.Command(put_unit=self.unit)).SerializeToString())
            self.assertEqual(self.register.daemon.wait(), DAMAGED, self.register.daemon.log)
        self.assertIn("ending, because the database is damaged", self.register.daemon.log)
        done = run("verify", "--config", self.register.config)
        self.assertEqual(done.returncode, DAMAGED, done.stdout + done.stderr)
        done = run("rebuild", "--config", self.register.config)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.register.start()
        with Desk(self.register).greeted() as desk:
            self.assertEqual(self.units(desk), ["Unit 0", NAME])


if __name__ == "__main__":
    unittest.main()
