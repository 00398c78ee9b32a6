"""The images: each holds shared/ and one service and needs nothing of another; deploy/Dockerfile is carried out."""

import subprocess
from pathlib import Path

import pytest

from tests.support import images
from tests.support.images import Image

SERVICES = {
    "catalog": ["services.catalog.app", "services.catalog.relay", "services.catalog.indexer"],
    "matching": ["services.matching.app", "services.matching.follower"],
    "gateway": ["services.gateway.app"],
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Image]:
    """The images of the three services over the packages of the tests' own environment."""
    folder = tmp_path_factory.mktemp("images")
    made = {"packages": images.installed(folder / "packages")}
    return {name: images.build("service", folder / name, made, SERVICE=name) for name in SERVICES}


def python(image: Image, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python in an image, with the image's environment and nothing of this machine's."""
    environment = {**image.environment, **variables}
    return subprocess.run(
        ["python", *arguments], cwd=image.cwd, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_holds_one_service_and_runs_without_the_others(built, service):
    image = built[service]
    assert {path.name for path in (image.cwd / "services").iterdir() if path.is_dir()} - {"__pycache__"} == {service}
    for module in SERVICES[service]:
        got = python(image, "-c", f"import {module} as m; print(m.__file__)")
        assert got.returncode == 0, got.stderr
        assert Path(got.stdout.strip()).is_relative_to(image.cwd)
    for other in SERVICES.keys() - {service}:
        assert "ModuleNotFoundError" in python(image, "-c", f"import services.{other}").stderr
    assert image.user == "10001:10001"


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_migrates_its_own_database(built, service, tmp_path):
    url = {f"DUIJIE_{service.upper()}_DATABASE_URL": f"sqlite:///{tmp_path}/one.db"}
    for _ in range(2):
        got = python(built[service], "-m", f"services.{service}", "migrate", **url)
        assert got.returncode == 0, got.stderr
    assert (tmp_path / "one.db").stat().st_size > 0


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_step_of_the_file_can_be_carried_out_with_the_locked_packages(tmp_path):
    made = {"packages": images.build("packages", tmp_path / "packages", {})}
    for name in SERVICES:
        image = images.build("service", tmp_path / name, made, SERVICE=name)
        got = python(image, "-c", f"import services.{name}.app, sys; print(sys.prefix)")
        assert got.returncode == 0, got.stderr
        assert Path(got.stdout.strip()) == image.inside("/opt/duijie/venv")
    image = images.build("operations", tmp_path / "operations", made)
    got = python(image, *image.entrypoint[1:], "--help")
    assert (got.returncode, "Usage: duijie" in got.stdout) == (0, True), got.stderr
