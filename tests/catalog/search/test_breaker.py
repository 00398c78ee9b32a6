"""The circuit breaker, by a clock that the test turns."""

import pytest

from services.catalog.search.breaker import FAILURES, LONGEST_REST_SECONDS, REST_SECONDS, Breaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock)


def fail(breaker: Breaker) -> None:
    call = breaker.begin()
    assert call is not None
    breaker.failed(call)


def opened(breaker: Breaker) -> None:
    for _ in range(FAILURES):
        fail(breaker)


def test_it_opens_after_some_failures_in_a_row(breaker: Breaker) -> None:
    for _ in range(FAILURES - 1):
        fail(breaker)
    breaker.succeeded()
    for _ in range(FAILURES - 1):
        fail(breaker)
    assert breaker.begin() is not None
    fail(breaker)
    assert breaker.begin() is None


def test_after_its_rest_one_tries_and_the_others_wait(breaker: Breaker, clock: Clock) -> None:
    opened(breaker)
    clock.now += REST_SECONDS
    assert breaker.begin() is not None
    assert breaker.begin() is None
    breaker.succeeded()
    assert breaker.begin() is not None


def test_a_try_that_never_comes_back_does_not_lock_it(breaker: Breaker, clock: Clock) -> None:
    opened(breaker)
    clock.now += REST_SECONDS
    assert breaker.begin() is not None
    clock.now += REST_SECONDS
    assert breaker.begin() is not None


def test_each_failed_try_doubles_the_rest_up_to_a_bound(breaker: Breaker, clock: Clock) -> None:
    opened(breaker)
    rest = REST_SECONDS
    for _ in range(8):
        clock.now += rest - 0.01
        assert breaker.begin() is None
        clock.now += 0.01
        fail(breaker)
        rest = min(rest * 2, LONGEST_REST_SECONDS)
    assert rest == LONGEST_REST_SECONDS
    clock.now += rest
    assert breaker.begin() is not None
    breaker.succeeded()
    opened(breaker)
    clock.now += REST_SECONDS
    assert breaker.begin() is not None, "after a success the rest is short again"


def test_who_began_before_it_opened_and_fails_after_it_says_nothing_new(breaker: Breaker, clock: Clock) -> None:
    begun = [breaker.begin() for _ in range(50)]
    for call in begun:
        assert call is not None
        breaker.failed(call)
    clock.now += REST_SECONDS
    assert breaker.begin() is not None


def test_it_waits_as_long_as_it_is_told_but_not_for_ever(breaker: Breaker, clock: Clock) -> None:
    for told, waits in ((10.0, 10.0), (86400.0, LONGEST_REST_SECONDS)):
        assert breaker.begin() is not None
        breaker.told_to_wait(told)
        clock.now += waits - 0.01
        assert breaker.begin() is None
        clock.now += 0.01
        assert breaker.begin() is not None
        breaker.succeeded()
