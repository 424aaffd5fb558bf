"""A state directory used on two machines, and a disk that is full: what the clerk reads, in both languages, and what is
left afterwards."""
import resource
import shutil
import subprocess
import unittest

from clerk import MATRICULA, InProvince, Said
from support.daemon import PATIENCE
from watching import Service

HALTED = {"en": "Two copies of this outbox may be in use; use only one and tell the operator.",
          "vi": "Có thể hai bản sao của sổ chờ gửi này đang được dùng; chỉ dùng một bản"}
OUTDATED = {"en": "This outbox is an old copy. Put the present state directory back", "vi": "Sổ chờ gửi này là bản sao cũ."}
FULL = {"en": "The disk is full; nothing was queued. Make room and try again.", "vi": "Đĩa đã đầy; chưa có gì được đưa vào sổ chờ gửi."}


class Troubles(InProvince):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.numbers = iter(range(1, 100))

    def desk(self):
        name = f"trouble{next(self.numbers)}"
        desk = self.province.desk(name)
        self.province.operator.do("principal", "put", desk.key, "--name", name, "--role", "nominator", "--unit", "HU-TN")
        return desk

    def person(self, name="Võ Văn Sáu"):
        return ("person", "put", "--citizen-number", f"0510750007{next(self.numbers):02}", "--name", name, "--birth", "1975",
                "--unit", "HU-TN", "--replace")

    def copy_of(self, desk):
        """The same desk on another machine: key and state directory were copied."""
        other = self.province.desk(f"{desk.directory.name}-copy", key=False)
        shutil.copy(desk.directory / "client.key", other.directory / "client.key")
        shutil.copytree(desk.directory / "state", other.directory / "state")
        return other

    def people(self, desk, name):
        return [row for row in desk.ask("person", "list") if row["full_name"] == name]

    def test_two_machines(self):
        desk = self.desk()
        desk.do(*self.person())
        copy = self.copy_of(desk)
        desk.do(*self.person("Bản Chính"))
        for language in ("en", "vi"):
            said = copy.say(*self.person("Bản Sao"), "--lang", language)
            self.assertEqual(said.code, 5)
            self.assertIn(HALTED[language], said.err)
            said = copy.say("outbox", "send", "--lang", language)
            self.assertEqual(said.code, 5)
            self.assertIn(HALTED[language], said.err)
        # What was entered there is still to be seen, and the copy still reads.
        self.assertEqual(len(copy.waiting()), 1)
        self.assertEqual(self.people(copy, "Bản Sao"), [])
        with Service(copy) as service:
            service.await_status("^At the head.*nothing is sent: The outbox is stopped")
            self.assertEqual(service.stop(), 0)
        desk.do(*self.person("Bản Chính"))
        self.assertEqual(len(self.people(desk, "Bản Chính")), 2)

    def test_an_old_copy(self):
        desk = self.desk()
        desk.do(*self.person())
        copy = self.copy_of(desk)
        for _ in range(3):
            desk.do(*self.person())
        said = copy.say(*self.person("Bản Sao"))
        self.assertEqual(said.code, 5)
        self.assertIn(OUTDATED["en"], said.err)
        self.assertIn("use an empty one and check what was sent", said.err)
        said = copy.say("outbox", "send", "--lang", "vi")
        self.assertIn(OUTDATED["vi"], said.err)

    def limited(self, desk, size, *words):
        """Runs a command whose files can't grow beyond so many bytes, as on a full disk."""
        done = subprocess.run([MATRICULA, "--config", str(desk.config), *words], capture_output=True, text=True,
                              timeout=PATIENCE, restore_signals=False, check=False,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
        return Said(done)

    def test_a_full_disk_while_queueing(self):
        desk = self.desk()
        desk.do(*self.person("Còn Chỗ"), "--offline")
        size = max(path.stat().st_size for path in (desk.directory / "state").rglob("*") if path.is_file())
        told = []
        for _ in range(50):
            said = self.limited(desk, size, *self.person("Còn Chỗ"), "--offline", "--note", "x" * 900, "--lang",
                                ("en", "vi")[len(told) % 2])
            told.append(said) if said.code else None
            if len(told) == 2:
                break
        for said, language in zip(told, ("en", "vi"), strict=True):
            self.assertEqual(said.code, 5, said)
            self.assertIn(FULL[language], said.err)
            self.assertNotIn("queued", said.out)
        queued = len(desk.waiting())
        self.assertGreater(queued, 0)
        # There is room again: what was queued goes out, once, and nothing of what wasn't.
        desk.do("outbox", "send")
        self.assertEqual(desk.waiting(), [])
        self.assertEqual(len(self.people(desk, "Còn Chỗ")), queued)


if __name__ == "__main__":
    unittest.main()
