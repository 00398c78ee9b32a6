"""The three services as own processes on loopback, with keys to call them and a meter of the time they take."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from services import installation
from services.gateway import keys, organisations
from shared import migrations
from shared.database import Database
from shared.principal import GATEWAY, Principal, Role, Signer

HOST = "127.0.0.1"
SERVICES = ("catalog", "matching", "gateway")
START_SECONDS = 600
"""Reading a hundred thousand offerings into memory takes most of it."""
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class System:
    """Running processes by service: where each listens and what it is."""

    folder: Path
    urls: Mapping[str, str]
    processes: Mapping[str, subprocess.Popen[bytes]]

    def seconds(self, *services: str) -> float:
        """The processor time that these services have taken until now, in all their threads."""
        return sum(_seconds(self.processes[name].pid) for name in services)

    def key(self, role: Role) -> str:
        """A new key of a new organisation."""
        database = Database(database_url(self.folder, GATEWAY))
        with database.write.begin() as session:
            organisation = organisations.register(session, f"{role} bench")
            raw = keys.create(session, _secret(self.folder, "key-pepper"), organisation, role)[1]
        database.close()
        return raw

    def token(self, role: Role, audience: str) -> str:
        """A signed principal such as the gateway sends, good for a minute."""
        signer = Signer(GATEWAY, _secret(self.folder, "gateway-signing-key"))
        return signer.token(Principal("org_bench", role), audience)


@contextmanager
def running(folder: Path, prepare: Callable[[Path], None]) -> Iterator[System]:
    """Start everything over fresh databases that `prepare` may fill; stop it on leaving."""
    installation.make_secrets(folder / "secrets")
    for service in SERVICES:
        migrations.upgrade(service, database_url(folder, service))
    prepare(folder)
    ports = dict(zip(SERVICES, _free_ports(len(SERVICES)), strict=True))
    environment = _environment(folder, ports)
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("wb"))
        processes = {service: stack.enter_context(_process(service, environment, log.fileno())) for service in SERVICES}
        urls = {service: f"http://{HOST}:{port}" for service, port in ports.items()}
        _wait(urls[GATEWAY], folder / "log")
        yield System(folder, urls, processes)


def database_url(folder: Path, service: str) -> str:
    """Where a service keeps its tables."""
    return f"sqlite:///{folder / service}.db"


def _environment(folder: Path, ports: Mapping[str, int]) -> dict[str, str]:
    own = {f"DUIJIE_{service.upper()}_DATABASE_URL": database_url(folder, service) for service in SERVICES}
    own |= {f"DUIJIE_{service.upper()}_PORT": str(port) for service, port in ports.items()}
    own |= {f"DUIJIE_GATEWAY_{name.upper()}_URL": f"http://{HOST}:{ports[name]}" for name in ("catalog", "matching")}
    shared = {
        "DUIJIE_MODE": "production",
        "DUIJIE_SECRETS_DIR": str(folder / "secrets"),
        "DUIJIE_STATE_DIR": str(folder),
        "DUIJIE_TRUSTED_ISSUERS": json.dumps(installation.public_keys(folder / "secrets")),
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DUIJIE_")}
    return {**inherited, **shared, **own}


def _secret(folder: Path, name: str) -> bytes:
    return (folder / "secrets" / name).read_bytes()


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((HOST, 0))
        return [probe.getsockname()[1] for probe in probes]


@contextmanager
def _process(service: str, environment: dict[str, str], log: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", f"services.{service}"]
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx2.get(f"{url}/readyz", timeout=5, trust_env=False).status_code == 200:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"not ready: {log.read_text()[-3000:]}")


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK
