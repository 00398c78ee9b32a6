"""Starting and stopping: what is written and with which modes, how fast it is back, and what it says when it cannot."""

import os
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from services.catalog.app import create_app as catalog
from services.catalog.settings import CatalogSettings
from services.gateway.app import create_app as gateway
from services.gateway.settings import GatewaySettings
from services.installation import SECRETS, make_secrets
from services.matching.app import create_app as matching
from services.matching.settings import MatchingSettings
from shared.principal import GATEWAY
from shared.settings import MissingSecret, NobodyTrusted
from tests.support.processes import ROOT

SECOND_START_SECONDS = 12
"""Of processor time: it takes five to seven on a quiet machine, and a core that is shared with others counts slower."""
SERVICES = {
    "catalog": (catalog, CatalogSettings),
    "matching": (matching, MatchingSettings),
    "gateway": (gateway, GatewaySettings),
}


def test_a_first_start_keeps_its_secrets_to_itself(demo):
    assert mode(demo.state / "secrets") == 0o700
    assert {path.name: mode(path) for path in (demo.state / "secrets").iterdir()} == dict.fromkeys(SECRETS, 0o600)
    assert mode(demo.state / "demo-keys.json") == 0o600
    assert demo.keys.keys() == {"sme", "provider", "bureau", "admin", "widget"}
    assert {mode(demo.state / f"{service}.db") for service in SERVICES} == {0o600}


def test_the_demo_is_loaded_whole(demo):
    with demo.client("bureau") as bureau:
        assert bureau.get("/v1/offerings/search").json()["total"] > 0
        first = bureau.get("/v1/offerings", params={"source": "demo", "external_id": "O00001"}).json()["items"]
        assert [offering["state"] for offering in first] == ["published"]
        assert bureau.get("/readyz").json()["matching"]["catalogue"]["behind"] == 0


def test_a_second_start_is_quick_and_loads_nothing_and_ctrl_c_ends_it(copied_demo):
    system = copied_demo()
    keys, log = system.keys, system.state / "log"
    began, told = cpu_seconds_of_children(), log.stat().st_size
    system.start()
    with system.client("bureau") as bureau:
        head = bureau.get("/v1/changes", params={"limit": "1"}).json()["head"]
    stopping = time.monotonic()
    assert system.stop() == 0
    assert time.monotonic() - stopping < 15
    assert cpu_seconds_of_children() - began < SECOND_START_SECONDS
    assert "← demo" not in log.read_bytes()[told:].decode()
    assert system.keys == keys
    system.start()
    with system.client("bureau") as bureau:
        assert bureau.get("/v1/changes", params={"limit": "1"}).json()["head"] == head
    assert system.stop() == 0
    assert "Traceback" not in log.read_text("utf-8")


def test_a_taken_port_is_said_in_one_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = start(tmp_path, DUIJIE_PORT=str(port))
    assert ended.returncode == 1
    assert ended.stderr == f"Duijie did not start: port {port} is taken: choose another with DUIJIE_PORT=… make run\n"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_without_its_secrets_does_not_start(service, signer, tmp_path):
    create_app, settings = SERVICES[service]
    given = {"secrets_dir": tmp_path, "state_dir": tmp_path, "database_url": "sqlite://", "mode": "production"}
    with pytest.raises(MissingSecret, match=r"secret file '.*' is missing"):
        create_app(settings(**given, trusted_issuers={GATEWAY: signer.public_key()}))


@pytest.mark.parametrize("service", ["catalog", "matching"])
def test_a_service_that_would_believe_nobody_does_not_start_in_production(service, tmp_path):
    create_app, settings = SERVICES[service]
    make_secrets(tmp_path)
    with pytest.raises(NobodyTrusted, match="DUIJIE_TRUSTED_ISSUERS"):
        create_app(settings(secrets_dir=tmp_path, state_dir=tmp_path, database_url="sqlite://"))


def start(state: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DUIJIE_STATE_DIR": str(state), "DUIJIE_SECRETS_DIR": str(state / "secrets")}
    command = [sys.executable, "-m", "services.standalone"]
    return subprocess.run(
        command, cwd=ROOT, env=environment | settings, capture_output=True, text=True, timeout=60, check=False
    )


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def cpu_seconds_of_children() -> float:
    """Processor time, which other work on the machine does not stretch as it does the clock's."""
    times = os.times()
    return times.children_user + times.children_system
