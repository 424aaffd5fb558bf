"""Links that are down, keys that aren't known, readers that go away."""
import os
import socket
import subprocess
import unittest

from clerk import MATRICULA, InProvince, run


def nobody_listens():
    """A port of this machine that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{probe.getsockname()[1]}"


class Link(InProvince):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.province.organiser.do("quota", "allocate", "QN21-CC", "HU-TN", "2")

    def test_what_was_entered_without_a_link_arrives_later(self):
        clerk = self.province.clerk
        endpoint = clerk.settings["endpoint"]
        clerk.do("person", "put", "--citizen-number", "051075000123", "--name", "Nguyễn Văn Ân", "--birth", "1975", "--unit",
                 "HU-TN")
        clerk.configure(endpoint=nobody_listens(), timeout=1)
        said = clerk.say("propose", "QN21-CC", "--citizen-number", "051075000123")
        self.assertEqual(said.code, 3, said)
        self.assertIn("outbox", said.err)
        rows = clerk.say("--output", "json", "propose", "QN21-CC", "--csv",
                         clerk.file("ds.csv", "họ tên,ngày sinh,đơn vị\nLê Văn Không,1980,HU-TN\n"))
        self.assertEqual((rows.code, rows.json[0]["outcome"]), (3, "queued"))
        self.assertEqual(len(clerk.waiting()), 2)
        asked = clerk.say("nomination", "list", "--output", "json")
        self.assertEqual((asked.code, asked.out), (3, ""))
        merged = clerk.say("person", "put", "--citizen-number", "051075000123", "--phone", "1")
        self.assertEqual(merged.code, 3)
        self.assertIn("Nothing was recorded", merged.err)
        self.assertEqual(len(clerk.waiting()), 2, "nothing is put without knowing what it replaces")
        clerk.configure(endpoint=endpoint, timeout=20)
        sent = clerk.do("outbox", "send")
        self.assertIn("ACKNOWLEDGEMENT", sent.out)
        self.assertIn("no such person", sent.err)
        self.assertEqual(len(clerk.waiting()), 0)
        self.assertEqual(len(clerk.ask("nomination", "list")), 1)

    def test_earlier_answers_come_with_the_next_command(self):
        clerk = self.province.clerk
        endpoint = clerk.settings["endpoint"]
        clerk.configure(endpoint=nobody_listens(), timeout=1)
        self.assertEqual(clerk.say("letter", "put", "QN21-CC", "--unit", "HU-TN", "--number", "1-CV").code, 3)
        clerk.configure(endpoint=endpoint, timeout=20)
        said = clerk.do("demand", "QN21-CC", "2", "--output", "json")
        self.assertEqual(said.json["demand"], 2)
        self.assertIn("of the outbox is done", said.err)

    def test_what_had_to_be_read_first_is_not_recorded(self):
        desk = self.province.desk("unrecorded")
        self.province.operator.do("principal", "put", desk.key, "--name", "unrecorded", "--role", "nominator", "--unit",
                                  "HU-TN")
        put = ("person", "put", "--citizen-number", "051075000456", "--name", "Lê Văn Chờ", "--birth", "1975", "--unit",
               "HU-TN")
        endpoint = desk.settings["endpoint"]
        for mirror in (False, True):
            desk.configure(endpoint=nobody_listens(), timeout=1)
            said = desk.say(*put)
            self.assertEqual(said.code, 3, said)
            self.assertIn("matricula: Nothing was recorded: this command reads from the register first.", said.err)
            self.assertIn("With --replace nothing is read, and the change waits in the outbox", said.err)
            self.assertEqual("With --offline" in said.err, mirror, said)
            self.assertIn("Chưa ghi nhận gì", desk.say(*put, "--lang", "vi", "--quiet").err)
            said = desk.say("demand", "QN21-CC", "2")
            self.assertEqual(said.code, 3, said)
            self.assertRegex(said.err, "Nothing was recorded(.|\n)*Name the unit; where nothing else has to be read")
            self.assertNotIn("--replace", said.err)
            self.assertNotIn("recorded", desk.say(*put, "--dry-run").err)
            self.assertEqual(desk.waiting(), [])
            desk.configure(endpoint=endpoint, timeout=20)
            desk.do("sync")
        # What was told does help.
        desk.configure(endpoint=nobody_listens(), timeout=1)
        for words in ((*put, "--replace"), ("demand", "QN21-CC", "2", "--unit", "HU-TN")):
            said = desk.say(*words)
            self.assertEqual(said.code, 3, said)
            self.assertNotIn("Nothing was recorded", said.err)
        self.assertEqual(desk.say(*put, "--offline").code, 0)
        self.assertEqual(len(desk.waiting()), 3)

    def test_keys(self):
        province = self.province
        stranger = province.desk("stranger")
        self.assertEqual(stranger.say("unit", "list").code, 4)
        whoami = stranger.say("whoami", "--lang", "vi")
        self.assertEqual(whoami.code, 4)
        self.assertIn(stranger.key, whoami.out)
        keyless = province.desk("keyless", key=False)
        said = keyless.say("unit", "list")
        self.assertEqual(said.code, 4)
        self.assertIn("“matricula keygen” makes", said.err)
        wrong = province.desk("wrong")
        wrong.configure(server_key=stranger.key, timeout=2)
        self.assertIn(wrong.say("unit", "list").code, (3, 4))
        open_key = province.desk("open")
        (open_key.directory / "client.key").chmod(0o644)
        said = open_key.say("unit", "list")
        self.assertEqual(said.code, 4)
        self.assertIn("chmod 600", said.err)
        (open_key.directory / "client.key").chmod(0o600)
        (open_key.directory / "client.key").write_text("no key\n")
        said = open_key.say("unit", "list")
        self.assertEqual(said.code, 4)
        self.assertIn("client.key isn't the key file of a desk, or is damaged", said.err)

    def test_settings_that_cannot_be_used(self):
        desk = self.province.desk("settings")
        settings = desk.directory / "other.ini"
        for text, part in (("[servr]\nendpoint = x\n", "Did you mean “endpoint” in [server]?"),
                           ("[client]\ntimeout = 3\n", "Did you mean “timeout” in [server]?"),
                           ("[server]\nendpoint = x\nkey = x\n", "other.ini"),
                           ("rubbish\n", "line 1 isn't a setting")):
            settings.write_text(text)
            said = run("--config", settings, "--lang", "en", "unit", "list")
            self.assertEqual(said.code, 2, text)
            self.assertIn(part, said.err)
        for path, part in ((desk.directory, "Is a directory"), (desk.directory / "none.ini", "No such file")):
            said = run("--config", path, "--lang", "en", "unit", "list")
            self.assertEqual(said.code, 2)
            self.assertIn(f"{path} can't be read: {part}", said.err)

    def test_a_reader_that_goes_away(self):
        words = [MATRICULA, "--config", str(self.province.clerk.config), "man"]
        # Less than is written fits into the pipe.
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pipesize=4096) as program:
            program.stdout.readline()
            program.stdout.close()
            self.assertEqual(program.wait(60), 141)
            self.assertEqual(program.stderr.read(), b"")
        with open("/dev/full", "wb") as full:
            for command in (["unit", "list"], ["man"], ["--help"]):
                done = subprocess.run(words[:3] + command, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
                self.assertEqual(done.returncode, 5, command)
                self.assertIn(b"The output can't be written.", done.stderr)

    def test_a_reader_that_was_never_there(self):
        """Whatever is written when, and however much of it: nothing is said, and what failed otherwise is still told."""
        for command, code in ((["unit", "list"], 141), (["unit", "list", "--output", "json"], 141), (["--help"], 141),
                              (["man"], 141), (["unit", "show", "XX-1"], 1)):
            read, write = os.pipe()
            os.close(read)
            done = subprocess.run([MATRICULA, "--config", str(self.province.clerk.config), "--lang", "en", *command],
                                  stdout=write, stderr=subprocess.PIPE, timeout=60, check=False)
            os.close(write)
            self.assertEqual(done.returncode, code, done)
            self.assertNotIn(b"written", done.stderr)
            self.assertEqual(bool(done.stderr), code == 1, done)


if __name__ == "__main__":
    unittest.main()
