"""Each command once, by the desk that gives it: dry, with nothing changed, and in earnest with the same answer."""
import unittest

from zmq.utils import z85

from matricula.v1 import commands_pb2

from support.desk import new_key
from support.province import Province, bodies, words

OF_THE_REGISTER = {"checkpoint", "incarnation"}
AFTER_A_RESTORE = {"close_outbox", "end_reconciliation"}  # unit/writer/test_again.c
PRESENT, EXCUSED = (commands_pb2.AttendanceKind.Value(f"ATTENDANCE_KIND_{kind}") for kind in ("PRESENT", "EXCUSED"))


class DryRun(unittest.TestCase):
    def setUp(self):
        self.p = Province()
        self.addCleanup(self.p.close)

    def registry(self):
        p = self.p
        p.done(p.operator, put_unit=p.unit("XA-A2", "HUYEN-A"))
        p.done(p.operator, put_unit=p.unit("XA-A2", "HUYEN-A", name="Xã Hai"))
        key = z85.decode(new_key()[0])
        p.done(p.operator, put_principal=dict(public_key=key, name="Văn thư xã", role=words.ROLE_NOMINATOR,
                                              unit_code="XA-A2"))
        p.done(p.operator, revoke_principal=dict(public_key=key, reason="nghỉ việc"))
        p.done(p.operator, dissolve_unit=dict(code="XA-A2", successor_code="XA-A1"))

    def quota(self):
        p = self.p
        code = p.programme()
        p.done(p.clerk, register_demand=dict(programme_code=code, unit_code="HUYEN-A", seats=4))
        p.done(p.organiser, allocate=dict(programme_code=code, unit_code="HUYEN-A", seats=6))
        p.done(p.organiser, transfer=dict(programme_code=code, from_unit_code="HUYEN-A", to_unit_code="HUYEN-B", seats=2))
        p.done(p.clerk, return_seats=dict(programme_code=code, unit_code="HUYEN-A", seats=1, reason="không có người"))
        p.done(p.organiser, return_seats=dict(programme_code=code, unit_code="HUYEN-B", seats=1, reason="quá hạn",
                                              lapsed=True))

    def seats(self):
        """A seat, a place in the queue, displaced, substituted, withdrawn with a promotion."""
        p = self.p
        code = p.programme(seats=1)
        first = p.nominate(code)
        waiting = p.done(p.clerk, propose=p.propose_body(code))
        self.assertEqual(waiting.state, words.STATE_WAITING)
        better = p.done(p.clerk, propose=p.propose_body(code, p.person(title="BT")))
        self.assertEqual(better.displaced_id, first)
        substitute = p.done(p.clerk, substitute=dict(nomination_id=better.nomination_id, reason="ốm",
                                                     person=dict(person_id=p.person())))
        gone = p.done(p.clerk, withdraw=dict(nomination_id=substitute.nomination_id))
        self.assertEqual(gone.promoted_id, first)

    def late(self):
        p = self.p
        code = p.programme(seats=1, nomination_window=dict(closes=1))
        for accept in (True, False):
            late = p.done(p.clerk, propose=p.propose_body(code))
            self.assertEqual(late.state, words.STATE_LATE)
            p.done(p.organiser, settle_late=dict(nomination_id=late.nomination_id, accept=accept, reason="lý do"))

    def academy(self):
        """From the vetting to the results, by way of an academy that must accept."""
        p = self.p
        code, nominations = p.decided(3, needs_acceptance=True)
        for nomination in nominations:
            for step in ("SENT", "ACCEPTED"):
                p.done(p.organiser, forward=dict(nomination_id=nomination, step=f"FORWARD_STEP_{step}"))
        lesson = p.open_class(code)
        p.done(p.organiser, summon=p.summon_body(lesson, *nominations))
        kinds = (PRESENT, PRESENT, EXCUSED)
        p.done(p.school, enrol=dict(class_code=lesson, attendances=[
            dict(nomination_id=nomination, kind=kind, reason="ốm" if kind == EXCUSED else "")
            for nomination, kind in zip(nominations, kinds)]))
        states = (words.STATE_COMPLETED, words.STATE_FAILED)
        p.done(p.school, close_class=dict(class_code=lesson, close=True, results=[
            dict(nomination_id=nomination, state=state) for nomination, state in zip(nominations, states)]))

    def redaction(self):
        p = self.p
        p.done(p.operator, redact=dict(person_id=p.person(), reason="theo yêu cầu", document="45-QĐ/TU"))

    def test_every_command(self):
        for step in (self.redaction, self.registry, self.quota, self.seats, self.late, self.academy):
            with self.subTest(step.__name__):
                step()
        self.assertEqual(self.p.commands, bodies() - OF_THE_REGISTER - AFTER_A_RESTORE)


if __name__ == "__main__":
    unittest.main()
