"""The way of a need through the service: asked, answered, stored, shown to those whom it concerns."""

import logging
from datetime import date

import pytest

from shared import clock, problems
from shared.contracts.changes import OfferingRecord
from shared.contracts.matches import MatchRun, NeedAnswer
from tests.matching.service import feeds
from tests.matching.service.conftest import refresh, sample, settle

ENTERPRISE = {"region": "330106", "industry": "33", "employees": 32, "annual_revenue": 1800000000}
ASKED = {
    "text": "五金加工厂，三十来号人，订单老是乱，想上个进销存，一年预算五万以内",
    "enterprise": ENTERPRISE,
    "as_of": "2026-11-22",
}


def ask(client, headers, **changed):
    body = {name: value for name, value in {**ASKED, **changed}.items() if value is not None}
    return client.post("/v1/needs", json=body, headers=headers)


def bought(client, headers, offering: OfferingRecord, **changed):
    """The ids served to a need that states the category of an offering."""
    profile = {"categories": list(offering.content.categories)}
    answer = ask(client, headers, text=None, profile=profile, top_k=50, enterprise={"region": "330106"}, **changed)
    return {result["offering_id"] for result in answer.json()["match_run"]["results"]}


@pytest.fixture
def sme(bearer):
    return bearer("matching", "sme", organisation="org_a")


def test_a_need_is_answered_and_can_be_read_again(client, sme):
    answer = ask(client, sme)
    need = answer.json()
    assert answer.status_code == 201, need
    assert answer.headers["location"] == f"/v1/needs/{need['id']}"
    assert need["match_run"]["results"]
    assert client.get(f"/v1/needs/{need['id']}", headers=sme).json() == need
    assert client.get(f"/v1/match-runs/{need['match_run']['id']}", headers=sme).json() == need["match_run"]


def test_the_bytes_served_are_those_of_the_declared_model(client, sme):
    """They are written and stored once, so no model checks them on their way out: this test does."""
    answer = ask(client, sme)
    need, run = f"/v1/needs/{answer.json()['id']}", f"/v1/match-runs/{answer.json()['match_run']['id']}"
    calls = [
        (NeedAnswer, answer),
        (NeedAnswer, client.get(need, headers=sme)),
        (NeedAnswer, client.post(f"{need}/withdraw", headers=sme)),
        (NeedAnswer, ask(client, sme, text=None, profile={"categories": ["mes"]})),
        (MatchRun, client.get(run, headers=sme)),
    ]
    for shape, served in calls:
        assert served.headers["content-type"] == "application/json"
        assert served.content == shape.model_validate_json(served.content).model_dump_json(by_alias=True).encode()


def test_without_a_day_it_is_today_in_china(client, sme):
    assert ask(client, sme, as_of=None).json()["match_run"]["as_of"] == clock.today().isoformat()


WRONG = [
    ({"text": None}, ""),
    ({"text": ""}, "/text"),
    ({"text": " "}, "/text"),
    ({"text": "好" * 2001}, "/text"),
    ({"enterprise": {}}, "/enterprise/region"),
    ({"enterprise": {"region": "999999"}}, "/enterprise/region"),
    ({"enterprise": {**ENTERPRISE, "industry": "9X"}}, "/enterprise/industry"),
    ({"enterprise": {**ENTERPRISE, "employees": True}}, "/enterprise/employees"),
    ({"enterprise": {**ENTERPRISE, "employees": "32"}}, "/enterprise/employees"),
    ({"enterprise": {**ENTERPRISE, "annual_revenue": -1}}, "/enterprise/annual_revenue"),
    ({"enterprise": {**ENTERPRISE, "uscc": "91310115MA1K4RT740"}}, "/enterprise/uscc"),
    ({"enterprise": {**ENTERPRISE, "colour": "red"}}, "/enterprise/colour"),
    ({"nonsense": 1}, "/nonsense"),
    ({"top_k": 0}, "/top_k"),
    ({"top_k": 51}, "/top_k"),
    ({"top_k": 3.5}, "/top_k"),
    ({"as_of": "2026-02-30"}, "/as_of"),
    ({"profile": {"categories": ["no-such-category"]}}, "/profile/categories/0"),
    ({"profile": {"categories": ["credit-loan", "finance-matching"]}}, "/profile/categories/1"),
    ({"profile": {"must": {"budget_max": "5"}}}, "/profile/must/budget_max"),
    ({"profile": {"must": {"delivery": ["by-pigeon"]}}}, "/profile/must/delivery/0"),
    ({"profile": {"weights": {"topic": 9999}}}, "/profile"),
    ({"profile": {"weights": {"topic": 9000, "charm": 1000}}}, "/profile/weights/charm"),
    ({"profile": {"weights": {"topic": 10000}}}, "/profile/weights/topic"),
]


