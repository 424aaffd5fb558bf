"""What a desk may read changes while it follows the register: its mirror loses and gets exactly what it should."""
import contextlib
import re
import unittest

from clerk import InProvince
from watching import Service

READING = (("person", "list"), ("nomination", "list"), ("class", "list"))


class Scope(InProvince):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        p = cls.province
        cls.people = cls.titles = 0
        for code, kind, parent in (("XA-1", "commune", "HU-TN"), ("XA-2", "commune", "HU-TN"), ("SNV", "department", "TU"),
                                   ("TCT-2", "school", "TU"), ("TCT-3", "school", "TU")):
            p.operator.do("unit", "put", code, "--name", code, "--kind", kind, "--level", "province", "--bloc", "party",
                          "--parent", parent, *(("--manages-people", "yes") if kind == "commune" else ()))

    def desk(self, role, unit):
        """A desk that follows the register until the test ends."""
        name = f"{self.id().rsplit('.', 1)[1]}-{role}-{unit}".lower()
        desk = self.province.desk(name)
        self.register(desk, role, unit)
        desk.service = self.enter(Service(desk))
        desk.service.await_status("^At the head")
        return desk

    def register(self, desk, role, unit):
        return self.province.operator.ask("principal", "put", desk.key, "--name", "bàn", "--role", role, "--unit", unit)

    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.enter = stack.enter_context

    def person(self, unit):
        """Somebody new of the unit."""
        type(self).people += 1
        number = f"0510750005{self.people:02}"
        self.province.organiser.do("person", "put", "--citizen-number", number, "--name", "Phan Văn Tám", "--birth", "1975",
                                   "--unit", unit, "--title", "PCT-HUYEN")
        return number

    def nominated(self, programme, unit, clerk):
        self.province.organiser.do("quota", "allocate", programme, unit, "1")
        letter = clerk.ask("letter", "put", programme, "--unit", unit, "--number", "9-CV")["id"]
        return clerk.ask("propose", programme, "--citizen-number", self.person(unit), "--letter", letter)["nomination"]

    def follow(self, revision, *desks):
        """Waits until the desks' services have come so far, each by itself; then mirror and register say the same."""
        for desk in desks:
            while not (at := re.match(r"At the head: revision (\d+) ", desk.service.status)) or int(at[1]) < revision:
                desk.service.told()
            for words in READING:
                self.assertEqual(desk.ask(*words, "--offline"), desk.ask(*words), (revision, desk.service.status, words))

    def catch_up(self, *desks):
        """Those whom what happened last doesn't concern hear of it with something that all may read, or much later."""
        type(self).titles += 1
        self.follow(self.province.organiser.ask("title", "put", f"CD-{self.titles}", "--name", "Chức danh",
                                                "--level", "district", "--rank", "1")["revision"], *desks)

    def sees(self, desk, noun, column):
        return {row[column] for row in desk.ask(noun, "list", "--offline")}

    def test_a_unit_moves_under_another_parent(self):
        p = self.province
        former, later, own = self.desk("nominator", "HU-TN"), self.desk("nominator", "HU-MD"), self.desk("nominator", "XA-1")
        nomination = self.nominated("QN21-CC", "XA-1", own)
        person = p.auditor.ask("nomination", "show", nomination)["person"]
        revision = p.auditor.ask("status")["durable_revision"]
        self.follow(revision, former, own)
        self.catch_up(later)
        self.assertIn(nomination, self.sees(former, "nomination", "nomination"))
        self.assertNotIn(nomination, self.sees(later, "nomination", "nomination"))
        revision = p.operator.ask("unit", "put", "XA-1", "--parent", "HU-MD")["revision"]
        self.follow(revision, former, later, own)
        self.assertNotIn(nomination, self.sees(former, "nomination", "nomination"))
        for desk in (later, own):
            self.assertIn(nomination, self.sees(desk, "nomination", "nomination"))
            self.assertIn(person, self.sees(desk, "person", "person"))
        self.assertNotIn(person, self.sees(former, "person", "person"))
        # What happens next reaches the new parent alone.
        revision = later.ask("withdraw", nomination, "--yes", "--reason", "chuyển công tác")["revision"]
        self.follow(revision, later, own)
        self.catch_up(former)

    def test_a_unit_is_dissolved_into_another(self):
        p = self.province
        former, successor = self.desk("nominator", "XA-2"), self.desk("nominator", "HU-MD")
        nomination = self.nominated("QN21-CC", "XA-2", former)
        revision = p.auditor.ask("status")["durable_revision"]
        self.follow(revision, former)
        self.catch_up(successor)
        self.assertNotIn(nomination, self.sees(successor, "nomination", "nomination"))
        revision = p.operator.ask("unit", "dissolve", "XA-2", "--successor", "HU-MD", "--yes")["revision"]
        self.follow(revision, former, successor)
        self.assertIn(nomination, self.sees(successor, "nomination", "nomination"))
        revision = successor.ask("withdraw", nomination, "--yes", "--reason", "nghỉ hưu")["revision"]
        self.follow(revision, former, successor)

    def test_a_programme_is_given_to_another_organiser(self):
        p = self.province
        first, second, clerk = self.desk("organiser", "BTC"), self.desk("organiser", "SNV"), self.desk("nominator", "HU-TN")
        p.programme("QN21-SNV", "--in-force", "3", "--seats-target", "3")
        nomination = self.nominated("QN21-SNV", "HU-TN", clerk)
        revision = p.auditor.ask("status")["durable_revision"]
        self.follow(revision, first, clerk)
        self.catch_up(second)
        self.assertNotIn(nomination, self.sees(second, "nomination", "nomination"))
        both = p.organiser.ask("programme", "put", "QN21-SNV", "--organiser", "BTC", "--organiser", "SNV")["revision"]
        self.follow(both, first, second, clerk)
        for desk in (first, second):
            self.assertIn(nomination, self.sees(desk, "nomination", "nomination"))
        alone = second.ask("programme", "put", "QN21-SNV", "--organiser", "SNV")["revision"]
        self.follow(alone, first, second, clerk)
        self.assertNotIn(nomination, self.sees(first, "nomination", "nomination"))
        self.assertIn(nomination, self.sees(second, "nomination", "nomination"))

    def test_a_role_changes(self):
        p = self.province
        desk = self.desk("nominator", "HU-MD")
        self.person("HU-TN")
        nomination = self.nominated("QN21-CC", "HU-MD", desk)
        self.follow(p.auditor.ask("status")["durable_revision"], desk)
        self.assertIn(nomination, self.sees(desk, "nomination", "nomination"))
        for role, unit, sees in (("nominator", "SNV", False), ("organiser", "BTC", True), ("school", "TCT", False),
                                 ("auditor", "TU", True), ("approver", "HU-MD", True)):
            self.follow(self.register(desk, role, unit)["revision"], desk)
            self.assertEqual(nomination in self.sees(desk, "nomination", "nomination"), sees, (role, unit))

    def test_a_class_passes_to_another_school(self):
        p = self.province
        for code, *schools in (("QN21-L1", "--provider", "TCT-2"),
                               ("QN21-L2", "--provider", "TCT", "--student-manager", "TCT-2")):
            p.programme(code, "--in-force", "2", "--seats-target", "2", *schools)
        p.organiser.do("class", "open", "L1", "--programme", "QN21-L1", "--provider", "TCT-2", "--opens", "5/5/2021",
                       "--closes", "30/11/2021", "--capacity", "60", "--decision", "1-QĐ")
        p.organiser.do("class", "open", "L2", "--programme", "QN21-L2", "--provider", "TCT", "--student-manager", "TCT-2",
                       "--opens", "5/5/2021", "--closes", "30/11/2021", "--capacity", "60", "--decision", "2-QĐ")
        former, successor, provider = self.desk("school", "TCT-2"), self.desk("school", "TCT-3"), self.desk("school", "TCT")
        self.catch_up(former, successor, provider)
        self.assertEqual(self.sees(former, "class", "code"), {"L1", "L2"})
        self.assertEqual(self.sees(successor, "class", "code"), set())
        revision = p.operator.ask("unit", "dissolve", "TCT-2", "--successor", "TCT-3", "--yes")["revision"]
        self.follow(revision, former, successor, provider)
        self.assertEqual(self.sees(successor, "class", "code"), {"L1", "L2"})
        self.assertEqual(self.sees(provider, "class", "code"), {"L2"})
        # The desk itself is given to another school.
        self.follow(self.register(former, "school", "TCT")["revision"], former)
        self.assertEqual(self.sees(former, "class", "code"), {"L2"})


if __name__ == "__main__":
    unittest.main()
