"""S4: whatever is sent, no answer is a 5xx, none has an undeclared status, and every error is a problem."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.support import garbage, generated
from tests.support.processes import SystemProcess

THREADS = 16
"""Of a hundred requests one or two wait for half a second, because a body of theirs never comes."""


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
        for request in garbage.requests(seed * THREADS + number, count // THREADS, keys[number % len(keys)]):
            garbage.send(target.port, request, outcomes[number])

    threads = [threading.Thread(target=send, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers = sum((outcome.statuses for outcome in outcomes), start=Counter[int]())
    closed = sum(outcome.closed for outcome in outcomes)
    told = dict(sorted(answers.items()))
    record_property("figures", f"seed {seed}: {count} raw requests, {closed} closed unanswered, answers {told}")
    assert [fault for outcome in outcomes for fault in outcome.broken] == []
    assert log() == []
    assert answers.total() + closed == count
    assert closed < count / 20
    with target.client("sme") as client:
        assert client.get("/readyz").status_code == 200, "the garbage broke something"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("count", [2_000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_the_document_keeps_its_word(target, log, count, record_property):
    seed = random.SystemRandom().randrange(10**6)
    statuses, broken = generated.run(target, count, seed)
    told = dict(sorted(statuses.items()))
    record_property("figures", f"seed {seed}: {statuses.total()} cases over the whole document, answers {told}")
    assert broken == []
    assert log() == []
    assert statuses.total() >= count