def test_a_wrong_need_is_refused_with_a_pointer_and_not_stored(client, sme):
    for changed, pointer in WRONG:
        answer = ask(client, sme, **changed)
        assert answer.status_code == 422, changed
        assert answer.headers["content-type"] == problems.MEDIA_TYPE
        assert pointer in [error["pointer"] for error in answer.json()["errors"]], changed
    assert client.get("/v1/needs", headers=sme).json()["items"] == []


def test_a_need_is_read_whatever_signs_were_pasted_into_it(client, sme):
    assert ask(client, sme, text="\u202a想上进销存\u202c\x0b一年三万以内").status_code == 201


def test_an_sme_may_choose_the_day_in_the_demo_only(start, follower, bearer):
    client = start("production")
    refused = ask(client, bearer("matching", "sme"))
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/as_of")
    assert ask(client, bearer("matching", "sme"), as_of=None).status_code == 201
    assert ask(client, bearer("matching", "bureau")).status_code == 201


def test_before_the_first_snapshot_it_is_not_ready(start, sme):
    client = start()
    for answer in (ask(client, sme), client.get("/readyz")):
        assert answer.status_code == 503
        assert answer.headers["retry-after"]


def test_readiness_tells_where_the_copy_stands(client, follower, feed, sme):
    feed.put(feeds.revised(sample()[-1], lead_time_days=3))
    assert client.get("/readyz").json()["catalogue"]["position"] == 0
    settle(follower, feed)
    refresh(client)
    assert {"position": 1, "behind": 0, "degraded": False}.items() <= client.get("/readyz").json()["catalogue"].items()


def test_a_copy_that_lacks_a_change_says_so(client, follower, feed, sme):
    assert ask(client, sme).json()["match_run"]["degraded"] is False
    feed.change("offering", "off_x", None, "nonsense.happened")
    settle(follower, feed)
    refresh(client)
    run = ask(client, sme).json()["match_run"]
    assert run["degraded"] is True
    assert run["degraded_reason"]["zh"]


def test_the_same_key_gives_the_same_answer_byte_for_byte(client, sme, bearer):
    keyed = {**sme, "Idempotency-Key": "need-1"}
    first, again = ask(client, keyed), ask(client, keyed)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert first.headers["location"] == again.headers["location"]
    assert len(client.get("/v1/needs", headers=sme).json()["items"]) == 1
    assert ask(client, keyed, top_k=3).status_code == 422
    other = {**bearer("matching", "sme", organisation="org_b"), "Idempotency-Key": "need-1"}
    assert ask(client, other).json()["id"] != first.json()["id"]


def test_who_calls_with_a_public_widget_key_shares_no_keys_with_its_bureau(client, bearer):
    keyed = {"Idempotency-Key": "need-1"}
    of_the_bureau = ask(client, bearer("matching", "bureau", organisation="org_a") | keyed)
    visitor = bearer("matching", "widget", organisation="org_a") | keyed
    of_a_visitor = ask(client, visitor)
    assert of_the_bureau.status_code == of_a_visitor.status_code == 201
    assert of_a_visitor.json()["id"] != of_the_bureau.json()["id"]
    assert "idempotent-replayed" not in of_a_visitor.headers
    assert ask(client, visitor).content == of_a_visitor.content


def callers(bearer):
    return {
        "the firm": bearer("matching", "sme", organisation="org_a"),
        "another firm": bearer("matching", "sme", organisation="org_b"),
        "a provider": bearer("matching", "provider"),
        "the national bureau": bearer("matching", "bureau"),
        "the bureau of its province": bearer("matching", "bureau", region="330000"),
        "the bureau of its city": bearer("matching", "bureau", region="330100"),
        "the bureau of another city": bearer("matching", "bureau", region="330200"),
        "the bureau of another province": bearer("matching", "bureau", region="320000"),
        "an admin": bearer("matching", "admin"),
    }


