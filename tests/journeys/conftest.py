"""Running systems for the journeys: the demo is loaded once per test run and copied."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.processes import SystemProcess

UNLIMITED = {f"GATEWAY_{whose}_LIMIT": "1000000/minute" for whose in ("KEY", "ORGANISATION", "WIDGET_KEY")}


@pytest.fixture(scope="session")
def demo_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with the demo loaded, made by the first of the parallel workers that asks."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if shared.name.startswith("popen-") else shared
    with (shared / "demo-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = shared / "demo-state"
        if not made.exists():
            with _running(SystemProcess(_folder(shared / "demo-making"), load_demo=True)) as system:
                pass
            system.state.rename(made)
    return made


@pytest.fixture(scope="session")
def copied_demo(demo_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], SystemProcess]:
    """Gives a system that is not yet started, on a copy of the loaded demo, without limits."""

    def copy() -> SystemProcess:
        state = tmp_path_factory.mktemp("system") / "state"
        shutil.copytree(demo_state, state)
        return SystemProcess(state, load_demo=True, **UNLIMITED)

    return copy


@pytest.fixture(scope="package")
def demo(copied_demo: Callable[[], SystemProcess]) -> Iterator[SystemProcess]:
    """A running demo that the journeys of one worker share: name what you make so that nobody else finds it."""
    with _running(copied_demo()) as system:
        yield system


@contextmanager
def _running(system: SystemProcess) -> Iterator[SystemProcess]:
    system.start()
    try:
        yield system
    finally:
        assert system.stop() == 0


def _folder(path: Path) -> Path:
    path.mkdir()
    return path
