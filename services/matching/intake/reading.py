"""Reads a need: the text and the firm become the profile that matching works with."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from services.matching.intake import budget, categories, demands, money, quantities, texts
from services.matching.intake.language import EMPTY, Language
from services.matching.intake.texts import Found, NeedText
from shared.contracts.needs import Enterprise, Must, NeedRequest, Profile, Quantities, Read, ReadCategory

T = TypeVar("T")


def read(request: NeedRequest, language: Language = EMPTY, as_of: date | None = None) -> Profile:
    """The profile of a need: what is stated wins, `null` clears, the rest is read from the text and the firm."""
    text = texts.fold(request.text or "")
    counts = quantities.read(text)
    must = _constraints(text, counts, request.enterprise)
    return Profile(
        categories=_categories(text, request, language),
        must=Must(**_merged(must, request.profile.must, text)),
        quantities=Quantities(**_merged(_counted(counts), request.profile.quantities, text)),
    )


def _constraints(text: NeedText, counts: quantities.Counts, firm: Enterprise) -> dict[str, Found[Any] | None]:
    sums = money.mentions(text)
    return {
        "budget_max": budget.read(text, sums, counts, firm.employees),
        "delivery": demands.delivery(text),
        "onsite": demands.onsite(text),
        "compliance": demands.compliance(text),
    }


def _counted(counts: quantities.Counts) -> dict[str, Found[Any] | None]:
    return {"users": counts.users, "sites": counts.sites, "devices": counts.devices}


def _merged(read_values: Mapping[str, Found[Any] | None], stated: Any, text: NeedText) -> dict[str, Read[Any]]:
    """Stated values win over read ones; a stated null clears; an empty list is the same as absent."""
    merged: dict[str, Read[Any]] = {}
    for field in type(stated).model_fields:
        if field in stated.model_fields_set:
            value = getattr(stated, field)
            if value is not None and value != ():
                merged[field] = Read(value=value, source="stated", evidence=None, confidence=100)
            continue
        found = read_values.get(field)
        if found is not None:
            words = text.words(found.start, found.end) or None
            merged[field] = Read(value=found.value, source="text", evidence=words, confidence=found.confidence)
    return merged


def _categories(text: NeedText, request: NeedRequest, language: Language) -> tuple[ReadCategory, ...]:
    stated = request.profile.categories
    if stated:
        return tuple(
            ReadCategory(code=code, confidence=100, source="stated", evidence=None) for code in dict.fromkeys(stated)
        )
    if "categories" in request.profile.model_fields_set and stated is None:
        return ()
    return categories.read(text, language)
