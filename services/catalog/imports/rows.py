"""From a row to what it says: the mapping applied, then the same checks as everywhere."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from services.catalog.imports.files import Row
from services.catalog.imports.mapping import CONTENTS, PLACE, Kind, MappingFile, Rule, shapes
from shared import validation
from shared.contracts.wire import Integer, Text, Wire

_DIGITS = re.compile(r"[+-]?\d{1,18}(\.\d{1,9})?")
_MAX_ID = 100


class RowFault(Wire):
    """Why a row was refused."""

    row: Integer = Field(ge=1, description="number of the row in the file; the first line is 1")
    column: str | None = Field(None, description="column that the value came from, when a mapping names one")
    pointer: str = Field(description="JSON pointer into the record, e.g. /price/min")
    code: str = Field(description="machine-readable code of the fault")
    text: Text = Field(description="what is wrong")


@dataclass(frozen=True)
class Candidate:
    """A row that can be taken: its own id, the provider it names (offerings), and its checked content."""

    row: int
    external_id: str
    provider: str | None
    content: BaseModel


class Refused(Exception):
    """The row cannot be taken."""

    def __init__(self, *faults: RowFault) -> None:
        self.faults = faults
        super().__init__()


def fault(row: int, pointer: str, code: str, zh: str, en: str, column: str | None = None) -> RowFault:
    """One reason against a row."""
    return RowFault(row=row, column=column, pointer=pointer, code=code, text=Text(zh=zh, en=en))


def read(row: Row, kind: Kind, mapping: MappingFile | None) -> Candidate:
    """What a row says; Refused with every reason found. Without a mapping the row is a record in our own form."""
    if row.fault is not None:
        raise Refused(RowFault(row=row.number, pointer="", code="unreadable-row", text=row.fault))
    if mapping is None:
        values = dict(row.cells)
        identifier = values.pop("code", None) or values.pop("external_id", None)
        provider = values.pop("provider", None) if kind == "offerings" else None
    else:
        identifier, provider, values = _mapped(row, kind, mapping)
    keys = {"/external_id": identifier, **({"/provider": provider} if kind == "offerings" else {})}
    faults = [_no_key(row.number, pointer) for pointer, value in keys.items() if _key(value) is None]
    try:
        content = CONTENTS[kind].model_validate(values)
    except ValidationError as wrong:
        faults += _faults(row.number, wrong, mapping)
    if faults:
        raise Refused(*faults)
    return Candidate(row.number, _key(identifier) or "", _key(provider), content)


def _key(value: Any) -> str | None:
    text = str(value).strip() if isinstance(value, (str, int)) else ""
    return text if 0 < len(text) <= _MAX_ID else None


def _no_key(row: int, pointer: str) -> RowFault:
    zh, en = f"缺少编号或超过 {_MAX_ID} 字", f"no id, or one of over {_MAX_ID} characters"
    return fault(row, pointer, "missing-id", zh, en)


def _mapped(row: Row, kind: Kind, mapping: MappingFile) -> tuple[Any, Any, dict[str, Any]]:
    known = shapes(kind)
    taken: dict[str, Any] = {}
    faults: list[RowFault] = []
    for path, found in mapping.rules():
        try:
            taken[path] = _value(found, known.get(path, "text"), row.cells)
        except _Unusable as unusable:
            column = next(iter(found.columns()), None)
            faults.append(fault(row.number, _pointer(path), unusable.code, unusable.zh, unusable.en, column))
    if faults:
        raise Refused(*faults)
    values: dict[str, Any] = {}
    identifier, provider = taken.pop("external_id"), taken.pop("provider", None)
    for path, value in taken.items():
        if value not in (None, []):
            _place(values, path.split("."), value)
    return identifier, provider, values


class _Unusable(Exception):
    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code, self.zh, self.en = code, zh, en
        super().__init__()


def _value(found: Rule, shape: str, cells: Mapping[str, Any]) -> Any:
    if found.constant is not None:
        return found.constant
    raw = _raw(found, cells)
    if raw is None:
        return None
    if found.split is not None:
        items = raw if isinstance(raw, list) else re.split(f"[{re.escape(found.split)}]", str(raw))
        one = [_one(found, "text", item) for item in items if str(item).strip()]
        # several of their values may mean the same of ours
        return list({json.dumps(item): item for item in one if item is not None}.values())
    value = _one(found, shape, raw)
    return [value] if shape == "list" and value is not None and not isinstance(value, list) else value


def _raw(found: Rule, cells: Mapping[str, Any]) -> Any:
    if found.template is None:
        return next((cells[name] for name in found.columns() if _text(cells.get(name)) is not None), None)
    for template in found.templates():
        places = {name: _text(cells.get(name)) for name in PLACE.findall(template)}
        if None not in places.values():
            return PLACE.sub(lambda match: places[match[1]] or "", template)  # noqa: B023 - used at once
    return None


def _text(value: Any) -> str | None:
    return str(value).strip() or None if value is not None else None


def _one(found: Rule, shape: str, raw: Any) -> Any:
    value = raw.strip() if isinstance(raw, str) else raw
    if found.values is not None:
        if str(value) in found.values:
            return found.values[str(value)]
        if found.otherwise == "drop":
            return None
        if found.otherwise == "refuse":
            raise _Unusable("unknown-value", "mapping 中没有此值的对应", "the mapping does not name this value")
    if shape == "integer":
        return _integer(value, found.factor)
    if shape == "objects":
        return _objects(value)
    if shape == "text" and isinstance(value, (int, float)):
        value = str(value)
    if found.shorten is not None and isinstance(value, str) and len(value) > found.shorten:
        value = value[: found.shorten - 1].rstrip() + "…"
    return value


def _integer(value: Any, factor: Decimal | None) -> int:
    text = str(value).replace(",", "").replace("，", "").strip()
    if not _DIGITS.fullmatch(text):
        raise _Unusable("not-a-number", "应为数字", "must be a number")
    try:
        exact = Decimal(text) * (factor or 1)
        rounded = exact.quantize(Decimal(1), ROUND_HALF_UP)
    except InvalidOperation:
        raise _Unusable("not-a-number", "数字过大", "the number is too large") from None
    if factor is None and rounded != exact:
        raise _Unusable("not-an-integer", "应为整数", "must be an integer")
    return int(rounded)


def _objects(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise _Unusable("malformed-json", "应为 JSON 数组", "must be a JSON array") from None


def _place(values: dict[str, Any], path: list[str], value: Any) -> None:
    for step in path[:-1]:
        values = values.setdefault(step, {})
    values[path[-1]] = value


def _pointer(path: str) -> str:
    return validation.pointer(path.split("."))


def _faults(row: int, wrong: ValidationError, mapping: MappingFile | None) -> list[RowFault]:
    columns = {} if mapping is None else {_pointer(p): next(iter(r.columns()), None) for p, r in mapping.rules()}
    found = []
    for error in wrong.errors(include_input=False, include_url=False):
        pointer = validation.pointer(error["loc"])
        column = next((name for path, name in columns.items() if (pointer + "/").startswith(path + "/")), None)
        code = error["type"].replace("_", "-")
        found.append(RowFault(row=row, column=column, pointer=pointer, code=code, text=validation.text(error)))
    return found
