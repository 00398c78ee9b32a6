"""What an offering's own text says that it does not do, and under which conditions it is to be had.

A general mechanism: the description is cut into clauses, and a clause with a marker of refusal ("不含…",
"…不接", "暂不…", "…另计") speaks of what is *not* offered. Its words never count for the offering; where the
need asks for them they count against it, and the clause is shown as a caution. A clause with a marker of
condition ("只…", "仅限…", "…起订") is shown for people to check.
"""

import re
from dataclasses import dataclass

_CLAUSE_END = re.compile(r"[，。；！？：,;!?\n]+")
_REFUSAL = re.compile(
    r"不[含做接包]|不(?:支持|适合|适用|合适|提供|负责|受理|承接|涉及|承诺|开放|参与|收购)|[暂均]不|[做接管]不了|概不|恕不|无法"
    r"|除外|未含|另[计付收算购]|(?:没有|没做|没上|无).{1,12}的"
)
_NOT_A_REFUSAL = re.compile(r"不(?:做|接|含|再|会)?另[计付收算]|不限|不接受.{0,4}也")
_CONDITION = re.compile(
    r"仅[限对供面支在接收]|只[做接收在限对供服面支管能]|(?<![期上下有无不权])限(?!度|期|时)|起[订装租购]|须|必须|要求|至少"
)
_VISIT = re.compile(r"上门|驻场|(?<![看把拍发])现场(?!照|图|视频|画面|数据|情况|收拾)")
_NO_VISIT = re.compile(r"(?:不|无|没有|没)(?:.{0,4}[含到去来用派供做收]|需)?.{0,2}$")
"""Before the words of a visit: nobody comes."""
_ELSEWHERE = re.compile(r"先请|请[选买另看先用找走去约]|另[请约找选]")
"""A clause that sends the reader to somebody else, or to another offer, for it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """A description taken apart: what it says, what it refuses, and its conditions, each clause in its words."""

    said: tuple[str, ...]
    refused: tuple[str, ...]
    conditions: tuple[str, ...]


def read(description: str) -> Limits:
    """Takes a description apart, clause by clause."""
    said, refused, conditions = [], [], []
    for clause in _CLAUSE_END.split(description):
        if _refuses(clause):
            refused.append(clause)
        elif clause:
            said.append(clause)
            if _CONDITION.search(clause):
                conditions.append(clause)
    return Limits(tuple(said), tuple(refused), tuple(conditions))


def _refuses(clause: str) -> bool:
    return _REFUSAL.search(clause) is not None and _NOT_A_REFUSAL.search(clause) is None


def states_visit(text: str) -> bool:
    """Whether by a text somebody comes to the firm (上门, 现场, 驻场), and neither refuses it nor refers elsewhere."""
    return any(
        _NO_VISIT.search(clause, 0, visit.start()) is None
        for clause in _CLAUSE_END.split(text)
        if _ELSEWHERE.search(clause) is None
        for visit in _VISIT.finditer(clause)
    )
