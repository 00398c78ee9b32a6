"""Limits: a moving window per key and per organisation, told in RateLimit fields.

The fields are those of draft-ietf-httpapi-ratelimit-headers. Counted in the memory of one gateway process, by its loop
alone: the `limits` package, which reads the notation, would start a thread for every request that it counts.
"""

import math
import time
from collections import deque

from limits import RateLimitItem, parse

from shared import problems
from shared.principal import Principal

_SWEEP_SECONDS = 60.0


class Window:
    """The moments of somebody's requests that still count, oldest first."""

    def __init__(self, limit: RateLimitItem) -> None:
        self._amount = limit.amount
        self._seconds = limit.get_expiry()
        self._moments: deque[float] = deque()

    def take(self, now: float) -> bool:
        """Count a request, unless there were as many as may be."""
        self.move(now)
        if len(self._moments) >= self._amount:
            return False
        self._moments.append(now)
        return True

    def move(self, now: float) -> bool:
        """Forget what counts no longer; whether anything is left."""
        while self._moments and self._moments[0] <= now - self._seconds:
            self._moments.popleft()
        return bool(self._moments)

    def left(self, now: float) -> tuple[int, int]:
        """How many requests may still come, and in how many seconds there may be one more."""
        oldest = self._moments[0] if self.move(now) else now
        return self._amount - len(self._moments), max(1, math.ceil(oldest + self._seconds - now))


class Limits:
    """Counts requests; `take` gives the header fields or raises TooManyRequests."""

    def __init__(self, per_key: str, per_organisation: str, per_widget_key: str) -> None:
        self._limits = {"key": parse(per_key), "organisation": parse(per_organisation)}
        # Visitors of a portal do not use up what its bureau works with, so the organisation is not counted for them.
        self._of_widgets = {"key": parse(per_widget_key)}
        self._windows: dict[tuple[str, str], Window] = {}
        self._sweep_at = 0.0

    def take(self, caller: Principal) -> dict[str, str]:
        """Count one request of a caller."""
        now = time.monotonic()
        self._sweep(now)
        limits = self._of_widgets if caller.role == "widget" else self._limits
        counted = {"key": caller.key_id or "", "organisation": caller.organisation}
        windows = {name: self._window(name, counted[name], limit) for name, limit in limits.items()}
        full = next((window for window in windows.values() if not window.take(now)), None)
        fields = {
            "RateLimit-Policy": ", ".join(f'"{name}";q={it.amount};w={it.get_expiry()}' for name, it in limits.items()),
            "RateLimit": ", ".join(_left(name, window, now) for name, window in windows.items()),
        }
        if full:
            raise problems.TooManyRequests(headers={**fields, "Retry-After": str(full.left(now)[1])})
        return fields

    def _window(self, name: str, whose: str, limit: RateLimitItem) -> Window:
        window = self._windows.get((name, whose))
        if window is None:
            window = self._windows[name, whose] = Window(limit)
        return window

    def _sweep(self, now: float) -> None:
        """Now and then, forget those who have not asked for long."""
        if now >= self._sweep_at:
            self._windows = {whose: window for whose, window in self._windows.items() if window.move(now)}
            self._sweep_at = now + _SWEEP_SECONDS


def _left(name: str, window: Window, now: float) -> str:
    remaining, seconds = window.left(now)
    return f'"{name}";r={remaining};t={seconds}'
