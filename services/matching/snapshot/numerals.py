"""Numbers as people write and say them: 3.5, 5,000, 五, 两千一, 三万五, 七八万, 十来, 二十多."""

import re
from dataclasses import dataclass
from functools import lru_cache

_SPOKEN = "零〇一二两俩三仨四五六七八九十百千万亿"
SIGNS = rf"\d{_SPOKEN}"
"""What a number begins with, for a class of characters."""
ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
NUMBER = rf"{ARABIC}|[{_SPOKEN}]+"
"""A pattern source for one number; `read` reads what it matches."""

_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3}
_UNIT = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8, "w": 10**4, "k": 1000}
_PAIR = re.compile(r"([一二两三四五六七八九])([二两三四五六七八九])(?=[十百千万亿]|$)")


@dataclass(frozen=True, slots=True)
class Range:
    """A number, or the lowest and the highest that the words allow."""

    low: float
    high: float


def unit(name: str) -> int:
    """How many one of a counting unit is: 万 → 10,000; the empty name is 1."""
    factor = 1
    for character in name:
        factor *= _UNIT[character]
    return factor


@lru_cache(maxsize=1024)
def read(words: str) -> Range | None:
    """The number that the words say; None when they are no number. Most are said again and again."""
    plain = words.replace(",", "")
    if plain[:1].isdigit():
        return Range(float(plain), float(plain))
    pair = _PAIR.search(plain)
    if pair is None or _is_row_of_digits(plain):
        value = _spoken(plain)
        return None if value is None else Range(value, value)
    ends = [_spoken(plain[: pair.start()] + digit + plain[pair.end() :]) for digit in pair.groups()]
    if ends[0] is None or ends[1] is None or ends[0] > ends[1]:
        return None
    return Range(ends[0], ends[1])


def _is_row_of_digits(words: str) -> bool:
    return len(words) > 2 and _UNIT.keys().isdisjoint(words)


def _spoken(words: str) -> float | None:
    """Chinese numerals, also with the last unit left out: 两千一 is 2,100, 一百二十五 is 125."""
    if _is_row_of_digits(words):
        return float("".join(str(_DIGIT[character]) for character in words))
    total = section = digit = 0
    last_unit = 1
    for character in words:
        if character in _DIGIT:
            digit = _DIGIT[character]
            last_unit = 1 if digit == 0 else last_unit
            continue
        if character not in _UNIT:
            return None
        last_unit = _UNIT[character]
        if last_unit >= 10**4:
            total = _times(total, section + digit, last_unit)
            section = 0
        else:
            section += (digit or 1) * last_unit
        digit = 0
    if digit and last_unit >= 100:
        digit *= last_unit // 10
    return float(total + section + digit)


def _times(total: int, section: int, last_unit: int) -> int:
    """What has been counted so far, multiplied by 万 or 亿; a bare 万 is one."""
    if last_unit == 10**8:
        return (total + section or 1) * last_unit
    return total + (section or 1) * last_unit
