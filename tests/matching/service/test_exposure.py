"""Exposure: logged with every run, condensed into ledgers, and a run stays true after newer ones."""

import pytest
from sqlalchemy import func, select, text

from services.matching import exposure, needs, policies
from services.matching.follower import Follower
from services.matching.models import Exposure, ExposureLedger, Run
from shared.principal import Principal
from tests.matching.service import test_needs
from tests.matching.service.conftest import refresh, sample


@pytest.fixture
def admin(bearer):
    return bearer("matching", "admin")


def ask(client, headers, **changed):
    """A need that many offers of the sample fit."""
    held = sorted({code for record in sample() if record.entity == "offering" for code in record.content.categories})
    return test_needs.ask(client, headers, text=None, profile={"categories": held[:8]}, **changed)


def rule(client, admin, version="floor", **members):
    """Put another rule for newcomers in force."""
    policy = client.get("/v1/policy", headers=admin).json()
    newcomers = members and {**policy["newcomers"], **members}
    changed = {**policy, "version": version, "newcomers": newcomers or None}
    answer = client.put("/v1/policy", json=changed, headers={**admin, "If-Match": "*"})
    assert answer.status_code == 200, answer.text
    refresh(client)


def condensed(client, database):
    exposure.condense(database)
    refresh(client)
    with database.read.begin() as session:
        return exposure.newest(session)


def verify(database, need):
    with database.read.begin() as session:
        return needs.verify_run(session, Principal("org", "admin"), need["match_run"]["id"])


def providers(need):
    return [place["provider_id"] for place in need["match_run"]["results"]]


def test_every_run_logs_its_places(client, database, admin):
    runs = [ask(client, admin, top_k=top_k).json() for top_k in (1, 10, 50)]
    with database.read.begin() as session:
        query = select(Exposure.provider_id, Exposure.places).where(Exposure.run_id == runs[2]["match_run"]["id"])
        logged = dict(session.execute(query).all())
        assert logged == {name: providers(runs[2]).count(name) for name in providers(runs[2])}
        assert session.scalar(select(func.sum(Exposure.places))) == sum(len(providers(run)) for run in runs)


def test_a_ledger_is_made_from_the_floor_on_and_only_when_it_differs(client, database, admin):
    rule(client, admin, floor=2)
    assert condensed(client, database) == exposure.NOBODY
    first = ask(client, admin, top_k=1).json()
    assert condensed(client, database) == exposure.NOBODY
    ask(client, admin, top_k=1)
    ledger = condensed(client, database)
    assert ledger.established == frozenset(providers(first))
    ask(client, admin, top_k=1)
    assert condensed(client, database) == ledger
    with database.read.begin() as session:
        assert session.scalar(select(func.count()).select_from(ExposureLedger)) == 1


def test_the_follower_makes_ledgers(client, database, admin, follower, feed):
    rule(client, admin, floor=1)
    run = ask(client, admin).json()
    follower.step()  # not yet: it did so within the hour
    with database.read.begin() as session:
        assert exposure.newest(session) == exposure.NOBODY
    follower.leave()
    Follower(database, feed).step()
    with database.read.begin() as session:
        assert exposure.newest(session).established == frozenset(providers(run))


def test_without_a_rule_no_ledger_is_made(client, database, admin):
    rule(client, admin)
    ask(client, admin)
    assert condensed(client, database) == exposure.NOBODY


@pytest.fixture
def lifted(client, database, admin):
    """A run whose second place was kept for a newcomer."""
    rule(client, admin, places=2, floor=1, margin=10_000)
    before = ask(client, admin, top_k=2).json()
    condensed(client, database)
    after = ask(client, admin, top_k=2).json()
    assert providers(after)[0] == providers(before)[0]
    assert providers(after)[1] not in providers(before)
    assert after["match_run"]["results"][1]["cautions"][0]["zh"].startswith("新入驻")
    return before, after


def test_runs_stay_true_after_newer_ledgers(client, database, admin, lifted):
    condensed(client, database)
    newer = ask(client, admin, top_k=2).json()
    rule(client, admin, version="none")
    for need in (*lifted, newer, ask(client, admin, top_k=2).json()):
        assert verify(database, need).verified
    with database.read.begin() as session:
        versions = {session.get_one(Run, need["match_run"]["id"]).ledger_version for need in (*lifted, newer)}
        assert len(versions) == 3
        assert policies.load(policies.in_force(session)).newcomers is None


TAMPERED = {
    "the ledger": ("UPDATE exposure_ledgers SET document = :blob", "exposure"),
    "the ledger's name": ("UPDATE exposure_ledgers SET version = 'x'", "exposure"),
    "the ledger is gone": ("DELETE FROM exposure_ledgers", "exposure"),
    "which ledger": ("UPDATE match_runs SET ledger_version = 'x'", "exposure"),
    "that there was one": ("UPDATE match_runs SET ledger_version = NULL", "result"),
}


def test_tampering_with_a_ledger_is_found(database, lifted):
    for what, (statement, part) in TAMPERED.items():
        with database.write() as session:  # closed without a commit: each tampering is undone
            blob = {"blob": b'{"established":[]}'} if ":blob" in statement else {}
            session.execute(text(statement), blob)
            outcome = needs.verify_run(session, Principal("org", "admin"), lifted[1]["match_run"]["id"])
        assert [difference.part for difference in outcome.differences] == [part], what
