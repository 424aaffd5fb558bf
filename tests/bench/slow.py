"""Each flush takes 2 ms longer, as on a server's disk without a protected write cache."""

from figures import at_least


def promises(_options):
    return [
        at_least(
            "propose, 32 clients, slow disk, to PostgreSQL",
            "propose, 32 clients, slow disk: Matricula",
            "propose, 32 clients, slow disk: PostgreSQL",
            *(1.3, 2),
        )
    ]


def run(bench):
    if not bench.postgres:
        return
    shim = bench.programs.slow_flush
    for server in (bench.postgres, bench.ours):
        server.stop()
        server.start(shim)
    for repetition in bench.repetitions("proposals on a slow disk"):
        rate = bench.postgres.propose(32, bench.options.seconds)
        bench.figures.add("propose, 32 clients, slow disk: PostgreSQL", repetition, rate)
        rate = bench.rate("propose", bench.ours, 32)
        bench.figures.add("propose, 32 clients, slow disk: Matricula", repetition, rate)
    for server in (bench.postgres, bench.ours):
        server.stop()
        server.start()
