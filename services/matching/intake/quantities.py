"""How many users, sites and devices the text speaks of, and the head count it gives."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from services.matching.intake import patterns
from services.matching.intake.texts import Found, NeedText
from services.matching.snapshot import numerals

Kind = Literal["users", "sites", "devices", "heads", "hires", "people"]

_FOR_MONTHS = re.compile(
    rf"(?:用|租|干|做|驻|包|带)[上够满它]?(?:(?P<number>{numerals.NUMBER})个月|半年)(?![内之以前])"
)
_PRICE_OF_ONE = re.compile("[百千万][二三四五六七八九]一$")
"""最多两千五一台 counts no machines."""
_SO_OFTEN = re.compile(r"(?:每天|一天|每周|一周|每个?月|一个?月|每趟|每次)\S{0,4}$")
_COUNT = patterns.starting(
    numerals.SIGNS,
    rf"(?P<number>{numerals.NUMBER})(?P<more>[多来余几])?(?P<unit>[百千万])?"
    r"(?P<measure>个人|多?号人|个员工|名员工|个|名|号|人|台套|台|辆|部|条|家|间|处|套)",
)
_USING = (
    r"(?:人|员工|同事|伙计|工人|师傅)?(?:都|要|来|去|同时|一起|在)*(?:用(?!半|一|两|\d)|使用|登录|在线|"
    r"学(?!会|着|费)|参加|培训|听课|上课)|"
    r"\S{0,3}(?:工位|座位|座席)|操作工|业务员|客服|会计|设计师|工程师|司机|坐席|账号|席位|"
    r"点(?:位)?(?:的?正版|的?授权|的?许可|位)|许可|授权|并发"
)
_SITE = (
    r"\S{0,6}?(?:店(?!铺|员|长)|门市|门面|铺[子面]|网点|仓库|仓(?!位)|厂(?!商|家|里)|工厂|校区|分公司|门诊|诊所|站|"
    r"档口|营业部|食堂|药房|超市|酒店|馆(?!长)|车间|基地)"
)
_MACHINE = (
    r"\S{0,8}?(?:机(?!会|构|票|关)|车(?!间)|设备|电脑|服务器|终端|炉|床|cnc|plc|五轴|罐|表|泵|压铸|"
    r"注塑|数控|磨|铣|仪|冲床|窑)|\S{0,2}$"
)
_KINDS: tuple[tuple[Kind, frozenset[str], re.Pattern[str]], ...] = (
    (
        "users",
        frozenset(("个人", "号人", "多号人", "个员工", "名员工", "个", "名", "人", "台", "套")),
        re.compile(f"^(?:{_USING})"),
    ),
    ("sites", frozenset(("家", "间", "处", "个")), re.compile(f"^(?:{_SITE})")),
    ("devices", frozenset(("台套", "台", "辆", "部")), re.compile(f"^(?:{_MACHINE})")),
    ("devices", frozenset(("条",)), re.compile(r"^\S{0,3}线(?!索|路|上|下)|^线(?!索|路)")),
    (
        "heads",
        frozenset(("个人", "号人", "多号人", "个员工", "名员工", "人")),
        re.compile(r"^(?:的?(?:小|厂|公司|企业|团队|规模|工厂|单位|店)|左右|上下|做|$)"),
    ),
)
_NOT_OURS = re.compile(r"(?:第|每|前|单|走了|走|招|退|缺|差|添|买|少|带|请|培养|就他?|还有?|超过|不到|去年)$")
_OTHERS = re.compile(r"供应商|客户|下游|上游|小厂|同行|银行|机构|牧户|农户")
_PEOPLE = frozenset(("个人", "号人", "个", "名", "人"))
_LOOKED_FOR = re.compile(r"(?:招|缺|找|差|补|要)(?:个|到|满|够)?$")
_OUR_PEOPLE = re.compile(r"(?<!招)(?:师傅|工人|员工|职工|伙计|司机|护工|画师|律师|阿姨)(?:有|共|就)?$")
_TRADE = "[焊电钳车铣磨铆木瓦漆普技水]工|缝纫工|操作工|店员|文员|店长|销售|护士|业务员|客服|会计|设计师|老师"
_OF_A_TRADE = re.compile(rf"(?:{_TRADE})(?:一共|有|共|就)?$")
_BY_TRADE = re.compile(
    rf"^\S{{0,4}}?(?:工人|{_TRADE}|员工|师傅|司机|徒弟|学徒|班组长|主管|画师|律师|新人|骨干|大姐|阿姨|小年轻|年轻人|"
    "小伙子?|姑娘)"
)
_ALONE = re.compile("就[他她我]?$")
_GOES = re.compile("人?(?:去|来|学|上课|参加)?$")
_TO_BEGIN_WITH = re.compile("先[上搞试装做弄买来改]$")
"""先搞3台试: so many are wanted, however many there are."""
_TAKING_PART = re.compile(r"(?:去|参加|报名|培训|安排|上课|学员|学)$")
_OUR_HEADS = re.compile(r"(?:^|我们|厂里?|公司|店里?|一共|总共|员工|现有|团队|上下|全厂|全公司|有)$")


@dataclass(frozen=True, slots=True)
class Counts:
    """What the text counts."""

    users: Found[int] | None = None
    sites: Found[int] | None = None
    devices: Found[int] | None = None
    heads: Found[int] | None = None
    """The firm's head count as the text gives it."""
    hires: Found[int] | None = None
    """How many it looks for."""
    people: Found[int] | None = None
    """Some of its own."""


