"""Who calls a service: a signed, short-lived token that the gateway (or a follower) sends and a service checks.

Ed25519 (EdDSA), 60 seconds, audience = the service. A service trusts the public keys it was given by issuer;
every issuer but the gateway can only speak as the role "service".
"""

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Role = Literal["sme", "provider", "bureau", "admin", "widget", "service"]
LIFETIME_SECONDS = 60
_REMEMBERED = 10_000
GATEWAY = "gateway"


class Untrusted(Exception):
    """The token is absent, expired, for somebody else, or not signed by a trusted issuer."""


@dataclass(frozen=True)
class Principal:
    """The caller: its organisation (= tenant), its role and how far it reaches."""

    organisation: str
    role: Role
    region: str = "000000"
    uscc: str | None = None
    key_id: str | None = None


OPERATOR = Principal("operator", "admin")
"""Who works on the installation's own machine, with its databases at hand."""


class Signer:
    """Makes tokens in the name of one issuer, from a 32-byte seed in base64 or hex."""

    def __init__(self, issuer: str, seed: bytes) -> None:
        self.issuer = issuer
        self._key = Ed25519PrivateKey.from_private_bytes(_seed(seed))

    def public_key(self) -> str:
        """The public key in base64, to be given to the services that trust this issuer."""
        return base64.b64encode(self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()

    def token(self, principal: Principal, audience: str) -> str:
        """A token for one service, valid for 60 seconds."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": audience,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "org": principal.organisation,
            "role": principal.role,
            "region": principal.region,
            "uscc": principal.uscc,
            "key": principal.key_id,
        }
        return jwt.encode(claims, self._key, algorithm="EdDSA")


class Verifier:
    """Checks tokens sent to one service against the issuers it trusts (issuer → public key in base64).

    A token that was believed is believed until it expires, for the gateway sends the same one with many requests.
    """

    def __init__(self, audience: str, trusted: Mapping[str, str]) -> None:
        self._audience = audience
        self._trusted = {
            issuer: Ed25519PublicKey.from_public_bytes(base64.b64decode(key)) for issuer, key in trusted.items()
        }
        self._believed: dict[str, tuple[Principal, float]] = {}

    def principal(self, token: str) -> Principal:
        """The caller named by the token; Untrusted when it cannot be believed."""
        known, until = self._believed.get(token, (None, 0.0))
        if known is None or until <= time.time():
            known, until = self._check(token)
            if len(self._believed) >= _REMEMBERED:
                self._believed.clear()
            self._believed[token] = (known, until)
        return known

    def _check(self, token: str) -> tuple[Principal, float]:
        """The caller, and until when the token says so."""
        try:
            issuer = jwt.decode(token, options={"verify_signature": False}).get("iss", "")
            claims = jwt.decode(
                token,
                self._trusted[issuer],
                algorithms=["EdDSA"],
                audience=self._audience,
                issuer=issuer,
                options={"require": ["exp", "iat", "aud", "iss", "org", "role"]},
            )
        except (jwt.InvalidTokenError, KeyError, TypeError) as refused:
            raise Untrusted(str(refused)) from refused
        role = claims["role"]
        if role not in get_args(Role) or (issuer != GATEWAY and role != "service"):
            raise Untrusted("this issuer may not speak in that role")
        named = Principal(
            organisation=claims["org"],
            role=cast(Role, role),
            region=claims.get("region") or "000000",
            uscc=claims.get("uscc"),
            key_id=claims.get("key"),
        )
        return named, int(claims["exp"])


def _seed(secret: bytes) -> bytes:
    """32 bytes of key material from a secret file of 64 hex digits."""
    return bytes.fromhex(secret.decode())
