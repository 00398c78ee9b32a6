"""Pages for people: the need form, the API docs, and what each problem means. All assets are local; no inline code."""

import json
from collections.abc import Awaitable, Callable
from html import escape
from pathlib import Path
from string import Template
from typing import cast

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from services.gateway import demo
from services.gateway.settings import GatewaySettings
from shared import problems

_FOLDER = Path(__file__).parent / "page"
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-cache",
}


class Assets(StaticFiles):
    """The files of `page/`, with the headers of every page."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a file."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message["headers"], *own]
            await send(message)

        await super().__call__(scope, receive, with_headers)


def add(app: FastAPI, settings: GatewaySettings) -> None:
    """Add the pages to the gateway's app."""
    app.add_route("/", _file("index.html"), include_in_schema=False)
    app.add_route("/docs", _file("docs.html"), include_in_schema=False)
    app.add_route("/problems/{code}", _problem, include_in_schema=False)
    app.mount("/page", Assets(directory=_FOLDER))
    if settings.mode == "demo":
        app.add_route("/demo/key", _demo_key(settings.state_dir / demo.FILE), include_in_schema=False)


Endpoint = Callable[[Request], Awaitable[Response]]


def _file(name: str) -> Endpoint:
    async def page(_: Request) -> Response:
        return FileResponse(_FOLDER / name, headers=HEADERS)

    return page


async def _problem(request: Request) -> Response:
    code = request.path_params["code"]
    kind = next((kind for kind in problems.registry() if kind.code == code), None)
    if kind is None:
        raise problems.NotFound
    facts = {"status": str(kind.status), "code": kind.code, "zh": kind.title.zh, "en": kind.title.en}
    advice = json.loads((_FOLDER / "problems.json").read_text("utf-8"))[kind.code]
    facts |= {"about": cast(str, kind.__doc__), "advice_zh": advice[0], "advice_en": advice[1]}
    template = Template((_FOLDER / "problem.html").read_text("utf-8"))
    page = template.substitute({name: escape(text) for name, text in facts.items()})
    return Response(page, media_type="text/html", headers=HEADERS)


def _demo_key(path: Path) -> Endpoint:
    """The demo SME's key for the page, and the demo widget key for the playground.

    Safe because a demonstration listens on loopback only, the key reaches only demo data, and a foreign site can
    neither read the answer (no CORS) nor borrow our name: the host must be a loopback one (DNS rebinding).
    """

    async def key(request: Request) -> Response:
        name = request.headers.get("host", "").rsplit(":", 1)[0]
        found = demo.read(path)
        if name not in _LOOPBACK or "sme" not in found:
            raise problems.NotFound
        return JSONResponse({"key": found["sme"], "widget": found.get("widget")}, headers={"Cache-Control": "no-store"})

    return key
