"""What `cmake --install` leaves: complete, at home where it was installed, and enough to write a program against."""
import configparser
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

STAGE = pathlib.Path(tempfile.mkdtemp(prefix="matricula-stage-"))
unittest.addModuleCleanup(shutil.rmtree, STAGE)
subprocess.run(["cmake", "--install", os.environ["BUILD_DIRECTORY"]], check=True, stdout=subprocess.DEVNULL,
               env=dict(os.environ, DESTDIR=str(STAGE)))


def installed(end):
    """The one installed file whose path ends so."""
    found = [path for path in STAGE.rglob(pathlib.PurePath(end).name) if str(path).endswith("/" + end)]
    assert len(found) == 1, (end, found)
    return found[0]


os.environ["MATRICULAD"] = str(installed("sbin/matriculad"))

from support.daemon import Register, run  # noqa: E402


class Install(unittest.TestCase):
    def test_all_is_there(self):
        for end in ("bin/matricula", "include/matricula/matricula.h", "libmatricula.so", "pkgconfig/matricula.pc",
                    "system/matriculad.service", "sysusers.d/matricula.conf", "matricula/matriculad.conf.example",
                    "system/matriculad-verify.service", "system/matriculad-verify.timer",
                    "system/matriculad-backup.service", "system/matriculad-backup.timer",
                    "system/matriculad-backup-journal.service", "system/matriculad-backup-journal.timer",
                    "system/matriculad-backup-journal.path",
                    "system/matricula-sync@.service", "user/matricula-sync.service",
                    "vi/LC_MESSAGES/matricula.mo", "man1/matricula.1", "completions/matricula",
                    *(f"proto/matricula/v1/{name}.proto" for name in ("wire", "commands", "queries", "entities",
                                                                      "errors", "vocabulary", "journal")),
                    *(f"doc/matricula/{name}.md" for name in ("operations", "protocol", "rules", "nomination")),
                    "doc/matricula/LICENSE"):
            with self.subTest(end):
                self.assertGreater(installed(end).stat().st_size, 0)

    def test_nothing_points_into_the_build(self):
        build = os.environ["BUILD_DIRECTORY"].encode()
        for end in ("pkgconfig/matricula.pc", "system/matriculad.service", "sysusers.d/matricula.conf",
                    "system/matriculad-verify.service", "system/matriculad-verify.timer",
                    "system/matriculad-backup.service", "system/matriculad-backup.timer",
                    "system/matriculad-backup-journal.service", "system/matriculad-backup-journal.timer",
                    "system/matriculad-backup-journal.path",
                    "system/matricula-sync@.service", "user/matricula-sync.service"):
            text = installed(end).read_bytes()
            self.assertNotIn(build, text)
            self.assertNotIn(str(STAGE).encode(), text)
            self.assertNotRegex(text, rb"@[A-Z_]+@")

    def test_unit(self):
        unit = configparser.ConfigParser(strict=False, interpolation=None)
        unit.optionxform = str
        unit.read(installed("system/matriculad.service"))
        service = unit["Service"]
        program, option, config = shlex.split(service["ExecStart"])
        self.assertTrue((STAGE / program[1:]).is_file())
        self.assertEqual(option, "--config")
        self.assertTrue((STAGE / f"{config[1:]}.example").is_file())
        self.assertEqual((service["Type"], service["Restart"]), ("notify", "on-failure"))
        documentation = unit["Unit"]["Documentation"].removeprefix("file:")
        self.assertTrue((STAGE / documentation[1:]).is_file())
        (user,) = re.findall(r"^u (\S+)", installed("sysusers.d/matricula.conf").read_text(), re.MULTILINE)
        self.assertEqual((service["User"], service["StateDirectory"]), (user, "matricula"))

    def test_units_are_what_systemd_reads(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("no systemd-analyze")
        for end, name, manager in (("system/matriculad.service", "matriculad.service", "--system"),
                                   ("system/matriculad-verify.service", "matriculad-verify.service", "--system"),
                                   ("system/matriculad-verify.timer", "matriculad-verify.timer", "--system"),
                                   ("system/matriculad-backup.service", "matriculad-backup.service", "--system"),
                                   ("system/matriculad-backup.timer", "matriculad-backup.timer", "--system"),
                                   ("system/matriculad-backup-journal.service",
                                    "matriculad-backup-journal.service", "--system"),
                                   ("system/matriculad-backup-journal.timer", "matriculad-backup-journal.timer",
                                    "--system"),
                                   ("system/matriculad-backup-journal.path", "matriculad-backup-journal.path",
                                    "--system"),
                                   ("system/matricula-sync@.service", "matricula-sync@clerk.service", "--system"),
                                   ("user/matricula-sync.service", "matricula-sync.service", "--user")):
            with self.subTest(end):
                unit = STAGE / name
                text = installed(end).read_text()
                unit.write_text(re.sub(r"^ExecStart=\S+", f"ExecStart={os.environ['MATRICULAD']}", text,
                                       flags=re.MULTILINE))
                done = subprocess.run(["systemd-analyze", "verify", manager, "--man=no", "--recursive-errors=no",
                                       str(unit)], capture_output=True, text=True,
                                      env=dict(os.environ, XDG_RUNTIME_DIR=str(STAGE)))
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_complete_segments_start_a_backup_of_the_journal(self):
        """The path unit watches the directory that its service backs up, and is enabled on its own."""
        path, daemon = configparser.ConfigParser(interpolation=None), configparser.ConfigParser(interpolation=None,
                                                                                                strict=False)
        path.optionxform = daemon.optionxform = str
        path.read(installed("system/matriculad-backup-journal.path"))
        daemon.read(installed("system/matriculad.service"))
        self.assertEqual(path["Path"]["PathChanged"], f"%S/{daemon['Service']['StateDirectory']}/journal")
        self.assertEqual(path["Install"]["WantedBy"], "paths.target")
        # A limit that is reached ends a unit for good: there are none.
        self.assertEqual(path["Path"]["TriggerLimitIntervalSec"], "0")
        service = installed("system/matriculad-backup-journal.service").read_text()
        self.assertIn("\nStartLimitIntervalSec=0\n", service)
        self.assertRegex(service, r"\nExecStart=\S+ backup .*--journal-only\n")
        self.assertNotIn("StartLimitIntervalSec", installed("system/matriculad-backup.service").read_text())

    def test_the_weekly_check_is_one_the_program_takes(self):
        unit = configparser.ConfigParser(strict=False, interpolation=None)
        unit.optionxform = str
        unit.read(installed("system/matriculad-verify.service"))
        program, *words = shlex.split(unit["Service"]["ExecStart"])
        self.assertTrue((STAGE / program[1:]).is_file())
        with Register() as register:
            register.init()
            words[words.index("--config") + 1] = str(register.config)
            words[words.index("${CACHE_DIRECTORY}")] = str(register.root)
            done = run(*words)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("second register: 1 records applied", done.stdout)

    def test_the_desks_service_runs_the_program(self):
        for end in ("system/matricula-sync@.service", "user/matricula-sync.service"):
            unit = configparser.ConfigParser(strict=False, interpolation=None)
            unit.optionxform = str
            unit.read(installed(end))
            program, *words = shlex.split(unit["Service"]["ExecStart"])
            self.assertTrue((STAGE / program[1:]).is_file())
            self.assertEqual((words, unit["Service"]["Type"]), (["sync", "--watch"], "notify"))

    def test_example_of_the_configuration(self):
        example = installed("matricula/matriculad.conf.example")
        self.assertEqual(run("--check-config", "--config", example).returncode, 0)
        # Its commented keys are keys, and their values good ones.
        spelled = STAGE / "spelled.conf"
        text, keys = re.subn(r"^;(\w+ = )", r"\1", example.read_text(), flags=re.MULTILINE)
        spelled.write_text(text)
        done = run("--check-config", "--config", spelled)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(keys, 13)
        spelled.write_text(text.replace("readers = 2", "readers = two"))
        done = run("--check-config", "--config", spelled)
        self.assertEqual(done.returncode, 78)
        self.assertIn("[limits] readers", done.stderr)

    def test_a_program_of_somebody_else(self):
        environment = dict(os.environ, PKG_CONFIG_PATH=str(installed("pkgconfig/matricula.pc").parent),
                           PKG_CONFIG_SYSROOT_DIR=str(STAGE),
                           LD_LIBRARY_PATH=str(installed("libmatricula.so").parent))
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "matricula"], env=environment, check=True,
                               capture_output=True, text=True).stdout.split()
        source = pathlib.Path(__file__).parent / "installed" / "hello.c"
        program = STAGE / "hello"
        subprocess.run([*shlex.split(os.environ["CC"]), "-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                        str(source), "-o", str(program), *flags], check=True)
        with Register() as register:
            register.init().start()
            done = subprocess.run([program, register.endpoint, register.server_key, register.operator],
                                  env=environment, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertGreater(int(done.stdout), 50)
            done = subprocess.run([program, register.endpoint, register.server_key, "/dev/null"], env=environment,
                                  capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (3, "KEY_FILE\n"))
            self.assertEqual(register.daemon.stop(), 0, register.daemon.log)


if __name__ == "__main__":
    unittest.main()
