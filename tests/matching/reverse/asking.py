"""Needs of every kind, drawn at random from what offerings state, so that many stand right at a boundary."""

import random
from collections.abc import Sequence
from datetime import date

from services.matching.kernel.question import Question
from shared.contracts.changes import OfferingRecord
from shared.contracts.needs import Enterprise, Must, Profile, Quantities, Read, ReadCategory, ReadScenario
from shared.contracts.offerings import OfferingContent

AS_OF = date(2026, 11, 22)
REGIONS = ("330106", "330100", "330000", "320505", "510100", "440300", "110105", "000000")
INDUSTRIES = (None, "C", "33", "335", "3351", "52", "5299", "I", "6513")
SIZES = (None, "self-employed", "micro", "small", "medium", "large")


def question(chance: random.Random, number: int, offerings: Sequence[OfferingRecord], day: date = AS_OF) -> Question:
    """A need that a random offering inspired; each demand is made or not by the toss of a coin."""
    model = chance.choice(offerings).content
    other = chance.choice(offerings).content
    return Question(
        profile=Profile(
            categories=_categories(chance, model, other),
            must=_must(chance, model),
            quantities=Quantities(
                **{name: _read(chance.choice((2, 30))) for name in _some(chance, ("users", "sites"))}
            ),
            wishes=_some(chance, model.features[:2]),
            avoid=_some(chance, other.features[:1]),
            scenarios=_scenarios(chance, model),
            enterprise_size=_read(chance.choice(SIZES)),
        ),
        enterprise=Enterprise(
            region=chance.choice(REGIONS),
            industry=chance.choice(INDUSTRIES),
            founded=chance.choice((None, 2015, 2024, 2025, 2027)),
            annual_revenue=chance.choice((None, 0, 10**7, 10**9)),
        ),
        as_of=day,
        need_hash=f"need-{number}",
        text=chance.choice((model.summary, model.description[:80], "想省点事", "")),
        weights=chance.choice((None, None, {"topic": 6000, "text": 2000, "price": 2000})),
    )


def _categories(chance: random.Random, model: OfferingContent, other: OfferingContent) -> tuple[ReadCategory, ...]:
    codes = dict.fromkeys((*model.categories, *other.categories))
    chosen = list(codes)[: chance.choice((0, 1, 1, 2))]
    return tuple(ReadCategory(code=code, confidence=chance.choice((40, 70, 90, 100)), source="text") for code in chosen)


def _must(chance: random.Random, model: OfferingContent) -> Must:
    price = (model.price.min if model.price else None) or 100_000
    terms = model.finance
    demands = {
        "budget_max": chance.choice((price, price * 10 // 11, price * 10 // 11 - 1, price * 3)),
        "deadline_days": chance.choice((model.lead_time_days or 20, (model.lead_time_days or 20) * 10 // 11)),
        "delivery": tuple(chance.sample(("saas", "onsite-service", "remote-service", "hardware"), 2)),
        "onsite": True,
        "compliance": tuple(chance.sample(("mlps2", "mlps3", "xinchuang"), chance.choice((1, 2)))),
        "finance_amount": (terms.amount_max if terms and terms.amount_max else 10**8) + chance.choice((0, 1)),
        "annual_rate_max_bp": (terms.annual_rate_min_bp if terms and terms.annual_rate_min_bp else 400) - 1,
        "term_months": chance.choice((1, 12, 36)),
        "collateral": (chance.choice(("none", "mortgage", "receivables", "guarantee")),),
    }
    return Must(**{name: _read(demands[name]) for name in _some(chance, tuple(demands), 0.25)})


def _scenarios(chance: random.Random, model: OfferingContent) -> tuple[ReadScenario, ...]:
    return tuple(
        ReadScenario(**{"scenario": step.scenario, "from": 0, "to": chance.choice((1, 3))})
        for step in model.scenarios[: chance.choice((0, 1))]
    )


def _some(chance: random.Random, names: Sequence[str], share: float = 0.5) -> tuple[str, ...]:
    return tuple(name for name in names if chance.random() < share)


def _read(value: object) -> Read | None:
    return None if value is None else Read(value=value, source="stated")
