"""Which categories a text is about: the lexicon's phrases, how firms talk, and the catalogue's own language."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from services.matching.intake import polarity, sayings, tables
from services.matching.intake.language import Language
from services.matching.intake.phrases import Hit
from services.matching.intake.texts import NeedText
from services.matching.snapshot import topical
from shared import segmentation
from shared.contracts.needs import ReadCategory

_MOST = 5
_LEAST_EVIDENCE = 0.36  # confidence 30
_SECOND, _FURTHER = 0.4, 0.6
"""What share of the best category's evidence the second needs to count, and those that follow."""
_ENOUGH = 3.0  # confidence 95: evidence beyond it does not push other topics out
_OFF_TOPIC, _OFF_TOPIC_WITHOUT_PHRASES = 1.0, 0.7
"""A text is off topic when it sounds so many times as much like what no firm needs as any category has evidence."""
_OFF_TOPIC_BY_SOUND, _CLEARLY_OFF_TOPIC, _BRIEF = 1.3, 1.0, 2
"""A text of no more clauses is so, whatever trade word it holds (球赛直播), when it sounds so much more like that."""
_PLEDGED = frozenset({"secured-loan", "ip-pledge-finance"})
"""Who lacks what these need does not want them (没有房产抵押); who lacks anything else may want it (没有仓库系统)."""
_GRADING = "mlps-compliance"
_EMPTY = 2.0
"""A text without a phrase says nothing when it sounds so many times as much like what any need may say."""
_ASKED, _TOLD = 1.3, 0.7
"""What a clause that asks counts, and one that only tells how things are, where a text has topics in both."""
_SOUND_OF_ASKING = 0.25
"""How much of what a text sounds like is what its asking clauses sound like by themselves."""
_ASKING = re.compile(
    "想|要不|能不能|能否|可不可以|有没有|有无|找|求|希望|打算|准备|需要|哪里|哪儿|哪家|谁能|拟|帮|请|最好|推荐|给我|该上|要个|要一"
)


@dataclass(frozen=True, slots=True)
class Balance:
    """How much the catalogue's language and the sayings count beside the lexicon: what exceeds a floor, times a weight.

    The only figures here that were chosen by looking at judged needs; `bench/relevance/intake_figures.py` prints
    what cross-validation makes of the choice.
    """

    floor: float = 1.1
    floor_without_phrases: float = 0.8
    weight: float = 0.5
    voice_floor: float = 0.08
    voice_floor_without_phrases: float = 0.12
    voice_weight: float = 8.0


