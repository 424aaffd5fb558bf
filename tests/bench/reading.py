"""Rosters: all of them from the start, and one class's at a time."""

import statistics

from figures import at_least

ROSTER = 80


def promises(options):
    return [
        at_least(
            f"resync of {options.classes * ROSTER:,} rows, COPY's time to ours",
            "all rosters: PostgreSQL's COPY",
            "all rosters: Matricula",
            *(1.6, 2.8),
        ),
        at_least(
            "a class's roster of 80, 8 clients, to PostgreSQL",
            "a class's roster, 8 clients: Matricula",
            "a class's roster, 8 clients: PostgreSQL",
            *(1.2, 1.6),
        ),
    ]


def run(bench):
    classes = bench.options.classes
    school = bench.matricula(f"classes-{classes}", "classes", str(classes))
    school.start()
    for repetition in bench.repetitions("rosters"):
        if bench.postgres:
            copied = statistics.median(bench.postgres.copy_ms()[1:])
            bench.figures.add("all rosters: PostgreSQL's COPY", repetition, copied, "ms")
            rate = bench.postgres.rosters(8, bench.options.seconds, classes)
            bench.figures.add("a class's roster, 8 clients: PostgreSQL", repetition, rate)
        rows, *passes = bench.load("resync", school, seconds=120)
        bench.figures.add("all rosters: Matricula", repetition, statistics.median(passes[1:]), "ms")
        bench.figures.add("all rosters: Matricula, rows", repetition, rows, "")
        bench.figures.add("a class's roster, 8 clients: Matricula", repetition, bench.rate("rosters", school, 8))
    school.stop()
