"""The report through the service: over the needs that are open, to those whom the offering concerns."""

import pytest
from sqlalchemy import event

from services.matching import open_needs
from services.matching.open_needs import OpenNeeds
from services.matching.reverse import report
from shared.contracts.changes import OfferingRecord
from tests.matching.service.conftest import client, database, feed, follower, refresh, sample, start, url  # noqa: F401
from tests.matching.service.test_needs import ask


@pytest.fixture
def offering():
    """Sold to everybody in one province, at a price."""
    return next(
        record
        for record in sample()
        if isinstance(record, OfferingRecord)
        and record.content.regions
        and "000000" not in record.content.regions
        and not record.content.finance
        and not record.content.valid_until
    )


@pytest.fixture
def admin(bearer):
    return bearer("matching", "admin")


def submit(client, bearer, offering, count, region):  # noqa: F811
    firm = bearer("matching", "sme", organisation="org_a")
    stated = {"categories": list(offering.content.categories)}
    return [ask(client, firm, text=None, profile=stated, enterprise={"region": region}).json() for _ in range(count)]


def fit(client, headers, offering):  # noqa: F811
    client.app.state.open_needs = OpenNeeds()  # after a slow reading it would rest before the next
    answer = client.get(f"/v1/offerings/{offering.id}/fit", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_open_needs_are_counted_from_k_on(client, bearer, offering, admin):  # noqa: F811
    inside, outside = offering.content.regions[0], "540000" if "540000" not in offering.content.regions else "630000"
    assert fit(client, admin, offering)["eligible"] is None
    made = submit(client, bearer, offering, report.K - 1, inside)
    assert fit(client, admin, offering)["eligible"] is None
    made += submit(client, bearer, offering, 1, inside)
    assert fit(client, admin, offering)["eligible"] == report.K
    submit(client, bearer, offering, report.K, outside)
    told = fit(client, admin, offering)
    assert (told["eligible"], told["one_short"]) == (report.K, report.K)
    assert [(change["constraint"], change["admits"]) for change in told["changes"]] == [("region", report.K)]
    assert told["changes"][0]["change"] == {"regions": [*offering.content.regions, outside]}
    firm = bearer("matching", "sme", organisation="org_a")
    assert client.post(f"/v1/needs/{made[0]['id']}/withdraw", headers=firm).status_code == 200
    assert fit(client, admin, offering)["eligible"] is None


def test_it_is_told_to_those_whom_the_offering_concerns(client, bearer, feed, offering):  # noqa: F811
    provider = feed.state["provider", offering.provider_id].content
    sees = {
        "its provider": (bearer("matching", "provider", uscc=provider.uscc), 200),
        "another provider": (bearer("matching", "provider", uscc="91310115MA1K4RT74X"), 404),
        "a provider without a code": (bearer("matching", "provider"), 404),
        "the national bureau": (bearer("matching", "bureau"), 200),
        "the bureau of its province": (bearer("matching", "bureau", region=provider.region[:2] + "0000"), 200),
        "the bureau of another province": (bearer("matching", "bureau", region="540000"), 404),
        "an admin": (bearer("matching", "admin"), 200),
        "a firm": (bearer("matching", "sme"), 403),
    }
    for who, (headers, status) in sees.items():
        answers = [client.get(f"/v1/offerings/{name}/fit", headers=headers) for name in (offering.id, "off_nowhere")]
        assert [answer.status_code for answer in answers] == [status, 403 if status == 403 else 404], who
        if status == 404:
            assert len({answer.text.replace(answer.json()["request_id"], "") for answer in answers}) == 1, who


def test_after_a_slow_reading_it_rests_even_when_nothing_was_new(client, bearer, offering, monkeypatch):  # noqa: F811
    submit(client, bearer, offering, 1, offering.content.regions[0])
    waiting, view, asked = OpenNeeds(), client.app.state.live.view, []
    monkeypatch.setattr(open_needs, "_QUICK_SECONDS", 0.0)
    with client.app.state.database.read.begin() as session:
        monkeypatch.setattr(open_needs, "_REST", 0)
        known = waiting.standing(session, view)
        monkeypatch.setattr(open_needs, "_REST", 10**6)
        assert waiting.standing(session, view) is known
        event.listen(session.connection().engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
        assert waiting.standing(session, view) is known
    assert asked == []
