"""The desk's mirror: brought up to date, watched, and read when there is no link."""
import os
import unittest

from clerk import InProvince
from test_link import nobody_listens
from watching import Watching

READING = (("unit", "list"), ("unit", "show", "HU-TN"), ("title", "list"), ("plan", "list"), ("programme", "list"),
           ("programme", "show", "QN21-CC"), ("person", "list"), ("quota", "show"), ("quota", "show", "--by-unit"),
           ("quota", "ledger"), ("letter", "list"), ("nomination", "list"), ("late", "list"), ("class", "list"))


class Mirror(InProvince):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        province = cls.province
        cls.people = 0
        for title, group in (("PCT-HUYEN", "incumbent"), ("BT-HUYEN", "incumbent")):
            cls.put_person(title)
        province.organiser.do("quota", "allocate", "QN21-CC", "HU-TN", "1")

    @classmethod
    def put_person(cls, title=None):
        cls.people += 1
        number = f"0510750001{cls.people:02}"
        cls.province.clerk.do("person", "put", "--citizen-number", number, "--name", f"Nguyễn Văn {'ABCDEFGHIKLMNOP'[cls.people]}",
                              "--birth", "1975", "--unit", "HU-TN", *(("--title", title) if title else ()))
        return number

    def answers(self, desk, *options):
        return {words: desk.do("--output", "json", *words, *options).json for words in READING}

    def test_every_desk_reads_the_same_without_a_link(self):
        province = self.province
        province.clerk.do("letter", "put", "QN21-CC", "--number", "12-CV/HU", "--date", "1/3/2021", "--signer", "Lê Văn C")
        for name in ("organiser", "clerk", "school", "auditor"):
            desk = getattr(province, name)
            desk.do("sync")
            told = self.answers(desk)
            self.assertEqual(self.answers(desk, "--offline"), told, name)
            endpoint = desk.settings["endpoint"]
            desk.configure(endpoint=nobody_listens(), timeout=1)
            said = desk.do("--output", "json", "unit", "list")
            desk.configure(endpoint=endpoint, timeout=20)
            self.assertEqual(said.json, told["unit", "list"])
            self.assertRegex(said.err, r"can't be reached[\s\S]*This desk's mirror \(as of \d\d/\d\d/\d{4} \d\d:\d\d\)")

    def test_who_lost_the_seat_is_told_in_words(self):
        province = self.province
        clerk = province.clerk
        plain, deputy = self.put_person(), self.put_person("PCT-HUYEN")
        province.programme("QN21-TN", "--in-force", "1", "--seats-target", "1", "--supplies", "theory:3")
        province.organiser.do("quota", "allocate", "QN21-TN", "HU-TN", "1")
        clerk.do("sync")
        clerk.do("propose", "QN21-TN", "--citizen-number", plain)
        said = clerk.do("sync")
        self.assertRegex(said.out, r"nomination \d+, Nguyễn Văn \w, QN21-TN, HU-TN: within the seats")
        clerk.do("propose", "QN21-TN", "--citizen-number", deputy)
        clerk.do("--lang", "vi", "quota", "show")
        said = clerk.do("sync", "--lang", "vi")
        self.assertRegex(said.out, r"đề nghị.* \d+, Nguyễn Văn \w, QN21-TN, HU-TN: Trong chỉ tiêu → Chờ chỉ tiêu, thứ 1 "
                                   r"\(Chuyển sang chờ")
        self.assertIn("Bản lưu tại đơn vị (đến ", said.err)
        self.assertEqual(clerk.do("sync").out, "")
        for row in clerk.ask("nomination", "list", "--programme", "QN21-TN"):
            for words in (("nomination", "show"), ("status",)):
                told = clerk.ask(*words, row["nomination"])
                self.assertEqual(clerk.ask(*words, row["nomination"], "--offline"), told)
        withdrawn = [row for row in clerk.ask("nomination", "list", "--programme", "QN21-TN") if row["state"] == "seated"]
        clerk.do("withdraw", str(withdrawn[0]["nomination"]), "--yes", "--reason", "ốm")
        rows = clerk.do("sync", "--output", "json").json
        told = {row["cause"]: row for row in rows if row["type"] == "nomination"}
        self.assertEqual(told["promoted"]["happened"], "changed")
        self.assertEqual(told["promoted"]["programme"], "QN21-TN")

    def test_watching(self):
        province = self.province
        clerk = province.desk("watching", timeout=2)
        province.operator.do("principal", "put", clerk.key, "--name", "watching", "--role", "nominator", "--unit", "HU-TN")
        with Watching(clerk) as watching:
            watching.line("This desk's mirror")
            province.organiser.do("plan", "put", "QN22", "--name", "Kế hoạch năm 2022", "--year", "2022")
            watching.line(r"plan \d+, QN22: new")
            # One at a time writes, but not while the other only waits.
            clerk.do("sync")
            province.register.daemon.stop()
            watching.line("The link is lost")
            province.register.configure(network__listen=clerk.settings["endpoint"])
            province.register.start()
            watching.line("The link is back")
            province.organiser.do("plan", "put", "QN23", "--name", "Kế hoạch năm 2023", "--year", "2023")
            watching.line(r"plan \d+, QN23: new")

    def test_a_mirror_that_is_damaged_is_read_anew(self):
        clerk = self.province.clerk
        clerk.do("sync")
        path = clerk.directory / "state" / "mirror" / "data.mdb"
        with open(path, "r+b") as file:
            file.write(os.urandom(8192))
        said = clerk.say("unit", "list", "--offline")
        self.assertEqual(said.code, 5)
        self.assertIn("damaged", said.err)
        said = clerk.do("sync")
        self.assertIn("damaged on this machine", said.err)
        self.assertIn("the same as the register's", said.err)
        self.assertEqual(clerk.do("sync").out, "")

    def test_what_a_mirror_cannot_do(self):
        clerk = self.province.clerk
        clerk.do("sync")
        endpoint = clerk.settings["endpoint"]
        clerk.configure(endpoint=nobody_listens(), timeout=1)
        for words in (("status",), ("log",), ("whoami",), ("sync",)):
            self.assertEqual(clerk.say(*words).code, 3, words)
        self.assertEqual(clerk.say("vet", "--programme", "QN21-CC", "--all-eligible").code, 3)
        self.assertEqual(clerk.waiting(), [], "nothing is done by what the mirror says")
        clerk.configure(endpoint=endpoint, timeout=20)
        self.assertEqual(clerk.say("status", "--offline").code, 2)
        fresh = self.province.desk("fresh")
        self.province.operator.do("principal", "put", fresh.key, "--name", "mới", "--role", "nominator", "--unit", "HU-TN")
        said = fresh.say("unit", "list", "--offline")
        self.assertEqual(said.code, 5)
        self.assertIn("no mirror", said.err)
        self.assertIn("read from the start", fresh.do("sync").err)
        fresh.do("unit", "list", "--offline")


if __name__ == "__main__":
    unittest.main()
