"""How an offering stands before the open needs: in aggregates only, never of fewer than `least` needs."""

from datetime import date
from typing import Any

from pydantic import Field

from shared.contracts.wire import Integer, Text, Wire


class FitChange(Wire):
    """A smallest change of the offering that would make it eligible for more needs."""

    constraint: str = Field(description="the constraint that these needs fail on, and nothing else")
    change: dict[str, Any] = Field(description="a merge patch of the offering, as `PATCH /v1/offerings/{id}` takes it")
    admits: Integer = Field(ge=1, description="for how many more needs")
    text: Text = Field(description="the sentence for people")


class OfferingFit(Wire):
    """The report for a provider: what of the demand its offering meets, and what a change would win."""

    offering_id: str = Field(description="the offering")
    version: Integer = Field(ge=1, description="the published version that was held against the needs")
    as_of: date = Field(description="the day on which")
    least: Integer = Field(ge=1, description="the smallest group that is spoken of")
    eligible: Integer | None = Field(description="for how many open needs it is eligible; null: fewer than `least`")
    one_short: Integer | None = Field(
        description="for how many it fails on exactly one constraint; null: fewer than `least`, or it would tell of a "
        "group as small beside the changes"
    )
    changes: tuple[FitChange, ...] = Field(description="the smallest change of each kind, the one that wins most first")
    text: Text = Field(description="the sentence for people")
