"""docker-compose.yml as it is read by an engine: merged, with its variables filled in."""

import re
from pathlib import Path
from typing import Any

import yaml

from tests.support.processes import ROOT

FILE = ROOT / "docker-compose.yml"
EXAMPLE = ROOT / ".env.example"
_VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>[A-Z_]+)(?:(?P<kind>:[-?])(?P<word>[^}]*))?\})")


class Unset(Exception):
    """A variable that must be set is not."""


def read(variables: dict[str, str]) -> dict[str, Any]:
    """The file with these variables filled in (`${A:-default}`, `${A:?message}`, `$$`)."""
    document: Any = _filled(yaml.safe_load(FILE.read_text("utf-8")), variables)
    return dict(document)


def raw() -> dict[str, Any]:
    """The file as it stands, with its merges carried out."""
    return dict(yaml.safe_load(FILE.read_text("utf-8")))


def variables(path: Path = EXAMPLE) -> dict[str, str]:
    """The variables of an `.env` file."""
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def _filled(part: Any, given: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: _filled(value, given) for key, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, given) for value in part]
    return _VARIABLE.sub(lambda found: _value(found, given), part) if isinstance(part, str) else part


def _value(found: re.Match[str], given: dict[str, str]) -> str:
    if found[0] == "$$":
        return "$"
    value = given.get(found["name"], "")
    if value or found["kind"] is None:
        return value
    if found["kind"] == ":?":
        raise Unset(f"{found['name']}: {found['word']}")
    return str(found["word"])
