"""A real Chromium, and pages of other origins for it to visit."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.real_data import RealData

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = [
    *("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--no-first-run", "--disable-default-apps", "--disable-dev-shm-usage", "--disable-gpu", "--mute-audio"),
]


def path() -> str:
    """Where Chromium is; without one the test is skipped, in CI it fails."""
    found = next((place for name in NAMES if (place := shutil.which(name))), None)
    if found is None:
        said = "no Chromium: apt-get install chromium fonts-noto-cjk"
        pytest.fail(said) if RealData().ci else pytest.skip(said)
    return str(found)


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless Chromium."""
    executable = path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


class Portal:
    """A site of another origin: pages by path, each with its own headers."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.url = f"http://127.0.0.1:{server.server_port}"
        self.pages: dict[str, tuple[str, dict[str, str]]] = {}

    def put(self, path: str, body: str, **headers: str) -> str:
        """Serve an HTML page; gives its address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (f'<!doctype html><html lang="zh-CN"><title>门户</title><body>{body}</body></html>', named)
        return self.url + path


@contextmanager
def portal() -> Iterator[Portal]:
    """A site on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, headers = site.pages.get(self.path.partition("?")[0], ("", {}))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Portal(server)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    server.server_close()
