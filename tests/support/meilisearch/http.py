"""The HTTP around the routes, on loopback."""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.support.meilisearch.errors import ApiError
from tests.support.meilisearch.server import ROUTES, Answer, Call, FakeServer


def answered(server: FakeServer, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """The answer to a request; an unknown route is a 404, an unknown parameter a 400."""
    split = urlsplit(target)
    server.calls.append((method, split.path))
    try:
        for known, pattern, action, verb, parameters in ROUTES:
            found = re.fullmatch(pattern, split.path)
            if known == method and found:
                patterns = ["*"] if action is None else server.keys.rights(headers, action)
                query = dict(parse_qsl(split.query))
                if unknown := query.keys() - set(parameters):
                    raise ApiError("bad_request", f"Unknown parameter `{min(unknown)}`")
                parts = tuple(map(unquote, found.groups()))
                return verb(server, Call(_payload(method, headers, body), query, patterns, parts))
        raise ApiError("not_found", "The requested route does not exist")
    except ApiError as failed:
        return failed.status, failed.document()


def _payload(method: str, headers: Mapping[str, str], body: bytes) -> Any:
    if method in ("GET", "DELETE"):
        return None
    kind = headers.get("Content-Type")
    if kind is None:
        raise ApiError("missing_content_type", "A Content-Type header is missing. Accepted: `application/json`")
    if kind.split(";")[0].strip() != "application/json":
        raise ApiError("invalid_content_type", f"The Content-Type `{kind}` is invalid. Accepted: `application/json`")
    if not body:
        raise ApiError("missing_payload", "A json payload is missing.")
    try:
        return json.loads(body)
    except ValueError:
        raise ApiError("malformed_payload", "The json payload provided is malformed.") from None


def handler(server: FakeServer) -> type[BaseHTTPRequestHandler]:
    """What speaks HTTP for a server."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet: the second would wait for the first's acknowledgement
        disable_nagle_algorithm = True

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            status, said = answered(server, self.command, self.path, self.headers, self.rfile.read(length))
            body = b"" if said is None else json.dumps(said, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if status == 503:
                self.send_header("Retry-After", "10")
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _answer  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: Any) -> None:
        """A client that went away is no news."""


@contextmanager
def listening(server: FakeServer, port: int = 0) -> Iterator[str]:
    """Serve on loopback; gives the URL."""
    listener = _Listener(("127.0.0.1", port), handler(server))
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.server_address[1]}"
    finally:
        listener.shutdown()
        listener.server_close()
        server.tasks.stop()
        thread.join(timeout=5)
