"""How an application and a credit record are shown."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Self

from pydantic import Field

from services.catalog.admission import tables
from services.catalog.admission.assessment import Finding, Outcome
from services.catalog.admission.forms import ApplicationContent
from services.catalog.admission.stages import ApplicationState
from services.catalog.lifecycle import ProviderStanding
from services.catalog.models import Provider
from shared.contracts.wire import Flag, Text, Wire


class Step(Wire):
    """A step that was taken. Who took it is told by role only."""

    action: str = Field(description="what was done, as in the lifecycle", examples=["request-completion"])
    from_state: str = Field(description="the state before")
    to_state: str = Field(description="the state after")
    at: datetime = Field(description="when")
    role: str = Field(description="role of who did it")
    reason: str | None = Field(description="reason code, see /v1/reasons; null for a step that takes none")
    note: str | None = Field(description="what was said to it")

    @classmethod
    def of(cls, row: tables.Step) -> Self:
        """The shape of a row."""
        return cls(
            action=row.name,
            from_state=row.source,
            to_state=row.target,
            at=row.at,
            role=row.role,
            reason=row.reason,
            note=row.note,
        )


class History(Wire):
    """The steps that something took."""

    items: tuple[Step, ...] = Field(description="the steps, oldest first")

    @classmethod
    def of(cls, rows: Sequence[tables.Step]) -> Self:
        """The shape of rows."""
        return cls(items=tuple(Step.of(row) for row in rows))


class ApplicationSummary(Wire):
    """An application in a list."""

    id: str = Field(description="app_ + UUIDv7")
    provider_id: str = Field(description="the provider that applies")
    name: str = Field(description="its name")
    uscc: str = Field(description="its credit code")
    region: str = Field(description="GB/T 2260 code of its place of registration")
    state: ApplicationState = Field(description="where it stands")
    notice_id: str | None = Field(description="its public notice; null = none yet")
    created_at: datetime = Field(description="when it was begun")
    updated_at: datetime = Field(description="when it last changed")
    submitted_at: datetime | None = Field(description="when it was submitted; null = not yet")

    @classmethod
    def of(cls, row: tables.Application) -> Self:
        """The shape of a row."""
        return cls.model_validate(_columns(row) | {"name": row.content["provider"]["name"]})


class Application(ApplicationContent):
    """An application (入库申请) with its history: where it stands and how it came there."""

    id: str = Field(description="app_ + UUIDv7")
    provider_id: str = Field(description="the provider that applies; an applicant until it is admitted")
    state: ApplicationState = Field(description="where it stands")
    notice_id: str | None = Field(description="its public notice; null = none yet")
    created_at: datetime = Field(description="when it was begun")
    updated_at: datetime = Field(description="when it last changed")
    submitted_at: datetime | None = Field(description="when it was submitted; null = not yet")
    history: tuple[Step, ...] = Field(description="the steps that it took, oldest first")

    @classmethod
    def of(cls, row: tables.Application, steps: Sequence[tables.Step]) -> Self:
        """The shape of a row and its steps."""
        own = {name: value for name, value in _columns(row).items() if name in cls.model_fields}
        return cls.model_validate(row.content | own | {"history": [Step.of(step) for step in steps]})


class AssessmentFinding(Wire):
    """What one rule of the self-assessment says."""

    rule: str = Field(description="the rule")
    outcome: Outcome = Field(description="pass; fail: cannot be submitted; discretionary: an officer looks at it")
    pointer: str = Field(description="JSON pointer into the application")
    text: Text = Field(description="the sentence for people")


class Assessment(Wire):
    """An application held against the rules that a machine can check."""

    passed: Flag = Field(description="whether no rule failed, so that it can be submitted")
    findings: tuple[AssessmentFinding, ...] = Field(description="what each rule says")

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> Self:
        """The shape of findings."""
        told = tuple(
            AssessmentFinding(rule=f.rule, outcome=f.outcome, pointer=f.pointer, text=f.text) for f in findings
        )
        return cls(passed=all(finding.outcome != "fail" for finding in findings), findings=told)


class CreditRecord(Wire):
    """The public credit record (信用记录) of a provider: every change of its standing with its reason."""

    provider_id: str = Field(description="the provider")
    name: str = Field(description="its name")
    uscc: str = Field(description="its credit code")
    standing: ProviderStanding = Field(description="its standing now")
    appealed: Flag = Field(description="whether it has appealed and waits for the answer")
    reentry_after: date | None = Field(description="from when it may apply again; null = at any time")
    entries: tuple[Step, ...] = Field(description="what happened, oldest first")

    @classmethod
    def of(cls, row: Provider, steps: Sequence[tables.Step], whole: Flag) -> Self:
        """The shape of a row and its steps; the words of an appeal stand in the `whole` record only."""
        entries = [Step.of(step) for step in steps]
        public = [one if whole or one.action != "appeal" else one.model_copy(update={"note": None}) for one in entries]
        names = ("uscc", "standing", "appealed", "reentry_after")
        told: dict[str, Any] = {name: getattr(row, name) for name in names}
        return cls.model_validate(told | {"provider_id": row.id, "name": row.content["name"], "entries": public})


def _columns(row: tables.Application) -> dict[str, Any]:
    names = ("id", "provider_id", "uscc", "region", "state", "notice_id", "created_at", "updated_at", "submitted_at")
    return {name: getattr(row, name) for name in names}
