"""Needs narrowed to an edition, through the service: refused, answered, verified later, held against offers."""

import pytest

from services.matching import needs, runs
from services.matching.open_needs import OpenNeeds
from services.matching.reverse import report
from shared.contracts.changes import OfferingRecord
from shared.contracts.needs import NeedRequest
from shared.principal import Principal
from tests.matching.factories import edition
from tests.matching.service.conftest import refresh, sample, settle
from tests.matching.service.test_needs import ASKED, ask

STATED = {"categories": ["inventory-sales"]}


@pytest.fixture
def admin(bearer):
    return bearer("matching", "admin")


@pytest.fixture
def announce(follower, feed, client):
    """Puts an edition of these offerings in force."""

    def announced(number, *offerings, **members):
        record = edition(number, *offerings, **members)
        feed.put(record, "edition.announced")
        settle(follower, feed)
        refresh(client)
        return record

    return announced


def narrowed(client, headers, name, **more):
    return ask(client, headers, edition=name, top_k=50, **more)


def test_only_what_the_live_edition_lists_is_answered_in_the_same_order(client, admin, announce):
    free = ask(client, admin, top_k=50).json()["match_run"]
    assert "edition" not in free
    ids = [place["offering_id"] for place in free["results"]]
    listed = announce(3, *ids[1::2])
    answer = narrowed(client, admin, listed.id)
    assert answer.status_code == 201, answer.text
    run = answer.json()["match_run"]
    assert [place["offering_id"] for place in run["results"]] == ids[1::2]
    assert run["edition"] == {
        "id": listed.id,
        "number": 3,
        "title": {"zh": "推荐目录", "en": "Recommended catalogue"},
        "left_out": free["considered"] - run["considered"],
    }
    assert client.get(f"/v1/needs/{answer.json()['id']}", headers=admin).json() == answer.json()


def test_an_edition_that_is_not_in_force_is_refused_with_its_place(client, admin, announce, feed, follower):
    live = announce(1)
    early = announce(2, valid_from="2027-01-01")
    for name, code in (("edt_nowhere", "unknown-edition"), (early.id, "edition-not-in-force")):
        answer = narrowed(client, admin, name)
        assert answer.status_code == 422
        [item] = answer.json()["errors"]
        assert (item["pointer"], item["code"]) == ("/edition", code)
    assert narrowed(client, admin, live.id, as_of="2027-12-31").status_code == 201
    assert narrowed(client, admin, live.id, as_of="2028-01-01").status_code == 422
    feed.remove("edition", live.id)
    settle(follower, feed)
    refresh(client)
    assert narrowed(client, admin, live.id).json()["errors"][0]["code"] == "unknown-edition"
    assert narrowed(client, admin, "x" * 41).status_code == 422


def test_a_run_is_verified_byte_for_byte_after_the_edition_expired(client, database, admin, announce, feed, follower):
    ids = [record.id for record in sample() if isinstance(record, OfferingRecord)]
    listed = announce(3, *ids[::2])
    asked = [narrowed(client, admin, listed.id).json(), ask(client, admin).json()]
    feed.remove("edition", listed.id)
    feed.remove("offering", ids[0])
    settle(follower, feed)
    refresh(client)
    announce(4, *ids[1::2])
    for need in asked:
        path = f"/v1/match-runs/{need['match_run']['id']}/verify"
        assert client.post(path, headers=admin).json() == {"verified": True, "differences": []}
        with database.read.begin() as session:  # and from what is stored alone
            assert needs.verify_run(session, Principal("org", "admin"), need["match_run"]["id"]).verified


def test_equal_scores_are_ordered_by_the_need_and_not_by_its_edition():
    plain = NeedRequest.model_validate(ASKED)
    assert runs.need_hash(NeedRequest.model_validate({**ASKED, "edition": "edt_1"})) == runs.need_hash(plain)
    assert runs.need_hash(plain) == runs.digest(runs.request_bytes(plain))


def test_an_offering_is_held_only_against_needs_whose_edition_lists_it(client, admin, announce):
    offering = next(
        record
        for record in sample()
        if isinstance(record, OfferingRecord)
        and record.content.regions
        and not record.content.finance
        and not record.content.valid_until
    )
    firm = {"region": offering.content.regions[0]}
    profile = {"categories": list(offering.content.categories)}
    with_it, without = announce(1, offering.id), announce(2)
    path = f"/v1/offerings/{offering.id}/fit"

    def counted(name):
        for _ in range(report.K):
            made = ask(client, admin, text=None, profile=profile, enterprise=firm, edition=name)
            assert made.status_code == 201, made.text
        client.app.state.open_needs = OpenNeeds()  # after a slow reading it would rest before the next
        return client.get(path, headers=admin).json()["eligible"]

    assert counted(without.id) is None
    assert counted(with_it.id) == report.K
    assert counted(None) == 2 * report.K
