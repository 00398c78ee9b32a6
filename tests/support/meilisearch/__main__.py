"""The stand-in as a process: MEILI_MASTER_KEY is its master key, MEILI_HTTP_ADDR where it listens (host:port).

MEILI_MASTER_KEY=… MEILI_HTTP_ADDR=127.0.0.1:7700 python -m tests.support.meilisearch
"""

import os
import signal
import threading

from tests.support.meilisearch.http import listening
from tests.support.meilisearch.server import FakeServer


def main() -> None:
    port = int(os.environ.get("MEILI_HTTP_ADDR", "127.0.0.1:0").rpartition(":")[2])
    stop = threading.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: stop.set())
    with listening(FakeServer(os.environ["MEILI_MASTER_KEY"]), port) as url:
        print(url, flush=True)
        stop.wait()


main()
