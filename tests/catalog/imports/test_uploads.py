"""Bureaus' own spreadsheets with their mappings, and uploads that are refused as a whole."""

import json
from datetime import date

import pytest

from tests.catalog.imports import spreadsheets as xlsx
from tests.catalog.imports.uploads import counts, report, upload, with_provider

TABLE = [
    ["编号", "名称", "类别", "所属企业", "简介", "详细介绍", "地区", "价格（元）", "周期", "备注"],
    ["A-1", "轻量ERP", "管理软件", "甲科技有限公司", "管订单。", "管订单和库存。", "浙江、安徽", "1.98万", "年", "x"],
    ["A-2", "扫码报工", "生产软件", "P1", "管报工。", "扫码报工。", "浙江", 19800.5, "年", None],
    ["A-3", "云桌面", "云", "P1", "云桌面。", "云桌面。", "全国", "12,000", "月", None],
    ["A-4", "别的", "生产软件", "P1", None, "只有介绍。", None, None, None, None],
]
MAPPING = {
    "description": "某局推荐目录",
    "external_id": "编号",
    "provider": "所属企业",
    "fields": {
        "name": "名称",
        "kind": {"constant": "product"},
        "categories": {"column": "类别", "values": {"管理软件": "erp", "生产软件": "mes"}},
        "summary": {"column": ["简介", "详细介绍"], "shorten": 60},
        "description": {"template": "{名称}：{详细介绍}"},
        "regions": {"column": "地区", "split": "、", "values": {"浙江": "330000", "安徽": "340000"}},
        "price.model": {"column": "周期", "values": {"年": "subscription", "月": "subscription"}},
        "price.min": {"column": "价格（元）", "factor": "100"},
        "price.per": {"column": "周期", "values": {"年": "year", "月": "month"}},
    },
}


def table_as(form: str) -> bytes:
    if form == "xlsx":
        return xlsx.workbook(TABLE)
    text = "\n".join(",".join('"' + str(cell or "") + '"' for cell in row) for row in TABLE)
    return text.encode("gb18030" if form == "gb18030" else "utf-8-sig")


@pytest.mark.parametrize("form", ["xlsx", "utf-8", "gb18030"])
def test_a_bureaus_own_spreadsheet_is_read_by_its_mapping(catalog, form):
    with_provider(catalog)
    made = report(catalog, "offerings", table_as(form), mapping=json.dumps(MAPPING))
    assert counts(made) == (2, 0, 0, 2)
    assert [(error["row"], error["column"], error["pointer"], error["code"]) for error in made["errors"]] == [
        (2, "价格（元）", "/price/min", "not-a-number"),
        (4, "类别", "/categories", "unknown-value"),
        (4, "地区", "/regions", "unknown-value"),
    ]
    shown = {item["external_id"]: item for item in catalog.get("/v1/offerings", role="sme").json()["items"]}
    assert shown["A-2"]["description"] == "扫码报工：扫码报工。"
    assert shown["A-2"]["regions"] == ["330000"]
    assert shown["A-2"]["price"] == {"model": "subscription", "min": 1980050, "max": None, "per": "year"}
    assert shown["A-4"]["summary"] == "只有介绍。"
    assert shown["A-4"]["price"] is None


def test_a_table_with_our_own_field_names_needs_no_mapping(catalog):
    with_provider(catalog)
    header = "code,provider,name,kind,categories,summary,description,regions,price.model,price.min,price.per,trial_days"
    row = "O1,P1,某某,product,erp|crm,某某。,某某。,330000;340000,one-off,1200,project,30"
    assert counts(report(catalog, "offerings", f"{header}\n{row}\n".encode())) == (1, 0, 0, 0)
    item = catalog.get("/v1/offerings").json()["items"][0]
    assert (item["categories"], item["regions"]) == (["erp", "crm"], ["330000", "340000"])
    assert (item["price"]["min"], item["trial_days"]) == (1200, 30)


BAD_MAPPINGS = [
    # of what, the mapping, the status, where and what is wrong
    ("offerings", "{", 400, None, None),
    ("offerings", "[]", 422, "/mapping", "model-type"),
    ("offerings", {"external_id": "a", "provider": "b", "fields": {}, "x": 1}, 422, "/mapping/x", "extra-forbidden"),
    ("offerings", {"external_id": "a", "fields": {}}, 422, "/mapping/provider", "provider-rule"),
    ("providers", {"external_id": "a", "provider": "b", "fields": {}}, 422, "/mapping/provider", "provider-rule"),
    ("providers", {"external_id": "c", "fields": {}}, 422, "/mapping/external_id", "no-such-column"),
    ("providers", {"external_id": "a", "fields": {"x": "b"}}, 422, "/mapping/fields/x", "unknown-field"),
    ("providers", {"external_id": "a", "fields": {"name": 1}}, 422, "/mapping/fields/name", "model-type"),
    (
        "providers",
        {"external_id": "a", "fields": {"name": {"column": "b", "constant": 1}}},
        422,
        "/mapping/fields/name",
        "one-origin",
    ),
]


@pytest.mark.parametrize(("kind", "mapping", "status", "pointer", "code"), BAD_MAPPINGS)
def test_a_bad_mapping_is_refused_with_its_place(catalog, kind, mapping, status, pointer, code):
    text = mapping if isinstance(mapping, str) else json.dumps(mapping)
    answer = upload(catalog, kind, b"a,b\n1,2\n", mapping=text)
    assert_problem(answer, status, pointer, code)


BAD_UPLOADS = [
    (b"a,b\n1,2\n", {}, 422, "/file", "unknown-columns"),
    (b"{}", {"kind": "provider"}, 422, "/kind", "literal-error"),
    (b"{}", {"source": " "}, 422, "/source", "blank"),
    (b"{}", {"source": "a\x00b"}, 422, "/source", "string-pattern-mismatch"),
    (b"{}", {"first_row": "0"}, 422, "/first_row", "greater-than-equal"),
    (b"{}", {"colour": "red"}, 422, "/colour", "extra-forbidden"),
    (xlsx.sheet('<row r="1"><c r="A1"><f>1+1</f></c></row>'), {}, 422, "/file", "formula"),
    (xlsx.plain_zip(), {}, 415, None, None),
    (xlsx.zip_bomb(), {}, 413, None, None),
    (b"{}" + b" " * 10_500_000, {}, 413, None, None),
]


@pytest.mark.parametrize(("data", "form", "status", "pointer", "code"), BAD_UPLOADS)
def test_a_bad_upload_is_refused_as_a_whole(catalog, data, form, status, pointer, code):
    assert_problem(upload(catalog, "providers", data, **form), status, pointer, code)
    assert catalog.get("/v1/providers").json()["items"] == []


def assert_problem(answer, status, pointer, code):
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    if pointer is not None:
        found = answer.json()["errors"][0]
        assert (found["pointer"], found["code"]) == (pointer, code)
        assert found["text"].keys() == {"zh", "en"}


def test_numbers_and_dates_of_a_spreadsheet_are_what_they_show(catalog):
    with_provider(catalog)
    header = ["code", "provider", "name", "kind", "categories", "summary", "description", "valid_until", "trial_days"]
    row = [7, "P1", 365, "product", "erp", "某某。", "某某。", date(2027, 6, 30), 30.0]
    made = report(catalog, "offerings", xlsx.workbook([header, row, [8, *row[1:8], 1.5]]))
    assert (counts(made), made["errors"][0]["pointer"]) == ((1, 0, 0, 1), "/trial_days")
    item = catalog.get("/v1/offerings").json()["items"][0]
    assert (item["external_id"], item["name"]) == ("7", "365")
    assert (item["valid_until"], item["trial_days"]) == ("2027-06-30", 30)


def test_no_cell_smuggles_a_nul_character_in(catalog):
    with_provider(catalog)
    cell = '<c r="{0}" t="inlineStr"><is><t>{1}</t></is></c>'
    rows = [["code", "provider", "name"], ["O1", "P1", "a_x0000_b"]]
    written = "".join(
        f'<row r="{number}">'
        + "".join(cell.format(f"{chr(65 + place)}{number}", text) for place, text in enumerate(row))
        + "</row>"
        for number, row in enumerate(rows, 1)
    )
    made = report(catalog, "offerings", xlsx.sheet(written))
    assert counts(made) == (0, 0, 0, 1)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"{}", "application/json"),
        (b"nonsense", "multipart/form-data; boundary=x"),
        (b"nonsense", "multipart/form-data"),
        (b"kind=providers", "application/x-www-form-urlencoded"),
        (
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\n\x00\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_what_is_not_such_a_form_is_refused(catalog, content, content_type):
    answer = catalog.call("POST", "/v1/imports", content=content, headers={"Content-Type": content_type})
    assert answer.status_code in (400, 415, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
