"""Every way in which a start can fail: its exit status, and a message that names cause and remedy."""
import shutil
import socket
import unittest

from zmq.utils import z85

from support.daemon import Register, read_key, run
from support.desk import Desk, must, new_key, unit

USAGE, DAMAGED, MISSING, ADDRESS, IN_USE, NEWER, SECURITY, CONFIG = 64, 65, 66, 69, 75, 76, 77, 78


class Start(unittest.TestCase):
    def setUp(self):
        self.register = Register()
        self.addCleanup(self.register.__exit__)

    def refuses(self, status, *parts, arguments=()):
        """A start ends with this status, and the one line it logs has these parts."""
        done = run(*arguments, "--config", self.register.config)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertTrue(done.stderr.startswith("<3>") or status == USAGE, done.stderr)
        for part in parts:
            self.assertIn(str(part), done.stderr)
        self.assertFalse((self.register.data / "endpoint").exists())
        return done

    def fill(self, count=30):
        """A register with some units in it, each durable before the next; the daemon is stopped again."""
        daemon = self.register.init().start()
        with Desk(self.register).greeted() as desk:
            for number in range(count):
                must(desk.command(put_unit=unit(number)))
        self.assertEqual(daemon.stop(), 0, daemon.log)

    def segments(self):
        return sorted(path for path in (self.register.data / "journal").iterdir() if path.stat().st_size)

    def test_arguments(self):
        for arguments in (["--what"], ["what"], ["init"], ["init", "--operator-key", "a", "--operator-key-file", "b"],
                          ["--operator-key", "a"], ["init", "more", "--operator-key", "a"], ["--config"],
                          ["--check-config", "init"]):
            self.assertEqual(run(*arguments).returncode, USAGE, arguments)
        self.assertEqual(run("--help").returncode, 0)
        self.assertIn("--check-config", run("--help").stdout)
        for action in ("init", "public-key", "backup", "restore", "adopt", "drill", "recovery-key", "verify", "rebuild"):
            self.assertEqual(run(action, "--help").stdout, run("--help").stdout, action)
        self.assertRegex(run("--version").stdout, r"^matriculad \d+\.\d+\.\d+\n$")

    def test_configuration(self):
        self.assertEqual(run("--check-config", "--config", self.register.config).returncode, 0)
        self.register.config.write_text("[network]\nlisten = tcp://127.0.0.1:*\nport = 4\n")
        self.refuses(CONFIG, self.register.config, "line 3", '"port"', arguments=["--check-config"])
        self.refuses(CONFIG, "line 3")
        self.register.config.unlink()
        self.refuses(CONFIG, "No such file")

    def test_no_data_directory(self):
        self.refuses(MISSING, self.register.data, "matriculad init")
        self.register.data.write_text("")
        self.refuses(MISSING, "not a directory")

    def test_empty_data_directory(self):
        self.register.data.mkdir(mode=0o700)
        self.refuses(MISSING, "there is no register", "matriculad init")

    def test_open_directory(self):
        self.register.init().data.chmod(0o750)
        self.refuses(SECURITY, "chmod 700")

    def test_server_key(self):
        key = self.register.init().data / "server.key"
        key.chmod(0o640)
        self.refuses(SECURITY, "chmod 600")
        key.chmod(0o600)
        key.write_text(key.read_text().replace("[key]", "[kee]"))
        self.refuses(DAMAGED, "server.key is damaged")
        key.unlink()
        done = self.refuses(MISSING, "server.key is missing", "journal/", "backup of the keys")
        self.assertNotIn("matriculad init", done.stderr)
        self.init_makes_nothing(DAMAGED, "server.key is missing", "journal/", "backup of the keys", "empty directory")

    def test_second_daemon(self):
        self.register.init().start()
        endpoint = self.register.endpoint
        done = run("--config", self.register.config)
        self.assertEqual(done.returncode, IN_USE, done.stderr)
        self.assertIn("in use by another matriculad", done.stderr)
        self.assertEqual(self.register.endpoint, endpoint)
        self.assertEqual(run("init", "--config", self.register.config, "--operator-key", "0" * 40).returncode, IN_USE)
        with Desk(self.register).greeted() as desk:
            must(desk.status())

    def test_port_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            self.register.configure(network__listen=f"tcp://127.0.0.1:{other.getsockname()[1]}")
            self.register.init()
            self.refuses(ADDRESS, "taken by another program", "[network] listen")

    def test_address_of_somebody_else(self):
        self.register.configure(network__listen="tcp://192.0.2.1:7420")
        self.register.init()
        self.refuses(ADDRESS, "192.0.2.1", "[network] listen")

    def test_port_of_another_register(self):
        self.register.init().start()
        with Register(network__listen=self.register.endpoint) as other:
            done = run("--config", other.init().config)
            self.assertEqual(done.returncode, ADDRESS, done.stderr)

    def another_version(self, step):
        """A register whose database says that it is of a version so many steps from ours."""
        self.register.init()
        path = self.register.data / "register" / "data.mdb"
        data = path.read_bytes()
        at = data.find(b"version\x00\x00\x00") + len(b"version\x00\x00\x00")
        self.assertGreater(at, len(b"version\x00\x00\x00"))
        ours = data[at:at + 1]
        path.write_bytes(data.replace(b"version\x00\x00\x00" + ours, b"version\x00\x00\x00" + bytes([ours[0] + step])))

    def test_newer_register(self):
        self.another_version(1)
        self.refuses(NEWER, "newer version", "install that version")

    def test_older_register(self):
        self.another_version(-1)
        self.refuses(DAMAGED, "older version", "matriculad rebuild")
        done = run("rebuild", "--config", self.register.config)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.register.start()

    def test_damaged_journal(self):
        self.fill()
        path = next(path for path in self.segments() if path.read_bytes()[:4] == b"MTRJ")
        data = bytearray(path.read_bytes())
        at = data.find(b"UNIT-3")
        self.assertGreater(at, 0)
        data[at] ^= 1
        path.write_bytes(data)
        self.refuses(DAMAGED, "the journal is damaged", path.name, "restore")

    def test_damaged_register(self):
        self.fill()
        path = self.register.data / "register" / "data.mdb"
        path.write_bytes(path.read_bytes()[:8192])
        self.refuses(DAMAGED, "data.mdb is damaged at byte 8192", "matriculad rebuild")
        shutil.rmtree(path.parent)
        self.check_rebuilt()

    def check_rebuilt(self):
        daemon = self.register.start()
        daemon.await_line("building it from the journal")
        with Desk(self.register).greeted() as desk:
            answer = must(desk.command(put_unit=unit(30)))
            # The operator, thirty units, and the checkpoint of a clean stop.
            self.assertEqual(answer.revision, 33)
            self.assertEqual(must(desk.command(put_unit=unit(7))).done.created, False)

    def test_register_gone(self):
        self.fill()
        shutil.rmtree(self.register.data / "register")
        self.check_rebuilt()

    def files(self):
        """What lies in the data directory, but for what opening it leaves."""
        return {path: path.read_bytes() if path.is_file() else None for path in self.register.data.rglob("*")
                if path.name not in ("lock", "lock.mdb")}

    def init_makes_nothing(self, status, *parts):
        before = self.files()
        done = run("init", "--config", self.register.config, "--operator-key", new_key()[0])
        self.assertEqual(done.returncode, status, done.stderr)
        for part in parts:
            self.assertIn(str(part), done.stderr)
        self.assertEqual(self.files(), before)

    def test_journal_gone(self):
        """A part of a register is never taken for none: neither to be begun anew nor to be built from what isn't."""
        self.fill(2)
        data = self.register.data
        for segment in (data / "journal").iterdir():
            segment.unlink()
        for name, found in ((None, "register/data.mdb"), ("register", "audit.key"), ("journal", "audit.key")):
            with self.subTest(gone=name):
                if name:
                    shutil.rmtree(data / name)
                before = self.files()
                done = self.refuses(MISSING, "there is no journal", found, "put the journal back", "matriculad restore")
                self.assertNotIn("matriculad init", done.stderr)
                self.assertEqual(self.files(), before)
                self.init_makes_nothing(DAMAGED, "there is no journal", found, "matriculad restore", "empty directory")
        (data / "audit.key").unlink()
        (data / "backup.state").write_text("")
        self.init_makes_nothing(DAMAGED, "backup.state")
        (data / "backup.state").rename(data / "recovery.pub")
        self.init_makes_nothing(DAMAGED, "recovery.pub")
        # With the server's key alone: as an init that was cut off leaves it.
        (data / "recovery.pub").unlink()
        self.refuses(MISSING, "matriculad init")
        self.register.operator.unlink()
        self.register.init().start()

    def test_init_over_a_register(self):
        self.fill(2)
        self.init_makes_nothing(USAGE, "there is a register already")
        shutil.rmtree(self.register.data / "register")
        self.init_makes_nothing(USAGE, "there is a register already")

    def test_journal_of_another_register(self):
        self.fill(3)
        mine = self.register
        with Register() as self.register:
            self.fill(3)
            shutil.rmtree(mine.data / "journal")
            shutil.copytree(self.register.data / "journal", mine.data / "journal")
        self.register = mine
        self.refuses(DAMAGED, "different histories")

    def test_older_journal(self):
        self.fill(2)
        shutil.copytree(self.register.data / "journal", self.register.root / "older")
        self.register.start()
        with Desk(self.register).greeted() as desk:
            must(desk.command(put_unit=unit(5)))
        self.assertEqual(self.register.daemon.stop(), 0)
        shutil.rmtree(self.register.data / "journal")
        (self.register.root / "older").rename(self.register.data / "journal")
        self.refuses(DAMAGED)

    def test_init(self):
        public = new_key()[0]
        done = run("init", "--config", self.register.config, "--operator-key", public)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(public, done.stdout)
        self.assertIn(self.register.server_key, done.stdout)
        self.assertEqual(self.register.data.stat().st_mode & 0o777, 0o700)
        for path in self.register.data.rglob("*"):
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)
        self.assertEqual(run("public-key", "--config", self.register.config).stdout.strip(), self.register.server_key)

        before = {path: path.read_bytes() for path in self.register.data.rglob("*") if path.name == "server.key"}
        again = run("init", "--config", self.register.config, "--operator-key", new_key()[0])
        self.assertEqual(again.returncode, USAGE)
        self.assertIn("there is a register already", again.stderr)
        for path, data in before.items():
            self.assertEqual(path.read_bytes(), data)

    def test_init_refuses(self):
        for key in ("", "x" * 39, "x" * 41, '"' * 40, "~" * 40):
            done = run("init", "--config", self.register.config, "--operator-key", key)
            self.assertEqual(done.returncode, USAGE, done.stderr)
        for name in ("", "a\nb", "\u00d0iều hành", "x" * 201):
            done = run("init", "--config", self.register.config, "--operator-key", "0" * 40, "--operator-name", name)
            self.assertEqual(done.returncode, USAGE, done.stderr)
            self.assertIn("--operator-name", done.stderr)
        self.register.operator.write_text("mine")
        done = run("init", "--config", self.register.config, "--operator-key-file", self.register.operator)
        self.assertEqual(done.returncode, USAGE)
        self.assertEqual(self.register.operator.read_text(), "mine")
        # And after all that it still succeeds, with the server's key of the first attempt.
        key = self.register.server_key
        self.register.operator.unlink()
        self.register.init()
        self.assertEqual(self.register.server_key, key)
        self.assertEqual(self.register.operator.stat().st_mode & 0o777, 0o600)
        self.register.start()
        with Desk(self.register) as desk:
            self.assertEqual(must(desk.hello()).hello.principal.public_key,
                             z85.decode(read_key(self.register.operator)[0]))


if __name__ == "__main__":
    unittest.main()
