"""Signed principals for the services behind the door, each used for 20 of its 60 seconds."""

import time

from shared.principal import Principal, Signer

_SECONDS = 20
_AT_MOST = 10_000


class Tokens:
    """Signs in the gateway's name for one service; signing anew for every call costs as much as half a hop."""

    def __init__(self, signer: Signer, audience: str) -> None:
        self._signer = signer
        self._audience = audience
        self._made: dict[Principal, tuple[str, float]] = {}

    def of(self, caller: Principal) -> str:
        """A token for the caller that is good for at least 40 seconds."""
        now = time.monotonic()
        token, until = self._made.get(caller, ("", 0.0))
        if until <= now:
            if len(self._made) >= _AT_MOST:
                self._made.clear()
            token = self._signer.token(caller, self._audience)
            self._made[caller] = (token, now + _SECONDS)
        return token
