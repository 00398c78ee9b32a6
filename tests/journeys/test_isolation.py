"""S2: what one organisation marks as its own never reaches another, through no operation that reads."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest

from tests.support import records

MARK = "绝密鸢尾"
OFFICE = ("screen", "evaluate", "recommend", "publicize")
OWNED = ("need_id", "offering_id", "import_id", "application_id", "objection_id", "edition_id")
OPEN_TO_ALL = {"/v1/notices/{notice_id}/objections"}
FOLLOWED_BY = {"/v1/changes": "after", "/v1/changes/snapshot": "page"}
"""The parameter that goes on where a list ended; elsewhere `cursor`."""


@pytest.fixture(scope="package")
def newcomer(demo) -> Iterator[Callable[..., httpx2.Client]]:
    """Makes a client of a new organisation."""
    with ExitStack() as stack:
        yield lambda *who, **more: stack.enter_context(demo.newcomer(*who, **more))


# Once: a module's tests need not run in a row where workers steal them from each other.
@pytest.fixture(scope="package")
def secrets(newcomer) -> tuple[dict[str, str], dict[str, httpx2.Client]]:
    """What tenant B made, all of it marked: ids by path parameter; and who may read it, by the same."""
    code = records.credit_code(8_100_001)
    sme, provider = newcomer("sme", "乙企业"), newcomer("provider", "乙服务商", uscc=code)
    bureau = newcomer("bureau", "浙江省厅", region="330000")
    firm = {"region": "330106", "name": f"{MARK}厂"}
    need = made(sme, "/v1/needs", json=records.need(f"仓库老是发错货，{MARK}", enterprise=firm))
    public = made(bureau, "/v1/providers", json=records.provider(8_100_001))
    offering = made(provider, "/v1/offerings", json=records.offering(public["id"], name=MARK))
    published = made(provider, "/v1/offerings", json=records.offering(public["id"], name="公开的仓库系统"))
    for actor, action in ((provider, "submit"), (bureau, "publish")):
        actor.post(f"/v1/offerings/{published['id']}/{action}", headers={"If-Match": "*"}).raise_for_status()
    path = f"/v1/offerings/{published['id']}"
    provider.patch(path, json={"summary": MARK}, headers={"If-Match": "*"}).raise_for_status()
    rows = {"data": {"kind": "providers", "source": MARK}, "files": {"file": ("a.jsonl", b'{"code": "1"}')}}
    report = made(bureau, "/v1/imports", **rows)
    portal = {"label": MARK, "origins": ["https://yi.example"]}
    key = made(bureau, "/v1/widget-keys", json=portal)["details"]
    ids = {"key_id": key["id"], "need_id": need["id"], "run_id": need["match_run"]["id"], "import_id": report["id"]}
    ids |= {"offering_id": offering["id"], "provider_id": public["id"]}
    applicant = newcomer("provider", "乙申请企业", uscc=records.credit_code(8_100_004))
    ids |= publicized(applicant, bureau)
    objection = {"ground": "other", "text": MARK}
    ids["objection_id"] = made(sme, f"/v1/notices/{ids['notice_id']}/objections", json=objection)["id"]
    owners = {"need_id": sme, "offering_id": provider, "import_id": bureau, "application_id": applicant}
    ids["edition_id"] = composed(bureau, published["id"])
    return ids, owners | {"objection_id": sme, "key_id": bureau, "edition_id": bureau}


def composed(bureau: httpx2.Client, offering_id: str) -> str:
    """An edition that is being composed, with a marked name, of what everybody may see."""
    names = {"title": {"zh": MARK, "en": MARK}, "issuer": {"zh": MARK, "en": MARK}}
    period = {"valid_from": "2026-01-01", "valid_until": "2036-12-31"}
    edition = made(bureau, "/v1/editions", json={"number": 1, **names, **period})
    path = f"/v1/editions/{edition['id']}"
    made(bureau, f"{path}/open", headers={"If-Match": "*"})
    made(bureau, f"{path}/add", headers={"If-Match": "*"}, json={"offerings": [offering_id]})
    return str(edition["id"])


def publicized(applicant: httpx2.Client, bureau: httpx2.Client) -> dict[str, str]:
    """An application under public notice; all of it that the notice does not show is marked."""
    form = records.application(8_100_004, statement=MARK, contacts=[{"name": MARK, "phone": "0571-88880000"}])
    told = made(applicant, "/v1/applications", json=form)
    for actor, step in ((applicant, "self-assess"), (applicant, "submit"), *((bureau, step) for step in OFFICE)):
        path = f"/v1/applications/{told['id']}/{step}"
        told = made(actor, path, headers={"If-Match": "*"}, **({"json": {}} if step == "publicize" else {}))
    return {"application_id": told["id"], "notice_id": told["notice_id"]}


@pytest.mark.parametrize("role", ["sme", "provider", "bureau"])
def test_no_answer_to_one_organisation_holds_what_another_marked(demo, newcomer, secrets, role):
    ids, owners = secrets
    assert all(MARK in owners[name].get(path).text for name, path in own_paths(ids).items()), "there is nothing to find"
    stranger = newcomer(role, "甲机构", region="440000", uscc=records.credit_code(8_100_002))
    document = stranger.get("/openapi.json").json()
    read = []
    for path, methods in document["paths"].items():
        if "get" in methods and role in methods["get"]["x-access"]["roles"]:
            read.append(path)
            for answer in pages(stranger, path, path.format_map(ids)):
                assert MARK not in answer.text, path
    assert {"/v1/offerings", "/v1/offerings/search", "/v1/offerings/{offering_id}"} <= set(read)
    assert MARK not in (demo.state / "log").read_text("utf-8")


@pytest.mark.parametrize("role", ["sme", "provider", "bureau"])
def test_nobody_can_change_or_even_tell_what_another_marked(newcomer, secrets, role):
    ids, _ = secrets
    stranger = newcomer(role, "丙机构", region="440000", uscc=records.credit_code(8_100_003))
    document = stranger.get("/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if "{" in path and method != "get" and role in operation["x-access"]["roles"] and path not in OPEN_TO_ALL:
                body = {"json": example(document, operation)} if "requestBody" in operation else {}
                answers = [
                    stranger.request(method, path.format_map(named), headers={"If-Match": "*"}, **body)
                    for named in (ids, {name: f"{value.split('_')[0]}_0" for name, value in ids.items()})
                ]
                assert [answer.status_code for answer in answers] == [404, 404], (method, path)
                assert without_request(answers[0]) == without_request(answers[1])


@pytest.mark.parametrize("query", [{"q": MARK}, {"q": f"仓库 {MARK}"}])
def test_a_search_for_the_mark_finds_nothing_of_it(newcomer, secrets, query):
    found = newcomer("sme", "丁企业").get("/v1/offerings/search", params=query)
    assert MARK not in found.text


def example(document: dict[str, Any], operation: dict[str, Any]) -> Any:
    """A body that an operation takes, from the document."""
    (content,) = operation["requestBody"]["content"].values()
    name = content["schema"].get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name]["examples"][0] if name else {}


def own_paths(ids: dict[str, str]) -> dict[str, str]:
    places = {name: f"/v1/{name.removesuffix('_id')}s/" for name in OWNED} | {"key_id": "/v1/widget-keys/"}
    return {name: place + ids[name] for name, place in places.items()}


def pages(client: httpx2.Client, template: str, path: str) -> Iterator[httpx2.Response]:
    """Every page that an operation gives."""
    query: dict[str, str] = {}
    while True:
        answer = client.get(path, params=query)
        assert answer.status_code in (200, 404), answer.text
        yield answer
        body = answer.json()
        following = body.get("next")
        if following is None or not (body.get("items") or body.get("changes") or body.get("records")):
            return
        query = {FOLLOWED_BY.get(template, "cursor"): following}


def made(client: httpx2.Client, path: str, **request: Any) -> dict[str, Any]:
    return dict(client.post(path, **request).raise_for_status().json())


def without_request(answer: httpx2.Response) -> str:
    return json.dumps({**answer.json(), "request_id": ""}, sort_keys=True)
