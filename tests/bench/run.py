#!/usr/bin/python3
"""The bench: see README.md. Prints tables for people and writes DIRECTORY/ratios.tsv for tools."""

import argparse
import os
import sys
import time

import abuse
import ends
import moments
import proposals
import reading
import sizes
import slow
from bench import Bench
from machine import facts

PARTS = {
    "proposals": proposals.run,
    "moments": moments.run,
    "slow": slow.run,
    "sizes": sizes.run,
    "reading": reading.run,
    "ends": ends.run,
    "abuse": abuse.run,
}


def open_servers(bench):
    rows = bench.options.rows
    bench.ours = bench.matricula(f"nominations-{rows}", str(rows))
    bench.ours.start()
    bench.least = bench.minimal(f"minimal-{rows}", rows)
    bench.least.start()
    bench.make_postgres(rows)


def run(bench):
    with bench.cleanup:
        open_servers(bench)
        for name in bench.options.parts:
            PARTS[name](bench)
    print("\n" + bench.figures.table() + "\n\n" + bench.ratios.table())
    bench.ratios.write(os.path.join(bench.options.directory, "ratios.tsv"))


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=f"of {', '.join(PARTS)}; all unless named")
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--directory", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="smaller and shorter: under 4 minutes")
    parser.add_argument("--long", action="store_true", help="with 10 million nominations, and a register built again")
    parser.add_argument("--keep", action="store_true", help="keep the registers of an earlier run, whatever made them")
    parser.add_argument("--without-postgres", action="store_true", help="ours and the minimal daemon only")
    parser.add_argument("--rows", type=int, help="nominations to begin with")
    parser.add_argument("--seconds", type=int, help="of each measurement")
    parser.add_argument("--repetitions", type=int)
    options = parser.parse_args()
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"no part is called {unknown.pop()}")
    options.rows = options.rows or (100_000 if options.quick else 1_000_000)
    options.classes = 250 if options.quick else 1250
    options.seconds = options.seconds or (1 if options.quick else 2)
    options.repetitions = options.repetitions or (2 if options.quick else 3)
    options.began = time.monotonic()
    return options


def main():
    options = parse()
    os.makedirs(options.directory, exist_ok=True)
    print(facts(options.directory) + "\n", flush=True)
    with open(os.path.join(options.directory, "log"), "w") as log:
        run(Bench(options, log))
    return 0


if __name__ == "__main__":
    sys.exit(main())
