"""An announced edition: frozen, cited, downloaded as three files that say the same, tamper-evident, and in the feed."""

import hashlib
import io
import json
import zipfile
from collections import Counter
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from services.catalog.editions import freezing, workbook
from services.catalog.editions.tables import Edition
from shared import canonical, clock
from tests.catalog.editions.conftest import NOTICE, OFFICE

NASTY = ("=1+1", "+86 打电话", "-减", "@某人", "＝全角", "<b>&\"'</b>", "_x0041_", "a\u2028b", "  空格  ", "👍🏽")


@pytest.fixture
def rich(catalog, offers):
    """The four offerings and more, with prices and with names that a spreadsheet could take for something else."""
    provider = catalog.provider(name="=丙公司")
    more = [
        catalog.offering(
            provider["id"],
            "submit",
            "publish",
            name=name[:60],
            summary=name,
            features=[name, "功能"],
            categories=["erp"],
            price={"model": "subscription", "min": 123450 + number, "max": 10**12, "per": "year"},
            discount_bp=number,
            lead_time_days=0,
            valid_until="2030-01-01",
        )
        for number, name in enumerate(NASTY)
    ]
    return [*offers, *more]


def download(office, path, form="json", **who):
    answer = office.catalog.get(f"{path}/download", params={"format": form}, **(office.who | who))
    assert answer.status_code == 200, answer.text
    return answer


def sheets(data):
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def test_it_is_frozen_and_cited(office, offers, catalog):
    path = office.announced(*offers)
    edition = office.read(path, role="sme", organisation="org_firm")
    day = clock.today()
    assert edition["citation"]["zh"].startswith("浙江省经信厅：《浙江省推荐目录（第1期）》，")
    assert edition["citation"]["zh"].endswith(f"sha256:{edition['content_hash'][:16]}")
    assert edition["citation"]["en"].startswith(
        "Zhejiang bureau: Zhejiang recommended catalogue, edition 1, announced on "
    )
    assert str(day.year) in edition["citation"]["en"]
    items, files = office.read(path, "/items"), [download(office, path, form).content for form in ("json", "xlsx")]
    for offering in offers[:2]:
        catalog.patch(f"/v1/offerings/{offering['id']}", {"name": "后来改名"}, tag="*")
        catalog.act(f"/v1/offerings/{offering['id']}", "publish")
    catalog.act(f"/v1/offerings/{offers[2]['id']}", "withdraw")
    provider = f"/v1/providers/{offers[0]['provider_id']}"
    catalog.patch(provider, {"name": "后来的公司"}, tag="*")
    catalog.act(provider, "suspend")
    assert office.read(path, "/items") == items
    assert [download(office, path, form).content for form in ("json", "xlsx")] == files
    assert office.read(path)["content_hash"] == edition["content_hash"]
    for step, body in (("add", {"offerings": [offers[0]["id"]]}), ("remove", {"offerings": [offers[0]["id"]]})):
        assert office.act(path, step, body).status_code == 409
    assert catalog.patch(path, {"number": 2}, tag="*", **OFFICE).status_code == 409


def test_whoever_holds_the_document_can_check_its_hash(office, rich):
    path = office.announced(*rich)
    answer = download(office, path)
    document = json.loads(answer.content)
    assert canonical.encode(document) == answer.content
    named = document.pop("content_hash")
    assert hashlib.sha256(canonical.encode(document)).hexdigest() == named == office.read(path)["content_hash"]
    assert answer.headers["content-disposition"].startswith('attachment; filename="edt_')
    for row in document["items"]:
        assert canonical.digest(row["content"]) == row["content_hash"]


def test_counts_add_up_in_every_form(office, rich):
    path = office.announced(*rich)
    document = download(office, path).json()
    book = sheets(download(office, path, "xlsx").content)
    lines = download(office, path, "jsonl").content.splitlines()
    edition, told = office.read(path), document["counts"]
    by_category = {category["code"]: category["items"] for category in told["categories"]}
    table = book["目录"][1:]
    assert len(rich) == edition["items"] == told["items"] == sum(by_category.values()) == len(document["items"])
    assert len(rich) == len(table) == len(lines)
    assert Counter(row["category"] for row in document["items"]) == by_category
    assert Counter(row[book["目录"][0].index("主类目代码")] for row in table) == by_category
    assert edition["providers"] == told["providers"] == len({row["provider"]["id"] for row in document["items"]}) == 3
    about = {row[0]: row[1] for row in book["说明"] if row}
    assert (about["供给"], about["服务商"], about["SHA-256"]) == (len(rich), 3, document["content_hash"])


