"""Amounts of money by themselves: the pattern that finds them, and the range in yuan that the words mean."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.matching.intake import patterns
from services.matching.snapshot import numerals
from shared.codes import standards

_VAGUE = r"[多来余几]"
_BIG = r"个?(?:千万|百万|十万|亿|万|w(?![a-z])|千|k(?![a-z])|百)"
_ARABIC = (
    rf"{numerals.ARABIC}(?:{_VAGUE}?{_BIG}(?:\d(?:千|百|(?![\d.天个台家号月年]))|{_VAGUE}|把)?|{_VAGUE}(?=[块元]))?"
)
_SPOKEN = (
    r"(?:(?:零(?=点)|[一二两三四五六七八九十])[零一二两三四五六七八九十百千]*"
    rf"(?:{_VAGUE}(?=[十百千万亿块元])|点[一二三四五六七八九])?[十百千]*"
    r"(?:个?(?:(?:亿|万亿)[零一二两三四五六七八九十百千]*万?|(?:万|w(?![a-z]))(?:[零一二两三四五六七八九十百千]+(?!万|年|个?月|个?季|期|天|成))?))?"
    rf"(?:{_VAGUE}|半(?!年|个))?"
    r"|[百千万](?=[把来])(?:把|来(?=[块万]))万?|[百千]万(?=级|以内|以下|左右|块|元)|[百千万](?=元)|万(?=以内|块))"
)
_AMOUNT = rf"(?:{_ARABIC}|{_SPOKEN})"
_COIN = r"(?:块钱|块(?!屏|板|地|牌|硬盘|砖|料|网|电池|表)|元|圆|大洋|rmb|人民币|钱)"
_MONEY = patterns.starting(
    r"¥r人\d零一二两三四五六七八九十百千万",
    rf"(?P<sign>¥|rmb|人民币)?(?P<first>{_AMOUNT})(?P<coin1>{_COIN})?"
    rf"(?:(?:-|~|到|至|–|—)(?P<second>{_AMOUNT}))?(?:把(?=[块元]))?(?P<coin>{_COIN})?"
    r"(?:(?<=块)(?P<dime>[一二三四五六七八九半1-9])毛?(?![\d零一二两三四五六七八九十百千万个号家台人天年月点]))?",
)
_NO_MONEY = patterns.starting(
    r"\da-qs-z零〇一二三四五六七八九十百千万双",
    r"百分之[零一二两三四五六七八九十百点几]+|千分之\S|\d+(?:\.\d+)?%|"
    r"(?<![a-qs-z])[a-qs-z]+[- ]?(?![\d.]+(?:万|w(?![a-z])|元|块))\d[\d.:-]*|"
    r"\d+(?:\.\d+)?\s?(?:mm|cm|kg|kw|kva|hz|g\b|m2|mb|gb|tb|℃)|千万(?=别|不|要|得|记|小心)|万一|一点|十分(?!之)|"
    rf"(?<!\d)(?:{'|'.join(standards.NUMBERS)})(?![\d万元块w])|"
    r"(?:19|20)\d\d(?=年|版|\.|/|-)|[零一二三四五六七八九〇]{4}年|1[3-9]\d{9}|\d{3,4}-\d{7,8}|"
    r"(?:(?<=[百千万亿块元])|(?<=[百千万亿块][二三四五六七八九]))一(?=年(?!轻)|个?月|天|季|家|台|套|个?人|次|店)|618|1024大促|双1[12]|"
    r"双十[一二]|\d{1,2}月\d{1,2}[日号]?|\d{1,2}\.\d{1,2}(?=[日号]|之?前)|\d+[.:]\d+(?=[开上点])",
)
_MEASURE = re.compile(
    r"[个台家人号条件平米斤吨袋亩只头款单次岁度级项名位张份户辆车把套笔口吃种箱瓶根片组层栋间排轴寸升目遍轮点时秒页字届期班桶羽株尾]"
    r"|天|月(?!底|初|中|末|供|息|利|租)|年(?!底|前|初|终|利|息|化)|周(?!转)|公[斤里分顷]|千[瓦克米]|立方|平方|小时|分钟|sku|来(?:个|号|家|台|人|岁)|多(?:个|号|家|"
    r"台|人|平|款|种|张|份|条|只|岁|年|天|粉)"
    r"|余(?:家|人|台|个|名|种)|几(?:个|号|家|台|人)|伏|瓦|赫|%|℃|粉丝|用户|会员"
)
_COUNTED = re.compile("(?:sku|料号|型号|品种|品项|粉丝|会员)(?:有|就|共|大概|差不多)?$")
"""What stands before a number that counts something."""
_NONE = numerals.Range(0, 0)
_DIGITS = frozenset("0123456789零一二两三四五六七八九十")
_UNIT = re.compile("[百千万亿wk]")
_LAST_UNITS = re.compile("[百千万亿wk]+$")
_NO_UNIT = re.compile("[^百千万亿]")
_ABOUT = re.compile("[多来余几把半个]")
_SMALL_CAP = re.compile(r"(?:超过?|每[人月年天个条台]|最多|人均|一[年月天])\S{0,3}$")
_SMALL_EACH = re.compile(r"[每一]个?(?:月|年|人|台|账号|席位|[坐座]席|店)(?:不超过?|别超过?|最多|顶多)?$")
"""每月80以内: so near to what it is paid for that it needs no coin."""
_PARTS = re.compile(
    rf"(?P<head>{numerals.ARABIC}|[零一二两三四五六七八九十百千万亿]*)"
    r"(?:点(?P<point>[一二三四五六七八九]))?(?P<mid>[多来余几把])?个?(?P<unit>[十百千万亿wk]*)"
    r"(?P<tail>[\d零一二两三四五六七八九十百千]*)[万亿]?(?P<end>[多来余几把半]?)$"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """The range in yuan; `vague` for words such as 多 and 来; `bare` without a coin or a big unit (5000)."""

    low: float
    high: float
    vague: bool
    bare: bool
    start: int
    end: int


def find(folded: str) -> Iterator[Amount]:
    """All amounts in their order; counts, dates, norms and percentages are none."""
    masked = _NO_MONEY.sub(lambda match: "#" * len(match[0]), folded)
    for match in _MONEY.finditer(masked):
        amount = None if match[0] in _DIGITS else _amount(match, masked)
        if amount is not None:
            yield amount


def _amount(match: re.Match[str], masked: str) -> Amount | None:
    coin = match["coin"] or match["coin1"] or match["sign"]
    first, second = match["first"], match["second"]
    if masked[match.start() - 1 : match.start()] in ("几", "数") or (not coin and _counts_something(match, masked)):
        return None
    low, high, vague = _bounds(first)
    if second:
        _, high, vague = _bounds(second)
        low = _same_unit(low, first, second)
    if match["dime"]:
        low, high = (end + (numerals.read(match["dime"].replace("半", "五")) or _NONE).low / 10 for end in (low, high))
    if low > high or high < (1 if coin or _SMALL_EACH.search(masked[: match.start()]) else 100):
        return None
    if coin in ("块", "钱") and high < 20 and not _SMALL_CAP.search(masked[: match.start()]):
        return None
    bare = not coin and not _UNIT.search(second or first)
    return Amount(low, high, vague, bare, match.start(), match.end())


def _counts_something(match: re.Match[str], masked: str) -> bool:
    """Whether a measure word follows (600袋) or the number is an ordinal."""
    before = masked[max(0, match.start() - 6) : match.start()]
    return before[-1:] in ("第", "#") or bool(_COUNTED.search(before) or _MEASURE.match(masked, match.end()))


def _same_unit(low: float, first: str, second: str) -> float:
    """In 3-5万 the unit stands once and counts for both ends."""
    if low < 100 and not _UNIT.search(first):
        factor = _LAST_UNITS.search(second)
        return low * numerals.unit(factor[0]) if factor else low
    return low


def _bounds(words: str) -> tuple[float, float, bool]:
    """The ends of one amount: 3.5万, 1万2, 十几万, 二十多万, 两千一, 万把; (1, 0) when it is none."""
    match = _PARTS.match(words.replace(",", ""))
    if match is None:
        return 1, 0, False
    head, unit, tail = match["head"], match["unit"], match["tail"]
    if not head[:1].isdigit():
        return _spoken_bounds(match, words)
    number, factor = float(head), numerals.unit(unit)
    value = number * factor
    if tail.isdigit():
        value += int(tail) * factor / 10
    elif tail:
        value += float(tail[:-1]) * numerals.unit(tail[-1])
    return _loosened(value, number, factor, match["mid"] or match["end"])


def _spoken_bounds(match: re.Match[str], words: str) -> tuple[float, float, bool]:
    whole = numerals.read(match["head"]) if match["head"] else None
    if match["point"] and whole:
        tenth = numerals.read(match["point"])
        value = (whole.low + (tenth.low / 10 if tenth else 0)) * numerals.unit(match["unit"])
        return value, value, False
    vague = match["mid"] or match["end"]
    number = numerals.read(_ABOUT.sub("", words).replace("w", "万"))
    if number is None:
        return 1, 0, False
    units = _NO_UNIT.sub("", words.rstrip("多来余几把半")[-1:])
    factor = numerals.unit(units) if vague else 1
    low, high, loose = _loosened(number.low, number.low / factor, factor, vague)
    return low, max(high, number.high), loose


def _loosened(value: float, number: float, factor: int, vague: str | None) -> tuple[float, float, bool]:
    """What 多, 余 and 几 add: half of the step that the last digit counts; 来 and 把 mean about."""
    if not vague:
        return value, value, False
    if vague == "半":
        return value + factor / 2, value + factor / 2, False
    if vague in "来把":
        return value, value, True
    step = factor
    while number >= 10 and number % 10 == 0:
        step, number = step * 10, number / 10
    return value, value + step / 2, True
