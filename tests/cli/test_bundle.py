"""The outbox as a clerk sees it, what comes late, and offices without a link whose entries travel on a stick."""
import os
import unittest

from clerk import Province
from test_link import nobody_listens

PEOPLE = ("051075000123", "Nguyễn Văn Ân", "1975"), ("051078000456", "Trần Văn Bình", "1978")


class Case(unittest.TestCase):
    def setUp(self):
        self.province = Province()
        self.addCleanup(self.province.__exit__)
        self.province.organiser.do("quota", "allocate", "QN21-CC", "HU-TN", "2")
        self.clerk, self.other = self.province.clerk, self.province.other
        self.endpoint = self.clerk.settings["endpoint"]

    def cut(self, desk):
        desk.configure(endpoint=nobody_listens(), timeout=1)

    def restore(self, desk):
        desk.configure(endpoint=self.endpoint, timeout=20)

    def people(self, desk, *more):
        for number, name, birth in PEOPLE:
            desk.do("person", "put", "--replace", "--citizen-number", number, "--name", name, "--birth", birth, "--unit",
                    "HU-TN", *more)

    def states(self, desk, *more):
        return [entry["state"] for entry in desk.ask("outbox", "list", *more)]

    def path(self, name):
        return self.province.register.root / name

    def nominations(self):
        return self.province.organiser.ask("nomination", "list", "--programme", "QN21-CC")


class Outbox(Case):
    def test_offline_queues_and_says_so(self):
        said = self.clerk.say("demand", "QN21-CC", "2", "--unit", "HU-TN", "--offline")
        self.assertEqual(said.code, 0, said)
        self.assertIn("outbox", said.err)
        entry = self.clerk.ask("outbox", "list")[0]
        self.assertEqual((entry["sequence"], entry["state"], entry["attempts"]), (1, "queued", None))
        self.assertIn("QN21-CC", entry["asked"])
        self.assertEqual(self.province.organiser.ask("quota", "show", "--programme", "QN21-CC", "--by-unit")[0]["demand"], 0)
        self.clerk.do("outbox", "send")
        self.assertEqual(self.states(self.clerk), [])
        self.assertEqual(self.states(self.clerk, "--all"), ["done"])

    def test_offline_and_dry_run_exclude_each_other(self):
        self.assertEqual(self.clerk.say("demand", "QN21-CC", "2", "--offline", "--dry-run").code, 2)

    def test_a_lost_link_leaves_its_mark(self):
        self.cut(self.clerk)
        for _ in range(2):
            self.assertEqual(self.clerk.say("demand", "QN21-CC", "2", "--unit", "HU-TN").code, 3)
        first, second = self.clerk.ask("outbox", "list")
        self.assertEqual((first["state"], first["attempts"], first["last_error"]), ("queued", 2, "NO_LINK"))
        self.assertIsNotNone(first["tried_at"])
        self.assertIsNone(second["attempts"])
        shown = self.clerk.do("outbox", "show", "1").out
        self.assertIn("can't be reached", shown)
        self.assertIn("HU-TN", shown)
        self.restore(self.clerk)
        self.clerk.do("outbox", "send")
        self.assertIn("Demand: 2", self.clerk.do("outbox", "show", "2").out)

    def test_a_refusal_stays_until_it_was_dealt_with(self):
        clerk = self.clerk
        clerk.do("propose", "QN21-CC", "--citizen-number", "051075000123", "--offline")
        clerk.do("demand", "QN21-CC", "2", "--unit", "HU-TN", "--offline")
        self.assertEqual(clerk.say("outbox", "dismiss", "1").code, 5, "it has no answer yet")
        clerk.say("outbox", "send")
        self.assertEqual(self.states(clerk), ["refused"], "the one behind it is done")
        shown = clerk.do("outbox", "show", "1")
        self.assertIn("no such person", shown.err)
        self.assertEqual(clerk.say("outbox", "dismiss", "2").code, 5, "it wasn't refused")
        self.assertEqual(clerk.say("outbox", "dismiss", "1", "2").code, 5)
        self.assertEqual(self.states(clerk), ["refused"], "all or none")
        clerk.do("outbox", "dismiss", "1")
        clerk.do("outbox", "dismiss", "1")
        self.assertEqual(self.states(clerk), [])
        self.assertEqual(self.states(clerk, "--all"), ["dismissed", "done"])
        self.assertEqual(clerk.say("outbox", "show", "3").code, 2)

    def test_written_before_the_deadline_and_late(self):
        province, clerk = self.province, self.clerk
        self.people(clerk)
        clerk.do("propose", "QN21-CC", "--citizen-number", PEOPLE[0][0], "--offline")
        written = clerk.waiting()[0]["enqueued_at"]
        province.programme("QN21-CC", "--in-force", "5", "--seats-target", "5", "--supplies", "theory:3",
                           "--nominate-until", "1/1/2021")
        clerk.do("outbox", "send")
        receipt = clerk.ask("nomination", "show", str(self.nominations()[0]["nomination"]))
        self.assertEqual(receipt["state"], "late")
        self.assertLessEqual(receipt["written_at"][:19], written[:19])
        self.assertGreater(receipt["arrived_at"], receipt["written_at"])
        late = province.organiser.ask("late", "list")
        self.assertEqual([row["full_name"] for row in late], [PEOPLE[0][1]])
        self.assertEqual(late[0]["written_at"], receipt["written_at"])
        self.assertEqual(late[0]["arrived_at"], receipt["arrived_at"])
        self.assertLess(late[0]["deadline"], late[0]["written_at"])
        province.organiser.do("late", "accept", str(late[0]["nomination"]))
        self.assertEqual(province.organiser.ask("late", "list"), [])


