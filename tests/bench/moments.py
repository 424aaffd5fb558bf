"""Proposals at random moments, whether or not the former ones are answered, at half of what each can do: only this
shows a server that stands still now and then. A latency counts from the moment a proposal was due."""

from figures import at_least

QUANTILES = ("p50", "p99", "p99.9", "longest")


def promises(_options):
    return [
        at_least(
            "p99.9 at half of the peak, 32 clients, PostgreSQL's to ours",
            "random moments, p99.9: PostgreSQL",
            "random moments, p99.9: Matricula",
            *(1.0, 2),
        )
    ]


def measure_peaks(bench):
    """What the part of proposals measures too, when it hasn't."""
    add, has, seconds = bench.figures.add, bench.figures.has, bench.options.seconds
    ours, postgres = "propose, 32 clients: Matricula", "propose, 32 clients: PostgreSQL"
    if has(ours) and (has(postgres) or not bench.postgres):
        return
    for repetition in bench.repetitions("the peaks"):
        if bench.postgres:
            add(postgres, repetition, bench.postgres.propose(32, seconds))
        add(ours, repetition, bench.rate("propose", bench.ours, 32))


def run(bench):
    add, seconds = bench.figures.add, 2 * bench.options.seconds
    measure_peaks(bench)
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
