"""Every sum of money in a text: how much, for what period, and for each of what (head, shop, machine)."""

import re
from dataclasses import dataclass
from typing import Literal

from services.matching.intake import amounts
from services.matching.intake.texts import NeedText

Period = Literal["once", "year", "quarter", "month"]
Each = Literal["users", "sites", "devices", "uses"]

_LOOSELY = r"^(?:左右|以内|以下|之内|上下)?"
_PERIOD_WORDS: tuple[tuple[Period, str, str], ...] = (
    (
        "month",
        r"(?:每个?|一个|按|/)月|一月(?!份|底|初|中)|月(?:租|费|付|供|均|度|成本|预算)",
        r"(?:/|每个?|一个?)月(?!内|之内|以内)",
    ),
    ("quarter", r"(?:每个?|一个?|按)季度?", r"(?:/|每|一)个?季"),
    ("year", r"(?:[每一按首头全本/]|第一)年|年(?:费|租|付|均|度|预算)", r"(?:/|每|一)(?:人/)?年(?!内|之内|以内)"),
)
_EACH_WORDS: tuple[tuple[Each, str], ...] = (
    ("users", r"人头?|员工|用户|账号|号(?!线)|席位|坐席|座席|座位|工位|位子|点位?(?!儿)|学员|许可|授权|工人"),
    ("sites", r"家?分?店|门店|门面|铺[子面]|档口|网点|家?工?厂|仓库?|门市部?|校区|家(?!公司|供应)|站点?"),
    ("devices", r"台(?:电脑|设备|机器|机床|车)?|辆车?|部车?|设备|机台|条?产?线"),
    (
        "uses",
        r"次(?!性)|单(?!位)|票|趟|张|份|条(?!线|产)|吨|件|公里|本|款|项|标|节课?|课时|场|类|瓶|只|斤|米|平米?|袋|箱|车货|亩|头|盒|篇|集|页|方|柜|托|板|"
        r"型号|套|体系|证书?|枚|天(?!内|之内|以内)|日(?!内|之内|以内)",
    ),
)
_PERIODS = [(period, re.compile(before), re.compile(_LOOSELY + after)) for period, before, after in _PERIOD_WORDS]
_EACH = [
    (
        each,
        re.compile(
            rf"(?:每|单|平均每?|按|(?<![存备做搞弄来])一|摊到每?)个?(?P<unit>{words})"
            + ("|人均|人头费" if each == "users" else "")
        ),
        re.compile(rf"{_LOOSELY}(?:/|每|一)个?(?P<unit>{words})"),
    )
    for each, words in _EACH_WORDS
]
_NOT_A_PERIOD = re.compile(r"一个月(?:内|之内|以内)|一年(?:内|之内|以内)|[一每]天到晚")
_MOST_YUAN = 10**12


@dataclass(frozen=True, slots=True)
class Money:
    """One mention: the most in fen, its period, what it is for each of, and how firm the words are."""

    high: int
    start: int
    end: int
    period: Period
    each: Each | None
    unit: str
    """The word for one of them."""
    vague: bool
    bare: bool


def mentions(text: NeedText) -> tuple[Money, ...]:
    """All sums of money in their order."""
    return tuple(_mention(text, amount) for amount in amounts.find(text.folded) if amount.high <= _MOST_YUAN)


def _mention(text: NeedText, amount: amounts.Amount) -> Money:
    before = _NOT_A_PERIOD.sub("", text.before(amount.start, 14))
    after = text.after(amount.end, 8)
    return Money(
        round(amount.high * 100),
        amount.start,
        amount.end,
        _period(before, after),
        *_each(before, after),
        amount.vague,
        amount.bare,
    )


def _period(before: str, after: str) -> Period:
    for period, _, pattern in _PERIODS:
        if pattern.search(after):
            return period
    nearest: tuple[int, Period] = (-1, "once")
    for period, pattern, _ in _PERIODS:
        for match in pattern.finditer(before):
            nearest = max(nearest, (match.end(), period))
    return nearest[1]


def _each(before: str, after: str) -> tuple[Each | None, str]:
    for each, in_front, behind in _EACH:
        found = behind.search(after) or in_front.search(before)
        if found:
            return each, found["unit"] or ""
    return None, ""
