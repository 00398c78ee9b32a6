"""Where the text and the firm's own data disagree: each is said, none is decided."""

from collections.abc import Iterable, Iterator, Sequence

from services.matching.intake import firm_size, places
from services.matching.intake.quantities import Counts
from services.matching.intake.texts import Found, NeedText
from shared.codes import industries, regions
from shared.contracts.needs import Enterprise

_PLAIN = 85
"""Only what the text says this plainly can disagree with the firm's data."""


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
    if firm.legal_form == "company" and firm_size.calls_itself_self_employed(text):
        yield "文中自称个体户，企业资料为公司 / the text says self-employed, the firm's data says company"
    if trade is not None and firm.industry is not None and _other_section(trade, firm.industry):
        said, stated = industries.names()[trade.value], industries.names()[firm.industry]
        yield f"文中行业像是{said}，企业资料为{stated} / the text sounds like {said}, the firm's data says {stated}"


def _far(said: int, known: int) -> bool:
    return said > 2 * known or known > 2 * said


def _other_section(trade: Found[str], industry: str) -> bool:
    """Only sections that differ count, and only a trade that was said plainly."""
    return trade.confidence >= _PLAIN and industries.lineage(trade.value)[-1] != industries.lineage(industry)[-1]