class Bundle(Case):
    def export(self, *commands):
        """The clerk's office has no link."""
        self.cut(self.clerk)
        for command in commands:
            self.clerk.do(*command, "--offline")
        bundle = self.path("clerk.bundle")
        self.clerk.do("outbox", "export", bundle)
        return bundle

    def export_two(self):
        self.people(self.clerk)
        return self.export(("propose", "QN21-CC", "--citizen-number", PEOPLE[0][0]),
                           ("propose", "QN21-CC", "--citizen-number", PEOPLE[1][0]))

    def test_there_and_back(self):
        bundle, answers = self.export_two(), self.path("answers")
        self.assertEqual(bundle.stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.states(self.clerk), ["exported", "exported"])
        said = self.other.do("bundle", "apply", bundle, "--answers", answers)
        self.assertIn("Delivered: 2", said.err)
        self.assertEqual(len(self.nominations()), 2)
        said = self.clerk.do("outbox", "import", answers)
        self.assertEqual(said.out.count("ACKNOWLEDGEMENT"), 2)
        self.assertEqual(self.states(self.clerk), [])
        self.assertEqual(self.states(self.clerk, "--all")[-2:], ["done", "done"])
        self.assertIn("ACKNOWLEDGEMENT", self.clerk.do("outbox", "show", "4").out)
        said = self.clerk.do("outbox", "import", answers)
        self.assertIn("answered: 0", said.err)
        # The next entries go over a link as if nothing had been.
        self.restore(self.clerk)
        self.clerk.do("demand", "QN21-CC", "2", "--unit", "HU-TN")

    def test_applied_twice(self):
        bundle = self.export_two()
        self.other.do("bundle", "apply", bundle)
        before = self.nominations()
        self.province.organiser.do("bundle", "apply", bundle, "--answers", self.path("answers"))
        self.assertEqual(self.nominations(), before)
        self.assertIn("answered: 2", self.clerk.do("outbox", "import", self.path("answers")).err)

    def test_after_the_wire(self):
        bundle = self.export_two()
        self.restore(self.clerk)
        self.clerk.do("outbox", "send")
        before = self.nominations()
        self.other.do("bundle", "apply", bundle, "--answers", self.path("answers"))
        self.assertEqual(self.nominations(), before)
        said = self.clerk.do("outbox", "import", self.path("answers"))
        self.assertIn("answered: 0", said.err)
        self.assertIn("has already, or that aren't for it: 2", said.err)
        self.clerk.do("demand", "QN21-CC", "2", "--unit", "HU-TN")

    def test_a_desk_revoked_meanwhile(self):
        bundle = self.export_two()
        self.province.operator.do("principal", "revoke", self.clerk.key, "--reason", "mất khóa", "--yes")
        self.other.do("bundle", "apply", bundle, "--answers", self.path("answers"))
        self.assertEqual(self.nominations(), [])
        self.assertEqual(self.clerk.say("outbox", "import", self.path("answers")).code, 4)
        self.assertEqual(self.states(self.clerk), ["exported", "exported"])

    def test_a_refusal_comes_back_too(self):
        bundle = self.export(("propose", "QN21-CC", "--citizen-number", PEOPLE[0][0]))
        self.other.do("bundle", "apply", bundle, "--answers", self.path("answers"))
        self.assertIn("no such person", self.clerk.say("outbox", "import", self.path("answers")).err)
        self.assertEqual(self.states(self.clerk), ["refused"])

    def test_the_carrier_reads_nothing(self):
        bundle, answers = self.export_two(), self.path("answers")
        said = self.other.do("bundle", "apply", bundle, "--answers", answers)
        for text in (*PEOPLE[0], *PEOPLE[1], "QN21-CC"):
            self.assertNotIn(text, said.out + said.err)
            for file in (bundle, answers):
                self.assertNotIn(text.encode(), file.read_bytes())
        said = self.other.say("outbox", "import", answers)
        self.assertEqual(said.code, 5)
        self.assertIn("another desk", said.err)
        self.assertEqual(len(self.clerk.waiting()), 2)

    def test_files_that_are_no_use(self):
        bundle = self.export_two()
        whole = bundle.read_bytes()
        for name, bytes_, words in (("empty", b"", "isn't a bundle"), ("cut", whole[:-40], "isn't a bundle"),
                                    ("flipped", whole[:200] + bytes([whole[200] ^ 1]) + whole[201:], "isn't a bundle"),
                                    ("longer", whole + b"\0", "isn't a bundle"),
                                    ("newer", whole[:8] + b"\0\0\0\2" + whole[12:], "newer version")):
            with self.subTest(name):
                self.path(name).write_bytes(bytes_)
                said = self.other.say("bundle", "apply", self.path(name), "--answers", self.path("answers"))
                self.assertEqual(said.code, 5)
                self.assertIn(words, said.err)
                self.assertFalse(os.path.exists(self.path("answers")))
        self.assertEqual(self.nominations(), [])
        said = self.clerk.say("outbox", "export", bundle)
        self.assertEqual(said.code, 5)
        self.assertIn("isn't overwritten", said.err)
        self.assertEqual(bundle.read_bytes(), whole)
        self.assertIn("other one", self.clerk.say("outbox", "import", bundle).err)
        self.assertIn("No such file", self.other.say("bundle", "apply", self.path("nowhere")).err)
        with Province() as elsewhere:
            said = elsewhere.other.say("bundle", "apply", bundle)
            self.assertEqual(said.code, 5)
            self.assertIn("another server", said.err)

    def test_nothing_waits(self):
        said = self.clerk.do("outbox", "export", self.path("none"))
        self.assertIn("Nothing is waiting", said.err)
        self.assertFalse(os.path.exists(self.path("none")))


if __name__ == "__main__":
    unittest.main()
