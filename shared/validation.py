"""pydantic's errors as problem items: where, and what in Chinese and English, without the input."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.contracts.wire import Text
from shared.problems import MOST, Invalid, ProblemItem

M = TypeVar("M", bound=BaseModel)

_LONGEST_NAME = 100
"""A member that nobody knows can have any name."""

_TEXTS: dict[str, tuple[str, str]] = {
    "missing": ("缺少必填项", "this member is required"),
    "extra_forbidden": ("未知字段", "unknown member"),
    "json_invalid": ("不是合法的 JSON", "not valid JSON"),
    "model_attributes_type": ("应为对象", "must be an object"),
    "model_type": ("应为对象", "must be an object"),
    "dict_type": ("应为对象", "must be an object"),
    "string_type": ("应为字符串", "must be a string"),
    "int_type": ("应为整数", "must be an integer"),
    "int_parsing": ("应为整数", "must be an integer"),
    "int_from_float": ("应为整数", "must be an integer"),
    "bool_type": ("应为 true 或 false", "must be true or false"),
    "bool_parsing": ("应为 true 或 false", "must be true or false"),
    "tuple_type": ("应为数组", "must be an array"),
    "list_type": ("应为数组", "must be an array"),
    "string_too_short": ("长度不足 {min_length}", "must have at least {min_length} characters"),
    "string_too_long": ("长度超过 {max_length}", "must have at most {max_length} characters"),
    "too_short": ("至少 {min_length} 项", "must have at least {min_length} items"),
    "too_long": ("最多 {max_length} 项", "must have at most {max_length} items"),
    "greater_than_equal": ("不得小于 {ge}", "must be at least {ge}"),
    "greater_than": ("必须大于 {gt}", "must be greater than {gt}"),
    "less_than_equal": ("不得大于 {le}", "must be at most {le}"),
    "less_than": ("必须小于 {lt}", "must be less than {lt}"),
    "literal_error": ("只能取：{expected}", "must be one of: {expected}"),
    "enum": ("只能取：{expected}", "must be one of: {expected}"),
    "string_pattern_mismatch": ("格式不符", "does not have the required form"),
    "date_from_datetime_parsing": ("应为日期，如 2026-11-22", "must be a date such as 2026-11-22"),
    "date_parsing": ("应为日期，如 2026-11-22", "must be a date such as 2026-11-22"),
    "date_type": ("应为日期，如 2026-11-22", "must be a date such as 2026-11-22"),
    "date_from_datetime_inexact": ("应为日期，如 2026-11-22", "must be a date such as 2026-11-22"),
}


def items(errors: Iterable[Mapping[str, Any]]) -> list[ProblemItem]:
    """Problem items from `ValidationError.errors()` of a FastAPI request; the first MOST."""
    return [_item(error) for error in islice(errors, MOST)]


def pointer(path: Sequence[str | int]) -> str:
    """A JSON pointer (RFC 6901); the names in it are cut when they are very long."""
    return "".join("/" + str(step)[:_LONGEST_NAME].replace("~", "~0").replace("/", "~1") for step in path)


def text(error: Mapping[str, Any]) -> Text:
    """What is wrong, in both languages; our own checks write "Chinese / English" themselves."""
    facts = error.get("ctx", {})
    # pydantic counts the characters of a text that our own check has seen before as items of some value.
    kind = "string_too_long" if facts.get("field_type") == "Value" else error["type"]
    zh, en = _TEXTS.get(kind, ("", ""))
    if zh:
        return Text(zh=zh.format(**facts), en=en.format(**facts))
    zh, separator, en = str(error["msg"]).partition(" / ")
    return Text(zh=zh, en=en) if separator else Text(zh=f"不合规则：{zh}", en=zh)


def _item(error: Mapping[str, Any]) -> ProblemItem:
    place, *path = error["loc"]
    named = {"query": "parameter", "path": "parameter", "header": "header"}.get(str(place))
    where = {named: str(path[0]) if path else str(place)} if named else {"pointer": pointer(path)}
    if error["type"] == "json_invalid":
        where = {"pointer": ""}
    return ProblemItem(**where, code=error["type"].replace("_", "-"), text=text(error))


def parsed(model: type[M], value: Any) -> M:
    """A plain JSON value as a model; Invalid, with pointers into the value, when it breaks a rule."""
    try:
        return model.model_validate(value, from_attributes=True)  # as FastAPI does, so that the faults are called alike
    except ValidationError as refused:
        faults = refused.errors(include_url=False, include_input=False)
        raise Invalid(errors=items({**fault, "loc": ("body", *fault["loc"])} for fault in faults)) from None
