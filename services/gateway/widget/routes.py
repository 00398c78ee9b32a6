"""The addresses under /widget: the script, its hashes, the playground, the frame and the form."""

from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from services.gateway import pages
from services.gateway.door import Door
from services.gateway.widget import form, frame, script
from shared import problems

_ASSETS = Path(__file__).parent / "assets"
_FOREVER = "public, max-age=31536000, immutable"
_FOR_ALL_PAGES = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


def add(app: FastAPI, door: Door) -> None:
    """Add them to the gateway's app; frame and form call operations through the door."""

    async def framed(request: Request) -> Response:
        return await frame.show(request, door)

    async def plain(request: Request) -> Response:
        return await (form.submit if request.method == "POST" else form.show)(request, door)

    app.add_route("/widget/duijie.js", _newest, include_in_schema=False)
    app.add_route("/widget/{version}/duijie.js", _version, include_in_schema=False)
    app.add_route("/widget/integrity.json", _integrity, include_in_schema=False)
    app.add_route("/widget/playground", _playground, include_in_schema=False)
    app.add_route("/widget/frame", framed, include_in_schema=False)
    app.add_route("/widget/form", plain, methods=["GET", "POST"], include_in_schema=False)
    app.mount("/widget/assets", pages.Assets(directory=_ASSETS))


async def _newest(request: Request) -> Response:
    """The newest script: for a page of ours; others name a version, so that its integrity stays true."""
    return _script(request, script.VERSION, "no-cache")


async def _version(request: Request) -> Response:
    return _script(request, request.path_params["version"], _FOREVER)


async def _integrity(_: Request) -> Response:
    return JSONResponse(script.catalogue(), headers={**_FOR_ALL_PAGES, "Cache-Control": "no-cache"})


async def _playground(_: Request) -> Response:
    return FileResponse(_ASSETS / "playground.html", headers=pages.HEADERS)


def _script(request: Request, version: str, cache: str) -> Response:
    if version not in script.versions():
        raise problems.NotFound
    headers = {**_FOR_ALL_PAGES, "Cache-Control": cache, "Vary": "Accept-Encoding"}
    content = script.versions()[version]
    if "gzip" in request.headers.get("accept-encoding", ""):
        content = script.packed(version)
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type="text/javascript", headers=headers)
