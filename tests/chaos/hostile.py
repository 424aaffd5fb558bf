"""Peers that misbehave, one process each: hostile.py KIND ENDPOINT SERVER_KEY PUBLIC_KEY SECRET_KEY COUNT

Prints "ready" when it is in full swing, goes on until its standard input ends, then prints how much it did."""

import itertools
import os
import select
import selectors
import socket
import sys

import zmq
from matricula.v1 import entities_pb2 as entities
from matricula.v1 import queries_pb2 as queries
from matricula.v1 import wire_pb2 as wire

PATIENCE_MS = 60000


class Hostile:
    def __init__(self, endpoint, server_key, public_key, secret_key, count):
        self.endpoint = endpoint
        self.keys = server_key.encode(), public_key.encode(), secret_key.encode()
        self.count = int(count)
        self.done = 0
        self.said = False

    def ready(self):
        if not self.said:
            print("ready", flush=True)
        self.said = True

    def over(self, timeout_s=0):
        return bool(select.select([sys.stdin], [], [], timeout_s)[0])

    def connect(self, receive):
        """A connection that has said hello. It takes in at most `receive` replies unread, and then no more bytes."""
        peer = zmq.Context.instance().socket(zmq.DEALER)
        for option, value in (
            (zmq.LINGER, 0),
            (zmq.RCVHWM, receive),
            (zmq.SNDHWM, 1),
            (zmq.RCVBUF, 4096),
            (zmq.RCVTIMEO, PATIENCE_MS),
            (zmq.SNDTIMEO, PATIENCE_MS),
        ):
            peer.setsockopt(option, value)
        peer.curve_serverkey, peer.curve_publickey, peer.curve_secretkey = self.keys
        peer.connect(self.endpoint)
        peer.send(wire.Request(request_id=1, hello=wire.Hello(protocol_minimum=1, protocol_maximum=1)).SerializeToString())
        peer.recv()
        return peer

    @staticmethod
    def list_request(number):
        """The largest answer there is."""
        people = queries.List(type=entities.ENTITY_TYPE_PERSON)
        return wire.Request(request_id=number, query=queries.Query(list=people)).SerializeToString()

    def pour(self, peers, request, pause_s=0.0):
        """Sends to all of them whatever they take, and never reads; ready once every one of them has taken its share."""
        poller = zmq.Poller()
        for peer in peers:
            poller.register(peer, zmq.POLLOUT)
        sent = dict.fromkeys(peers, 0)
        numbers = itertools.count(2)
        while not self.over(pause_s):
            for peer, _ in poller.poll(100):
                try:
                    peer.send_multipart(request(next(numbers)), zmq.DONTWAIT)
                except zmq.Again:
                    continue
                self.done += 1
                sent[peer] += 1
            if min(sent.values()) >= self.count:
                self.ready()

    def unread(self):
        """Connections that ask for the largest answers, as fast as they are made, and never read one."""
        self.pour([self.connect(1) for _ in range(8)], lambda number: [self.list_request(number)], 0.02)

    def flood(self):
        """The same, as fast as they are asked for."""
        self.pour([self.connect(1) for _ in range(8)], lambda number: [self.list_request(number)])

    def pipeline(self):
        """Small requests, as fast as they go, never read."""
        status = queries.Query(server_status=queries.ServerStatus())
        self.pour(
            [self.connect(1)],
            lambda number: [wire.Request(request_id=number, query=status).SerializeToString()],
        )

    def multipart(self):
        """Messages of many frames."""
        self.pour([self.connect(1)], lambda number: [bytes(1000)] * 400)

    def half_open(self):
        """Connections that never finish their handshake; those the server drops are made anew. Ready once it does."""
        host, port = self.endpoint.removeprefix("tcp://").rsplit(":", 1)
        beginnings = (b"", b"\xff", b"\xff" + bytes(8) + b"\x7f", b"\xff" + bytes(8) + b"\x7f\x03\x01CURVE" + bytes(48))
        selector = selectors.DefaultSelector()

        def open_one(number):
            peer = socket.create_connection((host, int(port)))
            peer.setblocking(False)
            peer.send(beginnings[number % len(beginnings)])
            selector.register(peer, selectors.EVENT_READ)

        selector.register(sys.stdin, selectors.EVENT_READ)
        for number in range(self.count):
            open_one(number)
        while True:
            for key, _ in selector.select():
                if key.fileobj is sys.stdin:
                    return
                try:
                    gone = key.fileobj.recv(4096) == b""
                except OSError:
                    gone = True
                if gone:
                    self.ready()
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
                    self.done += 1
                    open_one(self.done)


if __name__ == "__main__":
    hostile = Hostile(*sys.argv[2:])
    getattr(hostile, sys.argv[1])()
    print(hostile.done, flush=True)
    os._exit(0)  # whatever libzmq still holds
