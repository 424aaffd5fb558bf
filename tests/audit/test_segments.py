"""A copy of a journal that lacks one of its files: which entries it had is told; at the end nothing but a checkpoint can."""
import shutil
import unittest

from clerk import run
from support.backups import fill
from support.daemon import Register
from support.desk import Desk

MISSING = ("{}: This segment file, or more than this one, is missing: the entries {} to {} aren't there.",
           "{}: Thiếu tệp phân đoạn này, có thể còn thiếu tệp khác: không có các mục từ {} đến {}.")
OPEN_END = ("Without a checkpoint from elsewhere (--checkpoint) it can't be proved that nothing is missing at the journal's end.",
            "Nếu không có điểm xác nhận lấy từ nơi khác (--checkpoint) thì không chứng minh được rằng cuối nhật ký không thiếu "
            "mục nào.")
FINE = "Nothing is wrong.", "Không có gì sai."
LANGUAGES = "en", "vi"


def first_of(segment):
    return int(segment.name.removeprefix("journal-"), 16)


class Segments(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """A journal of three files."""
        cls.register = Register().init()
        cls.addClassCleanup(cls.register.__exit__)
        daemon = cls.register.start()
        with Desk(cls.register).greeted() as desk:
            fill(desk, 0, 2100)
        assert daemon.stop() == 0, daemon.log

    def setUp(self):
        self.copy = self.register.root / "copy"
        shutil.copytree(self.register.data / "journal", self.copy)
        self.addCleanup(shutil.rmtree, self.copy)
        self.segments = sorted(self.copy.glob("journal-0*"))
        self.assertGreaterEqual(len(self.segments), 3)

    def audit(self, action, language="en", *more):
        return run("--lang", language, "audit", action, self.copy, *more)

    def test_one_in_the_middle(self):
        gone = self.segments[1]
        gone.unlink()
        first, behind = first_of(gone), first_of(self.segments[2])
        for language, words in zip(LANGUAGES, MISSING):
            for action in ("verify", "show"):
                said = self.audit(action, language)
                self.assertEqual(said.code, 5, said)
                self.assertIn(words.format(gone.name, first, behind - 1), said.err)
        said = self.audit("show")
        self.assertIn(f"No entry behind {first - 1} was read", said.err)
        said = self.audit("verify")
        self.assertIn(f"The last entry known to be good is {first - 1};", said.err)
        self.assertIn("Findings: 1.", said.err)
        self.assertNotIn(OPEN_END[0], said.err)

    def test_the_last_one(self):
        whole = self.audit("verify", "en", "--output", "json")
        self.assertIn(OPEN_END[0], whole.err)
        self.segments[-1].unlink()
        said = self.audit("verify", "en", "--output", "json")
        self.assertEqual((whole.code, said.code), (0, 0), said)
        self.assertEqual(said.json[0]["head"], first_of(self.segments[-1]) - 1)
        self.assertLess(said.json[0]["head"], whole.json[0]["head"])
        for language, *words in zip(LANGUAGES, FINE, OPEN_END):
            said = self.audit("verify", language)
            self.assertEqual(said.err.splitlines(), words)


if __name__ == "__main__":
    unittest.main()
