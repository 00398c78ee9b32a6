"""The `duijie` command as the environment starts it: python -m services.cli."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def duijie(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "services.cli", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_command_names_its_verbs() -> None:
    got = duijie("--help")
    assert got.returncode == 0
    assert "Usage: duijie" in got.stdout
    assert all(verb in got.stdout for verb in ("import", "match", "verify", "parked", "keys", "audit"))


@pytest.mark.parametrize("verb", [["verify", "run_x"], ["keys", "list"], ["audit", "verify"], ["parked"]])
def test_a_verb_that_finds_no_installation_says_so(tmp_path: Path, verb: list[str]) -> None:
    got = duijie(*verb, folder=tmp_path)
    assert got.returncode != 0
    assert "run it in the installation's folder" in got.stderr
    assert "Traceback" not in got.stderr
