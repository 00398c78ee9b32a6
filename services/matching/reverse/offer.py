"""An offering made ready to be held against standing needs: the mirror of `demand` and `wording`."""

from dataclasses import dataclass, replace
from datetime import date

from services.matching.reverse.standing import Standing
from services.matching.reverse.wanted_words import Rarity
from services.matching.snapshot.code_sets import Closeness
from services.matching.snapshot.columns import Columns
from services.matching.snapshot.segment import Entry, Segment


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
        segment: Segment,
        row: int,
        standing: Standing,
        as_of: date,
        editions: frozenset[str] = frozenset(),
    ) -> "Offer":
        """The offering of a row as these needs see it on this day."""
        entry = segment.entries[row]
        content = entry.offering.content
        return cls(
            entry=entry,
            columns=segment.facts(row),
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
