"""The size of a firm by the national rule of 2017 (统计上大中小微型企业划分办法, 国统字〔2017〕213号).

Large, medium and small firms reach every lower bound of their industry's row, else they are one grade less: the size
is the least grade of all figures. So a figure below the lowest bound decides alone; otherwise all must be known.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from services.matching.intake.texts import NeedText
from shared import codes
from shared.codes import industries
from shared.contracts.needs import Enterprise
from shared.contracts.vocabulary import FirmSize

Figure = Literal["employees", "revenue", "assets"]

_SELF_EMPLOYED = re.compile(r"个体(?:户|工商户|经营|老板|店)?")
_NO_LONGER = re.compile(r"(?:从|由|原来是|以前是|刚|不是|都是|批发给|卖给|客户\S{0,3})\S{0,3}$")
_NOT_ANY_MORE = re.compile(r"^\S{0,4}(?:转|变|升|注销|改成|改为)")
_GRADES: tuple[FirmSize, ...] = ("micro", "small", "medium", "large")
_OTHER = "其他未列明行业"
_FEN_PER_10K_YUAN = 1_000_000
_SCOPE = re.compile(r"(?P<outer>\w+?)\((?P<name>\w+)\)|(?P<code>[A-Z]|\d+)(?: except \d+)?")


@dataclass(frozen=True, slots=True)
class Sized:
    """The size, and whether the industry is outside the official table, so that its last row was used."""

    size: FirmSize
    outside_table: bool = False


def compute(firm: Enterprise, *, self_employed: bool = False) -> Sized | None:
    """The size of a firm; None when the known figures do not decide it.

    `self_employed` says that the text calls the firm one (个体户) where its legal form is not given. An industry
    code so coarse that it covers several rows counts only when all of them give the same size.
    """
    if firm.legal_form == "self-employed" or (self_employed and firm.legal_form is None):
        return Sized("self-employed")
    if firm.industry is None:
        return None
    figures = {"employees": firm.employees, "revenue": firm.annual_revenue, "assets": firm.total_assets}
    found = {_graded(row, figures) for row, _ in _rows_for(firm.industry)}
    size = found.pop() if len(found) == 1 else None
    return Sized(size, any(outside for _, outside in _rows_for(firm.industry))) if size else None


def _graded(row: str, figures: Mapping[str, int | None]) -> FirmSize | None:
    """The least grade of the row's figures; None when a missing one could lower it further."""
    grades = []
    for figure, bounds in _table()[row].items():
        value = figures[figure]
        grades.append(None if value is None else sum(value >= bound for bound in bounds))
    known = [grade for grade in grades if grade is not None]
    if not known or (len(known) < len(grades) and min(known) > 0):
        return None
    return _GRADES[min(known)]


@cache
def _table() -> Mapping[str, Mapping[Figure, tuple[int, int, int]]]:
    """Per row of the official table the lower bounds of small, medium and large, money in fen."""
    table: dict[str, dict[Figure, tuple[int, int, int]]] = {}
    for row in codes.rows("sme_size_thresholds_2017.csv"):
        figure: Figure = row["metric"]  # type: ignore[assignment]
        scale = 1 if figure == "employees" else _FEN_PER_10K_YUAN
        small, medium, large = (int(row[f"{grade}_min"]) * scale for grade in ("small", "medium", "large"))
        table.setdefault(row["industry"], {})[figure] = (small, medium, large)
    return table


@cache
def _scopes() -> Mapping[str, str]:
    """Industry code → row. 59 except 591 needs no exception here: the nearer code wins."""
    scopes: dict[str, str] = {}
    by_name = {name: code for code, name in industries.names().items() if len(code) == 2}
    for row in codes.rows("sme_size_thresholds_2017.csv"):
        for match in _SCOPE.finditer(row["gbt4754_2017_scope"]):
            code = by_name[match["name"]] if match["name"] else match["code"]
            scopes[code] = row["industry"]
    return scopes


@lru_cache(maxsize=4096)
def _rows_for(industry: str) -> frozenset[tuple[str, bool]]:
    """The rows that an industry code falls under, several when it is coarse, each with "is outside the table"."""
    row = _row(industry)
    if row is not None and len(industry) > 2:
        return frozenset({(row, False)})
    below = [code for code in industries.names() if len(code) == 3 and industries.covers(industry, code)]
    rows = {_row(code) for code in below} or {row}
    return frozenset((found or _OTHER, found is None) for found in rows)


def _row(industry: str) -> str | None:
    scopes = _scopes()
    return next((scopes[code] for code in industries.lineage(industry) if code in scopes), None)


def calls_itself_self_employed(text: NeedText) -> bool:
    """Whether the text says that the firm is a 个体户 today."""
    for match in _SELF_EMPLOYED.finditer(text.folded):
        before, after = text.before(match.start(), 6), text.after(match.end(), 8)
        if not _NO_LONGER.search(before) and not _NOT_ANY_MORE.match(after):
            return True
    return False
