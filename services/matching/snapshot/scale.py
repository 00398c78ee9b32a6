"""For how large a firm an offering is meant by its own words: 三十人起, 适合二十台车以内, 只接年营收五千万元以上.

A number counts as a bound only with a marker before it (适合, 面向, 只接, 须, 限 …) or with 起 after it; numbers of
what is done or given away (访谈30人以上, 免费10人以内) are none.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from services.matching.snapshot import numerals

NO_BOUND = 0
"""As a lower bound it keeps nobody out; as an upper one it stands for none."""
_PEOPLE = r"名?在岗员工|名员工|个?用户|个?账号|个?坐?席位?|个?工位|名学员|名|人|点(?=[起授以])"
_SITES = r"家?门店|家店|店"
_DEVICES = r"台|辆|套设备"
_UNITS = (("people", _PEOPLE), ("sites", _SITES), ("devices", _DEVICES))
_UNIT = "|".join(f"(?P<{name}>{units})" for name, units in _UNITS)
_NUMBER = rf"(?<![\d.])(?P<number>{numerals.NUMBER})(?P<myriad>万)?"
_MARKER = r"(?:适合|适用于?|面向|只接|只做|须|需|要求|准入|仅?限|宜|不少于|不低于|至少|满|必须|服务于?)"
_AT_LEAST = re.compile(
    rf"{_NUMBER}(?:{_UNIT})(?:设备|机床|车|团队|左右)?起(?![点步初草])"
    rf"|{_MARKER}\S{{0,8}}?{_NUMBER.replace('number', 'number_').replace('myriad', 'myriad_')}"
    rf"(?:{_UNIT.replace('>', '_>')})\S{{0,4}}?(?:以上|起)"
)
_AT_MOST = re.compile(
    rf"{_MARKER}\S{{0,8}}?{_NUMBER}(?:{_UNIT})\S{{0,3}}?(?:以下|以内|之内)"
    rf"|{_NUMBER.replace('number', 'number_').replace('myriad', 'myriad_')}(?:{_UNIT.replace('>', '_>')})(?:以下|以内)"
    r"的?\S{0,4}?(?:企业|工?厂|公司|团队|门店|作坊|车队|店铺)(?!\S{0,6}(?:免费|建议|可|不))"
)
_REVENUE = re.compile(rf"{_MARKER}\S{{0,12}}?年(?:营收|营业收入|收入|产值|营业额|销售额)\S{{0,3}}?{_NUMBER}元?以上")
_GIVEN = re.compile(r"元|计费|收费|免费|折|优惠|赠|访谈|每[班期次批场]|一[班期次]|抽[查检]")
_MARKS = ("起", "以上", "以下", "以内", "之内")
"""A clause without one of these states no bound: quicker to see than by the patterns."""
_FEN_A_YUAN = 100


class Scale(NamedTuple):
    """The bounds that a description states, NO_BOUND where it states none; revenue in fen."""

    people_min: int = NO_BOUND
    people_max: int = NO_BOUND
    sites_min: int = NO_BOUND
    sites_max: int = NO_BOUND
    devices_min: int = NO_BOUND
    devices_max: int = NO_BOUND
    revenue_min: int = NO_BOUND


def read(clauses: Iterable[str]) -> Scale:
    """The bounds in these clauses; of several the widest, for a description may list editions."""
    lows: dict[str, int] = {}
    highs: dict[str, int] = {}
    for clause in clauses:
        if not any(mark in clause for mark in _MARKS):
            continue
        turnover = _REVENUE.search(clause)
        if turnover is not None:
            lows["revenue"] = _number(turnover["number"], turnover["myriad"]) * _FEN_A_YUAN
        if _GIVEN.search(clause):
            continue
        for pattern, bounds, widest in ((_AT_LEAST, lows, min), (_AT_MOST, highs, max)):
            for match in pattern.finditer(clause):
                measure, count = _counted(match)
                if count:
                    bounds[measure] = widest(bounds.get(measure, count), count)
    found = {f"{measure}_min": low for measure, low in lows.items()}
    found |= {f"{measure}_max": high for measure, high in highs.items()}
    return Scale(**found)


def _counted(match: re.Match[str]) -> tuple[str, int]:
    for end in ("", "_"):
        for measure, _ in _UNITS:
            if match[measure + end] is not None:
                return measure, _number(match["number" + end], match["myriad" + end])
    raise ValueError(match[0])


def _number(words: str, myriad: str | None) -> int:
    read = numerals.read(words)
    return 0 if read is None else min(10**9, int(read.low * (10_000 if myriad else 1)))
