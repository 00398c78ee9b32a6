"""What the offer must be like: form of delivery, somebody on site, marks that the product must carry."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from services.matching.intake import patterns, tables
from services.matching.intake.denials import DO_NOT, NOT
from services.matching.intake.phrases import Hit
from services.matching.intake.texts import Found, NeedText
from shared.contracts.vocabulary import Compliance, Delivery, members

_SOFT = re.compile(r"最好|优先|尽量|能的话|更好|如果能|要是能|可以的话|也行|也可以")
_SOFT_AFTER = re.compile(r"\S{0,4}?(?:最好|就?更好|也[成行]|都[成行可])(?:[，,。了]|$)")
_DENIED = re.compile(rf"(?:{NOT}(?:用|要|需要|必|想|能|许|让|准|肯)?|无需|{DO_NOT}|没必要|用不着)\S{{0,3}}$")
_NO_VISIT = re.compile(
    r"找上门|以前|上次|去年|等(?!保)\S{0,6}(?:师傅|工程师)|卖\S{0,4}的|贩子|收购商|推销|检查|来(?:审|查|催|验)厂?|新进厂|进厂的|上门(?:[提揽]|取[货件])|进场(?:工人|人员|施工|前|的|登记)|客户(?:来|到|去)|专家查|"
    r"(?<![派请让叫])(?:师傅|工程师|安装工|维修工)上门|上门(?:干了|换了|修了)|(?:发|送|运|传|寄|拉|搬|接|同步|推|下达|货|料)到|进场时|同学|教室|现场经验|现场管理|[十百千几多余]来人"
)
"""Visits of others, of the past or of goods."""
_SOMEBODY = re.compile(
    r"(?:人|师傅|老师|专家|工程师|讲师|教练|你们|顾问|团队|技术|懂行的?|[能要得须先派请帮让]|可以|必须)\S{0,10}$"
)
_OWN_PRODUCT = re.compile(r"(?:^|[，,。；;、])(?:要|用)?国产(?:的|软件|设备|品牌)?(?=[，,。；;、]|$)")
_GRADE = patterns.starting(
    "等二三23",
    r"等(?:级)?保(?:护)?(?:要?做?到?|测评)?(?P<before>[二三23])级|(?P<after>[二三23])级等(?:级)?保|等保(?P<bare>[23])(?:\.0)?(?!\.)",
)
_GRADE_OF_PRODUCT = re.compile(
    r"(?:满足|符合|达到|具备|支持|通过了?|够|按|过了|有|带)\S{0,8}$|"
    r"(?:系统|平台|软件|云|产品|整体|环境|机房)\S{0,4}(?:要|得|须|必须|需)?(?:过|通过|能过)$"
)
_OWN_GRADING = re.compile(r"测评|备案|定级|网安|公安|(?:我们|咱们|自己|公司)的?(?:系统|网站|平台|小程序|app)\S{0,3}过")
"""The firm is after its own grading: that is a service it needs, not a mark of a product."""
_ORDER: tuple[Delivery, ...] = ("on-premises", "private-cloud", "saas", "offline-event", "online-course")
_FORMS, _MARKS = frozenset(members(Delivery)), members(Compliance)


@cache
def _entries() -> tuple[tuple[str, str], ...]:
    """The phrases of `data/demands.csv` with the demand that each makes."""
    return tuple((phrase, row["demand"]) for row in tables.rows("demands.csv") for phrase in row["phrases"].split())


def spellings() -> Sequence[str]:
    """The phrases of the demands, for `vocabulary`."""
    return [phrase for phrase, _ in _entries()]


def read(text: NeedText, hits: Iterable[Hit]) -> dict[str, Found[bool]]:
    """Every demand that the text makes firmly, where it stands first."""
    entries = _entries()
    found: dict[str, Found[bool]] = {}
    for hit in hits:
        demand = entries[hit.phrase][1]
        if demand == "visit" and not _SOMEBODY.search(text.folded[max(0, hit.start - 14) : hit.start]):
            continue
        if _is_firm(text, hit, visit=demand in ("onsite", "visit")):
            named = "onsite" if demand == "visit" else demand
            if named not in found or hit.start < found[named].start:
                found[named] = Found(True, hit.start, hit.end, 85)
    return found


def _is_firm(text: NeedText, hit: Hit, *, visit: bool) -> bool:
    """Neither a mere preference nor refused; a visit is one to the firm, and now."""
    clause = text.clause_at(hit.start)
    before = text.folded[clause.start : hit.start]
    if _SOFT_AFTER.match(text.after(hit.end, 8)) or _SOFT.search(text.folded[hit.start : hit.end]):
        return False
    if _SOFT.search(before[-8:]) or _DENIED.search(before):
        return False
    return not (visit and _NO_VISIT.search(text.folded[clause.start : clause.end]))


def delivery(demands: dict[str, Found[bool]]) -> Found[tuple[Delivery, ...]] | None:
    """The accepted forms; what keeps the data in the house goes before SaaS."""
    named = [demand for demand in demands if not _FORMS.isdisjoint(demand.split("+"))]
    chosen = [demand for demand in named if demand != "saas"] or named
    if not chosen:
        return None
    forms = {form for demand in chosen for form in demand.split("+")}
    first = min((demands[demand] for demand in chosen), key=lambda found: found.start)
    ordered: tuple[Delivery, ...] = tuple(form for form in _ORDER if form in forms)
    return Found(ordered, first.start, first.end, 85)


def onsite(demands: dict[str, Found[bool]]) -> Found[bool] | None:
    """Somebody must come, unless the text says that nobody needs to."""
    return None if "remote" in demands else demands.get("onsite")


def compliance(text: NeedText, demands: dict[str, Found[bool]]) -> Found[tuple[Compliance, ...]] | None:
    """Marks that the product must carry; a certificate that the firm itself is after is none."""
    found = sorted(_marks(text, demands), key=lambda mark: mark.start)
    if not found:
        return None
    marks = tuple(dict.fromkeys(mark.value for mark in found))
    return Found(marks, found[0].start, found[0].end, min(mark.confidence for mark in found))


def _marks(text: NeedText, demands: dict[str, Found[bool]]) -> Iterator[Found[Compliance]]:
    for mark in _MARKS:
        if mark in demands:
            yield Found(mark, demands[mark].start, demands[mark].end, 85)  # type: ignore[arg-type]
    own = _OWN_PRODUCT.search(text.folded) if "国产" in text.folded else None
    if own is not None and "xinchuang" not in demands:
        yield Found("xinchuang", own.start(), own.end(), 75)
    for match in _GRADE.finditer(text.folded):
        before = text.before(match.start(), 14)
        if _GRADE_OF_PRODUCT.search(before) and not _SOFT.search(before[-8:]) and not _OWN_GRADING.search(text.folded):
            level = match["before"] or match["after"] or match["bare"]
            yield Found("mlps3" if level in "三3" else "mlps2", match.start(), match.end(), 80)
