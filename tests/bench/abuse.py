"""Peers that mean harm, and what everybody else notices of them: 8 desks propose at random moments, 400 times a second
in all, as a province's desks might. Their p99 is to stay within five times the quiet one."""

import subprocess

from ends import MemoryWatch
from processes import end

DESKS = ("--clients", "8", "--rate", "400")
# Name, and the arguments of bench_hostile.
HARM = {
    "10,000 half-open connections": ("half-open", "10000"),
    "a desk that never reads": ("never-read",),
    "noise at line rate from 16 connections": ("garbage", "16"),
    "messages of 1,000 frames": ("multipart",),
    "one key from 1,000 connections": ("one-key", "1000"),
}


def begin(bench, kind, *count):
    command = [bench.programs.hostile, kind, bench.ours.endpoint, bench.ours.key, *count]
    return subprocess.Popen(command, stdout=bench.log, stderr=bench.log)


def p99_ms(bench):
    return bench.load("propose", bench.ours, *DESKS)[3] / 1000


def run(bench):
    bench.say("harm: quiet at first")
    quiet = p99_ms(bench)
    bench.figures.add("p99 of others, quiet", 0, quiet, "ms")
    for name, arguments in HARM.items():
        bench.say(f"harm: {name}")
        harm = begin(bench, *arguments)
        try:
            # The first seconds are the worst: handshakes, allocations. They count for the memory only.
            with MemoryWatch(bench.ours) as watch:
                p99_ms(bench)
                p99 = p99_ms(bench)
            if harm.poll() is not None:
                raise RuntimeError(f"{name} ended early: see the log")
        finally:
            end(harm)
        bench.figures.add(f"p99 of others: {name}", 0, p99, "ms")
        bench.figures.add(f"memory beyond the map: {name}", 0, watch.most, "MiB")
        bench.figures.add(f"p99 of others, in quiet ones: {name}", 0, p99 / quiet, "times")
