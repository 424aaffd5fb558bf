"""Who may connect: nobody whose key isn't registered and good."""
import socket
import unittest

import zmq

from support.daemon import Register, read_key
from support.desk import Clerks, Desk, error_of, knock, must, new_key, socket_for


class Gate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.register = Register()
        cls.addClassCleanup(cls.register.__exit__)
        cls.register.init().start()

    def knock(self, key, server_key=None):
        peer = socket_for(self.register, key, server_key)
        self.addCleanup(peer.close)
        return knock(self.register, peer)

    def serves(self):
        with Desk(self.register) as desk:
            must(desk.hello())

    def test_operator(self):
        self.assertEqual(self.knock(read_key(self.register.operator))[0], "let in")

    def test_unknown_key(self):
        self.assertEqual(self.knock(new_key()), ("refused", 400))
        self.serves()

    def test_secret_of_another_key(self):
        operator, stranger = read_key(self.register.operator), new_key()
        self.assertNotEqual(self.knock((operator[0], stranger[1]))[0], "let in")
        self.serves()

    def test_wrong_server_key(self):
        self.assertNotEqual(self.knock(read_key(self.register.operator), new_key()[0])[0], "let in")
        self.serves()

    def test_no_key(self):
        peer = socket_for(self.register)
        self.addCleanup(peer.close)
        self.assertNotEqual(knock(self.register, peer)[0], "let in")
        self.serves()

    def test_password(self):
        peer = socket_for(self.register)
        self.addCleanup(peer.close)
        peer.plain_username, peer.plain_password = b"operator", b"operator"
        self.assertNotEqual(knock(self.register, peer)[0], "let in")
        self.serves()

    def test_all_zero_key(self):
        zero = "0" * 40
        self.assertNotEqual(self.knock((zero, zero))[0], "let in")
        self.serves()

    def test_no_zmq_at_all(self):
        host, port = self.register.endpoint[len("tcp://"):].rsplit(":", 1)
        for text in (b"GET / HTTP/1.0\r\n\r\n", b"\x00" * 200, b"\xff" * 9 + b"\x7f" + b"\x03\x00" + b"A" * 100, b""):
            with socket.create_connection((host, int(port)), 60) as raw:
                try:
                    raw.sendall(text)
                    raw.shutdown(socket.SHUT_WR)
                    while raw.recv(4096):
                        pass
                except OSError as closed:  # by the daemon, in the middle
                    self.assertNotIsInstance(closed, TimeoutError)
        self.serves()

    def test_registered_key_is_let_in_at_once_and_revoked_key_is_not(self):
        with Clerks(self.register) as clerks:
            key = clerks.new()
            self.assertEqual(self.knock(key)[0], "let in")
            with Desk(self.register, key) as clerk:
                must(clerk.hello())
                must(clerks.revoke(key))
                self.assertEqual(error_of(clerk.status()), "REVOKED")
                self.assertEqual(error_of(clerk.hello()), "REVOKED")
            self.assertEqual(self.knock(key), ("refused", 400))

    def test_keys_registered_one_after_another_in_a_burst(self):
        with Clerks(self.register) as clerks:
            for _ in range(20):
                with Desk(self.register, clerks.new()) as clerk:
                    must(clerk.hello())

    def test_nothing_gets_through_before_the_handshake(self):
        stranger = Desk(self.register, new_key())
        self.addCleanup(stranger.socket.close)
        stranger.socket.rcvtimeo = 500
        stranger.socket.immediate = 1
        stranger.socket.sndtimeo = 500
        with self.assertRaises(zmq.Again):
            stranger.hello()
        self.serves()


if __name__ == "__main__":
    unittest.main()
