"""A stored run can be computed again, byte for byte, after any later change; whatever was tampered with is named."""

import random
import re
import zlib

import pytest
from sqlalchemy import text

from services.matching import needs
from shared.principal import Principal
from tests.matching.service.conftest import refresh, settle
from tests.matching.service.test_following import SEED, revise_something
from tests.matching.service.test_needs import ask


@pytest.fixture
def admin(bearer):
    return bearer("matching", "admin")


def verified(client, headers, need):
    answer = client.post(f"/v1/match-runs/{need['match_run']['id']}/verify", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_runs_stay_true_after_later_changes_of_catalogue_text_model_and_policy(client, database, follower, feed, admin):
    chance = random.Random(SEED)
    runs = []
    for step in range(12):
        runs.append(ask(client, admin, top_k=20).json())
        for _ in range(chance.randrange(1, 6)):
            revise_something(feed, chance)
        if step in (4, 8):
            feed.forget()
        settle(follower, feed)
        refresh(client)
    policy = client.get("/v1/policy", headers=admin)
    changed = {**policy.json(), "version": "other", "diversity": {"places": 10, "per_provider": 1}}
    answer = client.put("/v1/policy", json=changed, headers={**admin, "If-Match": policy.headers["etag"]})
    assert answer.status_code == 200, answer.text
    refresh(client)
    runs.append(ask(client, admin).json())
    assert runs[-1]["match_run"]["policy_version"] == "other"
    assert len({run["match_run"]["catalog_position"] for run in runs}) > 5
    for run in runs:
        assert verified(client, admin, run) == {"verified": True, "differences": []}
        with database.read.begin() as session:  # and from what is stored alone
            assert needs.verify_run(session, Principal("org", "admin"), run["match_run"]["id"]).verified


TAMPERED = {
    "a word of the need": ("UPDATE needs SET request = :blob", "need", lambda old: old.replace(b"330106", b"330105")),
    "what was read": ("UPDATE match_runs SET profile = :blob", "profile", lambda old: old.replace(b"}", b" }", 1)),
    "the answer": ("UPDATE match_runs SET answer = :blob", "answer", lambda old: old.replace(b"rank", b"Rank", 1)),
    "the policy": ("UPDATE policies SET document = :blob", "policy", lambda old: old.replace(b"5000", b"5001", 1)),
    "the text model": (
        "UPDATE text_models SET document = :blob",
        "text-model",
        lambda old: zlib.compress(zlib.decompress(old).replace(b'"documents":', b'"documents":1')),
    ),
    "the text model's bytes": ("UPDATE text_models SET document = :blob", "text-model", lambda old: old[:-9]),
    "records": ("UPDATE records SET document = :blob", "records", lambda old: old + b" "),
    "a need's hash": ("UPDATE match_runs SET need_digest = 'x'", "need", None),
    "a profile's hash": ("UPDATE match_runs SET profile_digest = 'x'", "profile", None),
    "a policy's hash": ("UPDATE match_runs SET policy_digest = 'x'", "policy", None),
    "an answer's hash": ("UPDATE match_runs SET answer_digest = 'x'", "answer", None),
    "the chain": ("UPDATE match_runs SET chain = 'x'", "catalogue", None),
    "the position": ("UPDATE match_runs SET position = 1", "catalogue", None),
    "the moment": ("UPDATE match_runs SET created_at = '2026-01-01 00:00:00'", "result", None),
    "when a version began": (
        "UPDATE spans SET from_position = 1 WHERE from_position = 0 AND to_position IS NULL",
        "catalogue",
        None,
    ),
    "when a version ended": ("UPDATE spans SET to_position = 1 WHERE to_position IS NULL", "catalogue", None),
    "that a version was there": ("DELETE FROM spans WHERE entity = 'offering'", "catalogue", None),
}


@pytest.fixture
def run(client, follower, feed, admin):
    chance = random.Random(SEED)
    for _ in range(3):
        revise_something(feed, chance)
    settle(follower, feed)
    refresh(client)
    return ask(client, admin).json()


def test_tampering_with_any_stored_input_is_found_and_named(client, database, run, admin):
    for what, (statement, part, change) in TAMPERED.items():
        with database.write() as session:  # closed without a commit: each tampering is undone
            session.execute(text(statement), _tampered_blob(session, statement, change) if change else {})
            outcome = needs.verify_run(session, Principal("org", "admin"), run["match_run"]["id"])
        assert not outcome.verified, what
        assert part in {difference.part for difference in outcome.differences}, what
    assert verified(client, admin, run)["verified"]


def _tampered_blob(session, statement, change):
    table, column = re.match(r"UPDATE (\w+) SET (\w+)", statement).groups()
    return {"blob": change(bytes(session.scalar(text(f"SELECT {column} FROM {table} LIMIT 1"))))}  # noqa: S608
