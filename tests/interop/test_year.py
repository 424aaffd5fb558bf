"""One programme from its seats to its results, each step by the desk that takes it."""

import unittest

from daemon import Case
from matricula.v1 import entities_pb2 as entities
from matricula.v1 import queries_pb2 as queries
from matricula.v1 import vocabulary_pb2 as words
from register import Mirror

THEORY_2 = dict(scheme=words.SCHEME_THEORY, number=2)

UNITS = (
    # code, name, kind, level, bloc, parent, manages people, acts for parent
    ("TINH", "Tỉnh ủy", "PROVINCIAL_COMMITTEE", "PROVINCE", "PARTY", "", True, False),
    ("BAN-TC", "Ban Tổ chức Tỉnh ủy", "PARTY_BOARD", "PROVINCE", "PARTY", "TINH", False, True),
    ("TRUONG-CT", "Trường Chính trị tỉnh", "SCHOOL", "PROVINCE", "PARTY", "TINH", False, False),
    ("HUYEN-A", "Huyện ủy A", "DISTRICT_COMMITTEE", "DISTRICT", "PARTY", "TINH", True, False),
    ("HUYEN-B", "Huyện ủy B", "DISTRICT_COMMITTEE", "DISTRICT", "PARTY", "TINH", True, False),
    ("XA-A1", "Đảng ủy xã Một", "COMMUNE", "COMMUNE", "PARTY", "HUYEN-A", False, False),
)


