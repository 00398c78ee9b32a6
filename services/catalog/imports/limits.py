"""How much of a file is read, and how a file that cannot be taken is refused."""

from shared import problems

MAX_ROWS = 10_000
MAX_COLUMNS = 256
MAX_CELLS = 250_000
MAX_CELL = 20_000
MAX_TEXT = 16_000_000
"""Characters of all cells of a workbook together: a few shared texts could be read a million times."""
MAX_PARTS = 500
MAX_UNPACKED = 64 * 1024 * 1024


def refused(code: str, zh: str, en: str) -> problems.Invalid:
    """The refusal of a whole file."""
    return problems.Invalid(errors=[problems.at("/file", code, zh, en)])
