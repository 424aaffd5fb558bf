#!/usr/bin/python3
"""The bench: see README.md. Prints a table for people and writes DIRECTORY/ratios.tsv for tools."""

import argparse
import contextlib
import os
import subprocess
import sys
import time

from figures import Figures, Ratios
from machine import facts
from postgres import Postgres
from processes import Minimal
from registers import Registers

CLIENTS = (1, 8, 32, 64)
# To PostgreSQL with as many clients: floor and aim.
PROPOSE = {1: (1.0, 1.3), 8: (1.8, 2.7), 32: (2.0, 3.3), 64: (2.7, 4.5)}


class Programs:
    def __init__(self, build):
        self.matriculad = os.path.join(build, "daemon/matriculad")
        self.fill = os.path.join(build, "tests/bench/bench_fill")
        self.load_program = os.path.join(build, "tests/bench/bench_load")
        self.minimal = os.path.join(build, "tests/bench/bench_minimal")
        self.slow_flush = os.path.join(build, "tests/bench/libbench_slow_flush.so")


class Load:
    """Load of bench_load on a server that runs."""

    def __init__(self, programs, seconds):
        self.programs, self.seconds = programs, seconds

    def command(self, kind, server, *arguments, seconds=None):
        command = [self.programs.load_program, kind, "--endpoint", server.endpoint, "--server-key", server.key]
        return command + ["--data", server.data, "--seconds", str(seconds or self.seconds), *arguments]

    def run(self, kind, server, *arguments, seconds=None):
        """The figures that bench_load prints."""
        command = self.command(kind, server, *arguments, seconds=seconds)
        out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        return [float(value) for value in out.split()]

    def rate(self, kind, server, clients, *arguments):
        return self.run(kind, server, "--clients", str(clients), *arguments)[0]


class Bench:
    def __init__(self, options, programs, log):
        self.options, self.programs, self.log = options, programs, log
        self.figures, self.ratios = Figures(), Ratios()
        self.load = Load(programs, options.seconds)
        self.registers = Registers(programs, options.directory, log, options.keep)
        self.cleanup = contextlib.ExitStack()

    def say(self, words):
        print(f"{time.monotonic() - self.options.began:5.0f} s  {words}", flush=True)

    def matricula(self, name, *arguments):
        server = self.registers.matricula(name, *arguments)
        self.cleanup.callback(server.stop)
        return server

    def minimal(self, name, rows):
        server = Minimal(self.programs, self.registers.minimal(name, rows))
        self.cleanup.callback(server.stop)
        return server

    def open(self):
        rows = self.options.rows
        self.say(f"filling a register with {rows:,} nominations, unless it is kept from before")
        self.ours = self.matricula(f"nominations-{rows}", str(rows))
        self.ours.start()
        self.least = self.minimal(f"minimal-{rows}", rows)
        self.least.start()
        self.postgres = None
        if Postgres.is_installed() and not self.options.without_postgres:
            self.say(f"filling PostgreSQL with {rows:,} nominations")
            self.postgres = Postgres(self.options.directory, rows, self.log)
            self.cleanup.callback(self.postgres.remove)
            self.postgres.make()

    def propose(self):
        """Each competitor in turn, with each number of clients, so that what else the machine does hits all."""
        for repetition in range(self.options.repetitions):
            self.say(f"proposals, repetition {repetition + 1} of {self.options.repetitions}")
            for clients in CLIENTS:
                self.propose_once(repetition, clients)
            self.figures.add(
                "propose 32 x 16, matricula", repetition, self.load.rate("propose", self.ours, 32, "--window", "16")
            )
            self.figures.add(
                "propose 32 x 16, minimal", repetition, self.load.rate("minimal", self.least, 32, "--window", "16")
            )
            self.figures.add("propose 32 one unit, matricula", repetition, self.load.rate("propose", self.ours, 32, "--hot"))
            if self.postgres:
                rate = self.postgres.propose(32, self.options.seconds, units=1)
                self.figures.add("propose 32 one row, postgres", repetition, rate)

    def propose_once(self, repetition, clients):
        if self.postgres:
            rate = self.postgres.propose(clients, self.options.seconds)
            self.figures.add(f"propose {clients}, postgres", repetition, rate)
        rate = self.load.rate("propose", self.ours, clients)
        self.figures.add(f"propose {clients}, matricula", repetition, rate)
        rate = self.load.rate("minimal", self.least, clients)
        self.figures.add(f"propose {clients}, minimal", repetition, rate)

    def compare(self):
        ratio = self.figures.ratio
        if self.postgres:
            for clients in CLIENTS:
                value = ratio(f"propose {clients}, matricula", f"propose {clients}, postgres")
                self.ratios.add(f"propose, {clients} clients, to PostgreSQL", value, *PROPOSE[clients])
            value = ratio("propose 32 one unit, matricula", "propose 32 one row, postgres")
            self.ratios.add("propose, 32 clients, one unit, to PostgreSQL on one row", value, 6, 11)
            value = ratio("propose 32 x 16, matricula", "propose 32, postgres")
            self.ratios.add("propose, 32 clients x 16 in flight, to PostgreSQL at 32", value, 4, 7)
        value = ratio("propose 32, matricula", "propose 32, minimal")
        self.ratios.add("propose, 32 clients, to the minimal daemon", value, 0.5, 0.8)

    def run(self):
        with self.cleanup:
            self.open()
            self.propose()
            self.compare()
        print("\n" + self.figures.table() + "\n\n" + self.ratios.table())
        self.ratios.write(os.path.join(self.options.directory, "ratios.tsv"))


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--directory", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="smaller and shorter: under 4 minutes")
    parser.add_argument("--long", action="store_true", help="with 10 million nominations and a rebuild of a million")
    parser.add_argument("--keep", action="store_true", help="keep the registers of an earlier run whatever made them")
    parser.add_argument("--without-postgres", action="store_true", help="ours and the minimal daemon only")
    parser.add_argument("--rows", type=int, help="nominations to begin with")
    parser.add_argument("--seconds", type=float, help="of each measurement")
    parser.add_argument("--repetitions", type=int)
    options = parser.parse_args()
    options.rows = options.rows or (100_000 if options.quick else 1_000_000)
    options.seconds = options.seconds or (1 if options.quick else 2)
    options.repetitions = options.repetitions or 3
    options.began = time.monotonic()
    return options


def main():
    options = parse()
    os.makedirs(options.directory, exist_ok=True)
    print(facts(options.directory) + "\n", flush=True)
    with open(os.path.join(options.directory, "log"), "w") as log:
        Bench(options, Programs(options.build), log).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
