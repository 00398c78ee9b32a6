"""What admission should permit, written down a second time and in another way than the tables: plain sets and dates."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

FORWARD = ("draft", "self_assessed", "submitted", "screening", "evaluating", "recommended", "publicized", "approved")
STEPS = ("self-assess", "submit", "screen", "evaluate", "recommend", "publicize", "approve")
BY_APPLICANT = {"self-assess", "submit", "complete", "withdraw"}
ENDED = {"approved", "rejected", "objection_upheld", "withdrawn"}
UNSEEN_BY_OFFICE = {"draft", "self_assessed"}
LIVE = {"active", "warned", "rectifying"}
STANDING = {
    "warn": ({"active"}, "warned"),
    "rectify": ({"warned"}, "rectifying"),
    "lift": ({"warned", "rectifying"}, "active"),
    "suspend": (LIVE, "suspended"),
    "reinstate": ({"suspended"}, "active"),
    "end": ({"suspended"}, "exited"),
}
OFFERING = {
    "submit": ({"draft"}, "submitted"),
    "submit-revision": ({"published"}, "published"),
    "request-completion": ({"submitted"}, "draft"),
    "reject": ({"submitted"}, "draft"),
    "return-revision": ({"published"}, "published"),
    "publish": ({"submitted", "published"}, "published"),
    "suspend": ({"published"}, "suspended"),
    "reinstate": ({"suspended"}, "published"),
    "withdraw": ({"draft", "submitted", "published", "suspended"}, "retired"),
}
BY_OWNER = {"submit", "submit-revision", "withdraw"}
WINDOW = timedelta(days=7)
BAN = timedelta(days=10)


def day(moment: datetime) -> date:
    """The calendar day in China."""
    return moment.astimezone(ZoneInfo("Asia/Shanghai")).date()


@dataclass
class Notice:
    """A public notice: when it closes, whether it was called off, and its objections by who raised them."""

    closes_at: datetime
    called_off: bool = False
    objections: dict[str, str] = field(default_factory=dict)

    def open(self, now: datetime) -> bool:
        return not self.called_off and now < self.closes_at

    def cleared(self, now: datetime) -> bool:
        return not self.called_off and now >= self.closes_at and set(self.objections.values()) <= {"dismissed"}


@dataclass
class Product:
    """An offering."""

    state: str = "draft"
    version: int = 1
    published: int | None = None
    in_review: bool = False

    def take(self, step: str, standing: str) -> bool:
        """Whether a step is permitted; takes it if so."""
        sources, target = OFFERING[step]
        revised = self.version != self.published
        refused = (
            self.state not in sources
            or (step == "publish" and (standing not in LIVE or (self.state == "published" and not revised)))
            or (step == "reinstate" and standing not in LIVE)
            or (step == "submit-revision" and (self.in_review or not revised))
            or (step == "return-revision" and not self.in_review)
        )
        if refused:
            return False
        self.state = target
        self.published = self.version if step == "publish" else self.published
        self.in_review = step == "submit-revision" or (self.in_review and step in ("suspend", "reinstate"))
        return True


@dataclass
class Candidate:
    """A firm on its way."""

    standing: str | None = None
    appealed: bool = False
    barred_until: date | None = None
    application: str = "withdrawn"
    submitted: bool = False
    notice: Notice | None = None
    product: Product | None = None

    def outside(self, now: datetime) -> bool:
        barred = self.barred_until is not None and day(now) < self.barred_until
        return self.standing in (None, "applicant") or (self.standing == "exited" and not barred)

    def apply(self, now: datetime) -> bool:
        if self.application not in ENDED or not self.outside(now):
            return False
        self.application, self.submitted, self.notice = "draft", False, None
        self.standing = self.standing or "applicant"
        return True

    def edit(self) -> bool:
        if self.application not in ("draft", "self_assessed", "clarification"):
            return False
        self.application = "draft" if self.application == "self_assessed" else self.application
        return True

    def take(self, step: str, now: datetime) -> bool:
        """Whether a step of the application is permitted; takes it if so."""
        target = self._target(step, now)
        if target is None:
            return False
        if step == "publicize":
            self.notice = Notice(now + WINDOW)
        if target == "approved":
            self.standing, self.appealed, self.barred_until = "active", False, None
        self._end(target, now)
        return True

    def _target(self, step: str, now: datetime) -> str | None:
        state = self.application
        if step == "withdraw":
            return "withdrawn" if state not in ENDED else None
        if step == "reject":
            return "rejected" if state not in ENDED | UNSEEN_BY_OFFICE else None
        if step in ("request-completion", "complete"):
            source, target = ("screening", "clarification")[:: 1 if step == "request-completion" else -1]
            return target if state == source else None
        place = STEPS.index(step)
        if state != FORWARD[place] or (step in ("submit", "approve") and not self.outside(now)):
            return None
        if step == "approve" and not (self.notice and self.notice.cleared(now)):
            return None
        return FORWARD[place + 1]

    def _end(self, target: str, now: datetime) -> None:
        self.application = target
        self.submitted |= target == "submitted"
        if target in ENDED and self.notice and self.notice.open(now):
            self.notice.called_off = True

    def object(self, organisation: str, now: datetime) -> bool:
        if self.notice is None or not self.notice.open(now) or organisation in self.notice.objections:
            return False
        self.notice.objections[organisation] = "open"
        return True

    def resolve(self, organisation: str, verdict: str, now: datetime) -> bool:
        if self.notice is None or self.notice.objections.get(organisation) != "open":
            return False
        self.notice.objections[organisation] = verdict
        if verdict == "upheld" and self.application not in ENDED:
            self._end("objection_upheld", now)
        return True

    def stand(self, step: str, now: datetime) -> bool:
        sources, target = STANDING[step]
        if self.standing not in sources:
            return False
        self.standing = target
        self.barred_until = day(now) + BAN if target == "exited" else None
        self.appealed &= target != "active"
        return True

    def appeal(self, step: str) -> bool:
        wanted = step == "answer-appeal"
        if self.appealed != wanted or (not wanted and self.standing in ("applicant", "active")):
            return False
        self.appealed = not wanted
        return True