class Year(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls.connect(cls.operator_desk)
        for code, name, kind, level, bloc, parent, manages, acts in UNITS:
            cls.operator.do(
                put_unit=dict(
                    code=code,
                    name=name,
                    kind="UNIT_KIND_" + kind,
                    level="LEVEL_" + level,
                    bloc="BLOC_" + bloc,
                    parent_code=parent,
                    manages_people=manages,
                    acts_for_parent=acts,
                )
            )
        desks = (
            ("nominator", "Huyện A: văn thư", words.ROLE_NOMINATOR, "HUYEN-A"),
            ("other_nominator", "Huyện B: văn thư", words.ROLE_NOMINATOR, "HUYEN-B"),
            ("organiser", "Ban Tổ chức: phòng đào tạo", words.ROLE_ORGANISER, "BAN-TC"),
            ("approver", "Huyện A: thường trực", words.ROLE_APPROVER, "HUYEN-A"),
            ("school", "Trường: phòng đào tạo", words.ROLE_SCHOOL, "TRUONG-CT"),
            ("auditor", "Ủy ban Kiểm tra", words.ROLE_AUDITOR, ""),
        )
        for attribute, name, role, unit in desks:
            setattr(cls, attribute, cls.register_desk(cls.operator, name, role, unit))

    @classmethod
    def head(cls):
        return max(
            register.revision
            for register in (cls.operator, cls.nominator, cls.organiser, cls.approver, cls.school)
            if hasattr(register, "revision")
        )

    def person(self, number, name, title, unit="XA-A1", register=None, **more):
        done = (register or self.nominator).do(
            put_person=dict(
                person=dict(
                    citizen_number=number,
                    full_name=name,
                    birth=19850310,
                    sex=words.SEX_FEMALE if number[3] == "1" else words.SEX_MALE,
                    party=words.PARTY_MEMBERSHIP_FULL,
                    party_since=20100203,
                    degree=words.DEGREE_BACHELOR,
                    category=words.CATEGORY_OFFICIAL,
                    service_since=20080901,
                    documents_complete=True,
                    **more,
                ),
                unit_code=unit,
                held=[dict(title_code=title, since=20200101)],
            )
        )
        self.assertTrue(done.created)
        return done.id

    def plan(self):
        self.organiser.do(
            put_title=dict(
                code="BT-XA", name="Bí thư đảng ủy xã", level=words.LEVEL_COMMUNE, rank=20, standards=[THEORY_2]
            )
        )
        self.organiser.do(put_title=dict(code="CV", name="Chuyên viên", level=words.LEVEL_COMMUNE, rank=10))
        self.organiser.do(
            put_plan=dict(
                plan=dict(code="KH-2025", name="Kế hoạch đào tạo 2025", year=2025, number="103-KH/TU", date=20250225)
            )
        )
        self.organiser.do(
            put_programme=dict(
                programme=dict(
                    code="TCLL-2025",
                    name="Trung cấp lý luận chính trị",
                    kind=words.PROGRAMME_KIND_TRAINING,
                    completion=True,
                    mode=words.MODE_PART_TIME,
                    bloc=words.BLOC_PARTY,
                    quota=dict(rule=words.QUOTA_RULE_FIXED, target=3, in_force=3),
                    supplies=[THEORY_2],
                    conditions=[
                        dict(
                            kind=entities.CONDITION_KIND_PARTY_MEMBERSHIP,
                            minimum=words.PARTY_MEMBERSHIP_FULL,
                            instrument="5763-CV/BTCTW",
                        ),
                        dict(kind=entities.CONDITION_KIND_AGE, maximum=45, instrument="5763-CV/BTCTW"),
                    ],
                ),
                plan_code="KH-2025",
                organising_unit_codes=["BAN-TC"],
                provider_unit_codes=["TRUONG-CT"],
            )
        )
        self.nominator.do(register_demand=dict(programme_code="TCLL-2025", unit_code="HUYEN-A", seats=2))
        with self.refused("SEATS_OVER_PROGRAMME") as refusal:
            self.organiser.do(allocate=dict(programme_code="TCLL-2025", unit_code="HUYEN-A", seats=4))
        self.assertEqual(refusal.error.number, 3)
        done = self.organiser.do(allocate=dict(programme_code="TCLL-2025", unit_code="HUYEN-A", seats=1))
        self.assertEqual((done.allocation.granted, done.allocation.demand, done.left), (1, 2, 1))
        self.organiser.do(allocate=dict(programme_code="TCLL-2025", unit_code="HUYEN-B", seats=1))

    def people(self):
        self.first = self.person("089085000001", "Nguyễn Văn Út", "CV")
        self.second = self.person("089185000002", "Trần Thị Bảy", "BT-XA")
        with self.refused("CITIZEN_NUMBER_BIRTH"):
            self.person("089084000003", "Lê Văn Tám", "CV")
        with self.refused("FIELD_LOOKALIKE") as refusal:
            self.person("089085000004", "Ðặng Văn Chín", "CV")
        self.assertEqual(refusal.error.field, "put_person.person.full_name")
        with self.refused("OUT_OF_SCOPE"):
            self.person("089085000005", "Phan Văn Mười", "CV", register=self.other_nominator)

    def propose(self, person, register=None, **more):
        return (register or self.nominator).do(
            propose=dict(programme_code="TCLL-2025", person=person, **more)
        )

    def nominate(self):
        letter = self.nominator.do(
            put_letter=dict(programme_code="TCLL-2025", unit_code="HUYEN-A", date=20250301, signer="Bí thư")
        ).id
        dry = self.nominator.dry_run(
            propose=dict(programme_code="TCLL-2025", person=dict(citizen_number="089085000001"))
        )
        self.assertEqual((dry.state, dry.rank), (words.STATE_SEATED, 1))
        seated = self.propose(dict(citizen_number="089085000001"), letter_id=letter)
        self.assertEqual((seated.state, seated.group), (words.STATE_SEATED, words.PRIORITY_GROUP_AUDIENCE))
        self.assertEqual((seated.rank, seated.of, seated.seats_left), (1, 1, 0))
        # An incumbent who lacks the standard ranks better, takes the only seat and displaces the first.
        better = self.propose(dict(full_name="Trần Thị Bảy", birth=19850310, unit_code="XA-A1"), letter_id=letter)
        self.assertEqual((better.state, better.group), (words.STATE_SEATED, words.PRIORITY_GROUP_INCUMBENT))
        self.assertEqual((better.displaced_id, better.rank, better.of), (seated.nomination_id, 1, 2))
        self.assertEqual(better.bases[0].title_code, "BT-XA")
        status = self.nominator.query(
            self.nominator.revision,
            nomination_status=queries.NominationStatus(nomination_id=seated.nomination_id),
        )
        self.assertEqual((status.state, status.cause), (words.STATE_WAITING, words.CAUSE_DISPLACED))
        self.assertEqual(status.waiting_position, 1)
        with self.refused("ALREADY_NOMINATED") as refusal:
            self.propose(dict(citizen_number="089185000002"))
        self.assertEqual(refusal.error.number, better.nomination_id)
        # One more seat, and the one who waited has it.
        done = self.organiser.do(allocate=dict(programme_code="TCLL-2025", unit_code="HUYEN-A", seats=1))
        self.assertEqual(list(done.promoted_ids), [seated.nomination_id])
        self.nominations = [better.nomination_id, seated.nomination_id]
        self.letter = letter

    def refuse(self):
        """Who isn't eligible is told why; who isn't theirs doesn't exist for them."""
        with self.refused("UNKNOWN_PERSON"):
            self.propose(dict(citizen_number="089085000001"), register=self.other_nominator)
        with self.refused("ROLE_REFUSED"):
            self.school.do(propose=dict(programme_code="TCLL-2025", person=dict(citizen_number="089085000001")))
        with self.refused("UNKNOWN_NOMINATION"):
            self.other_nominator.do(withdraw=dict(nomination_id=self.nominations[0]))
        self.nominator.do(
            put_person=dict(
                person=dict(
                    full_name="Hồ Văn Trẻ",
                    birth=19700000,
                    sex=words.SEX_MALE,
                    party=words.PARTY_MEMBERSHIP_PROBATIONARY,
                ),
                unit_code="XA-A1",
            )
        )
        with self.refused("NOT_ELIGIBLE") as refusal:
            self.propose(dict(full_name="Hồ Văn Trẻ", birth=19700000, unit_code="XA-A1"))
        findings = {finding.condition: finding for finding in refusal.error.findings}
        self.assertEqual(set(findings), {entities.CONDITION_KIND_PARTY_MEMBERSHIP, entities.CONDITION_KIND_AGE})
        membership = findings[entities.CONDITION_KIND_PARTY_MEMBERSHIP]
        self.assertEqual(membership.found, "PARTY_MEMBERSHIP_PROBATIONARY")
        self.assertEqual(membership.wanted, "PARTY_MEMBERSHIP_FULL..")
        self.assertEqual(findings[entities.CONDITION_KIND_AGE].wanted, "..45")

    def decide(self):
        for nomination in self.nominations:
            with self.refused("LETTER_REQUIRED"):
                self.organiser.do(vet=dict(nomination_id=nomination, eligible=True))
        self.nominator.do(
            put_letter=dict(
                id=self.letter,
                programme_code="TCLL-2025",
                unit_code="HUYEN-A",
                number="12-CV/HU",
                date=20250301,
                signer="Bí thư",
            )
        )
        for nomination in self.nominations:
            self.organiser.do(vet=dict(nomination_id=nomination, eligible=True))
        decision = dict(
            programme_code="TCLL-2025", number="77-QĐ/HU", date=20250320, signer="Bí thư", approved_ids=self.nominations
        )
        with self.refused("LIST_NOT_FROZEN"):
            self.approver.do(decide=decision)
        self.organiser.do(freeze=dict(programme_code="TCLL-2025", unit_code="HUYEN-A"))
        done = self.approver.do(decide=decision)
        self.assertEqual(done.changed, 2)

    def open(self):
        self.school.do(
            open_class=dict(
                code="K1-2025",
                programme_code="TCLL-2025",
                name="Lớp K1",
                provider_unit_code="TRUONG-CT",
                opens_on=20250405,
                closes_on=20251005,
                capacity=60,
                decision_number="5-QĐ/TCT",
            )
        )
        self.organiser.do(
            summon=dict(
                class_code="K1-2025",
                number="3-GTT/BTC",
                date=20250325,
                report_on=20250404,
                nomination_ids=self.nominations,
            )
        )

    def roster(self, state):
        rows = self.school.rows(
            entities.ENTITY_TYPE_ENROLMENT, entities.Enrolment, self.head(), class_code="K1-2025", states=[state]
        )
        return sorted(row.full_name for row in rows)

    def enrol(self):
        self.assertEqual(self.roster(words.STATE_SUMMONED), ["Nguyễn Văn Út", "Trần Thị Bảy"])
        self.school.do(
            enrol=dict(
                class_code="K1-2025",
                attendances=[
                    dict(nomination_id=nomination, kind="ATTENDANCE_KIND_PRESENT") for nomination in self.nominations
                ],
            )
        )
        self.assertEqual(self.roster(words.STATE_ENROLLED), ["Nguyễn Văn Út", "Trần Thị Bảy"])
        self.assertEqual(self.roster(words.STATE_SUMMONED), [])

    def mirrors(self):
        """What each may see, by the feed: complete, and adding up."""
        seen = {}
        for name in ("nominator", "other_nominator", "organiser", "approver", "school", "auditor", "operator"):
            with self.subTest(name):
                register = getattr(self, name)
                mirror, slow = Mirror(register), Mirror(register)
                page = mirror.pull(self.head())
                self.assertEqual(len(mirror.rows), page.count)
                self.assertEqual(mirror.digest(), page.digest)
                slow.pull(self.head(), limit=1)
                self.assertEqual(slow.rows.keys(), mirror.rows.keys())
                self.assertEqual(slow.digest(), page.digest)
                seen[name] = {kind for kind, _ in mirror.rows}
                setattr(self, name + "_mirror", mirror)
        public = {
            entities.ENTITY_TYPE_UNIT,
            entities.ENTITY_TYPE_TITLE,
            entities.ENTITY_TYPE_PLAN,
            entities.ENTITY_TYPE_PROGRAMME,
        }
        self.assertEqual(seen["operator"], public | {entities.ENTITY_TYPE_PRINCIPAL})
        self.assertEqual(
            seen["school"],
            public | {entities.ENTITY_TYPE_CLASS, entities.ENTITY_TYPE_SUMMONS, entities.ENTITY_TYPE_ENROLMENT},
        )
        self.assertIn(entities.ENTITY_TYPE_NOMINATION, seen["nominator"])
        self.assertNotIn(entities.ENTITY_TYPE_NOMINATION, seen["other_nominator"])
        self.assertNotIn(entities.ENTITY_TYPE_PERSON, seen["other_nominator"])
        one_class = Mirror(self.school, class_code="K1-2025")
        one_class.pull(self.head())
        names = [row.full_name for row in one_class.messages(entities.ENTITY_TYPE_ENROLMENT, entities.Enrolment)]
        self.assertEqual(sorted(names), ["Nguyễn Văn Út", "Trần Thị Bảy"])

    def close(self):
        self.school.do(
            close_class=dict(
                class_code="K1-2025",
                results=[
                    dict(nomination_id=self.nominations[0], state=words.STATE_COMPLETED, result="Giỏi"),
                    dict(nomination_id=self.nominations[1], state=words.STATE_FAILED, reason="không đạt"),
                ],
                close=True,
            )
        )

    def reckon(self):
        """The mirrors follow, the person's standard is recorded, the figures add up."""
        mirror = self.nominator_mirror
        page = mirror.pull(self.head())
        self.assertEqual(mirror.digest(), page.digest)
        states = {row.id: row.state for row in mirror.messages(entities.ENTITY_TYPE_NOMINATION, entities.Nomination)}
        self.assertEqual(
            states, {self.nominations[0]: words.STATE_COMPLETED, self.nominations[1]: words.STATE_FAILED}
        )
        people = {row.id: row for row in mirror.messages(entities.ENTITY_TYPE_PERSON, entities.Person)}
        self.assertEqual([(s.scheme, s.number) for s in people[self.second].attained], [(words.SCHEME_THEORY, 2)])
        self.assertEqual(len(people[self.first].attained), 0)
        with self.refused("STANDARD_ALREADY_HELD"):
            self.organiser.do(
                put_programme=dict(
                    programme=dict(
                        code="TCLL-2026",
                        name="Trung cấp lý luận chính trị",
                        kind=words.PROGRAMME_KIND_TRAINING,
                        mode=words.MODE_PART_TIME,
                        bloc=words.BLOC_PARTY,
                        quota=dict(rule=words.QUOTA_RULE_FIXED, target=1, in_force=1),
                        supplies=[THEORY_2],
                    ),
                    plan_code="KH-2025",
                    organising_unit_codes=["BAN-TC"],
                    provider_unit_codes=["TRUONG-CT"],
                )
            )
            self.nominator.do(
                propose=dict(programme_code="TCLL-2026", person=dict(citizen_number="089185000002"))
            )
        table = self.auditor.query(
            self.head(), tallies=queries.Tallies(programme_code="TCLL-2025", by_unit=True)
        )
        figures = {row.unit_code: row for row in table.rows}
        district = figures["HUYEN-A"]
        self.assertEqual((district.demand, district.seats, district.held), (2, 2, 2))
        self.assertEqual((district.decided, district.summoned, district.enrolled, district.completed), (2, 2, 2, 1))
        self.assertEqual((figures["HUYEN-B"].seats, figures["HUYEN-B"].held), (1, 0))
        log = self.auditor.query(self.head(), log=queries.Log(nomination_id=self.nominations[0]))
        self.assertEqual([entry.command for entry in reversed(log.entries)][0], "propose")
        self.assertEqual(log.entries[0].command, "close_class")

    def test_year(self):
        for step in (
            self.plan,
            self.people,
            self.nominate,
            self.refuse,
            self.decide,
            self.open,
            self.enrol,
            self.mirrors,
            self.close,
            self.reckon,
        ):
            step()


if __name__ == "__main__":
    unittest.main()
