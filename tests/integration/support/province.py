"""A province in a register of its own, with a desk for each role. Whatever is asked of it is asked twice: as a dry run,
which must change nothing and say the same, and in earnest. A refusal must leave every row as it was."""
import itertools
import pathlib

from google.protobuf.descriptor import FieldDescriptor

from zmq.utils import z85

from matricula.v1 import commands_pb2, entities_pb2, queries_pb2, vocabulary_pb2, wire_pb2

from support.daemon import Register
from support.desk import Desk, error_of, must, new_key

words = vocabulary_pb2
UNITS = (
    # code, kind, bloc, parent, manages people, acts for its parent
    ("TINH", "PROVINCIAL_COMMITTEE", "PARTY", "", True, False),
    ("BAN-TC", "PARTY_BOARD", "PARTY", "TINH", False, True),
    ("TRUONG", "SCHOOL", "PARTY", "TINH", False, False),
    ("HUYEN-A", "DISTRICT_COMMITTEE", "PARTY", "TINH", True, False),
    ("HUYEN-B", "DISTRICT_COMMITTEE", "PARTY", "TINH", True, False),
    ("XA-A1", "COMMUNE", "PARTY", "HUYEN-A", False, False),
)
DESKS = (
    ("organiser", words.ROLE_ORGANISER, "BAN-TC"),
    ("clerk", words.ROLE_NOMINATOR, "HUYEN-A"),
    ("other_clerk", words.ROLE_NOMINATOR, "HUYEN-B"),
    ("approver", words.ROLE_APPROVER, "HUYEN-A"),
    ("other_approver", words.ROLE_APPROVER, "HUYEN-B"),
    ("school", words.ROLE_SCHOOL, "TRUONG"),
    ("auditor", words.ROLE_AUDITOR, ""),
)
THEORY_2 = dict(scheme=words.SCHEME_THEORY, number=2)
PROTOCOL = pathlib.Path(__file__).resolve().parents[3] / "docs" / "protocol.md"


def classes_of_errors():
    """Class of each error, as docs/protocol.md tells it: F, R or H."""
    rows = (line.split("|") for line in PROTOCOL.read_text().splitlines())
    return {row[2].strip(): row[3].strip() for row in rows if len(row) == 8 and row[3].strip() in ("F", "R", "H")}


def timeless(answer):
    """The answer's bytes without what is another each time: its revision and its moment."""
    copy = wire_pb2.Answer.FromString(answer.SerializeToString())
    copy.revision = 0
    if copy.HasField("acknowledgement"):
        copy.acknowledgement.arrived_at = 0
    return copy.SerializeToString(deterministic=True)


class Witness:
    """Count and digest of every row of the register, as the auditor's feed gives them."""

    def __init__(self, desk):
        self.desk, self.cursor = desk, b""

    def see(self, least_revision):
        while True:
            feed = queries_pb2.Feed(cursor=self.cursor)
            page = must(self.desk.query(feed=feed, least_revision=least_revision)).page
            self.cursor = page.cursor
            if page.at_head:
                return page.count, page.digest


