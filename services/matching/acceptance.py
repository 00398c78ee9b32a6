"""What is refused of a need before it is read: things that its own shape cannot tell."""

from datetime import date

from services.matching.kernel.policy import WeightOutOfBounds
from services.matching.live import View
from shared import clock, problems, validation
from shared.contracts.needs import NeedRequest
from shared.principal import Principal


def accept(request: NeedRequest, caller: Principal, view: View, demo: bool) -> NeedRequest:
    """The need with its day. Invalid when it names a category, an edition, a weight or a day that it may not."""
    as_of = _day(request, caller, demo)
    _check_categories(request, view)
    _check_edition(request, as_of, view)
    _check_weights(request, view)
    return request.model_copy(update={"as_of": as_of})


def _day(request: NeedRequest, caller: Principal, demo: bool) -> date:
    """The run's only clock; outside the demo an SME or a visitor of a portal may not choose it."""
    if request.as_of is None:
        return clock.today()
    if caller.role in ("sme", "widget") and not demo:
        item = problems.at("/as_of", "not-yours-to-set", "企业密钥不得指定日期", "an SME key may not choose the day")
        raise problems.Invalid(errors=[item])
    return request.as_of


def _check_categories(request: NeedRequest, view: View) -> None:
    known = view.snapshot.tree.records
    items = [
        problems.at(
            f"/profile/categories/{place}", "unknown-category", "没有这个二级类别", "there is no such level-2 category"
        )
        for place, code in enumerate(request.profile.categories or ())
        if code not in known or known[code].parent is None
    ]
    if items:
        raise problems.Invalid(errors=items)


def _check_edition(request: NeedRequest, as_of: date, view: View) -> None:
    if request.edition is None:
        return
    edition = view.snapshot.editions.get(request.edition)
    if edition is None:
        item = problems.at("/edition", "unknown-edition", "没有这一期有效的推荐目录", "there is no such live edition")
        raise problems.Invalid(errors=[item])
    if not edition.valid_from <= as_of <= edition.valid_until:
        zh, en = "该期推荐目录当日不在有效期内", "this edition is not in force on that day"
        raise problems.Invalid(errors=[problems.at("/edition", "edition-not-in-force", zh, en)])


def _check_weights(request: NeedRequest, view: View) -> None:
    try:
        view.policy.weights(request.profile.weights)
    except WeightOutOfBounds as refused:
        named = (refused.criterion,) if refused.criterion != "*" else ()
        pointer = validation.pointer(("profile", "weights", *named))
        item = problems.at(pointer, "weight-out-of-bounds", refused.reason.zh, refused.reason.en)
        raise problems.Invalid(errors=[item]) from None
