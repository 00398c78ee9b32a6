"""Where the text and the firm's own data disagree: each is said, none is decided."""

import re
from collections.abc import Iterable, Iterator, Sequence

from services.matching.intake import places
from services.matching.intake.quantities import Counts
from services.matching.intake.texts import Found, NeedText
from shared.codes import industries, regions
from shared.contracts.needs import Enterprise

_SELF_EMPLOYED = re.compile(r"个体(?:户|工商户|经营|老板|店)?")
_NO_LONGER = re.compile(r"(?:从|由|原来是|以前是|刚|不是|都是|批发给|卖给|客户\S{0,3})\S{0,3}$")
_NOT_ANY_MORE = re.compile(r"^\S{0,4}(?:转|变|升|注销|改成|改为)")
_PLAIN = 85
"""Only what the text says this plainly can disagree with the firm's data."""


def calls_itself_self_employed(text: NeedText) -> bool:
    """Whether the text says that the firm is a 个体户 today."""
    for match in _SELF_EMPLOYED.finditer(text.folded):
        before, after = text.before(match.start(), 6), text.after(match.end(), 8)
        if not _NO_LONGER.search(before) and not _NOT_ANY_MORE.match(after):
            return True
    return False


def find(
    text: NeedText, firm: Enterprise, counts: Counts, named: Sequence[Found[str]], trade: Found[str] | None
) -> tuple[str, ...]:
    """Short sentences in Chinese and English, one per disagreement."""
    return tuple(_all(text, firm, counts, named, trade))


def _all(
    text: NeedText, firm: Enterprise, counts: Counts, named: Iterable[Found[str]], trade: Found[str] | None
) -> Iterator[str]:
    for place in named:
        if places.differs(place.value, firm.region):
            said, home = regions.full_name(place.value), regions.full_name(firm.region)
            yield f"文中地点{said}与企业所在地{home}不同 / the text names {said}, the firm's region is {home}"
    heads = counts.heads
    if heads is not None and heads.confidence >= _PLAIN and firm.employees and _far(heads.value, firm.employees):
        yield (
            f"文中说{heads.value}人，企业资料为{firm.employees}人 / "
            f"the text says {heads.value} people, the firm's data {firm.employees}"
        )
    if firm.legal_form == "company" and calls_itself_self_employed(text):
        yield "文中自称个体户，企业资料为公司 / the text says self-employed, the firm's data says company"
    if trade is not None and firm.industry is not None and _other_section(trade, firm.industry):
        said, stated = industries.names()[trade.value], industries.names()[firm.industry]
        yield f"文中行业像是{said}，企业资料为{stated} / the text sounds like {said}, the firm's data says {stated}"


def _far(said: int, known: int) -> bool:
    return said > 2 * known or known > 2 * said


def _other_section(trade: Found[str], industry: str) -> bool:
    """Only sections that differ count, and only a trade that was said plainly."""
    return trade.confidence >= _PLAIN and industries.lineage(trade.value)[-1] != industries.lineage(industry)[-1]
