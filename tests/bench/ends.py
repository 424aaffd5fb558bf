"""What isn't a rate: memory under load, the start after a kill, a register built again from its journal."""

import os
import shutil
import subprocess
import threading
import time

from figures import at_most
from processes import end

FULL_LOAD = ("--clients", "64", "--window", "16")
MEMORY = "memory beyond the map, 64 clients x 16"
REBUILD = "a million records built again from the journal"


def promises(options):
    rows = [at_most("daemon's peak memory, 64 clients x 16 (MiB, beyond the map)", MEMORY, 256, 128)]
    if not options.quick:
        rows.append(at_most("rebuild of a million commands (s)", REBUILD, 30, 30))
    return rows


class MemoryWatch:
    """The most that a daemon holds beyond its map, looked at 20 times a second."""

    def __init__(self, server):
        self.server, self.most, self.done = server, 0.0, threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        while not self.done.wait(0.05):
            self.most = max(self.most, self.server.memory_mib())

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()


def memory(bench):
    bench.ours.stop()
    bench.ours.start()
    with MemoryWatch(bench.ours) as watch:
        bench.load("propose", bench.ours, *FULL_LOAD)
    bench.figures.add(MEMORY, 0, watch.most, "MiB")


def kill_under_load(bench):
    for repetition in bench.repetitions("kill under load and start"):
        command = bench.command("propose", bench.ours, "--clients", "32", seconds=600)
        load = subprocess.Popen(command, stdout=bench.log, stderr=bench.log)
        time.sleep(bench.options.seconds)
        try:
            bench.ours.kill()
        finally:
            end(load)
        bench.figures.add("start after a kill under load", repetition, 1000 * bench.ours.start(), "ms")


def count_records(server, least):
    """At the least: a segment's name ends with the number of its first record; those of the last one aren't counted."""
    segments = [name for name in os.listdir(os.path.join(server.data, "journal")) if not name.endswith("next")]
    return max(least, int(max(segments).split("-")[1], 16))


def rebuild(bench):
    """The register is gone, and `matriculad rebuild` builds it again from the journal, which it checks first."""
    bench.say("building the register again from its journal")
    bench.ours.stop()
    shutil.rmtree(os.path.join(bench.ours.data, "register"))
    began = time.monotonic()
    bench.ours.run("rebuild")
    took = time.monotonic() - began
    bench.ours.start()
    revisions = count_records(bench.ours, bench.options.rows)
    bench.figures.add("records built again from the journal, at least", 0, revisions, "")
    bench.figures.add(REBUILD, 0, took * 1e6 / revisions, "s")


def run(bench):
    memory(bench)
    kill_under_load(bench)
    if not bench.options.quick:
        rebuild(bench)
