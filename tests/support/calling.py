"""Clients of a running system."""

import ssl

import httpx2

PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Nothing here speaks TLS; by default every client reads the machine's certificates, which takes it 20 ms."""


def caller(url: str, key: str | None = None, seconds: float = 30) -> httpx2.Client:
    """A client, with a key; patient, for what is promised about time is measured and not waited for."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx2.Client(base_url=url, headers=headers, timeout=seconds, verify=PLAIN)
