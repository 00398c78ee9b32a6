"""The operations that the tables of transitions make: one for each step that a call takes."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Response
from pydantic import BaseModel

from services.catalog.endpoints.statuses import GUARDED
from services.catalog.lifecycle import Transition
from shared.access import Allow
from shared.database import Writing
from shared.preconditions import Precondition, Seen, etag
from shared.principal import Principal

_MAY_BE_INVALID = {"assessment-passed", "categories-known"}
"""Guards that look at what was given before."""
Act = Callable[[Transition, Writing, Principal, Precondition, str, Any], tuple[BaseModel, int]]
"""Takes a step on something by its id, with the form that was given; gives its shape and its revision."""


def add(
    router: APIRouter, thing: str, step: Transition, shape: type[BaseModel], form: type[BaseModel] | None, act: Act
) -> None:
    """Make the operation of one transition: `POST /v1/{thing}s/{thing_id}/{step}`."""

    def operation(
        identifier: Annotated[str, Path(alias=f"{thing}_id", max_length=40, description=f"id of the {thing}")],
        response: Response,
        session: Writing,
        seen: Seen,
        caller: Annotated[Principal, Depends(Allow(*step.actors, ownership="own"))],
        given: Any,
    ) -> BaseModel:
        answer, revision = act(step, session, caller, seen, identifier, given)
        response.headers["ETag"] = etag(revision)
        return answer

    operation.__annotations__["given"] = Annotated[form, Body()] if form else Annotated[None, Depends(_nothing)]
    article = "an" if thing[0] in "aeiou" else "a"
    router.add_api_route(
        f"/v1/{thing}s/{{{thing}_id}}/{step.name}",
        operation,
        methods=["POST"],
        name=f"{step.name.replace('-', '_')}_{thing}",
        summary=f"{step.name.replace('-', ' ').capitalize()}: {article} {thing}",
        description=step.description(),
        response_model=shape,
        responses=GUARDED | {422: {}} if _MAY_BE_INVALID & set(step.guards) else GUARDED,
    )


def _nothing() -> None:
    """The form of a step that takes none."""
