"""What is typed wrong is answered with the field and the remedy, and changes nothing."""
import os
import pathlib
import shutil
import subprocess
import unittest

from clerk import MATRICULA, InProvince, run

PERSON = ("--name", "Lê Văn Thử", "--birth", "1980", "--sex", "male", "--unit", "HU-TN")
LONG = "Nguyễn " * 60


def with_(field, value):
    words = list(PERSON)
    words[words.index(field) + 1] = value
    return ("person", "put", *words)


class Mistakes(InProvince):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.province.organiser.do("quota", "allocate", "QN21-CC", "HU-TN", "2")

    def wrong(self, desk, code, part, *words):
        for language in ("en", "vi"):
            said = desk.say(*words, "--lang", language)
            self.assertEqual(said.code, code, f"{words}: {said}")
            self.assertTrue(said.err.strip(), words)
            self.assertEqual(said.out, "", words)
            if language == "en":
                self.assertIn(part, said.err, words)

    def test_names(self):
        clerk = self.province.clerk
        self.wrong(clerk, 1, "Too long: full name", *with_("--name", LONG))
        self.wrong(clerk, 1, "missing: full name", *with_("--name", "   "))
        self.wrong(clerk, 1, "isn't allowed there: full name", *with_("--name", "Lê\x07Văn"))
        raw = subprocess.run([MATRICULA, "--config", str(clerk.config), "--lang", "en", "person", "put", "--name",
                              b"Nguy\xe3n"], capture_output=True, check=False)
        self.assertEqual(raw.returncode, 2)
        self.assertIn(b"UTF-8", raw.stderr)
        composed = clerk.ask("person", "put", "--name", "Lê Văn Thử", "--birth", "1980", "--sex", "male",
                             "--unit", "HU-TN")["id"]
        self.assertEqual(clerk.ask("person", "show", composed)["full_name"], "Lê Văn Thử")
        mended = clerk.do("--lang", "en", "person", "put", "--dry-run", *with_("--name", "\u00d0ặng  Va\u0306n")[2:])
        self.assertEqual(mended.err.splitlines()[:3], ["--name: letters and tone marks composed (NFC)",
                                                       "--name: Ð made Đ", "--name: spaces tidied"])

    def test_dates(self):
        clerk = self.province.clerk
        for date in ("31/02/1980", "29/2/1981", "1/13/1980", "0/1/1980", "1980-02-30", "80", "hôm qua", ""):
            self.wrong(clerk, 2, "calendar", *with_("--birth", date))
        self.wrong(clerk, 1, "date of birth", *with_("--birth", "1/1/2190"))
        self.wrong(self.province.approver, 1, "future", "decide", "QN21-CC", "1", "--number", "1", "--date", "1/1/2190",
                   "--signer", "A", "--yes")

    def test_citizen_numbers(self):
        clerk = self.province.clerk
        for number, part in (("51080000123", "12 digits"), ("0510800001234", "12 digits"), ("05108000012a", "digits"),
                             ("999080000123", "001 to 096"), ("051180000123", "other sex"), ("051081000123", "year of birth")):
            self.wrong(clerk, 1, part, *with_("--name", "Lê Văn Số"), "--citizen-number", number)

    def test_seats(self):
        organiser = self.province.organiser
        for seats in ("-1", "0", "100001", "9223372036854775807", "9223372036854775808", "18446744073709551616", "1e3",
                      "2.5", "hai", ""):
            self.wrong(organiser, 2, "SEATS", "quota", "allocate", "QN21-CC", "HU-TN", seats)
        self.wrong(organiser, 1, "in force (seats; given: 4; allowed: at most 3)", "quota", "allocate", "QN21-CC", "HU-TN",
                   "4")
        self.wrong(organiser, 1, "seats left: 2", "quota", "transfer", "QN21-CC", "HU-TN", "HU-MD", "3")
        self.wrong(self.province.clerk, 1, "seats left: 2", "quota", "return", "QN21-CC", "3", "--reason", "thừa")
        self.wrong(organiser, 2, "out of range", "programme", "put", "QN21-CC", "--in-force", "100001")
        self.wrong(organiser, 1, "at least 2", "programme", "put", "QN21-CC", "--in-force", "1")

    def test_windows(self):
        organiser = self.province.organiser
        self.wrong(organiser, 1, "at least 01/01/2027 00:00", "programme", "put", "QN21-CC", "--nominate-from", "1/1/2027",
                   "--nominate-until", "1/1/2026")
        for time in ("1/2027", "2027", "1/1/2027 25:00", "1/1/2027 8", "31/4/2027"):
            self.wrong(organiser, 2, "--nominate-from", "programme", "put", "QN21-CC", "--nominate-from", time)
        self.province.programme("QN21-SAU", "--in-force", "1", "--seats-target", "1", "--nominate-from", "1/1/2189")
        self.wrong(self.province.clerk, 1, "it begins 01/01/2189 00:00", "propose", "QN21-SAU", "--citizen-number",
                   "051080000123")
        self.province.programme("QN21-QUA", "--in-force", "1", "--seats-target", "1", "--demand-until", "1/1/2001")
        self.wrong(self.province.clerk, 1, "it ended 01/01/2001 23:59", "demand", "QN21-QUA", "1")

    def test_who_may(self):
        p = self.province
        self.wrong(p.clerk, 1, "role", "quota", "allocate", "QN21-CC", "HU-TN", "1")
        self.wrong(p.auditor, 1, "role", "demand", "QN21-CC", "1", "--unit", "HU-TN")
        self.wrong(p.clerk, 1, "responsible for", "demand", "QN21-CC", "1", "--unit", "HU-MD")
        self.wrong(p.clerk, 1, "no such unit", "demand", "QN21-CC", "1", "--unit", "XX-1")
        self.wrong(p.clerk, 1, "no such programme", "demand", "XX-1", "1")
        self.wrong(p.clerk, 1, "no such nomination", "withdraw", "99999", "--yes")
        told, all_told = p.clerk.ask("status"), p.auditor.ask("status")
        self.assertGreater(all_told["sessions"], 0)
        self.assertIsNone(told["sessions"], "what isn't told is not 0")
        self.wrong(p.other, 1, "no such person", "propose", "QN21-CC", "--citizen-number", "051075000123")

    def test_words(self):
        clerk = self.province.clerk
        self.wrong(clerk, 2, "Did you mean “nomination list”", "nomination", "lits")
        self.wrong(clerk, 2, "Did you mean “--programme”", "nomination", "list", "--program", "X")
        self.wrong(clerk, 2, "--yes", "withdraw", "1")
        self.assertEqual(clerk.say().code, 2)
        self.assertEqual(clerk.say("--help").code, 0)
        self.assertEqual(clerk.say("help", "nothing").code, 2)

    def test_codes_in_a_journal(self):
        p = self.province
        self.wrong(p.auditor, 1, "no such unit", "audit", "show", "--unit", "NOPE")
        journal = p.register.root / "journal"
        shutil.copytree(p.register.data / "journal", journal)
        for option, code, words in (("--unit", "NOPE", {"en": "No entry names a unit NOPE.", "vi": "đơn vị NOPE"}),
                                    ("--programme", "NOPE-1", {"en": "No entry names a programme NOPE-1.",
                                                               "vi": "chương trình NOPE-1"})):
            for language in ("en", "vi"):
                said = p.auditor.say("audit", "show", journal, option, code, "--lang", language)
                self.assertEqual(said.code, 0, said)
                self.assertIn(words[language], said.err)
        # One that is there, though nothing happened to it then.
        said = p.auditor.say("audit", "show", journal, "--unit", "HU-MD", "--until", "1/1/2001")
        self.assertEqual(said.err, "Nothing found.\n", said)

    def test_settings(self):
        directory = self.province.register.root / "bare"
        directory.mkdir()
        environment = dict(os.environ, HOME=str(directory), XDG_CONFIG_HOME="", XDG_STATE_HOME="", LANG="C", LC_ALL="")
        unset = run("unit", "list", environment=environment)
        self.assertEqual(unset.code, 2)
        self.assertIn(str(directory / ".config/matricula/client.ini"), unset.err)
        key = run("keygen", environment=environment)
        self.assertEqual(key.code, 0)
        path = pathlib.Path(directory / ".config/matricula/client.key")
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertEqual(run("keygen", environment=environment).code, 5)
        for text, part in (("[server]\nendpiont = x\n", "endpoint"), ("[client]\nlanguage = fr\n", "“en” or “vi”"),
                           ("[server]\ntimeout = 0\n", "seconds"), ("rubbish\n", "line 1")):
            config = directory / "wrong.ini"
            config.write_text(text)
            said = run("--config", config, "unit", "list", environment=environment)
            self.assertEqual(said.code, 2, said)
            self.assertIn(part, said.err)
        self.assertEqual(run("--config", directory / "none.ini", "unit", "list", environment=environment).code, 2)
        vietnamese = run("unit", "lits", environment=dict(environment, LANG="vi_VN.UTF-8"))
        self.assertIn("Có phải ý là", vietnamese.err)


if __name__ == "__main__":
    unittest.main()