BALANCE = Balance()


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase of the lexicon: its category, its kind (term, symptom, pain) and how strongly it speaks, 0 to 1."""

    category: str
    kind: str
    strength: float


class Mention(NamedTuple):
    """A phrase that stands in the text, with how much it counts there."""

    category: str
    start: int
    end: int
    strength: float
    asked: bool
    """Whether its clause asks for something."""
    wanted: bool = True
    """Whether it is neither refused nor there already."""


@cache
def _entries() -> tuple[tuple[str, Entry], ...]:
    """The phrases of `data/lexicon.csv` with what each says."""
    return tuple(
        (phrase, Entry(row["category"], row["kind"], int(row["strength"]) / 100))
        for row in tables.rows("lexicon.csv")
        for phrase in row["phrases"].split()
    )


def spellings() -> Sequence[str]:
    """The phrases of the lexicon, for `vocabulary`."""
    return [phrase for phrase, _ in _entries()]


def mentions(text: NeedText, hits: Iterable[Hit], *, graded: bool = False) -> list[Mention]:
    """The lexicon's phrases in the text; those that are refused there do not count.

    Where a product must be `graded`, its grade is no need for the service of grading.
    """
    entries = _entries()
    found = []
    for hit in hits:
        entry = entries[hit.phrase][1]
        lent = entry.category in _PLEDGED
        counts = polarity.weight(text, hit.start, hit.end, named=entry.kind == "term", lacked=lent)
        if graded and entry.category == _GRADING:
            counts = 0.0
        clause = text.clause_at(hit.start)
        asked = _ASKING.search(text.folded, clause.start, clause.end) is not None
        found.append(Mention(entry.category, hit.start, hit.end, entry.strength * counts, asked, counts == 1))
    return found


def read(
    text: NeedText, found: Sequence[Mention], language: Language, balance: Balance = BALANCE
) -> tuple[ReadCategory, ...]:
    """The categories, best first, with the words that speak most for each."""
    by_category: dict[str, list[Mention]] = defaultdict(list)
    refused = set()
    for mention in found:
        if mention.strength > 0:
            by_category[mention.category].append(mention)
        else:
            refused.add(mention.category)
    mixed = len({mention.asked for some in by_category.values() for mention in some}) == 2
    evidence = {code: _evidence(some, mixed) for code, some in by_category.items()}
    heard = _heard(text, found)
    spoken = _spoken(heard, language, balance, alone=not evidence)
    sounding = _sounding(text, heard, balance, alone=not evidence)
    idle, empty = sounding.pop(sayings.NO_TOPIC, 0.0), sounding.pop(sayings.ANY_TOPIC, 0.0)
    for code, score in (*spoken.items(), *sounding.items()):
        if code not in refused or code in evidence:
            evidence[code] = evidence.get(code, 0.0) + score
    least = _OFF_TOPIC if by_category else _OFF_TOPIC_WITHOUT_PHRASES
    most, sound = max(evidence.values(), default=0.0), max(sounding.values(), default=0.0)
    by_sound = len(text.clauses) <= _BRIEF and idle > max(_CLEARLY_OFF_TOPIC, _OFF_TOPIC_BY_SOUND * sound)
    if by_sound or idle > least * most or (not by_category and empty > _EMPTY * most):
        return ()
    ranked = sorted(evidence, key=lambda code: (-evidence[code], code))[:_MOST]
    best = min(evidence[ranked[0]], _ENOUGH) if ranked else 0.0
    return tuple(
        _category(text, code, evidence[code], by_category[code])
        for place, code in enumerate(ranked)
        if evidence[code] >= max(_LEAST_EVIDENCE, best * (_SECOND if place < 2 else _FURTHER))
    )


def _evidence(found: Sequence[Mention], mixed: bool) -> float:
    """Phrases add up as independent hints; where phrases overlap, the strongest counts.

    In a text that is `mixed`, what is asked for counts more than what is told: 订单老是乱 … 能不能来人看看.
    """
    total = 0.0
    taken: list[Mention] = []
    for mention in sorted(found, key=lambda mention: (-mention.strength, mention.start)):
        if all(mention.end <= other.start or mention.start >= other.end for other in taken):
            taken.append(mention)
            weight = (_ASKED if mention.asked else _TOLD) if mixed else 1.0
            total -= weight * math.log(1 - min(mention.strength, 0.97))
    return total


def _heard(text: NeedText, found: Sequence[Mention]) -> str:
    """The text without the things that are refused or there already: they shall not sound of their category."""
    left = set[int]().union(*(range(mention.start, mention.end) for mention in found if not mention.wanted))
    if not left:
        return text.folded
    left.difference_update(*(range(mention.start, mention.end) for mention in found if mention.wanted))
    return "".join(" " if place in left else character for place, character in enumerate(text.folded))


def _spoken(said: str, language: Language, balance: Balance, *, alone: bool) -> dict[str, float]:
    """What the words of the text weigh in the catalogue's language, above what any text weighs.

    Where the language speaks `alone`, without a phrase of the lexicon, one common word is not enough: 律师 alone asks
    for no contract software.
    """
    floor = balance.floor_without_phrases if alone else balance.floor
    scores = language.scores(segmentation.terms(said))
    heard = scores > floor
    if alone:
        heard &= language.witnesses(segmentation.cut(said)) >= topical.ENOUGH
    above = np.flatnonzero(heard)
    return {language.categories[i]: balance.weight * float(scores[i] - floor) for i in above}


def _sounding(text: NeedText, heard: str, balance: Balance, *, alone: bool) -> dict[str, float]:
    """What the text sounds like, by the example sentences; among it `sayings.NO_TOPIC`.

    Where it is `alone`, without a phrase of the lexicon, it must sound like something clearly.
    """
    voice = sayings.voice()
    parts: tuple[list[str], list[str]] = ([], [])
    for clause in text.clauses:
        asks = _ASKING.search(text.folded, clause.start, clause.end) is not None
        parts[asks].append(heard[clause.start : clause.end])
    told, asked = map("，".join, parts)
    likeness = voice.leaning(told, asked, _SOUND_OF_ASKING) if told and asked else voice.likeness(heard)
    if alone and likeness.max() < balance.voice_floor_without_phrases:
        return {}
    above = np.flatnonzero(likeness > balance.voice_floor)
    return {voice.categories[i]: balance.voice_weight * float(likeness[i] - balance.voice_floor) for i in above}


def _confidence(evidence: float) -> int:
    return round(100 * (1 - math.exp(-evidence)))


def _category(text: NeedText, code: str, evidence: float, found: Sequence[Mention]) -> ReadCategory:
    best = max(found, key=lambda mention: mention.strength, default=None)
    words = text.words(best.start, best.end) if best else None
    return ReadCategory(code=code, confidence=min(_confidence(evidence), 99), source="text", evidence=words)
