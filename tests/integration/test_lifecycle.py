"""Stopped, killed and started again, idle and under load: what was acknowledged is there, once."""
import os
import resource
import shutil
import signal
import unittest

import zmq

from matricula.v1 import commands_pb2, entities_pb2, queries_pb2, wire_pb2

from support.daemon import Daemon, Register
from support.desk import Desk, error_of, must, unit

DESKS = 4
UNCLEAR = 74
AHEAD = 64


def units(desk, least_revision=0):
    """Codes of all units that the register shows."""
    codes, cursor = [], b""
    while True:
        page = must(desk.query(feed=queries_pb2.Feed(cursor=cursor), least_revision=least_revision)).page
        codes += [entities_pb2.Unit.FromString(row.row).code for row in page.rows
                  if row.type == entities_pb2.ENTITY_TYPE_UNIT]
        cursor = page.cursor
        if not page.more:
            return codes


class Load:
    """Some desks of the operator's, each with so many commands ahead."""

    def __init__(self, register):
        self.desks = [Desk(register).greeted() for _ in range(DESKS)]
        self.poller = zmq.Poller()
        self.by_socket = {desk.socket: desk for desk in self.desks}
        self.numbers = 0
        for desk in self.desks:
            self.poller.register(desk.socket, zmq.POLLIN)
            desk.sent, desk.acknowledged = {}, {}

    def close(self):
        for desk in self.desks:
            desk.socket.close()

    def push(self, desk):
        self.numbers += 1
        request = desk.entry(commands_pb2.Command(put_unit=unit(self.numbers)))
        desk.sent[request.request_id] = (f"UNIT-{self.numbers}", request)
        desk.send(request.SerializeToString())

    def take(self, timeout_ms):
        """Takes what there is; the number of acknowledgements."""
        count = 0
        for socket, _ in self.poller.poll(timeout_ms):
            desk = self.by_socket[socket]
            reply, answer = desk.receive()
            if error_of(answer) in ("STOPPING", "BUSY", "SEQUENCE_GAP"):
                continue
            must(answer)
            desk.acknowledged[reply.request_id] = reply.answer
            count += 1
        return count

    def run(self, count):
        """Keeps the desks busy until so many commands are acknowledged."""
        for desk in self.desks:
            for _ in range(AHEAD):
                self.push(desk)
        while count > 0:
            before = {desk: len(desk.acknowledged) for desk in self.desks}
            count -= self.take(60000)
            for desk in self.desks:
                for _ in range(len(desk.acknowledged) - before[desk]):
                    self.push(desk)

    def drain(self):
        while self.take(200):
            pass


