"""What every service is made of: `create(...)` gives an app with our errors, checks, health and OpenAPI document."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import identifiers, openapi, problems, validation
from shared.bodies import BodyCheck
from shared.contracts.wire import Text
from shared.logs import log

_REQUEST_ID = re.compile(rb"[A-Za-z0-9_-]{8,64}")
_BY_STATUS: Mapping[int, type[problems.Problem]] = {
    400: problems.BadRequest,
    401: problems.Unauthenticated,
    403: problems.Forbidden,
    404: problems.NotFound,
    405: problems.MethodNotAllowed,
    413: problems.TooLarge,
    415: problems.UnsupportedMediaType,
}
_UNUSABLE = ("25006", "42P01")
"""What PostgreSQL says of a database that takes no writes now (a standby), or that has no tables yet."""
ReadinessCheck = Callable[[FastAPI], Mapping[str, Any]]
"""Gives facts for `/readyz`; raises problems.Unavailable (or a database error) when not ready."""


def create(
    name: str,
    version: str,
    description: str,
    routers: Sequence[APIRouter],
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
    readiness: Mapping[str, ReadinessCheck],
) -> FastAPI:
    """A service's app. Every route under /v1 must declare who may call it (shared.access.Allow)."""
    app = FastAPI(
        title=f"Duijie {name}",
        version=version,
        description=description,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
        redirect_slashes=False,
        routes=[route for router in (*routers, _health(readiness)) for route in router.routes],
    )
    _tell_problems(app)
    app.add_middleware(BodyCheck)
    app.add_middleware(RequestFrame)
    for route in openapi.public_routes(routers):
        openapi.check(route)  # a service with a route that does not say who may call it does not start
    app.openapi = lambda: openapi.document(app, routers)  # type: ignore[method-assign]
    return app


class RequestFrame:
    """Outermost middleware: gives each request an id, tells problems raised before routing, logs one line."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request inside its frame."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        offered = dict(scope["headers"]).get(b"x-request-id", b"")
        request_id = offered.decode() if _REQUEST_ID.fullmatch(offered) else identifiers.new("req")
        scope.setdefault("state", {}).update(request_id=request_id, arrived=time.monotonic())
        started = False

        async def framed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
                log.info("request", method=scope["method"], status=message["status"], request_id=request_id)
            await send(message)

        try:
            await self._app(scope, receive, framed)
        except Exception as failure:
            if started:
                raise
            await _answer(scope, failure)(scope, receive, framed)


def _answer(scope: Scope, failure: Exception) -> Response:
    request_id = scope["state"]["request_id"]
    problem = as_problem(failure)
    if problem.status == 500:
        # Only the kind of failure: its message could hold what the caller sent.
        log.error("failure", kind=type(failure).__name__, request_id=request_id, exc_info=failure)
    return JSONResponse(problem.document(request_id), problem.status, problem.headers, media_type=problems.MEDIA_TYPE)


def as_problem(failure: Exception) -> problems.Problem:
    """The problem that an exception means for the caller."""
    if isinstance(failure, problems.Problem):
        return failure
    if isinstance(failure, RequestValidationError):
        items = validation.items(failure.errors())
        readable = all(item.pointer is not None and item.code != "json-invalid" for item in items)
        return (problems.Invalid if readable else problems.BadRequest)(errors=items)
    if isinstance(failure, HTTPException):
        problem = _BY_STATUS.get(failure.status_code, problems.BadRequest)()
        problem.headers |= dict(failure.headers or {})  # e.g. Allow, which a 405 must carry
        return problem
    return _of_the_database(failure) or problems.Problem()


def _of_the_database(failure: Exception) -> problems.Problem | None:
    state = getattr(getattr(failure, "orig", None), "sqlstate", None)
    said = str(getattr(failure, "orig", ""))
    if isinstance(failure, OperationalError) and (state == "55P03" or "database is locked" in said):
        conflict = Text(zh="另一个请求正在进行，请稍后重试", en="another request is running: try again later")
        return problems.Conflict(conflict, headers={"Retry-After": "1"})
    if isinstance(failure, IntegrityError) and (state == "23505" or "UNIQUE constraint failed" in said):
        return problems.Conflict(Text(zh="同样的记录已由另一请求写入", en="another request has written the same"))
    away = isinstance(failure, (OperationalError, InterfaceError, PoolTimeout)) or state in _UNUSABLE
    return problems.Unavailable() if away else None


def _tell_problems(app: FastAPI) -> None:
    async def tell(request: Request, failure: Exception) -> Response:
        return _answer(request.scope, failure)

    for kind in (problems.Problem, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, tell)


def _health(readiness: Mapping[str, ReadinessCheck]) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/healthz", include_in_schema=False)
    def alive() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz", include_in_schema=False)
    def ready(request: Request) -> dict[str, Any]:
        return {"status": "ready", **{name: check(request.app) for name, check in readiness.items()}}

    return router
