"""Lists as desks send them: every row has its answer, and the failed ones come back corrected."""
import csv
import io
import unittest

from clerk import InProvince

HEADING = "STT;Họ và tên;Ngày sinh;;Dân tộc;Số CCCD;Chức vụ;LLCT;Quy hoạch\r\n;;Nam;Nữ;;;;;\r\n"
GOOD = "1;Phạm Văn Cường;12/5/1978;;Kinh;051078000111;Phó Chủ tịch huyện;Trung cấp;BT-HUYEN,2020-2190\r\n"
MENDED = "2;Ðinh  Thị Dung;;3/9/1982;Hrê;051182000222;;;\r\n"
BAD = {
    "3;Lê Văn Em;31/02/1980;;;051080000333;;;": "calendar",
    "4;Nguyeãn Vaên Phaùt;1/1/1980;;;051080000444;;;": "TCVN3",
    "5;Võ Thị Giang;;1985;;51185000555;;;": "12 digits",
    "6;Hồ Văn Hùng;1/1/1979;1/1/1979;;;;;": "both columns",
    "7;Bùi Văn Khánh;1979;;;051079000888;Trưởng phòng lạ;;": "title",
    "8;Phạm Văn Cường;12/5/1978;;;051078000111;;;": "same person",
    "9;Lý Văn Lâm;12/5/1978;;;099078000111;;;": "place",
    "10;Lý Văn Mai;12/5/1979;;;051078000999;;;": "year of birth",
    "11;Lý Thị Nở;;12/5/1978;;051078000998;;;": "other sex",
    "12;Lý Văn Oanh;12/5/1978;;;;;;BT-HUYEN": "plan of office",
    "13;;12/5/1978;;;;;;": "missing: Họ và tên",
    "14;Lý Văn Phong;;;;;;;": "birth is missing",
}


