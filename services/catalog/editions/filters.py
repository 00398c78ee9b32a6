"""What a list of editions can be narrowed to."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement

from services.catalog.editions.tables import Edition
from shared.principal import Principal


@dataclass(frozen=True)
class EditionFilter:
    """Narrows a list of editions; null = not narrowed."""

    state: str | None = None
    region: str | None = None
    number: int | None = None

    def bound_to(self, caller: Principal) -> list[Any]:
        """What a cursor of this list belongs to."""
        return ["editions", asdict(self), caller.organisation, caller.role]

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """The conditions on `Edition`."""
        for name, value in asdict(self).items():
            if value is not None:
                yield getattr(Edition, name) == value
