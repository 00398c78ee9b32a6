"""Cuts Chinese text into words, the same way for the catalogue's search, for intake and for matching.

Text is folded (NFKC, lower case); runs of Latin letters and digits stay whole; Chinese runs are cut by a
dictionary to which the words of the trade are added, without guessing (no hidden Markov model: the same text
always gives the same words); longer pieces that are not of the trade are cut again to the shortest dictionary
words: 专用发票 → 专用, 发票.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import chain

import rjieba

from shared import lexicon

_COMMON = 5000
"""How often an added word counts as seen: enough to stay whole, too little to bend its neighbours."""
_RUN = re.compile(r"[㐀-鿿豈-﫿〇]+|[a-z](?:\+\+|#)|[a-z0-9]+(?:[.-][a-z0-9]+)*")
"""A run of Chinese or of Latin characters. A plus joins words (5G+工业互联网, ERP+MES), except in c++."""
_LONGEST = 64
"""So much of a Latin run is looked at: pieces are remembered, and endless ones shall not fill the memory."""
_WIDE = tuple((wide, unicodedata.normalize("NFKC", wide)) for wide in "，：；！？（）％～…")
"""The marks of any Chinese text with their plain forms. Most texts are folded when these are, which shows at once."""


@cache
def domain_words() -> frozenset[str]:
    """The words of the trade that stay whole."""
    return lexicon.words("domain_words.txt")


@cache
def stop_words() -> frozenset[str]:
    """The words that say nothing about a topic."""
    return lexicon.words("stop_words.txt")


@cache
def _dictionary() -> rjieba.Jieba:
    """The general dictionary with the domain words added, each common enough to stay whole."""
    dictionary = rjieba.Jieba()
    for word in sorted(domain_words()):
        dictionary.add_word(word, _COMMON, "n")
    return dictionary


@lru_cache(maxsize=16)
def normalise(text: str) -> str:
    """The folded text: compatibility forms resolved (ＥＲＰ → erp), lower case."""
    for wide, plain in _WIDE:
        text = text.replace(wide, plain)
    return unicodedata.normalize("NFKC", text).lower()


def cut(text: str) -> list[str]:
    """The words of a text in their order, without blanks and punctuation; nothing overlaps."""
    return list(chain.from_iterable(map(_words, _pieces(text))))


def terms(text: str) -> list[str]:
    """The distinct words that can tell a topic, in order: no stop words, single characters or numbers."""
    stop = stop_words()
    found: dict[str, None] = {}
    for piece in _pieces(text):
        if len(piece) > 2:
            found.update(dict.fromkeys(_telling(piece)))
        elif len(piece) == 2 and piece not in stop and not piece[0].isdigit():
            found[piece] = None
    return list(found)


@lru_cache(maxsize=16)
def _pieces(text: str) -> tuple[str, ...]:
    """The Latin runs of a text, and its Chinese runs as the dictionary cuts them."""
    dictionary = _dictionary()
    pieces: list[str] = []
    for run in _RUN.findall(normalise(text)):
        pieces += (run[:_LONGEST],) if run[0].isascii() else dictionary.cut(run, False)
    return tuple(pieces)


@lru_cache(maxsize=65_536)
def _words(piece: str) -> tuple[str, ...]:
    """A long piece as the shortest dictionary words, from the left: two characters, else three, else one."""
    if len(piece) <= 2 or piece[0].isascii() or piece in domain_words():
        return (piece,)
    words = []
    start = 0
    while start < len(piece):
        width = next((w for w in (2, 3) if rjieba.has_word(piece[start : start + w])), 1)
        words.append(piece[start : start + width])
        start += width
    return tuple(words)


@lru_cache(maxsize=65_536)
def _telling(piece: str) -> tuple[str, ...]:
    """The words of a piece that can tell a topic, each followed by the shorter words inside it."""
    tokens = (token for word in _words(piece) for token in (word, *inner_words(word)))
    return tuple(token for token in tokens if len(token) > 1 and token not in stop_words() and not token[0].isdigit())


@cache
def composed() -> Mapping[str, frozenset[str]]:
    """The words of the trade that their inner words make up, with these: 等保测评 = 等保 + 测评."""
    return {word: frozenset(parts) for word in domain_words() if _make_up(word, parts := inner_words(word))}


def _make_up(word: str, parts: tuple[str, ...]) -> bool:
    places = ((word.find(part), len(part)) for part in parts)
    return {at for start, length in places for at in range(start, start + length)} == set(range(len(word)))


@lru_cache(maxsize=65_536)
def inner_words(word: str) -> tuple[str, ...]:
    """The two- and three-character words inside a longer Chinese word, 等保测评 → 等保, 测评."""
    if len(word) <= 2 or word[0].isascii():
        return ()
    known = domain_words()
    parts = (word[i : i + w] for w in (2, 3) for i in range(len(word) - w + 1) if w < len(word))
    return tuple(part for part in parts if part in known or rjieba.has_word(part))
