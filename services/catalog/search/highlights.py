"""Where the words of a query stand in a text, as fragments: plain text with a flag, so nothing needs escaping."""

from collections.abc import Iterable, Iterator, Sequence

from pydantic import Field

from services.catalog.search.port import Word
from shared import segmentation
from shared.contracts.wire import Flag, Wire


class Fragment(Wire):
    """A piece of a text."""

    text: str = Field(description="the piece, as it stands in the text; join all pieces to get the whole")
    matched: Flag = Field(description="whether it is what was searched for")


def fragments(text: str, words: Sequence[Word]) -> tuple[Fragment, ...]:
    """The text in pieces. Words are compared as they are cut, so 和服 is not found in 产品和服务."""
    wanted = {term for word in words for term in _terms(word)}
    folded, origin = _folded(text)
    marked = [False] * len(text)
    for start, end in _places(folded, wanted):
        for place in range(origin[start], origin[end - 1] + 1):
            marked[place] = True
    return tuple(_pieces(text, marked))


def _terms(word: Word) -> Iterator[str]:
    """What of a text is marked for a word: itself, its synonyms, and the words inside it."""
    for term in (word.text, *word.synonyms):
        yield from (term, *segmentation.inner_words(term))
    yield from word.phrase


def _places(folded: str, wanted: set[str]) -> Iterator[tuple[int, int]]:
    at = 0
    for token in segmentation.cut(folded):
        start = folded.find(token, at)
        if start < 0:
            continue
        at = start + len(token)
        if token in wanted:
            yield start, at
        else:
            yield from _inside(token, start, wanted)


def _inside(token: str, start: int, wanted: set[str]) -> Iterator[tuple[int, int]]:
    for part in segmentation.inner_words(token):
        if part in wanted:
            begin = start + token.find(part)
            yield begin, begin + len(part)


def _folded(text: str) -> tuple[str, list[int]]:
    """The text folded character by character, and for each folded character the place that it came from."""
    characters: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(text):
        for folded in segmentation.normalise(character):
            characters.append(folded)
            origin.append(place)
    return "".join(characters), origin


def _pieces(text: str, marked: Iterable[bool]) -> Iterator[Fragment]:
    piece, before = "", False
    for character, matched in zip(text, marked, strict=True):
        if matched != before and piece:
            yield Fragment(text=piece, matched=before)
            piece = ""
        piece += character
        before = matched
    if piece:
        yield Fragment(text=piece, matched=before)
