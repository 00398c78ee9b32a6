"""The parts of an answer as plain values; each is named, and has the fields, as in `shared.contracts.matches`.

An answer has hundreds of them, so they are tuples: `writing` spells them out as JSON, and the contract's models only
declare and check what it writes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring as quote
from typing import NamedTuple

from services.matching.kernel.policy import CRITERIA
from services.matching.snapshot.worth import UNKNOWN
from shared.contracts.changes import OfferingRecord
from shared.contracts.matches import UnmetCode


@dataclass(slots=True, init=False)
class Said:
    """A sentence for people in both languages, as an answer spells it: many sentences stand in many answers."""

    json: bytes

    def __init__(self, zh: str, en: str) -> None:
        self.json = b'{"zh":%b,"en":%b}' % (quote(zh).encode(), quote(en).encode())

    @property
    def zh(self) -> str:
        """In Chinese."""
        return str(json.loads(self.json)["zh"])

    @property
    def en(self) -> str:
        """In English."""
        return str(json.loads(self.json)["en"])


class Pattern:
    """A sentence with places for facts, the Chinese before the English ones: %d for a number, %b for spelled words."""

    __slots__ = ("_json",)

    def __init__(self, zh: str, en: str) -> None:
        self._json = Said(zh, en).json

    def fill(self, *facts: int | bytes) -> Said:
        """The sentence with these facts."""
        said = Said.__new__(Said)
        said.json = self._json % facts
        return said


def spelled(words: str) -> bytes:
    """Words as they stand in a sentence that is spelled."""
    return quote(words)[1:-1].encode()


class Contribution(NamedTuple):
    """What one criterion gave to a score."""

    criterion: str
    weight: int
    value: int | None
    contribution: int
    text: Said
    """The reason, with its facts."""


class Result(NamedTuple):
    """One place in the list."""

    rank: int
    offering: OfferingRecord
    label: bytes
    """What every answer says of it, with the name of its provider."""
    score: int
    weights: tuple[int, ...]
    values: tuple[int, ...]
    points: tuple[int, ...]
    texts: tuple[Said, ...]
    """These four: one a criterion, in the order of policy.CRITERIA; a value may be UNKNOWN."""
    order: Sequence[int]
    """The criteria by their numbers, those first that gave most."""
    cautions: Sequence[Said]

    @property
    def offering_id(self) -> str:
        """Which offering it is."""
        return self.offering.id

    @property
    def provider_id(self) -> str:
        """Who offers it."""
        return self.offering.provider_id

    @property
    def contributions(self) -> tuple[Contribution, ...]:
        """What each criterion gave, those first that gave most."""
        return tuple(
            Contribution(
                CRITERIA[number],
                self.weights[number],
                None if self.values[number] == UNKNOWN else self.values[number],
                self.points[number],
                self.texts[number],
            )
            for number in self.order
        )


@dataclass(slots=True)
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
