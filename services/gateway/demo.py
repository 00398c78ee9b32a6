"""The four keys of a demonstration. In production mode they are neither made nor accepted."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.gateway import keys, organisations
from services.gateway.models import Key
from services.gateway.settings import GatewaySettings
from shared.database import Database
from shared.principal import Principal, Role

FILE = "demo-keys.json"


class NotInProduction(RuntimeError):
    """Demo keys were asked for in production mode."""


def ensure_keys(settings: GatewaySettings, database: Database, provider_uscc: str) -> dict[Role, str]:
    """The demo keys by role: those of `demo-keys.json` while they are valid, else new ones, written there."""
    if settings.mode != "demo":
        raise NotInProduction
    pepper, path = settings.secret("key-pepper"), settings.state_dir / FILE
    with database.write.begin() as session:
        known = {role: raw for role, raw in read(path).items() if _is_valid(session, pepper, role, raw)}
        if known.keys() == _callers(provider_uscc).keys():
            return known
        made = {role: _renew(session, pepper, role, *caller) for role, caller in _callers(provider_uscc).items()}
        _write(path, made)
    return made


def read(path: Path) -> dict[Role, str]:
    """The keys in the file; none when it is absent or is not such a file."""
    try:
        found: Any = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _callers(provider_uscc: str) -> dict[Role, tuple[str, str | None]]:
    return {
        "sme": ("演示企业", None),
        "provider": ("演示服务商", provider_uscc),
        "bureau": ("演示主管部门", None),
        "admin": ("演示管理员", None),
    }


def _renew(session: Session, pepper: bytes, role: Role, name: str, uscc: str | None) -> str:
    """A new key for the organisation that had the role before, so that what it made stays its own."""
    lost = list(session.scalars(select(Key).where(Key.demo, Key.role == role).order_by(Key.id)))
    for key in lost:
        keys.revoke(session, key.id)
    if lost:
        organisation = organisations.get(session, lost[-1].organisation_id)
        organisation.uscc = uscc
    else:
        organisation = organisations.register(session, name, uscc=uscc)
    return keys.create(session, pepper, organisation, role, demo=True)[1]


def _is_valid(session: Session, pepper: bytes, role: str, raw: object) -> bool:
    if not isinstance(raw, str):
        return False
    found: Principal | None = keys.principal(session, keys.digest(pepper, raw), demo_allowed=True)
    return found is not None and found.role == role


def _write(path: Path, made: dict[Role, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(made, indent=2) + "\n", "utf-8")
