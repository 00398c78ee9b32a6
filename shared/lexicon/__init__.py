"""Word lists that people edit: one word a line or several with blanks between, `#` begins a comment."""

from importlib import resources


def words(name: str) -> frozenset[str]:
    """The words of a list of this package, e.g. `words("stop_words.txt")`."""
    text = resources.files(__name__).joinpath(name).read_text("utf-8")
    return frozenset(word for line in text.splitlines() for word in line.split("#")[0].split())
