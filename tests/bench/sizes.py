"""What a large register costs: the rate with many rows to the rate with few, held against the minimal daemon's."""

from figures import at_least

FEW = 10_000


def rows_of(options):
    return 10_000_000 if options.long else options.rows


def promises(options):
    many = rows_of(options)
    rates = f"{many:,} rows to {FEW:,}"
    return [
        at_least(
            f"propose at {rates}, to the minimal daemon's",
            f"{rates}: Matricula",
            f"{rates}: minimal daemon",
            *(0.85, 1),
        )
    ]


def run(bench):
    few, many = FEW, rows_of(bench.options)
    small, least_small = bench.matricula(f"nominations-{few}", str(few)), bench.minimal(f"minimal-{few}", few)
    large, least_large = bench.ours, bench.least
    small.start()
    least_small.start()
    if bench.options.long:
        large, least_large = bench.matricula(f"nominations-{many}", str(many)), bench.minimal(f"minimal-{many}", many)
        large.start()
        least_large.start()
    rows = (
        (f"propose, {few:,} rows: Matricula", "propose", small),
        (f"propose, {many:,} rows: Matricula", "propose", large),
        (f"propose, {few:,} rows: minimal daemon", "minimal", least_small),
        (f"propose, {many:,} rows: minimal daemon", "minimal", least_large),
    )
    for repetition in bench.repetitions("few rows and many"):
        for name, kind, server in rows:
            bench.figures.add(name, repetition, bench.rate(kind, server, 32))
    for server in {small, least_small, large, least_large} - {bench.ours, bench.least}:
        server.stop()
    ours = bench.figures.ratio(rows[1][0], rows[0][0])
    least = bench.figures.ratio(rows[3][0], rows[2][0])
    bench.figures.add(f"{many:,} rows to {few:,}: Matricula", 0, ours, "")
    bench.figures.add(f"{many:,} rows to {few:,}: minimal daemon", 0, least, "")
