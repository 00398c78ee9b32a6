"""An installation's secrets: which there are, and making those that are not there yet."""

import secrets
from pathlib import Path

from shared.principal import GATEWAY, Signer

SIGNING_KEYS = {GATEWAY: "gateway-signing-key", "matching": "matching-signing-key"}
"""Who signs principals (the followers of matching sign too), and with which secret."""
SECRETS = (*SIGNING_KEYS.values(), "key-pepper", "cursor-key")
SERVERS = (
    "postgres-password",
    *(f"{service}-database-password" for service in ("catalog", "matching", "gateway")),
)
"""Further secrets of an installation with a PostgreSQL of its own, as in docker-compose.yml; a search server's are made
from its master key (`duijie search keys`)."""


def make_secrets(folder: Path, names: tuple[str, ...] = SECRETS, mode: int = 0o600) -> list[str]:
    """Write a random file for every secret that is not there yet, in a folder of its owner alone; gives their names."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    missing = [name for name in names if not (folder / name).exists()]
    for name in missing:
        path = folder / name
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
        path.chmod(mode)
    return missing


def public_keys(folder: Path) -> dict[str, str]:
    """Issuer → public key, of the signing keys in a folder; what a service is told with DUIJIE_TRUSTED_ISSUERS."""
    return {
        issuer: Signer(issuer, (folder / name).read_bytes().strip()).public_key()
        for issuer, name in SIGNING_KEYS.items()
    }