def test_the_list_for_people_says_what_the_document_says_and_holds_no_formula(office, rich):
    path = office.announced(*rich)
    data = download(office, path, "xlsx").content
    assert download(office, path, "xlsx").content == data
    header, *table = sheets(data)["目录"]
    document = download(office, path).json()
    names = {category["code"]: category["name_zh"] for category in document["counts"]["categories"]}
    for cells, row in zip(table, document["items"], strict=True):
        shown = dict(zip(header, cells, strict=True))
        content, price = row["content"], row["content"].get("price", {})
        expected = {
            "序号": row["place"],
            "供给名称": workbook.quoted(content["name"]),
            "服务商": workbook.quoted(row["provider"]["name"]),
            "统一社会信用代码": row["provider"]["uscc"],
            "主类目": names[row["category"]],
            "主类目代码": row["category"],
            "全部类目代码": "、".join(content["categories"]),
            "类型": content["kind"],
            "简介": workbook.quoted(content["summary"]),
            "服务地区代码": "、".join(content.get("regions", [])),
            "最低价（元）": float(Decimal(price["min"]) / 100) if price else "",
            "最高价（元）": float(Decimal(price["max"]) / 100) if price else "",
            "计价": price.get("model", ""),
            "让利（基点）": content.get("discount_bp", ""),
            "上线天数": content.get("lead_time_days", ""),
            "功能": workbook.quoted("、".join(content.get("features", []))),
            "截止日期": content.get("valid_until", ""),
            "供给编号": row["offering_id"],
            "版本": row["version"],
            "内容哈希": row["content_hash"],
        }
        assert {name: shown[name] for name in expected} == expected
        assert not [cell for cell in cells if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "＝"))]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if b"<f>" in archive.read(name)]
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_any_text_comes_back_from_a_workbook_as_it_went_in():
    texts = [*NASTY, "a\rb\nc\td", "\x01\x0b", "_x000D_", "'quote", "长" * 5000, "]]>"]
    rows = [["列"], *([text_] for text_ in texts)]
    assert [row[0] for row in sheets(workbook.write([("一", rows)]))["一"][1:]] == [workbook.quoted(t) for t in texts]
    numbers = [[0, 1, None, Decimal("0.01"), 10**13]]
    assert sheets(workbook.write([("<&>", numbers)]))["<&>"] == [[0.0, 1.0, "", 0.01, 1e13]]


def test_the_catalogue_reads_its_own_lines_back(office, rich, catalog):
    lines = download(office, office.announced(*rich), "jsonl").content
    form = {"kind": "offerings", "source": "推荐目录", "dry_run": "false"}
    report = catalog.call("POST", "/v1/imports", data=form, files={"file": ("a.jsonl", lines)})
    assert (report.status_code, report.json()["created"], report.json()["refused"]) == (201, len(rich), 0), report.text
    again = catalog.get("/v1/offerings?source=推荐目录&limit=200").json()["items"]
    assert Counter(item["content_hash"] for item in again) == Counter(item["content_hash"] for item in rich)


def test_it_is_not_downloaded_or_verified_before_it_is_announced(office, offers):
    for path in (office.composed(*offers), office.publicized(*offers, number=2)):
        assert office.catalog.get(f"{path}/download", **OFFICE).status_code == 409
        assert office.catalog.post(f"{path}/verify", **OFFICE).status_code == 409
    assert office.catalog.get(f"{path}/download?format=csv", **OFFICE).status_code == 400


