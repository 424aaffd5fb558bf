"""Books kept from the rows in a journal's records, without the register's code: seats, ledger, holders."""

import collections

from matricula.v1 import entities_pb2 as entities
from matricula.v1 import journal_pb2 as journal
from matricula.v1 import vocabulary_pb2 as words

HOLDING = {
    getattr(words, "STATE_" + name)
    for name in (
        "SEATED DECIDED FORWARDED ACCEPTED SUMMONED ENROLLED COMPLETED FAILED LEFT DEFERRED".split()
    )
}
SIGNS = {
    words.LEDGER_KIND_GRANTED: 1,
    words.LEDGER_KIND_TRANSFERRED_IN: 1,
    words.LEDGER_KIND_TRANSFERRED_OUT: -1,
    words.LEDGER_KIND_RETURNED: -1,
    words.LEDGER_KIND_LAPSED: -1,
}


class Books:
    """After each record: no part has more holders than seats, no free seat while somebody waits, and the ledger is what
    the allocations say, within the programme's figure."""

    def __init__(self):
        self.nominations = {}  # id -> (part, person, state)
        self.allocations = {}  # part -> Allocation
        self.ledger = collections.Counter()  # part -> seats
        self.held, self.waiting = collections.Counter(), collections.Counter()
        self.in_force = {}  # programme -> seats
        self.entries = set()  # ids of ledger entries
        self.changes = collections.Counter()  # of nominations, by state

    def take(self, record):
        parts = set()
        for packed in record.effects:
            effect = journal.Effect.FromString(packed)
            if effect.type == entities.ENTITY_TYPE_NOMINATION:
                parts.add(self.take_nomination(entities.Nomination.FromString(effect.row)))
            elif effect.type == entities.ENTITY_TYPE_ALLOCATION:
                row = entities.Allocation.FromString(effect.row)
                self.allocations[row.programme_id, row.unit_id] = row
                parts.add((row.programme_id, row.unit_id))
            elif effect.type == entities.ENTITY_TYPE_LEDGER_ENTRY:
                parts.add(self.take_ledger(entities.LedgerEntry.FromString(effect.row)))
            elif effect.type == entities.ENTITY_TYPE_PROGRAMME:
                row = entities.Programme.FromString(effect.row)
                self.in_force[row.id] = row.quota.in_force
        for part in parts:
            self.check(part, record.header.revision)

    def take_nomination(self, row):
        part = row.programme_id, row.unit_id
        if row.id in self.nominations:
            self.count(*self.nominations[row.id], -1)
        self.nominations[row.id] = part, row.person_id, row.state
        self.count(*self.nominations[row.id], 1)
        self.changes[words.State.Name(row.state)] += 1
        return part

    def count(self, part, person, state, sign):
        if state in HOLDING:
            self.held[part] += sign
        elif state == words.STATE_WAITING:
            self.waiting[part] += sign

    def take_ledger(self, row):
        assert row.id not in self.entries, f"ledger entry {row.id} twice"
        self.entries.add(row.id)
        part = row.programme_id, row.unit_id
        self.ledger[part] += SIGNS[row.kind] * row.seats
        return part

    def check(self, part, revision):
        where = f"part {part} at revision {revision}"
        row = self.allocations.get(part, entities.Allocation())
        seats = row.granted + row.transferred_in - row.transferred_out - row.returned - row.lapsed
        assert seats == self.ledger[part], f"{where}: {seats} seats, the ledger says {self.ledger[part]}"
        assert self.held[part] <= seats, f"{where}: {self.held[part]} holders of {seats} seats"
        assert self.held[part] == seats or not self.waiting[part], f"{where}: a seat is free and somebody waits"
        granted = sum(
            row.granted - row.returned - row.lapsed
            for (programme, _), row in self.allocations.items()
            if programme == part[0]
        )
        assert granted <= self.in_force[part[0]], f"{where}: {granted} seats of {self.in_force[part[0]]}"

    def check_once_only(self):
        """One person stands once in a programme, whatever was sent twice."""
        standing = collections.Counter(
            (part[0], person)
            for part, person, state in self.nominations.values()
            if state in HOLDING or state == words.STATE_WAITING
        )
        doubled = [who for who, times in standing.items() if times > 1]
        assert not doubled, f"nominated twice (programme, person): {doubled}"
