"""The word lists of intake in `data/*.csv`, which people who do not program may edit."""

import csv
from importlib import resources


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the lists, e.g. `rows("lexicon.csv")`; lines that begin with # are remarks."""
    text = resources.files(__package__).joinpath("data", name).read_text("utf-8-sig")
    return list(csv.DictReader(line for line in text.splitlines() if line and not line.startswith("#")))
