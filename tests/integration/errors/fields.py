"""Fields that aren't what they should be."""
from matricula.v1 import commands_pb2, vocabulary_pb2 as words

from errors.case import Case

MALE_NUMBER = "089085000001"
NAME = "put_person.person.full_name"


class Fields(Case):
    def person_refused(self, field, **more):
        return self.refused(self.p.clerk, field=f"person.{field}", put_person=self.p.person_body(**more))

    def bytes_refused(self, name):
        """The name as bytes that protobuf in Python wouldn't let through."""
        stand_in = "#" * len(name)
        packed = commands_pb2.Command(put_person=self.p.person_body(full_name=stand_in)).SerializeToString()
        answer = self.p.clerk.ask(self.p.clerk.entry(packed.replace(stand_in.encode(), name)))
        self.assertEqual(self.p.take_refusal(self.code, answer).field, NAME)

    def test_field_missing(self):
        self.person_refused("full_name", full_name="")
        self.person_refused("full_name", full_name="   ")
        self.person_refused("birth", birth=0)

    def test_field_too_long(self):
        error = self.person_refused("full_name", full_name="ắ" * 1366)
        self.assertEqual(error.number, 200)
        self.assertEqual(error.found, "")

    def test_field_not_utf8(self):
        for name in (b"Nguy\xe1\xbb", b"Tr\xc3", b"\xc0\xafAn", b"\xed\xa0\x80An", b"An\xf5\x80\x80\x80"):
            self.bytes_refused(name)

    def test_field_not_nfc(self):
        self.person_refused("full_name", full_name="Nguye\u0302\u0303n Va\u0306n U\u0301t")

    def test_field_lookalike(self):
        self.person_refused("full_name", full_name="\u00d0ặng Văn Út")
        self.person_refused("full_name", full_name="Nguyễn \u00f0ình Út")

    def test_field_character(self):
        for character in ("\n", "\u0007", "\u200b", "\u202e", "\ue000"):
            self.person_refused("full_name", full_name=f"Nguyễn{character}Út")

    def test_field_format(self):
        self.refused(self.p.organiser, field="code", put_title=dict(code="bí thư", name="Bí thư",
                                                                             level=words.LEVEL_COMMUNE, rank=1))

    def test_field_range(self):
        code = self.p.programme()
        for seats in (0, -1, -2**63, 100001, 2**63 - 1):
            error = self.refused(self.p.organiser, field="seats",
                                 allocate=dict(programme_code=code, unit_code="HUYEN-A", seats=seats))
            self.assertEqual((error.found, error.wanted), (str(seats), "1..100000"))

    def test_field_range__beyond_what_the_field_can_hold(self):
        """2^63 on the wire is what a signed field calls -2^63."""
        code = self.p.programme()
        allocate = commands_pb2.Allocate(programme_code=code, unit_code="HUYEN-A").SerializeToString()
        for seats in (b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", b"\xff" * 9 + b"\x01"):
            body = allocate + b"\x18" + seats
            answer = self.p.organiser.ask(self.p.organiser.entry(b"\x9a\x01" + bytes([len(body)]) + body))
            self.assertEqual(self.p.take_refusal(self.code, answer).field, "allocate.seats")

    def test_field_value(self):
        self.person_refused("sex", sex=3)
        self.refused(self.p.operator, field="kind", put_unit=self.p.unit("XA-MOI", "TINH", kind=999))

    def test_too_many_items(self):
        ids = list(range(1, 162))
        code, number = self.p.programme(), 160
        self.refused(self.p.approver, field="approved_ids", number=number, decide=self.p.decide_body(code, *ids))
        self.refused(self.p.clerk, field="held", number=16,
                     put_person={**self.p.person_body(), "held": [dict(title_code="CV")] * 17})

    def test_date_invalid(self):
        for birth in (19800231, 19810229, 19801301, 19800432, 18991231, 22000101, 1980):
            error = self.person_refused("birth", birth=birth)
            self.assertTrue(error.found, error)

    def test_date_future(self):
        self.person_refused("birth", birth=21990101)
        self.person_refused("party_since", party_since=21990101)

    def test_citizen_number_length(self):
        for number in (MALE_NUMBER[1:], MALE_NUMBER + "0", "1", "A" * 4000):
            self.person_refused("citizen_number", citizen_number=number)

    def test_citizen_number_digits(self):
        for number in ("08908500000A", "089085 00001", "０８９０"):
            self.person_refused("citizen_number", citizen_number=number)

    def test_citizen_number_place(self):
        for place in ("000", "097", "999"):
            self.person_refused("citizen_number", citizen_number=place + MALE_NUMBER[3:])

    def test_citizen_number_sex(self):
        self.person_refused("citizen_number", citizen_number=MALE_NUMBER, sex=words.SEX_FEMALE)

    def test_citizen_number_birth(self):
        self.person_refused("citizen_number", citizen_number=MALE_NUMBER, birth=19840000)
        self.person_refused("citizen_number", citizen_number="089285000001")  # born in 2085

    def test_citizen_number_taken(self):
        self.p.person(citizen_number=MALE_NUMBER)
        # The other unit isn't told whose it is.
        error = self.refused(self.p.other_clerk, field="person.citizen_number",
                             put_person=self.p.person_body(unit_code="HUYEN-B", citizen_number=MALE_NUMBER))
        self.assertEqual((error.found, error.wanted, error.number), ("", "", 0))

    def test_document_required(self):
        quota = dict(rule=words.QUOTA_RULE_FIXED, target=5, in_force=6)
        self.refused(self.p.organiser, field="programme.quota.document",
                     put_programme=self.p.programme_body("CT-VUOT", quota=quota))
