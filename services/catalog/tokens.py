"""The feed's opaque tokens: a cursor (epoch and position) and a snapshot page (cursor and place).

They carry no secret and open nothing that their reader may not read anyway, so they are not signed.
"""

import base64
import binascii
import json
import re
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, TypeAdapter, ValidationError

from shared import problems

Entity = Literal["category", "provider", "offering", "edition"]
_CURSOR = re.compile(r"([0-9a-f]{16})-([0-9]{1,18})")
Cursor = Annotated[str, Field(pattern=f"^{_CURSOR.pattern}$")]
Place = Annotated[int, Field(ge=0, le=10**6, strict=True)]
Identifier = Annotated[str, Field(pattern=r"^[a-z]{3}_[0-9a-f]{32}$")]


class PageToken(NamedTuple):
    """Where a snapshot goes on: its cursor, the kind of record, and the key of the last one given."""

    cursor: Cursor
    entity: Entity
    last: Place | Identifier | None


_PAGE = TypeAdapter(PageToken)


def seal_cursor(epoch: str, position: int) -> str:
    """A cursor after this position."""
    return f"{epoch}-{position}"


def open_cursor(cursor: str) -> tuple[str, int]:
    """Epoch and position; BadRequest when it is not a cursor at all."""
    parts = _CURSOR.fullmatch(cursor)
    if parts is None:
        raise _malformed("after")
    return parts[1], int(parts[2])


def seal_page(token: PageToken) -> str:
    """The token of a snapshot page."""
    return base64.urlsafe_b64encode(json.dumps(token).encode()).decode().rstrip("=")


def open_page(sealed: str) -> PageToken:
    """What a token of a snapshot page says; BadRequest when it is not one."""
    try:
        token = _PAGE.validate_json(base64.urlsafe_b64decode(sealed.encode() + b"=" * (-len(sealed) % 4)))
    except (binascii.Error, ValidationError, ValueError):
        raise _malformed("page") from None
    if isinstance(token.last, int) != (token.entity == "category") and token.last is not None:
        raise _malformed("page")
    return token


def _malformed(name: str) -> problems.Problem:
    return problems.BadRequest(
        errors=[problems.parameter(name, "malformed-token", "不是有效的令牌", "not such a token")]
    )
