"""The lifecycle of an edition as data, in the form of `services.catalog.lifecycle`.

planned → open → evaluating → publicized → live → expired. Under notice it goes back to evaluating only: recalled by its
bureau, or because an objection was upheld.
"""

from typing import Literal

from services.catalog.lifecycle import OFFICE, Transition
from shared.contracts.wire import Text

EditionState = Literal["planned", "open", "evaluating", "publicized", "live", "expired"]

EDITION = (
    Transition(
        "open", ("planned", "evaluating"), "open", OFFICE, "edition.opened",
        Text(zh="开放遴选：可加入和移出供给", en="Open an edition: offerings can be added and removed."),
    ),
    Transition(
        "evaluate", ("open",), "evaluating", OFFICE, "edition.evaluating",
        Text(zh="截止遴选、进入评审：只能移出", en="Close an edition to additions for its evaluation."),
        ("something-listed",),
    ),
    Transition(
        "publicize", ("evaluating",), "publicized", OFFICE, "edition.publicized",
        Text(zh="公示：清单及其版本不再变动", en="Put an edition up for public notice: its list and versions stand."),
        ("something-listed", "reconciled"), ("pin-versions", "open-notice"),
    ),
    Transition(
        "recall", ("publicized",), "evaluating", OFFICE, "edition.recalled",
        Text(zh="撤回公示、重新评审", en="Call off the notice of an edition and evaluate it again."),
        (), ("call-off-notice", "unpin-versions"), "recall",
    ),
    Transition(
        "announce", ("publicized",), "live", OFFICE, "edition.announced",
        Text(zh="发布：冻结、可引用、可下载", en="Announce an edition: frozen, citeable, downloadable."),
        ("in-period", "notice-cleared"), ("freeze", "enter-feed"),
    ),
    Transition(
        "end", ("live",), "expired", OFFICE, "edition.ended",
        Text(zh="提前终止", en="End a live edition before its time."),
        (), ("leave-feed",), "ending",
    ),
    Transition(
        "expire", ("live",), "expired", (), "edition.expired",
        Text(zh="有效期满", en="The period is over: the clock does this."),
        ("period-over",), ("leave-feed",), None, "clock",
    ),
)  # fmt: skip
"""A step whose trigger is the clock has no actors and no operation."""

PUBLIC = ("publicized", "live", "expired")
"""States in which everybody sees an edition; before, its own bureau alone."""

FROZEN = ("live", "expired")
"""States in which nothing of it changes any more."""

DESCRIBABLE = ("planned", "open", "evaluating")
"""States in which its description can be revised."""

ADDABLE, REMOVABLE = ("open",), ("open", "evaluating")
"""States in which offerings are added, and removed."""
