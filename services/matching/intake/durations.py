"""Spans of time in a text: 45天, 三个月, 一个半月, 半年, 两周, 10个工作日."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from services.matching.intake import patterns
from services.matching.snapshot import numerals

_UNITS: tuple[tuple[str, float], ...] = (
    ("小时|钟头", 1 / 24),
    ("个?工作日", 1.4),
    ("天|日(?![照常用本])|晚上?", 1),
    ("个?(?:星期|礼拜)|周(?![转岁年边围期])", 7),
    ("个?季度", 90),
    ("个?月(?!底|初|中)", 30),
    ("年(?![底初前后终头])", 365),
)
_SPAN = patterns.starting(
    f"{numerals.SIGNS}半多来余几个小钟天日晚工星礼周季月年",
    rf"(?P<half>半)?(?P<number>{numerals.NUMBER})?(?P<more>[多来余几])?(?P<mid>个半|半)?(?P<unit>"
    + "|".join(f"(?P<u{index}>{pattern})" for index, (pattern, _) in enumerate(_UNITS))
    + r")(?P<tail>半(?!年|个?月|天))?(?P<over>多)?",
)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in days, with its place; `unit` is the days of the unit it was said in."""

    days: float
    unit: float
    start: int
    end: int

    @property
    def months(self) -> int:
        """The same length in months: a year has 12, 30 days are one."""
        return round(self.days / 365 * 12) if self.unit == 365 else round(self.days / 30)


@lru_cache(maxsize=16)
def find(folded: str) -> tuple[Span, ...]:
    """All spans of time in their order; dates such as 3月1日 and 2026年 are none.

    Several readers ask for those of one text.
    """
    return tuple(_spans(folded))


def _spans(folded: str) -> Iterator[Span]:
    for match in _SPAN.finditer(folded):
        if not (match["half"] or match["number"]) or _is_date(match, folded):
            continue
        unit = next(days for index, (_, days) in enumerate(_UNITS) if match[f"u{index}"])
        count = _count(match)
        if count is not None:
            yield Span(count * unit, unit, match.start(), match.end())


def _is_date(match: re.Match[str], folded: str) -> bool:
    """3月 and 15日 are dates unless 个 or 内 makes them a span; 二季度 is one, too; 2026年 and 26年 are years."""
    unit, number = match["unit"], match["number"] or ""
    if unit == "季度":
        return number in ("一", "二", "三", "四", "1", "2", "3", "4")
    if unit == "月":
        return (
            match["half"] is None
            and number not in ("俩", "仨")
            and not folded[match.end() :].startswith(("内", "之内", "以内"))
        )
    if unit == "日":
        return folded[max(match.start() - 1, 0) : match.start()] == "月" or not folded[match.end() :].startswith(
            ("内", "之内", "以内")
        )
    if unit == "年":
        return number.isdigit() and int(number) > 15
    return False


def _count(match: re.Match[str]) -> float | None:
    """How many of the unit: 半 → 0.5, 一个半 → 1.5, 三五 → 5, 十几 → 15."""
    if match["half"] and not match["number"]:
        return 0.5
    number = numerals.read(match["number"])
    if number is None:
        return None
    extra = 0.5 if match["mid"] or match["tail"] else 0.0
    if match["more"] in ("多", "余", "几") and number.high >= 10:
        extra += 5
    return number.high + extra
