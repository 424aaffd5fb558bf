"""Desks that use the program, and a province with a register to use it on."""
import json
import os
import pathlib
import subprocess
import unittest

from support.daemon import PATIENCE, Register

MATRICULA = os.environ["MATRICULA"]


class Said:
    """What the program said and how it ended."""

    def __init__(self, done):
        self.out, self.err, self.code = done.stdout, done.stderr, done.returncode

    @property
    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f"exit {self.code}\n{self.out}{self.err}"


def run(*words, directory=None, stdin="", environment=None):
    done = subprocess.run([MATRICULA, *map(str, words)], capture_output=True, text=True, input=stdin, timeout=PATIENCE,
                          cwd=directory, env=environment)
    assert "Sanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr
    return Said(done)


class Desk:
    """Settings, key and outbox of one desk, as on a machine of its own."""

    def __init__(self, directory, endpoint, server_key, language="en", timeout=20):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(exist_ok=True)
        self.config = self.directory / "client.ini"
        self.settings = dict(endpoint=endpoint, server_key=server_key, language=language, timeout=timeout)
        self.configure()

    def configure(self, **changes):
        self.settings.update(changes)
        self.config.write_text("[server]\nendpoint = {endpoint}\nkey = {server_key}\ntimeout = {timeout}\n[client]\n"
                               "key_file = {0}/client.key\nstate_directory = {0}/state\nlanguage = {language}\n"
                               .format(self.directory, **self.settings))

    def say(self, *words, **options):
        """Runs a command whatever comes of it."""
        return run("--config", self.config, *words, directory=self.directory, **options)

    def do(self, *words):
        """Runs a command that must be done."""
        said = self.say(*words)
        assert said.code == 0, f"{words}: {said}"
        return said

    def ask(self, *words):
        """The data of a command that must be done."""
        return self.do("--output", "json", "--quiet", *words).json

    def waiting(self):
        """Entries of the outbox without an answer."""
        return [entry for entry in self.ask("outbox", "list") if entry["state"] in ("queued", "exported", "sent")]

    def file(self, name, text, encoding="utf-8"):
        path = self.directory / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    @property
    def public_key(self):
        return self.ask("keygen")["public_key"]


UNITS = (
    ("TU", "Tỉnh ủy", "provincial-committee", "province", None, "--manages-people", "yes"),
    ("BTC", "Ban Tổ chức Tỉnh ủy", "party-board", "province", "TU", "--acts-for-parent", "yes"),
    ("HU-TN", "Huyện ủy Tư Nghĩa", "district-committee", "district", "TU", "--manages-people", "yes"),
    ("HU-MD", "Huyện ủy Mộ Đức", "district-committee", "district", "TU", "--manages-people", "yes"),
    ("TCT", "Trường Chính trị tỉnh", "school", "province", "TU"),
)
DESKS = dict(organiser=("organiser", "BTC"), clerk=("nominator", "HU-TN"), other=("nominator", "HU-MD"),
             approver=("approver", "HU-TN"), school=("school", "TCT"), auditor=("auditor", "TU"))
# Open at any time the tests may run.
OPEN = ("--nominate-from", "1/1/2000", "--nominate-until", "31/12/2190", "--demand-from", "1/1/2000", "--demand-until",
        "31/12/2190")


class Province:
    """A register with units, desks, titles, a plan and a programme. Removed at the end of the `with` block."""

    def __init__(self, **config):
        self.register = Register(**config).init()
        self.register.start()
        self.operator = self.desk("operator", key=False)
        self.register.operator.rename(self.operator.directory / "client.key")
        for code, name, kind, level, parent, *more in UNITS:
            self.operator.do("unit", "put", code, "--name", name, "--kind", kind, "--level", level, "--bloc", "party",
                             *(("--parent", parent) if parent else ()), *more)
        for name, (role, unit) in DESKS.items():
            desk = self.desk(name)
            self.operator.do("principal", "put", desk.key, "--name", name, "--role", role, "--unit", unit)
            setattr(self, name, desk)
        self.plan()

    def desk(self, name, key=True, **settings):
        desk = Desk(self.register.root / name, self.register.endpoint, self.register.server_key, **settings)
        if key:
            desk.key = desk.public_key
        return desk

    def plan(self):
        for code, name, rank in (("PCT-HUYEN", "Phó Chủ tịch huyện", 50), ("BT-HUYEN", "Bí thư huyện ủy", 51)):
            self.organiser.do("title", "put", code, "--name", name, "--level", "district", "--rank", rank, "--standard",
                              "theory:3")
        self.organiser.do("plan", "put", "QN21", "--name", "Kế hoạch năm 2021", "--year", "2021", "--issuer",
                          "Ban Thường vụ Tỉnh ủy")
        self.programme("QN21-CC", "--in-force", "5", "--seats-target", "5", "--supplies", "theory:3")

    def programme(self, code, *more):
        """A programme that is open at any time, unless `more` says otherwise."""
        always = [word for option, day in zip(OPEN[::2], OPEN[1::2]) if option not in more for word in (option, day)]
        self.organiser.do("programme", "put", code, "--plan", "QN21", "--name", "Cao cấp lý luận chính trị", "--kind",
                          "training", "--mode", "full-time", "--bloc", "party", "--organiser", "BTC", "--provider",
                          "TCT", "--rule", "fixed", *always, *more)

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.register.__exit__(*problem)


class InProvince(unittest.TestCase):
    """Tests that share one province."""

    @classmethod
    def setUpClass(cls):
        cls.province = Province()
        cls.addClassCleanup(cls.province.__exit__)
