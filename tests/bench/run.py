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
from figures import Ratios
from machine import facts

PARTS = {
    "proposals": proposals,
    "moments": moments,
    "slow": slow,
    "sizes": sizes,
    "reading": reading,
    "ends": ends,
    "abuse": abuse,
}


def promised(options):
    """The rows of the parts that were asked for, in the order of PARTS."""
    rows = [row for name, part in PARTS.items() if name in options.parts for row in part.promises(options)]
    return [row for row in rows if not (options.without_postgres and row.needs_postgres)]


def measure(bench):
    with bench.cleanup:
        bench.open_servers()
        for name in bench.options.parts:
            with bench.attempt(name):
                PARTS[name].run(bench)


def report(bench):
    options = bench.options
    ratios = Ratios(promised(options), bench.figures)
    path = os.path.join(options.directory, "ratios.tsv")
    kept = ratios.write(path, keep_others=set(options.parts) != PARTS.keys())
    print("\n" + bench.figures.table() + "\n\n" + ratios.table())
    print(f"\n{path}: {len(ratios.rows)} rows of this run, {kept} of earlier ones")
    if bench.failures.rows:
        print("\n" + bench.failures.table())


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=f"of {', '.join(PARTS)}; all unless named")
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--directory", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="smaller and shorter: under 4 minutes")
    parser.add_argument("--long", action="store_true", help="with 10 million nominations")
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
        bench = Bench(options, log)
        measure(bench)
        report(bench)
    return 0


if __name__ == "__main__":
    sys.exit(main())
