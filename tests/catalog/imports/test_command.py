"""`duijie import`: pieces, row numbers, and what it says."""

import json

import pytest
from rich.console import Console
from typer.testing import CliRunner

from services.catalog.imports import mapping
from services.cli import app
from services.commands import importing, patience
from tests.catalog.imports import spreadsheets as xlsx
from tests.catalog.imports.uploads import lines, offering, with_provider


@pytest.fixture
def client(catalog, bearer):
    catalog.client.headers |= bearer("catalog", "bureau")
    return catalog.client


def run(client, path, kind="offerings", dry_run=False, said=None):
    return importing.run(client, importing.chunks(path, kind, said), kind, "test", dry_run, Console(quiet=True))


def totals(total):
    return tuple(total[name] for name in ("created", "updated", "unchanged", "refused"))


def test_a_long_list_goes_in_pieces_and_rows_keep_their_numbers(catalog, client, tmp_path):
    with_provider(catalog)
    rows = [offering(f"O{n}") for n in range(1, 1101)]
    rows[699] = offering("O700", provider="P9")
    path = tmp_path / "list.jsonl"
    path.write_bytes(b"\n\n" + lines(*rows) + b"\nbroken\n")
    pieces = importing.chunks(path)
    assert [(piece.first_row, piece.rows) for piece in pieces] == [(3, 500), (503, 500), (1003, 101)]
    dry = run(client, path, dry_run=True)
    assert (totals(dry), catalog.get("/v1/offerings").json()["items"]) == ((1099, 0, 0, 2), [])
    total = run(client, path)
    assert totals(total) == (1099, 0, 0, 2)
    assert [(error["row"], error["code"]) for error in total["errors"]] == [
        (702, "unknown-provider"),
        (1103, "unreadable-row"),
    ]
    assert totals(run(client, path)) == (0, 0, 1099, 2)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_goes_in_pieces_too(catalog, client, tmp_path, form):
    with_provider(catalog)
    table = [["清单"], [], ["编号", "名称"], ["A1", "甲"], [], *[[f"B{n}", "乙"] for n in range(600)], ["", "丙"]]
    path = tmp_path / "list"
    as_csv = "\n".join(",".join(row) for row in table).encode("gb18030")
    path.write_bytes(as_csv if form == "csv" else xlsx.workbook(table))
    constants = {"kind": "product", "categories": ["erp"], "summary": "某某。", "description": "某某。"}
    said = {"header_row": 3, "external_id": "编号", "provider": {"constant": "P1"}}
    said["fields"] = {"name": "名称"} | {name: {"constant": value} for name, value in constants.items()}
    total = run(client, path, said=mapping.load(json.dumps(said), "offerings"))
    assert totals(total) == (601, 0, 0, 1)
    assert [(error["row"], error["code"]) for error in total["errors"]] == [(606, "missing-id")]


def test_it_tries_again_with_the_same_request():
    seen = []

    def answer(request):
        seen.append((request.headers["Idempotency-Key"], request.read()))
        if len(seen) < 3:
            return importing.httpx2.Response(503, headers={"Retry-After": "0"})
        return importing.httpx2.Response(201, json={"refused": 0, "errors": []})

    transport = importing.httpx2.MockTransport(answer)
    with importing.httpx2.Client(base_url="http://test", transport=transport) as patient:
        importing.send(patient, importing.Chunk(1, 1, b"{}"), "offerings", "test")
    assert len(seen) == 3
    assert len(set(seen)) == 1


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("list.csv", b"a,b\n1,2\n", "the columns are not named like our fields"),
        ("list.xlsx", xlsx.sheet('<row r="1"><c r="A1"><f>1</f></c></row>'), "公式"),
        ("list.png", b"\x89PNG\x00\xff\xfe", "save an old .xls as .xlsx"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_before_anything_is_sent(tmp_path, name, data, said):
    path = tmp_path / name
    path.write_bytes(data)
    result = CliRunner().invoke(app, ["import", str(path), "--kind", "offerings", "--source", "test"])
    assert result.exit_code == 2
    assert said in result.output


def test_a_server_that_is_away_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(patience.time, "sleep", lambda _: None)
    path = tmp_path / "list.jsonl"
    path.write_bytes(lines(offering("O1")))
    url = ["--url", "http://127.0.0.1:9"]
    result = CliRunner().invoke(app, ["import", str(path), "--kind", "offerings", "--source", "test", *url])
    assert (result.exit_code, "it did not work" in result.output) == (2, True)
