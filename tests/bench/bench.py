"""What the parts of a run share: programs, servers, figures."""

import contextlib
import os
import time

from failures import Failed, Failures, output_of
from figures import Figures
from postgres import Postgres
from processes import Minimal
from registers import Registers


# How much longer than its measurement a load may take before it counts as stuck.
PATIENCE_S = 120


class Programs:
    def __init__(self, build):
        self.matriculad = os.path.join(build, "daemon/matriculad")
        bench = os.path.join(build, "tests/bench")
        self.fill, self.load = os.path.join(bench, "bench_fill"), os.path.join(bench, "bench_load")
        self.minimal, self.hostile = os.path.join(bench, "bench_minimal"), os.path.join(bench, "bench_hostile")
        self.slow_flush = os.path.join(bench, "libbench_slow_flush.so")


def restarted(server):
    server.stop()
    server.start()
    return server


class Bench:
    def __init__(self, options, log):
        self.options, self.log = options, log
        self.programs = Programs(options.build)
        self.figures, self.failures = Figures(), Failures(log)
        self.registers = Registers(self.programs, options.directory, options.keep)
        self.cleanup = contextlib.ExitStack()
        self.running = {}
        self.postgres = None

    @property
    def ours(self):
        return self.present("the register")

    @property
    def least(self):
        return self.present("the minimal daemon")

    def present(self, name):
        if name not in self.running:
            raise Failed(f"{name} isn't running: see what failed before")
        return self.running[name]

    @contextlib.contextmanager
    def attempt(self, what):
        """What fails is told at the end, and the servers are started anew for what comes next."""
        try:
            yield
        except Exception as problem:
            self.failures.note(what, problem)
            self.start_anew()

    def open_servers(self):
        servers = (("register", self.open_ours), ("minimal daemon", self.open_least), ("PostgreSQL", self.open_postgres))
        for name, open_it in servers:
            with self.failures.noted(f"the start: {name}"):
                open_it()

    def open_ours(self):
        server = self.matricula(f"nominations-{self.options.rows}", str(self.options.rows))
        server.start()
        self.running["the register"] = server

    def open_least(self):
        server = self.minimal(f"minimal-{self.options.rows}", self.options.rows)
        server.start()
        self.running["the minimal daemon"] = server

    def start_anew(self):
        """Whatever state a part that failed has left them in; the register from a fresh copy."""
        with self.failures.noted("the register, started anew"):
            if server := self.running.pop("the register", None):
                server.abandon()
                self.open_ours()
        with self.failures.noted("the minimal daemon, started anew"):
            if server := self.running.pop("the minimal daemon", None):
                self.running["the minimal daemon"] = restarted(server)
        with self.failures.noted("PostgreSQL, started anew"):
            if server := self.postgres:
                self.postgres = None
                self.postgres = restarted(server)

    def say(self, words):
        print(f"{time.monotonic() - self.options.began:5.0f} s  {words}", flush=True)

    def matricula(self, name, *arguments):
        """The daemon on a copy of the register of that name; it is stopped in the end."""
        if not self.registers.current(name):
            self.say(f"filling the register {name}; it is kept for the next run")
        server = self.registers.matricula(name, *arguments)
        self.at_the_end(f"the end of {name}", server.stop)
        return server

    def minimal(self, name, rows):
        server = Minimal(self.programs, self.registers.minimal(name, rows))
        self.at_the_end(f"the end of {name}", server.stop)
        return server

    def at_the_end(self, what, do):
        def noted():
            with self.failures.noted(what):
                do()

        self.cleanup.callback(noted)

    def open_postgres(self):
        rows = self.options.rows
        if self.options.without_postgres:
            return
        if not Postgres.is_installed():
            raise Failed("PostgreSQL 15 isn't installed; leave it out with --without-postgres")
        self.say(f"filling PostgreSQL with {rows:,} nominations")
        server = Postgres(self.options.directory, self.log)
        self.at_the_end("the end of PostgreSQL", server.remove)
        server.make(rows, self.options.classes)
        self.postgres = server

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
        out = output_of(command, timeout=(seconds or self.options.seconds) + PATIENCE_S)
        return [float(value) for value in out.split()]

    def rate(self, kind, server, clients, *arguments):
        """Answers a second."""
        return self.load(kind, server, "--clients", str(clients), *arguments)[0]
