"""Processes of the tests, each with one owner: whatever becomes of a test, what it started is ended and waited for.

A `subprocess.Popen` that is forgotten while its process runs warns when it is collected, which is during some other
test; so every process is held here until it was waited for.
"""

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

_running: set["Spawned"] = set()


class Spawned:
    """A process, and all that it started."""

    def __init__(self, command: Sequence[str], **options: Any) -> None:
        """Start it; `options` are those of `subprocess.Popen`."""
        self._process = subprocess.Popen(command, **options)
        self.pid = self._process.pid
        _running.add(self)

    @property
    def code(self) -> int | None:
        """Its exit code; None while it runs."""
        code = self._process.poll()
        if code is not None:
            _running.discard(self)
        return code

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self.code is None

    def send(self, number: signal.Signals) -> None:
        """Send a signal to it and to all that it started, as a container engine would; who is gone is left out."""
        if self.runs:
            for pid in (self.pid, *children(self.pid)):
                with suppress(ProcessLookupError):
                    os.kill(pid, number)

    def kill(self) -> None:
        """End it and all that it started, at once and for certain."""
        self.send(signal.SIGKILL)
        self._process.wait()
        _running.discard(self)

    def stop(self, seconds: float, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end; its exit code, which is -9 when it did not end in time and was killed."""
        self._process.send_signal(how)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        _running.discard(self)
        return self._process.returncode


def end_all() -> None:
    """Kill what still runs."""
    for process in list(_running):
        process.kill()


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError, IndexError):
            if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(entry.name))
    return found
