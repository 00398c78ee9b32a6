"""Limits: a moving window per key and per organisation, told in RateLimit fields.

The fields are those of draft-ietf-httpapi-ratelimit-headers. Counted in the memory of one gateway process.
"""

import math
import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from shared import problems
from shared.principal import Principal


class Limits:
    """Counts requests; `take` gives the header fields or raises TooManyRequests."""

    def __init__(self, per_key: str, per_organisation: str) -> None:
        self._windows = MovingWindowRateLimiter(MemoryStorage())
        self._limits = {"key": parse(per_key), "organisation": parse(per_organisation)}
        self._policy = ", ".join(
            f'"{name}";q={limit.amount};w={limit.get_expiry()}' for name, limit in self._limits.items()
        )

    def take(self, caller: Principal) -> dict[str, str]:
        """Count one request of a caller."""
        counted = {"key": caller.key_id or "", "organisation": caller.organisation}
        for name, limit in self._limits.items():
            if not self._windows.hit(limit, name, counted[name]):
                seconds, _ = self._left(limit, name, counted[name])
                raise problems.TooManyRequests(headers={**self._fields(counted), "Retry-After": str(seconds)})
        return self._fields(counted)

    def _fields(self, counted: dict[str, str]) -> dict[str, str]:
        parts = []
        for name, limit in self._limits.items():
            seconds, remaining = self._left(limit, name, counted[name])
            parts.append(f'"{name}";r={remaining};t={seconds}')
        return {"RateLimit-Policy": self._policy, "RateLimit": ", ".join(parts)}

    def _left(self, limit: RateLimitItem, name: str, counted: str) -> tuple[int, int]:
        stats = self._windows.get_window_stats(limit, name, counted)
        return max(1, math.ceil(stats.reset_time - time.time())), stats.remaining
