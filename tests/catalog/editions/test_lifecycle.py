"""The lifecycle of an edition: every state × step × caller, and its guards."""

from datetime import timedelta

import pytest

from services.catalog import relay
from services.catalog.editions.lifecycle import EDITION, PUBLIC
from shared import clock
from tests.catalog.editions.conftest import NOTICE, OUTCOMES

BY_THE_CLOCK = {("live", "expire"): "expired"}
CALLERS = {
    "its office": ({}, None),
    "an admin": ({"role": "admin", "organisation": "org_platform"}, None),
    "another office of the region": ({"organisation": "org_other"}, 404),
    "the country's office": ({"organisation": "org_country", "region": "000000"}, 404),
    "a provider": ({"role": "provider"}, 403),
    "a firm": ({"role": "sme"}, 403),
    "a service": ({"role": "service"}, 403),
}


def brought(office, offers, state):
    """The path of an edition in this state."""
    if state == "planned":
        return office.planned()
    if state == "evaluating":
        path = office.composed(offers[0])
        assert office.act(path, "evaluate").status_code == 200
        return path
    ways = {"open": office.composed, "publicized": office.publicized, "live": office.announced}
    return (ways | {"expired": office.expired})[state](offers[0])


def test_the_table_is_what_is_written_here():
    table = {(source, step.name): step.target for step in EDITION for source in step.sources if step.actors}
    clocked = {(source, step.name): step.target for step in EDITION for source in step.sources if not step.actors}
    assert (table, clocked) == (OUTCOMES, BY_THE_CLOCK)


def test_every_state_leads_to_the_end_and_only_the_end_leads_nowhere():
    ways = OUTCOMES | BY_THE_CLOCK
    reached, before = {"expired"}, 0
    while len(reached) > before:
        before = len(reached)
        reached |= {source for (source, _), target in ways.items() if target in reached}
    assert reached == {state for state, _ in ways} | {"expired"}


def test_the_document_is_made_from_the_table(catalog):
    paths = catalog.client.get("/openapi.json").json()["paths"]
    for step in EDITION:
        operation = paths.get(f"/v1/editions/{{edition_id}}/{step.name}", {}).get("post")
        assert bool(operation) == bool(step.actors)
        if operation:
            assert operation["x-access"] == {"roles": list(step.actors), "ownership": "own"}
            assert operation["operationId"] == f"{step.name}_edition"
            assert step.event in operation["description"]
            assert {"404", "409", "412", "428"} <= operation["responses"].keys()


@pytest.mark.parametrize("state", ["planned", "open", "evaluating", "publicized", "live", "expired"])
def test_who_may_move_an_edition_from_where_to_where(office, offers, state):
    path, number = brought(office, offers, state), 1
    for step in ("open", "evaluate", "publicize", "recall", "announce", "end"):
        for caller, (who, refusal) in CALLERS.items():
            with clock.ahead(NOTICE):
                answer = office.act(path, step, **who)
            expected = refusal or (200 if (state, step) in OUTCOMES else 409)
            assert answer.status_code == expected, (state, step, caller, answer.text)
            if expected == 200:
                assert answer.json()["state"] == OUTCOMES[state, step]
                assert answer.headers["ETag"] == office.catalog.get(path, **office.who).headers["ETag"]
                number += 1
                path = moved_on(office, offers, state, number)
            else:
                assert office.catalog.get(path, role="admin").json()["state"] == state


def moved_on(office, offers, state, number):
    """Another one in the same state, of another number."""
    planned = office.planned
    office.planned = lambda **members: planned(**{"number": number} | members)
    try:
        return brought(office, offers, state)
    finally:
        office.planned = planned


def test_only_what_is_public_is_seen_by_others(office, offers):
    for number, state in enumerate(("planned", "open", "evaluating", "publicized", "live", "expired"), 1):
        path = moved_on(office, offers, state, number)
        for rest in ("", "/items"):
            seen = office.catalog.get(path + rest, role="sme", organisation="org_firm").status_code
            assert seen == (200 if state in PUBLIC else 404), state


def test_a_notice_is_opened_and_told(office, offers, catalog):
    path = office.publicized(*offers)
    [notice] = catalog.get("/v1/notices", "sme", params={"subject_id": path.rpartition("/")[2]}).json()["items"]
    assert (notice["subject_kind"], notice["state"], notice["region"]) == ("edition", "open", "330000")
    assert "《浙江省推荐目录（第1期）》" in notice["title"]
    assert (notice["facts"]["items"], notice["facts"]["providers"]) == (4, 2)
    assert office.act(path, "announce").status_code == 409


