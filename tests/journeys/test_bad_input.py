"""Bad input through the door: a 4xx problem that says what and where, in Chinese and English, and nothing stored."""

import re
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.catalog.imports import spreadsheets
from tests.support import records
from tests.support.processes import SystemProcess

ELSEWHERE = {"audit_records", "records", "spans", "generations", "text_models", "leases", "exposure_ledgers"}
"""Tables that the door and matching's loops write, at moments of their own."""
OFFICE = {"kind": "offerings", "source": "bad"}
BOMB = '<row r="1"><c r="A1"><f>REPT("x",2^31)</f></c></row>'


def need(**members: Any) -> dict[str, Any]:
    return {"url": "/v1/needs", "json": records.need() | members}


def offering(**members: Any) -> dict[str, Any]:
    return {"url": "/v1/offerings", "json": records.offering("prv_0") | members}


def provider(**members: Any) -> dict[str, Any]:
    return {"url": "/v1/providers", "json": records.provider(9_000_001) | members}


def raw(content: bytes, kind: str = "application/json") -> dict[str, Any]:
    return {"url": "/v1/needs", "content": content, "headers": {"Content-Type": kind}}


def upload(data: bytes, **form: Any) -> dict[str, Any]:
    return {"url": "/v1/imports", "data": OFFICE | form, "files": {"file": ("list.xlsx", data)}}


def listing(query: str) -> dict[str, Any]:
    return {"method": "GET", "url": f"/v1/offerings?{query}"}


CASES = {
    "unknown category, needed": (need(profile={"categories": ["no-such"]}), 422, "/profile/categories/0"),
    "unknown category, offered": (offering(categories=["no-such"]), 422, "/categories/0"),
    "malformed category": (listing("category=No%20Such"), 400, "category"),
    "no such region": (need(enterprise={"region": "999999"}), 422, "/enterprise/region"),
    "no such region, offered": (offering(regions=["330000", "339999"]), 422, "/regions/1"),
    "no such region, asked": (listing("region=999999"), 400, "region"),
    "no such region, registered": (provider(region="000001"), 422, "/region"),
    "no such industry": (need(enterprise={"region": "330000", "industry": "9Z"}), 422, "/enterprise/industry"),
    "wrong credit code": (provider(uscc="91330106MB0000001A"), 422, "/uscc"),
    "price out of order": (offering(price={"model": "one-off", "min": 2, "max": 1, "per": "project"}), 422, "/price"),
    "negative price": (offering(price={"model": "one-off", "min": -1, "per": "project"}), 422, "/price/min"),
    "a price that is false": (offering(price={"model": "one-off", "min": False}), 422, "/price/min"),
    "a price too large": (raw(b'{"profile":{"must":{"budget_max":1e400}}}'), 400, None),
    "unknown member": (need(secret=1), 422, "/secret"),
    "unknown member, deep": (need(enterprise={"region": "330000", "x": 1}), 422, "/enterprise/x"),
    "a member of the server": (offering(state="published"), 422, "/state"),
    "text too long": (need(text="需" * 2001), 422, "/text"),
    "no text": (need(text=None), 422, ""),
    "blank text": (need(text=" 　"), 422, "/text"),
    "unknown parameter": (listing("nonsense=1"), 400, "nonsense"),
    "unknown parameter of a write": (need() | {"url": "/v1/needs?dry_run=true"}, 400, "dry_run"),
    "doubled parameter": (listing("limit=1&limit=2"), 400, "limit"),
    "foreign cursor": (listing("cursor=abc"), 400, "cursor"),
    "limit too high": (listing("limit=100000"), 400, "limit"),
    "malformed JSON": (raw(b'{"text": '), 400, None),
    "not UTF-8": (raw(b'{"text": "\xff"}'), 400, None),
    "NUL": (raw(b'{"text": "\\u0000"}'), 400, None),
    "lone surrogate": (raw(b'{"text": "\\ud800"}'), 400, None),
    "not a number": (raw(b'{"top_k": NaN}'), 400, None),
    "too deep": (raw(b'{"a":' * 40 + b"1" + b"}" * 40), 400, None),
    "not JSON": (raw(b"text=1", "application/x-www-form-urlencoded"), 422, ""),
    "an array": (raw(b"[]"), 422, ""),
    "20 MB": (raw(b'{"text": "' + b"x" * 20_000_000 + b'"}'), 413, None),
    "20 MB file": (upload(b"x" * 20_000_000), 413, None),
    "formula bomb": (upload(spreadsheets.sheet(BOMB)), 422, "/file"),
    "zip bomb": (upload(spreadsheets.zip_bomb()), 413, None),
    "not a list": (upload(b"\x00\x01\x02"), 415, None),
    "unknown kind of list": (upload(b"{}", kind="firms"), 422, "/kind"),
    "bad idempotency key": (need() | {"headers": {"Idempotency-Key": "x" * 201}}, 400, "Idempotency-Key"),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_refused_with_its_place_and_nothing_is_stored(demo, name):
    request, status, place = CASES[name]
    before = rows(demo)
    with demo.client("admin") as admin:
        answer = admin.request(**{"method": "POST", **request})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert is_chinese(problem["text"]["zh"])
    assert not is_chinese(problem["text"]["en"])
    places = {error.get("pointer", error.get("parameter", error.get("header"))): error for error in problem["errors"]}
    if place is not None:
        assert place in places, problem
        assert is_chinese(places[place]["text"]["zh"])
        assert not is_chinese(places[place]["text"]["en"])
    assert rows(demo) == before


def is_chinese(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None


def rows(system: SystemProcess) -> dict[str, int]:
    """The number of rows of every table that requests write; the audit log knows of refused calls too."""
    counts = {}
    for service in ("catalog", "matching", "gateway"):
        with closing(sqlite3.connect(f"file:{system.state / service}.db?mode=ro", uri=True)) as database:
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                if table not in ELSEWHERE:
                    counting = database.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - a table of ours
                    counts[f"{service}.{table}"] = counting.fetchone()[0]
    return counts
