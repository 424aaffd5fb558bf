"""Proposals at random moments, whether or not the former ones are answered, at half of what each can do: only this
shows a server that stands still now and then. A latency counts from the moment a proposal was due."""

QUANTILES = ("p50", "p99", "p99.9", "longest")


def run(bench):
    add, seconds = bench.figures.add, 2 * bench.options.seconds
    for repetition in bench.repetitions("proposals at random moments"):
        if bench.postgres:
            rate = bench.figures.median("propose, 32 clients: PostgreSQL") / 2
            taken = bench.postgres.propose_open(32, seconds, rate)
            for name, value in zip(QUANTILES, taken, strict=True):
                add(f"random moments, {name}: PostgreSQL", repetition, value, "us")
        rate = bench.figures.median("propose, 32 clients: Matricula") / 2
        arguments = ("--clients", "32", "--rate", str(rate))
        _, p50, _, p99, p999, longest, *_ = bench.load("propose", bench.ours, *arguments, seconds=seconds)
        for name, value in zip(QUANTILES, (p50, p99, p999, longest), strict=True):
            add(f"random moments, {name}: Matricula", repetition, value, "us")
    bench.ratio(
        "p99.9 at half of the peak, 32 clients, PostgreSQL's to ours",
        "random moments, p99.9: PostgreSQL",
        "random moments, p99.9: Matricula",
        *(1.0, 2),
    )
