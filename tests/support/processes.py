"""The whole system as a real process that can be killed: `python -m services.standalone` with a state folder."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import httpx2

from tests.support.calling import caller
from tests.support.ports import free_port
from tests.support.spawned import Spawned

ROOT = Path(__file__).parent.parent.parent
STOP_SECONDS = 30
START_SECONDS = 180
"""Loading the demo takes most of it, on a busy machine."""


class SystemProcess:
    """A system that can be started, killed and started again on the same state and port."""

    def __init__(
        self, state: Path, databases: dict[str, str] | None = None, load_demo: bool = False, **settings: str
    ) -> None:
        """`settings` are further variables, without their DUIJIE_: `GATEWAY_KEY_LIMIT="9/second"`."""
        self.state = state
        self._made = [state / "demo-keys.json", *([state / "demo-loaded"] if load_demo else [])]
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = {
            **os.environ,
            "DUIJIE_PORT": str(self.port),
            "DUIJIE_STATE_DIR": str(state),
            "DUIJIE_SECRETS_DIR": str(state / "secrets"),
            "DUIJIE_LOAD_DEMO": str(load_demo).lower(),
            **{f"DUIJIE_{service.upper()}_DATABASE_URL": url for service, url in (databases or {}).items()},
            **{f"DUIJIE_{name}": value for name, value in settings.items()},
        }
        self._process: Spawned | None = None

    def start(self) -> None:
        """Start, and return when the system is ready, has made its keys and loaded what it was to load."""
        command = [sys.executable, "-m", "services.standalone"]
        with (self.state / "log").open("ab") as log:
            self._process = Spawned(command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        with caller(self.url, seconds=5) as client:
            while not self._ready(client):
                if not self._process.runs or time.monotonic() > deadline:
                    self._process.kill()
                    raise RuntimeError(f"the system did not start: {(self.state / 'log').read_text()[-3000:]}")
                time.sleep(0.05)

    def kill(self) -> None:
        """End it the hard way, at once."""
        assert self._process
        self._process.kill()

    def stop(self) -> int:
        """Ctrl-C; gives the exit code, 0 when it stopped cleanly and -9 when it had to be killed."""
        assert self._process
        return self._process.stop(STOP_SECONDS, signal.SIGINT)

    @property
    def keys(self) -> dict[str, str]:
        """The demo keys by role."""
        return dict(json.loads((self.state / "demo-keys.json").read_text()))

    def client(self, role: str) -> httpx2.Client:
        """A client with the demo key of a role."""
        return self.caller(self.keys[role])

    def caller(self, key: str) -> httpx2.Client:
        """A client with a key."""
        return caller(self.url, key)

    def newcomer(self, role: str, name: str, **organisation: str) -> httpx2.Client:
        """A client with a new key of a new organisation; `uscc` and `region` say who it is."""
        body = {"role": role, "organisation": {"name": name, **organisation}}
        with self.client("admin") as admin:
            return self.caller(admin.post("/v1/keys", json=body).raise_for_status().json()["key"])

    def _ready(self, client: httpx2.Client) -> bool:
        try:
            ready = client.get("/readyz").status_code == 200
        except httpx2.HTTPError:
            return False
        return ready and all(path.exists() for path in self._made)
