"""R1, R2 and the loops in pairs: any part of the set is killed under load, and nothing acknowledged is lost or doubled.

Every loop runs twice (see conftest.py), so this also says that two of them do not hurt.
"""

import itertools
import os
import random
import threading
import time
from typing import Any

import httpx2
import pytest

from tests.journeys.test_kill import LISTS, compare, identifier, mark, replayed_otherwise
from tests.support.calling import caller
from tests.support.deployment import Deployment
from tests.support.promises import allowed
from tests.support.writers import TRY_AGAIN, History

WRITERS = 2
BACK_SECONDS = 10.0


class Reader:
    """Reads what was acknowledged, over and over: it must be there, and be what was written."""

    def __init__(self, system: Deployment, history: History, seed: int) -> None:
        self.wrong: list[str] = []
        self.read = 0
        self._system, self._history, self._dice = system, history, random.Random(seed)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        with caller(self._system.url, seconds=20) as client:
            while not self._stop.wait(0.02):
                written = [write for write in self._history.acknowledged if write.path != "/v1/keys"]
                if not written:
                    continue
                write = self._dice.choice(written)
                bearer = {"Authorization": f"Bearer {self._system.keys[write.role]}"}
                try:
                    answer = client.get(f"{write.path}/{identifier(write)}", headers=bearer)
                except httpx2.TransportError:
                    continue
                if answer.status_code in TRY_AGAIN:
                    continue
                self.read += 1
                if answer.status_code != 200 or mark(answer.json()[LISTS[write.path]]) != write.mark:
                    self.wrong.append(f"{write.mark}: {answer.status_code} {answer.text[:200]}")


def parts_once(system: Deployment, dice: random.Random) -> list[str]:
    """Every part that stays, one of a pair, in a random order, and the database twice."""
    kinds = {name.removesuffix("-2"): name for name, part in system.parts.items() if part.restarts}
    names = [dice.choice([kind, other]) for kind, other in kinds.items()]
    return [*dice.sample(names, len(names)), "postgres"]


@pytest.mark.timeout(3000)
@pytest.mark.parametrize(
    ("killed", "rounds"),
    [
        ("every part", 1),
        pytest.param("every part", 6, marks=pytest.mark.slow),
        pytest.param("the database", 12, marks=pytest.mark.slow),
    ],
)
def test_whatever_is_killed_nothing_acknowledged_is_lost_or_doubled(demo, killed, rounds, record_property):
    seed = random.SystemRandom().randrange(10**6)
    dice = random.Random(seed)
    history, back, kills = History(demo, seed), dict[str, float](), 0
    reader = Reader(demo, history, seed)
    history.begin(WRITERS)
    reader.begin()
    try:
        for _ in range(rounds):
            for name in parts_once(demo, dice) if killed == "every part" else ["postgres"]:
                time.sleep(dice.uniform(0.1, 1.0))
                demo.parts[name].kill()
                back[name], kills = max(back.get(name, 0.0), demo.wait_until_healthy()), kills + 1
    finally:
        history.end()
        reader.end()
    demo.wait_until_healthy()
    lost, doubled = compare(demo, history)
    changed = replayed_otherwise(demo, history.acknowledged[-30:])
    retried = sum(write.tries > 1 for write in history.acknowledged)
    record_property(
        "figures",
        f"{killed}, seed {seed}: {kills} kills, {len(history.acknowledged)} writes acknowledged, {retried} of them "
        f"after a retry, {len(lost)} lost, {len(doubled)} doubled; {reader.read} read meanwhile, "
        f"{len(reader.wrong)} wrong; at a load of {os.getloadavg()[0]:.0f} back after s: "
        + ", ".join(f"{name} {took:.1f}" for name, took in sorted(back.items())),
    )
    assert (history.refused, lost, doubled, changed, reader.wrong) == ([], [], [], [], [])
    assert retried, "the kills met no running write"
    assert max(back.values()) < allowed(BACK_SECONDS)
    assert gaps(demo) == []


def gaps(system: Deployment) -> list[Any]:
    """Where the feed does not go on by one: two relays at work would double or skip a position."""
    positions, cursor = [], None
    with system.client("bureau") as bureau:
        while True:
            query = {"limit": "500", **({"after": cursor} if cursor else {})}
            page = bureau.get("/v1/changes", params=query).raise_for_status().json()
            positions += [change["position"] for change in page["changes"]]
            if not page["changes"]:
                break
            cursor = page["next"]
    assert positions
    return [(one, other) for one, other in itertools.pairwise(positions) if other != one + 1]
