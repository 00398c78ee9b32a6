"""The engines that are held to one suite: tantivy, Meilisearch's stand-in, and a real server where one is named.

`DUIJIE_TEST_MEILI_URL` and `DUIJIE_TEST_MEILI_KEY` (a master or admin key) name the real server.
"""

import itertools
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.catalog.search import meilisearch_keys
from services.catalog.search.meilisearch_control import Control
from services.catalog.search.meilisearch_index import MeilisearchIndex
from services.catalog.search.port import Index
from services.catalog.search.tantivy import TantivyIndex
from services.catalog.settings import CatalogSettings
from tests.catalog.search.factories import build
from tests.catalog.search.searched import Searched
from tests.support.meilisearch.http import listening
from tests.support.meilisearch.server import FakeServer

PATIENCE = 10.0
"""Seconds, for a busy machine; what a slow engine does is tested with the default."""
MASTER = "a master key of the tests, long enough"
REAL = os.environ.get("DUIJIE_TEST_MEILI_URL")
ENGINES = ["tantivy", "meilisearch", *(["real-meilisearch"] if REAL else [])]
_numbers = itertools.count()


class Engine:
    """A place for one index, opened as often as wanted: once to write, and by any number of readers."""

    def __init__(self, kind: str, folder: Path, url: str, key: str) -> None:
        self.kind = kind
        self.url = url
        self.key = key
        self.folder = folder
        self.uid = f"duijie-test-{secrets.token_hex(4)}-{next(_numbers)}"
        self._opened: list[Index] = []

    def open(self) -> Index:
        """The index, over connections and files of its own."""
        if self.kind == "tantivy":
            index: Index = TantivyIndex(self.folder)
        else:
            index = MeilisearchIndex(self.url, self.key, self.uid, search_seconds=PATIENCE)
        self._opened.append(index)
        return index

    def versions(self) -> list[str]:
        """What there is of the index, under any name."""
        if self.kind == "tantivy":
            return sorted(path.name for path in self.folder.glob("idx_*"))
        return Control(self.url, self.key).indexes(self.uid)

    def close(self) -> None:
        for index in self._opened:
            index.close()
        if self.kind == "real-meilisearch":
            for uid in Control(self.url, self.key).indexes(self.uid):
                Control(self.url, self.key).delete(uid)


@pytest.fixture(scope="session")
def fake_url() -> Iterator[str]:
    """One stand-in for all tests that only need some server."""
    with listening(FakeServer(MASTER)) as url:
        yield url


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Each engine in turn, with nothing in it."""
    if request.param == "real-meilisearch":
        url, key = str(REAL), os.environ["DUIJIE_TEST_MEILI_KEY"]
    else:
        url, key = request.getfixturevalue("fake_url") if request.param == "meilisearch" else "", MASTER
    there = Engine(request.param, tmp_path / "search", url, key)
    yield there
    there.close()


@pytest.fixture
def index(engine: Engine) -> Index:
    """An index that is built, and empty."""
    opened = engine.open()
    build(opened, [], "0")
    return opened


def on_server(settings: CatalogSettings, url: str, uid: str | None = None) -> CatalogSettings:
    """The settings of a catalogue on a server whose master key is the tests', with keys of least rights."""
    named = uid or f"offerings-{next(_numbers)}"
    keys = meilisearch_keys.granted(Control(url, MASTER), named)
    for name, value in keys.items():
        (settings.secrets_dir / name).write_text(value)
    return settings.model_copy(update={"search_url": url, "search_index": named, "search_seconds": PATIENCE})


@pytest.fixture(params=["tantivy", "meilisearch"])
def settings(plain_settings: CatalogSettings, request: pytest.FixtureRequest) -> CatalogSettings:
    """The catalogue's settings with each engine; on the server with keys of least rights."""
    if request.param == "tantivy":
        return plain_settings
    return on_server(plain_settings, request.getfixturevalue("fake_url"))


@pytest.fixture
def searched(catalog: Any, settings: CatalogSettings) -> Iterator[Searched]:
    ready = Searched(catalog, settings)
    yield ready
    ready.index.close()