@pytest.mark.parametrize(("days", "status"), [(3, 422), (7, 200), (10, 200), (366, 422)])
def test_a_notice_stays_open_as_long_as_the_settings_demand(office, offers, days, status):
    path = office.composed(*offers)
    office.act(path, "evaluate")
    assert office.act(path, "publicize", {"days": days}).status_code == status
    if status == 200:
        with clock.ahead(timedelta(days=days - 1)):
            assert office.act(path, "announce").status_code == 409
        with clock.ahead(timedelta(days=days, seconds=1)):
            assert office.act(path, "announce").status_code == 200


def objected(catalog, path, organisation="org_rival"):
    """An objection to the notice of an edition; gives its path."""
    notices_ = catalog.get("/v1/notices", "sme", params={"subject_id": path.rpartition("/")[2]}).json()["items"]
    form = {"ground": "false-information", "text": "所列产品已停售。"}
    made = catalog.post(f"/v1/notices/{notices_[-1]['id']}/objections", form, "sme", organisation=organisation)
    assert made.status_code == 201, made.text
    return f"/v1/objections/{made.json()['id']}"


def resolved(office, objection, verdict, reason):
    grounds = {"reason": reason, "note": "经核查。"}
    answer = office.catalog.post(f"{objection}/{verdict}", grounds, tag="*", **office.who)
    assert answer.status_code == 200, answer.text


def test_an_open_objection_stands_in_the_way_until_it_is_dismissed(office, offers, catalog):
    path = office.publicized(*offers)
    objection = objected(catalog, path)
    with clock.ahead(NOTICE):
        assert office.act(path, "announce").status_code == 409
        resolved(office, objection, "dismiss", "not-proved")
        assert office.act(path, "announce").status_code == 200


def test_an_upheld_objection_sends_it_back_and_only_a_new_notice_leads_on(office, offers, catalog):
    path = office.publicized(*offers)
    resolved(office, objected(catalog, path), "uphold", "proved")
    assert office.read(path)["state"] == "evaluating"
    with clock.ahead(NOTICE):
        assert office.act(path, "announce").status_code == 409
        office.act(path, "remove", {"offerings": [offers[0]["id"]]})
        assert office.act(path, "publicize").status_code == 200
        assert office.act(path, "announce").status_code == 409
    with clock.ahead(2 * NOTICE):
        assert office.act(path, "announce").json()["items"] == 3


def test_every_step_is_written_down_with_its_reason(office, offers, catalog):
    path = office.publicized(*offers)
    resolved(office, objected(catalog, path), "uphold", "proved")
    assert office.act(path, "publicize").status_code == 200
    wrong = office.act(path, "recall", {"reason": "proved", "note": "不属于此类"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/reason")
    with clock.ahead(NOTICE):
        office.act(path, "announce")
    with clock.ahead(timedelta(days=181)):
        relay.expire_editions(catalog.database)
    told = [(step["action"], step["role"], step["reason"]) for step in office.read(path, "/history")["items"]]
    assert told == [
        ("open", "bureau", None),
        ("evaluate", "bureau", None),
        ("publicize", "bureau", None),
        ("recall", "bureau", "objection-upheld"),
        ("publicize", "bureau", None),
        ("announce", "bureau", None),
        ("expire", "service", None),
    ]
    assert catalog.get(f"{path}/history", **(office.who | {"organisation": "org_other"})).status_code == 404


def test_what_is_under_notice_stands(office, offers, catalog):
    path = office.publicized(*offers)
    for step, body in (("add", {"offerings": [offers[0]["id"]]}), ("remove", {"offerings": [offers[0]["id"]]})):
        assert office.act(path, step, body).status_code == 409
    assert catalog.patch(path, {"number": 9}, tag="*", **office.who).status_code == 409
    noticed = office.read(path, "/items")
    revised = f"/v1/offerings/{offers[0]['id']}"
    catalog.patch(revised, {"name": "改名"}, tag="*")
    catalog.act(revised, "publish")
    assert office.read(path, "/items") == noticed
    office.act(path, "recall")
    assert "改名" in {item["name"] for item in office.read(path, "/items")["items"]}


def test_out_of_its_period_it_is_not_announced(office, offers):
    late = clock.today() + timedelta(days=30)
    path = office.publicized(*offers, valid_from=late.isoformat())
    for days, status in ((8, 409), (29, 409), (31, 200)):
        with clock.ahead(timedelta(days=days)):
            assert office.act(path, "announce").status_code == status
    other = office.publicized(*offers, number=2, valid_until=(clock.today() + timedelta(days=8)).isoformat())
    with clock.ahead(timedelta(days=10)):
        assert office.act(other, "announce").status_code == 409


def test_the_relay_expires_it_the_day_after_its_last(office, offers, catalog):
    path = office.announced(*offers)
    for days, count in ((180, 0), (181, 1), (182, 0)):
        with clock.ahead(timedelta(days=days)):
            assert relay.expire_editions(catalog.database) == count
    assert office.read(path)["state"] == "expired"
