"""Tables of cases, written from how people speak; no sentence of the judged needs is among them."""

import csv
from pathlib import Path


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table of this folder; lines that begin with # are remarks."""
    lines = (Path(__file__).parent / name).read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if line and not line.startswith("#")))
