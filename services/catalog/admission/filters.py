"""What a list of admission can be narrowed to, as plain values and as conditions of a query."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_

from services.catalog.admission.stages import ApplicationState
from services.catalog.admission.tables import Application, PublicNotice
from services.catalog.ownership import prefix
from shared import clock
from shared.principal import Principal

NoticeState = Literal["open", "closed", "called-off"]


@dataclass(frozen=True)
class NoticeFilter:
    """Narrows a list of notices; null = not narrowed."""

    subject_kind: str | None = None
    subject_id: str | None = None
    state: NoticeState | None = None
    region: str | None = None

    def bound_to(self, caller: Principal) -> list[Any]:
        """What a cursor of this list belongs to."""
        return ["notices", asdict(self), caller.organisation, caller.role]

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """The conditions on `PublicNotice`."""
        for name in ("subject_kind", "subject_id"):
            if (value := getattr(self, name)) is not None:
                yield getattr(PublicNotice, name) == value
        if self.region is not None:
            yield PublicNotice.region.startswith(prefix(self.region))
        if self.state is not None:
            yield _in_state(self.state)


@dataclass(frozen=True)
class ApplicationFilter:
    """Narrows a list of applications; null = not narrowed."""

    state: ApplicationState | None = None
    region: str | None = None
    uscc: str | None = None

    def bound_to(self, caller: Principal) -> list[Any]:
        """What a cursor of this list belongs to."""
        return ["applications", asdict(self), caller.organisation, caller.role]

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """The conditions on `Application`."""
        if self.region is not None:
            yield Application.region.startswith(prefix(self.region))
        for name in ("state", "uscc"):
            if (value := getattr(self, name)) is not None:
                yield getattr(Application, name) == value


def _in_state(state: NoticeState) -> ColumnElement[bool]:
    standing, now = PublicNotice.called_off_at.is_(None), clock.now()
    if state == "called-off":
        return PublicNotice.called_off_at.is_not(None)
    return and_(standing, PublicNotice.closes_at > now if state == "open" else PublicNotice.closes_at <= now)
