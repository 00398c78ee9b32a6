"""Same key, same effect: a claim on the key, the write and the stored answer are one transaction.

The database does the waiting: a duplicate that runs at the same time blocks on the claim of the first until that
one commits, and then finds its answer (or waits longer than LOCK_WAIT_SECONDS and gets 409).
"""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel
from sqlalchemy import (
    JSON,
    Column,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared import access, clock, problems
from shared.contracts.wire import Text, Written
from shared.database import Instant, Writing

KEPT = timedelta(days=7)
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_SHOWN_ONCE = Text(
    zh="此请求已办理，其答复只出示一次，不予保存；未收到时请撤销所生成的内容，再换一个 Idempotency-Key 重做",
    en="this request was carried out, and its answer is shown once and not kept: when it was lost, revoke what was "
    "made and ask again with a new Idempotency-Key",
)


def table(metadata: MetaData) -> Table:
    """The table of claimed keys; each service has its own."""
    return Table(
        "idempotency_keys",
        metadata,
        Column("scope", String(64), primary_key=True),
        Column("request", String(64), nullable=False),
        Column("status", SmallInteger, nullable=True),
        Column("headers", JSON, nullable=True),
        Column("body", LargeBinary, nullable=True),
        Column("claimed_at", Instant, nullable=False, index=True),
    )


Made = TypeVar("Made", bound=BaseModel | Written)


class Once:
    """Runs a write once per key: `once(201, lambda: needs.submit(...))`; the callable gives the answer."""

    def __init__(self, session: Session, keys: Table, scope: str | None, fingerprint: str) -> None:
        self._session = session
        self._keys = keys
        self._scope = scope
        self._fingerprint = fingerprint

    def __call__(
        self,
        status: int,
        produce: Callable[[], Made],
        headers: Callable[[Made], dict[str, str]] | None = None,
        *,
        secret: bool = False,
    ) -> Response:
        """The answer of `produce`, or the stored answer of the first request with this key, byte for byte.

        A `secret` answer is stored nowhere, nor on its way; a repetition of its request is a Conflict: it was done.
        """
        if self._scope is not None and not self._claim():
            return self._replay()
        answer = _answer(status, produce(), headers)
        if secret:
            answer.headers["Cache-Control"] = "no-store"
        if self._scope is None:
            return answer
        body = None if secret else bytes(answer.body)
        stored = {"status": status, "headers": _own_headers(answer), "body": body}
        kept = update(self._keys).where(self._keys.c.scope == bindparam("claimed"))
        self._session.execute(kept, {**stored, "claimed": self._scope})
        return answer

    def _claim(self) -> bool:
        dialect = self._session.get_bind().dialect.name
        insertion = (postgresql if dialect == "postgresql" else sqlite).insert(self._keys).on_conflict_do_nothing()
        row = {"scope": self._scope, "request": self._fingerprint, "claimed_at": clock.now()}
        claimed = self._session.execute(insertion.returning(self._keys.c.scope), row)
        return claimed.first() is not None

    def _replay(self) -> Response:
        first = self._session.execute(select(self._keys).where(self._keys.c.scope == self._scope)).one()
        if first.request != self._fingerprint:
            raise problems.Invalid(
                Text(
                    zh="此 Idempotency-Key 已用于另一请求",
                    en="this Idempotency-Key was used with another request",
                ),
                [
                    problems.ProblemItem(
                        header="Idempotency-Key",
                        code="key-reused",
                        text=Text(zh="请换一个键", en="use a new key"),
                    )
                ],
            )
        if first.body is None:
            raise problems.Conflict(_SHOWN_ONCE)
        return Response(first.body, first.status, {**first.headers, "Idempotent-Replayed": "true"})


def forget(session: Session, keys: Table) -> None:
    """Drop the keys past their time."""
    session.execute(delete(keys).where(keys.c.claimed_at < clock.now() - KEPT))


def _answer(status: int, made: Made, headers: Callable[[Made], dict[str, str]] | None) -> Response:
    content = made.content if isinstance(made, Written) else made.model_dump_json(by_alias=True)
    return Response(content, status, headers(made) if headers else None, media_type="application/json")


def _own_headers(answer: Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "content-length"}


async def _once(
    request: Request,
    session: Writing,
    idempotency_key: Annotated[
        str | None,
        Header(description="makes a repeated request harmless: same key, same effect, same answer; kept 7 days"),
    ] = None,
) -> Once:
    keys: Table = request.app.state.idempotency_keys
    if idempotency_key is None:
        return Once(session, keys, None, "")
    if not _KEY.fullmatch(idempotency_key):
        raise problems.BadRequest(
            errors=[
                problems.ProblemItem(
                    header="Idempotency-Key",
                    code="malformed-key",
                    text=Text(zh="须为 1 至 200 个可见 ASCII 字符", en="must be 1 to 200 visible ASCII characters"),
                )
            ]
        )
    caller, operation = access.caller(request), f"{request.method} {request.url.path}"
    # A widget key is public: whoever calls with it shares no keys with the bureau whose page it is.
    owner = f"{caller.organisation}\nwidget {caller.key_id}" if caller.role == "widget" else caller.organisation
    scope = hashlib.sha256(f"{owner}\n{operation}\n{idempotency_key}".encode()).hexdigest()
    fingerprint = hashlib.sha256(f"{request.state.body_sha256}\n{request.url.query}".encode()).hexdigest()
    return Once(session, keys, scope, fingerprint)


Idempotent = Annotated[Once, Depends(_once, scope="function")]
