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

    def __init__(self, per_key: str, per_organisation: str, per_widget_key: str) -> None:
        self._windows = MovingWindowRateLimiter(MemoryStorage())
        self._limits = {"key": parse(per_key), "organisation": parse(per_organisation)}
        # Visitors of a portal do not use up what its bureau works with, so the organisation is not counted for them.
        self._of_widgets = {"key": parse(per_widget_key)}

    def take(self, caller: Principal) -> dict[str, str]:
        """Count one request of a caller."""
        limits = self._of_widgets if caller.role == "widget" else self._limits
        counted = {"key": caller.key_id or "", "organisation": caller.organisation}
        for name, limit in limits.items():
            if not self._windows.hit(limit, name, counted[name]):
                seconds, _ = self._left(limit, name, counted[name])
                raise problems.TooManyRequests(headers={**self._fields(limits, counted), "Retry-After": str(seconds)})
        return self._fields(limits, counted)

    def _fields(self, limits: dict[str, RateLimitItem], counted: dict[str, str]) -> dict[str, str]:
        policy, parts = [], []
        for name, limit in limits.items():
            seconds, remaining = self._left(limit, name, counted[name])
            policy.append(f'"{name}";q={limit.amount};w={limit.get_expiry()}')
            parts.append(f'"{name}";r={remaining};t={seconds}')
        return {"RateLimit-Policy": ", ".join(policy), "RateLimit": ", ".join(parts)}

    def _left(self, limit: RateLimitItem, name: str, counted: str) -> tuple[int, int]:
        stats = self._windows.get_window_stats(limit, name, counted)
        return max(1, math.ceil(stats.reset_time - time.time())), stats.remaining
