"""The widget in a frame, for portals that allow no foreign scripts: framed by the key's origins and by nobody else."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.door import Door
from services.gateway.widget import documents, script
from services.gateway.widget.markup import element
from services.gateway.widget.wording import Tongue
from shared import problems

ATTRIBUTES = ("key", "mode", "region", "category", "edition", "offering", "lang", "theme")


async def show(request: Request, door: Door) -> Response:
    """The frame of a key; a page that says why not, framed by nobody, when the key is no widget key."""
    given = request.query_params
    tongue = Tongue.of(given.get("lang", ""))
    try:
        caller = await door.holder(given.get("key", ""))
        if caller.terms is None:
            raise problems.Unauthenticated
    except problems.Problem as problem:
        return documents.refused(tongue, problem.status, [problem.detail])
    attributes = {name: given[name] for name in ATTRIBUTES if given.get(name)}
    content = script.versions()[script.VERSION]
    source: dict[str, str | bool | None] = {
        "src": script.address(),
        "integrity": script.integrity(content),
        "defer": True,
    }
    widget = element("duijie-match", {"lang": tongue.tag, **attributes})
    return documents.framed(tongue, caller.terms.origins, widget, element("script", source))
