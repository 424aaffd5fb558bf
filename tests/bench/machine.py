"""What the figures were taken on."""

import os
import platform
import subprocess
import time


def first_line(path, key):
    with open(path) as file:
        for line in file:
            if line.startswith(key):
                return line.split(":", 1)[1].strip()
    return "?"


def flushes(directory, seconds=1.0):
    """Appends of 4 KiB over zeros, each flushed, a second."""
    path = os.path.join(directory, "flushes")
    block, count = os.urandom(4096), 0
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.pwrite(descriptor, bytes(64 << 20), 0)
        os.fsync(descriptor)
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            os.pwrite(descriptor, block, count % (64 << 8) * 4096)
            os.fdatasync(descriptor)
            count += 1
    finally:
        os.close(descriptor)
        os.unlink(path)
    return count / seconds


def file_system(directory):
    command = ["stat", "-f", "-c", "%T", directory]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def facts(directory):
    return "\n".join(
        [
            f"processor     {first_line('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores",
            f"memory        {int(first_line('/proc/meminfo', 'MemTotal').split()[0]) // 1024} MiB",
            f"system        {platform.system()} {platform.release()}",
            f"disk          {file_system(directory)}, {flushes(directory):,.0f} flushes of 4 KiB a second",
            f"load          {' '.join(f'{x:.2f}' for x in os.getloadavg())} at the start",
        ]
    )
