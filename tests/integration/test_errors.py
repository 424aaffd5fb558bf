"""Every error code is provoked by a test. Those of commands and queries here, by desks of a real register; those of the
door and of sequencing in the tests of these, which are named below and must still name the code."""
import re
import unittest

from matricula.v1 import errors_pb2

from errors.case import codes_of
from errors.fields import Fields
from errors.named import Named
from errors.seats import Seats
from support.sources import ROOT, text_of

ELSEWHERE = {
    "MALFORMED": ("integration/test_frames.py", "test_truncated_at_every_byte"),
    "TOO_LARGE": ("integration/test_frames.py", "test_too_large"),
    "UNKNOWN_REQUEST": ("integration/test_frames.py", "test_unknown_request"),
    "UNKNOWN_COMMAND": ("integration/test_frames.py", "test_unknown_command_consumes_its_sequence"),
    "VERSION_UNSUPPORTED": ("integration/test_sessions.py", "test_versions"),
    "HELLO_REQUIRED": ("integration/test_sessions.py", "test_before_hello"),
    "NOT_REGISTERED": ("unit/register/test_registry.c", "a_revoked_key_does_nothing_and_stays_revoked"),
    "REVOKED": ("integration/test_sessions.py", "test_revocation_in_mid_session"),
    "BUSY": ("integration/test_sessions.py", "test_in_flight"),
    "STOPPING": ("integration/test_lifecycle.py", "test_stop_while_somebody_waits"),
    "AHEAD_OF_REGISTER": ("interop/test_exactly_once.py", "test_least_revision"),
    "CURSOR_INVALID": ("unit/reader/test_figures.c", "the_feed_is_ones_scope"),
    "TIMED_OUT": ("unit/reader/test_threads.c", "waiting_for_a_revision_ends"),
    "STORAGE_FULL": ("integration/test_disks.py", "test_disk_fills_and_is_emptied"),
    "SEQUENCE_GAP": ("interop/test_exactly_once.py", "test_gap"),
    "SEQUENCE_CONTENTS": ("interop/test_exactly_once.py", "test_other_contents"),
    "OUTBOX_OUTDATED": ("interop/test_exactly_once.py", "test_old_copy"),
    "OUTBOX_FORKED": ("interop/test_exactly_once.py", "test_copied_outbox"),
    "RECONCILING": ("unit/writer/test_again.c", "what_is_new_waits"),
    "OUTBOX_CLOSED": ("unit/writer/test_again.c", "a_gap_closes_the_outbox"),
    "ANSWER_REDACTED": ("unit/redaction/test_redaction.c", "what_was_answered_is_not_told_again"),
    "OUTBOX_FOREIGN": ("interop/test_exactly_once.py", "test_foreign_outbox"),
}


class EveryCode(unittest.TestCase):
    def test_is_provoked(self):
        codes = {name.removeprefix("ERROR_CODE_") for name in errors_pb2.ErrorCode.keys()} - {"NONE"}
        here = codes_of(Fields, Named, Seats)
        self.assertEqual(here | ELSEWHERE.keys(), codes)
        self.assertEqual(here & ELSEWHERE.keys(), set())

    def test_elsewhere_it_is_named(self):
        for code, (path, test) in ELSEWHERE.items():
            with self.subTest(code):
                self.assertRegex(text_of(path, test), rf"\b(MTR__ERROR_CODE__ERROR_CODE_)?{code}\b")


class BadInput(unittest.TestCase):
    """docs/bad-input.md names tests and codes that there are."""

    def test_names_tests(self):
        rows = [line.split("|")[1:-1] for line in (ROOT / "docs" / "bad-input.md").read_text().splitlines()
                if line.startswith("| ")][1:]
        self.assertGreater(len(rows), 30)
        codes = {name.removeprefix("ERROR_CODE_") for name in errors_pb2.ErrorCode.keys()}
        for kind, answer, tests in rows:
            with self.subTest(kind.strip()):
                self.assertLessEqual(set(re.findall(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b", answer)), codes)
                named = re.findall(r"`([^:`]+): ([^`]+)`", tests)
                self.assertTrue(named)
                for path, names in named:
                    for name in names.split(", "):
                        self.assertTrue(text_of(path, name), name)


if __name__ == "__main__":
    unittest.main()
