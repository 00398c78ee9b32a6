"""The 16 scenarios of the official 2024 assessment of SMEs' digital level, each with levels 0 to 4."""

from functools import cache

from shared import codes


@cache
def names() -> tuple[str, ...]:
    """The scenario names in the order of the official text, e.g. 产品设计."""
    return tuple(row["scenario"] for row in codes.document("assessment_2024.json")["scenarios"])
