"""Why something was decided: the reason codes, as data. A step of a lifecycle names the group it takes one from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from shared import problems
from shared.contracts.wire import Text

ReasonGroup = Literal["objection", "upheld", "dismissed"]


@dataclass(frozen=True)
class Reason:
    """One code: stable and English, with its words for people."""

    code: str
    text: Text


def _reason(code: str, zh: str, en: str) -> Reason:
    return Reason(code, Text(zh=zh, en=en))


_OTHER = _reason("other", "其他（见说明）", "another one, told in the note")

REASONS: dict[ReasonGroup, tuple[Reason, ...]] = {
    "objection": (
        _reason("false-information", "公示内容或材料不实", "what is shown, or its evidence, is not true"),
        _reason("not-qualified", "不符合条件", "the conditions are not met"),
        _reason("bad-record", "存在违法失信记录", "there is a record of breaches of law or trust"),
        _reason("rights-infringed", "侵犯知识产权等合法权益", "rights such as intellectual property are infringed"),
        _reason("conflict-of-interest", "评审存在利益冲突", "the assessment had a conflict of interest"),
        _OTHER,
    ),
    "upheld": (
        _reason("proved", "经核实属实", "found to be true"),
        _reason("partly-proved", "部分属实，影响结论", "true in part, and enough to change the outcome"),
        _OTHER,
    ),
    "dismissed": (
        _reason("not-proved", "经核实不属实", "found not to be true"),
        _reason("not-relevant", "与公示事项无关", "has nothing to do with what is shown"),
        _reason("remedied", "所述问题已整改", "what it says has been remedied"),
        _OTHER,
    ),
}
"""Every group and its codes."""


def groups() -> Iterator[ReasonGroup]:
    """The groups, in their order."""
    yield from get_args(ReasonGroup)


def codes(group: ReasonGroup) -> tuple[str, ...]:
    """The codes of a group."""
    return tuple(reason.code for reason in REASONS[group])


def require(group: ReasonGroup, code: str, pointer: str = "/reason") -> None:
    """Invalid unless the code is one of the group."""
    if code not in codes(group):
        told = ", ".join(codes(group))
        item = problems.at(pointer, "unknown-reason", f"只能取：{told}", f"must be one of: {told}")
        raise problems.Invalid(errors=[item])
