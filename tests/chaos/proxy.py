"""A link as bad as they come: a TCP proxy that cuts, stalls, half-closes and delays connections, by seeded dice.

proxy.py TARGET_PORT SEED: prints its own port, then obeys lines on its standard input: "heal" (connections that are ill
are cut, those to come are well) and the end of it (prints what it did as JSON, and ends)."""

import collections
import heapq
import json
import random
import selectors
import socket
import struct
import sys
import time

BUFFER = 256 * 1024  # bytes held for one direction
CHUNK = 64 * 1024
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends RST


class Flow:
    """One direction of a connection."""

    def __init__(self, source, sink):
        self.source, self.sink = source, sink
        self.buffer = bytearray()
        self.passed = 0
        self.ended = False  # the source has no more
        self.shut = False  # the sink was told
        self.held = False
        self.delay = 0.0
        self.most = CHUNK  # bytes a turn

    def wants_read(self):
        return not self.ended and not self.held and len(self.buffer) < BUFFER

    def wants_write(self):
        return not self.held and (self.buffer or self.ended and not self.shut)


class Pair:
    """A connection and the one behind it."""

    def __init__(self, client, server):
        self.client, self.server = client, server
        self.up, self.down = Flow(client, server), Flow(server, client)
        self.fate = None  # (name, flow, bytes that pass before, seconds, close with RST)
        self.open = True


class Proxy:
    def __init__(self, target, seed):
        self.target = ("127.0.0.1", target)
        self.dice = random.Random(seed)
        self.healed = False
        self.timers = []  # (when, number, function)
        self.number = 0
        self.pairs = set()
        self.counts = collections.Counter()
        self.selector = selectors.DefaultSelector()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.listener.setblocking(False)
        self.selector.register(self.listener, selectors.EVENT_READ, None)
        self.selector.register(sys.stdin, selectors.EVENT_READ, None)

    def after(self, seconds, function):
        self.number += 1
        heapq.heappush(self.timers, (time.monotonic() + seconds, self.number, function))

    def run(self):
        print(self.listener.getsockname()[1], flush=True)
        running = True
        while running:
            timeout = max(0, self.timers[0][0] - time.monotonic()) if self.timers else None
            for key, events in self.selector.select(timeout):
                if key.fileobj is self.listener:
                    self.accept()
                elif key.fileobj is sys.stdin:
                    running = self.obey(sys.stdin.readline())
                elif key.data.open:
                    self.turn(key.data, key.fileobj, events)
            while self.timers and self.timers[0][0] <= time.monotonic():
                heapq.heappop(self.timers)[2]()
        for pair in list(self.pairs):
            self.close(pair, reset=False)
        self.listener.close()
        print(json.dumps(self.counts), flush=True)

    def obey(self, line):
        if line.strip() == "heal":
            self.healed = True
            for pair in [pair for pair in self.pairs if pair.fate]:
                self.close(pair, reset=True)
        return line != ""

    def accept(self):
        try:
            client, _ = self.listener.accept()
        except OSError:
            return
        server = socket.socket()
        try:
            server.connect(self.target)  # loopback: answered at once
        except OSError:
            self.counts["server away"] += 1
            server.close()
            client.close()
            return
        pair = Pair(client, server)
        for end in (client, server):
            end.setblocking(False)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pairs.add(pair)
        self.counts["connections"] += 1
        if not self.healed:
            self.choose(pair)
        self.watch(pair)

    def choose(self, pair):
        """What is to become of the connection, and after how many bytes: in the handshake, or well after it."""
        names = ("cut", "stall", "stall for ever", "half-close", "delay", "dribble", None)
        name = self.dice.choices(names, (6, 4, 1, 3, 4, 2, 8))[0]
        if name is None:
            return
        flow = self.dice.choice((pair.up, pair.down))
        passed = self.dice.choice((0, self.dice.randrange(800), self.dice.randrange(20000)))
        pair.fate = (name, flow, passed, self.dice.uniform(0.02, 0.8), self.dice.random() < 0.5)
        self.meet_fate(pair)

    def meet_fate(self, pair):
        name, flow, passed, seconds, reset = pair.fate or (None, None, 0, 0, False)
        if name is None or flow.passed < passed:
            return
        pair.fate = ("met", flow, float("inf"), 0, False)
        self.counts[name] += 1
        if name == "cut":
            self.close(pair, reset)
        elif name == "stall":
            self.hold(pair, flow, seconds)
        elif name == "stall for ever":
            flow.held = True
        elif name == "half-close":
            flow.ended = True
            self.after(seconds * 3, lambda: self.close(pair, reset))
        elif name == "delay":
            flow.delay = seconds / 8
        elif name == "dribble":
            flow.most, flow.delay = 1 + int(seconds * 300), 0.005

    def hold(self, pair, flow, seconds):
        flow.held = True

        def release():
            if pair.open:
                flow.held = False
                self.watch(pair)

        self.after(seconds, release)

    def watch(self, pair):
        if not pair.open:
            return
        for end, reads, writes in ((pair.client, pair.up, pair.down), (pair.server, pair.down, pair.up)):
            events = (selectors.EVENT_READ if reads.wants_read() else 0) | (
                selectors.EVENT_WRITE if writes.wants_write() else 0
            )
            known = end.fileno() in self.selector.get_map()
            if events and known:
                self.selector.modify(end, events, pair)
            elif events:
                self.selector.register(end, events, pair)
            elif known:
                self.selector.unregister(end)

    def turn(self, pair, end, events):
        reads, writes = (pair.up, pair.down) if end is pair.client else (pair.down, pair.up)
        try:
            if events & selectors.EVENT_READ and reads.wants_read():
                self.read(pair, reads)
            if pair.open and events & selectors.EVENT_WRITE and writes.wants_write():
                self.write(writes)
        except BlockingIOError:
            pass
        except OSError:
            self.close(pair, reset=False)
        if pair.open and pair.up.shut and pair.down.shut:
            self.close(pair, reset=False)
        self.watch(pair)

    def read(self, pair, flow):
        data = flow.source.recv(flow.most)
        flow.ended = flow.ended or not data
        room = len(data)
        if pair.fate and pair.fate[1] is flow:
            room = int(min(room, pair.fate[2] - flow.passed))
        flow.buffer += data[:room]
        flow.passed += room
        if room < len(data):
            # The connection meets its fate inside a frame.
            self.write(flow)
        self.meet_fate(pair)
        flow.buffer += data[room:]
        if data and flow.delay and pair.open:
            self.hold(pair, flow, flow.delay)

    def write(self, flow):
        if flow.buffer:
            del flow.buffer[: flow.sink.send(flow.buffer)]
        if not flow.buffer and flow.ended and not flow.shut:
            flow.shut = True
            flow.sink.shutdown(socket.SHUT_WR)

    def close(self, pair, reset):
        if not pair.open:
            return
        pair.open = False
        self.pairs.discard(pair)
        for end in (pair.client, pair.server):
            if end.fileno() in self.selector.get_map():
                self.selector.unregister(end)
            if reset:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            end.close()


if __name__ == "__main__":
    Proxy(int(sys.argv[1]), int(sys.argv[2])).run()
