"""The `duijie` command as the environment starts it: python -m services.cli."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from services.installation import SECRETS, SERVERS

ROOT = Path(__file__).parent.parent


def duijie(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "services.cli", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_command_names_its_verbs() -> None:
    got = duijie("--help")
    assert got.returncode == 0
    assert "Usage: duijie" in got.stdout
    assert all(
        verb in got.stdout
        for verb in ("import", "match", "verify", "parked", "keys", "audit", "migrate", "secrets", "search")
    )


def test_secrets_are_made_once_and_their_folder_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    first = duijie("secrets", "make", str(folder))
    made = {path.name: path.read_text() for path in folder.iterdir()}
    assert made.keys() == {*SECRETS, *SERVERS, "meili-master-key", "meili-search-key", "meili-indexer-key"}
    assert len(set(made.values())) == len(made)
    assert (stat.S_IMODE(folder.stat().st_mode), {stat.S_IMODE(p.stat().st_mode) for p in folder.iterdir()}) == (
        0o700,
        {0o444},
    )
    again = duijie("secrets", "make", str(folder))
    assert {path.name: path.read_text() for path in folder.iterdir()} == made
    assert again.stdout == first.stdout == duijie("secrets", "show", str(folder)).stdout
    assert "DUIJIE_GATEWAY_PUBLIC_KEY=" in first.stdout
    assert not [secret for secret in made.values() if secret in first.stdout + first.stderr]


def test_databases_are_migrated_one_by_one_or_all(tmp_path: Path) -> None:
    assert duijie("migrate", "catalog", folder=tmp_path).returncode == 0
    assert [path.name for path in (tmp_path / "var").glob("*.db")] == ["catalog.db"]
    got = duijie("migrate", folder=tmp_path)
    assert got.returncode == 0, got.stderr
    assert [line.split(":")[0] for line in got.stdout.splitlines()] == ["catalog", "matching", "gateway"]


@pytest.mark.parametrize("verb", [["verify", "run_x"], ["keys", "list"], ["audit", "verify"], ["parked"]])
def test_a_verb_that_finds_no_installation_says_so(tmp_path: Path, verb: list[str]) -> None:
    got = duijie(*verb, folder=tmp_path)
    assert got.returncode != 0
    assert "run it in the installation's folder" in got.stderr
    assert "Traceback" not in got.stderr


def test_a_verb_imports_what_it_needs_and_no_more() -> None:
    program = (
        "import sys; from typer.testing import CliRunner; from services.cli import app; "
        "assert CliRunner().invoke(app, ['keys', 'create', '--help']).exit_code == 0; print(*sys.modules)"
    )
    got = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    imported = set(got.stdout.split())
    assert "services.gateway.keys" in imported
    assert not {name for name in imported if name.startswith(("services.matching", "services.catalog", "numpy"))}
