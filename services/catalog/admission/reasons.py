"""Why something was decided: the reason codes, as data. A step of a lifecycle names the group it takes one from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from shared import problems
from shared.contracts.wire import Text

ReasonGroup = Literal[
    "objection",
    "upheld",
    "dismissed",
    "completion",
    "rejection",
    "warning",
    "suspension",
    "lifting",
    "exit",
    "appeal",
    "recall",
    "ending",
]


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
    "completion": (
        _reason("document-missing", "材料缺失", "a document is missing"),
        _reason("document-expired", "材料已过有效期", "a document has expired"),
        _reason("document-unclear", "材料不清晰或前后不一致", "a document is unclear, or says something else"),
        _reason("content-incomplete", "内容不完整，无法判断", "what is said is too little to decide on"),
        _reason("evidence-needed", "所述能力或业绩缺少佐证", "a claim lacks its evidence"),
        _OTHER,
    ),
    "rejection": (
        _reason("not-qualified", "不符合入库或发布条件", "the conditions are not met"),
        _reason("false-information", "提供虚假材料", "false information was given"),
        _reason("bad-record", "存在违法失信记录", "there is a record of breaches of law or trust"),
        _reason("out-of-scope", "不属于目录范围", "it does not belong in this catalogue"),
        _reason("duplicate", "与已有记录重复", "it is there already"),
        _reason("no-answer", "逾期未补正", "what was asked for was not given in time"),
        _OTHER,
    ),
    "warning": (
        _reason("service-quality", "服务质量问题", "the quality of service falls short"),
        _reason("price-deviation", "收费与公布价格不符", "it charges other prices than it published"),
        _reason("false-advertising", "虚假或夸大宣传", "it advertises falsely"),
        _reason("complaint-upheld", "投诉经核实成立", "a complaint was upheld"),
        _reason("data-protection", "数据安全或个人信息保护问题", "data or personal information is not protected"),
        _reason("review-overdue", "未按期参加年度考核", "it missed the annual review"),
        _OTHER,
    ),
    "suspension": (
        _reason("rectification-failed", "限期整改未完成", "it did not rectify in time"),
        _reason("serious-complaint", "严重投诉待核查", "a serious complaint is being examined"),
        _reason("qualification-expired", "资质证照失效", "its licence or qualification has expired"),
        _reason("false-information", "提供虚假材料", "false information was given"),
        _reason("bad-record", "被列入失信或违法名单", "it was listed for breaches of law or trust"),
        _reason("security-incident", "发生安全事件", "there was a security incident"),
        _OTHER,
    ),
    "lifting": (
        _reason("rectified", "整改完成并验收", "it has rectified, and that was checked"),
        _reason("not-proved", "经核实不属实", "found not to be true"),
        _reason("appeal-granted", "申诉成立", "its appeal was granted"),
        _reason("term-over", "期限届满", "the term is over"),
        _OTHER,
    ),
    "exit": (
        _reason("disqualified", "取消入库资格", "it lost its qualification"),
        _reason("voluntary", "服务商自愿退出", "it asked to leave"),
        _reason("dissolved", "企业注销或停业", "the firm was dissolved or has stopped"),
        _OTHER,
    ),
    "appeal": (
        _reason("granted", "申诉成立", "the appeal is granted"),
        _reason("partly-granted", "部分成立", "the appeal is granted in part"),
        _reason("denied", "申诉不成立", "the appeal is denied"),
    ),
    "recall": (
        _reason("objection-upheld", "异议成立", "an objection was upheld"),
        _reason("errors-found", "发现差错", "errors were found in it"),
        _reason("list-changed", "清单须调整", "its list has to change"),
        _OTHER,
    ),
    "ending": (
        _reason("superseded", "由新一期取代", "a newer edition takes its place"),
        _reason("errors-found", "发现差错", "errors were found in it"),
        _reason("ordered", "依上级决定终止", "a higher office ordered it"),
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
