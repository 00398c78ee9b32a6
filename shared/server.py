"""The HTTP server's own word: what is not HTTP at all gets a problem, like every other error."""

import json

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shared import identifiers, problems
from shared.contracts.wire import Text

_UNREADABLE = Text(
    zh="不是合法的 HTTP 请求（网址中的中文须按百分号编码）",
    en="not a valid HTTP request (Chinese in its address must be percent-encoded)",
)
_HEAD = b"HTTP/1.1 400 Bad Request\r\ncontent-type: %b\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol, which would answer in plain text: `uvicorn.Config(app, http=Protocol)`."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - it says the same in plain text
        """Answer what cannot be read as HTTP, and close."""
        problem = problems.BadRequest(_UNREADABLE)
        body = json.dumps(problem.document(identifiers.new("req")), ensure_ascii=False).encode()
        self.transport.write(_HEAD % (problems.MEDIA_TYPE.encode(), len(body)) + body)
        self.transport.close()
