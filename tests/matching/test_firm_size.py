"""The size rule of 2017, boundary by boundary: each row of the official table, one step below and on each bound."""

import pytest

from services.matching.intake import firm_size
from shared.contracts.needs import Enterprise

YUAN_10K = 1_000_000  # fen

# code of an industry of the row, the row's figures with (small, medium, large) lower bounds; money in 10,000 yuan
ROWS: list[tuple[str, dict[str, tuple[int, int, int]]]] = [
    ("0111", {"revenue": (50, 500, 20000)}),
    ("06", {"employees": (20, 300, 1000), "revenue": (300, 2000, 40000)}),
    ("3484", {"employees": (20, 300, 1000), "revenue": (300, 2000, 40000)}),
    ("44", {"employees": (20, 300, 1000), "revenue": (300, 2000, 40000)}),
    ("47", {"revenue": (300, 6000, 80000), "assets": (300, 5000, 80000)}),
    ("5165", {"employees": (5, 20, 200), "revenue": (1000, 5000, 40000)}),
    ("5211", {"employees": (10, 50, 300), "revenue": (100, 500, 20000)}),
    ("5431", {"employees": (20, 300, 1000), "revenue": (200, 3000, 30000)}),
    ("591", {"employees": (20, 300, 1000), "revenue": (200, 3000, 30000)}),
    ("592", {"employees": (20, 100, 200), "revenue": (100, 1000, 30000)}),
    ("60", {"employees": (20, 300, 1000), "revenue": (100, 2000, 30000)}),
    ("61", {"employees": (10, 100, 300), "revenue": (100, 2000, 10000)}),
    ("6210", {"employees": (10, 100, 300), "revenue": (100, 2000, 10000)}),
    ("63", {"employees": (10, 100, 2000), "revenue": (100, 1000, 100000)}),
    ("64", {"employees": (10, 100, 2000), "revenue": (100, 1000, 100000)}),
    ("6513", {"employees": (10, 100, 300), "revenue": (50, 1000, 10000)}),
    ("701", {"revenue": (100, 1000, 200000), "assets": (2000, 5000, 10000)}),
    ("702", {"employees": (100, 300, 1000), "revenue": (500, 1000, 5000)}),
    ("7213", {"employees": (10, 100, 300), "assets": (100, 8000, 120000)}),
    ("7484", {"employees": (10, 100, 300)}),
    ("77", {"employees": (10, 100, 300)}),
    ("80", {"employees": (10, 100, 300)}),
    ("85", {"employees": (10, 100, 300)}),
    ("88", {"employees": (10, 100, 300)}),
    ("703", {"employees": (10, 100, 300)}),
    ("709", {"employees": (10, 100, 300)}),
]
GRADES = ("micro", "small", "medium", "large")


def _firm(industry: str | None, figures: dict[str, int], **more: object) -> Enterprise:
    fields = {"employees": "employees", "revenue": "annual_revenue", "assets": "total_assets"}
    known = {fields[name]: value for name, value in figures.items()}
    return Enterprise.model_validate({"region": "330100", "industry": industry, **known, **more})


def _boundaries() -> list[tuple[str, dict[str, int], str]]:
    """Each figure on a bound and one unit (a person, a fen) below it, the others at the largest bound."""
    table = []
    for industry, row in ROWS:
        scaled = {
            name: tuple(bound * (1 if name == "employees" else YUAN_10K) for bound in bounds)
            for name, bounds in row.items()
        }
        top = {name: bounds[2] for name, bounds in scaled.items()}
        for name, bounds in scaled.items():
            for grade, bound in enumerate(bounds):
                table.append((industry, top | {name: bound}, GRADES[grade + 1]))
                table.append((industry, top | {name: bound - 1}, GRADES[grade]))
    return table


@pytest.mark.parametrize(("industry", "figures", "size"), _boundaries())
def test_every_bound_counts_from_itself_on(industry: str, figures: dict[str, int], size: str) -> None:
    sized = firm_size.compute(_firm(industry, figures))
    assert sized == firm_size.Sized(size, outside_table=False)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("industry", "figures", "size"),
    [
        ("3484", {"employees": 1500, "revenue": 500 * YUAN_10K}, "small"),  # the least figure decides, not one grade
        ("3484", {"employees": 19}, "micro"),  # a figure below the lowest bound decides alone
        ("3484", {"revenue": 299 * YUAN_10K}, "micro"),
        ("3484", {"employees": 120}, None),  # small or micro: the revenue would tell
        ("3484", {"revenue": 5000 * YUAN_10K}, None),
        ("3484", {}, None),
        ("0111", {"employees": 500}, None),  # agriculture counts revenue only
        ("7213", {"employees": 9}, "micro"),
        ("7213", {"employees": 50}, None),  # assets unknown
        ("7484", {"employees": 22}, "small"),  # one figure is all that the row asks
        (None, {"employees": 5, "revenue": YUAN_10K}, None),
        ("C", {"employees": 120, "revenue": 5000 * YUAN_10K}, "small"),
        ("F", {"employees": 4, "revenue": YUAN_10K}, "micro"),  # wholesale and retail agree
        ("F", {"employees": 15, "revenue": 400 * YUAN_10K}, None),  # wholesale: micro, retail: small
        ("59", {"employees": 150, "revenue": 2000 * YUAN_10K}, None),  # loading: small, storage: medium
    ],
)
def test_what_is_known_may_decide(industry: str | None, figures: dict[str, int], size: str | None) -> None:
    sized = firm_size.compute(_firm(industry, figures))
    assert (sized and sized.size) == size


@pytest.mark.parametrize("industry", ["53", "66", "8336", "8491", "704", "S", "91"])
def test_an_industry_outside_the_table_uses_its_last_row_and_says_so(industry: str) -> None:
    assert firm_size.compute(_firm(industry, {"employees": 66})) == firm_size.Sized("small", outside_table=True)


def test_a_self_employed_firm_is_one_whatever_its_figures() -> None:
    figures = {"employees": 40, "revenue": 9000 * YUAN_10K}
    stated = firm_size.compute(_firm("6210", figures, legal_form="self-employed"))
    said = firm_size.compute(_firm(None, figures), self_employed=True)
    company = firm_size.compute(_firm("6210", figures, legal_form="company"), self_employed=True)
    assert stated == said == firm_size.Sized("self-employed")
    assert company == firm_size.Sized("small")
