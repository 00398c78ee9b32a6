"""Who calls: from `Authorization: Bearer dj_…` or `X-API-Key: dj_…` to a principal."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from anyio import to_thread
from sqlalchemy.orm import Session

from services.gateway import keys, origins, widget_keys
from services.gateway.widget_keys import Terms
from shared import problems
from shared.database import Database
from shared.principal import Principal

T = TypeVar("T")

_CACHED_AT_MOST = 10_000
_PATIENCE_SECONDS = 2.0
"""A database that hangs is told after this long; its own time limits do not help when it is stopped."""


@dataclass(frozen=True)
class Caller:
    """Who calls, and for a widget key what it is bound to."""

    principal: Principal
    terms: Terms | None = None


class KeyRing:
    """Looks keys up and remembers the outcome for at most a second, so that a revoked key dies everywhere in one."""

    def __init__(self, database: Database, pepper: bytes, demo_allowed: bool, seconds: float) -> None:
        self._database = database
        self._pepper = pepper
        self._demo_allowed = demo_allowed
        self._seconds = seconds
        self._cache: dict[str, tuple[asyncio.Future[Any], float]] = {}

    async def caller(self, headers: Mapping[bytes, bytes]) -> Caller:
        """The caller of a request; Unauthenticated without a valid key."""
        return await self.holder(_key(headers))

    async def holder(self, raw: str) -> Caller:
        """Whose key it is; Unauthenticated when it is not valid."""
        if keys.SHAPE.fullmatch(raw) is None:
            raise problems.Unauthenticated
        hashed = keys.digest(self._pepper, raw)
        found = await self._recall(hashed, lambda session: self._read(session, hashed))
        if found is None:
            raise problems.Unauthenticated
        return found

    async def knows(self, origin: str) -> bool:
        """Whether any widget key may be used from an origin."""
        if len(origin) > origins.LONGEST:
            return False
        return await self._recall(f"origin {origin}", lambda session: widget_keys.is_registered(session, origin))

    async def _recall(self, name: str, read: Callable[[Session], T]) -> T:
        now = time.monotonic()
        task, until = self._cache.get(name, (None, 0.0))
        if task is None or until <= now:
            if len(self._cache) >= _CACHED_AT_MOST:
                self._cache.clear()
            # The future itself is remembered: simultaneous requests with one key ask the database once.
            task = asyncio.ensure_future(to_thread.run_sync(self._ask, read))
            self._cache[name] = (task, now + self._seconds)
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                found: T = await asyncio.shield(task)
                return found
        except TimeoutError:
            raise problems.Unavailable from None
        except Exception:
            self._cache.pop(name, None)
            raise

    def _ask(self, read: Callable[[Session], T]) -> T:
        with self._database.read.begin() as session:
            return read(session)

    def _read(self, session: Session, hashed: str) -> Caller | None:
        found = keys.principal(session, hashed, self._demo_allowed)
        if found is None:
            return None
        bound = found.role == widget_keys.ROLE
        return Caller(found, widget_keys.terms(session, found.key_id or "") if bound else None)


def _key(headers: Mapping[bytes, bytes]) -> str:
    scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return headers.get(b"x-api-key", b"").decode("latin-1").strip()
