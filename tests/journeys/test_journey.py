"""The story of one offering through the public API, from its registration to its end, as each party sees it."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest

from tests.support import records

NAME = "钱塘货架管家"
TEXT = "仓库货架老是找不到货，想上一套仓库管理系统"
IN_ZHEJIANG, ELSEWHERE = "330106", "440305"
USCC = records.credit_code(8_000_001)
SOON_SECONDS = 1.0


@pytest.fixture
def enter(demo) -> Iterator[Callable[[httpx2.Client], httpx2.Client]]:
    """Keeps clients open for the test."""
    with ExitStack() as stack:
        yield stack.enter_context


def test_an_offering_lives_and_everybody_sees_what_concerns_them(demo, enter, record_property):
    bureau = enter(demo.newcomer("bureau", "浙江省经信厅", region="330000"))
    provider = enter(demo.newcomer("provider", "钱塘软件", uscc=USCC))
    rival = enter(demo.newcomer("provider", "他人软件", uscc=records.credit_code(8_000_002)))
    sme = enter(demo.newcomer("sme", "西湖五金厂"))

    assert import_provider(bureau)["created"] == 1
    eliminated_before = eliminated_by_region(ask(sme, ELSEWHERE))
    offering = register(provider)
    assert (offering["state"], offering["version"]) == ("draft", 1)
    assert same_problem(rival, f"/v1/offerings/{offering['id']}", "/v1/offerings/off_missing") == 404
    assert move(provider, offering, "submit")["state"] == "submitted"
    assert not searched(sme)

    assert act(provider, offering, "publish").status_code == 403
    assert move(bureau, offering, "publish")["state"] == "published"
    assert eventually(lambda: place(ask(sme), offering), record_property, "published")
    assert eventually(lambda: searched(sme), record_property, "searched")
    explained(place(ask(sme), offering))
    far = ask(sme, ELSEWHERE)
    assert place(far, offering) is None
    assert eliminated_by_region(far) == eliminated_before + 1

    assert revise(provider, offering, None).status_code == 428
    assert revise(provider, offering, '"1"').status_code == 412
    assert revise(rival, offering, "*").status_code == 404
    revised = revise(provider, offering, tag(provider, offering))
    assert (revised.status_code, revised.json()["version"], revised.json()["published_version"]) == (200, 2, 1)
    assert place(ask(sme), offering)["version"] == 1, "what is published stays until the revision is published too"
    move(bureau, offering, "publish")
    assert eventually(lambda: place(ask(sme), offering)["version"] == 2, record_property, "revised")

    run = ask(sme)["match_run"]
    assert move(provider, offering, "withdraw")["state"] == "retired"
    assert eventually(lambda: place(ask(sme), offering) is None, record_property, "withdrawn")
    assert eventually(lambda: not searched(sme), record_property, "no longer searched")
    assert same_problem(sme, f"/v1/offerings/{offering['id']}", "/v1/offerings/off_missing") == 404
    assert sme.post(f"/v1/match-runs/{run['id']}/verify").json() == {"verified": True, "differences": []}


def test_an_sme_sees_its_own_needs_and_no_others(demo, enter):
    one, other = (enter(demo.newcomer("sme", name)) for name in ("甲厂", "乙厂"))
    mine, others = [ask(one)["id"] for _ in range(3)], [ask(other)["id"]]
    assert [need["id"] for need in one.get("/v1/needs").json()["items"]] == mine
    assert [need["id"] for need in other.get("/v1/needs").json()["items"]] == others
    assert one.get(f"/v1/needs/{mine[0]}").json()["id"] == mine[0]
    assert same_problem(one, f"/v1/needs/{others[0]}", "/v1/needs/need_missing") == 404
    assert one.post(f"/v1/needs/{others[0]}/withdraw").status_code == 404
    assert one.post(f"/v1/needs/{mine[0]}/withdraw").json()["status"] == "withdrawn"
    assert other.get(f"/v1/needs/{others[0]}").json()["status"] == "matched"


def import_provider(bureau: httpx2.Client) -> dict[str, Any]:
    row = {"code": "Q1", **records.provider(8_000_001, name="钱塘软件有限公司")}
    file = ("list.jsonl", json.dumps(row, ensure_ascii=False).encode())
    answer = bureau.post("/v1/imports", data={"kind": "providers", "source": "journey"}, files={"file": file})
    return dict(answer.raise_for_status().json())


def register(provider: httpx2.Client) -> dict[str, Any]:
    """The provider finds itself by its credit code, as the bureau imported it, and registers an offering."""
    (own,) = provider.get("/v1/providers", params={"uscc": USCC}).json()["items"]
    body = records.offering(own["id"], name=NAME, regions=["330000"])
    answer = provider.post("/v1/offerings", json=body, headers={"Idempotency-Key": f"journey-{own['id']}"})
    return dict(answer.raise_for_status().json())


def tag(caller: httpx2.Client, offering: dict[str, Any]) -> str:
    return str(caller.get(f"/v1/offerings/{offering['id']}").headers["ETag"])


def act(caller: httpx2.Client, offering: dict[str, Any], action: str) -> httpx2.Response:
    headers = {"If-Match": tag(caller, offering)}
    return caller.post(f"/v1/offerings/{offering['id']}/{action}", headers=headers)


def move(caller: httpx2.Client, offering: dict[str, Any], action: str) -> dict[str, Any]:
    return dict(act(caller, offering, action).raise_for_status().json())


def revise(caller: httpx2.Client, offering: dict[str, Any], seen: str | None) -> httpx2.Response:
    headers = {"If-Match": seen} if seen else {}
    return caller.patch(f"/v1/offerings/{offering['id']}", json={"trial_days": 30}, headers=headers)


def ask(sme: httpx2.Client, region: str = IN_ZHEJIANG) -> dict[str, Any]:
    body = records.need(TEXT, region, top_k=50, profile={"categories": ["warehouse-management"]})
    return dict(sme.post("/v1/needs", json=body).raise_for_status().json())


def place(answer: dict[str, Any], offering: dict[str, Any]) -> dict[str, Any] | None:
    return next((result for result in answer["match_run"]["results"] if result["offering_id"] == offering["id"]), None)


def explained(result: dict[str, Any] | None) -> None:
    assert result
    reasons = result["contributions"]
    assert sum(reason["contribution"] for reason in reasons) == result["score"]
    assert all(reason["text"]["zh"] and reason["text"]["en"] for reason in reasons)


def eliminated_by_region(answer: dict[str, Any]) -> int:
    return sum(one["count"] for one in answer["match_run"]["eliminated"] if one["constraint"] == "region")


def searched(caller: httpx2.Client) -> bool:
    found = caller.get("/v1/offerings/search", params={"q": NAME, "region": "330000"}).json()["items"]
    return any(NAME in json.dumps(item, ensure_ascii=False) for item in found)


def same_problem(caller: httpx2.Client, foreign: str, missing: str) -> int:
    """The status of both answers, when nothing but the id of the request tells them apart."""
    answers = [caller.get(path) for path in (foreign, missing)]
    first, second = ({**answer.json(), "request_id": ""} for answer in answers)
    assert first == second
    return int(answers[0].status_code)


def eventually(seen: Callable[[], object], record_property: Callable[[str, object], None], what: str) -> bool:
    """Whether it is seen soon; the time that it took is printed."""
    began = time.monotonic()
    while not (found := seen()) and time.monotonic() - began < 10 * SOON_SECONDS:
        time.sleep(0.02)
    took = time.monotonic() - began
    record_property("figures", f"{what} after {took:.2f} s")
    return bool(found) and took < 3 * SOON_SECONDS  # a promise of 1 s, told apart from a busy machine
