"""A province for each class of tests, and the rule that a test provokes the code it is named after."""
import unittest

from support.daemon import run
from support.province import Province


class Case(unittest.TestCase):
    """In a test of a subclass `self.p` is the province. Names of tests are codes, in lower case after `test_`; of
    several for one code, a word with two underscores in front follows."""

    config = {}

    @classmethod
    def setUpClass(cls):
        cls.p = Province(**cls.config)
        cls.addClassCleanup(cls.p.close)

    @classmethod
    def tearDownClass(cls):
        cls.stop_and_verify()
        # A start takes out of the journal what has been redacted.
        cls.p.register.start()
        cls.stop_and_verify()

    @classmethod
    def stop_and_verify(cls):
        """Whatever was decided, refusals too, comes out the same when it is decided again."""
        register = cls.p.register
        status = register.daemon.stop()
        assert status == 0, register.daemon.log
        done = run("verify", "--replay", "--scratch", register.root, register.data)
        assert done.returncode == 0, done
        assert " decided again, 0 otherwise" in done.stdout, done

    def setUp(self):
        self.code = code_of(self._testMethodName)
        self.p.refusals.discard(self.code)

    def tearDown(self):
        self.assertIn(self.code, self.p.refusals)

    def refused(self, desk, *, field, number=None, **body):
        """A command that must be refused with the test's code and this field, which stands below the command."""
        (command,) = body
        error = self.p.refused(self.code, desk, number=number, **body)
        self.assertEqual(error.field, f"{command}.{field}" if field else "", error)
        return error

    def query_refused(self, desk, *, field, **body):
        error = self.p.query_refused(self.code, desk, **body)
        self.assertEqual(error.field, field, error)
        return error


def code_of(test):
    return test.removeprefix("test_").split("__")[0].upper()


def codes_of(*cases):
    """The codes that the tests of these classes provoke."""
    return {code_of(name) for case in cases for name in dir(case) if name.startswith("test_")}
