"""sync --watch as a service: what its manager and the clerk are told, what is sent, how it waits, and how it ends."""
import signal
import threading
import unittest

from clerk import InProvince
from support.daemon import read_key
from test_link import nobody_listens
from watching import Service, Watching

TIME = r"\d\d/\d\d/\d{4} \d\d:\d\d"


class AsAService(InProvince):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        province = cls.province
        cls.numbers = iter(range(1, 100))
        province.organiser.do("quota", "allocate", "QN21-CC", "HU-TN", "5")

    def desk(self, **settings):
        """A desk of its own, that no other test has to do with."""
        name = f"desk{next(self.numbers)}"
        desk = self.province.desk(name, timeout=2, **settings)
        self.province.operator.do("principal", "put", desk.key, "--name", name, "--role", "nominator", "--unit", "HU-TN")
        return desk

    def person(self, desk, *more):
        """The words of a command that records somebody new."""
        number = f"0510750003{next(self.numbers):02}"
        return ("person", "put", "--citizen-number", number, "--name", "Lê Thị Kín", "--birth", "1975", "--unit", "HU-TN",
                "--replace", *more)

    def restart(self, endpoint):
        """The register is back where desks look for it."""
        self.province.register.configure(network__listen=endpoint)
        self.province.register.start()

    def test_from_start_to_stop(self):
        desk = self.desk()
        with Service(desk, WATCHDOG_USEC="600000000") as service:
            service.await_status("^Reading the mirror")
            self.assertFalse(service.ready)
            service.await_status(rf"^At the head: revision \d+ \({TIME}\); nothing waits to be sent$")
            self.assertTrue(service.ready)
            self.assertEqual(desk.do("sync", "--status").out.strip(), service.status)
            told = desk.do("sync", "--status", "--output", "json").json
            self.assertEqual((told["state"], told["waiting"], told["error"]), ("at-head", 0, None))
            service.await_notice("WATCHDOG=1")
            self.province.organiser.do("plan", "put", "QN31", "--name", "Kế hoạch", "--year", "2031")
            service.await_status(rf"revision (?!{told['revision']} )")
            self.assertEqual(service.stop(), 0)
            service.await_notice("STOPPING=1")
        self.assertRegex(desk.do("sync", "--status").out, rf"^No sync is watching; the mirror shows {TIME}; nothing waits")
        self.assertEqual(desk.do("sync", "--status", "--output", "json").json["state"], "nobody")

    def test_what_was_queued_without_a_link_goes_out(self):
        desk, register = self.desk(language="vi"), self.province.register
        endpoint = desk.settings["endpoint"]
        desk.do("sync")
        with Service(desk) as service:
            service.await_status("^Đã theo kịp")
            register.daemon.stop()
            service.await_status(rf"^Mất kết nối từ {TIME}; bản lưu tại đơn vị đến {TIME}; không có mục nào chờ gửi")
            self.assertTrue(service.ready)
            desk.do(*self.person(desk), "--offline")
            desk.do(*self.person(desk, "--title", "NOWHERE"), "--offline")
            service.await_status(rf"chưa gửi hoặc chờ phản hồi: 2, từ {TIME}")
            self.assertEqual(desk.do("sync", "--status").out.strip(), service.status)
            self.restart(endpoint)
            service.await_status("^Đã theo kịp.*không có mục nào chờ gửi; không tiếp nhận, chưa xử lý: 1$")
            self.assertEqual(service.stop(), 0)
        self.assertEqual(desk.waiting(), [])
        told = "".join(service.said)
        self.assertIn("Mất kết nối", told)
        for secret in ("Lê Thị Kín", "051075", "NOWHERE", *read_key(desk.directory / "client.key")):
            self.assertNotIn(secret, told)

    def test_a_start_without_a_link(self):
        fresh, seasoned = self.desk(), self.desk()
        endpoint = fresh.settings["endpoint"]
        seasoned.do("sync")
        for desk in (fresh, seasoned):
            desk.configure(endpoint=nobody_listens())
        with Service(seasoned) as service:
            service.await_status("^No link since")
            self.assertTrue(service.ready)
            # Without a mirror either nobody who needs it shall be started.
            with Service(fresh) as other:
                other.await_status("^No link since .*; there is no mirror yet")
                self.assertFalse(other.ready)
                self.assertEqual(other.stop(), 0)
                self.assertFalse(other.ready)
            self.assertEqual(service.stop(), 0)
        fresh.configure(endpoint=endpoint)
        with Service(fresh) as service:
            service.await_status("^At the head")
            self.assertTrue(service.ready)

    def test_a_key_that_is_refused_meanwhile(self):
        desk = self.desk()
        with Service(desk) as service:
            service.await_status("^At the head")
            self.province.operator.do("principal", "revoke", desk.key, "--reason", "máy bị mất", "--yes")
            service.await_status(rf"^Not going on since {TIME}: The server doesn't accept this desk's key")
            self.assertEqual(desk.do("sync", "--status", "--output", "json").json["error"], "KEY_REFUSED")
            self.assertEqual(service.stop(), 0)
        # A person who looks on is told at once.
        with Watching(desk) as watching:
            self.assertEqual(watching.end(), 4)

    def test_the_clerk_and_the_service_at_once(self):
        """Every answer reaches who asked, whichever of them sent it; nothing is there twice."""
        desk = self.desk(language="en")
        count, said = 12, []
        with Service(desk) as service:
            service.await_status("^At the head")

            def enter():
                for _ in range(count):
                    said.append(desk.say(*self.person(desk), "--output", "json"))
                    said.append(desk.say(*self.person(desk), "--offline"))

            clerks = [threading.Thread(target=enter) for _ in range(2)]
            for clerk in clerks:
                clerk.start()
            for clerk in clerks:
                clerk.join()
            # What comes last takes along whatever waits still.
            desk.do(*self.person(desk))
            self.assertEqual(service.stop(), 0)
        self.assertEqual([one for one in said if one.code], [])
        ids = [one.json["id"] for one in said if one.out.startswith("{")]
        self.assertEqual(len(set(ids)), 2 * count)
        entries = desk.ask("outbox", "list", "--all")
        self.assertEqual([entry["state"] for entry in entries], ["done"] * (4 * count + 1))

    def test_it_ends_at_once_however_long_it_would_wait(self):
        desk = self.desk()
        desk.configure(endpoint=nobody_listens(), timeout=600)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with Service(desk) as service:
                service.await_status("^Reading the mirror")
                self.assertEqual(service.stop(number), 0)

    def test_a_killed_one_watches_no_more(self):
        desk = self.desk()
        with Service(desk) as service:
            service.await_status("^At the head")
            self.assertEqual(service.stop(signal.SIGKILL), -signal.SIGKILL)
            self.assertIn("No sync is watching", desk.do("sync", "--status").out)
        with Service(desk) as service:
            service.await_status("^At the head")
            self.assertIn("At the head", desk.do("sync", "--status").out)

    def test_a_pipe_sees_no_names(self):
        desk = self.desk()
        with Watching(desk) as watching:
            watching.line("This desk's mirror")
            self.province.clerk.do(*self.person(desk))
            self.assertRegex(watching.line(r"^person \d+"), r"^person \d+, HU-TN: new$")
            self.assertEqual(watching.stop(), 0)
        with Watching(desk, "--output", "csv") as watching:
            watching.line("This desk's mirror")
            self.province.clerk.do(*self.person(desk))
            watching.line("Lê Thị Kín")


if __name__ == "__main__":
    unittest.main()
