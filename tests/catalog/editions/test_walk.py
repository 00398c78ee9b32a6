"""A long random walk of editions beside a plain model of the rules: no illegal step, none refused wrongly."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest

from services.catalog import offerings, providers, relay
from services.catalog.admission import notices, objections
from services.catalog.admission.consequences import UPHELD
from services.catalog.admission.journal import Grounds
from services.catalog.editions import composition, moves, reading
from services.catalog.editions.shapes import EditionContent
from services.catalog.editions.tables import Edition
from shared import clock, problems
from shared.contracts.offerings import OfferingContent
from shared.contracts.providers import ProviderContent
from shared.database import Database
from shared.principal import Principal
from tests.catalog.conftest import offering_content, provider_content
from tests.catalog.editions.conftest import OUTCOMES, described

ONWARD = {"planned": "open", "open": "evaluate", "evaluating": "publicize", "publicized": "announce"}
"""The step that leads on, taken more often than chance would, so that a walk comes to the end of many editions."""


@dataclass
class Model:
    """What a plain reading of the rules says of one edition."""

    id: str
    valid_until: date
    state: str = "planned"
    listed: set[str] = field(default_factory=set)
    closes: datetime | None = None
    open_objections: list[str] = field(default_factory=list)


class Walk:
    """An edition after the other, moved at random beside its model."""

    def __init__(self, database: Database, dice: random.Random, time: ExitStack) -> None:
        self.database, self.dice, self.time = database, dice, time
        self.admin = Principal("org_platform", "admin")
        self.rivals = 0
        with database.write.begin() as session:
            provider = providers.register(session, self.admin, ProviderContent.model_validate(provider_content()))
            content = OfferingContent.model_validate(offering_content())
            made = [offerings.register(session, self.admin, provider.id, content) for _ in range(4)]
            for row in made:
                offerings.move("submit", session, self.admin, row)
                offerings.move("publish", session, self.admin, row)
        self.ids = [row.id for row in made]
        self.published = set(self.ids)
        self.model = self.planned(1)
        self.taken: Counter[str] = Counter()

    def planned(self, number: int) -> Model:
        until = clock.today() + timedelta(days=30)
        content = EditionContent.model_validate(described(number=number % 9999 + 1, valid_until=until))
        content = content.model_copy(update={"title": content.title.model_copy(update={"zh": f"目录{number}"})})
        with self.database.write.begin() as session:
            return Model(composition.plan(session, self.admin, content).id, until)

    def step(self) -> None:
        """One operation; the edition does what the model does, or both refuse."""
        operations: dict[Callable[[], bool | None], int] = {
            self.move: 12, self.add: 4, self.remove: 2, self.object: 3, self.resolve: 3, self.wait: 5,
            self.suspend_or_reinstate: 2, self.revise: 2,
        }  # fmt: skip
        operation = self.dice.choices([*operations], [*operations.values()])[0]
        before = self.model.state
        operation()
        with self.database.read.begin() as session:
            row = session.get_one(Edition, self.model.id)
            assert row.state == self.model.state, (before, operation.__name__, row.state, self.model)
            assert (row.content_hash is not None) == (row.state in ("live", "expired"))
            standing = {one.offering_id for one in reading.items(session, row)}
            assert standing == self.model.listed
        if self.model.state == "expired":
            self.taken["editions"] += 1
            self.model = self.planned(self.taken["editions"] + 1)

    def tried(self, expected: bool, name: str, act: Callable) -> None:
        try:
            with self.database.write.begin() as session:
                act(session)
        except problems.Conflict:
            assert not expected, (name, self.model)
            self.taken[f"{name} refused"] += 1
        else:
            assert expected, (name, self.model)
            self.taken[name] += 1

    def move(self) -> None:
        model, today = self.model, clock.today()
        anything = self.dice.choice(["open", "evaluate", "publicize", "recall", "announce", "end"])
        name = self.dice.choice([anything, ONWARD.get(model.state, anything)])
        target = OUTCOMES.get((model.state, name))
        cleared = model.closes is not None and clock.now() >= model.closes and not model.open_objections
        guards = {
            "evaluate": bool(model.listed),
            "publicize": bool(model.listed) and model.listed <= self.published,
            "announce": cleared and today <= model.valid_until and bool(model.listed & self.published),
        }
        expected = target is not None and guards.get(name, True)
        self.tried(
            expected,
            name,
            lambda session: moves.move(
                name,
                session,
                self.admin,
                composition.own(session, self.admin, model.id),
                Grounds({"recall": "errors-found", "end": "superseded"}.get(name), "经核查"),
                days=5,
            ),
        )
        if expected:
            model.state = target
            if name == "publicize":
                model.closes, model.open_objections = clock.now() + timedelta(days=5), []
            elif name == "recall":
                model.closes, model.open_objections = None, []
            elif name == "announce":
                model.listed &= self.published

    def add(self) -> None:
        name = self.dice.choice(sorted(self.published) or self.ids)
        if name in self.published:
            self.batch(composition.add, "open", name)
            self.model.listed |= {name} if self.model.state == "open" else set()

    def remove(self) -> None:
        name = self.dice.choice(self.ids)
        self.batch(composition.remove, "open evaluating", name)
        if self.model.state in ("open", "evaluating"):
            self.model.listed.discard(name)

    def batch(self, verb: Callable, states: str, name: str) -> None:
        def act(session):
            verb(session, composition.own(session, self.admin, self.model.id), [name])

        self.tried(self.model.state in states.split(), verb.__name__, act)

    def object(self) -> None:
        model, self.rivals = self.model, self.rivals + 1
        rival = Principal(f"org_{self.rivals}", "sme")
        with self.database.write.begin() as session:
            notice = notices.latest(session, "edition", model.id)
        if notice is None:
            return
        made = []
        self.tried(
            model.state == "publicized" and clock.now() < model.closes,
            "object",
            lambda session: made.append(
                objections.raise_one(session, rival, notice.id, "false-information", "不实").id
            ),
        )
        model.open_objections += made

    def resolve(self) -> None:
        if not self.model.open_objections or self.model.state != "publicized":
            return
        objection_id = self.model.open_objections.pop(self.dice.randrange(len(self.model.open_objections)))
        verdict, reason = self.dice.choice([("dismiss", "not-proved")] * 4 + [("uphold", "proved")])

        def act(session):
            objection = objections.own(session, self.admin, objection_id)
            objections.resolve(verdict, session, self.admin, objection, (reason, "经核查"), UPHELD)

        self.tried(True, verdict, act)
        if verdict == "uphold":
            self.model.state, self.model.closes, self.model.open_objections = "evaluating", None, []

    def wait(self) -> None:
        self.time.enter_context(clock.ahead(timedelta(hours=self.dice.choice((1, 30, 60, 200)))))
        expired = relay.expire_editions(self.database)
        over = self.model.state == "live" and clock.today() > self.model.valid_until
        assert expired == over
        if over:
            self.model.state = "expired"
            self.taken["expire"] += 1

    def suspend_or_reinstate(self) -> None:
        name = self.dice.choice([*self.ids, *sorted({*self.ids} - self.published) * 4])
        step = "suspend" if name in self.published else "reinstate"
        with self.database.write.begin() as session:
            offerings.move(step, session, self.admin, offerings.own(session, self.admin, name))
        self.published ^= {name}

    def revise(self) -> None:
        model, until = self.model, clock.today() + timedelta(days=self.dice.choice((8, 30, 60)))

        def act(session):
            edition = composition.own(session, self.admin, model.id)
            content = EditionContent.model_validate(edition.content | {"valid_until": until})
            composition.revise(session, edition, content)

        expected = model.state in ("planned", "open", "evaluating")
        self.tried(expected, "revise", act)
        if expected:
            model.valid_until = until


def walk(url: str, steps: int) -> Counter[str]:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    database = Database(url)
    try:
        with ExitStack() as time:
            walking = Walk(database, random.Random(seed), time)
            for _ in range(steps):
                walking.step()
    finally:
        database.close()
    return walking.taken


def test_a_random_walk_makes_no_illegal_step(database_url):
    taken = walk(database_url("catalog"), 400)
    assert taken["open"]
    assert taken["announce refused"]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_thousand_random_steps_make_no_illegal_one_and_end_nowhere(database_url, record_property):
    taken = walk(database_url("catalog"), 10_000)
    record_property("figures", ", ".join(f"{name} {count}" for name, count in sorted(taken.items())))
    steps = {"open", "evaluate", "publicize", "recall", "announce", "end", "expire", "uphold", "dismiss", "object"}
    assert steps <= taken.keys()
    assert taken["editions"] > 20
