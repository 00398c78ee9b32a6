"""The lifecycles as data: who may move an offering or a provider from where to where, and what follows from it.

These tables are the only place that knows the states. The endpoints, their `x-access`, the documentation, the types
in the change feed and the tests are all made from them.
"""

from dataclasses import dataclass
from typing import Literal

from services.catalog.admission import reasons
from services.catalog.admission.reasons import ReasonGroup
from shared import problems
from shared.contracts.wire import Text
from shared.principal import Role

OfferingState = Literal["draft", "submitted", "published", "suspended", "retired"]
ProviderStanding = Literal["applicant", "active", "warned", "rectifying", "suspended", "exited"]
"""A provider's standing here; an applicant is in no feed and known to nobody else."""
ObjectionState = Literal["open", "upheld", "dismissed"]
Guard = Literal[
    "provider-in-standing",
    "something-to-publish",
    "something-to-submit",
    "under-review",
    "categories-known",
    "reentry-open",
    "something-to-appeal",
    "assessment-passed",
    "not-in-standing",
    "something-listed",
    "reconciled",
    "in-period",
    "period-over",
    "notice-cleared",
]
Effect = Literal[
    "release",
    "announce",
    "retract",
    "put-under-review",
    "end-review",
    "announce-offerings",
    "retract-offerings",
    "settle-appeal",
    "uphold-in-subject",
    "open-notice",
    "call-off-notice",
    "admit",
    "pin-versions",
    "unpin-versions",
    "freeze",
    "enter-feed",
    "leave-feed",
]
Trigger = Literal["call", "edit", "objection", "approval", "clock"]
"""What takes a step: a call of its own operation, an edit, an upheld objection, an application's approval, time."""


@dataclass(frozen=True)
class Transition:
    """One permitted move. `event` is its name in the change feed and the audit log.

    `reasons` is the group of codes of which its caller must give one.
    """

    name: str
    sources: tuple[str, ...]
    target: str
    actors: tuple[Role, ...]
    event: str
    text: Text
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()
    reasons: ReasonGroup | None = None
    trigger: Trigger = "call"

    @property
    def decides(self) -> bool:
        """Whether it is an office's decision, which nobody takes on the own organisation."""
        return "provider" not in self.actors

    def description(self) -> str:
        """The text of its operation in the API document."""
        told = (
            f"{self.text.zh}。{self.text.en}\n\n"
            f"From {' or '.join(self.sources)} to {self.target}; 409 from any other state. Recorded as `{self.event}`."
        )
        if self.reasons:
            listed = "; ".join(f"`{one.code}` {one.text.zh} / {one.text.en}" for one in reasons.REASONS[self.reasons])
            told += f"\n\nReasons: {listed}."
        return told


OFFICE: tuple[Role, ...] = ("bureau", "admin")
OWNER_OR_OFFICE: tuple[Role, ...] = ("provider", *OFFICE)

OFFERING = (
    Transition(
        "submit", ("draft",), "submitted", OWNER_OR_OFFICE, "offering.submitted",
        Text(zh="提交审核", en="Submit an offering for review."),
    ),
    Transition(
        "submit-revision", ("published",), "published", OWNER_OR_OFFICE, "offering.revision_submitted",
        Text(
            zh="提交修订审核（已发布版本继续展示）",
            en="Submit the newest version of a published offering for review; what is published stays live.",
        ),
        ("something-to-submit",), ("put-under-review",),
    ),
    Transition(
        "request-completion", ("submitted",), "draft", OFFICE, "offering.completion_requested",
        Text(zh="要求补正（退回草稿）", en="Ask for completion: the offering becomes a draft again."),
        (), (), "completion",
    ),
    Transition(
        "reject", ("submitted",), "draft", OFFICE, "offering.rejected",
        Text(zh="不予通过（退回草稿）", en="Reject a submitted offering: it becomes a draft again."),
        (), (), "rejection",
    ),
    Transition(
        "return-revision", ("published",), "published", OFFICE, "offering.revision_returned",
        Text(
            zh="退回修订（已发布版本继续展示）",
            en="Return a revision to its provider for completion; what is published stays live.",
        ),
        ("under-review",), ("end-review",), "completion",
    ),
    Transition(
        "publish", ("submitted", "published"), "published", OFFICE, "offering.published",
        Text(zh="发布（含已发布供给的待审修订）", en="Publish the newest version of an offering."),
        ("provider-in-standing", "something-to-publish", "categories-known"), ("release", "end-review", "announce"),
    ),
    Transition(
        "suspend", ("published",), "suspended", OFFICE, "offering.suspended",
        Text(zh="暂停展示", en="Take a published offering out of search and matching for a while."),
        (), ("retract",),
    ),
    Transition(
        "reinstate", ("suspended",), "published", OFFICE, "offering.reinstated",
        Text(zh="恢复展示", en="Bring a suspended offering back as it was published."),
        ("provider-in-standing",), ("announce",),
    ),
    Transition(
        "withdraw", ("draft", "submitted", "published", "suspended"), "retired", OWNER_OR_OFFICE,
        "offering.withdrawn", Text(zh="撤回（终态）", en="Withdraw an offering for good."),
        (), ("end-review", "retract"),
    ),
)  # fmt: skip
"""Offerings: draft ⇄ submitted → published ⇄ suspended, any → retired. A revision is reviewed beside what is live."""

