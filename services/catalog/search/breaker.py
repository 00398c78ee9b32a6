"""A circuit breaker: what fails again and again is left alone for a while, so that nobody waits for it."""

import time
from collections.abc import Callable
from threading import Lock

FAILURES = 3
REST_SECONDS = 2.0
LONGEST_REST_SECONDS = 30.0


class Breaker:
    """Closed while calls succeed; open after some failures in a row; after its rest one call may try.

    Each try that fails doubles the rest. Used from many threads; `clock` counts seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._calls = 0
        self._failures = 0
        self._rest = REST_SECONDS
        self._open_until: float | None = None
        self._trying: int | None = None

    def begin(self) -> int | None:
        """The number of a call that may be made now, to be told with how it went; null when it may not."""
        with self._lock:
            self._calls += 1
            if self._open_until is None:
                return self._calls
            if self._clock() < self._open_until:
                return None
            self._open_until = self._clock() + self._rest  # this one tries, the others go on waiting
            self._trying = self._calls
            return self._calls

    def succeeded(self) -> None:
        """It works: closed."""
        with self._lock:
            self._failures = 0
            self._rest = REST_SECONDS
            self._open_until = self._trying = None

    def failed(self, call: int) -> None:
        """It did not work: open when that happened too often, for longer when it was the try.

        Calls that began before it opened and fail after it say nothing new.
        """
        with self._lock:
            if self._open_until is None:
                self._failures += 1
                if self._failures >= FAILURES:
                    self._open_until = self._clock() + self._rest
            elif call == self._trying:
                self._rest = min(self._rest * 2, LONGEST_REST_SECONDS)
                self._open_until = self._clock() + self._rest

    def told_to_wait(self, seconds: float) -> None:
        """The other side asked to be left alone for so long."""
        with self._lock:
            self._open_until = self._clock() + min(seconds, LONGEST_REST_SECONDS)
