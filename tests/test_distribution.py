"""The distribution: a wheel that carries everything a service needs beside its code."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("services", "shared")
NEEDS_ITS_DATA = """
import services.catalog.app, services.gateway.app, services.matching.app, services.cli
from services.matching import intake
from services.matching.intake import language
from services.matching.kernel import policy
from shared import clock, migrations
from shared.contracts.needs import Enterprise, NeedRequest
assert services.__file__.startswith(FOLDER), services.__file__
need = NeedRequest(text="想上一套仓库管理系统，两万以内", enterprise=Enterprise(region="330106", industry="33"))
assert policy.default().criteria and intake.read(need, language.build([]), clock.today())
for service in ("catalog", "matching", "gateway"):
    migrations.upgrade(service, f"sqlite:///{FOLDER}/{service}.db")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as anybody would, from a copy: building leaves folders behind."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "requirements.in", "README.md"):
        shutil.copy(ROOT / name, source)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(source / "dist"), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = (source / "dist").glob("*.whl")
    return built


def test_a_wheel_carries_every_file(wheel):
    carried = set(zipfile.ZipFile(wheel).namelist())
    ours = {str(path.relative_to(ROOT)) for name in FOLDERS for path in (ROOT / name).rglob("*") if path.is_file()}
    assert not {path for path in ours if "__pycache__" not in path} - carried


def test_what_is_installed_from_it_finds_its_tables_pages_and_migrations(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = f"FOLDER = {str(tmp_path)!r}\n{NEEDS_ITS_DATA}"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    got = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert got.returncode == 0, got.stderr
