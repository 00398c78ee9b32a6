"""Keyset cursors: opaque, signed, and bound to what they page through (filter and tenant)."""

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any

from shared import problems


class Cursors:
    """Seals and opens the cursors of one service."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def seal(self, place: list[Any], bound_to: Any) -> str:
        """A cursor for the place after which the next page begins."""
        payload = json.dumps(place, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._mac(payload, bound_to) + payload).decode().rstrip("=")

    def open(self, cursor: str, bound_to: Any) -> list[Any]:
        """The place inside a cursor; BadRequest when it is not ours or belongs to another listing."""
        try:
            sealed = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        except (binascii.Error, ValueError):
            sealed = b""
        mac, payload = sealed[:16], sealed[16:]
        if not payload or not hmac.compare_digest(mac, self._mac(payload, bound_to)):
            item = problems.parameter(
                "cursor", "foreign-cursor", "游标无效或属于另一个查询", "not a cursor of this listing"
            )
            raise problems.BadRequest(errors=[item])
        place: list[Any] = json.loads(payload)
        return place

    def _mac(self, payload: bytes, bound_to: Any) -> bytes:
        binding = json.dumps(bound_to, sort_keys=True, default=str).encode()
        return hmac.digest(self._secret, binding + b"\n" + payload, hashlib.sha256)[:16]
