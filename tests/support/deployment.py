"""docker-compose.yml without a container engine: the very commands, environment and health checks of the file.

Each part runs in the folder of its image (tests/support/images.py). What stands for what is one table
(containers.substitutions); PostgreSQL is the one of the wheel, and the search engine is a strict fake of it.
"""

import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx2

from services.catalog.search import meilisearch_keys
from services.catalog.search.meilisearch_control import Control
from tests.support import compose_file, containers, images, postgresql
from tests.support.calling import caller
from tests.support.containers import Container, substituted, substitutions
from tests.support.ports import free_port
from tests.support.processes import ROOT
from tests.support.spawned import Spawned

SERVICES = ("catalog", "matching", "gateway")
LEFT_OUT = {"meilisearch-volume"}
"""A folder here needs no owner."""
THIS = images.Image(ROOT, {"PATH": images.MACHINE_PATH}, "/")
"""Where the stand-in of the search server runs: this repository."""
START_SECONDS = 400
"""Ten processes start at once; it takes 15 seconds on two free cores, and minutes on shared ones."""
BACK_OFF_SECONDS = 0.1


class Deployment:
    """A set that can be started, have its parts killed, and be stopped."""

    def __init__(self, folder: Path, replicas: dict[str, int] | None = None, **settings: str) -> None:
        """`settings` are further variables, without their DUIJIE_; `replicas` as of `--scale`."""
        self.folder = folder
        self.keys: dict[str, str] = {}
        self._settings = {f"DUIJIE_{name}": value for name, value in settings.items()}
        self._replicas = replicas or {}
        self.ports = {name: free_port() for name in containers.PORTS}
        self.url = f"http://127.0.0.1:{self.ports['gateway']}"
        self._secrets = folder / "all-secrets"
        made = [sys.executable, "-m", "services.cli", "secrets", "make", str(self._secrets)]
        printed = subprocess.run(made, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        variables = compose_file.variables() | dict(line.split("=", 1) for line in printed.splitlines())
        self._file = compose_file.read(variables)["services"]
        self._images = self._build()
        self.parts = self._containers()
        self._done = threading.Event()
        self._guard = threading.Thread(target=self._restart_what_died, daemon=True)

    def start(self) -> None:
        """Start everything in its order, wait until it is healthy, and make a key for each role."""
        deadline = time.monotonic() + START_SECONDS
        waiting, met = dict(self.parts), set[str]()
        self._guard.start()
        while waiting:
            for name, part in list(waiting.items()):
                if part.needs.keys() <= met:
                    part.start()
                    del waiting[name]
            needed = {need: condition for part in waiting.values() for need, condition in part.needs.items()}
            met |= {need for need, condition in needed.items() if need not in met and self._holds(need, condition)}
            assert time.monotonic() < deadline, f"still waiting: {sorted(waiting)}\n{self.logs()}"
            time.sleep(0.1)
        self.wait_until_healthy()
        self.keys["admin"] = self.duijie("keys", "create", "--role", "admin", "--organisation-name", "运营").strip()
        for role in ("bureau", "sme"):
            with self.newcomer(role, f"部署测试 {role}") as client:
                self.keys[role] = client.headers["Authorization"].removeprefix("Bearer ")

    def wait_until_healthy(self, seconds: float = START_SECONDS) -> float:
        """Wait until every health check of the file is satisfied; gives how long it took."""
        began = time.monotonic()
        sick = [part for part in self.parts.values() if part.health]
        while sick := [part for part in sick if not part.healthy()]:
            assert time.monotonic() - began < seconds, f"{[part.name for part in sick]} are not well\n{self.logs()}"
            time.sleep(0.1)
        return time.monotonic() - began

    def stop(self) -> dict[str, int]:
        """Stop everything, last first, so the database last; the exit codes of what ran."""
        self._done.set()
        self._guard.join()
        return {name: part.stop() for name, part in reversed(self.parts.items()) if part.runs}

    def duijie(self, *arguments: str) -> str:
        """`docker compose run --rm duijie …`: what it prints."""
        part = self._file["duijie"]
        image, table = self._images["operations"], self._table("duijie")
        environment = {**image.environment, **self._environment("duijie", part, table)}
        command = [*image.entrypoint, *arguments]
        got = subprocess.run(command, cwd=image.cwd, env=environment, capture_output=True, text=True, check=False)
        assert got.returncode == 0, got.stderr
        return got.stdout

    def instances(self, name: str) -> list[Container]:
        """The processes of a part that are running."""
        ours = (part for part in self.parts.values() if re.fullmatch(rf"{name}(-\d+)?", part.name))
        return [part for part in ours if part.runs]

    def start_what_is_stopped(self) -> None:
        """Start what stays and does not run, and wait until all is healthy."""
        for part in self.parts.values():
            if part.restarts and not part.wanted:
                part.start()
        self.wait_until_healthy()

    def client(self, role: str) -> httpx2.Client:
        """A client with the key of a role."""
        return self.caller(self.keys[role])

    def caller(self, key: str) -> httpx2.Client:
        """A client with a key."""
        return caller(self.url, key)

    def newcomer(self, role: str, name: str, **organisation: str) -> httpx2.Client:
        """A client with a new key of a new organisation; `uscc` and `region` say who it is."""
        body = {"role": role, "organisation": {"name": name, **organisation}}
        with self.client("admin") as admin:
            return self.caller(admin.post("/v1/keys", json=body).raise_for_status().json()["key"])

    def secret(self, name: str) -> bytes:
        """A secret of the installation."""
        return (self._secrets / name).read_bytes()

    def database_url(self, service: str) -> str:
        """The database of a service, as its superuser."""
        host = self.folder / "postgres"
        return f"postgresql+psycopg://postgres@/{service}?host={host}&port={self.ports['postgres']}"

    def logs(self) -> str:
        """The ends of all logs."""
        return "\n".join(
            f"--- {name}\n{part.log.read_text(errors='replace')[-1500:]}"
            for name, part in self.parts.items()
            if part.log.exists()
        )

    def _holds(self, need: str, condition: str) -> bool:
        part = self.parts[need]
        return part.healthy() if condition == "service_healthy" else part.completed()

    def _restart_what_died(self) -> None:
        """`restart: unless-stopped`: what ended without having been told to is started again."""
        tries: dict[str, int] = {}
        while not self._done.wait(0.02):
            for name, part in self.parts.items():
                if not part.restarts or not part.wanted or part.runs:
                    continue
                if time.monotonic() - part.began > 10:
                    tries[name] = 0
                if time.monotonic() > part.began + BACK_OFF_SECONDS * 2 ** tries.get(name, 0):
                    tries[name] = tries.get(name, 0) + 1
                    part.start()
                    if name == "meilisearch":
                        self._grant_again()

    def _grant_again(self) -> None:
        """The stand-in keeps nothing on disk. The server does: this is what `search-prepare` did once."""
        url, master = f"http://127.0.0.1:{self.ports['meilisearch']}", self.secret("meili-master-key").decode()
        control = Control(url, master)
        _until(control.healthy)
        meilisearch_keys.granted(control, "offerings")

    def _build(self) -> dict[str, images.Image]:
        folder = self.folder / "images"
        made = {"packages": images.installed(folder / "packages")}
        built = {name: images.build("service", folder / name, made, SERVICE=name) for name in SERVICES}
        return {**built, "operations": images.build("operations", folder / "operations", made)}

    def _containers(self) -> dict[str, Container]:
        made: dict[str, Container] = {}
        for name, part in self._file.items():
            if name in LEFT_OUT or part.get("profiles"):
                continue
            if name == "postgres":
                made[name] = self._postgres(part)
                continue
            for number in range(self._replicas.get(name, 1)):
                instance = name if number == 0 else f"{name}-{number + 1}"
                made[instance] = self._container(name, instance, part)
        return made

    def _container(self, name: str, instance: str, part: dict[str, Any]) -> Container:
        table = self._table(instance, part)
        image = self._images[part["build"].get("args", {}).get("SERVICE", "operations")] if "build" in part else THIS
        health = part.get("healthcheck", {}).get("test")
        return Container(
            name=instance,
            command=[*image.entrypoint, *(substituted(word, table) for word in part["command"])],
            environment={**image.environment, **self._environment(name, part, table)},
            health=shlex.split(substituted(shlex.join(health[1:]), table)) if health else None,
            needs={
                need: said["condition"] for need, said in part.get("depends_on", {}).items() if need not in LEFT_OUT
            },
            cwd=image.cwd,
            log=self.folder / f"{instance}.log",
            restarts=part["restart"] == "unless-stopped",
            scratch=self.folder / "state" / instance if "tmpfs" in part else None,
        )

    def _environment(self, name: str, part: dict[str, Any], table: dict[str, str]) -> dict[str, str]:
        given = {key: substituted(str(value), table) for key, value in part["environment"].items()}
        if name in containers.PORT_SETTINGS:
            given[containers.PORT_SETTINGS[name]] = str(self.ports[name])
        return given | self._settings

    def _table(self, instance: str, part: dict[str, Any] | None = None) -> dict[str, str]:
        """The substitutions of a part, with the folders that they name."""
        secrets, state = (
            self.folder / "secrets" / instance,
            self.folder / "state" / instance,
        )
        for folder in (secrets, state):
            folder.mkdir(parents=True, exist_ok=True)
        for name in (part or self._file[instance])["secrets"]:
            if not (secrets / name).exists():
                shutil.copy(self._secrets / name, secrets / name)
        return substitutions(self.ports, secrets, state)

    def _postgres(self, part: dict[str, Any]) -> Container:
        bin_folder, home, port = postgresql.bin_folder(), self.folder / "postgres", str(self.ports["postgres"])
        table = self._table("postgres", part)
        given = part["environment"]
        postgresql.initialise(home, ["-U", given["POSTGRES_USER"], *given["POSTGRES_INITDB_ARGS"].split()])
        listening = ["-c", "listen_addresses=127.0.0.1", "-c", f"port={port}", "-c", f"unix_socket_directories={home}"]
        command = [str(bin_folder / "postgres"), "-D", str(home / "data"), *listening, *part["command"][1:]]
        given = {"PATH": f"{bin_folder}:{images.MACHINE_PATH}", "POSTGRES_USER": given["POSTGRES_USER"]}
        given |= {"PGHOST": str(home), "PGPORT": port}
        script = substituted((ROOT / "deploy/postgres/databases.sh").read_text("utf-8"), table)
        made = home / "databases-made"

        def make_databases() -> None:
            """What the image's entry point does with an empty volume: a server on its socket alone, and our script."""
            if made.exists():
                return
            only_socket = [*command, "-c", "listen_addresses="]
            server = Spawned(only_socket, stderr=subprocess.DEVNULL, **postgresql.as_user())
            try:
                _until(lambda: subprocess.run(["pg_isready", "-q"], env=given, check=False).returncode == 0)
                subprocess.run(["sh", "-c", script], env=given, check=True)
            finally:
                server.stop(30)
            made.touch()

        return Container(
            name="postgres",
            command=command,
            environment=given,
            health=[word.replace("5432", port) for word in part["healthcheck"]["test"][1:]],
            needs={},
            cwd=Path("/"),
            log=self.folder / "postgres.log",
            restarts=True,
            ending=signal.Signals[part["stop_signal"]],
            user={key: value for key, value in postgresql.as_user().items() if key != "cwd"},
            prepare=make_databases,
        )


def _until(holds: Any, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.05)
