"""How the server cuts text: separators and words of the dictionary first, then Chinese by jieba without guessing.

Pieces of more than two characters are cut again from the left: two characters that are a word, else three, else one.
"""

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import rjieba

WORD, STOP, SOFT, HARD = "word", "stop", "soft", "hard"
_HARD = frozenset(".;,!?()[]{}|。，、；！？（）【】《》：\n")


@dataclass(frozen=True)
class Token:
    kind: str
    text: str


@dataclass(frozen=True)
class Cutter:
    """The tokenizer of an index: its settings decide what is a word."""

    dictionary: tuple[str, ...] = ()
    non_separators: frozenset[str] = frozenset()
    stop_words: frozenset[str] = frozenset()

    def tokens(self, text: str) -> Iterator[Token]:
        longest = max(map(len, self.dictionary), default=0)
        known = frozenset(self.dictionary)
        pending = ""
        at = 0
        while at < len(text):
            whole = next((text[at : at + n] for n in range(longest, 0, -1) if text[at : at + n] in known), None)
            if whole is None and not self._separates(text[at]):
                pending += text[at]
                at += 1
                continue
            yield from self._words(pending)
            pending = ""
            if whole is not None:
                yield self._word(whole)
                at += len(whole)
            else:
                yield Token(HARD if text[at] in _HARD else SOFT, text[at])
                at += 1
        yield from self._words(pending)

    def _separates(self, character: str) -> bool:
        return character not in self.non_separators and unicodedata.category(character)[0] not in "LNM"

    def _words(self, run: str) -> Iterator[Token]:
        for chinese, characters in groupby(run, _is_han):
            piece = "".join(characters)
            for word in _cut_chinese(piece) if chinese else (piece,):
                yield self._word(word)

    def _word(self, word: str) -> Token:
        said = normalised(word)
        return Token(STOP if said in self.stop_words else WORD, said)


def normalised(word: str) -> str:
    """Compatibility forms and accents resolved, lower case."""
    decomposed = unicodedata.normalize("NFKD", word).lower()
    return "".join(character for character in decomposed if unicodedata.category(character) != "Mn")


def _is_han(character: str) -> bool:
    return "㐀" <= character <= "鿿" or "豈" <= character <= "﫿" or character == "〇"


@lru_cache(maxsize=20_000)
def _cut_chinese(run: str) -> tuple[str, ...]:
    words: list[str] = []
    for piece in rjieba.cut(run, False):
        words += _cut_again(piece) if len(piece) > 2 else [piece]
    return tuple(words)


def _cut_again(piece: str) -> list[str]:
    words, at = [], 0
    while at < len(piece):
        width = next((w for w in (2, 3) if rjieba.has_word(piece[at : at + w])), 1)
        words.append(piece[at : at + width])
        at += width
    return words


def typos(word: str, vocabulary: Collection[str], one: int, two: int) -> set[str]:
    """The known words within the typos that a word of this length may have; the first letter counts double."""
    bound = 0 if len(word) < one else 1 if len(word) < two else 2
    return {known for known in vocabulary if known != word and bound and _distance(word, known, bound) <= bound}


def _distance(word: str, known: str, bound: int) -> int:
    if abs(len(word) - len(known)) > bound:
        return bound + 1
    row = list(range(len(known) + 1))
    for at, character in enumerate(word, 1):
        before, row = row, [at]
        for to, other in enumerate(known, 1):
            row.append(min(before[to] + 1, row[-1] + 1, before[to - 1] + (character != other)))
    return row[-1] + (word[:1] != known[:1])
