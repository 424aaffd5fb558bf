"""Nominations, seats and classes: what the rules of the year don't allow."""
from matricula.v1 import commands_pb2, entities_pb2, vocabulary_pb2 as words

from errors.case import Case

FUTURE_MS = 7_000_000_000_000


class Seats(Case):
    def test_window_not_open(self):
        p = self.p
        window = dict(opens=FUTURE_MS)
        code = p.programme(seats=1, nomination_window=window, demand_window=window)
        self.refused(p.clerk, field="", number=FUTURE_MS, propose=p.propose_body(code))
        self.refused(p.clerk, field="", number=FUTURE_MS,
                     register_demand=dict(programme_code=code, unit_code="HUYEN-A", seats=1))

    def test_window_closed(self):
        p = self.p
        code = p.programme(demand_window=dict(closes=1000), nomination_window=dict(closes=1000))
        self.refused(p.clerk, field="", number=1000,
                     register_demand=dict(programme_code=code, unit_code="HUYEN-A", seats=1))

    def test_not_eligible(self):
        p = self.p
        conditions = [dict(kind=entities_pb2.CONDITION_KIND_AGE, maximum=20, instrument="5763-CV/BTCTW"),
                      dict(kind=entities_pb2.CONDITION_KIND_DOCUMENTS)]
        code = p.programme(seats=1, conditions=conditions)
        error = self.refused(p.clerk, field="person", propose=p.propose_body(code))
        self.assertEqual([(finding.condition, finding.field, finding.wanted) for finding in error.findings],
                         [(entities_pb2.CONDITION_KIND_AGE, "birth", "..20"),
                          (entities_pb2.CONDITION_KIND_DOCUMENTS, "documents_complete", "true")])

    def test_already_nominated(self):
        p = self.p
        code, person = p.programme(seats=2), p.person()
        nomination = p.nominate(code, person)
        self.refused(p.clerk, field="person", number=nomination, propose=p.propose_body(code, person))

    def test_already_nominated_elsewhere(self):
        """By two units at the same moment: neither waits for the other's answer, and the second learns nothing."""
        p = self.p
        code = p.programme(seats=2)
        body = {**p.person_body(citizen_number="089085000021"),
                "held": [dict(title_code="CV", unit_code=unit) for unit in ("HUYEN-A", "HUYEN-B")]}
        person = p.done(p.organiser, put_person=body).id
        before = len(p.rows(p.auditor, "NOMINATION", programme_code=code))
        desks = (p.clerk, p.other_clerk)
        for desk in desks:
            propose = p.propose_body(code, person)
            desk.send(desk.entry(commands_pb2.Command(propose=propose)).SerializeToString())
        answers = sorted((desk.receive()[1] for desk in desks), key=lambda answer: answer.revision)
        self.assertEqual([answer.revision for answer in answers], [p.head + 1, p.head + 2])
        self.assertTrue(answers[0].HasField("acknowledgement"), answers)
        p.head += 1
        error = p.take_refusal(self.code, answers[1])
        self.assertEqual((error.field, error.found, error.wanted, error.number), ("", "", "", 0))
        self.assertEqual(len(p.rows(p.auditor, "NOMINATION", programme_code=code)), before + 1)

    def test_standard_already_held(self):
        p = self.p
        person = p.person(attained=[dict(scheme=words.SCHEME_THEORY, number=3)])
        self.refused(p.clerk, field="person", propose=p.propose_body(p.programme(seats=1), person))

    def test_seats_over_programme(self):
        p = self.p
        code = p.programme(seats=4)
        self.refused(p.organiser, field="seats", number=6,
                     allocate=dict(programme_code=code, unit_code="HUYEN-B", seats=7))
        lower = dict(rule=words.QUOTA_RULE_FIXED, in_force=3)
        self.refused(p.organiser, field="programme.quota.in_force", number=4,
                     put_programme=p.programme_body(code, quota=lower))

    def test_seats_over_left(self):
        p = self.p
        code = p.programme(seats=2)
        p.nominate(code)
        self.refused(p.organiser, field="seats", number=1, transfer=dict(
            programme_code=code, from_unit_code="HUYEN-A", to_unit_code="HUYEN-B", seats=2))
        self.refused(p.clerk, field="seats", number=1, return_seats=dict(
            programme_code=code, unit_code="HUYEN-A", seats=2, reason="thừa"))

    def test_list_frozen(self):
        p = self.p
        code = p.programme(seats=1)
        letter = p.letter(code)
        p.freeze(code)
        self.refused(p.organiser, field="unit_code", freeze=dict(programme_code=code, unit_code="HUYEN-A"))
        self.refused(p.clerk, field="number", put_letter=dict(id=letter, programme_code=code, unit_code="HUYEN-A",
                                                              number="99-CV/HU"))

    def test_list_not_frozen(self):
        p = self.p
        code = p.programme(seats=1)
        nomination = p.vetted(code)
        self.refused(p.approver, field="approved_ids.0", decide=p.decide_body(code, nomination))

    def test_letter_required(self):
        p = self.p
        code = p.programme(seats=1)
        nomination = p.done(p.clerk, propose=p.propose_body(code)).nomination_id
        self.refused(p.organiser, field="nomination_id", vet=dict(nomination_id=nomination, eligible=True))

    def test_transition_refused(self):
        p = self.p
        code = p.programme(seats=1)
        nomination = p.nominate(code)
        p.done(p.clerk, withdraw=dict(nomination_id=nomination))
        error = self.refused(p.clerk, field="nomination_id", number=words.STATE_WITHDRAWN,
                             withdraw=dict(nomination_id=nomination))
        self.assertEqual((error.found, error.wanted), ("STATE_WITHDRAWN", "withdraw"))

    def test_supplementary_required(self):
        """Who got the seat after the freeze needs a decision of its own."""
        p = self.p
        code = p.programme(seats=1)
        first, second = p.vetted(code), p.vetted(code)
        p.freeze(code)
        p.done(p.clerk, withdraw=dict(nomination_id=first, reason="ốm"))
        self.refused(p.approver, field="approved_ids.0", decide=p.decide_body(code, second))

    def test_not_vetted(self):
        p = self.p
        code = p.programme(seats=1)
        nomination = p.nominate(code)
        p.freeze(code)
        self.refused(p.approver, field="approved_ids.0", decide=p.decide_body(code, nomination))

    def test_wrong_programme(self):
        """All or nothing: the first two are of this programme, and stay as they were."""
        p = self.p
        code, other = p.programme(seats=2), p.programme(seats=1)
        nominations = [p.vetted(code), p.vetted(code), p.vetted(other)]
        p.freeze(code)
        self.refused(p.approver, field="approved_ids.2", decide=p.decide_body(code, *nominations))

    def test_approval_required(self):
        p = self.p
        self.refused(p.school, field="approval_number", open_class=p.class_body(p.programme(bloc=words.BLOC_STATE)))

    def test_class_full(self):
        p = self.p
        code, nominations = p.decided(2)
        lesson = p.open_class(code, capacity=1)
        self.refused(p.organiser, field="nomination_ids", number=1, summon=p.summon_body(lesson, *nominations))

    def test_class_closed(self):
        p = self.p
        code, nominations = p.decided()
        lesson = p.open_class(code)
        p.done(p.school, close_class=dict(class_code=lesson, close=True))
        self.refused(p.organiser, field="class_code", summon=p.summon_body(lesson, *nominations))

    def test_session_conflict(self):
        p = self.p
        person = p.person()
        (first, (one,)), (second, (two,)) = p.decided(people=[person]), p.decided(people=[person], supplies=[])
        p.done(p.organiser, summon=p.summon_body(p.open_class(first), one))
        lesson = p.open_class(second, opens_on=20251005, closes_on=20251101)
        self.refused(p.organiser, field="nomination_ids.0", summon=p.summon_body(lesson, two))
