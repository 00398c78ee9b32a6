"""What a mapping file says: which column of a bureau's own spreadsheet is which field (docs/imports.md)."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from shared import bodies, problems, validation
from shared.contracts.offerings import OfferingContent
from shared.contracts.providers import ProviderContent
from shared.contracts.wire import Integer, Text, Wire

Kind = Literal["providers", "offerings"]
Shape = Literal["text", "integer", "list", "objects"]
Template = Annotated[str, Field(min_length=1, max_length=500)]
Column = Annotated[str, Field(min_length=1, max_length=200)]

CONTENTS: Mapping[Kind, type[BaseModel]] = {"providers": ProviderContent, "offerings": OfferingContent}
PLACE = re.compile(r"\{([^{}]+)\}")
"""Where a template names a column."""

LIST_SEPARATORS = "|;；、\n"
_ID_COLUMNS = ("external_id", "code")


class Rule(Wire):
    """Where one field comes from. Exactly one of `column`, `template` and `constant`; the others refine it, in the
    order of this list.
    """

    column: Column | tuple[Column, ...] | None = Field(
        None, description="the column; of several the first with a value"
    )
    template: Template | tuple[Template, ...] | None = Field(
        None, description="text with {column} places; of several the first whose places are all filled"
    )
    constant: Any = Field(None, description="the same value for every row")
    split: str | None = Field(None, min_length=1, max_length=20, description="characters that separate list items")
    values: dict[str, Any] | None = Field(None, max_length=5000, description="their value → ours (null = leave out)")
    otherwise: Literal["refuse", "keep", "drop"] = Field("refuse", description="a value that `values` does not name")
    factor: Decimal | None = Field(None, gt=0, le=10**9, description="number to multiply with, e.g. 100: yuan → fen")
    shorten: Integer | None = Field(None, ge=1, le=4000, description="cut longer texts to this many characters")

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if sum(origin is not None for origin in (self.column, self.template, self.constant)) != 1:
            raise PydanticCustomError(
                "one_origin",
                "column、template、constant 必须且只能填一个 / give exactly one of column, template and constant",
            )
        return self

    def templates(self) -> tuple[str, ...]:
        """The texts to fill."""
        return (self.template,) if isinstance(self.template, str) else self.template or ()

    def columns(self) -> tuple[str, ...]:
        """Every column that is read."""
        if self.template is not None:
            return tuple(dict.fromkeys(name for text in self.templates() for name in PLACE.findall(text)))
        return (self.column,) if isinstance(self.column, str) else self.column or ()


def _column_alone(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


Source = Annotated[Rule, BeforeValidator(_column_alone)]
"""A rule; a plain text in its place is the name of a column."""


class MappingFile(Wire):
    """A mapping file."""

    description: str | None = Field(None, max_length=1000, description="for people: whose list this is")
    sheet: str | None = Field(None, max_length=31, description="worksheet of an XLSX file; the first when absent")
    header_row: Integer = Field(1, ge=1, le=100, description="row that holds the column names")
    external_id: Source = Field(description="the row's own, lasting id: makes a repeated import an update")
    provider: Source | None = Field(None, description="offerings only: external_id, or else name, of the provider")
    fields: dict[str, Source] = Field(description="field, e.g. name or price.min → where it comes from")

    def rules(self) -> Iterator[tuple[str, Rule]]:
        """Every rule with the path of what it fills."""
        yield "external_id", self.external_id
        if self.provider is not None:
            yield "provider", self.provider
        yield from self.fields.items()


def load(text: str, kind: Kind) -> MappingFile:
    """A mapping from its JSON text; BadRequest when it is none, Invalid with pointers under /mapping."""
    try:
        value = bodies.check_json(text.encode("utf-8", "surrogatepass"))
    except problems.BadRequest as broken:
        detail = Text(zh=f"mapping 文件：{broken.detail.zh}", en=f"the mapping file: {broken.detail.en}")
        raise problems.BadRequest(detail) from None
    try:
        mapping = MappingFile.model_validate(value)
    except ValidationError as wrong:
        found = [{**error, "loc": ("body", "mapping", *error["loc"])} for error in wrong.errors(include_input=False)]
        raise problems.Invalid(errors=validation.items(found)) from None
    unknown = [path for path in mapping.fields if path not in shapes(kind)]
    items = [_wrong(("fields", path), "unknown-field", "没有这个字段", "there is no such field") for path in unknown]
    if (mapping.provider is None) != (kind == "providers"):
        items.append(
            _wrong(
                ("provider",),
                "provider-rule",
                "导入供给必须填写 provider，导入服务商不能填写",
                "needed for offerings, not allowed for providers",
            )
        )
    if items:
        raise problems.Invalid(errors=items)
    return mapping


def for_columns(columns: tuple[str, ...], kind: Kind) -> MappingFile:
    """The mapping of a table whose columns are named like the fields; Invalid when one is not."""
    known = shapes(kind)
    identifier = next((name for name in _ID_COLUMNS if name in columns), None)
    expected = {*known, *_ID_COLUMNS, *(("provider",) if kind == "offerings" else ())}
    if identifier is None or (kind == "offerings" and "provider" not in columns) or set(columns) - expected:
        raise problems.Invalid(
            errors=[
                problems.at(
                    "/file",
                    "unknown-columns",
                    "表头不是本系统的字段名：请附上 mapping 文件说明各列的含义（docs/imports.md）",
                    "the columns are not named like our fields: send a mapping file that says what they are"
                    " (docs/imports.md)",
                )
            ]
        )
    fields = {
        name: Rule(column=name, split=LIST_SEPARATORS if known[name] == "list" else None)
        for name in columns
        if name in known
    }
    provider = Rule(column="provider") if kind == "offerings" else None
    return MappingFile(external_id=Rule(column=identifier), provider=provider, fields=fields)


def check_columns(mapping: MappingFile, columns: tuple[str, ...]) -> None:
    """Invalid when the mapping names a column that the file does not have."""
    items = [
        _wrong(
            (path,) if path in ("external_id", "provider") else ("fields", path),
            "no-such-column",
            "文件中没有这一列",
            "the file has no such column",
        )
        for path, found in mapping.rules()
        for name in found.columns()
        if name not in columns
    ]
    if items:
        raise problems.Invalid(errors=items)


@cache
def shapes(kind: Kind) -> Mapping[str, Shape]:
    """Every field that a mapping may fill, e.g. price.min, with its shape."""
    schema = CONTENTS[kind].model_json_schema()
    return dict(_shapes(schema, schema.get("$defs", {}), ""))


def _shapes(schema: dict[str, Any], parts: dict[str, Any], prefix: str) -> Iterator[tuple[str, Shape]]:
    for name, member in schema["properties"].items():
        found = _resolved(member, parts)
        if "properties" in found:
            yield from _shapes(found, parts, f"{prefix}{name}.")
        elif found.get("type") == "array":
            yield prefix + name, "objects" if "properties" in _resolved(found["items"], parts) else "list"
        else:
            yield prefix + name, "integer" if found.get("type") == "integer" else "text"


def _resolved(schema: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    for option in schema.get("anyOf", ()):
        if option.get("type") != "null":
            return _resolved(option, parts)
    if "$ref" in schema:
        return dict(parts[schema["$ref"].rpartition("/")[2]])
    return schema


def _wrong(path: tuple[str, ...], code: str, zh: str, en: str) -> problems.ProblemItem:
    return problems.at(validation.pointer(("mapping", *path)), code, zh, en)
