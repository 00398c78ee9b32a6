"""S4: whatever is sent, no answer is a 5xx, none has an undeclared status, and every error is a problem."""

import random
import threading
from collections.abc import Callable, Iterator

import pytest

from tests.support import garbage
from tests.support.processes import SystemProcess

THREADS = 4


@pytest.fixture(scope="module")
def target(copied_demo: Callable[[], SystemProcess]) -> Iterator[SystemProcess]:
    """A demo of its own: an admin's garbage may change anything."""
    system = copied_demo()
    system.start()
    yield system
    assert system.stop() == 0


@pytest.fixture
def log(target: SystemProcess) -> Callable[[], list[str]]:
    """Gives the failures that the system has logged since."""
    before = len(failures(target))
    return lambda: failures(target)[before:]


def failures(system: SystemProcess) -> list[str]:
    lines = (system.state / "log").read_text("utf-8").splitlines()
    return [line for line in lines if '"failure"' in line or "Traceback" in line]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("count", [10_000, pytest.param(50_000, marks=pytest.mark.slow)])
def test_raw_garbage_is_answered_with_problems(target, log, count, record_property):
    seed = random.SystemRandom().randrange(10**6)
    outcomes = [garbage.Outcome() for _ in range(THREADS)]
    keys = [target.keys[role] for role in ("sme", "provider", "bureau", "admin")]

    def send(number: int) -> None:
        for request in garbage.requests(seed * THREADS + number, count // THREADS, keys[number]):
            garbage.send(target.port, request, outcomes[number])

    threads = [threading.Thread(target=send, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers = sum((outcome.statuses for outcome in outcomes), start=outcomes[0].statuses.__class__())
    broken = [fault for outcome in outcomes for fault in outcome.broken]
    closed = sum(outcome.closed for outcome in outcomes)
    record_property("figures", f"seed {seed}: {count} raw requests, {closed} closed, {dict(sorted(answers.items()))}")
    assert broken == []
    assert log() == []
    assert answers.total() + closed == count
    with target.client("sme") as client:
        assert client.get("/readyz").status_code == 200, "the garbage broke something"
