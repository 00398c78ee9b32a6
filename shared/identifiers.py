"""Identifiers: a prefix that tells the kind, and a UUIDv7 that sorts by time (RFC 9562)."""

import secrets
import time
from uuid import UUID


def new(prefix: str) -> str:
    """A new identifier such as `off_0190…`; `prefix` tells the kind."""
    milliseconds = time.time_ns() // 1_000_000
    bits = (milliseconds << 80) | (0x7 << 76) | (secrets.randbits(12) << 64) | (0b10 << 62) | secrets.randbits(62)
    return f"{prefix}_{UUID(int=bits).hex}"
