"""The way over HTTP, against servers that answer, misbehave, hang and hang up."""

import asyncio
import gzip
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from services.gateway.upstream import Answer, Network, NoAnswer, TooSlow

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


class Server:
    """A server that notes what it is sent and answers every request with the next of its answers, then hangs up."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.connections = 0
        self.requests: list[tuple[bytes, bytes]] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(asyncio.IncompleteReadError):
            while self.answers:
                head = await reader.readuntil(b"\r\n\r\n")
                fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
                self.requests.append((head, await reader.readexactly(int(fields.get(b"content-length", 0)))))
                writer.write(self.answers.pop(0))
                await writer.drain()


@asynccontextmanager
async def serving(script: Script) -> AsyncIterator[Network]:
    """A network way to a server of this script."""
    tasks: set[asyncio.Task[None]] = set()

    async def run(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await script(reader, writer)
        finally:
            writer.close()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.ensure_future(run(reader, writer)))

    server = await asyncio.start_server(connected, "127.0.0.1", 0, backlog=1000)
    network = Network(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        yield network
    finally:
        await network.close()
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def get(network: Network, target: str = "/v1/x", seconds: float = 5) -> Awaitable[Answer]:
    return network.ask("GET", target, [], b"", seconds)


async def test_a_request_is_sent_as_it_is_asked():
    server = Server(OK, OK)
    async with serving(server) as network:
        fields = [("if-match", '"新"'), ("accept", "a/b"), ("accept", "c/d")]
        await network.ask("POST", "/v1/%E4%B8%AD%2F..%3f?q=a+b&q=%20", fields, b"{}", 5)
        await get(network)
    head, body = server.requests[0]
    assert head.startswith(b"POST /v1/%E4%B8%AD%2F..%3f?q=a+b&q=%20 HTTP/1.1\r\n")
    sent = sorted(line.lower() for line in head.split(b"\r\n")[1:-2] if not line.lower().startswith(b"host"))
    own = [b"accept-encoding: identity", b"content-length: 2"]
    assert sent == sorted([*own, b"accept: a/b", b"accept: c/d", 'if-match: "新"'.encode()])
    assert body == b"{}"
    bare = server.requests[1][0].lower()
    assert not {b"user-agent", b"content-type", b"accept:", b"content-length", b"cookie"} & set(bare.split())


async def test_a_body_of_ten_megabytes_arrives_whole():
    server = Server(OK)
    async with serving(server) as network:
        assert (await network.ask("POST", "/", [], b"\x00\xff" * 5_000_000, 20)).status == 200
    assert server.requests[0][1] == b"\x00\xff" * 5_000_000


ANSWERS = {
    "redirect": (b"HTTP/1.1 307 Go\r\nLocation: /elsewhere\r\ncontent-length: 0\r\n\r\n", 307, b""),
    "compressed": (
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n%b"
        % (len(gzip.compress(b"x" * 99, mtime=0)), gzip.compress(b"x" * 99, mtime=0)),
        200,
        gzip.compress(b"x" * 99, mtime=0),
    ),
    "chunked": (b"HTTP/1.1 201 Made\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", 201, b"abc"),
    "204": (b'HTTP/1.1 204 No Content\r\nETag: "1"\r\n\r\n', 204, b""),
    "304": (b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\ncontent-length: 7\r\n\r\n', 304, b""),
    "problem": (b"HTTP/1.1 503 Away\r\nRetry-After: 1\r\ncontent-length: 2\r\n\r\n{}", 503, b"{}"),
}


@pytest.mark.parametrize(("raw", "status", "body"), ANSWERS.values(), ids=ANSWERS)
async def test_an_answer_is_given_back_as_it_came(raw, status, body):
    server = Server(raw, OK)
    async with serving(server) as network:
        answer = await get(network)
        after = await get(network)
    assert (answer.status, answer.body, after.body) == (status, body, b"ok")
    head = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    assert answer.headers == [tuple(line.split(b": ")) for line in head]
    assert server.connections == 1


async def test_the_answer_to_a_head_has_no_body():
    async with serving(Server(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", OK)) as network:
        assert (await network.ask("HEAD", "/", [], b"", 5)).body == b""
        assert (await get(network)).body == b"ok"


async def test_no_cookie_is_kept_and_no_proxy_is_asked(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server = Server(b"HTTP/1.1 200 OK\r\nset-cookie: a=b\r\ncontent-length: 0\r\n\r\n", OK)
    async with serving(server) as network:
        await get(network)
        await get(network)
    assert b"a=b" not in server.requests[1][0]


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n")
    while True:
        writer.write(b".")
        await asyncio.sleep(0.05)


FAULTS = {
    "hangs up": (Server(b""), NoAnswer),
    "no HTTP": (Server(b"hello\r\n\r\n"), NoAnswer),
    "half a head": (Server(b"HTTP/1.1 200 OK\r\ncontent-le"), NoAnswer),
    "half a body": (Server(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"), NoAnswer),
    "broken chunks": (Server(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"), NoAnswer),
    "silent": (silent, TooSlow),
    "drop by drop": (slow, TooSlow),
}


@pytest.mark.parametrize(("script", "failure"), FAULTS.values(), ids=FAULTS)
async def test_what_is_no_whole_answer_in_time_is_none(script, failure):
    async with serving(script) as network:
        with pytest.raises(failure):
            await get(network, seconds=0.3)


async def test_where_nobody_listens_there_is_no_answer():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # and does not listen
        network = Network(f"http://127.0.0.1:{bound.getsockname()[1]}")
        with pytest.raises(NoAnswer):
            await get(network)
        await network.close()


class Vanishing(Server):
    """Answers the first request of its first connection, and hangs up on the second instead of answering."""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        first = self.connections == 1
        with suppress(asyncio.IncompleteReadError):
            while True:
                self.requests.append((await reader.readuntil(b"\r\n\r\n"), b""))
                if first and len(self.requests) == 2:
                    break
                writer.write(OK)


@pytest.mark.parametrize(("method", "sent"), [("GET", 3), ("POST", 2)])
async def test_only_what_may_be_done_twice_is_sent_again_when_a_connection_closes(method, sent):
    server = Vanishing()
    async with serving(server) as network:
        await get(network)
        again = network.ask(method, "/", [], b"", 5)
        if method == "GET":
            assert (await again).body == b"ok"
        else:
            with pytest.raises(NoAnswer):
                await again
    assert len(server.requests) == sent


async def test_a_crowd_waits_for_a_free_connection_only_so_long():
    async with serving(silent) as network:
        waiting = [asyncio.ensure_future(get(network, seconds=30)) for _ in range(100)]
        await asyncio.sleep(0.1)
        before = time.monotonic()
        with pytest.raises(NoAnswer):
            await get(network, seconds=30)
        assert time.monotonic() - before < 4
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
