"""The door: from a request under /v1 to an operation, its caller, its limit, its service and its audit record.

Plain ASGI, for every call goes through here. It stands inside the request frame and the body check and outside the
routes, so the gateway's own operations pass it like those of any other service.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway import audit, cors, surface
from services.gateway.access import Caller, KeyRing
from services.gateway.ledger import Ledger
from services.gateway.limits import Limits
from services.gateway.origins import OwnOrigin
from services.gateway.surface import Operation, Surface
from services.gateway.tokens import Tokens
from services.gateway.upstream import Answer, Call, Upstream
from shared import clock, problems, service
from shared.principal import GATEWAY, Principal

_READING = frozenset(("GET", "HEAD"))


@dataclass(frozen=True)
class Parts:
    """What the door is made of."""

    surface: Surface
    keys: KeyRing
    limits: Limits
    ledger: Ledger
    upstreams: Mapping[str, Upstream]
    own_tokens: Tokens
    own_origin: OwnOrigin


class Door:
    """ASGI middleware that answers everything under /v1 and lets the rest (pages, health) pass."""

    def __init__(self, app: ASGIApp, parts: Parts) -> None:
        self._app = app
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self._app(scope, receive, send)
            return
        if (asked := cors.asked(scope)) is not None:
            await _send(send, Answer(204, [], b""), await self._preflight(scope["path"], *asked))
            return
        operation = self._parts.surface.find(scope["method"], scope["path"])
        caller = await self._parts.keys.caller(dict(scope["headers"]))
        fields = cors.admit(caller, self._parts.own_origin, scope["headers"])
        try:
            fields |= self._parts.limits.take(caller.principal)
            answer = await self._recorded(operation, caller, scope, receive)
        except problems.Problem as problem:
            problem.headers = {**fields, **problem.headers}
            raise
        await _send(send, answer, fields)

    async def holder(self, key: str) -> Caller:
        """Whose key it is; Unauthenticated when it is not valid."""
        return await self._parts.keys.holder(key)

    async def ask(
        self, caller: Caller, operation: tuple[str, str], body: bytes, request_id: str, once: str | None = None
    ) -> Answer:
        """Call an operation (method, path) for a page of ours without scripts: limited, narrowed, recorded like any."""
        method, path = operation
        self._parts.limits.take(caller.principal)
        headers = [(b"content-type", b"application/json"), (b"accept", b"application/json")]
        if once is not None:
            headers.append((b"idempotency-key", once.encode()))
        state = {"request_id": request_id}
        scope: Scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers}

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        return await self._recorded(self._parts.surface.find(method, path), caller, {**scope, "state": state}, receive)

    async def _preflight(self, path: str, origin: str, method: str) -> dict[str, str]:
        operation = self._parts.surface.find(method, path)
        return cors.preflight(origin, "widget" in operation.roles and await self._parts.keys.knows(origin))

    async def _recorded(self, operation: Operation, caller: Caller, scope: Scope, receive: Receive) -> Answer:
        try:
            answer = await self._answer(operation, caller, scope, receive)
        except Exception as failure:
            await self._record(operation, caller.principal, scope, service.as_problem(failure).status)
            raise
        await self._record(operation, caller.principal, scope, answer.status)
        return answer

    async def _answer(self, operation: Operation, caller: Caller, scope: Scope, receive: Receive) -> Answer:
        if caller.principal.role not in operation.roles:
            raise problems.reserved_for(operation.roles)
        if operation.service == GATEWAY:
            return await _inside(self._app, scope, receive, self._parts.own_tokens.of(caller.principal))
        body = (await receive())["body"]  # whole: the body check has read it
        if caller.terms is not None:
            caller.terms.narrowing.check(operation.id, scope["query_string"], body)
        target = surface.target(scope["path"], scope["query_string"])
        call = Call(scope["method"], target, scope["headers"], body, scope["state"]["request_id"])
        return await self._parts.upstreams[operation.service].send(call, caller.principal)

    async def _record(self, operation: Operation, caller: Principal, scope: Scope, status: int) -> None:
        if scope["method"] in _READING:
            return
        call = audit.Call(
            at=clock.now(),
            request_id=scope["state"]["request_id"],
            organisation_id=caller.organisation,
            key_id=caller.key_id or "",
            role=caller.role,
            operation=operation.id,
            path=scope["path"][:500],
            status=status,
        )
        await self._parts.ledger.record(call)


async def _inside(app: ASGIApp, scope: Scope, receive: Receive, token: str) -> Answer:
    """Run one of the gateway's own operations, called with a signed principal like any service."""
    headers = [(name, value) for name, value in scope["headers"] if name not in (b"authorization", b"x-api-key")]
    headers.append((b"authorization", b"Bearer " + token.encode()))
    start: dict[str, Any] = {}
    body = bytearray()

    async def collect(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    await app({**scope, "headers": headers}, receive, collect)
    kept = [(name, value) for name, value in start["headers"] if name != b"content-length"]
    return Answer(start["status"], kept, bytes(body))


async def _send(send: Send, answer: Answer, fields: Mapping[str, str]) -> None:
    headers = [*answer.headers, (b"content-length", str(len(answer.body)).encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in fields.items()]
    headers.append((b"x-content-type-options", b"nosniff"))
    if answer.status in (204, 304):
        headers = [(name, value) for name, value in headers if name != b"content-length"]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
