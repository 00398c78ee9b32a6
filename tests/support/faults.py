"""A way to a server that can be broken: what it does to connections is changed while it runs."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

from tests.support.ports import free_port

Fault = Literal["none", "refuse", "hang", "error", "busy", "slow", "drip", "garbage", "other", "half"]
FAULTS: tuple[Fault, ...] = ("refuse", "hang", "error", "busy", "slow", "drip", "garbage", "other", "half")
SLOW_SECONDS = 4.0
_BODIES = {
    "error": (500, b'{"message":"oh","code":"internal","type":"internal","link":""}', ""),
    "busy": (503, b'{"message":"","code":"too_many_search_requests","type":"system","link":""}', "Retry-After: 2\r\n"),
    "other": (200, b'{"results": "of another server"}', ""),
    "slow": (200, b'{"results": []}', ""),
    "drip": (200, b'{"results": [' + b" " * 200 + b"]}", ""),
    "half": (200, b'{"results": [{"hits"', ""),
}


class Way:
    """Loopback to a server at `port`, through a port of its own."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._fault: Fault = "none"
        self._open: set[socket.socket] = set()
        self.port = free_port()  # it is left and taken again
        self._listener = self._listen(self.port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def become(self, fault: Fault) -> None:
        """Cut what is open, and treat what comes so."""
        before, self._fault = self._fault, fault
        if fault == "refuse":
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        elif before == "refuse":
            self._listener = self._listen(self.port)
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if self._fault != "refuse":
            self.become("refuse")

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port), reuse_port=False, backlog=128)
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=self._treat, args=(connection,), daemon=True).start()

    def _treat(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._open.add(connection)
        with connection, suppress(OSError):
            if self._fault == "none":
                self._pass_on(connection)
            elif connection.recv(1 << 20):
                self._answer(connection, self._fault)
        self._open.discard(connection)

    def _answer(self, connection: socket.socket, fault: Fault) -> None:
        if fault == "hang":
            connection.recv(1)
            return
        if fault == "garbage":
            connection.sendall(b"\x00\xff\xfe nothing of HTTP \r\n\r\n")
            return
        status, body, header = _BODIES[fault]
        length = len(body) * (2 if fault == "half" else 1)
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{header}\r\n"
        if fault == "slow":
            time.sleep(SLOW_SECONDS)
        connection.sendall(head.encode())
        if fault == "drip":
            for byte in body:
                connection.sendall(bytes([byte]))
                time.sleep(0.1)
        else:
            connection.sendall(body)

    def _pass_on(self, connection: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self._target)) as target:
            target.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.add(target)
            back = threading.Thread(target=_pump, args=(target, connection), daemon=True)
            back.start()
            _pump(connection, target)
            back.join()
            self._open.discard(target)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while some := source.recv(1 << 16):
            sink.sendall(some)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def breakable(url: str) -> Iterator[Way]:
    """A way to a server on loopback."""
    way = Way(int(url.rpartition(":")[2]))
    try:
        yield way
    finally:
        way.close()
