"""All of Duijie in one process on loopback: what `make run` starts, and what tests and benchmarks start too.

The three services listen on sockets of their own and speak HTTP with each other exactly as in a deployment; relay,
indexer and follower run as threads. State lives in one folder and survives a restart.
"""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx2
import uvicorn
from starlette.types import ASGIApp

from services import demonstration, installation
from services.catalog import app as catalog
from services.catalog import indexer, relay
from services.catalog.search import engines
from services.catalog.settings import CatalogSettings
from services.gateway import app as gateway
from services.gateway.settings import GatewaySettings
from services.matching import app as matching
from services.matching import follower
from services.matching.settings import MatchingSettings
from shared import logs, migrations
from shared.database import Database
from shared.server import Protocol
from shared.settings import StandaloneSettings

HOST = "127.0.0.1"
START_SECONDS = 60

Part = TypeVar("Part", CatalogSettings, MatchingSettings, GatewaySettings)
Loop = Callable[[threading.Event], None]


class DidNotStart(RuntimeError):
    """The system was not ready in time, or its port is taken."""


@dataclass(frozen=True)
class System:
    """A running system: its public address, and how its gateway is set."""

    url: str
    gateway: GatewaySettings


@contextmanager
def running(settings: StandaloneSettings) -> Iterator[System]:
    """Start everything, give the system once it is ready, and stop it cleanly on leaving."""
    installation.make_secrets(settings.secrets_dir)
    with ExitStack() as stack:
        ports = {"gateway": settings.port, "catalog": 0, "matching": 0}
        sockets = {name: stack.enter_context(_listening(port)) for name, port in ports.items()}
        urls = {f"{name}_url": f"http://{HOST}:{open_.getsockname()[1]}" for name, open_ in sockets.items()}
        parts = Parts(settings, urls)
        parts.migrate()
        for name, app in parts.apps().items():
            stack.enter_context(_serving(app, sockets[name]))
        stop = threading.Event()
        for loop in parts.loops():
            stack.enter_context(_looping(loop, stop))
        stack.callback(stop.set)
        _wait_until_ready(urls["gateway_url"])
        yield System(urls["gateway_url"], parts.gateway)


class Parts:
    """The three services, set to find and to believe each other."""

    def __init__(self, settings: StandaloneSettings, urls: dict[str, str]) -> None:
        trusted = installation.public_keys(settings.secrets_dir)

        def part(kind: type[Part], service: str) -> Part:
            given: dict[str, Any] = settings.model_dump(include={"mode", "secrets_dir", "state_dir"})
            given |= {"trusted_issuers": trusted}
            given |= {name: url for name, url in urls.items() if name in kind.model_fields}
            read = kind(**given)
            if "database_url" in read.model_fields_set:
                return read
            return read.model_copy(update={"database_url": f"sqlite:///{settings.state_dir / service}.db"})

        self.catalog = part(CatalogSettings, "catalog")
        self.matching = part(MatchingSettings, "matching")
        self.gateway = part(GatewaySettings, "gateway")

    def migrate(self) -> None:
        """Bring the three databases to their newest form."""
        for service in ("catalog", "matching", "gateway"):
            migrations.upgrade(service, getattr(self, service).database())

    def apps(self) -> dict[str, ASGIApp]:
        """The services' apps, with their documents made here in one thread.

        pydantic silences warnings of its own meanwhile, which is not safe in two threads at once, and the gateway
        asks both services for their documents as it starts.
        """
        behind = {"catalog": catalog.create_app(self.catalog), "matching": matching.create_app(self.matching)}
        for app in behind.values():
            app.openapi()
        return {**behind, "gateway": gateway.create_app(self.gateway)}

    def loops(self) -> list[Loop]:
        """Relay, indexer and follower."""
        return [self._relay, self._index, self._follow]

    def _relay(self, stop: threading.Event) -> None:
        relay.run(Database(self.catalog.database()), stop)

    def _index(self, stop: threading.Event) -> None:
        indexer.run(Database(self.catalog.database()), engines.to_index(self.catalog), stop)

    def _follow(self, stop: threading.Event) -> None:
        with follower.feed(self.matching) as feed:
            follower.run(Database(self.matching.database()), feed, stop)


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as refused:
            raise DidNotStart(f"port {port} is taken: choose another with DUIJIE_PORT=… make run") from refused
        listener.listen(1024)
        yield listener


@contextmanager
def _serving(app: ASGIApp, listener: socket.socket) -> Iterator[None]:
    config = uvicorn.Config(app, http=Protocol, log_level="error", access_log=False, timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    # Not in the main thread, so that uvicorn leaves the signals to us.
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=10)


@contextmanager
def _looping(loop: Loop, stop: threading.Event) -> Iterator[None]:
    thread = threading.Thread(target=loop, args=(stop,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=10)


def _wait_until_ready(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    with httpx2.Client(base_url=url, timeout=5) as client:
        while (said := _readiness(client)) is not None:
            if time.monotonic() > deadline:
                raise DidNotStart(f"not ready after {START_SECONDS} s: {said}")
            time.sleep(0.05)


def _readiness(client: httpx2.Client) -> str | None:
    """None when ready, else what is said; on a busy machine it may say nothing in time."""
    try:
        answer = client.get("/readyz")
    except httpx2.TransportError as failure:
        return type(failure).__name__
    return None if answer.status_code == 200 else answer.text


def main() -> None:
    """Run until Ctrl-C; in demo mode load the demo catalogue and say where everything is."""
    logs.configure("WARNING")
    os.umask(0o077)  # what firms tell us is not for other users of this machine
    for ending in (signal.SIGINT, signal.SIGTERM):  # SIGINT too: a shell starts background jobs with it ignored
        signal.signal(ending, signal.default_int_handler)
    settings = StandaloneSettings()
    try:
        with running(settings) as system:
            if settings.mode == "demo":
                demonstration.prepare(system.url, system.gateway, load=settings.load_demo)
            else:
                print(f"Duijie is ready at {system.url} (docs: {system.url}/docs)")
            threading.Event().wait()
    except KeyboardInterrupt:
        print("Stopped.")
    except DidNotStart as failure:
        raise SystemExit(f"Duijie did not start: {failure}") from None


if __name__ == "__main__":
    main()
