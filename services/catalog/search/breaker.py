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
        self._failures = 0
        self._rest = REST_SECONDS
        self._open_until: float | None = None

    def lets_through(self) -> bool:
        """Whether a call may be made now. Whoever is let through says afterwards how it went."""
        with self._lock:
            if self._open_until is None:
                return True
            if self._clock() < self._open_until:
                return False
            self._open_until = self._clock() + self._rest  # this one tries, the others go on waiting
            return True

    def succeeded(self) -> None:
        """It works: closed."""
        with self._lock:
            self._failures = 0
            self._rest = REST_SECONDS
            self._open_until = None

    def failed(self) -> None:
        """It did not work: open when that happened too often, or when it was the try."""
        with self._lock:
            self._failures += 1
            if self._open_until is not None:
                self._rest = min(self._rest * 2, LONGEST_REST_SECONDS)
            if self._open_until is not None or self._failures >= FAILURES:
                self._open_until = self._clock() + self._rest

    def told_to_wait(self, seconds: float) -> None:
        """The other side asked to be left alone for so long."""
        with self._lock:
            self._open_until = self._clock() + min(seconds, LONGEST_REST_SECONDS)
