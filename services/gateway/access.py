"""Who calls: from `Authorization: Bearer dj_…` or `X-API-Key: dj_…` to a principal."""

import asyncio
import time
from collections.abc import Mapping

from anyio import to_thread

from services.gateway import keys
from shared import problems
from shared.database import Database
from shared.principal import Principal

_CACHED_AT_MOST = 10_000
_PATIENCE_SECONDS = 2.0
"""A database that hangs is told after this long; its own time limits do not help when it is stopped."""


class KeyRing:
    """Looks keys up and remembers the outcome for at most a second, so that a revoked key dies everywhere in one."""

    def __init__(self, database: Database, pepper: bytes, demo_allowed: bool, seconds: float) -> None:
        self._database = database
        self._pepper = pepper
        self._demo_allowed = demo_allowed
        self._seconds = seconds
        self._cache: dict[str, tuple[asyncio.Future[Principal | None], float]] = {}

    async def caller(self, headers: Mapping[bytes, bytes]) -> Principal:
        """The caller of a request; Unauthenticated without a valid key."""
        raw = _key(headers)
        if keys.SHAPE.fullmatch(raw) is None:
            raise problems.Unauthenticated
        found = await self._look_up(keys.digest(self._pepper, raw))
        if found is None:
            raise problems.Unauthenticated
        return found

    async def _look_up(self, hashed: str) -> Principal | None:
        now = time.monotonic()
        task, until = self._cache.get(hashed, (None, 0.0))
        if task is None or until <= now:
            if len(self._cache) >= _CACHED_AT_MOST:
                self._cache.clear()
            # The future itself is remembered: simultaneous requests with one key ask the database once.
            task = asyncio.ensure_future(to_thread.run_sync(self._read, hashed))
            self._cache[hashed] = (task, now + self._seconds)
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await asyncio.shield(task)
        except TimeoutError:
            raise problems.Unavailable from None
        except Exception:
            self._cache.pop(hashed, None)
            raise

    def _read(self, hashed: str) -> Principal | None:
        with self._database.read.begin() as session:
            return keys.principal(session, hashed, self._demo_allowed)


def _key(headers: Mapping[bytes, bytes]) -> str:
    scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return headers.get(b"x-api-key", b"").decode("latin-1").strip()
