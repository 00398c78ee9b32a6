"""The keys of a demonstration, one a role. In production mode they are neither made nor accepted."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.gateway import keys, organisations, widget_keys
from services.gateway.models import Key
from services.gateway.settings import GatewaySettings
from shared.database import Database
from shared.principal import Principal, Role

FILE = "demo-keys.json"
WIDGET_ORIGINS = ("http://127.0.0.1:9000", "http://localhost:9000")


class NotInProduction(RuntimeError):
    """Demo keys were asked for in production mode."""


def ensure_keys(settings: GatewaySettings, database: Database, provider_uscc: str) -> dict[Role, str]:
    """The demo keys by role: those of `demo-keys.json` while they are valid, else new ones, written there."""
    if settings.mode != "demo":
        raise NotInProduction
    pepper, path = settings.secret("key-pepper"), settings.state_dir / FILE
    with database.write.begin() as session:
        known = {role: raw for role, raw in read(path).items() if _is_valid(session, pepper, role, raw)}
        wanted = _callers(provider_uscc)
        if known.keys() == wanted.keys():
            return known
        made = {role: known.get(role) or _renew(session, pepper, role, *caller) for role, caller in wanted.items()}
    _write(path, made)  # now that they are valid: who finds the file uses them at once
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
        "widget": ("演示主管部门", None),
    }


def _renew(session: Session, pepper: bytes, role: Role, name: str, uscc: str | None) -> str:
    """A new key for the organisation that had the role before, so that what it made stays its own."""
    lost = list(session.scalars(select(Key).where(Key.demo, Key.role == role).order_by(Key.id)))
    for key in lost:
        keys.revoke(session, key.id)
    if role == widget_keys.ROLE:
        return _renew_widget(session, pepper)
    if lost:
        organisation = organisations.get(session, lost[-1].organisation_id)
        organisation.uscc = uscc
    else:
        organisation = organisations.register(session, name, uscc=uscc)
    return keys.create(session, pepper, organisation, role, demo=True)[1]


def _renew_widget(session: Session, pepper: bytes) -> str:
    """A widget key of the demo bureau, for pages served on the ports that docs/widget.md tries it on."""
    bureaus = select(Key.organisation_id).where(Key.demo, Key.role == "bureau").order_by(Key.id.desc())
    organisation = organisations.get(session, session.scalars(bureaus).first() or "")
    found, raw = widget_keys.create(session, pepper, organisation, "演示门户", (WIDGET_ORIGINS, {}), None)
    found[0].demo = True
    return raw


def _is_valid(session: Session, pepper: bytes, role: str, raw: object) -> bool:
    if not isinstance(raw, str):
        return False
    found: Principal | None = keys.principal(session, keys.digest(pepper, raw), demo_allowed=True)
    return found is not None and found.role == role


def _write(path: Path, made: dict[Role, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = path.with_name(f"{path.name}.new")
    whole.unlink(missing_ok=True)
    whole.touch(mode=0o600)
    whole.write_text(json.dumps(made, indent=2) + "\n", "utf-8")
    whole.replace(path)
