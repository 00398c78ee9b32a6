"""The public code tables (GB/T 2260 regions, GB/T 4754 industries, scenarios), read once on first use."""

import csv
import json
from importlib import resources
from typing import Any


def rows(table: str) -> list[dict[str, str]]:
    """The rows of a CSV table of this package, e.g. `rows("categories.csv")`."""
    text = resources.files(__name__).joinpath("data", table).read_text("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def document(name: str) -> Any:
    """A JSON document of this package, e.g. `document("assessment_2024.json")`."""
    return json.loads(resources.files(__name__).joinpath("data", name).read_text("utf-8"))
