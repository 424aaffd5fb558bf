"""64 client processes of one unit propose for its 10 last seats at the same moment."""

import multiprocessing
import queue
import random
import unittest

import zmq
from daemon import Case
from matricula.v1 import entities_pb2 as entities
from matricula.v1 import vocabulary_pb2 as words
from register import Desk, Register

CLIENTS, SEATS = 64, 10
WAIT_S = 60
THEORY_2 = dict(scheme=words.SCHEME_THEORY, number=2)


def clerk(endpoint, server_key, desk, person, order, barrier, answers):
    """One process: connects, waits for the others, proposes, tells what it was told."""
    context = zmq.Context()
    register = Register(context, endpoint, server_key, desk)
    register.hello()
    barrier.wait(WAIT_S)
    told = register.do(
        propose=dict(programme_code="TC", person=dict(person_id=person), unit_order=order)
    )
    answers.put((register.revision, told.SerializeToString(), type(told)))
    context.destroy(linger=0)


class LastSeats(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls.connect(cls.operator_desk)
        for code, kind, parent in (
            ("TINH", "PROVINCIAL_COMMITTEE", ""),
            ("BAN-TC", "PARTY_BOARD", "TINH"),
            ("HUYEN", "DISTRICT_COMMITTEE", "TINH"),
        ):
            cls.operator.do(
                put_unit=dict(
                    code=code,
                    name=code,
                    kind="UNIT_KIND_" + kind,
                    level="LEVEL_PROVINCE",
                    bloc="BLOC_PARTY",
                    parent_code=parent,
                    manages_people=kind.endswith("COMMITTEE"),
                    acts_for_parent=code == "BAN-TC",
                )
            )
        cls.organiser = cls.register_desk(cls.operator, "Ban Tổ chức", words.ROLE_ORGANISER, "BAN-TC")
        cls.nominator = cls.register_desk(cls.operator, "Văn thư", words.ROLE_NOMINATOR, "HUYEN")
        cls.desks = [Desk() for _ in range(CLIENTS)]
        for number, desk in enumerate(cls.desks):
            cls.operator.do(
                put_principal=dict(
                    public_key=desk.public_bytes,
                    name=f"Máy {number}",
                    role=words.ROLE_NOMINATOR,
                    unit_code="HUYEN",
                )
            )

    def plan(self):
        for code, rank, standards in (("BT", 20, [THEORY_2]), ("CV", 10, [])):
            self.organiser.do(
                put_title=dict(code=code, name=code, level=words.LEVEL_COMMUNE, rank=rank, standards=standards)
            )
        self.organiser.do(put_plan=dict(plan=dict(code="KH", name="Kế hoạch", year=2025)))
        self.organiser.do(
            put_programme=dict(
                programme=dict(
                    code="TC",
                    name="Trung cấp",
                    kind=words.PROGRAMME_KIND_TRAINING,
                    bloc=words.BLOC_PARTY,
                    quota=dict(rule=words.QUOTA_RULE_FIXED, target=SEATS, in_force=SEATS),
                    supplies=[THEORY_2],
                    tie_breaks=[entities.TIE_BREAK_OLDER],
                ),
                plan_code="KH",
                organising_unit_codes=["BAN-TC"],
            )
        )
        self.organiser.do(allocate=dict(programme_code="TC", unit_code="HUYEN", seats=SEATS))

    def people(self):
        """Half are incumbents who lack the standard; births repeat, so that the unit's order and arrival matter too."""
        dice = random.Random(20)
        ids = []
        for number in range(CLIENTS):
            year = 1975 + dice.randrange(6)
            done = self.nominator.do(
                put_person=dict(
                    person=dict(
                        citizen_number=f"0890{year % 100:02}{number:06}",
                        full_name="Nguyễn Văn Mười",
                        birth=year * 10000,
                        sex=words.SEX_MALE,
                    ),
                    unit_code="HUYEN",
                    held=[dict(title_code=dice.choice(("BT", "CV")), since=20200000)],
                )
            )
            ids.append(done.id)
        return ids

    def propose_at_once(self, people):
        fork = multiprocessing.get_context("fork")
        barrier, answers = fork.Barrier(CLIENTS), fork.Queue()
        dice = random.Random(21)
        clerks = [
            fork.Process(
                target=clerk,
                args=(
                    self.daemon.endpoint, self.daemon.server_key, desk, person, dice.choice((0, 1, 2)), barrier, answers,
                ),
            )
            for desk, person in zip(self.desks, people)
        ]
        for process in clerks:
            process.start()
        told = []
        try:
            while len(told) < CLIENTS:
                revision, acknowledgement, kind = answers.get(timeout=WAIT_S)
                told.append((revision, kind.FromString(acknowledgement)))
        except queue.Empty:
            self.fail(f"{CLIENTS - len(told)} clients were told nothing")
        finally:
            for process in clerks:
                process.join(WAIT_S)
        self.assertEqual([process.exitcode for process in clerks], [0] * CLIENTS)
        return sorted(told, key=lambda pair: pair[0])

    def follow(self, told, keys):
        """Plays the answers in the order of their revisions; what each should have said."""
        seated, waiting = [], []
        for revision, said in told:
            key = keys[said.nomination_id]
            displaced = 0
            waiting.append(key)
            if len(seated) < SEATS:
                seated.append(waiting.pop())
            elif key < max(seated):
                waiting.append(max(seated))
                displaced = next(nomination for nomination, other in keys.items() if other == max(seated))
                seated.remove(max(seated))
                waiting.remove(key)
                seated.append(key)
            with self.subTest(revision=revision):
                self.assertEqual(said.state, words.STATE_SEATED if key in seated else words.STATE_WAITING)
                self.assertEqual(said.rank, 1 + sum(other < key for other in seated + waiting))
                self.assertEqual(said.of, len(seated) + len(waiting))
                position = 0 if key in seated else 1 + sum(other < key for other in waiting)
                self.assertEqual(said.waiting_position, position)
                self.assertEqual(
                    (said.seats_granted, said.seats_held, said.seats_left), (SEATS, len(seated), SEATS - len(seated))
                )
                self.assertEqual(said.displaced_id, displaced)

    def test_ten_of_sixty_four(self):
        self.plan()
        told = self.propose_at_once(self.people())
        rows = self.nominator.rows(
            entities.ENTITY_TYPE_NOMINATION, entities.Nomination, least_revision=told[-1][0], programme_code="TC"
        )
        self.assertEqual(len({row.id for row in rows}), CLIENTS)
        # The order as the rules give it, from what was put forward.
        keys = {
            row.id: (
                1 if row.particulars.held[0].title_id == 1 else 4,
                row.particulars.birth,
                row.unit_order or 2**32 - 1,
                row.id,
            )
            for row in rows
        }
        best = set(sorted(keys, key=keys.get)[:SEATS])
        self.assertEqual({row.id for row in rows if row.state == words.STATE_SEATED}, best)
        self.assertEqual({row.id for row in rows if row.state == words.STATE_WAITING}, set(keys) - best)
        self.follow(told, keys)


if __name__ == "__main__":
    unittest.main()
