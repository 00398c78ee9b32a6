"""Origins: how one is written, which one a request comes from, and which are ours.

A registered origin is kept exactly as a browser sends it (RFC 6454: scheme, host, port where it is not the usual one),
so checking a request is a comparison of two strings: nothing is parsed, lower-cased or decoded at the door, and there
is nothing to trick. A browser sets `Origin` and `Sec-Fetch-Site` itself and no page can change them; a program that is
no browser can send what it likes, so this keeps foreign sites out, not programs (docs/widget.md says so too).
"""

import re
from collections.abc import Sequence
from ipaddress import IPv6Address
from urllib.parse import urlsplit

Headers = Sequence[tuple[bytes, bytes]]
LONGEST = 300

_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_FORM = re.compile(rf"(https?)://({_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]+\])(?::([1-9][0-9]{{0,4}}))?")
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_USUAL = {"http": "80", "https": "443"}


class NotAnOrigin(ValueError):
    """It is not written as a browser writes an origin."""


def check(text: str) -> str:
    """The text itself when a browser would send it as an Origin; NotAnOrigin otherwise."""
    found = _FORM.fullmatch(text)
    if found is None or len(text) > LONGEST:
        raise NotAnOrigin
    scheme, host, port = found.groups()
    if port is not None and (port == _USUAL[scheme] or int(port) > 65535):
        raise NotAnOrigin
    if host.startswith("["):
        _check_v6(host[1:-1])
    elif host.rpartition(".")[2].isdigit() and not _is_v4(host):
        raise NotAnOrigin
    return text


def sent(headers: Headers) -> str | None:
    """The Origin of a request; None without one, and an impossible one when it was sent twice."""
    values = [value.decode("latin-1") for name, value in headers if name == b"origin"]
    return values[0] if len(values) == 1 else " ".join(values) or None


class OwnOrigin:
    """Where browsers reach this gateway: `public_url`, or any name of this machine itself when none is set."""

    def __init__(self, public_url: str) -> None:
        self._public = "://".join(urlsplit(public_url)[:2]) if public_url else None

    def serves(self, headers: Headers) -> bool:
        """Whether a page of ours made the request.

        Such a page sends our origin with a POST and none with a GET; then the browser itself says "same-origin". The
        host is compared too, so that a name which a stranger points at our address (DNS rebinding) is not ours.
        """
        told, host = sent(headers), _field(headers, b"host")
        if told is None:
            return _field(headers, b"sec-fetch-site") == "same-origin" and self._is_host(host)
        return self._is_host(host) and told in (f"http://{host}", f"https://{host}") and self._is_ours(told)

    def _is_host(self, host: str) -> bool:
        if self._public is not None:
            return host == self._public.partition("://")[2]
        return host.rpartition(":")[0] in _LOOPBACK or host in _LOOPBACK

    def _is_ours(self, origin: str) -> bool:
        return self._public is None or origin == self._public


def _field(headers: Headers, wanted: bytes) -> str:
    values = [value.decode("latin-1") for name, value in headers if name == wanted]
    return values[0] if len(values) == 1 else ""


def _is_v4(host: str) -> bool:
    parts = host.split(".")
    return len(parts) == 4 and all(part.isdigit() and int(part) < 256 and str(int(part)) == part for part in parts)


def _check_v6(address: str) -> None:
    try:
        if str(IPv6Address(address)) != address:
            raise NotAnOrigin
    except ValueError:
        raise NotAnOrigin from None
