"""Peers that mean harm, and what everybody else notices of them: 8 desks propose at random moments, 400 times a second
in all, as a province's desks might. Their p99 is to stay within five times the quiet one."""

import subprocess
import tempfile

from ends import MemoryWatch
from failures import Failed
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


def promises(_options):
    """Shown, not judged."""
    return []


def begin(bench, said, kind, *count):
    command = [bench.programs.hostile, kind, bench.ours.endpoint, bench.ours.key, *count]
    return subprocess.Popen(command, stdout=said, stderr=said)


def check_alive(harm, said):
    if harm.poll() is None:
        return
    said.seek(0)
    raise Failed(f"the attacker ended early, with {harm.returncode}", said.read().decode(errors="replace"))


def p99_ms(bench):
    return bench.load("propose", bench.ours, *DESKS, seconds=2 * bench.options.seconds)[3] / 1000


def suffer(bench, repetition, name, arguments):
    """The quiet one just before counts: how long a commit takes changes from one moment of a disk to the next."""
    add = bench.figures.add
    quiet = p99_ms(bench)
    with tempfile.TemporaryFile() as said:
        harm = begin(bench, said, *arguments)
        try:
            # The first seconds are the worst: handshakes, allocations. They count for the memory only.
            with MemoryWatch(bench.ours) as watch:
                bench.load("propose", bench.ours, *DESKS)
                p99 = p99_ms(bench)
            check_alive(harm, said)
        finally:
            end(harm)
    add("p99 of others, quiet", (repetition, name), quiet, "ms")
    add(f"p99 of others: {name}", repetition, p99, "ms")
    add(f"p99 of others, in quiet ones: {name}", repetition, p99 / quiet, "times")
    add(f"memory beyond the map: {name}", repetition, watch.most, "MiB")


def run(bench):
    for repetition in bench.repetitions("harm"):
        for name, arguments in HARM.items():
            with bench.attempt(f"abuse, {name}"):
                suffer(bench, repetition, name, arguments)
