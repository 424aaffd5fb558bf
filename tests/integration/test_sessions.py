"""Hello, versions, bounds, and what a revocation does to those who are there."""
import signal
import unittest

from matricula.v1 import commands_pb2, queries_pb2, wire_pb2

from support.daemon import Register
from support.desk import Clerks, Desk, error_of, must, unit

GREETINGS = 250


class Sessions(unittest.TestCase):
    def serve(self, **config):
        register = Register(**config)
        self.addCleanup(register.__exit__)
        register.init().start()
        return register

    def desk(self, register, key=None, **options):
        desk = Desk(register, key, **options)
        self.addCleanup(desk.socket.close)
        return desk

    def clerks(self, register):
        clerks = Clerks(register)
        self.addCleanup(clerks.__exit__)
        return clerks

    def wait_at_head(self, desk):
        """Asks for news, which isn't answered until there is some; the request's id."""
        head = must(desk.query(feed=queries_pb2.Feed()))
        feed = queries_pb2.Feed(cursor=head.page.cursor, wait_ms=25000)
        request = wire_pb2.Request(request_id=next(desk.request_ids), query=queries_pb2.Query(feed=feed))
        desk.send(request.SerializeToString())
        return request.request_id

    def test_hello(self):
        register = self.serve()
        desk = self.desk(register)
        answer = must(desk.hello())
        hello = answer.hello
        self.assertEqual(hello.protocol, 1)
        self.assertTrue(hello.software.startswith("matriculad "))
        self.assertEqual(hello.principal.name, "operator")
        self.assertEqual((hello.outbox_next_sequence, hello.outbox_hash), (1, b""))
        self.assertEqual((hello.maximum_message, hello.maximum_in_flight), (65536, 256))
        self.assertNotEqual(hello.incarnation, 0)
        self.assertEqual(hello.head_revision, 1)
        # What was acknowledged is in the next hello, committed or not.
        for number in range(5):
            revision = must(desk.command(put_unit=unit(number))).revision
            hello = must(desk.hello()).hello
            self.assertEqual((hello.outbox_next_sequence, hello.outbox_hash), (number + 2, desk.hash))
            self.assertGreaterEqual(hello.head_revision, revision)

    def test_outbox_of_another_key_is_unknown(self):
        register = self.serve()
        clerks = self.clerks(register)
        clerk = self.desk(register, clerks.new())
        clerk.outbox = clerks.operator.outbox
        hello = must(clerk.hello()).hello
        self.assertEqual((hello.outbox_next_sequence, hello.outbox_hash), (1, b""))
        self.assertEqual((hello.unit_code, hello.unit_name), ("ROOT", "Unit 0"))

    def test_versions(self):
        desk = self.desk(self.serve())
        for minimum, maximum in ((2, 2), (2, 2**32 - 1), (0, 0)):
            answer = desk.hello(minimum, maximum)
            self.assertEqual((error_of(answer), answer.error.number), ("VERSION_UNSUPPORTED", 1))
            self.assertEqual(error_of(desk.status()), "HELLO_REQUIRED")
        answer = desk.hello(2, 1)
        self.assertEqual((error_of(answer), answer.error.field), ("MALFORMED", "hello.protocol_minimum"))
        self.assertEqual(must(desk.hello(0, 7)).hello.protocol, 1)
        must(desk.status())

    def test_outbox_of_a_wrong_size(self):
        desk = self.desk(self.serve())
        for size in (1, 15, 17, 60):
            desk.outbox = bytes(size)
            answer = desk.hello()
            self.assertEqual((error_of(answer), answer.error.field), ("MALFORMED", "hello.outbox"))
        desk.outbox = b""
        must(desk.hello())

    def test_before_hello(self):
        desk = self.desk(self.serve())
        self.assertEqual(error_of(desk.status()), "HELLO_REQUIRED")
        request = desk.entry(commands_pb2.Command(put_unit=unit(0)))
        self.assertEqual(error_of(desk.ask(request)), "HELLO_REQUIRED")
        must(desk.hello())
        must(desk.ask(request))

    def test_in_flight(self):
        register = self.serve(limits__in_flight=3)
        desk = self.desk(register).greeted()
        waiting = {self.wait_at_head(desk) for _ in range(3)}
        answer = desk.status()
        self.assertEqual((error_of(answer), answer.error.number), ("BUSY", 3))
        # News let the three go, and then there is room again.
        must(self.desk(register).greeted().command(put_unit=unit(0)))
        self.assertEqual({desk.receive()[0].request_id for _ in range(3)}, waiting)
        must(desk.status())

    def test_queue(self):
        register = self.serve(limits__queue=2)
        first, second = self.desk(register).greeted(), self.desk(register).greeted()
        self.wait_at_head(first)
        self.wait_at_head(first)
        self.assertEqual(error_of(second.status()), "BUSY")

    def test_bound_of_sessions(self):
        register = self.serve(limits__sessions=8)
        clerks = self.clerks(register)
        key = clerks.new()
        clerk = self.desk(register, key).greeted()
        crowd = [self.desk(register, key).greeted() for _ in range(20)]
        # The clerk's own first session went, nobody else's.
        self.assertEqual(error_of(clerk.status()), "HELLO_REQUIRED")
        must(clerks.operator.status())
        must(crowd[-1].query(tallies=queries_pb2.Tallies()))
        sessions = must(clerks.operator.status()).server_status.sessions
        self.assertLessEqual(sessions, 8)

    def greet_too_often(self, register, key):
        """Hellos of one key over two connections, all taken by the server, and what has been answered so far."""
        crowd = [self.desk(register, key).greeted() for _ in range(2)]
        answers = {}
        for desk in crowd:
            for request_id in range(1000, 1000 + GREETINGS):
                hello = wire_pb2.Hello(protocol_minimum=1, protocol_maximum=1)
                desk.send(wire_pb2.Request(request_id=request_id, hello=hello).SerializeToString())
            desk.send(wire_pb2.Request(request_id=7).SerializeToString())
            while (desk, 7) not in answers:
                self.take_into(answers, desk)
        return crowd, answers

    def take_into(self, answers, desk):
        reply, answer = desk.receive()
        self.assertNotIn((desk, reply.request_id), answers, "answered twice")
        answers[desk, reply.request_id] = answer

    def check_greetings(self, crowd, answers, refusals):
        """Each has one answer; those beyond what is answered as they come have one of these errors."""
        for desk in crowd:
            while sum(of is desk for of, _ in answers) < 1 + GREETINGS:
                self.take_into(answers, desk)
        errors = [error_of(answer) for (_, request_id), answer in answers.items() if request_id != 7]
        self.assertGreaterEqual(errors.count(None), 60)
        self.assertEqual(set(errors) - {None} - refusals, set())
        self.assertNotEqual(set(errors), {None})

    def test_one_key_that_greets_too_often(self):
        register = self.serve()
        clerks = self.clerks(register)
        crowd, answers = self.greet_too_often(register, clerks.new())
        # Others are let in meanwhile, and the crowd itself may go on with what it has.
        must(self.desk(register).greeted().command(put_unit=unit(0)))
        self.check_greetings(crowd, answers, {"BUSY"})
        must(crowd[0].query(tallies=queries_pb2.Tallies()))

    def test_stop_while_hellos_are_refused_late(self):
        register = self.serve()
        clerks = self.clerks(register)
        crowd, answers = self.greet_too_often(register, clerks.new())
        self.assertEqual(register.daemon.stop(), 0, register.daemon.log)
        self.check_greetings(crowd, answers, {"BUSY", "STOPPING"})

    def test_nothing_is_read_for_a_key_that_never_reads(self):
        register = self.serve()
        key = self.clerks(register).new()
        deaf, other = self.desk(register, key, deaf=True).greeted(), self.desk(register, key).greeted()
        somebody = self.desk(register).greeted()
        for _ in range(5000):
            for _ in range(1000):
                deaf.send(b"no request, but it is answered")
            answer = other.status()
            if error_of(answer):
                break
        self.assertEqual(error_of(answer), "BUSY")
        must(somebody.status())
        # What it has to say is heard: a change costs no more than its answer.
        self.assertEqual(error_of(other.command(register_demand=commands_pb2.RegisterDemand())), "FIELD_MISSING")
        # Once the queue is gone there is an end to it.
        deaf.socket.close()
        while error_of(other.status()) == "BUSY":
            pass
        must(other.status())

    def test_revocation_in_mid_session(self):
        register = self.serve()
        clerks = self.clerks(register)
        key = clerks.new()
        clerk, other = self.desk(register, key).greeted(), self.desk(register, key).greeted()
        request_id = self.wait_at_head(clerk)
        must(clerks.revoke(key))
        # It waited for news and mustn't read them any more.
        must(clerks.operator.command(put_unit=unit(1)))
        reply, answer = clerk.receive()
        self.assertEqual((reply.request_id, error_of(answer)), (request_id, "REVOKED"))
        for desk in (clerk, other):
            self.assertEqual(error_of(desk.status()), "REVOKED")
            self.assertEqual(error_of(desk.command(register_demand=commands_pb2.RegisterDemand())), "REVOKED")

    def test_reload(self):
        register = self.serve(limits__in_flight=256)
        daemon = register.daemon
        desk = self.desk(register).greeted()
        register.configure(limits__in_flight=1, limits__readers=3)
        daemon.signal(signal.SIGHUP)
        daemon.await_notice("RELOADING=1")
        daemon.await_ready()
        daemon.await_line("[limits] in_flight changed: in force")
        daemon.await_line("[limits] readers changed: needs a restart")
        answer = desk.hello()
        # The network thread takes it up within its next turns; who asks too often meanwhile is told BUSY.
        while error_of(answer) == "BUSY" or must(answer).hello.maximum_in_flight != 1:
            answer = desk.hello()
        self.wait_at_head(desk)
        self.assertEqual(error_of(desk.status()), "BUSY")

        register.config.write_text("[limits]\nin_flight = none\n")
        daemon.signal(signal.SIGHUP)
        daemon.await_notice("RELOADING=1")
        lines = daemon.await_ready()
        self.assertTrue(any("failed" in line for line in lines), lines)
        daemon.await_line("line 2: [limits] in_flight")
        self.assertEqual(error_of(desk.status()), "BUSY")
        self.assertEqual(daemon.stop(), 0, daemon.log)


if __name__ == "__main__":
    unittest.main()
