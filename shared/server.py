"""The HTTP server: a service as a process, and a problem for what is not HTTP at all, like for every other error."""

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import TypeVar

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shared import identifiers, logs, migrations, problems
from shared.contracts.wire import Text
from shared.settings import ServiceSettings

GRACE_SECONDS = 5
"""How long requests that are running may take to end once the process was told to stop."""
_UNREADABLE = Text(
    zh="不是合法的 HTTP 请求（网址中的中文须按百分号编码）",
    en="not a valid HTTP request (Chinese in its address must be percent-encoded)",
)
_HEAD = b"HTTP/1.1 400 Bad Request\r\ncontent-type: %b\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"

Part = TypeVar("Part", bound=ServiceSettings)


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol, which would answer in plain text: `uvicorn.Config(app, http=Protocol)`."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - it says the same in plain text
        """Answer what cannot be read as HTTP, and close."""
        problem = problems.BadRequest(_UNREADABLE)
        body = json.dumps(problem.document(identifiers.new("req")), ensure_ascii=False).encode()
        self.transport.write(_HEAD % (problems.MEDIA_TYPE.encode(), len(body)) + body)
        self.transport.close()


def run(service: str, settings: Part, create_app: Callable[[Part], ASGIApp]) -> None:
    """The body of `python -m services.SERVICE`: serve it, or with `migrate` bring its database to the newest form."""
    if sys.argv[1:] == ["migrate"]:
        migrations.upgrade(service, settings.database())
    elif sys.argv[1:]:
        raise SystemExit(f"usage: python -m services.{service} [migrate]")
    else:
        serve(create_app(settings), settings.host, settings.port)


def serve(app: ASGIApp, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM, then let running requests end; uvicorn's command cannot be given the protocol."""
    logs.configure()
    os.umask(0o077)  # what firms tell us is not for other users of this machine
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=Protocol,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    for ending in (signal.SIGINT, signal.SIGTERM):
        # uvicorn raises the signal once more when all has ended well, for a handler of ours.
        signal.signal(ending, lambda *_: sys.exit(0))
    server = uvicorn.Server(config)
    server.run()
    if not server.started:
        raise SystemExit(f"did not start on {host}:{port}")
