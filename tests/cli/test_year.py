"""A year, from the first unit to the roster, typed by the people whose work it is."""
import csv
import io
import json
import unittest

from clerk import InProvince


class Year(InProvince):
    def person(self, number, name, birth, *more):
        return self.province.clerk.ask("person", "put", "--citizen-number", number, "--name", name, "--birth", birth,
                                       "--unit", "HU-TN", *more)["id"]

    def test_from_unit_to_roster(self):
        p = self.province
        p.clerk.do("demand", "QN21-CC", "3")
        p.organiser.do("quota", "allocate", "QN21-CC", "HU-TN", "1", "--document", "12-CV/BTC")
        p.organiser.do("quota", "allocate", "QN21-CC", "HU-MD", "2")
        p.organiser.do("quota", "transfer", "QN21-CC", "HU-MD", "HU-TN", "1", "--document", "15-CV/BTC")
        letter = p.clerk.ask("letter", "put", "QN21-CC")["id"]
        self.person("051075000123", "Nguyễn Văn Ân", "20/3/1975", "--title", "PCT-HUYEN")
        self.person("051180000456", "Trần Thị Ánh", "1980", "--planned", "BT-HUYEN,2020-2190", "--title", "PCT-HUYEN")
        self.person("051078000789", "Đỗ Văn An", "11/1978")
        receipts = [p.clerk.ask("propose", "QN21-CC", "--citizen-number", number, "--letter", letter, "--order", order)
                    for order, number in enumerate(("051078000789", "051075000123", "051180000456"), 1)]
        self.assertEqual([receipt["state"] for receipt in receipts], ["seated", "seated", "seated"])
        self.assertEqual(receipts[2]["displaced"], receipts[0]["nomination"])
        self.assertEqual(receipts[1]["full_name"], "Nguyễn Văn Ân")
        self.assertEqual(receipts[1]["group"], "incumbent")
        waiting, first, second = (receipt["nomination"] for receipt in receipts)
        shown = p.clerk.ask("status", waiting)
        self.assertEqual((shown["state"], shown["waiting_position"], shown["cause"]), ("waiting", 1, "displaced"))
        vietnamese = p.clerk.do("nomination", "show", waiting, "--lang", "vi").out
        self.assertIn("Chờ chỉ tiêu, thứ 1", vietnamese)
        self.assertIn("Chuyển sang chờ (theo thứ tự ưu tiên)", vietnamese)

        early = p.organiser.say("vet", first)
        self.assertEqual(early.code, 1)
        self.assertIn("letter", early.err)
        p.clerk.do("letter", "put", "QN21-CC", "--id", letter, "--number", "45-CV/HU", "--date", "15/3/2021", "--signer",
                   "Trần Văn B")
        p.organiser.do("vet", "--programme", "QN21-CC", "--all-eligible")
        p.organiser.do("freeze", "QN21-CC", "--all-units", "--document", "20-TB/BTC", "--yes")
        listed = p.clerk.do("nomination", "list", "--programme", "QN21-CC", "--lang", "vi").out
        self.assertIn("Đã chốt danh sách; đã thẩm định: đủ điều kiện", listed)
        p.approver.do("decide", "QN21-CC", "--all", "--number", "77-QĐ/HU", "--date", "20/4/2021", "--signer", "Lê C",
                      "--yes")
        states = {row["nomination"]: row["state"] for row in p.clerk.ask("nomination", "list")}
        self.assertEqual(states, {waiting: "waiting", first: "decided", second: "decided"})

        p.school.do("class", "open", "K1", "--programme", "QN21-CC", "--opens", "5/5/2021", "--closes", "30/11/2021",
                    "--capacity", "60", "--decision", "101-QĐ/TCT")
        p.organiser.do("summon", "K1", "--all", "--number", "110-GTT", "--date", "25/4/2021", "--report-on", "5/5/2021")
        roster = p.school.ask("roster", "show", "K1")
        # Given names first: Ánh comes before Ân, for a stands before â.
        self.assertEqual([row["full_name"] for row in roster], ["Trần Thị Ánh", "Nguyễn Văn Ân"])
        p.school.do("class", "enrol", "K1", "--all-present", "--excused", second, "--reason", "nghỉ thai sản")
        p.school.do("roster", "pull", "K1", "--to", "k1.csv", "--lang", "vi")
        text = (p.school.directory / "k1.csv").read_bytes().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        self.assertEqual(rows[0][:3], ["STT", "Họ và tên", "Ngày sinh"])
        self.assertEqual(rows[1][6], "Không đi học, có lý do chính đáng")
        self.assertEqual(rows[2][2], "20/03/1975")
        self.assertEqual((p.school.directory / "k1.csv").stat().st_mode & 0o777, 0o600)
        p.school.do("class", "close", "K1", "--completed", f"{first}=giỏi", "--yes")
        self.assertIn("Tốt nghiệp", p.clerk.do("nomination", "list", "--lang", "vi").out)
        attained = p.clerk.ask("person", "show", "051075000123")["attained"]
        self.assertEqual(attained, ["political theory 3"])
        tally = p.auditor.ask("quota", "show", "--by-unit", "--unit", "HU-TN")[0]
        self.assertEqual((tally["granted"], tally["transferred_in"], tally["completed"]), (1, 1, 1))
        self.assertEqual(p.auditor.ask("log", "--nomination", first, "--limit", "1")[0]["command"], "close_class")

    def test_late_withdraw_substitute_return(self):
        p = self.province
        p.programme("QN21-X", "--in-force", "3", "--seats-target", "3")
        p.organiser.do("quota", "allocate", "QN21-X", "HU-TN", "2")
        numbers = ("051081000001", "051081000002", "051081000003")
        for number in numbers:
            self.person(number, "Lê Văn " + "ABC"[numbers.index(number)], "1981")
        one = p.clerk.ask("propose", "QN21-X", "--citizen-number", numbers[0])["nomination"]
        replaced = p.clerk.ask("substitute", one, "--citizen-number", numbers[1], "--reason", "ốm dài ngày")
        self.assertEqual((replaced["substitutes"], replaced["state"]), (one, "seated"))
        p.clerk.do("withdraw", replaced["nomination"], "--yes", "--reason", "chuyển công tác")
        p.clerk.do("quota", "return", "QN21-X", "1", "--reason", "không có nguồn")
        p.organiser.do("programme", "put", "QN21-X", "--nominate-until", "1/1/2001")
        self.assertEqual(p.organiser.ask("programme", "show", "QN21-X")["in_force"], 3, "what isn't given stays")
        late = [p.clerk.ask("propose", "QN21-X", "--citizen-number", number)["nomination"] for number in numbers[1:]]
        p.organiser.do("late", "accept", late[0], "--document", "20-CV/BTC")
        p.organiser.do("late", "refuse", late[1], "--reason", "quá hạn")
        states = {row["nomination"]: row["state"] for row in p.clerk.ask("nomination", "list", "--programme", "QN21-X")}
        self.assertEqual((states[late[0]], states[late[1]]), ("seated", "late-refused"))
        ledger = p.organiser.ask("quota", "ledger", "--programme", "QN21-X")
        self.assertEqual([(row["kind"], row["seats"]) for row in ledger], [("granted", 2), ("returned", 1)])

    def test_units_principals_and_their_ends(self):
        p = self.province
        p.operator.do("unit", "put", "XA-1", "--name", "Xã Một", "--kind", "commune", "--level", "commune", "--bloc",
                      "party", "--parent", "HU-TN")
        p.operator.do("unit", "dissolve", "XA-1", "--successor", "HU-TN", "--yes")
        self.assertEqual(p.operator.ask("unit", "show", "XA-1")["successor"], "HU-TN")
        self.assertEqual([unit["code"] for unit in p.clerk.ask("unit", "list", "--parent", "HU-TN")], ["XA-1"])
        lost = p.desk("lost")
        p.operator.do("principal", "put", lost.key, "--name", "máy cũ", "--role", "nominator", "--unit", "HU-TN")
        lost.do("whoami")
        p.operator.do("principal", "revoke", lost.key, "--reason", "máy bị mất", "--yes")
        said = lost.say("whoami")
        self.assertEqual(said.code, 4)
        self.assertIn(lost.key, said.out)

    def test_dry_runs_change_nothing(self):
        p = self.province
        before = p.auditor.ask("status")["durable_revision"]
        said = p.operator.do("unit", "put", "DRY", "--name", "Thử", "--kind", "commune", "--level", "commune", "--bloc",
                             "party", "--parent", "TU", "--dry-run")
        self.assertIn("nothing was changed", said.err)
        self.assertEqual(p.operator.say("unit", "show", "DRY").code, 1)
        people = p.clerk.file("dry.csv", "họ tên,ngày sinh,giới tính\nNgười Thử,1980,nam\n")
        self.assertEqual(p.clerk.ask("person", "put", "--csv", people, "--unit", "HU-TN", "--dry-run")[0]["outcome"],
                         "done")
        self.assertEqual(p.auditor.ask("status")["durable_revision"], before)

    def test_forms_agree(self):
        p = self.province
        for words in (("unit", "list"), ("programme", "list"), ("person", "list"), ("principal", "list")):
            desk = p.operator if words[0] in ("unit", "principal") else p.organiser
            rows = desk.ask(*words)
            table = list(csv.reader(io.StringIO(desk.do(*words, "--output", "csv").out)))
            self.assertEqual(len(table) - 1, len(rows))
            self.assertEqual({len(row) for row in table}, {len(rows[0])} if rows else {len(table[0])})
            json.dumps(rows)


if __name__ == "__main__":
    unittest.main()
