"""Proposals with more and more clients, each of whom waits for its answers."""

from figures import at_least

CLIENTS = (1, 8, 32, 64)
# To PostgreSQL with as many clients: floor and aim.
TO_POSTGRES = {1: (1.0, 1.3), 8: (1.8, 2.7), 32: (2.0, 3.3), 64: (2.7, 4.5)}


def promises(_options):
    rows = [
        at_least(
            f"propose, {clients} client{'s' if clients > 1 else ''}, to PostgreSQL",
            f"propose, {clients} clients: Matricula",
            f"propose, {clients} clients: PostgreSQL",
            *TO_POSTGRES[clients],
        )
        for clients in CLIENTS
    ]
    return rows + [
        at_least(
            "propose, 32 clients, one unit, to PostgreSQL on one row",
            "propose, 32 clients, one unit: Matricula",
            "propose, 32 clients, one unit: PostgreSQL",
            *(6, 11),
        ),
        at_least(
            "propose, 32 clients x 16 in flight, to PostgreSQL at 32",
            "propose, 32 clients x 16: Matricula",
            "propose, 32 clients: PostgreSQL",
            *(4, 7),
        ),
        at_least(
            "propose, 32 clients, to the minimal daemon",
            "propose, 32 clients: Matricula",
            "propose, 32 clients: minimal daemon",
            *(0.5, 0.8),
        ),
    ]


def take_turns(bench, repetition, clients):
    """One after the other, so that what else the machine does hits all alike."""
    add, seconds = bench.figures.add, bench.options.seconds
    if bench.postgres:
        add(f"propose, {clients} clients: PostgreSQL", repetition, bench.postgres.propose(clients, seconds))
    add(f"propose, {clients} clients: Matricula", repetition, bench.rate("propose", bench.ours, clients))
    add(f"propose, {clients} clients: minimal daemon", repetition, bench.rate("minimal", bench.least, clients))


def run(bench):
    add = bench.figures.add
    for repetition in bench.repetitions("proposals"):
        for clients in CLIENTS:
            take_turns(bench, repetition, clients)
        if bench.postgres:
            rate = bench.postgres.propose(32, bench.options.seconds, units=1)
            add("propose, 32 clients, one unit: PostgreSQL", repetition, rate)
        add("propose, 32 clients, one unit: Matricula", repetition, bench.rate("propose", bench.ours, 32, "--hot"))
        for name, kind, server in (("Matricula", "propose", bench.ours), ("minimal daemon", "minimal", bench.least)):
            add(f"propose, 32 clients x 16: {name}", repetition, bench.rate(kind, server, 32, "--window", "16"))