def read(text: NeedText) -> Counts:
    """The quantities; where there are several of a kind, what is to be begun with, else the largest."""
    kinds: dict[Kind, Found[int]] = {}
    for kind, found in sorted(_counts(text), key=lambda counted: (counted[1].value, -counted[1].start)):
        if kind not in kinds or not _TO_BEGIN_WITH.search(text.before(kinds[kind].start, 3)):
            kinds[kind] = found
    return Counts(**kinds)


def months(text: NeedText) -> int | None:
    """For how many months something is wanted, when it is less than a year: 租三个月, 驻半年."""
    found = _FOR_MONTHS.search(text.folded)
    number = numerals.read(found["number"]) if found and found["number"] else None
    count = round(number.high) if number else 6 if found else 0
    return count if 0 < count < 12 else None


def number_of(text: NeedText, unit: str) -> int | None:
    """How many of a unit the text speaks of, where it is one number and not so many a day: 三个型号, 两千份."""
    counted = re.compile(rf"(?<![每单第])(?P<number>{numerals.NUMBER})个?{unit}(?![内之以前后])")
    found = {
        round(number.high)
        for match in counted.finditer(text.folded)
        if (number := numerals.read(match["number"])) and 1 < number.high <= 10**6
        if not _SO_OFTEN.search(text.before(match.start(), 8))
    }
    return found.pop() if len(found) == 1 else None


def _counts(text: NeedText) -> Iterator[tuple[Kind, Found[int]]]:
    for match in _COUNT.finditer(text.folded):
        number = None if _PRICE_OF_ONE.search(match["number"]) else numerals.read(match["number"])
        kind = _kind(text, match)
        if kind is None or number is None or number.high < 1:
            continue
        count = round(number.high * numerals.unit(match["unit"] or ""))
        only_one = kind in ("heads", "people") and count < 2 and not _ALONE.search(text.before(match.start(), 3))
        if count <= 10**6 and not only_one:
            yield kind, Found(count, match.start(), match.end(), 80 if match["more"] else 90)


def _kind(text: NeedText, match: re.Match[str]) -> Kind | None:
    """What is counted, from the measure word and the words around it."""
    measure, before, after = match["measure"], text.before(match.start(), 4), text.after(match.end(), 12)
    people = measure in _PEOPLE
    looked_for: Kind | None = "hires" if people and _LOOKED_FOR.search(before) else None
    if people and (named := _named(measure, before, after)):
        return named
    if _NOT_OURS.search(before) or before.endswith("几"):
        return looked_for
    followed = _by_what_follows(measure, before, after)
    ours = measure == "个人" or (people and _BY_TRADE.match(after))
    return followed or looked_for or ("people" if ours else None)


def _named(measure: str, before: str, after: str) -> Kind | None:
    """People whose name stands before their number: 员工40人, 焊工18人, 就他一个."""
    if _ALONE.search(before) and _GOES.match(after):
        return "people"
    if not after and _OUR_PEOPLE.search(before):
        return "heads"
    return "people" if _OF_A_TRADE.search(before) and (measure in ("人", "名") or not after) else None


def _by_what_follows(measure: str, before: str, after: str) -> Kind | None:
    for kind, measures, words in _KINDS:
        if measure not in measures or not words.match(after):
            continue
        if kind == "sites" and _OTHERS.search(after):
            continue
        if kind == "heads" and _TAKING_PART.search(before):
            return "users"
        if kind == "heads" and not _OUR_HEADS.search(before):
            continue
        return kind
    return None
