"""Word lists that people edit: one word a line or several with blanks between, `#` begins a comment."""

from functools import cache
from importlib import resources


@cache
def synonyms() -> tuple[tuple[str, ...], ...]:
    """Groups of words that mean the same, one group a line of synonyms.txt."""
    lines = (line.split("#")[0].split() for line in _lines("synonyms.txt"))
    return tuple(tuple(group) for group in lines if group)


def words(name: str) -> frozenset[str]:
    """The words of a list of this package, e.g. `words("stop_words.txt")`."""
    return frozenset(word for line in _lines(name) for word in line.split("#")[0].split())


def _lines(name: str) -> list[str]:
    return resources.files(__name__).joinpath(name).read_text("utf-8").splitlines()
