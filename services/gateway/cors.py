"""Calls from pages of other origins: only with a widget key, and only from the origins that it is registered for.

Without an `Access-Control-Allow-Origin` of ours a browser gives a page nothing, so a foreign page gets nothing whatever
key it holds; and a widget key is refused here before anything is done for such a page.
"""

from collections.abc import Mapping

from starlette.types import Scope

from services.gateway import origins
from services.gateway.access import Caller
from services.gateway.origins import OwnOrigin
from shared import problems
from shared.contracts.wire import Text

_FOREIGN = Text(
    zh="此密钥未登记这个网站（来源），或请求没有来源",
    en="this key is not registered for the site (origin) that asks, or the request names none",
)
_READABLE = "RateLimit, RateLimit-Policy, Retry-After, Link, X-Request-Id"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, X-API-Key",
    "Access-Control-Max-Age": "600",
}


def admit(caller: Caller, own: OwnOrigin, headers: origins.Headers) -> dict[str, str]:
    """The fields that let the page read the answer; Forbidden for a widget key from an origin it is not bound to."""
    if caller.terms is None:
        return {}
    told = origins.sent(headers)
    if told is not None and told in caller.terms.origins:
        return _readable_by(told)
    if own.serves(headers):
        return {"Vary": "Origin"}
    raise problems.Forbidden(_FOREIGN, headers={"Vary": "Origin"})


def asked(scope: Scope) -> tuple[str, str] | None:
    """The origin and the method that a preflight asks for; None when the request is none."""
    if scope["method"] != "OPTIONS":
        return None
    wanted: Mapping[bytes, bytes] = dict(scope["headers"])
    origin, method = origins.sent(scope["headers"]), wanted.get(b"access-control-request-method")
    return (origin, method.decode("latin-1")) if origin is not None and method is not None else None


def preflight(origin: str, known: bool) -> dict[str, str]:
    """The fields that answer a preflight; Forbidden for an origin that no widget key is bound to."""
    if not known:
        raise problems.Forbidden(_FOREIGN, headers={"Vary": "Origin"})
    return {**_readable_by(origin), **_PREFLIGHT}


def _readable_by(origin: str) -> dict[str, str]:
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": _READABLE, "Vary": "Origin"}