SEES = {
    "the firm": 200,
    "another firm": 404,
    "a provider": 403,
    "the national bureau": 200,
    "the bureau of its province": 200,
    "the bureau of its city": 200,
    "the bureau of another city": 404,
    "the bureau of another province": 404,
    "an admin": 200,
}


@pytest.fixture
def need(client, sme):
    return ask(client, sme).json()


def test_a_need_is_shown_to_those_whom_it_concerns(client, bearer, need):
    run = need["match_run"]["id"]
    for who, headers in callers(bearer).items():
        calls = [
            client.get(f"/v1/needs/{need['id']}", headers=headers),
            client.get(f"/v1/match-runs/{run}", headers=headers),
            client.post(f"/v1/match-runs/{run}/verify", headers=headers),
        ]
        assert [call.status_code for call in calls] == [SEES[who]] * 3, who
        if SEES[who] != 403:
            listed = client.get("/v1/needs", headers=headers).json()["items"]
            assert [item["id"] for item in listed] == ([need["id"]] if SEES[who] == 200 else []), who


def test_a_foreign_need_answers_exactly_like_a_missing_one(client, bearer, need):
    headers = bearer("matching", "sme", organisation="org_b")
    foreign = client.get(f"/v1/needs/{need['id']}", headers=headers)
    missing = client.get("/v1/needs/need_nowhere", headers=headers)
    assert {**foreign.json(), "request_id": ""} == {**missing.json(), "request_id": ""}


WITHDRAWS = {"the firm": 200, "an admin": 200, "another firm": 404, "the bureau of its province": 404}


def test_a_need_is_withdrawn_by_its_own_firm(client, bearer, sme):
    for who, status in WITHDRAWS.items():
        need = ask(client, sme).json()
        path = f"/v1/needs/{need['id']}"
        for _ in range(2):
            assert client.post(f"{path}/withdraw", headers=callers(bearer)[who]).status_code == status, who
        after = client.get(path, headers=sme).json()
        assert after == {**need, "status": "withdrawn" if status == 200 else "matched"}, who


def test_needs_are_listed_page_by_page(client, bearer, sme):
    made = [ask(client, sme).json()["id"] for _ in range(3)]
    first = client.get("/v1/needs?limit=2", headers=sme)
    second = client.get("/v1/needs", params={"limit": 2, "cursor": first.json()["next"]}, headers=sme)
    assert [item["id"] for item in first.json()["items"] + second.json()["items"]] == made
    assert 'rel="next"' in first.headers["link"]
    assert second.json()["next"] is None
    other = bearer("matching", "sme", organisation="org_b")
    assert client.get("/v1/needs", params={"cursor": first.json()["next"]}, headers=other).status_code == 400


def sold_everywhere() -> OfferingRecord:
    """An offering that the firm of `bought` may always buy."""
    offering = next(record for record in sample() if isinstance(record, OfferingRecord) and not record.content.finance)
    return feeds.revised(offering, regions=("000000",), enterprise_sizes=(), industries=())


def test_what_was_withdrawn_expired_or_suspended_never_appears(client, follower, feed, sme):
    offering = sold_everywhere()
    provider = feed.state["provider", offering.provider_id]

    def seen(day="2026-11-22"):
        settle(follower, feed)
        refresh(client)
        return offering.id in bought(client, sme, offering, as_of=day)

    feed.put(feeds.revised(offering, valid_until=date(2026, 11, 22)))
    assert (seen(), seen("2026-11-23")) == (True, False)
    feed.put(provider.model_copy(update={"standing": "suspended"}))
    assert not seen()
    feed.put(provider)
    assert seen()
    feed.remove("provider", provider.id)
    assert not seen()
    feed.put(provider)
    feed.remove("offering", offering.id)
    assert not seen()
    feed.put(offering)
    assert seen()


def test_what_a_firm_says_stays_out_of_the_log(client, sme, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    assert ask(client, sme, text="机密甲乙丙，想上进销存").status_code == 201
    assert ask(client, sme, text="机密甲乙丙", profile={"categories": ["no-such-category"]}).status_code == 422
    said = capsys.readouterr()
    assert "request_id" in caplog.text
    assert "机密甲乙丙" not in caplog.text + said.out + said.err
