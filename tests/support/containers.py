"""The parts of docker-compose.yml as local processes: what stands for what, and one part's life."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.spawned import Spawned

PORTS = {"postgres": 5432, "meilisearch": 7700, "catalog": 8081, "matching": 8082, "gateway": 8080}
"""Host name → port inside its container. Here all share one machine: each is a free port on loopback."""

PORT_SETTINGS = {
    "catalog": "DUIJIE_CATALOG_PORT",
    "matching": "DUIJIE_MATCHING_PORT",
    "gateway": "DUIJIE_GATEWAY_PORT",
}
"""How a process is told its port; in a container the default is free, so the file does not say it."""


def substitutions(ports: Mapping[str, int], secrets: Path, state: Path) -> dict[str, str]:
    """The one table of what stands for what, for a part; all else is used exactly as docker-compose.yml has it."""
    return {
        **{f"{host}:{port}": f"127.0.0.1:{ports[host]}" for host, port in PORTS.items()},  # host names
        # a part that asks itself for its health
        **{f"127.0.0.1:{port}": f"127.0.0.1:{ports[host]}" for host, port in PORTS.items()},
        **{f"0.0.0.0:{port}": f"127.0.0.1:{ports[host]}" for host, port in PORTS.items()},
        "0.0.0.0": "127.0.0.1",  # noqa: S104 - all addresses of a container → loopback
        "/bin/meilisearch": f"{sys.executable} -m tests.support.meilisearch",  # the strict stand-in of the server
        "curl -sf": f"{sys.executable} -m shared.health",  # which the machine need not have
        "/run/secrets": str(secrets),  # a folder with the secrets that the part is given, and no others
        "/var/lib/duijie": str(state),  # a tmpfs
    }


def substituted(text: str, table: Mapping[str, str]) -> str:
    """A text of the file as it is used here."""
    there = "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))
    return re.sub(rf"({there})(?![0-9])", lambda found: table[found[0]], text)


@dataclass
class Container:
    """One part, or one of several instances of it."""

    name: str
    command: list[str]
    environment: dict[str, str]
    health: list[str] | None
    needs: dict[str, str]
    """part → condition of its depends_on"""
    cwd: Path
    log: Path
    restarts: bool
    user: dict[str, Any] = field(default_factory=dict)
    process: Spawned | None = None
    wanted: bool = False
    began: float = 0.0
    prepare: Callable[[], None] | None = None
    """what the image's entry point does before"""
    scratch: Path | None = None
    """its tmpfs, which is empty after every start"""
    ending: signal.Signals = signal.SIGTERM
    """what asks it to end: a database that gets SIGTERM waits for the last of its clients"""

    def start(self) -> None:
        """Start its command."""
        if self.prepare:
            self.prepare()
        if self.scratch:
            shutil.rmtree(self.scratch)
            self.scratch.mkdir()
        with self.log.open("ab") as log:
            options = {"cwd": self.cwd, "env": self.environment, "stdout": log, "stderr": log, **self.user}
            self.process = Spawned(self.command, **options)
        self.began = time.monotonic()
        self.wanted = True  # last: until then a process that ended is not to be started by others too

    @property
    def runs(self) -> bool:
        """Whether it was started and has not ended."""
        return self.process is not None and self.process.runs

    def healthy(self) -> bool:
        """What its own health check says."""
        if not self.health or not self.runs:
            return False
        asked = subprocess.run(self.health, cwd=self.cwd, env=self.environment, capture_output=True, check=False)
        return asked.returncode == 0

    def completed(self) -> bool:
        """Whether a job has ended well."""
        if self.process is None or self.process.runs:
            return False
        assert self.process.code == 0, f"{self.name}: {self.log.read_text()[-2000:]}"
        return True

    def kill(self) -> None:
        """End it and all that it started, as the kernel would end a container."""
        assert self.process
        self.process.kill()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and to all that it started: SIGSTOP is what `docker compose pause` does."""
        assert self.process
        self.process.send(number)

    def stop(self, seconds: float = 20) -> int:
        """Ask it to end; its exit code, which is -9 when it did not end in time."""
        self.wanted = False
        assert self.process
        return self.process.stop(seconds, self.ending)


def lines(log: Path) -> list[dict[str, Any]]:
    """The events that a part logged."""
    found = []
    for line in log.read_text("utf-8").splitlines():
        with suppress(json.JSONDecodeError):
            found.append(json.loads(line))
    return found
