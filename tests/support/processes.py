"""The whole system as a real process that can be killed: `python -m services.standalone` with a state folder."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import httpx2

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 60


class SystemProcess:
    """A system that can be started, killed and started again on the same state and port."""

    def __init__(self, state: Path, databases: dict[str, str] | None = None, load_demo: bool = False) -> None:
        self.state = state
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = {
            **os.environ,
            "DUIJIE_PORT": str(self.port),
            "DUIJIE_STATE_DIR": str(state),
            "DUIJIE_SECRETS_DIR": str(state / "secrets"),
            "DUIJIE_LOAD_DEMO": str(load_demo).lower(),
            **{f"DUIJIE_{service.upper()}_DATABASE_URL": url for service, url in (databases or {}).items()},
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and return when the system is ready."""
        command = [sys.executable, "-m", "services.standalone"]
        log: IO[bytes] = (self.state / "log").open("ab")
        self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the system did not start: {(self.state / 'log').read_text()[-3000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """End it the hard way, at once."""
        assert self._process
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """Ctrl-C, and wait until it has stopped cleanly."""
        assert self._process
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(timeout=20)

    @property
    def keys(self) -> dict[str, str]:
        """The demo keys by role."""
        return dict(json.loads((self.state / "demo-keys.json").read_text()))

    def client(self, role: str) -> httpx2.Client:
        """A client with the demo key of a role."""
        return httpx2.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.keys[role]}"}, timeout=15)

    def _ready(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx2.HTTPError:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
