"""An offering made ready to be held against standing needs: the mirror of `demand` and `wording`."""

from dataclasses import dataclass, replace
from datetime import date

from services.matching.reverse.standing import Standing
from services.matching.reverse.wanted_words import Rarity
from services.matching.snapshot.code_sets import Closeness
from services.matching.snapshot.columns import Columns
from services.matching.snapshot.segment import Entry
from services.matching.snapshot.text_model import TextModel


@dataclass(frozen=True)
class Offer:
    """One offering on one day: its facts as a single row, and what of the needs' codes and words it holds."""

    entry: Entry
    columns: Columns
    as_of: date
    industry: Closeness
    region: Closeness
    said: Rarity
    refused: Rarity
    editions: frozenset[str] = frozenset()
    """The live editions that list it."""

    @classmethod
    def of(
        cls,
        entry: Entry,
        standing: Standing,
        model: TextModel,
        as_of: date,
        editions: frozenset[str] = frozenset(),
    ) -> "Offer":
        """The offering as these needs see it on this day."""
        factor = model.length_factor(len(entry.said))
        content = entry.offering.content
        return cls(
            entry=entry,
            columns=Columns.single(entry.facts(factor)),
            as_of=as_of,
            industry=standing.industries.closeness(content.industries),
            region=standing.regions.closeness(content.regions),
            said=standing.words.heard(entry.said),
            refused=standing.words.heard(entry.refused),
            editions=editions,
        )

    def with_entry(self, entry: Entry, standing: Standing) -> "Offer":
        """The same offering with other facts and the same words."""
        factor = int(self.columns.length_factor[0])
        content = entry.offering.content
        return replace(
            self,
            entry=entry,
            columns=Columns.single(entry.facts(factor)),
            industry=standing.industries.closeness(content.industries),
            region=standing.regions.closeness(content.regions),
        )
