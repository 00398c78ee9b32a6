"""Which documents a search text finds: words, phrases, beginnings, typos, synonyms, joined and split words.

Transcribed from how the server builds its query graph and drops terms by the matching strategy.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.meilisearch.words import HARD, SOFT, STOP, WORD, Cutter, Token, typos

MOST_TERMS = 10
Places = dict[str, list[list[str | None]]]
"""Of a document: per attribute its texts as words by position; null = a hard break."""


@dataclass(frozen=True)
class Term:
    words: tuple[str, ...]
    phrase: bool = False
    begins: bool = False


@dataclass
class Inverted:
    """What an index knows of its documents' words."""

    places: dict[str, Places]
    settings: Mapping[str, Any]
    cutter: Cutter

    def find(self, query: str, strategy: str) -> tuple[set[str], list[set[str]]]:
        """The documents that match, and per term those that have it."""
        terms, excluded = parsed(query, self.cutter)
        everything = set(self.places)
        for term in excluded:
            everything -= self._having(term)
        if not terms:
            return everything, []
        per_term = [self._having(term) for term in terms]
        costs = self._costs(terms, per_term, strategy)
        mandatory = any(term.phrase for term in terms)
        kept = max(costs) if not mandatory and strategy != "all" else None
        found: set[str] = set()
        for way in _ways(len(terms)):
            nodes = {(start, end): self._node(terms, start, end) for start, end in way}
            asked = {
                (start, end)
                for start, end in way
                if strategy == "all" or terms[start].phrase or (kept is not None and max(costs[start:end]) == kept)
            }
            if all(having is not None for having in nodes.values()):  # else it joins what cannot be joined
                found |= everything.intersection(*(nodes[part] or set() for part in asked))
        return found, per_term

    def _costs(self, terms: Sequence[Term], per_term: Sequence[set[str]], strategy: str) -> list[int]:
        """The higher, the later a term is dropped."""
        if strategy == "last":
            return [len(terms) - at for at in range(len(terms))]
        times = [self._times(terms, per_term, at) for at in range(len(terms))]
        order = sorted(set(times), reverse=True)
        return [order.index(count) for count in times]

    def _times(self, terms: Sequence[Term], per_term: Sequence[set[str]], at: int) -> float:
        """In how many documents a term stands, also joined with its neighbours; in none counts as most of all."""
        found = set(per_term[at])
        for length in (2, 3):
            for start in range(at - length + 1, at + 1):
                if start >= 0 and start + length <= len(terms):
                    found |= self._node(terms, start, start + length) or set()
        return len(found) or float("inf")

    def _node(self, terms: Sequence[Term], start: int, end: int) -> set[str] | None:
        """The documents of a term, or of several joined into one word; null where they cannot be joined."""
        if end - start == 1:
            return self._having(terms[start])
        joined = terms[start:end]
        if any(term.phrase for term in joined):
            return None
        said = tuple(term.words[0] for term in joined)
        found = self._having(Term(("".join(said),), begins=joined[-1].begins))
        return found | self._synonyms(said)

    def _having(self, term: Term) -> set[str]:
        if term.phrase:
            return {uid for uid in self.places if self._adjacent(uid, term.words)}
        word = term.words[0]
        wanted = {word} | self._typos(word)
        found = {uid for uid in self.places if not wanted.isdisjoint(self._words(uid))}
        if term.begins:
            found |= {uid for uid in self.places if any(said.startswith(word) for said in self._words(uid))}
        for cut in range(1, len(word)):
            found |= {uid for uid in self.places if self._adjacent(uid, (word[:cut], word[cut:]))}
        return found | self._synonyms((word,))

    def _synonyms(self, said: tuple[str, ...]) -> set[str]:
        found: set[str] = set()
        for key, others in self.settings.get("synonyms", {}).items():
            if tuple(token.text for token in self.cutter.tokens(key) if token.kind == WORD) == said:
                for other in others:
                    words = tuple(token.text for token in self.cutter.tokens(other) if token.kind == WORD)
                    found |= {uid for uid in self.places if self._adjacent(uid, words)}
        return found

    def _typos(self, word: str) -> set[str]:
        tolerance = self.settings.get("typoTolerance", {})
        numeric = word.isdigit() and tolerance.get("disableOnNumbers", False)
        if not tolerance.get("enabled", True) or numeric or word in tolerance.get("disableOnWords", []):
            return set()
        sizes = tolerance.get("minWordSizeForTypos", {})
        vocabulary = {said for uid in self.places for said in self._words(uid)}
        return typos(word, vocabulary, sizes.get("oneTypo", 5), sizes.get("twoTypos", 9))

    def _words(self, uid: str) -> set[str]:
        return {word for texts in self.places[uid].values() for said in texts for word in said if word is not None}

    def _adjacent(self, uid: str, words: tuple[str, ...]) -> bool:
        return any(
            tuple(said[at : at + len(words)]) == words
            for texts in self.places[uid].values()
            for said in texts
            for at in range(len(said) - len(words) + 1)
        )


def places(document: Mapping[str, Any], attributes: Iterable[str], cutter: Cutter) -> Places:
    """The words of a document where they stand."""
    found: Places = {}
    for attribute in attributes:
        value = document.get(attribute)
        texts = [str(part) for part in (value if isinstance(value, list) else [] if value is None else [value])]
        found[attribute] = [list(_positions(cutter.tokens(text))) for text in texts]
    return found


def _positions(tokens: Iterable[Token]) -> Iterator[str | None]:
    for token in tokens:
        if token.kind == WORD:
            yield token.text
        elif token.kind in (STOP, HARD):
            yield None


def _ways(length: int) -> Iterator[list[tuple[int, int]]]:
    """All ways to take terms singly or joined by twos and threes."""
    if length == 0:
        yield []
        return
    for size in range(1, min(3, length) + 1):
        for way in _ways(length - size):
            yield [*way, (length - size, length)]


def parsed(query: str, cutter: Cutter) -> tuple[list[Term], list[Term]]:
    """The terms of a search text, at most ten, and what is excluded by a dash."""
    tokens = list(cutter.tokens(query))
    reading = _Reading()
    for at, token in enumerate(tokens):
        if len(reading.terms) >= MOST_TERMS:
            return reading.terms, reading.excluded
        reading.take(token, last=at == len(tokens) - 1)
    reading.end_phrase()
    return reading.terms, reading.excluded


class _Reading:
    """A search text, read token by token."""

    def __init__(self) -> None:
        self.terms: list[Term] = []
        self.excluded: list[Term] = []
        self._phrase: list[str] | None = None
        self._after_blank = True
        self._exclude = False

    def take(self, token: Token, last: bool) -> None:
        if token.kind in (WORD, STOP):
            self._word(token, last)
        elif token.text == '"':
            opens = self._phrase is None
            self.end_phrase()
            self._phrase = [] if opens else None
        elif token.kind in (SOFT, HARD):
            self._exclude = self._phrase is None and token.text == "-" and self._after_blank
        self._after_blank = token.text[-1].isspace()

    def end_phrase(self) -> None:
        if self._phrase:
            self.terms.append(Term(tuple(self._phrase), phrase=True))
        self._phrase = None

    def _word(self, token: Token, last: bool) -> None:
        if self._phrase is not None:
            self._phrase.append(token.text)
        elif self._exclude:
            self.excluded.append(Term((token.text,)))
            self._exclude = False
        elif token.kind == WORD or last:
            self.terms.append(Term((token.text,), begins=last))
