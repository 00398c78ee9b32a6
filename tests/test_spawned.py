"""The owner of the tests' processes: what it started ends, in every order of events."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.support import spawned
from tests.support.ports import free_port
from tests.support.spawned import Spawned

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(99)"
)
PARENT = "import subprocess, time; subprocess.Popen(['sleep', '99']); print('ready', flush=True); time.sleep(99)"


@pytest.fixture
def start(tmp_path: Path):
    """Starts Python with a text that says so once it is at work."""

    def run(program: str) -> Spawned:
        said = tmp_path / "said"
        with said.open("wb") as out:
            process = Spawned([sys.executable, "-c", program], stdout=out)
        while not said.read_text():
            assert process.runs
            time.sleep(0.01)
        return process

    return run


def test_one_that_ended_by_itself_can_still_be_signalled_killed_and_stopped(start):
    process = start("print('ready')")
    while process.runs:
        time.sleep(0.01)
    process.send(signal.SIGSTOP)
    process.kill()
    assert (process.stop(1), process.code) == (0, 0)


def test_one_that_does_not_want_to_end_is_killed(start):
    assert start(STUBBORN).stop(0.1) == -signal.SIGKILL


def test_what_it_started_ends_with_it(start):
    process = start(PARENT)
    (child,) = spawned.children(process.pid)
    process.kill()
    deadline = time.monotonic() + 10
    while runs(child):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def runs(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def test_one_that_a_test_forgot_is_held_until_the_end_and_then_ended(start):
    pid = start(STUBBORN).pid
    os.kill(pid, 0)
    (forgotten,) = (process for process in spawned._running if process.pid == pid)
    forgotten.kill()
    assert forgotten not in spawned._running


def test_no_port_is_given_twice_nor_to_an_outgoing_connection():
    ports = [free_port() for _ in range(50)]
    assert len(set(ports)) == 50
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert max(ports) < lowest or lowest <= 20_000


def test_no_test_starts_a_process_that_stays_without_its_owner():
    tests = Path(__file__).parent
    starting = {path.name for path in tests.rglob("*.py") if "subprocess.Popen(" in path.read_text("utf-8")}
    assert starting - {Path(__file__).name} == {"spawned.py"}