class Lifecycle(unittest.TestCase):
    def setUp(self):
        self.register = Register()
        self.addCleanup(self.register.__exit__)
        self.daemon = self.register.init().start()
        with Desk(self.register).greeted() as desk:
            must(desk.command(put_unit=unit(0)))

    def restart(self):
        self.daemon = self.register.start()

    def check_acknowledged(self, load):
        with Desk(self.register).greeted() as desk:
            codes = units(desk)
        self.assertEqual(len(codes), len(set(codes)))
        for former in load.desks:
            with Desk(self.register) as desk:
                desk.outbox = former.outbox
                expected = must(desk.hello()).hello.outbox_next_sequence
                self.assertGreater(expected, len(former.acknowledged))
                for request_id, answer in former.acknowledged.items():
                    code, request = former.sent[request_id]
                    self.assertIn(code, codes)
                    self.assertLess(request.sequencing.sequence, expected)
                # The last one again: the same bytes, and said to be so.
                desk.send(request.SerializeToString())
                reply, _ = desk.receive()
                self.assertEqual((reply.answer, reply.repeated_answer), (answer, True))

    def interrupt(self, number, status):
        load = Load(self.register)
        self.addCleanup(load.close)
        load.run(500)
        self.daemon.signal(number)
        self.assertEqual(self.daemon.wait(), status, self.daemon.log)
        load.drain()
        self.restart()
        self.check_acknowledged(load)

    def test_sigterm_under_load(self):
        self.interrupt(signal.SIGTERM, 0)
        self.assertFalse(self.daemon.log.count("error"))

    def test_sigkill_under_load(self):
        self.interrupt(signal.SIGKILL, -signal.SIGKILL)

    def test_reload_under_load(self):
        load = Load(self.register)
        self.addCleanup(load.close)
        for _ in range(3):
            load.run(100)
            self.daemon.signal(signal.SIGHUP)
            self.daemon.await_notice("RELOADING=1")
            self.daemon.await_ready()
        load.drain()
        self.check_acknowledged(load)

    def forbid_writing(self):
        """From here on the daemon's files refuse every byte, as a broken disk does."""
        resource.prlimit(self.daemon.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    def test_disk_fails_while_serving(self):
        with Desk(self.register).greeted() as desk:
            request = desk.entry(commands_pb2.Command(put_unit=unit(1)))
            self.forbid_writing()
            desk.send(request.SerializeToString())
            self.assertEqual(self.daemon.wait(), UNCLEAR, self.daemon.log)
            self.assertIn("unclear what was written", self.daemon.log)
        self.restart()
        with Desk(self.register) as again:
            again.outbox = desk.outbox
            must(again.hello())
            answer = must(again.ask(request))
            self.assertEqual(units(again, answer.revision), ["ROOT", "UNIT-1"])

    def test_disk_fails_while_stopping(self):
        """What was answered lies in the journal; that the rest can't be written is no clean end."""
        self.register.configure(commit__idle_ms=1000, commit__longest_ms=10000)
        self.assertEqual(self.daemon.stop(), 0)
        self.restart()
        with Desk(self.register).greeted() as desk:
            must(desk.command(put_unit=unit(1)))
            self.forbid_writing()
            self.assertEqual(self.daemon.stop(), UNCLEAR, self.daemon.log)
            self.assertIn("unclear what was written", self.daemon.log)
        self.restart()
        with Desk(self.register).greeted() as again:
            self.assertEqual(units(again), ["ROOT", "UNIT-1"])

    def test_long_replay_asks_for_time(self):
        load = Load(self.register)
        self.addCleanup(load.close)
        load.run(2200)
        self.assertEqual(self.daemon.stop(), 0)
        shutil.rmtree(self.register.data / "register")
        self.daemon.kill()
        self.daemon = Daemon(self.register.config, self.register.root / "notify")
        self.register.daemon = self.daemon
        for _ in range(2):
            (extension,) = (line for line in self.daemon.await_notice("EXTEND_TIMEOUT_USEC=")
                            if line.startswith("EXTEND_TIMEOUT_USEC="))
            self.assertGreaterEqual(int(extension.split("=")[1]), 1000000)
        self.daemon.await_ready()
        self.check_acknowledged(load)

    def test_stop_while_somebody_waits(self):
        with Desk(self.register).greeted() as desk:
            head = must(desk.query(feed=queries_pb2.Feed()))
            while not head.page.at_head:
                head = must(desk.query(feed=queries_pb2.Feed(cursor=head.page.cursor)))
            waiting = queries_pb2.Feed(cursor=head.page.cursor, wait_ms=25000)
            desk.send(wire_pb2.Request(request_id=77, query=queries_pb2.Query(feed=waiting)).SerializeToString())
            must(desk.status())
            self.assertEqual(self.daemon.stop(), 0, self.daemon.log)
            reply, answer = desk.receive()
            self.assertEqual((reply.request_id, error_of(answer)), (77, "STOPPING"))

    def test_sigint_and_endpoint(self):
        path = self.register.data / "endpoint"
        self.assertTrue(path.read_text().startswith("tcp://127.0.0.1:"))
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.daemon.signal(signal.SIGINT)
        self.daemon.await_notice("STOPPING=1")
        self.assertEqual(self.daemon.wait(), 0, self.daemon.log)
        self.assertFalse(path.exists())
        self.assertIn("<5>stopping on SIGINT", self.daemon.log)

    def test_start_and_stop_many_times(self):
        for _ in range(5):
            self.assertEqual(self.daemon.stop(), 0, self.daemon.log)
            self.restart()
        with Desk(self.register).greeted() as desk:
            self.assertEqual(units(desk), ["ROOT"])

    def test_watchdog_is_fed(self):
        self.assertEqual(self.daemon.stop(), 0)
        os.environ["WATCHDOG_USEC"] = "300000"
        self.addCleanup(os.environ.pop, "WATCHDOG_USEC")
        self.restart()
        for _ in range(5):
            self.daemon.await_notice("WATCHDOG=1")

    def test_nothing_personal_in_the_log(self):
        with Desk(self.register).greeted() as desk:
            body = unit(1)
            body.name = "Nguyễn Thị Bình"
            must(desk.command(put_unit=body))
            desk.command(put_principal=commands_pb2.PutPrincipal(name="Trần Văn Minh"))
        self.assertEqual(self.daemon.stop(), 0)
        for word in ("Bình", "Minh", "UNIT-1", self.register.server_key):
            self.assertNotIn(word, self.daemon.log)


if __name__ == "__main__":
    unittest.main()
