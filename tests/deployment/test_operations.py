"""docs/operations.md: every command that needs no container engine is run, in its order, on the running set."""

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import MetaData, select

from shared.database import connect
from tests.support import compose_file, records
from tests.support.deployment import Deployment
from tests.support.processes import ROOT

PAGE = ROOT / "docs" / "operations.md"
BLOCK = re.compile(r"(?P<mark>[^\n]*)\n\n?```sh\n(?P<lines>.*?)```", re.DOTALL)
RUN, ENGINE = "<!-- run -->", "**engine**"
FETCH = "import sys, urllib.request as r; print(r.urlopen(sys.argv[1]).read().decode())"
"""In place of curl, which the machine need not have."""
OPERATOR, SERVER = "docker compose run --rm duijie ", "docker compose exec -T postgres "


def blocks(mark: str) -> Iterator[list[str]]:
    """The commands of the blocks with a mark."""
    for found in BLOCK.finditer(PAGE.read_text("utf-8")):
        if found["mark"] == mark:
            yield found["lines"].strip().splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What an operator stands in: a checkout, as far as the commands need it."""
    (tmp_path / ".env.example").write_bytes(compose_file.EXAMPLE.read_bytes())
    return tmp_path


def carry_out(line: str, system: Deployment, folder: Path) -> str:
    """Run one line of the page; what Compose would do is done by the set of processes."""
    if line.startswith(OPERATOR):
        return system.duijie(*shlex.split(line.removeprefix(OPERATOR)))
    if line.startswith("docker compose stop "):
        for name in line.removeprefix("docker compose stop ").split():
            for part in system.instances(name):
                assert part.stop() == 0, part.name
        return ""
    if line == "docker compose up -d --wait":
        system.start_what_is_stopped()
        return ""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    if line.startswith(SERVER):
        line, environment = line.removeprefix(SERVER), system.parts["postgres"].environment
    assert not line.startswith("docker"), f"this needs a container engine: {line}"
    for there_, here in {
        ".venv/bin/duijie": f"{sys.executable} -m services.cli",
        "curl -s ": f"{sys.executable} -c '{FETCH}' ",
        "http://127.0.0.1:8080": system.url,
    }.items():
        line = line.replace(there_, here)
    got = subprocess.run(["sh", "-ec", line], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert got.returncode == 0, f"{line}: {got.stderr}"
    return got.stdout


def test_every_block_is_run_or_needs_an_engine():
    text = PAGE.read_text("utf-8")
    assert len(re.findall(r"^```", text, re.M)) == 2 * sum(1 for _ in BLOCK.finditer(text))
    assert {found["mark"] for found in BLOCK.finditer(text)} == {RUN, ENGINE}
    assert all(line.startswith("docker compose") for lines in blocks(ENGINE) for line in lines)


@pytest.mark.timeout(900)
def test_the_page_works_from_the_first_secret_to_the_restored_backup(demo, folder, record_property):
    kept, lost = (records.provider(number) for number in (8_100_001, 8_100_002))
    dumped, restored = {}, {}
    with demo.client("bureau") as bureau:
        bureau.post("/v1/providers", json=kept).raise_for_status()
        bureau.post("/v1/needs", json=records.need()).raise_for_status()
        said, began = [], time.monotonic()
        for lines in blocks(RUN):
            for line in lines:
                said.append((line, carry_out(line, demo, folder)))
                if "< backup/gateway.dump" in line:
                    restored = contents(demo)
                if "> backup/gateway.dump" in line:
                    dumped = contents(demo)
                    bureau.post("/v1/providers", json=lost).raise_for_status()
        record_property("figures", f"{len(said)} commands in {time.monotonic() - began:.0f} s")
        assert [len(there(bureau, one)) for one in (kept, lost)] == [1, 0]
        bureau.post("/v1/providers", json=lost).raise_for_status()
    assert dumped["matching.match_runs"]
    assert restored == dumped
    printed = dict(said)
    assert re.fullmatch(r"dj_\S+", printed[f"{OPERATOR}keys create --role admin --organisation-name 运营"].strip())
    assert '"status":"ready"' in printed["curl -s http://127.0.0.1:8080/readyz"]
    assert printed[f"{OPERATOR}audit verify"].split()[1] == "records,"
    assert follows_a_renewed_feed(demo)
    assert (folder / "secrets").stat().st_mode & 0o077 == 0
    filled = compose_file.read(compose_file.variables(folder / ".env"))
    shown = dict(line.split("=", 1) for line in printed[".venv/bin/duijie secrets show ./secrets"].splitlines())
    trusted = filled["services"]["catalog"]["environment"]["DUIJIE_TRUSTED_ISSUERS"]
    assert all(key in trusted for key in shown.values())


def contents(system: Deployment) -> dict[str, list[str]]:
    """Every table of the three databases with its rows, but for those that say who is at work just now."""
    found = {}
    for service in ("catalog", "matching", "gateway"):
        engine, there = connect(system.database_url(service)), MetaData()
        there.reflect(engine)
        with engine.connect() as connection:
            for name, table in there.tables.items():
                found[f"{service}.{name}"] = sorted(map(repr, connection.execute(select(table))))
        engine.dispose()
    return {name: rows for name, rows in found.items() if name not in {"matching.leases", "matching.generations"}}


def there(bureau: httpx2.Client, provider: dict[str, str]) -> list[dict[str, str]]:
    return list(bureau.get("/v1/providers", params={"uscc": provider["uscc"]}).raise_for_status().json()["items"])


def follows_a_renewed_feed(system: Deployment) -> bool:
    """Whether matching and search stand where the feed now ends."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        ready = httpx2.get(f"{system.url}/readyz", timeout=5).json()
        if ready.get("status") == "ready":
            position = ready["matching"]["catalogue"]["position"]
            if ready["catalog"]["feed"]["head"].endswith(f"-{position}") and not ready["catalog"]["search"]["behind"]:
                return True
        time.sleep(0.2)
    return False
