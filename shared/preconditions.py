"""ETag and If-Match: nobody overwrites a version that they have not seen."""

from typing import Annotated

from fastapi import Depends, Header

from shared import problems


def etag(revision: int) -> str:
    """The entity tag of a revision."""
    return f'"{revision}"'


def first_tag(_: object) -> dict[str, str]:
    """The header fields of something new."""
    return {"ETag": etag(1)}


class Precondition:
    """The If-Match of an update: `seen.require(row.revision)`."""

    def __init__(self, if_match: str) -> None:
        self._tags = {tag.strip() for tag in if_match.split(",")}

    def require(self, revision: int) -> None:
        """StalePrecondition unless the caller has seen this revision."""
        if "*" not in self._tags and etag(revision) not in self._tags:
            raise problems.StalePrecondition(headers={"ETag": etag(revision)})


async def _precondition(
    if_match: Annotated[
        str | None, Header(description="the ETag of what was read: 428 without it, 412 when it is stale")
    ] = None,
) -> Precondition:
    if if_match is None:
        raise problems.PreconditionRequired
    return Precondition(if_match)


Seen = Annotated[Precondition, Depends(_precondition)]
