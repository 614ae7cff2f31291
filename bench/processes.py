"""What the processes of a server use of the machine."""

from __future__ import annotations

import contextlib
import math
import os
import re
import time
from pathlib import Path


def settle(port: int, seconds: float = 30) -> None:
    """Wait until the server at a port has nothing left to do, but no longer than these seconds."""
    until, before = time.monotonic() + seconds, -math.inf
    while time.monotonic() < until and (now := _processor_seconds(port)) - before > 0.1:
        before = now
        time.sleep(1)


class ProcessorClock:
    """What the servers at some ports use of the processors."""

    def __init__(self, *ports: int) -> None:
        processes = set().union(*(family(_listening(port)) for port in ports))
        self._seconds = dict.fromkeys(processes, 0.0)

    def seconds(self) -> float:
        """So far; processes that end meanwhile keep what they used last."""
        for process in self._seconds:
            with contextlib.suppress(OSError):
                self._seconds[process] = time.clock_gettime(
                    ~process << 3 | 2
                )  # clock_getcpuclockid(3)
        return sum(self._seconds.values())


def _processor_seconds(port: int) -> float:
    ticks = 0
    for pid in family(_listening(port)):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))  # with those of children that have ended
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(port: int) -> float:
    """Megabytes of the processes that belong to the server at a port, shared ones once."""
    total = 0
    for pid in family(_listening(port)):
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += sum(int(kilobytes) for kilobytes in re.findall(r"^Pss: +(\d+)", text, re.M))
    return total / 1024


def _listening(port: int) -> set[int]:
    """The processes that have the socket that listens at a port."""
    inodes = {
        fields[9]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if (fields := line.split())[1].endswith(f":{port:04X}") and fields[3] == "0A"
    }
    sockets = {f"socket:[{inode}]" for inode in inodes}
    found = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if str(link.readlink()) in sockets:
                found.add(int(link.parts[2]))
    return found


def family(pids: set[int]) -> set[int]:
    """Processes with all that descend from them."""
    found, pending = set(), list(pids)
    while pending:
        pid = pending.pop()
        if pid not in found:
            found.add(pid)
            with contextlib.suppress(OSError):
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
                pending += map(int, children.split())
    return found
