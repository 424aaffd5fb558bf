"""Processes of ours: started here, ended by their own pid."""

import os
import signal
import socket
import subprocess
import time

from failures import Failed, end_of, output_of

READY_S = 900


def with_shim(shim):
    return {**os.environ, "LD_PRELOAD": shim} if shim else dict(os.environ)


def end(process, number=signal.SIGTERM):
    """Ends a process and returns its status."""
    if process.poll() is None:
        process.send_signal(number)
    return process.wait(READY_S)


class Matriculad:
    """The daemon on a data directory that is there. What it says goes to a file beside it."""

    def __init__(self, programs, data):
        self.programs, self.data = programs, data
        self.config, self.log = data + ".conf", data + ".log"
        self.process = None
        with open(self.config, "w") as file:
            file.write(
                "[network]\nlisten = tcp://127.0.0.1:*\n"
                f"[storage]\ndata_directory = {data}\nmap_size = 64G\n"
            )

    def run(self, *arguments):
        return output_of([self.programs.matriculad, *arguments, "--config", self.config])

    def start(self, shim=None):
        """Returns how long it took until the daemon said that it is ready, in seconds."""
        path = self.data + ".notify"
        if os.path.exists(path):
            os.unlink(path)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(path)
            notify.settimeout(0.2)
            began = time.monotonic()
            environment = {**with_shim(shim), "NOTIFY_SOCKET": path}
            with open(self.log, "a") as log:
                command = [self.programs.matriculad, "--config", self.config]
                self.process = subprocess.Popen(command, env=environment, stderr=log)
            self.await_ready(notify, began + READY_S)
            took = time.monotonic() - began
        os.unlink(path)
        with open(os.path.join(self.data, "endpoint")) as file:
            self.endpoint = file.read().strip()
        self.key = self.run("public-key").strip()
        return took

    def await_ready(self, notify, deadline):
        while time.monotonic() < deadline:
            try:
                if b"READY=1" in notify.recv(4096).split(b"\n"):
                    return
            except TimeoutError:
                if self.process.poll() is not None:
                    status, self.process = self.process.returncode, None
                    raise Failed(f"matriculad ended with {status} at its start", end_of(self.log)) from None
        self.kill()
        raise Failed(f"matriculad wasn't ready within {READY_S} s", end_of(self.log))

    def stop(self):
        process, self.process = self.process, None
        if process and end(process) != 0:
            raise Failed(f"matriculad ended with {process.returncode}", end_of(self.log))

    def abandon(self):
        """Whatever became of it: what is wrong with it has been told already."""
        if self.process:
            self.kill()

    def kill(self):
        end(self.process, signal.SIGKILL)
        self.process = None

    def memory_mib(self):
        """What the daemon holds beyond its map, at this moment."""
        with open(f"/proc/{self.process.pid}/status") as file:
            for line in file:
                if line.startswith("RssAnon:"):
                    return int(line.split()[1]) / 1024
        return 0.0


class Minimal:
    """The minimal daemon."""

    def __init__(self, programs, data):
        self.programs, self.data = programs, data
        self.process = None

    def start(self, shim=None):
        self.process = subprocess.Popen(
            [self.programs.minimal, self.data], env=with_shim(shim), stdout=subprocess.PIPE, text=True
        )
        said = self.process.stdout.readline().split()
        if len(said) != 2:
            raise Failed(f"bench_minimal ended with {end(self.process)} at its start")
        self.endpoint, self.key = said

    def stop(self):
        if self.process:
            end(self.process)
            self.process.stdout.close()
        self.process = None
