"""A PostgreSQL cluster of our own: made, started, asked and removed by us."""

import glob
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from failures import Failed, end_of, output_of
from processes import end, with_shim

BINARIES = "/usr/lib/postgresql/15/bin/"
SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{directory}'
shared_buffers = 512MB
synchronous_commit = on
max_wal_size = 4GB
checkpoint_timeout = 15min
max_connections = 120
ssl = on
ssl_cert_file = '{directory}/server.crt'
ssl_key_file = '{directory}/server.key'
"""
# The words of a nomination, as long as the row that the register keeps of one is at the least.
WORDS = "x" * 130
CONNECTING_S = 1
HERE = os.path.dirname(os.path.abspath(__file__))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def as_postgres():
    """PostgreSQL doesn't run as root."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []


class Postgres:
    @staticmethod
    def is_installed():
        return os.path.exists(BINARIES + "postgres")

    def __init__(self, scratch, log):
        """In a directory below `scratch`, or beside it when PostgreSQL's user can't get there."""
        self.log, self.process = log, None
        reached = subprocess.run([*as_postgres(), "test", "-x", scratch], check=False).returncode == 0
        self.directory = tempfile.mkdtemp(prefix="postgres-", dir=scratch if reached else "/var/tmp")
        self.port = free_port()
        if as_postgres():
            shutil.chown(self.directory, "postgres")

    def run(self, *command, **options):
        output_of([*as_postgres(), *command], cwd="/", **options)

    def make(self, rows, classes):
        """The cluster, running, with its tables filled."""
        self.run(BINARIES + "initdb", "-D", self.directory + "/data", "-A", "trust", "-E", "UTF8", "--no-locale")
        key, certificate = self.directory + "/server.key", self.directory + "/server.crt"
        self.run(
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-keyout", key, "-out", certificate),
        )
        with open(self.directory + "/data/postgresql.conf", "a") as file:
            file.write(SETTINGS.format(port=self.port, directory=self.directory))
        self.start()
        self.psql("-f", HERE + "/sql/schema.sql")
        self.psql("-v", f"rows={rows}", "-v", f"classes={classes}", "-f", HERE + "/sql/fill.sql")

    def connection(self):
        return f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres sslmode=require"

    def psql(self, *arguments):
        command = [BINARIES + "psql", "-qX", "-v", "ON_ERROR_STOP=1", self.connection(), *arguments]
        return output_of(command)

    def start(self, shim=None):
        self.process = subprocess.Popen(
            [*as_postgres(), BINARIES + "postgres", "-D", self.directory + "/data"],
            cwd="/",
            env=with_shim(shim),
            stdout=self.log,
            stderr=self.log,
        )
        asking = [BINARIES + "pg_isready", "-q", "-t", "1", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(asking, check=False).returncode != 0:
            if self.process.poll() is not None:
                raise Failed("PostgreSQL doesn't start", end_of(self.log.name))
            time.sleep(0.05)

    def stop(self):
        if self.process:
            end(self.process, signal.SIGINT)
        self.process = None

    def remove(self):
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def bench(self, script, clients, seconds, *arguments):
        # pgbench counts the time in which it connects among its seconds, though not in its rate.
        command = [BINARIES + "pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "1"]
        command += ["-T", str(seconds + CONNECTING_S), *arguments, "-f", f"{HERE}/sql/{script}.pgb", self.connection()]
        out = output_of(command)
        if "number of failed transactions: 0 " not in out:
            raise Failed("pgbench: some transactions failed", out)
        return next(float(line.split()[2]) for line in out.splitlines() if line.startswith("tps = "))

    def propose(self, clients, seconds, units=200):
        """Proposals a second."""
        return self.bench("propose", clients, seconds, "-D", f"units={units}", "-D", f"words={WORDS}")

    def propose_open(self, clients, seconds, rate):
        """At random moments: p50, p99, p99.9 and the longest, in microseconds from when each was due."""
        with tempfile.TemporaryDirectory() as logs:
            arguments = ["-R", str(rate), "-l", f"--log-prefix={logs}/log"]
            self.bench("propose", clients, seconds, *arguments, "-D", "units=200", "-D", f"words={WORDS}")
            times = []
            for path in glob.glob(logs + "/log*"):
                with open(path) as file:
                    times += [int(line.split()[2]) for line in file]
        times.sort()
        return [times[int(share * (len(times) - 1))] for share in (0.5, 0.99, 0.999, 1)]

    def rosters(self, clients, seconds, classes):
        """Rosters of a class a second."""
        return self.bench("roster", clients, seconds, "-D", f"classes={classes}")

    def copy_ms(self):
        """What each of a few took."""
        out = self.psql("-f", HERE + "/sql/copy.sql")
        return [float(line.split()[1]) for line in out.splitlines() if line.startswith("Time:")]
