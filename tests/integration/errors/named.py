"""What is referred to and isn't there, and who may refer to it."""
from zmq.utils import z85

from matricula.v1 import entities_pb2, queries_pb2, vocabulary_pb2 as words

from errors.case import Case
from support.desk import new_key


class Named(Case):
    def test_role_refused(self):
        p = self.p
        self.refused(p.school, field="", propose=p.propose_body("CT-0", 1))
        self.refused(p.operator, field="", allocate=dict(programme_code="CT-0", unit_code="HUYEN-A", seats=1))
        self.refused(p.auditor, field="", put_plan=dict(plan=dict(code="KH-MOI")))
        code = p.programme(seats=1)
        self.refused(p.clerk, field="lapsed", return_seats=dict(programme_code=code, unit_code="HUYEN-A", seats=1,
                                                                reason="quá hạn", lapsed=True))

    def test_not_reconciling(self):
        self.refused(self.p.operator, field="", end_reconciliation=dict(reason="không ai chờ"))

    def test_person_redacted(self):
        p = self.p
        code, person = p.programme(seats=1), p.person()
        redact = dict(person_id=person, reason="theo yêu cầu", document="45-QĐ/TU")
        p.done(p.operator, redact=redact)
        self.refused(p.operator, field="person_id", redact=redact)
        self.refused(p.clerk, field="person.person_id", propose=p.propose_body(code, person))
        body = p.person_body()
        body["person"]["id"] = person
        self.refused(p.clerk, field="person.id", put_person=body)

    def test_nomination_open(self):
        p = self.p
        code, person = p.programme(seats=1), p.person()
        nomination = p.done(p.clerk, propose=p.propose_body(code, person)).nomination_id
        redact = dict(person_id=person, reason="theo yêu cầu", document="45-QĐ/TU")
        self.refused(p.operator, field="person_id", number=nomination, redact=redact)
        p.done(p.clerk, withdraw=dict(nomination_id=nomination))
        p.done(p.operator, redact=redact)

    def test_out_of_scope(self):
        p = self.p
        code = p.programme(seats=1)
        self.refused(p.other_clerk, field="unit_code", propose=p.propose_body(code, unit_code="HUYEN-A"))
        self.refused(p.other_clerk, field="unit_code",
                     register_demand=dict(programme_code=code, unit_code="XA-A1", seats=1))
        self.refused(p.other_clerk, field="unit_code", put_person=p.person_body(unit_code="XA-A1"))
        lesson = p.open_class(code)
        other_school = p.new_desk(words.ROLE_SCHOOL, "HUYEN-B")
        self.refused(other_school, field="class_code", enrol=dict(class_code=lesson, attendances=[
            dict(nomination_id=1, kind="ATTENDANCE_KIND_PRESENT")]))
        self.refused(other_school, field="provider_unit_code", open_class=p.class_body(code))
        self.query_refused(other_school, field="feed.class_code", feed=queries_pb2.Feed(class_code=lesson))
        self.query_refused(other_school, field="list.class_code", list=queries_pb2.List(
            type=entities_pb2.ENTITY_TYPE_ENROLMENT, class_code=lesson))
        self.query_refused(p.other_clerk, field="tallies.unit_code", tallies=queries_pb2.Tallies(unit_code="XA-A1"))
        self.query_refused(p.other_clerk, field="list.unit_code", list=queries_pb2.List(
            type=entities_pb2.ENTITY_TYPE_PERSON, unit_code="HUYEN-A"))

    def test_not_managing_body(self):
        p = self.p
        code = p.programme(seats=1)
        self.refused(p.other_approver, field="approved_ids.0", decide=p.decide_body(code, self.of_root(code)))

    def of_root(self, code):
        """A nomination of HUYEN-B, of which HUYEN-B's approver knows, of a person that the root manages."""
        p = self.p
        p.done(p.organiser, put_title=dict(code="TVTU", name="Ủy viên", level=words.LEVEL_PROVINCE, rank=50,
                                           managing_unit_code="TINH"))
        person = p.person(desk=p.other_clerk, unit_code="HUYEN-B", title="TVTU")
        return p.done(p.other_clerk, propose=p.propose_body(code, person)).nomination_id

    def test_unknown_unit(self):
        p = self.p
        error = self.refused(p.organiser, field="unit_code",
                             allocate=dict(programme_code=p.programme(), unit_code="HUYEN-Z", seats=1))
        self.assertEqual(error.found, "HUYEN-Z")
        self.query_refused(p.auditor, field="tallies.unit_code", tallies=queries_pb2.Tallies(unit_code="HUYEN-Z"))

    def test_unknown_programme(self):
        self.assertEqual(self.refused(self.p.clerk, field="programme_code",
                                      propose=self.p.propose_body("CT-KHONG")).found, "CT-KHONG")

    def test_unknown_plan(self):
        body = self.p.programme_body("CT-X", plan_code="KH-KHONG")
        self.assertEqual(self.refused(self.p.organiser, field="plan_code", put_programme=body).found, "KH-KHONG")

    def test_unknown_title(self):
        error = self.refused(self.p.clerk, field="held.0.title_code", put_person=self.p.person_body(title="GS"))
        self.assertEqual(error.found, "GS")

    def test_unknown_person(self):
        p = self.p
        code, person = p.programme(seats=1), p.person(citizen_number="089085000011")
        references = (("person_id", dict(person_id=person)), ("citizen_number", dict(citizen_number="089085000011")),
                      ("full_name", dict(full_name="Nguyễn Văn Út", birth=19850310, unit_code="HUYEN-A")))
        for field, reference in references:
            # Somebody else's person and nobody at all are refused in the same words.
            theirs = self.refused(p.other_clerk, field=f"person.{field}",
                                  propose=dict(programme_code=code, person=reference))
            nobody = {"person_id": 999999, "citizen_number": "089085999999", "full_name": "Không Có Ai"}[field]
            none = self.refused(p.other_clerk, field=f"person.{field}",
                                propose=dict(programme_code=code, person={**reference, field: nobody}))
            self.assertEqual(theirs, none)

    def test_unknown_person__in_a_query(self):
        p = self.p
        p.person(citizen_number="089085000012")
        asked = dict(type=entities_pb2.ENTITY_TYPE_PERSON)
        theirs = p.other_clerk.query(list=queries_pb2.List(citizen_number="089085000012", **asked))
        none = self.query_refused(p.other_clerk, field="list.citizen_number",
                                  list=queries_pb2.List(citizen_number="089085999999", **asked))
        self.assertEqual(theirs.error, none)

    def test_ambiguous_person(self):
        p = self.p
        for _ in range(2):
            p.person(full_name="Trần Hai", unit_code="XA-A1")
        person = dict(full_name="Trần Hai", birth=19850310, unit_code="XA-A1")
        self.refused(p.clerk, field="person.full_name", propose=dict(programme_code=p.programme(), person=person))

    def test_particulars_differ(self):
        p = self.p
        code, person = p.programme(), p.person(citizen_number="089085000013")
        for field, value in (("full_name", "Nguyễn Văn Ba"), ("birth", 19850311), ("sex", words.SEX_FEMALE),
                             ("unit_code", "XA-A1")):
            error = self.refused(p.clerk, field=f"person.{field}", propose=dict(
                programme_code=code, person=dict(person_id=person, **{field: value})))
            self.assertEqual(error.found, "")

    def test_unknown_nomination(self):
        p = self.p
        code = p.programme(seats=1)
        nomination = p.nominate(code)
        theirs = self.refused(p.other_clerk, field="nomination_id", withdraw=dict(nomination_id=nomination))
        none = self.refused(p.other_clerk, field="nomination_id", withdraw=dict(nomination_id=2**64 - 1))
        self.assertEqual(theirs, none)
        self.query_refused(p.other_clerk, field="nomination_status.nomination_id",
                           nomination_status=queries_pb2.NominationStatus(nomination_id=nomination))

    def test_unknown_letter(self):
        p = self.p
        letter, other = p.letter(p.programme()), p.programme()
        for number in (letter, 2**63):
            self.refused(p.clerk, field="letter_id", propose=p.propose_body(other, letter_id=number))

    def test_unknown_class(self):
        p = self.p
        self.refused(p.school, field="class_code", close_class=dict(class_code="LOP-KHONG", close=True))
        self.query_refused(p.school, field="feed.class_code", feed=queries_pb2.Feed(class_code="LOP-KHONG"))

    def test_unknown_principal(self):
        body = dict(public_key=z85.decode(new_key()[0]), reason="thử")
        self.refused(self.p.operator, field="public_key", revoke_principal=body)

    def test_code_taken(self):
        p = self.p
        code = p.programme()
        lesson = p.open_class(code)
        self.refused(p.school, field="code", open_class=p.class_body(code, code=lesson))

    def test_key_taken(self):
        p = self.p
        desk = p.new_desk(words.ROLE_NOMINATOR, "HUYEN-B")
        p.done(p.operator, revoke_principal=dict(public_key=desk.key, reason="mất khóa"))
        self.refused(p.operator, field="public_key", put_principal=dict(
            public_key=desk.key, name="lại", role=words.ROLE_NOMINATOR, unit_code="HUYEN-B"))

    def test_unit_cycle(self):
        p = self.p
        p.done(p.operator, put_unit=p.unit("VONG-1", "TINH"))
        p.done(p.operator, put_unit=p.unit("VONG-2", "VONG-1"))
        for parent in ("VONG-1", "VONG-2"):
            self.refused(p.operator, field="parent_code", put_unit=p.unit("VONG-1", parent))

    def test_unit_dissolved(self):
        p = self.p
        p.done(p.operator, put_unit=p.unit("CU", "TINH"))
        p.done(p.operator, dissolve_unit=dict(code="CU", successor_code="HUYEN-A"))
        self.refused(p.clerk, field="unit_code", put_person=p.person_body(unit_code="CU"))

    def test_unit_in_use(self):
        body = dict(code="HUYEN-A", successor_code="HUYEN-B")
        self.refused(self.p.operator, field="code", dissolve_unit=body)

    def test_last_operator(self):
        p = self.p
        (operator,) = [row for row in p.rows(p.operator, "PRINCIPAL") if row.role == words.ROLE_OPERATOR]
        self.refused(p.operator, field="public_key", revoke_principal=dict(public_key=operator.public_key, reason="x"))
        self.refused(p.operator, field="role", put_principal=dict(
            public_key=operator.public_key, name="x", role=words.ROLE_AUDITOR))
