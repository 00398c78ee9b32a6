"""The self-assessment: an application held against rules that a machine can check.

Plain values in, findings out. A failed rule keeps the application from being submitted; a discretionary one is left to
the officer who evaluates it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.catalog.admission.forms import ApplicationContent, Declarations
from shared import problems
from shared.contracts.wire import Text

Outcome = Literal["pass", "discretionary", "fail"]
YEARS = 2
"""A younger firm is not refused, but looked at."""


@dataclass(frozen=True)
class Finding:
    """What one rule says, and where."""

    rule: str
    outcome: Outcome
    pointer: str
    text: Text


Rule = Callable[[ApplicationContent, date], Iterator[Finding]]


def examine(content: ApplicationContent, as_of: date) -> tuple[Finding, ...]:
    """What every rule says of an application; a rule that has nothing to object to passes."""
    findings: list[Finding] = []
    for name, (pointer, rule) in RULES.items():
        objected = tuple(rule(content, as_of))
        findings += objected or (Finding(name, "pass", pointer, Text(zh="符合", en="met")),)
    return tuple(findings)


def require_passed(content: ApplicationContent, as_of: date) -> None:
    """Invalid, with pointers, when the application fails a rule."""
    failed = [finding for finding in examine(content, as_of) if finding.outcome == "fail"]
    if failed:
        raise problems.Invalid(
            Text(zh="自评未通过", en="the application fails the self-assessment"),
            [problems.at(one.pointer, one.rule, one.text.zh, one.text.en) for one in failed],
        )


def _kind(content: ApplicationContent, _: date) -> Iterator[Finding]:
    if content.provider.kind is None:
        yield _fail("kind-stated", "/provider/kind", "须填写服务商类别", "the class of provider must be stated")


def _contact(content: ApplicationContent, _: date) -> Iterator[Finding]:
    if not any(contact.phone or contact.email for contact in content.contacts):
        zh, en = "须至少有一位可联系的联系人", "there must be somebody who can be reached"
        yield _fail("contact-reachable", "/contacts", zh, en)


def _declarations(content: ApplicationContent, _: date) -> Iterator[Finding]:
    for name in Declarations.model_fields:
        if getattr(content.declarations, name) is not True:
            zh, en = "须作出此项承诺", "this must be declared"
            yield _fail("declarations-made", f"/declarations/{name}", zh, en)


def _licence(content: ApplicationContent, _: date) -> Iterator[Finding]:
    if not any(document.kind == "business-licence" for document in content.evidence):
        yield _fail("licence-given", "/evidence", "须提供营业执照", "a business licence must be given")


def _validity(content: ApplicationContent, as_of: date) -> Iterator[Finding]:
    for place, document in enumerate(content.evidence):
        if document.valid_until is not None and document.valid_until < as_of:
            yield _fail("evidence-valid", f"/evidence/{place}/valid_until", "材料已过有效期", "it has expired")
        if document.valid_from > as_of:
            yield _fail("evidence-valid", f"/evidence/{place}/valid_from", "材料尚未生效", "it is not valid yet")


def _certificates(content: ApplicationContent, _: date) -> Iterator[Finding]:
    proved = {document.certificate for document in content.evidence}
    for place, certificate in enumerate(content.provider.certificates):
        if certificate not in proved:
            zh, en = "所列资质须有佐证材料", "a certificate that is claimed must be proved"
            yield _fail("certificates-proved", f"/provider/certificates/{place}", zh, en)


def _age(content: ApplicationContent, as_of: date) -> Iterator[Finding]:
    founded = content.provider.founded
    if founded is None or as_of.year - founded < YEARS:
        zh, en = f"成立不足 {YEARS} 年或未说明，由评审认定", f"younger than {YEARS} years, or not said: looked at"
        yield Finding("years-operating", "discretionary", "/provider/founded", Text(zh=zh, en=en))


def _record(content: ApplicationContent, _: date) -> Iterator[Finding]:
    if not content.provider.customers:
        zh, en = "未说明服务过的中小企业数，由评审认定", "it does not say how many firms it has served: looked at"
        yield Finding("track-record", "discretionary", "/provider/customers", Text(zh=zh, en=en))


def _fail(rule: str, pointer: str, zh: str, en: str) -> Finding:
    return Finding(rule, "fail", pointer, Text(zh=zh, en=en))


RULES: dict[str, tuple[str, Rule]] = {
    "kind-stated": ("/provider/kind", _kind),
    "contact-reachable": ("/contacts", _contact),
    "declarations-made": ("/declarations", _declarations),
    "licence-given": ("/evidence", _licence),
    "evidence-valid": ("/evidence", _validity),
    "certificates-proved": ("/provider/certificates", _certificates),
    "years-operating": ("/provider/founded", _age),
    "track-record": ("/provider/customers", _record),
}
"""Every rule by name, with the place that it is about."""