class Lists(InProvince):
    def imported(self, desk, *words, code=0):
        said = desk.say("--output", "json", "--quiet", *words)
        self.assertEqual(said.code, code, said)
        return said.json

    def test_good_and_bad_rows_and_again(self):
        clerk = self.province.clerk
        text = "\ufeffDANH SÁCH TRÍCH NGANG;;;;;;;;\r\n" + HEADING + GOOD + MENDED + "\r\n".join(BAD) + "\r\n"
        rows = self.imported(clerk, "person", "put", "--csv", clerk.file("ds.csv", text), "--unit", "HU-TN", code=6)
        self.assertEqual([row["row"] for row in rows], list(range(4, 6 + len(BAD))))
        self.assertEqual([row["outcome"] for row in rows], ["done"] * 2 + ["failed"] * len(BAD))
        for row, (line, part) in zip(rows[2:], BAD.items()):
            self.assertIn(part, row["message"], line)
        self.assertEqual(set(rows[1]["repairs"]), {"Ð made Đ", "spaces tidied"})
        person = clerk.ask("person", "show", "051078000111")
        self.assertEqual((person["sex"], person["attained"], person["held"], person["planned"]),
                         ("male", ["political theory 2"], ["PCT-HUYEN@HU-TN"], ["BT-HUYEN,2020-2190"]))

        failed = clerk.directory / "ds.failed.csv"
        self.assertEqual(failed.stat().st_mode & 0o777, 0o600)
        kept = list(csv.reader(io.StringIO(failed.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";"))
        self.assertEqual(kept[0][-1], "Reason not imported")
        self.assertEqual([";".join(row[:-1]) for row in kept[1:]], list(BAD))
        # As it is, it fails as before, and what was to be corrected isn't overwritten.
        again = self.imported(clerk, "person", "put", "--csv", failed, "--unit", "HU-TN", code=6)
        self.assertEqual(len(again), len(BAD))
        self.assertTrue((clerk.directory / "ds.failed-2.csv").exists())
        corrected = failed.read_bytes().decode().replace("31/02/1980", "28/02/1980").replace(
            "Nguyeãn Vaên Phaùt", "Nguyễn Văn Phát").replace("51185000555", "051185000555")
        rows = self.imported(clerk, "person", "put", "--csv", clerk.file("sua.csv", corrected), "--unit", "HU-TN", code=6)
        self.assertEqual([row["outcome"] for row in rows[:3]], ["done"] * 3)
        self.assertEqual(len(clerk.ask("person", "list", "--citizen-number", "051185000555")), 1)

    def test_people_are_not_doubled(self):
        clerk = self.province.clerk
        path = clerk.file("khong-so.csv", "họ tên,ngày sinh,giới tính,đơn vị,dân tộc\nTrương Văn Một,1970,nam,HU-TN,Kinh\n")
        first = self.imported(clerk, "person", "put", "--csv", path)
        path = clerk.file("khong-so-2.csv",
                          "Full name,Birth,Sex,Unit,Citizen number\nTrương Văn Một,1970,male,Huyện ủy Tư Nghĩa,051070000777\n")
        second = self.imported(clerk, "person", "put", "--csv", path)
        self.assertEqual(first[0]["id"], second[0]["id"])
        person = clerk.ask("person", "show", "051070000777")
        self.assertEqual(person["ethnicity"], "Kinh", "what the second list doesn't have stays")
        path = clerk.file("trung-ten.csv",
                          "Full name,Birth,Sex,Unit,Citizen number\nTrương Văn Một,1970,male,HU-TN,051070000778\n")
        other = self.imported(clerk, "person", "put", "--csv", path)
        self.assertNotEqual(other[0]["id"], first[0]["id"], "another number is another person")
        path = clerk.file("trung-ten-2.csv", "Full name,Birth,Sex,Unit\nTrương Văn Một,1970,male,HU-TN\n")
        self.assertIn("several people", self.imported(clerk, "person", "put", "--csv", path, code=1)[0]["message"])

    def test_nominations(self):
        p = self.province
        p.programme("QN21-DS", "--in-force", "2", "--seats-target", "2", "--condition",
                    "age:maximum=60,at=1/3/2021,instrument=103-KH/TU")
        p.organiser.do("quota", "allocate", "--csv",
                       p.organiser.file("phan-bo.csv", "đơn vị\tchỉ tiêu\nHuyện ủy Tư Nghĩa\t1\nHU-MD\t1\n"),
                       "--programme", "QN21-DS")
        people = ("stt,họ tên,ngày sinh,giới tính,số định danh\n1,Hà Văn A,1970,nam,051070100001\n"
                  "2,Hà Văn B,1971,nam,051071100002\n3,Hà Văn C,1950,nam,051050100003\n")
        path = p.clerk.file("hoc.csv", people)
        self.imported(p.clerk, "person", "put", "--csv", path, "--unit", "HU-TN")
        rows = self.imported(p.clerk, "propose", "QN21-DS", "--csv", path, code=6)
        self.assertEqual([row["state"] for row in rows], ["seated", "waiting", None])
        self.assertIn("at most 60", rows[2]["message"])
        self.assertIn("103-KH/TU", rows[2]["message"])
        rows = self.imported(p.clerk, "propose", "QN21-DS", "--csv", path, code=1)
        self.assertIn("already been put forward", rows[0]["message"])

    def test_a_plan(self):
        p = self.province
        path = p.organiser.file("ke-hoach.csv", (
            "code,name,kind,type,mode,bloc,bloc_inferred,directing,organising,provider,venue,student_manager,seats_min,"
            "seats_target,seats_max,quota_rule,classes,note\n"
            'KH-1,"Cao cấp, hệ tập trung",training,,full_time,party,,BTV,Ban Tổ chức Tỉnh ủy,Học viện X; Trường Chính trị '
            "tỉnh,,Trường Chính trị tỉnh,,56,56,fixed,2,as allotted\n"
            "KH-2,Hoàn chỉnh,training,completion,part_time,state,1,,BTC,,,,40,,50,range,,\n"
            "KH-3,Sai,training,,,party,,,Đơn vị lạ,,,,,-4,,fixed,,\n"))
        rows = self.imported(p.organiser, "programme", "put", "--csv", path, "--plan", "QN21", "--skip-unknown-units",
                             code=6)
        self.assertEqual([row["outcome"] for row in rows], ["done", "done", "failed"])
        self.assertIn("Học viện X", rows[0]["remarks"])
        self.assertIn("-4", rows[2]["message"])
        one = p.organiser.ask("programme", "show", "KH-1")
        self.assertEqual((one["providers"], one["organisers"], one["in_force"], one["student_manager"], one["planned_classes"]),
                         (["TCT"], ["BTC"], 56, "TCT", 2))
        two = p.organiser.ask("programme", "show", "KH-2")
        self.assertEqual((two["completion"], two["mode"], two["bloc_inferred"], two["seats_min"], two["seats_max"],
                          two["in_force"]), (True, "part-time", True, 40, 50, 0))

    def test_files_that_cannot_be_used(self):
        clerk = self.province.clerk
        cases = (
            (b"", "is empty"),
            (b"\r\n\r\n", "is empty"),
            ("họ tên,ngày sinh\n".encode("utf-16"), "UTF-16"),
            (b"a,b\n1,2\n", "heading"),
            ("họ tên,đơn vị\nA,B\n".encode(), "births"),
            ("họ tên,ngày sinh,ngày đẻ,đơn vị\nA,B,,C\n".encode(), "ngày đẻ"),
            ("họ tên,ngày sinh,đơn vị\n\"A,1980,HU-TN\n".encode() + b"x" * 200000, "quotation mark"),
        )
        for number, (contents, part) in enumerate(cases):
            said = clerk.say("person", "put", "--csv", clerk.file(f"bad-{number}.csv", contents))
            self.assertEqual(said.code, 2, said)
            self.assertIn(part, said.err)
        said = clerk.say("person", "put", "--csv", "nowhere.csv")
        self.assertEqual(said.code, 5)
        heading_only = clerk.say("person", "put", "--csv", clerk.file("none.csv", "họ tên,ngày sinh,đơn vị\n"))
        self.assertEqual(heading_only.code, 0)
        self.assertIn("no rows", heading_only.err)

    def test_cells_that_would_be_formulas(self):
        clerk = self.province.clerk
        path = clerk.file("cong-thuc.csv", "họ tên,ngày sinh,giới tính,đơn vị,điện thoại,ghi chú\n"
                          "Ngô Văn Số,1970,nam,HU-TN,'+84 905,=1+1\nNgô Văn Lỗi,32/1/1970,nam,HU-TN,+84 906,@x\n")
        self.imported(clerk, "person", "put", "--csv", path, code=6)
        person = next(row for row in clerk.ask("person", "list") if row["full_name"] == "Ngô Văn Số")
        self.assertEqual((person["phone"], person["note"]), ("+84 905", "=1+1"))
        self.assertIn("'=1+1", clerk.do("person", "list", "--output", "csv").out)
        failed = (clerk.directory / "cong-thuc.failed.csv").read_bytes().decode("utf-8-sig")
        self.assertIn("'+84 906,'@x", failed)

    def test_many_rows(self):
        p = self.province
        count = 2500
        lines = "".join(f"Nguyễn Văn {i},{1950 + i % 50},{'nam' if i % 2 else 'nữ'},Kinh\n" for i in range(count))
        path = p.other.file("nhieu.csv", "họ tên,ngày sinh,giới tính,dân tộc\n" + lines)
        rows = self.imported(p.other, "person", "put", "--csv", path, "--unit", "HU-MD")
        self.assertEqual([row["outcome"] for row in rows], ["done"] * count)
        self.assertEqual(len(p.other.ask("person", "list")), count)


if __name__ == "__main__":
    unittest.main()
