"""Free ports for servers that must be told theirs, or come back on the same one after they were killed.

Asking the kernel for one and closing it again is not enough: it is of the range that outgoing connections are given
theirs from, so that any connection on the machine may have taken it by the time the server listens.
"""

import fcntl
import random
import socket
import tempfile
from contextlib import suppress
from os import getuid
from pathlib import Path
from typing import IO

_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_CLAIMS = Path(tempfile.gettempdir()) / f"duijie-ports-{getuid()}"
_held: list[IO[str]] = []


def free_port() -> int:
    """A port that no outgoing connection takes and no other test process is given, as long as this one lives."""
    for port in random.SystemRandom().sample(_candidates(), 1000):
        if _listenable(port) and _claimed(port):
            return port
    raise RuntimeError("no free port")


def _candidates() -> range:
    """Those just below what the kernel uses for outgoing connections; high ones where that leaves no room."""
    lowest = int(_RANGE.read_text().split()[0]) if _RANGE.exists() else 32_768
    return range(lowest - 12_000, lowest) if lowest > 20_000 else range(20_000, 60_000)


def _claimed(port: int) -> bool:
    _CLAIMS.mkdir(exist_ok=True)
    claim = (_CLAIMS / str(port)).open("w")
    with suppress(BlockingIOError):
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _held.append(claim)
        return True
    claim.close()
    return False


def _listenable(port: int) -> bool:
    with socket.socket() as probe, suppress(OSError):
        probe.bind(("127.0.0.1", port))
        return True
    return False
