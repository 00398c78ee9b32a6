"""Imports through the API, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.catalog.conftest import credit_code, provider_content
from tests.catalog.imports.uploads import PROVIDER, counts, lines, offering, report, upload, with_provider

DEMO = Path(__file__).parents[3] / "demo"


def test_the_demo_goes_in_whole_and_a_second_time_changes_nothing(catalog):
    heads = []
    for again in (False, True):
        for kind, number in (("providers", 395), ("offerings", 1066)):
            made = report(catalog, kind, (DEMO / f"{kind}.jsonl").read_bytes(), source="demo")
            assert counts(made) == ((0, 0, number, 0) if again else (number, 0, 0, 0)), made["errors"]
        heads.append(catalog.head())
    assert heads[0] == heads[1]
    found = catalog.get("/v1/offerings", role="sme", params={"source": "demo", "external_id": "O00001"}).json()
    assert [(item["state"], item["version"]) for item in found["items"]] == [("published", 1)]


def test_a_bad_row_is_refused_and_the_others_go_in(catalog):
    with_provider(catalog)
    rows = [
        offering("O1"),
        offering("O2", provider="P9"),
        offering("O3", price={"model": "one-off", "min": 2, "max": 1, "per": "project"}),
        offering("O4", categories=["no-such-thing"]),
        offering("O5", colour="red"),
        offering("O6", regions=["999999"], name=""),
        offering("O1", name="又一个"),
        offering(""),
        offering("O9", price={"model": "one-off", "min": 1.5}),
        offering("O10"),
    ]
    made = report(catalog, "offerings", lines(*rows) + b"\n{broken")
    assert counts(made) == (2, 0, 0, 9)
    told = {(error["row"], error["pointer"], error["code"]) for error in made["errors"]}
    assert told == {
        (2, "/provider", "unknown-provider"),
        (3, "/price", "range-out-of-order"),
        (4, "/categories/0", "unknown-category"),
        (5, "/colour", "extra-forbidden"),
        (6, "/regions/0", "unknown-region"),
        (6, "/name", "string-too-short"),
        (7, "/external_id", "doubled-id"),
        (8, "/external_id", "missing-id"),
        (9, "/price/min", "int-type"),
        (11, "", "unreadable-row"),
    }
    assert all(error["text"]["zh"] and error["text"]["en"] for error in made["errors"])
    assert [error["row"] for error in made["errors"]] == sorted(error["row"] for error in made["errors"])
    names = {item["external_id"] for item in catalog.get("/v1/offerings").json()["items"]}
    assert names == {"O1", "O10"}


def test_a_dry_run_tells_the_same_and_writes_nothing(catalog):
    with_provider(catalog)
    before = catalog.head()
    data = lines(offering("O1"), offering("O2", provider="P9"))
    dry = report(catalog, "offerings", data, dry_run="true")
    assert counts(dry) == (1, 0, 0, 1)
    assert catalog.get("/v1/offerings").json()["items"] == []
    assert catalog.head() == before
    real = report(catalog, "offerings", data)
    assert (counts(real), real["errors"]) == (counts(dry), dry["errors"])


def test_a_changed_row_is_a_new_version_and_an_unchanged_one_is_none(catalog):
    with_provider(catalog)
    report(catalog, "offerings", lines(offering("O1"), offering("O2")))
    head = catalog.head()
    made = report(catalog, "offerings", lines(offering("O1", summary="变了。"), offering("O2"), offering("O3")))
    assert counts(made) == (1, 1, 1, 0)
    shown = {item["external_id"]: item for item in catalog.get("/v1/offerings", role="sme").json()["items"]}
    assert {code: item["version"] for code, item in shown.items()} == {"O1": 2, "O2": 1, "O3": 1}
    assert shown["O1"]["summary"] == "变了。"
    recorded = catalog.changes(head)
    assert [(change["type"], change["record"]["version"]) for change in recorded] == [
        ("offering.published", 1),
        ("offering.published", 2),
    ]
    versions = catalog.get(f"/v1/offerings/{shown['O1']['id']}/versions").json()["items"]
    assert [version["version"] for version in versions] == [1, 2]
    in_category = catalog.get("/v1/offerings", role="sme", params={"category": "erp"}).json()["items"]
    assert len(in_category) == 3


def test_what_an_officer_decided_is_not_undone_by_an_import(catalog):
    with_provider(catalog)
    report(catalog, "offerings", lines(offering("O1"), offering("O2")))
    ids = {item["external_id"]: item["id"] for item in catalog.get("/v1/offerings").json()["items"]}
    catalog.act(f"/v1/offerings/{ids['O1']}", "suspend")
    catalog.act(f"/v1/offerings/{ids['O2']}", "withdraw")
    head = catalog.head()
    made = report(catalog, "offerings", lines(offering("O1"), offering("O2")))
    assert (counts(made), [error["code"] for error in made["errors"]]) == ((0, 0, 1, 1), ["withdrawn"])
    made = report(catalog, "offerings", lines(offering("O1", summary="新的。")))
    assert counts(made) == (0, 1, 0, 0)
    state = catalog.get(f"/v1/offerings/{ids['O1']}").json()
    assert (state["state"], state["version"], state["published_version"]) == ("suspended", 2, 1)
    assert catalog.changes(head) == []
    provider = catalog.get("/v1/providers").json()["items"][0]
    catalog.act(f"/v1/providers/{provider['id']}", "suspend")
    made = report(catalog, "offerings", lines(offering("O3")))
    assert [error["code"] for error in made["errors"]] == ["provider-suspended"]


def test_a_draft_of_the_same_content_is_published_by_an_import(catalog):
    with_provider(catalog)
    report(catalog, "offerings", lines(offering("O1")))
    path = f"/v1/offerings/{catalog.get('/v1/offerings').json()['items'][0]['id']}"
    catalog.patch(path, {"summary": "待发布。"}, tag=catalog.tag(path))
    made = report(catalog, "offerings", lines(offering("O1", summary="待发布。")))
    assert counts(made) == (0, 1, 0, 0)
    assert catalog.get(path, role="sme").json()["published_version"] == 2


def test_a_revision_in_review_gives_way_to_an_import(catalog):
    with_provider(catalog)
    report(catalog, "offerings", lines(offering("O1")))
    path = f"/v1/offerings/{catalog.get('/v1/offerings').json()['items'][0]['id']}"
    catalog.patch(path, {"summary": "送审的。"}, tag=catalog.tag(path))
    assert catalog.act(path, "submit-revision").status_code == 200
    assert counts(report(catalog, "offerings", lines(offering("O1", summary="导入的。")))) == (0, 1, 0, 0)
    shown = catalog.get(path).json()
    assert (shown["version"], shown["published_version"], shown["under_review"]) == (3, 3, False)
    catalog.patch(path, {"summary": "又改的。"}, tag=catalog.tag(path))
    assert catalog.act(path, "submit-revision").status_code == 200


def test_providers_are_updated_and_credit_codes_stay_unique(catalog):
    with_provider(catalog)
    catalog.provider(uscc=credit_code(900_002))
    other = provider_content(code="P2", uscc=credit_code(900_003))
    made = report(
        catalog,
        "providers",
        lines(
            PROVIDER | {"name": "改名科技有限公司"},
            other,
            other | {"code": "P3"},
            provider_content(code="P4", uscc=credit_code(900_002)),
            provider_content(code="P5", uscc="91330106MA0000000X"),
        ),
    )
    assert counts(made) == (1, 1, 0, 3)
    assert [(error["row"], error["code"]) for error in made["errors"]] == [
        (3, "already-registered"),
        (4, "already-registered"),
        (5, "invalid-credit-code"),
    ]
    named = {item["external_id"]: item["name"] for item in catalog.get("/v1/providers").json()["items"]}
    assert named["P1"] == "改名科技有限公司"


def test_an_offering_may_name_its_provider_by_code_credit_code_or_name(catalog):
    twins = [provider_content(code=f"P{n}", name="同名有限公司") for n in (7, 8)]
    assert counts(report(catalog, "providers", lines(PROVIDER, *twins))) == (3, 0, 0, 0)
    rows = [offering(f"O{n}", provider=name) for n, name in enumerate(("P1", PROVIDER["uscc"], PROVIDER["name"]))]
    made = report(catalog, "offerings", lines(*rows, offering("O9", provider="同名有限公司")))
    assert (counts(made), made["errors"][0]["code"]) == ((3, 0, 0, 1), "unknown-provider")
    made = report(catalog, "offerings", lines(offering("O1", provider="P7")))
    assert made["errors"][0]["code"] == "other-provider"


def test_a_bureau_imports_for_its_own_region_only(catalog):
    made = report(catalog, "providers", lines(PROVIDER | {"code": "P2"}), region="340000")
    assert made["errors"][0]["code"] == "outside-region"
    with_provider(catalog)
    made = report(catalog, "offerings", lines(offering("O1")), region="340000")
    assert made["errors"][0]["code"] == "unknown-provider"
    moved = PROVIDER | {"region": "340100"}
    assert report(catalog, "providers", lines(moved), region="340000")["errors"][0]["code"] == "outside-region"
    assert counts(report(catalog, "offerings", lines(offering("O1")), region="330000")) == (1, 0, 0, 0)


@pytest.mark.parametrize("role", ["sme", "provider", "service"])
def test_others_may_not_import(catalog, role):
    assert upload(catalog, "providers", lines(PROVIDER), role=role).status_code == 403


def test_a_report_is_kept_for_the_organisation_that_made_it(catalog):
    made = report(catalog, "providers", lines(PROVIDER), organisation="org_a")
    path = f"/v1/imports/{made['id']}"
    assert catalog.get(path, role="bureau", organisation="org_a").json() == made
    assert catalog.get(path, role="admin", organisation="org_b").json() == made
    assert catalog.get(path, role="bureau", organisation="org_b").status_code == 404
    assert catalog.get("/v1/imports/imp_none").status_code == 404


def test_the_same_key_imports_once(catalog):
    headers = {"Idempotency-Key": "once"}
    request = catalog.client.build_request(
        "POST",
        "/v1/imports",
        data={"kind": "providers", "source": "test"},
        files={"file": ("list", lines(PROVIDER))},
        headers=headers,
    )
    body, content_type = request.read(), request.headers["content-type"]
    answers = [
        catalog.call("POST", "/v1/imports", content=body, headers=headers | {"Content-Type": content_type})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert counts(answers[1].json()) == (1, 0, 0, 0)


def test_the_same_list_from_four_sides_at_once_goes_in_once(catalog):
    with_provider(catalog)
    data = lines(*(offering(f"O{n}") for n in range(100)))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: upload(catalog, "offerings", data), range(4)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    reports = [answer.json() for answer in answers if answer.status_code == 201]
    assert sum(made["created"] for made in reports) == 100
    assert sum(made["unchanged"] for made in reports) == 100 * (len(reports) - 1)
    assert counts(report(catalog, "offerings", data)) == (0, 0, 100, 0)
