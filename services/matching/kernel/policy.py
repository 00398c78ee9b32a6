"""The ranking policy: a versioned document that says what counts how much. Changed by an admin, never by code."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from importlib import resources
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from shared.contracts.wire import Integer, Text, Wire

WHOLE = 10_000
CRITERIA = (
    "topic", "text", "meaning", "capability", "limits", "industry", "region", "size", "scenario", "price", "time",
    "firmness", "evidence", "track-record", "freshness", "benefit",
)  # fmt: skip
"""Every criterion that exists, in the order of their columns."""


class WeightOutOfBounds(ValueError):
    """A need asks for a weight that the policy does not allow. `criterion` names it."""

    def __init__(self, criterion: str, reason: Text) -> None:
        super().__init__(reason.en)
        self.criterion = criterion
        self.reason = reason


class Criterion(Wire):
    """What one criterion counts."""

    name: str = Field(description="its name")
    weight: Integer = Field(ge=0, le=WHOLE, description="weight in basis points")
    unknown: Integer = Field(ge=0, le=WHOLE, description="the value that an unknown counts")
    least: Integer = Field(ge=0, le=WHOLE, description="lowest weight that a need may ask for")
    most: Integer = Field(ge=0, le=WHOLE, description="highest weight that a need may ask for")
    description: Text = Field(description="what it looks at")

    @model_validator(mode="after")
    def _in_bounds(self) -> Self:
        if not self.least <= self.weight <= self.most:
            raise PydanticCustomError("weight_out_of_bounds", "least ≤ weight ≤ most: {name}", {"name": self.name})
        return self


class Gate(Wire):
    """Who may be considered at all."""

    sure_confidence: Integer = Field(
        ge=0, le=100, description="from this confidence of a read category on, text alone admits nobody"
    )
    text_floor: Integer = Field(ge=0, le=WHOLE, description="text value from which an offer enters without a category")

    def sure(self, confidences: Iterable[int]) -> bool:
        """Whether any of these is so high that text alone admits nobody."""
        return any(confidence >= self.sure_confidence for confidence in confidences)


class Diversity(Wire):
    """How many places one provider may take."""

    places: Integer = Field(ge=1, le=50, description="the first places that are shared out")
    per_provider: Integer = Field(ge=1, le=50, description="of these, at most so many for one provider")


class Newcomers(Wire):
    """The place that is kept for providers who were seldom shown so far."""

    places: Integer = Field(ge=2, le=50, description="the last of so many first places is kept")
    floor: Integer = Field(ge=1, le=1_000_000, description="a provider that had fewer places so far is a newcomer")
    margin: Integer = Field(ge=0, le=WHOLE, description="most points that its score may lack to the one that gives way")
    description: Text = Field(description="what it does")


class Honesty(Wire):
    """When a list is said to meet the need only in part."""

    few: Integer = Field(ge=0, le=50, description="fewer eligible offers of a category asked for than this are few")
    main_margin: Integer = Field(
        100,
        ge=0,
        le=100,
        description="categories read with at most so much less confidence than the first are the main need",
    )
    clearly_better: Integer = Field(
        ge=WHOLE,
        le=100_000,
        description="an excluded offer is clearly better from this ratio of meaning on, in basis points",
    )
    better_by: Integer = Field(0, ge=0, le=WHOLE, description="and by at least so many points of meaning")


class Policy(Wire):
    """The whole policy; weights sum to 10,000."""

    version: str = Field(min_length=1, max_length=40, description="its version")
    title: Text = Field(description="its name")
    criteria: tuple[Criterion, ...] = Field(description="one a criterion")
    gate: Gate = Field(description="the topic gate")
    diversity: Diversity = Field(description="sharing out the first places")
    newcomers: Newcomers | None = Field(None, description="the place kept for newcomers; null keeps none")
    honesty: Honesty = Field(description="when to say that the need is met only in part")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if tuple(criterion.name for criterion in self.criteria) != CRITERIA:
            raise PydanticCustomError(
                "criteria_differ",
                "the criteria must be exactly these, in this order: {names}",
                {"names": ", ".join(CRITERIA)},
            )
        if sum(criterion.weight for criterion in self.criteria) != WHOLE:
            raise PydanticCustomError("weights_sum", "权重之和必须为 10000 基点 / weights must sum to 10,000")
        return self

    @cached_property
    def unknowns(self) -> NDArray[np.int32]:
        """What an unknown counts, a line a criterion."""
        return np.array([[criterion.unknown] for criterion in self.criteria], np.int32)

    def weights(self, asked: Mapping[str, int] | None = None) -> tuple[int, ...]:
        """The weights in the order of CRITERIA, as a need asks for them within the bounds.

        Criteria that the need does not name count nothing; the sum must be 10,000.
        Raises WeightOutOfBounds.
        """
        if asked is None:
            return tuple(criterion.weight for criterion in self.criteria)
        for name in asked.keys() - set(CRITERIA):
            raise WeightOutOfBounds(name, Text(zh="没有这个准则", en="there is no such criterion"))
        chosen = tuple(asked.get(criterion.name, 0) for criterion in self.criteria)
        for criterion, weight in zip(self.criteria, chosen, strict=True):
            if not criterion.least <= weight <= criterion.most:
                bounds = f"{criterion.least}–{criterion.most}"
                raise WeightOutOfBounds(
                    criterion.name,
                    Text(
                        zh=f"{criterion.name} 的权重须在 {bounds} 之间",
                        en=f"the weight of {criterion.name} must lie within {bounds}",
                    ),
                )
        if sum(chosen) != WHOLE:
            raise WeightOutOfBounds("*", Text(zh="权重之和必须为 10000", en="weights must sum to 10,000"))
        return chosen


def default() -> Policy:
    """The policy that ships with the project."""
    text = resources.files(__package__ or "services.matching.kernel").joinpath("policy.json").read_text("utf-8")
    return Policy.model_validate_json(text)
