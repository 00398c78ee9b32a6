"""The parts of an answer as plain values; each is named, and has the fields, as in `shared.contracts.matches`.

An answer has hundreds of them, so they are tuples: `writing` spells them out as JSON, and the contract's models only
declare and check what it writes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from shared.contracts.matches import UnmetCode


class Said(NamedTuple):
    """A sentence for people, in both languages."""

    zh: str
    en: str


class Contribution(NamedTuple):
    """What one criterion gave to a score."""

    criterion: str
    weight: int
    value: int | None
    contribution: int
    zh: str
    en: str

    @property
    def text(self) -> Said:
        """The reason, with its facts."""
        return Said(self.zh, self.en)


class Result(NamedTuple):
    """One place in the list."""

    rank: int
    offering_id: str
    external_id: str | None
    provider_id: str
    name: str
    provider_name: str
    categories: tuple[str, ...]
    summary: str
    version: int
    content_hash: str
    score: int
    contributions: tuple[Contribution, ...]
    cautions: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Elimination:
    """How many offers of the topic one hard constraint took out."""

    constraint: str
    count: int
    only: int
    text: Said


class Relaxation(NamedTuple):
    """A smallest change of the need that would admit more offers."""

    change: Mapping[str, object]
    admits: int
    offerings: tuple[str, ...]
    text: Said


class Unmet(NamedTuple):
    """The honest answer when nothing, or nothing whole, fits."""

    code: UnmetCode
    text: Said
