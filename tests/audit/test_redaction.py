"""A person is taken out: of the lists at once, of the journal at the next start; the history stays the one it was."""
import os
import re
import shutil
import subprocess
import unittest

from clerk import InProvince, run
from support.daemon import run as matriculad

FORGE = os.environ["FORGE"]
NAME, OTHER = "Trần Thị Kín Đáo", "Lê Văn Còn Lại"
NUMBER, OTHER_NUMBER = "051175000123", "051075000999"


def tables(register):
    done = subprocess.run([FORGE, "tables", str(register)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Redaction(InProvince):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        province = cls.province
        cls.data = province.register.data
        province.register.configure(network__listen=province.register.endpoint)
        province.organiser.do("quota", "allocate", "QN21-CC", "HU-TN", "2")

    def put(self, number, name, *more, unit="HU-TN", desk=None):
        return (desk or self.province.clerk).say("person", "put", "--citizen-number", number, "--name", name, "--birth", "1975",
                                       "--sex", "female" if name == NAME else "male", "--unit", unit, *more)

    def restart(self):
        self.province.register.daemon.stop()
        return self.province.register.start()

    def journal(self):
        return b"".join(path.read_bytes() for path in sorted((self.data / "journal").glob("journal-0*")))

    def check_counts(self, said, history, person):
        """What was decided while rows of the person were missing counts when it comes out the same."""
        counts = re.search(r"second register: (\d+) records applied, (\d+) decided again, (\d+) otherwise; not decided again: "
                           r"(\d+) of the register itself, (\d+) by rules of another version, (\d+) redacted, "
                           r"(\d+) that can't be, since a row of somebody redacted is missing", said)
        self.assertTrue(counts, said)
        applied, decided, otherwise, of_register, other_rules, redacted, unclear = map(int, counts.groups())
        self.assertEqual(applied, len(history))
        self.assertEqual(applied, decided + of_register + other_rules + redacted + unclear)
        self.assertEqual(otherwise, 0)
        self.assertGreater(redacted, 5)
        self.assertGreater(unclear, 0)
        revisions = [row["revision"] for row in history if str(person) in map(str, row["people"]) and row["outcome"] == "done"]
        self.assertLess(redacted + unclear, max(revisions) - min(revisions) + 1)

    def test_a_person_is_taken_out(self):
        province = self.province
        clerk, operator = province.clerk, province.operator
        # Refused before anybody is found: only the command itself says who was meant.
        self.assertEqual(self.put(NUMBER, NAME, unit="HU-MD").code, 1)
        self.assertEqual(self.put(NUMBER, NAME, "--title", "PCT-HUYEN").code, 0)
        self.assertEqual(self.put(NUMBER, NAME, "--title", "BT-HUYEN").code, 0)
        self.assertEqual(self.put(OTHER_NUMBER, OTHER, "--title", "BT-HUYEN").code, 0)
        # Leaves a trace in the home that the row was moved out of.
        for unit in ("HU-MD", "HU-TN"):
            self.assertEqual(self.put(NUMBER, NAME, unit=unit, desk=self.province.organiser).code, 0)
        clerk.do("propose", "QN21-CC", "--citizen-number", NUMBER)
        clerk.do("propose", "QN21-CC", "--citizen-number", OTHER_NUMBER)
        person = next(row for row in clerk.ask("person", "list") if row["full_name"] == NAME)["person"]
        nomination = next(row for row in clerk.ask("nomination", "list") if row["full_name"] == NAME)["nomination"]
        clerk.do("sync")
        redact = ("redact", person, "--reason", "theo yêu cầu", "--document", "45-QĐ/TU")

        said = operator.say(*redact, "--yes")
        self.assertEqual(said.code, 1)
        self.assertIn("may still change", said.err)
        clerk.do("withdraw", nomination, "--yes", "--reason", "đi chữa bệnh")
        self.assertEqual(clerk.say(*redact, "--yes").code, 1)
        self.assertIn("dry run", operator.do(*redact, "--dry-run").err)
        self.assertIn(NAME, clerk.do("person", "list").out)
        self.assertIn("keeps the particulars until the daemon starts the next time", operator.do(*redact, "--yes").err)
        self.assertEqual(operator.say(*redact, "--yes").code, 1)
        for path in ((), (self.data,)):
            rows = operator.ask("audit", "show", *path, "--person", person)
            taken = [row for row in rows if row["command"] == "redact" and row["outcome"] == "PERSON_REDACTED"]
            self.assertEqual(len(taken), 1, rows)

        # At once: lists, search, mirror; not the journal yet.
        for words in (("person", "list"), ("nomination", "list"), ("nomination", "show", nomination)):
            said = clerk.do("--output", "json", *words)
            self.assertNotIn(NAME, said.out)
            self.assertNotIn(NUMBER, said.out)
        clerk.do("sync")
        self.assertNotIn(NAME, clerk.do("person", "list", "--offline").out)
        self.assertEqual(clerk.say("propose", "QN21-CC", "--citizen-number", NUMBER, "--dry-run").code, 1)
        said = clerk.say("propose", "QN21-CC", "--person", person)
        self.assertEqual(said.code, 1)
        self.assertIn("was taken out", said.err)
        self.assertIn("đã được gỡ khỏi sổ", clerk.say("--lang", "vi", "propose", "QN21-CC", "--person", person).err)
        self.assertTrue(NAME.encode() in self.journal())
        before = clerk.directory / "before.history"
        clerk.do("audit", "checkpoint", "--to", before)

        # At the next start the journal too, and neither chain nor register has changed.
        daemon = province.register.daemon
        daemon.stop()
        live = tables(self.data / "register")
        copy = province.register.root / "copy"
        shutil.copytree(self.data / "journal", copy)
        province.register.start()
        province.register.daemon.await_line("redacted in the journal: people: 1, ")
        journal = self.journal()
        for secret in (NAME, NUMBER, "đi chữa bệnh"):
            self.assertFalse(secret.encode() in journal, secret)
        for kept in (OTHER, OTHER_NUMBER):
            self.assertTrue(kept.encode() in journal, kept)
        province.register.daemon.stop()
        self.assertEqual(tables(self.data / "register"), live)
        shutil.rmtree(self.data / "register")
        province.register.start()
        province.register.daemon.stop()
        self.assertEqual(tables(self.data / "register"), live)
        self.assertFalse(NAME.encode() in (self.data / "register" / "data.mdb").read_bytes())

        # Replayed, and decided again, it is the same as well.
        done = matriculad("verify", "--config", province.register.config, "--replay")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.check_counts(done.stdout, operator.ask("audit", "show", self.data), person)

        for path, some in ((self.data, True), (copy, False)):
            said = run("audit", "verify", path, "--checkpoint", before, "--output", "json")
            self.assertEqual(said.code, 0, said)
            self.assertEqual((said.json[0]["redactions"], said.json[0]["redacted"] > 5), (1, some))
        self.assertEqual((self.data / "redactions").read_text().splitlines()[0], "matricula-redactions 1")
        daemon = province.register.start()
        self.assertNotIn("redacted in the journal", daemon.log)
        clerk.do("sync")


if __name__ == "__main__":
    unittest.main()
