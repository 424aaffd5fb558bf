"""What the parts of a run share: programs, servers, figures."""

import contextlib
import os
import subprocess
import time

from figures import Figures, Ratios
from postgres import Postgres
from processes import Minimal
from registers import Registers


class Programs:
    def __init__(self, build):
        self.matriculad = os.path.join(build, "daemon/matriculad")
        bench = os.path.join(build, "tests/bench")
        self.fill, self.load = os.path.join(bench, "bench_fill"), os.path.join(bench, "bench_load")
        self.minimal, self.hostile = os.path.join(bench, "bench_minimal"), os.path.join(bench, "bench_hostile")
        self.slow_flush = os.path.join(bench, "libbench_slow_flush.so")


class Bench:
    def __init__(self, options, log):
        self.options, self.log = options, log
        self.programs = Programs(options.build)
        self.figures, self.ratios = Figures(), Ratios()
        self.registers = Registers(self.programs, options.directory, log, options.keep)
        self.cleanup = contextlib.ExitStack()
        self.postgres = None

    def say(self, words):
        print(f"{time.monotonic() - self.options.began:5.0f} s  {words}", flush=True)

    def matricula(self, name, *arguments):
        """The daemon on a copy of the register of that name; it is stopped in the end."""
        if not self.registers.current(name):
            self.say(f"filling the register {name}; it is kept for the next run")
        server = self.registers.matricula(name, *arguments)
        self.cleanup.callback(server.stop)
        return server

    def minimal(self, name, rows):
        server = Minimal(self.programs, self.registers.minimal(name, rows))
        self.cleanup.callback(server.stop)
        return server

    def make_postgres(self, rows):
        if not Postgres.is_installed() or self.options.without_postgres:
            return
        self.say(f"filling PostgreSQL with {rows:,} nominations")
        self.postgres = Postgres(self.options.directory, self.log)
        self.cleanup.callback(self.postgres.remove)
        self.postgres.make(rows, self.options.classes)

    def repetitions(self, what, count=None):
        count = count or self.options.repetitions
        for repetition in range(count):
            self.say(f"{what}, {repetition + 1} of {count}")
            yield repetition

    def command(self, kind, server, *arguments, seconds=None):
        command = [self.programs.load, kind, "--endpoint", server.endpoint, "--server-key", server.key]
        return command + ["--data", server.data, "--seconds", str(seconds or self.options.seconds), *arguments]

    def load(self, kind, server, *arguments, seconds=None):
        """The figures that bench_load prints."""
        command = self.command(kind, server, *arguments, seconds=seconds)
        out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        return [float(value) for value in out.split()]

    def rate(self, kind, server, clients, *arguments):
        """Answers a second."""
        return self.load(kind, server, "--clients", str(clients), *arguments)[0]

    def ratio(self, name, over, under, floor, aim):
        """Medians of the same repetitions; nothing when one of them wasn't taken."""
        if self.figures.has(over, under):
            self.ratios.add(name, self.figures.ratio(over, under), floor, aim)
