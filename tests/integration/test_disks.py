"""Full and read-only disks: small file systems of our own, in a mount namespace that ends with this process."""
import os
import signal
import subprocess
import sys
import tempfile
import unittest

NAMESPACE = "MATRICULA_TEST_NAMESPACE"


def enter_namespace():
    """Runs this program again where it may mount; says so and skips where the machine doesn't permit that."""
    for arguments in (["--mount"], ["--user", "--map-root-user", "--mount"]):
        command = ["unshare", *arguments, "--propagation", "private"]
        if subprocess.run([*command, "mount", "-t", "tmpfs", "none", "/mnt"], stderr=subprocess.DEVNULL).returncode == 0:
            os.environ[NAMESPACE] = "1"
            os.execvp(command[0], [*command, sys.executable, *sys.argv])
    print("skipped: this machine doesn't permit mount namespaces")
    sys.exit(77)


if NAMESPACE not in os.environ:
    enter_namespace()

from matricula.v1 import commands_pb2  # noqa: E402

from support.daemon import Register, run  # noqa: E402
from support.desk import Desk, error_of, must, unit  # noqa: E402

WRITE = 73


class Disks(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.mkdtemp(prefix="matricula-disk-")
        self.addCleanup(os.rmdir, self.place)

    def mount(self, *arguments):
        subprocess.run(["mount", *arguments], check=True)

    def disk(self, size):
        """A file system of this size, and a register in it."""
        self.mount("-t", "tmpfs", "-o", f"size={size}", "none", self.place)
        self.addCleanup(subprocess.run, ["umount", self.place], check=True)
        register = Register(parent=self.place)
        self.addCleanup(register.__exit__)
        return register.init()

    def fill(self, leave=0):
        """Leaves only so many bytes of the disk free."""
        with open(os.path.join(self.place, "filler"), "ab") as filler:
            block = 1 << 20
            while block:
                try:
                    about = os.statvfs(self.place)
                    if about.f_bavail * about.f_frsize - leave >= block:
                        filler.write(bytes(block))
                        filler.flush()
                    else:
                        block //= 2
                except OSError:
                    block //= 2

    def make_room(self):
        os.unlink(os.path.join(self.place, "filler"))

    def until_full(self, desk):
        """Sends commands until there is no room for one more; how many were taken, and the Request that wasn't."""
        for number in range(200000):
            body = unit(number)
            body.name = "x" * 190
            before = desk.sequence, desk.hash
            request = desk.entry(commands_pb2.Command(put_unit=body))
            answer = desk.ask(request)
            if error_of(answer) == "STORAGE_FULL":
                self.assertEqual(answer.revision, 0)
                desk.sequence, desk.hash = before
                return number, request
            must(answer)
        self.fail("the disk doesn't fill")

    def test_disk_fills_and_is_emptied(self):
        register = self.disk("160M")
        daemon = register.start()
        desk = Desk(register).greeted()
        self.addCleanup(desk.socket.close)
        self.fill()
        taken, request = self.until_full(desk)
        daemon.await_line("no room for changes")
        self.assertGreater(taken, 0)
        status = must(desk.status()).server_status
        self.assertFalse(status.accepts_changes)
        # A reload makes no room.
        for spoil in ("", "[nonsense]\n"):
            register.config.write_text(register.config.read_text() + spoil)
            daemon.signal(signal.SIGHUP)
            self.assertIn("STATUS=no room for changes", "\n".join(daemon.await_ready()))
        register.configure()
        self.assertEqual(status.durable_revision, 1 + taken)

        # A start on the full disk serves reads, too.
        self.assertEqual(daemon.stop(), 0, daemon.log)
        daemon = register.start()
        with Desk(register).greeted() as other:
            other.outbox, other.sequence, other.hash = desk.outbox, desk.sequence, desk.hash
            self.assertEqual(must(other.hello()).hello.outbox_next_sequence, taken + 1)
            self.assertEqual(error_of(other.ask(request)), "STORAGE_FULL")
            self.make_room()
            while error_of(answer := other.ask(request)) == "STORAGE_FULL":
                pass
            self.assertEqual(must(answer).revision, 2 + taken)
        daemon.await_line("there is room again")
        self.assertEqual(daemon.stop(), 0, daemon.log)

    def test_killed_on_a_full_disk(self):
        register = self.disk("160M")
        daemon = register.start()
        desk = Desk(register).greeted()
        self.addCleanup(desk.socket.close)
        self.fill()
        taken, _ = self.until_full(desk)
        daemon.signal(signal.SIGKILL)
        daemon.wait()
        self.make_room()
        register.start()
        with Desk(register) as other:
            other.outbox = desk.outbox
            self.assertEqual(must(other.hello()).hello.outbox_next_sequence, taken + 1)

    def test_init_without_room(self):
        self.mount("-t", "tmpfs", "-o", "size=1M", "none", self.place)
        self.addCleanup(subprocess.run, ["umount", self.place], check=True)
        with Register(parent=self.place) as register:
            done = run("init", "--config", register.config, "--operator-key", "0" * 40)
            self.assertEqual(done.returncode, WRITE, done.stderr)
            self.assertIn("make room", done.stderr)

    def test_read_only(self):
        register = self.disk("160M")
        self.mount("-o", "remount,ro", self.place)
        try:
            done = run("--config", register.config)
            self.assertEqual(done.returncode, WRITE, done.stderr)
            self.assertIn("mount it read-write", done.stderr)
            done = run("init", "--config", register.config, "--operator-key", "0" * 40)
            self.assertEqual(done.returncode, WRITE, done.stderr)
        finally:
            self.mount("-o", "remount,rw", self.place)
        register.start()


if __name__ == "__main__":
    unittest.main()
