"""What a body may say, as a table: each refusal names where and what, in both languages, and nothing is stored."""

import pytest

from tests.catalog.conftest import credit_code, offering_content, provider_content

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])  # the rules stand before the database
OFFERINGS = [
    ({"categories": ["no-such-category"]}, "/categories/0", "unknown-category"),
    ({"categories": ["erp", "production"]}, "/categories/1", "unknown-category"),
    ({"categories": []}, "/categories", "too-short"),
    ({"categories": ["erp", "plm", "cad-cae", "low-code"]}, "/categories", "too-long"),
    ({"regions": ["330106", "999999"]}, "/regions/1", "unknown-region"),
    ({"industries": ["C", "Z9"]}, "/industries/1", "unknown-industry"),
    ({"scenarios": [{"scenario": "不存在", "from": 0, "to": 1}]}, "/scenarios/0/scenario", "unknown-scenario"),
    ({"scenarios": [{"scenario": "不存在", "from": 0, "to": 5}]}, "/scenarios/0/to", "less-than-equal"),
    ({"price": {"model": "subscription", "min": 200, "max": 100}}, "/price", "range-out-of-order"),
    ({"price": {"model": "subscription", "min": -1}}, "/price/min", "greater-than-equal"),
    ({"price": {"model": "subscription", "min": 1.5}}, "/price/min", "int-type"),
    ({"price": {"model": "subscription", "min": "100"}}, "/price/min", "int-type"),
    ({"price": {"model": "barter"}}, "/price/model", "literal-error"),
    ({"price": {"model": "free", "currency": "USD"}}, "/price/currency", "extra-forbidden"),
    ({"finance": {"instrument": "credit-loan"}}, "", "finance-terms-misplaced"),
    ({"kind": "finance", "finance": {"instrument": "equity", "amount_min": 2, "amount_max": 1}}, "/finance", None),
    ({"kind": "gift"}, "/kind", "literal-error"),
    ({"name": "   "}, "/name", "blank"),
    ({"name": "长" * 61}, "/name", "string-too-long"),
    ({"name": "\u202e\u001b[2J"}, "/name", "control-character"),
    ({"features": ["扫码\u0007"]}, "/features/0", "control-character"),
    ({"lead_time_days": False}, "/lead_time_days", "int-type"),
    ({"discount_bp": 10001}, "/discount_bp", "less-than-equal"),
    ({"valid_until": "2026-02-30"}, "/valid_until", None),
    ({"delivery": ["pigeon"]}, "/delivery/0", "literal-error"),
    ({"state": "published"}, "/state", "extra-forbidden"),
    ({"id": "off_1"}, "/id", "extra-forbidden"),
    ({"source": "elsewhere"}, "/source", "extra-forbidden"),
    ({"provider_id": "prv_none"}, "/provider_id", "unknown-provider"),
]
PROVIDERS = [
    ({"uscc": "91330106MA00000001"}, "/uscc", "invalid-credit-code"),
    ({"uscc": credit_code(1).lower()}, "/uscc", None),
    ({"region": "330199999"}, "/region", "string-too-long"),
    ({"region": "339999"}, "/region", "unknown-region"),
    ({"founded": 1700}, "/founded", "greater-than-equal"),
    ({"employees": True}, "/employees", "int-type"),
    ({"credit_grade": "E"}, "/credit_grade", "literal-error"),
    ({"certificates": ["iso9001", "iso0"]}, "/certificates/1", "literal-error"),
    ({"standing": "active"}, "/standing", "extra-forbidden"),
    ({"name": "甲\u202e乙"}, "/name", "control-character"),
    ({"name": None}, "/name", "string-type"),
]


def check(answer, pointer, code):
    assert answer.status_code == 422, answer.text
    items = {item["pointer"]: item for item in answer.json()["errors"]}
    assert pointer in items, answer.text
    assert code in (None, items[pointer]["code"])
    assert items[pointer]["text"]["zh"] != items[pointer]["text"]["en"]


def test_an_offering_that_breaks_a_rule_is_refused_with_where_and_what(catalog):
    provider = catalog.provider()
    kept = catalog.offering(provider["id"])
    path = f"/v1/offerings/{kept['id']}"
    feed = catalog.changes()
    for members, pointer, code in OFFERINGS:
        body = offering_content() | {"provider_id": provider["id"]} | members
        check(catalog.post("/v1/offerings", body), pointer, code)
        if "provider_id" not in members:
            check(catalog.patch(path, members, tag='"1"'), pointer, code)
    assert [item["id"] for item in catalog.get("/v1/offerings").json()["items"]] == [kept["id"]]
    assert catalog.get(path).json() == kept
    assert catalog.changes() == feed


def test_a_provider_that_breaks_a_rule_is_refused_with_where_and_what(catalog):
    kept = catalog.provider()
    path = f"/v1/providers/{kept['id']}"
    for members, pointer, code in PROVIDERS:
        check(catalog.post("/v1/providers", provider_content() | members), pointer, code)
    for members, pointer, code in PROVIDERS[:-1]:
        check(catalog.patch(path, members, tag='"1"'), pointer, code)
    check(catalog.patch(path, {"name": None}, tag='"1"'), "/name", "missing")
    assert catalog.get("/v1/providers").json()["items"] == [kept]


def test_a_credit_code_is_registered_once(catalog):
    code = credit_code()
    catalog.provider(uscc=code)
    answer = catalog.post("/v1/providers", provider_content(uscc=code))
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["pointer"] == "/uscc"
