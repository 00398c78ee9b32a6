"""Field types that check a code against its public table, with errors that say what is wrong."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from stdnum.cn import uscc as credit_codes

from shared.codes import industries, regions, scenarios


def _region(code: str) -> str:
    if not regions.exists(code):
        raise PydanticCustomError(
            "unknown_region",
            "地区代码不存在（GB/T 2260，六位） / no such region code (GB/T 2260, six digits)",
        )
    return code


def _industry(code: str) -> str:
    if not industries.exists(code):
        raise PydanticCustomError(
            "unknown_industry",
            "行业代码不存在（GB/T 4754-2017） / no such industry code (GB/T 4754-2017)",
        )
    return code


def _scenario(name: str) -> str:
    if name not in scenarios.names():
        raise PydanticCustomError(
            "unknown_scenario",
            "场景不在2024年版评测指标之内 / not one of the 16 scenarios of the 2024 assessment",
        )
    return name


def _credit_code(code: str) -> str:
    if not credit_codes.is_valid(code) or credit_codes.compact(code) != code:  # it would accept blanks and lower case
        raise PydanticCustomError(
            "invalid_credit_code",
            "统一社会信用代码校验不通过 / the unified social credit code's check character is wrong",
        )
    return code


def _one_line(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "不能为空白 / must not be blank")
    return text


def _plain(text: str) -> str:
    """Nothing that could steer a terminal, or turn the reading order of what stands around it."""
    if any((unicodedata.category(sign) == "Cc" and sign != "\n") or sign in _TURNING for sign in text):
        raise PydanticCustomError(
            "control_character",
            "不能含有控制字符 / must hold no control characters",
        )
    return _one_line(text)


def _printed(text: str) -> str:
    """The same, with the tabs and line ends that spreadsheets have."""
    _plain(text.replace("\r\n", "\n").replace("\t", " "))
    return text


_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

RegionCode = Annotated[str, Field(max_length=6), AfterValidator(_region)]
IndustryCode = Annotated[str, Field(max_length=4), AfterValidator(_industry)]
ScenarioName = Annotated[str, Field(max_length=20), AfterValidator(_scenario)]
CreditCode = Annotated[str, Field(max_length=18), AfterValidator(_credit_code)]
CategoryCode = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Level = Annotated[int, Field(ge=0, le=4, strict=True)]

Prose = Annotated[str, Field(min_length=1), AfterValidator(_one_line)]
"""What somebody asks: any text that is not only blanks; each field gives its own `max_length`."""

Remark = Annotated[str, Field(min_length=1), AfterValidator(_plain)]
"""What somebody writes to somebody else: kept and shown as text, several lines at most, without control characters."""

Shown = Annotated[str, Field(min_length=1), AfterValidator(_printed)]
"""What the catalogue and the portals show to everybody, from forms and from spreadsheets."""
