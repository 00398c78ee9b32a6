"""Patterns that are tried only where they can begin."""

import re


def starting(characters: str, source: str) -> re.Pattern[str]:
    """A pattern whose every match begins with one of these characters (as they stand in a class of characters).

    A search tries a pattern at each place of a text, and one that may begin with this or that takes long to fail. One
    look at the character first spares that at most places.
    """
    return re.compile(f"(?=[{characters}])(?:{source})")