def test_what_left_during_the_notice_is_struck_and_told(office, offers, catalog):
    path = office.publicized(*offers)
    catalog.patch(f"/v1/offerings/{offers[1]['id']}", {"name": "公示期间改名"}, tag="*")
    catalog.act(f"/v1/offerings/{offers[1]['id']}", "publish")
    catalog.act(f"/v1/offerings/{offers[0]['id']}", "withdraw")
    with clock.ahead(NOTICE):
        assert office.act(path, "announce").json()["items"] == 3
    document = download(office, path).json()
    assert document["struck"] == [{"offering_id": offers[0]["id"], "name": "进销存", "reason": "not-published"}]
    assert [row["content"]["name"] for row in document["items"]] == ["云设计", "云资源", "企业资源"], (
        "as it was noticed"
    )
    assert [row["place"] for row in document["items"]] == [1, 2, 3]
    other = office.publicized(offers[2], number=2)
    catalog.act(f"/v1/offerings/{offers[2]['id']}", "suspend")
    with clock.ahead(NOTICE):
        assert office.act(other, "announce").status_code == 409


TAMPERED = {
    "a row": ('UPDATE edition_items SET "row" = :json WHERE place = 2', ("edition", "row"), "name"),
    "a hash in a row": (
        'UPDATE edition_items SET "row" = :json WHERE place = 2',
        ("edition", "row", "version"),
        "content_hash",
    ),
    "a provider in a row": ('UPDATE edition_items SET "row" = :json WHERE place = 2', ("edition",), "provider"),
    "the places": ("UPDATE edition_items SET place = 3 - place WHERE place < 3", ("edition", "place"), None),
    "a row that is gone": ("DELETE FROM edition_items WHERE place = 1", ("edition", "place"), None),
    "the front page": ("UPDATE editions SET head = NULL", ("edition",), None),
    "the hash": ("UPDATE editions SET content_hash = 'x'", ("edition",), None),
    "the version of an offering": ("UPDATE offering_versions SET content = '{}'", ("version",), None),
}


def changed(row, what):
    """A frozen row with one thing in it changed."""
    if what == "name":
        return row | {"content": row["content"] | {"name": "换名"}}
    if what == "provider":
        return row | {"provider": row["provider"] | {"name": "换人"}}
    return row | {"content_hash": "0" * 64}


def test_tampering_with_what_was_announced_is_found_and_named(office, offers, catalog):
    path = office.announced(*offers)
    verify = f"{path}/verify"
    first = catalog.post(verify, role="sme", organisation="org_firm")
    assert first.json() == {
        "verified": True,
        "content_hash": office.read(path)["content_hash"],
        "differences": [],
    }
    second = download(office, path).json()["items"][1]
    for what, (statement, parts, member) in TAMPERED.items():
        with catalog.database.write() as session:  # closed without a commit: each tampering is undone
            given = {"json": json.dumps(changed(second, member))} if member else {}
            session.execute(text(statement.replace(":json", cast(catalog))), given)
            found = freezing.verify(session, session.get_one(Edition, path.rpartition("/")[2]))
        assert not found.verified, what
        assert {difference.part for difference in found.differences} == set(parts), what
    assert catalog.post(verify, role="sme").json()["verified"]


def cast(catalog):
    return "CAST(:json AS JSONB)" if catalog.database.engine.dialect.name == "postgresql" else ":json"


def test_it_enters_the_feed_and_leaves_it_again(office, offers, catalog):
    cursor = catalog.head()
    path = office.announced(*offers)
    [change] = catalog.changes(cursor)
    ids = [row["offering_id"] for row in download(office, path).json()["items"]]
    assert (change["type"], change["entity"], change["entity_id"]) == (
        "edition.announced",
        "edition",
        path.rpartition("/")[2],
    )
    assert (change["record"]["offerings"], change["record"]["number"]) == (ids, 1)
    assert change["record"]["content_hash"] == office.read(path)["content_hash"]
    page, records = catalog.get("/v1/changes/snapshot").json(), []
    while True:
        records += page["records"]
        if page["next"] is None:
            break
        page = catalog.get("/v1/changes/snapshot", params={"page": page["next"]}).json()
    assert records[-1] == change["record"]
    cursor = catalog.head()
    assert office.act(path, "end").status_code == 200
    [gone] = catalog.changes(cursor)
    assert (gone["type"], gone["record"]) == ("edition.ended", None)
    assert office.read(path)["citation"], "it stays citeable"
    assert download(office, path).status_code == 200