class Province:
    def __init__(self, **config):
        self.register = Register(**config)
        self.numbers = itertools.count(1)
        self.head = 0
        self.classes = classes_of_errors()
        self.refusals, self.commands = set(), set()  # codes and commands that were answered so
        self.desks = []
        try:
            self.register.init().start()
            self.found()
        except BaseException:
            self.close()
            raise

    def close(self):
        for desk in self.desks:
            desk.socket.close()
        self.register.__exit__()

    def connect(self, key=None):
        desk = Desk(self.register, key)
        self.desks.append(desk)
        return desk.greeted()

    def new_desk(self, role, unit_code):
        key = new_key()
        principal = dict(public_key=z85.decode(key[0]), name="bàn làm việc", role=role, unit_code=unit_code)
        answer = must(self.operator.command(put_principal=principal))
        self.head = answer.revision
        desk = self.connect(key)
        desk.key = z85.decode(key[0])
        return desk

    def found(self):
        self.operator = self.connect()
        for code, kind, bloc, parent, manages, acts in UNITS:
            must(self.operator.command(put_unit=self.unit(code, parent, kind=f"UNIT_KIND_{kind}", bloc=f"BLOC_{bloc}",
                                                          manages_people=manages, acts_for_parent=acts)))
        for name, role, unit_code in DESKS:
            setattr(self, name, self.new_desk(role, unit_code))
        self.witness = Witness(self.auditor)
        self.done(self.organiser, put_title=dict(code="BT", name="Bí thư đảng ủy xã", level=words.LEVEL_COMMUNE,
                                                 rank=20, standards=[THEORY_2]))
        self.done(self.organiser, put_title=dict(code="CV", name="Chuyên viên", level=words.LEVEL_COMMUNE, rank=10))
        self.done(self.organiser, put_plan=dict(plan=dict(code="KH", name="Kế hoạch đào tạo", year=2025)))

    # Asking.

    def dry_run(self, desk, body):
        packed = commands_pb2.Command(**body).SerializeToString()
        answer = desk.ask(wire_pb2.Request(command=packed, dry_run=True))
        assert answer.revision == 0, answer
        return answer

    def done(self, desk, **body):
        """The body of the Answer to a command that must succeed. Its dry run says the same and changes nothing."""
        before = self.witness.see(self.head)
        dry = must(self.dry_run(desk, body))
        assert self.witness.see(self.head) == before, body
        answer = must(desk.command(**body))
        assert answer.revision == self.head + 1, "a dry run left something behind"
        assert timeless(answer) == timeless(dry), (dry, answer)
        self.head = answer.revision
        assert self.witness.see(self.head) != before, body
        self.commands.update(body)
        return getattr(answer, answer.WhichOneof("body"))

    def refused(self, code, desk, *, number=None, **body):
        """The Error of a command that must be refused, dry and in earnest, and changes no row either way."""
        before = self.witness.see(self.head)
        dry = self.dry_run(desk, body)
        answer = desk.command(**body)
        self.take_refusal(code, answer)
        assert timeless(answer) == timeless(dry), (dry, answer)
        assert self.witness.see(self.head) == before, body
        assert number is None or answer.error.number == number, answer
        return answer.error

    def take_refusal(self, code, answer):
        """The answer refuses with this code, and has consumed something exactly if the code's class says so."""
        assert error_of(answer) == code, answer
        if self.classes[code] == "F":
            assert answer.revision == self.head + 1, answer
            self.head = answer.revision
        else:
            assert answer.revision == 0, answer
        self.refusals.add(code)
        return answer.error

    def query_refused(self, code, desk, **body):
        """The Error of a query that must be refused; it never consumes anything."""
        before = self.witness.see(self.head)
        answer = desk.query(**body)
        assert error_of(answer) == code and self.witness.see(self.head) == before, answer
        self.refusals.add(code)
        return answer.error

    def rows(self, desk, kind, **filters):
        """All rows of a type that the desk sees: "NOMINATION"."""
        name = "".join(part.capitalize() for part in kind.split("_"))
        number = entities_pb2.EntityType.Value(f"ENTITY_TYPE_{kind}")
        page = must(desk.query(least_revision=self.head, list=queries_pb2.List(type=number, **filters))).page
        assert not page.more
        return [getattr(entities_pb2, name).FromString(row.row) for row in page.rows]

    # What to ask.

    def unit(self, code, parent, **more):
        return {**dict(code=code, name=code, kind="UNIT_KIND_COMMUNE", level="LEVEL_PROVINCE", bloc="BLOC_PARTY",
                       parent_code=parent), **more}

    def programme_body(self, code, plan_code="KH", organising=("BAN-TC",), providers=("TRUONG",), **more):
        programme = dict(code=code, name="Trung cấp lý luận chính trị", kind=words.PROGRAMME_KIND_TRAINING,
                         bloc=words.BLOC_PARTY, quota=dict(rule=words.QUOTA_RULE_FIXED, in_force=10),
                         supplies=[THEORY_2])
        return dict(programme={**programme, **more}, plan_code=plan_code, organising_unit_codes=organising,
                    provider_unit_codes=providers)

    def programme(self, seats=0, **more):
        """Code of a new programme, of which HUYEN-A has been granted so many seats."""
        code = f"CT-{next(self.numbers)}"
        self.done(self.organiser, put_programme=self.programme_body(code, **more))
        if seats:
            self.done(self.organiser, allocate=dict(programme_code=code, unit_code="HUYEN-A", seats=seats))
        return code

    def person_body(self, unit_code="HUYEN-A", title="CV", **more):
        person = dict(full_name="Nguyễn Văn Út", birth=19850310, sex=words.SEX_MALE)
        return dict(person={**person, **more}, unit_code=unit_code, held=[dict(title_code=title)])

    def person(self, desk=None, **more):
        return self.done(desk or self.clerk, put_person=self.person_body(**more)).id

    def letter(self, programme_code, unit_code="HUYEN-A", number="12-CV/HU", desk=None):
        body = dict(programme_code=programme_code, unit_code=unit_code, number=number)
        return self.done(desk or self.clerk, put_letter=body).id

    def propose_body(self, programme_code, person_id=None, **more):
        person = dict(person_id=person_id or self.person())
        return dict(programme_code=programme_code, **{**dict(person=person), **more})

    def nominate(self, programme_code, person_id=None, **more):
        """Id of a new nomination of HUYEN-A with a numbered letter."""
        body = self.propose_body(programme_code, person_id, letter_id=self.letter(programme_code), **more)
        return self.done(self.clerk, propose=body).nomination_id

    def vetted(self, programme_code, person_id=None):
        nomination = self.nominate(programme_code, person_id)
        self.done(self.organiser, vet=dict(nomination_id=nomination, eligible=True))
        return nomination

    def freeze(self, programme_code, unit_code="HUYEN-A"):
        self.done(self.organiser, freeze=dict(programme_code=programme_code, unit_code=unit_code))

    def decide_body(self, programme_code, *approved, **more):
        return dict(programme_code=programme_code, number="77-QĐ/HU", date=20250320, signer="Bí thư",
                    approved_ids=approved, **more)

    def decided(self, count=1, people=(), **more):
        """(code, ids): a programme and nominations that have been decided on."""
        code = self.programme(seats=count, **more)
        people = people or [None] * count
        nominations = [self.vetted(code, person) for person in people]
        self.freeze(code)
        self.done(self.approver, decide=self.decide_body(code, *nominations))
        return code, nominations

    def class_body(self, programme_code, **more):
        body = dict(code=f"LOP-{next(self.numbers)}", programme_code=programme_code, provider_unit_code="TRUONG",
                    opens_on=20250405, closes_on=20251005, capacity=60, decision_number="5-QĐ/TCT")
        return {**body, **more}

    def open_class(self, programme_code, **more):
        body = self.class_body(programme_code, **more)
        self.done(self.school, open_class=body)
        return body["code"]

    def summon_body(self, class_code, *nominations):
        return dict(class_code=class_code, nomination_ids=nominations)


def bodies():
    """Names of all commands there are."""
    return {field.name for field in commands_pb2.Command.DESCRIPTOR.oneofs_by_name["body"].fields
            if field.type == FieldDescriptor.TYPE_MESSAGE}
