"""Processes of ours: started here, ended by their own pid."""

import os
import signal
import socket
import subprocess
import time

READY_S = 900


def with_shim(shim):
    return {**os.environ, "LD_PRELOAD": shim} if shim else dict(os.environ)


def end(process, number=signal.SIGTERM):
    """Ends a process and returns its status."""
    if process.poll() is None:
        process.send_signal(number)
    return process.wait(READY_S)


class Matriculad:
    """The daemon on a data directory that is there."""

    def __init__(self, programs, data, log):
        self.programs, self.data, self.log = programs, data, log
        self.config = data + ".conf"
        self.process = None
        with open(self.config, "w") as file:
            file.write(
                "[network]\nlisten = tcp://127.0.0.1:*\n"
                f"[storage]\ndata_directory = {data}\nmap_size = 64G\n"
            )

    def run(self, *arguments):
        command = [self.programs.matriculad, *arguments, "--config", self.config]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout

    def start(self, shim=None):
        """Returns how long it took until the daemon said that it is ready, in seconds."""
        path = self.data + ".notify"
        if os.path.exists(path):
            os.unlink(path)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(path)
            notify.settimeout(READY_S)
            began = time.monotonic()
            environment = {**with_shim(shim), "NOTIFY_SOCKET": path}
            self.process = subprocess.Popen(
                [self.programs.matriculad, "--config", self.config], env=environment, stderr=self.log
            )
            while b"READY=1" not in notify.recv(4096).split(b"\n"):
                pass
            took = time.monotonic() - began
        os.unlink(path)
        with open(os.path.join(self.data, "endpoint")) as file:
            self.endpoint = file.read().strip()
        self.key = self.run("public-key").strip()
        return took

    def stop(self):
        if self.process and end(self.process) != 0:
            raise RuntimeError(f"matriculad ended with {self.process.returncode}")
        self.process = None

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
        self.endpoint, self.key = self.process.stdout.readline().split()

    def stop(self):
        if self.process:
            end(self.process)
            self.process.stdout.close()
        self.process = None
