"""The tests' own sources, for tests that hold a list of tests to be complete."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[3]


def text_of(path, test):
    """What stands in tests/PATH between the test's first line and the next thing that begins in the same column; empty
    when there is no such test."""
    source = (ROOT / "tests" / path).read_text()
    found = re.search(rf"^( *)(?:def|static void) {test}\(.*?(?=^\1[^\s)}}{{]|\Z)", source, re.MULTILINE | re.DOTALL)
    return found.group() if found else ""
