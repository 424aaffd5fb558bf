"""Lists far longer than anybody means to send, and keys that end while one is being sent."""
import csv
import subprocess
import threading
import unittest

from clerk import MATRICULA, Province

ROWS = 200000
GOOD = 1000  # each so many-th row can be recorded
HEADING = "họ tên,ngày sinh,giới tính\n"


class LongLists(unittest.TestCase):
    def setUp(self):
        self.province = Province()
        self.addCleanup(self.province.__exit__)

    def start(self, desk, *words):
        return subprocess.Popen([MATRICULA, "--config", desk.config, "--output", "csv", *words], cwd=desk.directory,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def test_two_hundred_thousand_rows(self):
        clerk = self.province.clerk
        births = ("1/1/1980" if number % GOOD == 0 else "31/02/1980" for number in range(ROWS))
        people = [(f"Nguyễn Văn {number}", birth, "nam") for number, birth in enumerate(births)]
        clerk.file("dai.csv", HEADING + "".join(",".join(person) + "\n" for person in people))
        program = self.start(clerk, "person", "put", "--csv", "dai.csv", "--unit", "HU-TN")
        out, err = program.communicate(timeout=250)
        self.assertEqual(program.returncode, 6, err)
        self.assertIn(f"Rows: {ROWS}; done: {ROWS // GOOD}; not sent yet: 0; failed: {ROWS - ROWS // GOOD}.", err)
        rows = list(csv.DictReader(out.splitlines()))
        self.assertEqual([int(row["Row"]) for row in rows], list(range(2, ROWS + 2)))
        self.assertEqual({row["Outcome"] for row in rows[::GOOD]}, {"done"})
        with open(clerk.directory / "dai.failed.csv", encoding="utf-8-sig", newline="") as failed:
            kept = list(csv.reader(failed))
        self.assertEqual([tuple(row[:3]) for row in kept[1:]], [person for person in people if person[1] != "1/1/1980"])
        self.assertEqual(len(clerk.ask("person", "list")), ROWS // GOOD)

    def test_key_revoked_in_the_middle(self):
        """What was answered stands, the rest is kept in the outbox, and the desk is told that its key is at an end."""
        p = self.province
        count = 20000
        p.clerk.file("ds.csv", HEADING + "".join(f"Nguyễn Văn {number},1980,nam\n" for number in range(count)))
        program = self.start(p.clerk, "person", "put", "--csv", "ds.csv", "--unit", "HU-TN")
        errors = []
        reader = threading.Thread(target=lambda: errors.extend(program.stderr))
        reader.start()
        lines = [program.stdout.readline() for _ in range(2)]
        p.operator.do("principal", "revoke", "--reason", "mất máy", "--yes", "--", p.clerk.key)
        lines += program.stdout.readlines()
        self.assertEqual(program.wait(250), 4, errors)
        reader.join()
        program.stdout.close()
        program.stderr.close()
        self.assertIn("revoked", "".join(errors))
        outcomes = [row["Outcome"] for row in csv.DictReader(lines)]
        done = outcomes.count("done")
        self.assertGreater(done, 0)
        self.assertLess(done, count)
        self.assertNotIn("not done", outcomes)
        names = [person["full_name"] for person in p.auditor.ask("person", "list")]
        self.assertEqual(len(names), len(set(names)))
        self.assertGreaterEqual(len(names), done)
        self.assertGreater(len(p.clerk.waiting()), 0)


if __name__ == "__main__":
    unittest.main()
