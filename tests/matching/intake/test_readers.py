"""What intake reads, by the project's own tables of cases; every table must pass to at least 98 %."""

from collections.abc import Callable
from datetime import date

import pytest

from services.matching import intake
from services.matching.intake import language, places, texts, vocabulary
from shared.contracts.needs import Enterprise, Must, NeedRequest
from tests.matching.intake import cases

AS_OF = date(2026, 11, 22)
LEAST_RIGHT = 0.98
Row = dict[str, str]


def _number(words: str, scale: int = 1) -> int | None:
    return round(float(words) * scale) if words else None


def _must(row: Row) -> Must:
    employees = _number(row.get("employees", ""))
    request = NeedRequest(text=row["text"], enterprise=Enterprise(region="330100", employees=employees))
    return intake.read(request, language.EMPTY, AS_OF).must


def _budget(row: Row) -> tuple[object, object]:
    found = _must(row).budget_max
    return _number(row["budget"], 100), found and found.value


def _deadline(row: Row) -> tuple[object, object]:
    found = _must(row).deadline_days
    return _number(row["days"]), found and found.value


def _place(row: Row) -> tuple[object, object]:
    text = texts.fold(row["text"])
    found = places.read(text, vocabulary.find(text)["places"], row["home"])
    return row["place"] or None, found[0].value if found else None


def _finance(row: Row) -> tuple[object, object]:
    must = _must(row)
    read = (must.finance_amount, must.annual_rate_max_bp, must.term_months, must.collateral)
    pledges = tuple(row["collateral"].split("+")) if row["collateral"] else None
    wanted = (_number(row["amount"], 100), _number(row["rate"]), _number(row["term"]), pledges)
    return wanted, tuple(found and found.value for found in read)


def _slip(row: Row) -> tuple[object, object]:
    return True, row["seen"] in texts.fold(row["text"]).folded


@pytest.mark.parametrize(
    ("table", "least", "read"),
    [
        ("money.csv", 150, _budget),
        ("deadlines.csv", 100, _deadline),
        ("regions.csv", 60, _place),
        ("finance.csv", 60, _finance),
        ("slips.csv", 40, _slip),
    ],
)
def test_a_table_is_read(table: str, least: int, read: Callable[[Row], tuple[object, object]]) -> None:
    rows = cases.rows(table)
    wrong = [(row["text"], *answer) for row in rows if (answer := read(row))[0] != answer[1]]
    assert len(rows) >= least
    assert len(wrong) <= (1 - LEAST_RIGHT) * len(rows), "\n".join(map(str, wrong))
