"""po/vi.po has every text of the sources, translated, with the same places for values."""
import collections
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["MTR_SOURCE_DIR"])
VIETNAMESE = SOURCE / "po" / "vi.po"
STRING = re.compile(r'^"(.*)"$', re.MULTILINE)


def entries(path):
    """(flags, msgid, msgstr) of each entry but the header."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        found = re.search(r'^msgid ((?:".*"\n?)+)(?:msgid_plural ((?:".*"\n?)+))?msgstr(?:\[0\])? ((?:".*"\n?)+)', block,
                          re.MULTILINE)
        if not found or block.lstrip().startswith("#~"):
            continue
        one, many, translation = ("".join(STRING.findall(part or "")) for part in found.groups())
        flags = "".join(re.findall(r"^#,.*$", block, re.MULTILINE))
        for text in (one, many):
            if text:
                yield flags, text, translation


class Catalogue(unittest.TestCase):
    def test_complete(self):
        sources = sorted((SOURCE / "client" / "cli").glob("**/*.[ch]"))
        with tempfile.TemporaryDirectory() as directory:
            template = pathlib.Path(directory) / "template.pot"
            subprocess.run(["xgettext", "--from-code=UTF-8", "-k_", "-kN_", "-k_n:1,2", "--no-location", "-o", template, *sources],
                           check=True)
            wanted = {source for _, source, _ in entries(template)}
        self.assertGreater(len(wanted), 500)
        known = {source for _, source, _ in entries(VIETNAMESE)}
        self.assertEqual(wanted - known, set(), "not translated")
        self.assertEqual(known - wanted, set(), "not in the sources any more")

    def test_the_reasons_of_damage(self):
        """What the engine finds in segment files is shown by "audit verify" in the clerk's language."""
        engine = SOURCE / "daemon" / "engine"
        reasons = re.findall(r'damaged_here\(inspect,\s*"([^"]+)"\)', (engine / "inspect.c").read_text())
        reasons += re.findall(r'_UNCHAINED "([^"]+)"', (engine / "inspect.h").read_text())
        reasons += re.findall(r'offset \? "([^"]+)" : "([^"]+)"', (engine / "inspect.c").read_text())[0]
        self.assertGreater(len(set(reasons)), 9)
        self.assertEqual(set(reasons) - {source for _, source, _ in entries(VIETNAMESE)}, set(), "not translated")

    def test_translated(self):
        for flags, source, translation in entries(VIETNAMESE):
            self.assertTrue(translation, source)
            self.assertNotIn("fuzzy", flags, source)
            if "%<PRI" in source:
                self.assertIn("c-format", flags, f"{source}: msgfmt leaves such a text untranslated without the flag")

    def test_places_for_values(self):
        for _, source, translation in entries(VIETNAMESE):
            for pattern in (r"\{\w+\}", r"%[^%a-zA-Z<]*(?:<\w+>|[a-z]+)"):
                places = [collections.Counter(re.findall(pattern, text)) for text in (source, translation)]
                if pattern.startswith("%"):
                    # "100 %" of a sentence isn't a place; those that are stand in the same order.
                    places = [re.findall(r"%(?:\+?<\w+>|[a-z]+)", text) for text in (source, translation)]
                self.assertEqual(*places, source)

    def test_checked_by_gettext(self):
        subprocess.run(["msgfmt", "--check", "-o", os.devnull, VIETNAMESE], check=True)


if __name__ == "__main__":
    unittest.main()
