"""Cuts Chinese text into words, the same way for the catalogue's search, for intake and for matching.

Text is folded (NFKC, lower case), words of the trade are taken out whole (leftmost, longest first), the
rest is cut by a dictionary without guessing (no hidden Markov model: the same text always gives the same
words), and longer pieces are cut again to the shortest dictionary words: 专用发票 → 专用, 发票.
"""

import re
import unicodedata
from functools import cache, lru_cache

import rjieba

from shared import lexicon

_RUN = re.compile(r"[㐀-鿿豈-﫿〇]+|[a-z0-9]+(?:[.+#/&-][a-z0-9]+)*[+#]*")


@cache
def domain_words() -> frozenset[str]:
    """The words of the trade that stay whole."""
    return lexicon.words("domain_words.txt")


@cache
def stop_words() -> frozenset[str]:
    """The words that say nothing about a topic."""
    return lexicon.words("stop_words.txt")


@cache
def _domain_pattern() -> re.Pattern[str]:
    """A pattern of the domain words, shaped as a trie by first characters so that it stays fast."""
    by_first: dict[str, list[str]] = {}
    for word in sorted(domain_words(), key=lambda word: (-len(word), word)):
        latin_edge = r"(?![a-z0-9])" if word[-1].isascii() else ""
        by_first.setdefault(word[0], []).append(re.escape(word[1:]) + latin_edge)
    heads = []
    for first, rests in sorted(by_first.items()):
        latin_start = r"(?<![a-z0-9])" if first.isascii() else ""
        heads.append(f"{latin_start}{re.escape(first)}(?:{'|'.join(rests)})")
    return re.compile("(" + "|".join(heads) + ")")


def normalise(text: str) -> str:
    """The folded text: compatibility forms resolved (ＥＲＰ → erp), lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def cut(text: str) -> list[str]:
    """The words of a text in their order, without blanks and punctuation; nothing overlaps."""
    words: list[str] = []
    for index, piece in enumerate(_domain_pattern().split(normalise(text))):
        if index % 2:  # what the pattern took out
            words.append(piece)
        else:
            for run in _RUN.findall(piece):
                words += _cut_run(run)
    return words


def search_tokens(text: str) -> list[str]:
    """The words of a text, each followed by the shorter words inside it: for an index that finds parts."""
    tokens: list[str] = []
    for word in cut(text):
        tokens.append(word)
        if len(word) > 2 and not word[0].isascii():
            tokens += _inner_words(word)
    return tokens


def terms(text: str) -> list[str]:
    """The distinct words that can tell a topic, in order: no stop words, single characters or numbers."""
    stop = stop_words()
    tokens = dict.fromkeys(search_tokens(text))
    return [word for word in tokens if len(word) > 1 and word not in stop and not word[0].isdigit()]


def _cut_run(run: str) -> list[str]:
    if run[0].isascii():
        return [run]
    words: list[str] = []
    for piece in rjieba.cut(run, False):
        words += _cut_again(piece) if len(piece) > 2 else [piece]
    return words


@lru_cache(maxsize=65_536)
def _cut_again(piece: str) -> tuple[str, ...]:
    """A long word as the shortest dictionary words, from the left: two characters, else three, else one."""
    words = []
    start = 0
    while start < len(piece):
        width = next((w for w in (2, 3) if rjieba.has_word(piece[start : start + w])), 1)
        words.append(piece[start : start + width])
        start += width
    return tuple(words)


@lru_cache(maxsize=65_536)
def _inner_words(word: str) -> tuple[str, ...]:
    """The two- and three-character words inside a longer word, 等保测评 → 等保, 测评."""
    known = domain_words()
    parts = (word[i : i + w] for w in (2, 3) for i in range(len(word) - w + 1) if w < len(word))
    return tuple(part for part in parts if part in known or rjieba.has_word(part))
