"""The answer to a need: a match run with its explained places."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.needs import Profile
from shared.contracts.wire import Integer, Text, Wire

NeedStatus = Annotated[
    Literal["matched", "withdrawn", "expired"],
    Field(description="state of the need itself: matched = a run exists; whether something fits, `unmet` tells"),
]
UnmetCode = Literal["not-understood", "nothing-eligible", "only-partial"]


class Contribution(Wire):
    """What one criterion gave to a score. `contribution` = round(weight × value / 10,000), in exact integers."""

    criterion: str = Field(description="name of the criterion in the policy")
    weight: Integer = Field(ge=0, le=10_000, description="weight in basis points")
    value: Integer | None = Field(
        ge=0, le=10_000, description="0 to 10,000 on the criterion's fixed scale; null = unknown"
    )
    contribution: Integer = Field(description="points given to the score")
    text: Text = Field(description="the reason, with its facts")


class Result(Wire):
    """One place in the list."""

    rank: Integer = Field(ge=1, description="place, from 1")
    offering_id: str = Field(description="the offering")
    external_id: str | None = Field(None, description="its code in the catalogue that it came from, e.g. O00001")
    provider_id: str = Field(description="the provider")
    name: str = Field(description="name of the offering")
    provider_name: str = Field(description="name of the provider")
    categories: tuple[str, ...] = Field(description="its category codes")
    summary: str = Field(description="what it does for whom")
    version: Integer = Field(description="version of the offering that was ranked")
    content_hash: str = Field(description="SHA-256 of the content that was ranked")
    score: Integer = Field(description="exact sum of the contributions, at most 10,000")
    contributions: tuple[Contribution, ...] = Field(description="one a criterion, largest first")
    cautions: tuple[Text, ...] = Field((), description="what to ask before signing")


class Elimination(Wire):
    """How many offers of the topic one hard constraint took out."""

    constraint: str = Field(description="name of the constraint")
    count: Integer = Field(ge=0, description="offers that fail it")
    only: Integer = Field(ge=0, description="offers that fail nothing else")
    text: Text = Field(description="the sentence for people")


class Relaxation(Wire):
    """A smallest change of the need that would admit more offers."""

    change: dict[str, object] = Field(description="constraint → the value it would take")
    admits: Integer = Field(ge=1, description="how many more offers")
    offerings: tuple[str, ...] = Field((), max_length=3, description="up to three of them")
    text: Text = Field(description="the sentence for people")


class Unmet(Wire):
    """The honest answer when nothing, or nothing whole, fits."""

    code: UnmetCode = Field(description="why")
    text: Text = Field(description="the sentence for people")


class NarrowedTo(Wire):
    """The edition (推荐目录 第N期) that a run was narrowed to."""

    id: str = Field(description="edt_ + UUIDv7")
    number: Integer = Field(ge=1, description="N of 第N期")
    title: Text = Field(description="title without the number")
    left_out: Integer = Field(ge=0, description="offers of the topic that the edition does not list")


class MatchRun(Wire):
    """A match run (匹配批次): the ranked, explained answer and all that it depended on."""

    id: str = Field(description="run_ + UUIDv7")
    need_id: str = Field(description="the need it answers")
    policy_version: str = Field(description="the ranking policy used")
    text_model_version: str = Field(description="the text statistics used")
    catalog_position: Integer = Field(description="position in the change feed that the ranked catalogue stood at")
    as_of: date = Field(description="the run's only clock")
    considered: Integer = Field(ge=0, description="offers inside the topic gate")
    eligible: Integer = Field(ge=0, description="of these, how many break no hard constraint")
    edition: NarrowedTo | None = Field(
        None,
        description="the edition that it was narrowed to; absent when all published offers were considered",
        exclude_if=lambda value: value is None,  # runs stored before there were editions stay the same, byte for byte
    )
    results: tuple[Result, ...] = Field((), description="the places, best first")
    eliminated: tuple[Elimination, ...] = Field((), description="what the hard constraints took out")
    relaxations: tuple[Relaxation, ...] = Field((), description="smallest changes that would admit more")
    unmet: Unmet | None = Field(None, description="null, or why nothing (whole) fits")
    degraded: bool = Field(False, description="true when the answer rests on a stale or partial copy")
    degraded_reason: Text | None = Field(None, description="why it is degraded")
    created_at: datetime = Field(description="when it was computed")


class NeedAnswer(Wire):
    """The answer of `POST /v1/needs`."""

    id: str = Field(description="need_ + UUIDv7")
    status: NeedStatus
    text: str | None = Field(description="the need in the firm's own words")
    profile: Profile = Field(description="what was read from it")
    match_run: MatchRun = Field(description="the ranked answer")
    created_at: datetime = Field(description="when it was submitted")


class NeedSummary(Wire):
    """A need in a list."""

    id: str = Field(description="need_ + UUIDv7")
    status: NeedStatus
    text: str | None = Field(description="the need in the firm's own words")
    region: str = Field(description="GB/T 2260 code of the firm's place")
    match_run_id: str = Field(description="the run that answered it")
    created_at: datetime = Field(description="when it was submitted")


class Difference(Wire):
    """Something of a stored run that is not what it was."""

    part: str = Field(
        description="what differs: need, profile, policy, text-model, exposure, records, catalogue, answer, result"
    )
    text: Text = Field(description="how it differs")


class Verification(Wire):
    """Whether a stored run, computed again from what is stored, gives the same answer byte for byte."""

    verified: bool = Field(description="true when nothing differs")
    differences: tuple[Difference, ...] = Field(description="what differs; empty when verified")
