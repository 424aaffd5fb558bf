"""libmatricula against the real daemon, which is killed and started again while the queue is being sent."""

import os
import signal
import subprocess
import unittest

from daemon import Case
from matricula.v1 import entities_pb2 as entities
from matricula.v1 import vocabulary_pb2 as vocabulary
from register import Desk

COUNT = 1500


class Library(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.daemon.stay()
        cls.connect(cls.operator_desk).do(
            put_unit=dict(
                code="TINH",
                name="Tỉnh ủy",
                kind=vocabulary.UNIT_KIND_PROVINCIAL_COMMITTEE,
                level=vocabulary.LEVEL_PROVINCE,
                bloc=vocabulary.BLOC_PARTY,
            )
        )

    def setUp(self):
        """A second operator, whose key lies in a file."""
        self.desk = Desk()
        self.connect(self.operator_desk_again()).do(
            put_principal=dict(public_key=self.desk.public_bytes, name=self.id(), role=vocabulary.ROLE_OPERATOR)
        )
        self.key_file = os.path.join(self.daemon.directory, self.id() + ".key")
        self.state = os.path.join(self.daemon.directory, self.id() + ".state")
        with open(os.open(self.key_file, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            file.write(
                f"[key]\npublic-key = {self.desk.public_key.decode()}\nsecret-key = {self.desk.secret_key.decode()}\n"
            )

    def operator_desk_again(self):
        desk = Desk()
        desk.public_key, desk.secret_key = self.operator_desk.public_key, self.operator_desk.secret_key
        return desk

    def start(self):
        process = subprocess.Popen(
            [
                os.environ["FLUSH_UNITS"],
                self.daemon.endpoint,
                self.daemon.server_key.decode(),
                self.key_file,
                self.state,
                str(COUNT),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        return process

    @staticmethod
    def answers(process):
        """Each (sequence, revision); at each hundredth the program waits until the next one is asked for."""
        for line in process.stdout:
            sequence, revision = map(int, line.split())
            yield sequence, revision
            if sequence % 100 == 0 and process.poll() is None:
                process.stdin.write("\n")
        process.stdin.close()

    def check(self, answers):
        """Each once, in order, and all of them in the register."""
        self.assertEqual([sequence for sequence, _ in answers], list(range(1, COUNT + 1)))
        revisions = [revision for _, revision in answers]
        self.assertEqual(revisions, list(range(revisions[0], revisions[0] + COUNT)))
        units = self.connect(self.operator_desk_again()).rows(
            entities.ENTITY_TYPE_UNIT, entities.Unit, revisions[-1]
        )
        self.assertEqual(len(units), COUNT + 1)

    def test_daemon_is_killed(self):
        process = self.start()
        answers = []
        for sequence, revision in self.answers(process):
            answers.append((sequence, revision))
            if sequence in (100, 700):
                self.daemon.end(signal.SIGKILL)
                self.daemon.start()
        self.assertEqual(process.wait(), 0)
        self.check(answers)

    def test_client_is_killed(self):
        answers = {}
        for stop in (300, 900, 0):
            process = self.start()
            for sequence, revision in self.answers(process):
                self.assertEqual(answers.setdefault(sequence, revision), revision)
                if sequence == stop:
                    process.kill()
                    process.wait()
            self.assertEqual(process.wait(), -signal.SIGKILL if stop else 0)
        self.check(sorted(answers.items()))


if __name__ == "__main__":
    unittest.main()
