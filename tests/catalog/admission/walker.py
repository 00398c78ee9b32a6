"""A random walk over applications, notices, standings and offerings, each step held against the oracle."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from services.catalog import lifecycle, offerings, providers
from services.catalog.admission import applications, consequences, journal, notices, objections, reasons, stages
from services.catalog.admission.forms import ApplicationContent
from services.catalog.admission.tables import Application, Objection
from services.catalog.lifecycle import Transition
from shared import clock, problems
from shared.contracts.offerings import OfferingContent
from shared.contracts.wire import Text
from shared.principal import Principal
from tests.catalog.admission.firms import application
from tests.catalog.admission.oracle import (
    BAN,
    BY_APPLICANT,
    BY_OWNER,
    ENDED,
    WINDOW,
    Candidate,
    Product,
)
from tests.catalog.conftest import credit_code, offering_content

OBJECTORS = ("org_1", "org_2")
OFFICES = ("office", "office", "office", "nation", "admin")
STRANGERS = ("applicant", "sme", "rival", "elsewhere", "interested")


@dataclass
class Firm:
    """A firm as it really stands, by ids, beside what the oracle holds of it."""

    uscc: str
    model: Candidate
    application_id: str = ""
    provider_id: str = ""
    offering_id: str = ""

    def caller(self, who: str) -> Principal:
        return {
            "applicant": Principal("org_firm", "provider", uscc=self.uscc),
            "rival": Principal("org_rival", "provider", uscc=credit_code(9_400_000)),
            "sme": Principal("org_sme", "sme"),
            "office": Principal("org_office", "bureau", "330000"),
            "nation": Principal("org_nation", "bureau", "000000"),
            "elsewhere": Principal("org_elsewhere", "bureau", "110000"),
            "interested": Principal("org_both", "bureau", "330000", self.uscc),
            "admin": Principal("org_admin", "admin"),
        }[who]


class Walk:
    """The walk; `step` takes one."""

    def __init__(self, session: Session, dice: random.Random, time: ExitStack) -> None:
        self.session = session
        self.dice = dice
        self.time = time
        self.firms = [Firm(credit_code(), Candidate()) for _ in range(3)]
        self.taken: Counter[str] = Counter()

    def step(self) -> None:
        """One random act by a random caller, which must be accepted when and only when the oracle permits it."""
        firm = self.dice.choice(self.firms)
        chances = {self.move: 16, self.offer: 8, self.stand: 6, self.resolve: 3, self.object: 2, self.apply: 3}
        chances |= {self.edit: 0.5, self.appeal: 1, self.wait: 6}
        name, permitted, attempt = self.dice.choices(list(chances), list(chances.values()))[0](firm)
        try:
            with self.session.begin_nested():
                attempt()
            accepted = True
        except problems.Problem:
            accepted = False
            self.session.expire_all()
        assert accepted == permitted, (name, permitted, firm)
        self.taken[f"{name} {'accepted' if accepted else 'refused'}"] += 1
        self.compare(firm)

    def compare(self, firm: Firm) -> None:
        """What is stored is what the oracle holds."""
        model = firm.model
        if firm.application_id:
            assert self.session.get_one(Application, firm.application_id).state == model.application, firm
        if firm.provider_id:
            provider = self.session.get_one(providers.Provider, firm.provider_id)
            assert (provider.standing, provider.appealed) == (model.standing, model.appealed), firm
        if firm.offering_id and model.product:
            row = self.session.get_one(offerings.Offering, firm.offering_id)
            held = (row.state, row.version, row.published_version, row.in_review)
            product = model.product
            assert held == (product.state, product.version, product.published, product.in_review), firm

    def apply(self, firm: Firm) -> "Outcome":
        content = ApplicationContent.model_validate(application(firm.uscc))

        def attempt() -> None:
            row = applications.apply(self.session, firm.caller("applicant"), content)
            firm.application_id, firm.provider_id = row.id, row.provider_id

        return "apply", firm.model.apply(clock.now()), attempt

    def edit(self, firm: Firm) -> "Outcome":
        who = self.dice.choice(("applicant", "applicant", "rival"))

        def attempt() -> None:
            row = applications.own(self.session, firm.caller(who), firm.application_id)
            content = application(firm.uscc, statement=f"说明{self.dice.random()}")
            applications.revise(self.session, firm.caller(who), row, ApplicationContent.model_validate(content))

        return "edit", who == "applicant" and bool(firm.application_id) and firm.model.edit(), attempt

    def move(self, firm: Firm) -> "Outcome":
        step = self._step(stages.APPLICATION, firm.model.application, {"withdraw": 0.05, "reject": 0.05})
        who = self._who(step.name in BY_APPLICANT)
        allowed = who == "applicant" if step.name in BY_APPLICANT else who in OFFICES and firm.model.submitted
        permitted = allowed and bool(firm.application_id) and firm.model.take(step.name, clock.now())

        def attempt() -> None:
            row = applications.own(self.session, firm.caller(who), firm.application_id)
            applications.move(step.name, self.session, firm.caller(who), row, grounds(step), WINDOW.days)

        return step.name, permitted, attempt

    def object(self, firm: Firm) -> "Outcome":
        organisation = self.dice.choice(OBJECTORS)

        def attempt() -> None:
            notice = self._notice(firm)
            objections.raise_one(self.session, Principal(organisation, "sme"), notice, "other", "异议。")

        return "object", firm.model.object(organisation, clock.now()), attempt

    def resolve(self, firm: Firm) -> "Outcome":
        raised = list(firm.model.notice.objections) if firm.model.notice else []
        organisation = self.dice.choice(raised or OBJECTORS)
        name = self.dice.choices(("dismiss", "uphold"), (4, 1))[0]
        step = lifecycle.transition(lifecycle.OBJECTION, name)
        who = self._who(False)
        permitted = who in OFFICES and firm.model.resolve(organisation, step.target, clock.now())

        def attempt() -> None:
            notice, caller = self._notice(firm), firm.caller(who)
            found = objections.listing(self.session, firm.caller("admin"), notice, None, 10)
            ids = [row.id for row in found if row.organisation == organisation]
            row: Objection = objections.own(self.session, caller, ids[0] if ids else "obj_0")
            pair = (reasons.codes(step.reasons)[0], "说明。") if step.reasons else ("", "")
            objections.resolve(name, self.session, caller, row, pair, consequences.UPHELD)

        return name, permitted, attempt

    def stand(self, firm: Firm) -> "Outcome":
        step = self._step(lifecycle.PROVIDER, firm.model.standing, {"suspend": 0.3, "end": 0.2})
        who = self._who(False)
        permitted = who in OFFICES and bool(firm.provider_id) and firm.model.stand(step.name, clock.now())
        barred = clock.today() + BAN if step.target == "exited" else None

        def attempt() -> None:
            provider = providers.own(self.session, firm.caller(who), firm.provider_id)
            providers.move(step.name, self.session, firm.caller(who), provider, grounds(step), barred)

        return f"provider {step.name}", permitted, attempt

    def appeal(self, firm: Firm) -> "Outcome":
        step = self.dice.choice(lifecycle.APPEAL)
        who = self._who(step.name == "appeal")
        allowed = who == "applicant" if step.name == "appeal" else who in OFFICES
        permitted = allowed and bool(firm.provider_id) and firm.model.appeal(step.name)

        def attempt() -> None:
            provider = providers.own(self.session, firm.caller(who), firm.provider_id)
            providers.appeal(step.name, self.session, firm.caller(who), provider, grounds(step))

        return step.name, permitted, attempt

    def offer(self, firm: Firm) -> "Outcome":
        product, owner = firm.model.product, firm.caller("applicant")
        content = OfferingContent.model_validate(offering_content(name=f"产品{self.dice.randrange(10**6)}"))
        if product is None or product.state == "retired":
            known = bool(firm.provider_id)
            firm.model.product = Product() if known else None

            def register() -> None:
                firm.offering_id = offerings.register(self.session, owner, firm.provider_id, content).id

            return "register", known, register
        if self.dice.random() < 0.2:
            product.version, product.in_review = product.version + 1, False

            def revise() -> None:
                row = offerings.own(self.session, owner, firm.offering_id)
                offerings.revise(self.session, owner, row, content)

            return "revise", True, revise
        step = self._step(lifecycle.OFFERING, product.state, {"withdraw": 0.05, "suspend": 0.3})
        who = self._who(step.name in BY_OWNER)
        allowed = who in OFFICES or (step.name in BY_OWNER and who in ("applicant", "interested"))
        permitted = allowed and product.take(step.name, firm.model.standing or "")

        def move() -> None:
            row = offerings.own(self.session, firm.caller(who), firm.offering_id)
            offerings.move(step.name, self.session, firm.caller(who), row, grounds(step))

        return f"offering {step.name}", permitted, move

    def wait(self, _: Firm) -> "Outcome":
        self.time.enter_context(clock.ahead(timedelta(hours=self.dice.randrange(1, 150))))
        return "wait", True, lambda: None

    def _step(self, table: tuple[Transition, ...], state: str | None, seldom: dict[str, float]) -> Transition:
        """A step, of those that the state permits for the most part."""
        called = [step for step in table if step.trigger == "call"]
        likely = [step for step in called if state in step.sources]
        if not likely or self.dice.random() < 0.2:
            return self.dice.choice(called)
        return self.dice.choices(likely, [seldom.get(step.name, 1) for step in likely])[0]

    def _who(self, applicants: bool) -> str:
        if self.dice.random() < 0.15:
            return self.dice.choice(STRANGERS)
        return "applicant" if applicants else self.dice.choice(OFFICES)

    def _notice(self, firm: Firm) -> str:
        notice = notices.latest(self.session, "application", firm.application_id)
        if notice is None:
            raise problems.NotFound(Text(zh="无", en="none"))
        return notice.id

    def finish(self) -> None:
        """Whatever is not final can still be brought to an end."""
        for firm in self.firms:
            if firm.model.application not in ENDED:
                row = applications.own(self.session, firm.caller("applicant"), firm.application_id)
                applications.move("withdraw", self.session, firm.caller("applicant"), row)


Outcome = tuple[str, bool, Callable[[], None]]


def grounds(step: Transition) -> journal.Grounds:
    """A reason of the step's group."""
    return journal.Grounds(reasons.codes(step.reasons)[0], "说明。") if step.reasons else journal.NONE
