"""A desk's remembered checkpoint against a register whose past was changed, by whoever has all of the server's keys."""
import os
import re
import shutil
import subprocess
import unittest

from clerk import Province, run

FORGE = os.environ["FORGE"]


def forge(*words):
    done = subprocess.run([FORGE, *map(str, words)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def change_frame(path, old, new):
    """Changes a text in the segment file and makes the frame's checksum right again. Returns the frame's offset."""
    data = bytearray(path.read_bytes())
    at = data.index(old)
    data[at:at + len(old)] = new
    frame = at // 4096 * 4096
    while data[frame:frame + 4] != data[4096:4100]:
        frame -= 4096
    length = int.from_bytes(data[frame + 8:frame + 12], "big")
    crc = crc32c(data[72:76] + data[frame:frame + 64] + data[frame + 68:frame + length])
    data[frame + 64:frame + 68] = crc.to_bytes(4, "big")
    path.write_bytes(data)
    return frame


class History(unittest.TestCase):
    def setUp(self):
        self.province = province = Province()
        self.addCleanup(province.__exit__)
        self.data = province.register.data
        province.register.configure(network__listen=province.register.endpoint)
        self.restart()
        province.clerk.do("sync")

    def restart(self):
        """A clean stop signs what was written since the last checkpoint."""
        self.province.register.daemon.stop()
        self.province.register.start()

    def change(self, number):
        self.province.organiser.do("plan", "put", f"QN{number}", "--name", f"Kế hoạch {number}", "--year", f"20{number}")

    def replace_journal(self, other):
        """The register is what this journal says from now on."""
        self.province.register.daemon.stop()
        shutil.rmtree(self.data / "register")
        shutil.rmtree(self.data / "journal")
        shutil.copytree(other, self.data / "journal")
        self.province.register.start()

    def remembered(self):
        return (self.province.clerk.directory / "state" / "history").read_text()

    def refused(self, part):
        clerk = self.province.clerk
        before, rows = self.remembered(), clerk.ask("plan", "list", "--offline")
        for _ in range(2):
            said = clerk.say("sync")
            self.assertNotEqual(said.code, 0, said)
            self.assertIn(part, said.err)
            self.assertIn("tell the auditor", said.err)
        self.assertIn("Đừng làm tiếp", clerk.say("sync", "--lang", "vi").err)
        self.assertEqual(self.remembered(), before)
        self.assertEqual(clerk.ask("plan", "list", "--offline"), rows)

    def test_a_history_that_grows_is_followed(self):
        clerk = self.province.clerk
        first = clerk.ask("audit", "checkpoint")
        for number in (31, 32, 33):
            self.change(number)
        self.restart()
        clerk.do("sync")
        second = clerk.ask("audit", "checkpoint")
        self.assertGreater(second["revision"], first["revision"] + 2)
        self.assertEqual(second["audit_key"], first["audit_key"])
        said = run("audit", "verify", self.data, "--audit-key", first["audit_key"], "--output", "json")
        self.assertEqual(said.code, 0, said)
        result = said.json[0]
        self.assertEqual((result["findings"], result["signed_up_to"]), (0, second["revision"]))
        self.assertEqual(result["head"], result["records"])

    def test_a_desk_that_knows_nothing_yet(self):
        desk = self.province.desk("new")
        self.assertEqual(desk.say("audit", "checkpoint").code, 5)
        self.province.operator.do("principal", "put", desk.key, "--name", "new", "--role", "auditor", "--unit", "TU")
        desk.do("sync")
        self.assertEqual(desk.ask("audit", "checkpoint"), self.province.clerk.ask("audit", "checkpoint"))

    def test_a_rewritten_history_is_caught(self):
        clerk = self.province.clerk
        self.change(41)
        self.restart()
        clerk.do("sync")
        file = clerk.directory / "clerk.history"
        clerk.do("audit", "checkpoint", "--to", file)
        key = clerk.ask("audit", "checkpoint")["audit_key"]
        forged = self.province.register.root / "forged"
        forge("journal", self.data / "journal", forged, self.data / "audit.key", "Kế hoạch 41", "Kế hoạch 14")
        # By itself it is without fault: chain, checkpoints and signatures hold.
        said = run("audit", "verify", forged, "--audit-key", key)
        self.assertEqual(said.code, 0, said)
        said = run("audit", "verify", forged, "--checkpoint", file)
        self.assertEqual(said.code, 5, said)
        self.assertRegex(said.err, r"journal-0000000000000001, byte \d+, entry \d+: This isn't the history")
        self.assertIn("Đây không phải lịch sử",
                      run("--lang", "vi", "audit", "verify", forged, "--checkpoint", file).err)
        said = run("audit", "verify", self.data, "--checkpoint", file)
        self.assertEqual(said.code, 0, said)
        self.assertIn("the history that the desk remembers", said.err)
        self.assertNotIn("Without a checkpoint", said.err)
        self.replace_journal(forged)
        self.assertIn("Kế hoạch 14", self.province.organiser.do("plan", "list").out)
        self.refused("isn't the one this desk remembers")
        # Nor when it grows on.
        self.change(42)
        self.restart()
        self.refused("isn't the one this desk remembers")

    def test_a_history_that_was_cut_off_is_caught(self):
        clerk = self.province.clerk
        copy = self.province.register.root / "copy"
        self.province.register.daemon.stop()
        shutil.copytree(self.data / "journal", copy)
        self.province.register.start()
        self.change(51)
        self.restart()
        clerk.do("sync")
        file = clerk.directory / "clerk.history"
        clerk.do("audit", "checkpoint", "--to", file)
        said = run("audit", "verify", copy, "--checkpoint", file)
        self.assertEqual(said.code, 5)
        self.assertIn("ends before", said.err)
        said = run("--lang", "vi", "audit", "verify", copy, "--checkpoint", file)
        self.assertRegex(said.err, r"Mục \d+: Nhật ký kết thúc trước")
        self.replace_journal(copy)
        said = clerk.say("sync")
        self.assertNotEqual(said.code, 0)

    def test_another_key_is_refused(self):
        self.province.register.daemon.stop()
        kept = (self.data / "audit.key").read_text()
        (self.data / "audit.key").unlink()
        lost = self.province.register.daemon.__class__(self.province.register.config, self.province.register.root / "notify")
        self.assertEqual(lost.wait(), 66)
        self.assertIn("restore it from the backup of the keys", lost.log)
        forge("key", self.data / "audit.key")
        self.province.register.start()
        self.refused("with another key")
        key = self.province.clerk.ask("audit", "checkpoint")["audit_key"]
        self.change(61)
        self.province.register.daemon.stop()
        said = run("audit", "verify", self.data, "--audit-key", key)
        self.assertEqual(said.code, 5)
        self.assertIn("isn't signed by the audit key", said.err)
        (self.data / "audit.key").write_text(kept)

    def test_who_did_what_when(self):
        province = self.province
        auditor, journal = province.auditor, self.data
        clerk = province.clerk
        clerk.do("person", "put", "--citizen-number", "051075000111", "--name", "Nguyễn Văn A", "--birth", "1975", "--unit",
                 "HU-TN", "--title", "BT-HUYEN")
        province.organiser.do("quota", "allocate", "QN21-CC", "HU-TN", "1")
        clerk.do("propose", "QN21-CC", "--citizen-number", "051075000111")
        self.assertEqual(clerk.say("propose", "QN21-CC", "--citizen-number", "051075000111").code, 1)
        person = clerk.ask("person", "list")[0]["person"]
        nomination = clerk.ask("nomination", "list")[0]["nomination"]
        desk = next(row["id"] for row in province.operator.ask("principal", "list") if row["name"] == "clerk")
        asked = {("--person", person): ["put_person", "propose", "propose"], ("--nomination", nomination): ["propose"],
                 ("--unit", "HU-TN", "--desk", desk): ["put_person", "propose"],
                 ("--programme", "QN21-CC"): ["put_programme", "allocate", "propose"],
                 ("--desk", desk): ["put_person", "propose", "propose"], ("--until", "1/1/2001"): [],
                 ("--from", "1/1/2190"): []}
        for words, commands in asked.items():
            online = auditor.ask("audit", "show", *words)
            offline = auditor.ask("audit", "show", journal, *words)
            self.assertEqual([row["command"] for row in offline], commands, words)
            self.assertEqual(online[::-1], offline, words)
        unmet = "No entry names a {} XX. Is the code right?"
        for *words, remark in (("--until", "1/1/2001", ""), ("--person", 4711, ""), ("--unit", "XX", unmet.format("unit")),
                               ("--programme", "XX", unmet.format("programme")), ("--desk", 4711, "")):
            said = auditor.say("audit", "show", journal, *words)
            self.assertEqual((said.code, said.err.strip()), (0, f"Nothing found.\n{remark}".strip()), said)
        self.assertIn("Nothing found.", auditor.do("audit", "show", "--until", "1/1/2001").err)
        for path in ((), (journal,)):
            said = auditor.say("audit", "show", *path, "--from", "2/1/2021", "--until", "1/1/2021")
            self.assertEqual(said.code, 2, said)
            self.assertIn("--from is after --until", said.err)
        everything = auditor.ask("audit", "show", journal)
        self.assertEqual(auditor.ask("audit", "show", journal, "--limit", 3), everything[-3:])
        self.assertEqual(auditor.ask("audit", "show", journal, "--limit", 1000000), everything)
        segments = sorted(journal.glob("journal/journal-0*"))
        self.assertEqual(auditor.ask("audit", "show", journal, journal, f"{journal}/journal/", *segments), everything)
        self.assertEqual([row["revision"] for row in everything], list(range(1, len(everything) + 1)))
        said = auditor.do("--lang", "vi", "audit", "show", journal)
        self.assertIn("ký xác nhận lịch sử", said.out)
        self.assertNotIn("Nguyễn Văn A", said.out)
        self.assertEqual(auditor.say("audit", "show", "--unit", "XX").code, 1)

    def copy(self):
        self.province.register.daemon.stop()
        self.addCleanup(self.province.register.start)
        copy = self.province.register.root / "copy"
        shutil.copytree(self.data / "journal", copy)
        return copy, copy / "journal-0000000000000001"

    def test_a_directory_is_read_once(self):
        copy, segment = self.copy()
        said = run("audit", "verify", segment, copy, f"{copy}/", segment, "--output", "json")
        self.assertEqual((said.code, len(said.json)), (0, 1), said)
        self.assertEqual(said.err.splitlines()[0], "Nothing is wrong.")

    def test_damage_is_named(self):
        copy, path = self.copy()
        with open(path, "r+b") as file:
            file.seek(8192 + 100)
            byte = file.read(1)
            file.seek(8192 + 100)
            file.write(bytes([byte[0] ^ 4]))
        said = run("audit", "verify", path)
        self.assertEqual(said.code, 5)
        self.assertRegex(said.err, r"journal-0000000000000001, byte 8192: The file is damaged")
        self.assertRegex(said.err, r"last entry known to be good is \d+; entries behind the damage weren't read")
        self.assertIn("Findings: 1.", said.err)
        said = run("--lang", "vi", "audit", "verify", path)
        self.assertIn("Tệp bị hỏng. (một khung bị hỏng, và còn một khung sau nó)", said.err)
        said = run("audit", "show", copy)
        self.assertEqual(said.code, 5)
        self.assertRegex(said.err, r"No entry behind \d+ was read")
        said = run("audit", "verify", self.province.register.root / "nowhere")
        self.assertEqual(said.code, 5)
        self.assertNotIn("Nothing is wrong", said.err)

    def test_a_changed_record_with_a_good_checksum_is_named(self):
        self.change(71)
        copy, path = self.copy()
        frame = change_frame(path, "Kế hoạch 71".encode(), "Kế hoạch 17".encode())
        said = run("audit", "verify", copy)
        self.assertEqual(said.code, 5)
        found = re.search(rf"journal-0000000000000001, byte {frame}, entr\w+ (\d+)[^:]*: Something here was changed", said.err)
        self.assertTrue(found, said)
        self.assertIn(f"last entry known to be good is {int(found[1]) - 1};", said.err)
        said = run("--lang", "vi", "audit", "verify", copy)
        self.assertIn("Ở đây đã có chỗ bị sửa", said.err)
        self.assertNotIn("entr", said.err)
        said = run("audit", "show", copy)
        self.assertEqual(said.code, 5)
        self.assertIn("was read. “matricula audit verify” says what is wrong", said.err)


if __name__ == "__main__":
    unittest.main()
