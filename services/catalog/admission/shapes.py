"""The shapes of admission on the wire: notices, objections, reasons."""

from datetime import date, datetime
from typing import Any, Self

from pydantic import ConfigDict, Field, JsonValue

from services.catalog.admission import tables
from services.catalog.admission.filters import NoticeState
from services.catalog.admission.notices import Counts, SubjectKind
from services.catalog.lifecycle import ObjectionState
from shared import clock
from shared.contracts.checks import Remark
from shared.contracts.wire import Flag, Integer, Text, Wire

Code = Field(max_length=60, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="a reason code, see /v1/reasons")
_MOMENT = "2026-11-27T02:00:00Z"
_NOTICE = "ntc_0199b1c2d3e47f60a1b2c3d4e5f60720"


class Grounds(Wire):
    """Why something is decided: a reason code and a note. The note is shown to whom the decision concerns."""

    reason: str = Code
    note: Remark = Field(max_length=500, description="what exactly; without personal data")

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "not-proved", "note": "经核查，材料属实。"}]})

    def pair(self) -> tuple[str, str]:
        """Code and note."""
        return self.reason, self.note


class Reason(Wire):
    """A reason code (原因代码)."""

    group: str = Field(description="where it may be given", examples=["rejection"])
    code: str = Field(description="the code", examples=["not-proved"])
    text: Text = Field(description="its words for people")


class Reasons(Wire):
    """All reason codes."""

    items: tuple[Reason, ...] = Field(description="the codes, by group")


class Notice(Wire):
    """A public notice (公示)."""

    id: str = Field(description="ntc_ + UUIDv7")
    subject_kind: SubjectKind = Field(description="what kind of thing it is about")
    subject_id: str = Field(description="which one")
    title: str = Field(description="its headline")
    facts: dict[str, JsonValue] = Field(description="what is shown of the subject")
    region: str = Field(description="GB/T 2260 region of the responsible office")
    opens_at: datetime = Field(description="from when objections are taken")
    closes_at: datetime = Field(description="until when; nothing is approved before")
    state: NoticeState = Field(description="open, closed by time, or called off before")
    objections: Integer = Field(ge=0, description="objections raised so far")
    open_objections: Integer = Field(ge=0, description="of these, how many nobody has resolved")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": _NOTICE,
                    "subject_kind": "application",
                    "subject_id": "app_0199b1c2d3e47f60a1b2c3d4e5f60721",
                    "title": "浙江云栈数字科技有限公司入库公示",
                    "facts": {"name": "浙江云栈数字科技有限公司", "uscc": "91330106MA2H3WQX5T"},
                    "region": "330106",
                    "opens_at": _MOMENT,
                    "closes_at": "2026-12-04T02:00:00Z",
                    "state": "open",
                    "objections": 1,
                    "open_objections": 1,
                }
            ]
        }
    )

    @classmethod
    def of(cls, row: tables.PublicNotice, counts: Counts) -> Self:
        """The shape of a row."""
        names = ("id", "subject_kind", "subject_id", "title", "facts", "region", "opens_at", "closes_at")
        told: dict[str, Any] = {name: getattr(row, name) for name in names}
        raised = {"objections": sum(counts.values()), "open_objections": counts.get("open", 0)}
        return cls.model_validate(told | raised | {"state": _state(row)})


class ObjectionForm(Wire):
    """An objection (异议) as it is raised."""

    ground: str = Field(
        max_length=60, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="a reason code of the group `objection`"
    )
    text: Remark = Field(max_length=2000, description="what is wrong and how it can be checked; kept as plain text")

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ground": "false-information", "text": "所列客户并未使用该产品。"}]}
    )


class Objection(Wire):
    """An objection (异议) and what became of it."""

    id: str = Field(description="obj_ + UUIDv7")
    notice_id: str = Field(description="the notice that it was raised against")
    organisation: str | None = Field(description="who raised it; told to the office and to who raised it only")
    ground: str = Field(description="its reason code")
    text: str = Field(description="what it says: plain text, never markup")
    state: ObjectionState = Field(description="open → upheld | dismissed")
    reason: str | None = Field(description="reason code of the outcome; null while it is open")
    note: str | None = Field(description="what the office says to it; null while it is open")
    created_at: datetime = Field(description="when it was raised")
    resolved_at: datetime | None = Field(description="when it was resolved")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "obj_0199b1c2d3e47f60a1b2c3d4e5f60722",
                    "notice_id": _NOTICE,
                    "organisation": None,
                    "ground": "false-information",
                    "text": "所列客户并未使用该产品。",
                    "state": "open",
                    "reason": None,
                    "note": None,
                    "created_at": _MOMENT,
                    "resolved_at": None,
                }
            ]
        }
    )

    @classmethod
    def of(cls, row: tables.Objection, named: Flag) -> Self:
        """The shape of a row; `named` tells who raised it."""
        names = ("id", "notice_id", "ground", "text", "state", "reason", "note", "created_at", "resolved_at")
        told: dict[str, Any] = {name: getattr(row, name) for name in names}
        return cls.model_validate(told | {"organisation": row.organisation if named else None})


class WindowForm(Wire):
    """How long a public notice is to stay open."""

    days: Integer | None = Field(None, ge=0, le=365, description="days; absent = as many as the settings demand")

    model_config = ConfigDict(json_schema_extra={"examples": [{"days": 10}]})


class EndForm(Grounds):
    """Why a provider's standing is ended, and from when it may apply again."""

    reentry_after: date | None = Field(None, description="first day of a new application; absent = at any time")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"reason": "disqualified", "note": "整改未通过。", "reentry_after": "2028-01-01"}]
        }
    )


class AppealForm(Wire):
    """What a provider says against its standing. Read by the office, not by the public."""

    note: Remark = Field(max_length=2000, description="why the decision should be changed")

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "整改报告已于期限内提交。"}]})


def _state(row: tables.PublicNotice) -> NoticeState:
    if row.called_off_at is not None:
        return "called-off"
    return "open" if clock.now() < row.closes_at else "closed"
