"""A register in a directory of its own, and the real daemon serving it."""
import os
import pathlib
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import threading

PATIENCE = 60  # seconds for an event that must come; reached only when a test fails
MATRICULAD = os.environ["MATRICULAD"]


def run(*arguments, **options):
    """matriculad to its end; stdout, stderr and returncode as subprocess gives them."""
    return subprocess.run([MATRICULAD, *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE, **options)


class Register:
    """A data directory with its configuration. Removed at the end of the `with` block."""

    def __init__(self, parent=None, **config):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="matricula-", dir=parent))
        self.data = self.root / "data"
        self.config = self.root / "matriculad.conf"
        self.operator = self.root / "operator.key"
        self.daemon = None
        self.settings = {"network.listen": "tcp://127.0.0.1:*", "storage.data_directory": str(self.data),
                         "storage.map_size": "256M", "storage.journal_segment_size": "4M"}
        self.configure(**config)

    def configure(self, **config):
        """Rewrites the configuration; limits__sessions=3 sets [limits] sessions."""
        for name, value in config.items():
            self.settings[name.replace("__", ".")] = str(value)
        sections = {}
        for name, value in self.settings.items():
            section, key = name.split(".")
            sections.setdefault(section, []).append(f"{key} = {value}\n")
        self.config.write_text("".join(f"[{name}]\n{''.join(lines)}" for name, lines in sections.items()))

    def init(self):
        done = run("init", "--config", self.config, "--operator-key-file", self.operator)
        assert done.returncode == 0, done.stderr
        return self

    def start(self):
        """Starts the daemon, after the former one has ended, and waits until it says that it serves."""
        if self.daemon:
            self.daemon.kill()
        self.daemon = Daemon(self.config, self.root / "notify")
        self.daemon.await_ready()
        return self.daemon

    @property
    def endpoint(self):
        """From the file, or from the log when the disk has no room for the file."""
        path = self.data / "endpoint"
        if path.exists():
            return path.read_text().strip()
        self.daemon.await_line(" serves on ")
        return next(line for line in self.daemon.lines if " serves on " in line).rsplit(" ", 1)[1]

    @property
    def server_key(self):
        return read_key(self.data / "server.key")[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.daemon:
            self.daemon.kill()
        shutil.rmtree(self.root)


def read_key(path):
    """(public, secret) of a key file."""
    values = dict(line.split(" = ", 1) for line in pathlib.Path(path).read_text().splitlines() if " = " in line)
    return values["public-key"], values["secret-key"]


class Daemon:
    """A running matriculad. Its own process id is the only one that is ever signalled."""

    def __init__(self, config, notify_path):
        pathlib.Path(notify_path).unlink(missing_ok=True)
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(str(notify_path))
        environment = dict(os.environ, NOTIFY_SOCKET=str(notify_path))
        self.process = subprocess.Popen([MATRICULAD, "--config", str(config)], env=environment,
                                        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self.pidfd = os.pidfd_open(self.process.pid)
        self.lines = []
        self.grown = threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stderr:
            with self.grown:
                self.lines.append(line.decode("utf-8", "replace").rstrip("\n"))
                self.grown.notify_all()

    def await_notice(self, wanted):
        """Waits until the service manager is told a line that begins with `wanted`."""
        while True:
            ready, _, _ = select.select([self.notify, self.pidfd], [], [], PATIENCE)
            assert ready, f"{wanted} didn't come: {self.log}"
            if self.notify not in ready:
                raise AssertionError(f"ended with {self.wait()} before {wanted}: {self.log}")
            lines = self.notify.recv(65536).decode().splitlines()
            if any(line.startswith(wanted) for line in lines):
                return lines

    def await_ready(self):
        return self.await_notice("READY=1")

    def await_line(self, part, count=1):
        """Waits until `count` log lines hold `part`."""
        with self.grown:
            came = self.grown.wait_for(lambda: sum(part in line for line in self.lines) >= count, PATIENCE)
        assert came, f"no line has {part!r}: {self.log}"

    @property
    def log(self):
        with self.grown:
            return "\n".join(self.lines)

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self):
        status = self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        return status

    def stop(self):
        self.signal(signal.SIGTERM)
        return self.wait()

    def kill(self):
        if self.process.stderr.closed:
            return
        if self.process.poll() is None:
            self.process.kill()
        self.wait()
        self.process.stderr.close()
        self.notify.close()
        os.close(self.pidfd)
