"""The same need and the same catalogue give the same answer, however the catalogue came to be (M7)."""

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from services.matching import intake, policies, runs
from services.matching.follower import Follower
from services.matching.live import Live
from services.matching.replica import learning
from services.matching.runs import Circumstances
from shared.contracts.needs import NeedRequest
from shared.database import Database
from tests.matching.service import feeds
from tests.matching.service.conftest import sample, settle
from tests.matching.service.feeds import FakeFeed

SEED = 20261122
JUDGED = Path(__file__).parents[3] / "bench" / "relevance" / "dev_needs.jsonl"
DAY = date(2026, 11, 22)
GIVEN = Circumstances("run_same", "need_same", datetime(2026, 11, 22, tzinfo=UTC), None)


def needs():
    rows = [json.loads(line) for line in JUDGED.read_text("utf-8").splitlines()]
    asked = [{"text": row["text"], "enterprise": row["enterprise"], "as_of": DAY.isoformat()} for row in rows]
    return [NeedRequest.model_validate_json(json.dumps(need)) for need in asked]


def answers(database):
    live = Live(database)
    live.refresh()
    view = live.view
    return [replace(run.found, catalog_position=0) for run in computed(view.snapshot, view.policy, view.language)]


def computed(held, rules, words):
    return [runs.compute(held, rules, need, intake.read(need, words, DAY), GIVEN) for need in needs()]


def test_neither_the_backend_nor_the_order_of_insertion_changes_an_answer(
    database, follower, sqlite_templates, tmp_path, monkeypatch
):
    monkeypatch.setattr(learning, "LEAST_CHANGED", 1)
    monkeypatch.setattr("services.matching.follower.SETTLED_SECONDS", 0.0)
    other = Database(sqlite_templates("matching", tmp_path / "other.db"))
    with other.write.begin() as session:
        policies.ship(session)
    feed, shuffled = FakeFeed(page=20), list(sample())
    random.Random(SEED).shuffle(shuffled)
    late = Follower(other, feed)
    settle(late, feed)
    for record in shuffled:
        feed.put(record)
    feed.put(feeds.revised(sample()[-1], lead_time_days=1))
    feed.put(sample()[-1])
    settle(late, feed)
    late.step()
    first, second = answers(database), answers(other)
    other.close()
    assert any(run.results for run in first)
    assert first == second


def test_every_process_gives_the_same_answer():
    told = {
        subprocess.run(
            [sys.executable, "-m", "tests.matching.service.fingerprint"],
            cwd=JUDGED.parents[2],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
