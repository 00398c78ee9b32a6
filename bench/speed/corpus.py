"""A synthetic catalogue and needs, made from the demo's own language and facts with a fixed seed.

Every offering mixes clauses of demo offerings of its category's family, so that its words are real; its place,
addressees, price and terms are drawn so that a need leaves about as many offers as a real one does (printed
with the results, because the figures depend on it most).

The lengths are those of the first study (260 characters and 140 words an offer, 42 query terms a need), because what a
query costs the engine grows with its terms. A term is what both contestants look for: a distinct word that is no stop
word, no number and no single character. The study counted more of a text as terms, so 42 of ours take a text of about
155 characters instead of its 87; matching reads all of them, which the engine need not. `NEED_CLAUSES` is the dial;
the means of characters and terms are printed. The judged needs on the demo catalogue, which have fewer terms, are a row
of their own.
"""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

from shared import canonical, codes
from shared.codes import regions
from shared.contracts.changes import CategoryRecord, OfferingRecord, ProviderRecord
from shared.contracts.needs import Enterprise, NeedRequest, StatedMust, StatedProfile
from shared.contracts.offerings import OfferingContent
from shared.contracts.providers import ProviderContent

T = TypeVar("T", OfferingContent, ProviderContent)
DEMO = Path(__file__).parents[2] / "demo"
AS_OF = date(2026, 11, 22)
PUBLISHED = datetime(2026, 6, 1, tzinfo=UTC)
CLAUSES, NEED_CLAUSES = 21, 13
OFFERS_PER_PROVIDER = 3


@dataclass(frozen=True)
class Catalogue:
    """The records that a snapshot is built of."""

    categories: tuple[CategoryRecord, ...]
    providers: tuple[ProviderRecord, ...]
    offerings: tuple[OfferingRecord, ...]


class Maker:
    """Draws offerings and needs from the demo's language."""

    def __init__(self, seed: int = 7) -> None:
        self._dice = random.Random(seed)
        self.categories = tuple(
            CategoryRecord(id=row["code"], parent=row["parent"] or None, name_zh=row["name_zh"], name_en=row["name_en"])
            for row in codes.rows("categories.csv")
        )
        self._family = {record.id: record.parent or record.id for record in self.categories}
        self._providers = [content for _, content in _contents(ProviderContent, "providers.jsonl")]
        self._templates: dict[str, list[OfferingContent]] = {}
        self._clauses: dict[str, list[str]] = {}
        for _, content in _contents(OfferingContent, "offerings.jsonl"):
            self._templates.setdefault(content.categories[0], []).append(content)
            clauses = re.split(r"[，。；！？：]", content.description)
            self._clauses.setdefault(self._family[content.categories[0]], []).extend(filter(None, clauses))
        self._leaves = sorted(self._templates)
        self._dice.shuffle(self._leaves)
        self._popularity = [1 / (place + 8) for place in range(len(self._leaves))]
        places = [code for code in regions.names() if code[:2] < "70" and code != "000000"]
        self._provinces = [code for code in places if code.endswith("0000")]
        self._cities = [code for code in places if code.endswith("00") and not code.endswith("0000")]
        self._counties = [code for code in places if not code.endswith("00")]

    def catalogue(self, size: int) -> Catalogue:
        """A catalogue of so many offerings."""
        providers = [self._provider(number) for number in range(max(1, size // OFFERS_PER_PROVIDER))]
        offerings = [self._offering(number, self._dice.choice(providers)) for number in range(size)]
        return Catalogue(self.categories, tuple(providers), tuple(offerings))

    def demo(self) -> Catalogue:
        """The demo catalogue itself."""
        providers = [
            ProviderRecord(id=f"prv_{code}", source="demo", standing="active", content=content)
            for code, content in _contents(ProviderContent, "providers.jsonl")
        ]
        offerings = [
            _record(f"off_{code}", f"prv_{owner}", content)
            for (code, content), owner in zip(
                _contents(OfferingContent, "offerings.jsonl"), _column("offerings.jsonl", "provider"), strict=True
            )
        ]
        return Catalogue(self.categories, tuple(providers), tuple(offerings))

    def needs(self, count: int) -> Iterator[NeedRequest]:
        """Needs of a category, with a budget, a form of delivery and a firm, stated beside the text."""
        for _ in range(count):
            category = self._category()
            template = self._dice.choice(self._templates[category])
            industry = self._dice.choice(template.industries or ("3484",))
            budget = int(self._dice.lognormvariate(15.0, 1.0))
            delivery = tuple(self._dice.sample(template.delivery, 1)) if template.delivery else None
            yield NeedRequest(
                text="，".join(self._dice.sample(self._clauses[self._family[category]], NEED_CLAUSES)),
                enterprise=Enterprise(
                    region=self._dice.choice(self._counties),
                    industry=industry,
                    employees=self._dice.choice((6, 40, 150, 400)),
                    annual_revenue=self._dice.choice((2 * 10**8, 15 * 10**8, 60 * 10**8)),
                    founded=self._dice.randint(1998, 2024),
                ),
                profile=StatedProfile(
                    categories=(category,), must=StatedMust(budget_max=budget, deadline_days=90, delivery=delivery)
                ),
                as_of=AS_OF,
            )

    def _category(self) -> str:
        return self._dice.choices(self._leaves, self._popularity)[0]

    def _provider(self, number: int) -> ProviderRecord:
        content = self._dice.choice(self._providers)
        content = content.model_copy(
            update={"name": f"{content.name}{number}", "region": self._dice.choice(self._counties)}
        )
        return ProviderRecord(id=f"prv_{number}", source="bench", standing="active", content=content)

    def _offering(self, number: int, provider: ProviderRecord) -> OfferingRecord:
        category = self._category()
        template = self._dice.choice(self._templates[category])
        draw = self._dice.random()
        area = "000000" if draw < 0.3 else self._dice.choice(self._provinces if draw < 0.7 else self._cities)
        price = template.price
        if price is not None and price.min:
            price = price.model_copy(update={"min": int(price.min * self._dice.lognormvariate(0, 0.5)), "max": None})
        clauses = self._dice.sample(self._clauses[self._family[category]], CLAUSES)
        content = template.model_copy(
            update={
                "name": f"{template.name}{number}",
                "description": "，".join(clauses) + "。",
                "regions": (area,),
                "price": price,
                "valid_until": None,
            }
        )
        return _record(f"off_{number}", provider.id, content)


def _record(offering_id: str, provider_id: str, content: OfferingContent) -> OfferingRecord:
    return OfferingRecord(
        id=offering_id,
        provider_id=provider_id,
        source="bench",
        version=1,
        content_hash=canonical.digest(canonical.plain(content)),
        published_at=PUBLISHED,
        content=content,
    )


def _column(name: str, field: str) -> list[str]:
    return [json.loads(line)[field] for line in (DEMO / name).read_text("utf-8").splitlines()]


def _contents(shape: type[T], name: str) -> list[tuple[str, T]]:
    """The rows of a demo file with their codes."""
    known = shape.model_fields.keys()
    rows = [json.loads(line) for line in (DEMO / name).read_text("utf-8").splitlines()]
    return [
        (row["code"], shape.model_validate_json(json.dumps({key: row[key] for key in row.keys() & known})))
        for row in rows
    ]
