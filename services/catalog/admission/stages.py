"""The lifecycle of a provider's application, as data: from its draft to the catalogue, in public on the way."""

from typing import Literal

from services.catalog.lifecycle import OFFICE, Transition
from shared.contracts.wire import Text
from shared.principal import Role

ApplicationState = Literal[
    "draft",
    "self_assessed",
    "submitted",
    "screening",
    "clarification",
    "evaluating",
    "recommended",
    "publicized",
    "approved",
    "objection_upheld",
    "rejected",
    "withdrawn",
]
FINAL = ("approved", "objection_upheld", "rejected", "withdrawn")
EDITABLE = ("draft", "self_assessed", "clarification")
"""States in which the applicant may change what it says; a self-assessed application becomes a draft by it."""

APPLICANT: tuple[Role, ...] = ("provider",)
_BEFORE_NOTICE = ("submitted", "screening", "clarification", "evaluating", "recommended")

APPLICATION = (
    Transition(
        "self-assess", ("draft",), "self_assessed", APPLICANT, "application.self_assessed",
        Text(zh="自评：按规则检查，全部通过方可提交", en="Hold the application against the rules: it must fail none."),
        ("assessment-passed",),
    ),
    Transition(
        "revise", ("self_assessed",), "draft", APPLICANT, "application.revised",
        Text(zh="修改后须重新自评", en="What is changed after the self-assessment must be assessed again."),
        trigger="edit",
    ),
    Transition(
        "submit", ("self_assessed",), "submitted", APPLICANT, "application.submitted",
        Text(zh="提交申请", en="Submit the application; from now on the office sees it."),
        ("assessment-passed", "not-in-standing"),
    ),
    Transition(
        "screen", ("submitted",), "screening", OFFICE, "application.screening",
        Text(zh="受理并初审", en="Begin to screen a submitted application."),
    ),
    Transition(
        "request-completion", ("screening",), "clarification", OFFICE, "application.completion_requested",
        Text(zh="要求补正", en="Ask the applicant for completion or clarification."),
        (), (), "completion",
    ),
    Transition(
        "complete", ("clarification",), "screening", APPLICANT, "application.completed",
        Text(zh="提交补正", en="Give back what was asked to be completed."),
        ("assessment-passed",),
    ),
    Transition(
        "evaluate", ("screening",), "evaluating", OFFICE, "application.evaluating",
        Text(zh="进入评审", en="Pass a screened application on to evaluation."),
    ),
    Transition(
        "recommend", ("evaluating",), "recommended", OFFICE, "application.recommended",
        Text(zh="评审通过，拟推荐", en="Recommend an evaluated application."),
    ),
    Transition(
        "publicize", ("recommended",), "publicized", OFFICE, "application.publicized",
        Text(zh="公示", en="Put a recommended application up for public notice."),
        (), ("open-notice",),
    ),
    Transition(
        "approve", ("publicized",), "approved", OFFICE, "application.approved",
        Text(
            zh="批准入库：公示期满且无未处理或成立的异议",
            en="Approve, once the notice has closed and no objection is open or upheld: the provider is admitted.",
        ),
        ("notice-cleared", "not-in-standing"), ("admit",),
    ),
    Transition(
        "reject", (*_BEFORE_NOTICE, "publicized"), "rejected", OFFICE, "application.rejected",
        Text(zh="不予通过", en="Reject an application."),
        (), ("call-off-notice",), "rejection",
    ),
    Transition(
        "uphold-objection", ("publicized",), "objection_upheld", OFFICE, "application.objection_upheld",
        Text(zh="异议成立，终止申请", en="End an application, by upholding an objection to its notice."),
        (), ("call-off-notice",), trigger="objection",
    ),
    Transition(
        "withdraw", ("draft", "self_assessed", *_BEFORE_NOTICE, "publicized"), "withdrawn", APPLICANT,
        "application.withdrawn", Text(zh="撤回申请", en="Withdraw the application."),
        (), ("call-off-notice",),
    ),
)  # fmt: skip
"""draft → self_assessed → submitted → screening ⇄ clarification, → evaluating → recommended → publicized → approved."""
