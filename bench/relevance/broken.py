"""Hard constraints broken by what was served: against what was read, and against what was judged."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from bench.relevance import catalogue
from bench.relevance.asking import AS_OF, Answer
from services.matching.kernel import violations
from shared.contracts.needs import Enterprise, Must, Profile


@dataclass(frozen=True)
class Broken:
    """Served places that break something. `places` counts all places served."""

    places: int
    kernel: list[str]
    end_to_end: list[str]
    text_only: int
    """Places judged 0 that break no rule on structured fields: what they lack stands in their text."""


def count(answers: Iterable[Answer], as_of: date = AS_OF) -> Broken:
    """Check every served place with the plain-Python rules of services/matching/kernel/violations.py."""
    offerings, providers = catalogue.offerings(), catalogue.providers()
    kernel, end_to_end, places, text_only = [], [], 0, 0
    for answer in answers:
        firm = Enterprise.model_validate(answer.need.enterprise)
        read = Profile.model_validate(answer.body["profile"])
        judged = read.model_copy(update={"must": _judged(answer.need.expects["must"])})
        for code in answer.served:
            offering, provider = offerings[code], providers[offerings[code].provider_id]
            places += 1
            found = violations.of(offering, provider, read, firm, as_of)
            kernel += [f"{answer.need.code} {code} {name}" for name in found]
            found = violations.of(offering, provider, judged, firm, as_of)
            end_to_end += [f"{answer.need.code} {code} {', '.join(found)}"] if found else []
            text_only += not found and answer.need.grades.get(code) == 0
    return Broken(places, kernel, end_to_end, text_only)


def _judged(expected: dict[str, Any]) -> Must:
    """The judged hard constraints in the shape of a profile."""
    listed = {"collateral", "delivery", "compliance"}
    return Must.model_validate(
        {
            name: {"value": [value] if name in listed and isinstance(value, str) else value, "source": "stated"}
            for name, value in expected.items()
        }
    )