REVISABLE = ("draft", "submitted", "published", "suspended")
"""States in which an offering takes a new version; the published one stays live until the new one is published."""

PROVIDER = (
    Transition(
        "admit", ("applicant", "exited"), "active", OFFICE, "provider.admitted",
        Text(zh="入库（申请获批）", en="Admit a provider, by approving its application."),
        ("reentry-open",), ("settle-appeal", "announce", "announce-offerings"), trigger="approval",
    ),
    Transition(
        "warn", ("active",), "warned", OFFICE, "provider.warned",
        Text(zh="警告", en="Warn a provider; its offerings stay."),
        (), ("announce",), "warning",
    ),
    Transition(
        "rectify", ("warned",), "rectifying", OFFICE, "provider.rectifying",
        Text(zh="责令限期整改", en="Order a provider to rectify; its offerings stay."),
        (), ("announce",), "warning",
    ),
    Transition(
        "lift", ("warned", "rectifying"), "active", OFFICE, "provider.lifted",
        Text(zh="解除警告或整改", en="Lift a warning or an order to rectify."),
        (), ("settle-appeal", "announce"), "lifting",
    ),
    Transition(
        "suspend", ("active", "warned", "rectifying"), "suspended", OFFICE, "provider.suspended",
        Text(zh="暂停服务商及其全部供给", en="Suspend a provider: all its offerings leave search and matching."),
        (), ("announce", "retract-offerings"), "suspension",
    ),
    Transition(
        "reinstate", ("suspended",), "active", OFFICE, "provider.reinstated",
        Text(zh="恢复服务商及其供给", en="Reinstate a provider: its published offerings come back."),
        (), ("settle-appeal", "announce", "announce-offerings"), "lifting",
    ),
    Transition(
        "end", ("suspended",), "exited", OFFICE, "provider.exited",
        Text(zh="退出（取消资格）；可设定再次申请的起始日", en="End a provider's standing; it may apply again later."),
        (), ("announce",), "exit",
    ),
)  # fmt: skip
"""The standing of a provider: active → warned → rectifying → active | suspended → active | exited."""

APPEAL = (
    Transition(
        "appeal", ("none",), "open", ("provider",), "provider.appealed",
        Text(zh="申诉", en="Appeal against the present standing; nothing else changes by it."),
        ("something-to-appeal",),
    ),
    Transition(
        "answer-appeal", ("open",), "none", OFFICE, "provider.appeal_answered",
        Text(zh="答复申诉", en="Answer an appeal; what it grants is done by a step of its own, such as `reinstate`."),
        (), (), "appeal",
    ),
)  # fmt: skip
"""A provider's appeal: a flag beside its standing, not a state of it."""

IN_STANDING = ("active", "warned", "rectifying")
"""Standings in which a provider's published offerings are searched and matched."""

OBJECTION = (
    Transition(
        "uphold", ("open",), "upheld", OFFICE, "objection.upheld",
        Text(zh="异议成立", en="Uphold an objection: what it was raised against is not approved."),
        (), ("uphold-in-subject",), "upheld",
    ),
    Transition(
        "dismiss", ("open",), "dismissed", OFFICE, "objection.dismissed",
        Text(zh="异议不成立", en="Dismiss an objection."),
        (), (), "dismissed",
    ),
)  # fmt: skip
"""An objection to a public notice: open → upheld | dismissed."""


def transition(lifecycle: tuple[Transition, ...], name: str) -> Transition:
    """The transition of that name; KeyError when the lifecycle has none."""
    return {step.name: step for step in lifecycle}[name]


def permitted(lifecycle: tuple[Transition, ...], name: str, role: Role, state: str) -> Transition:
    """The transition of that name; Forbidden in another role, Conflict from another state."""
    step = transition(lifecycle, name)
    if role not in step.actors:
        raise problems.reserved_for(step.actors)
    if state not in step.sources:
        raise problems.Conflict(
            Text(
                zh=f"状态为 {state} 时不能执行 {name}，须为：{'、'.join(step.sources)}",
                en=f"cannot {name} what is {state}; it must be {' or '.join(step.sources)}",
            )
        )
    return step
