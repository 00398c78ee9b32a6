"""Reads a need: the text and the firm become the profile that matching works with."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from services.matching.intake import (
    budget,
    categories,
    collateral,
    conflicts,
    deadlines,
    demands,
    finance,
    firm_size,
    money,
    places,
    quantities,
    scenarios,
    texts,
    trades,
    vocabulary,
    wishes,
)
from services.matching.intake.categories import Mention
from services.matching.intake.language import Language
from services.matching.intake.texts import Found, NeedText
from shared.contracts.needs import Enterprise, Must, NeedRequest, Profile, Quantities, Read, ReadCategory
from shared.contracts.vocabulary import FirmSize
from shared.contracts.wire import ReadSource, Wire

Values = Mapping[str, Found[Any] | None]
_GRADES = frozenset(("mlps2", "mlps3"))
T = TypeVar("T")
Shape = TypeVar("Shape", Must, Quantities)


def read(request: NeedRequest, language: Language, as_of: date) -> Profile:
    """The profile of a need: what is stated wins, `null` clears, the rest is read from the text and the firm."""
    text, firm = texts.fold(request.text or ""), request.enterprise
    hits = vocabulary.find(text)
    demanded = _demanded(text, demands.read(text, hits["demands"]))
    graded = not _GRADES.isdisjoint(marks.value if (marks := demanded["compliance"]) else ())
    mentions = categories.mentions(text, hits["categories"], graded=graded)
    topics = _topics(text, request, mentions, language)
    counts = quantities.read(text)
    must = _constraints(text, counts, firm, as_of, [topic.code for topic in topics]) | demanded
    named, trade = places.read(text, hits["places"], firm.region), trades.read(text, hits["trades"])
    settled = [
        *_spans_of(must.values()),
        *_spans_of(_counted(counts).values()),
        *_spans_of((counts.heads, *named, trade)),
    ]
    spoken = wishes.read(text, settled, [(hit.start, hit.end) for hit in hits["categories"]])
    return Profile.trusted(  # all of it is of our own making, or was checked with the request
        {
            "categories": topics,
            "must": _merged(Must, must, request.profile.must, text),
            "quantities": _merged(Quantities, _counted(counts), request.profile.quantities, text),
            "wishes": spoken.wishes,
            "avoid": spoken.avoid,
            "scenarios": scenarios.read(text, topics),
            "place": _as_read(named[0], text) if named else None,
            "industry": _industry(firm, trade, text),
            "enterprise_size": _size(firm, text),
            "conflicts": conflicts.find(text, firm, counts, named, trade),
            "not_understood": spoken.not_understood,
        }
    )


def _constraints(
    text: NeedText, counts: quantities.Counts, firm: Enterprise, as_of: date, topics: Sequence[str]
) -> dict[str, Found[Any] | None]:
    sums = money.mentions(text)
    must: dict[str, Found[Any] | None] = {
        "budget_max": budget.read(text, sums, counts, firm.employees),
        "deadline_days": deadlines.read(text, as_of),
    }
    if finance.is_wanted(text, topics):
        wanted = finance.amount(text, sums, topics)
        term = finance.term(text, topics)
        by = must["deadline_days"]
        if term is not None and by is not None and term.start == by.start:
            must["deadline_days"] = None
        cap = must["budget_max"]
        if cap is not None and not finance.leaves_budget(text, topics, cap, wanted):
            must["budget_max"] = None
        must |= {
            "finance_amount": wanted,
            "annual_rate_max_bp": finance.annual_rate(text),
            "term_months": term,
            "collateral": collateral.read(text),
        }
    return must


def _demanded(text: NeedText, demanded: dict[str, Found[bool]]) -> dict[str, Found[Any] | None]:
    return {
        "delivery": demands.delivery(demanded),
        "onsite": demands.onsite(demanded),
        "compliance": demands.compliance(text, demanded),
    }


def _counted(counts: quantities.Counts) -> Values:
    return {"users": counts.users, "sites": counts.sites, "devices": counts.devices}


def _spans_of(found: Any) -> Iterator[tuple[int, int]]:
    return ((value.start, value.end) for value in found if value is not None)


def _merged(shape: type[Shape], read_values: Values, stated: Wire, text: NeedText) -> Shape:
    """Stated values win over read ones; a stated null clears; an empty list is the same as absent."""
    merged = dict.fromkeys(shape.model_fields)
    for field, found in read_values.items():
        if found is not None:
            merged[field] = _as_read(found, text)
    for field in stated.model_fields_set:
        value = getattr(stated, field)
        if value != ():
            merged[field] = None if value is None else _sourced(value, "stated", 100)
    return shape.trusted(merged)


def _as_read(found: Found[T], text: NeedText) -> Read[T]:
    return _sourced(found.value, "text", found.confidence, text.words(found.start, found.end) or None)


def _sourced(value: T, source: ReadSource, confidence: int, evidence: str | None = None) -> Read[T]:
    return Read.trusted({"value": value, "source": source, "evidence": evidence, "confidence": confidence})


def _topics(
    text: NeedText, request: NeedRequest, mentions: Sequence[Mention], language: Language
) -> tuple[ReadCategory, ...]:
    stated = request.profile.categories
    if stated:
        return tuple(
            ReadCategory.trusted({"code": code, "confidence": 100, "source": "stated", "evidence": None})
            for code in dict.fromkeys(stated)
        )
    if stated is None and "categories" in request.profile.model_fields_set:
        return ()
    return categories.read(text, mentions, language)


def _industry(firm: Enterprise, trade: Found[str] | None, text: NeedText) -> Read[str] | None:
    if firm.industry is not None:
        return _sourced(firm.industry, "enterprise", 100)
    return _as_read(trade, text) if trade is not None else None


def _size(firm: Enterprise, text: NeedText) -> Read[FirmSize] | None:
    """The size by the 2017 rule; less sure where the industry is outside the official table."""
    by_text = firm.legal_form is None and firm_size.calls_itself_self_employed(text)
    sized = firm_size.compute(firm, self_employed=by_text)
    if sized is None:
        return None
    sure = 70 if sized.outside_table else 90 if by_text else 100
    return _sourced(sized.size, "text" if by_text else "enterprise", sure)
