"""What may not even reach a route: bodies and addresses that no part of the system could store or echo safely.

Refused: over the size limit (413), not UTF-8, malformed JSON, NaN and infinities, NUL, lone surrogates, nesting
deeper than 32 (400). pydantic, PostgreSQL and JSON encoders each fail on one of these with a 500 otherwise.
"""

import hashlib
import json
import math
from typing import Any
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import problems
from shared.contracts.wire import Text

MAX_DEPTH = 32
JSON_LIMIT = 1024 * 1024
UPLOAD_LIMIT = 10 * 1024 * 1024
UPLOAD_TYPE = "multipart/form-data"


class BodyCheck:
    """ASGI middleware: reads the body once, checks it, and leaves its SHA-256 in the request state."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, then hand on with the same body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        check_address(scope)
        headers = dict(reversed(scope["headers"]))  # of a repeated field the first, which the routes read too
        content_type = headers.get(b"content-type", b"").decode("latin-1").lower()
        limit = UPLOAD_LIMIT if content_type.startswith(UPLOAD_TYPE) else JSON_LIMIT
        body = await read(receive, limit, headers.get(b"content-length"))
        if "json" in content_type and body:
            check_json(body)
        scope.setdefault("state", {})["body_sha256"] = hashlib.sha256(body).hexdigest()
        await self._app(scope, _replay(body, receive), send)


def check_address(scope: Scope) -> None:
    """Refuse a path or query with NUL or with bytes that are not UTF-8."""
    raw = scope.get("raw_path") or scope["path"].encode()
    for part, name in ((raw, "path"), (scope["query_string"].replace(b"+", b" "), "query")):
        try:
            decoded = unquote_to_bytes(part).decode()
        except UnicodeDecodeError:
            raise _unreadable(f"{name} 不是合法的 UTF-8", f"the {name} is not valid UTF-8") from None
        if "\x00" in decoded:
            raise _unreadable(f"{name} 含有空字符", f"the {name} holds a NUL character")


async def read(receive: Receive, limit: int, declared: bytes | None) -> bytes:
    """The whole body; TooLarge as soon as it is known to pass the limit."""
    too_large = problems.TooLarge(
        Text(zh=f"请求体不得超过 {limit} 字节", en=f"the body may have at most {limit} bytes"),
        headers={"Connection": "close"},
    )
    if declared and declared.isdigit() and int(declared) > limit:
        raise too_large
    chunks: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _unreadable("请求未完整送达", "the request did not arrive whole")
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > limit:
            raise too_large
        more = message.get("more_body", False)
    return b"".join(chunks)


def check_json(body: bytes) -> Any:
    """The value of a JSON text; BadRequest for JSON that a later layer could not carry."""
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise _unreadable("请求体不是合法的 UTF-8", "the body is not valid UTF-8") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise _unreadable("请求体不是合法的 JSON", "the body is not valid JSON") from None
    _check_value(value)
    return value


def _check_value(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        deeper: list[Any] = []
        for item in level:
            if isinstance(item, str):
                _check_text(item)
            elif isinstance(item, float) and not math.isfinite(item):
                raise _unreadable("数值超出范围", "a number is out of range")
            elif isinstance(item, dict):
                deeper.extend(item)
                deeper.extend(item.values())
            elif isinstance(item, list):
                deeper.extend(item)
        if not deeper:
            return
        level = deeper
    raise _too_deep()


def _check_text(text: str) -> None:
    if "\x00" in text:
        raise _unreadable("文本含有空字符", "a text holds a NUL character")
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise _unreadable("文本含有孤立的代理字符", "a text holds a lone surrogate")


def _refuse_constant(_: str) -> None:
    raise ValueError


def _too_deep() -> problems.Problem:
    return _unreadable(f"JSON 嵌套超过 {MAX_DEPTH} 层", f"JSON is nested deeper than {MAX_DEPTH}")


def _unreadable(zh: str, en: str) -> problems.Problem:
    return problems.BadRequest(Text(zh=zh, en=en))


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def replayed() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
