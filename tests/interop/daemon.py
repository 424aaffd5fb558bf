"""The real daemon, in a directory of its own, on a port it chooses."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

import zmq
from register import Desk, Register

READY_S = 60


class Daemon:
    def __init__(self):
        self.binary = os.environ["MATRICULAD"]
        self.directory = tempfile.mkdtemp(prefix="matricula-interop-")
        self.data = os.path.join(self.directory, "data")
        self.config = os.path.join(self.directory, "matriculad.conf")
        self.process = None
        os.mkdir(self.data, 0o700)
        self.configure("tcp://127.0.0.1:*")

    def configure(self, endpoint):
        with open(self.config, "w") as file:
            file.write(
                f"[network]\nlisten = {endpoint}\n"
                f"[storage]\ndata_directory = {self.data}\nmap_size = 256M\njournal_segment_size = 4M\n"
            )

    def stay(self):
        """Every start to come is on the port of this one."""
        self.configure(self.endpoint)

    def run(self, *arguments):
        return subprocess.run(
            [self.binary, *arguments, "--config", self.config], check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def init(self, operator_key):
        self.run("init", "--operator-key", operator_key.decode())
        self.server_key = self.run("public-key").strip().encode()

    def start(self):
        """Returns when the daemon says that it is ready."""
        path = os.path.join(self.directory, "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            if os.path.exists(path):
                os.unlink(path)
            notify.bind(path)
            notify.settimeout(READY_S)
            self.process = subprocess.Popen(
                [self.binary, "--config", self.config], env={**os.environ, "NOTIFY_SOCKET": path}
            )
            while b"READY=1" not in notify.recv(4096).split(b"\n"):
                pass
        with open(os.path.join(self.data, "endpoint")) as file:
            self.endpoint = file.read().strip()

    def end(self, number=signal.SIGTERM):
        if self.process:
            self.process.send_signal(number)
            self.process.wait(READY_S)
            status, self.process = self.process.returncode, None
            return status
        return 0

    def remove(self):
        self.end(signal.SIGKILL)
        shutil.rmtree(self.directory)


class Case(unittest.TestCase):
    """Tests that share a daemon and its operator."""

    @classmethod
    def setUpClass(cls):
        cls.context = zmq.Context()
        cls.addClassCleanup(cls.context.destroy, linger=0)
        cls.daemon = Daemon()
        cls.addClassCleanup(cls.daemon.remove)
        cls.operator_desk = Desk()
        cls.daemon.init(cls.operator_desk.public_key)
        cls.daemon.start()

    @classmethod
    def tearDownClass(cls):
        status = cls.daemon.end()
        assert status == 0, f"matriculad ended with {status}"

    @classmethod
    def connect(cls, desk, hello=True):
        register = Register(cls.context, cls.daemon.endpoint, cls.daemon.server_key, desk)
        cls.addClassCleanup(register.close)
        if hello:
            register.hello()
        return register

    @classmethod
    def register_desk(cls, operator, name, role, unit_code):
        """A new desk, registered and connected."""
        desk = Desk()
        operator.do(
            put_principal=dict(public_key=desk.public_bytes, name=name, role=role, unit_code=unit_code)
        )
        return cls.connect(desk)

    def refused(self, code):
        return Refusal(self, code)


class Refusal:
    """with case.refused("CODE") as refusal: ... refusal.error"""

    def __init__(self, case, code):
        self.case, self.code = case, code

    def __enter__(self):
        return self

    def __exit__(self, kind, exception, trace):
        self.case.assertIsNotNone(exception, f"{self.code} expected")
        self.error = getattr(exception, "error", None)
        if self.error is None:
            return False
        self.case.assertEqual(exception.code, self.code, exception)
        return True
