"""A `matricula sync --watch` that goes on, at a pipe or as a service manager starts it."""
import os
import queue
import re
import signal
import socket
import subprocess
import threading

from clerk import MATRICULA
from support.daemon import PATIENCE


class Watching:
    """Its lines as they come, of both streams."""

    def __init__(self, desk, *words, environment=None):
        self.process = subprocess.Popen([MATRICULA, "--config", str(desk.config), *words, "sync", "--watch"], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        self.lines, self.said = queue.Queue(), []
        self.threads = [threading.Thread(target=self._read, args=(stream,), daemon=True)
                        for stream in (self.process.stdout, self.process.stderr)]
        for thread in self.threads:
            thread.start()

    def _read(self, stream):
        for line in stream:
            self.said.append(line)
            self.lines.put(line.rstrip("\n"))

    def line(self, pattern):
        """Waits for a line in which the pattern is found."""
        while True:
            line = self.lines.get(timeout=PATIENCE)
            if re.search(pattern, line):
                return line

    def stop(self, number=signal.SIGTERM):
        """How it ends."""
        self.process.send_signal(number)
        return self.end()

    def end(self):
        status = self.process.wait(PATIENCE)
        for thread in self.threads:
            thread.join(PATIENCE)
        return status

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        if self.process.poll() is None:
            self.process.kill()
        self.end()
        self.process.stdout.close()
        self.process.stderr.close()


class Service(Watching):
    """With a service manager that listens; what it was told stands in `status` and `ready`."""

    def __init__(self, desk, *words, **environment):
        path = desk.directory / "notify"
        path.unlink(missing_ok=True)
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(str(path))
        self.status, self.ready, self.notices = "", False, queue.Queue()
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()
        super().__init__(desk, *words, environment=dict(os.environ, NOTIFY_SOCKET=str(path), **environment))

    def _listen(self):
        """Always, as a manager does: a full socket would hold the service up."""
        while notice := self.notify.recv(65536):
            self.notices.put(notice.decode())

    def told(self):
        """Takes the next notice; its lines."""
        lines = self.notices.get(timeout=PATIENCE).splitlines()
        for line in lines:
            if line.startswith("STATUS="):
                self.status = line[7:]
            self.ready = self.ready or line == "READY=1"
        return lines

    def await_notice(self, wanted):
        while wanted not in self.told():
            pass

    def await_status(self, pattern):
        """Waits until the status line holds the pattern; whether it is ready is known then, too."""
        while not re.search(pattern, self.status):
            self.told()
        return self.status

    def __exit__(self, *problem):
        super().__exit__(*problem)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
            end.sendto(b"", self.notify.getsockname())
        self.listener.join(PATIENCE)
        self.notify.close()
