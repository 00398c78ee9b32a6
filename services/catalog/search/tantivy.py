"""The embedded engine. A folder holds versions of the index and a pointer file that names the present one.

Upsert is delete-by-term and add in one commit. One process writes, held to that by a lock on the folder; any number
read, and see each commit at their next search.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import IO, Any

import tantivy

from services.catalog.search import documents, tantivy_queries
from services.catalog.search.port import CODE_FIELDS, TEXT_FIELDS, Document, Hits, Query, Unsearchable
from shared import identifiers

_POINTER = "current"
_MARK = "mark.json"
_ASKED = "rebuild-asked"
_HEAP = 30_000_000


class Busy(Exception):
    """Another process writes to this index."""


class Version:
    """One version of the index, open for writing (services.catalog.search.port.Target)."""

    def __init__(self, folder: Path, index: tantivy.Index) -> None:
        self.folder = folder
        self._schema = index.schema
        self._writer = index.writer(_HEAP, 1)

    def put(self, found: Iterable[Document]) -> None:
        """Add or replace documents."""
        for document in found:
            self._writer.delete_documents_by_term("id", document.id)
            self._writer.add_document(_fields(document, self._schema))

    def remove(self, ids: Iterable[str]) -> None:
        """Take documents out."""
        for identifier in ids:
            self._writer.delete_documents_by_term("id", identifier)

    def confirm(self, mark: str) -> None:
        """Commit, then remember the mark: after a crash in between, the same changes are only applied again."""
        self._writer.commit()
        _replace(self.folder / _MARK, json.dumps({"form": documents.form(), "mark": mark}))


class NewVersion(Version):
    """A version that is built beside the present one (services.catalog.search.port.Building)."""

    def __init__(self, home: "TantivyIndex", folder: Path) -> None:
        folder.mkdir()
        super().__init__(folder, _registered(tantivy.Index(_schema(), str(folder))))
        self._home = home

    def swap(self) -> None:
        """Be the version that is pointed to; the others are dropped."""
        self._home.adopt(self)

    def drop(self) -> None:
        """Leave no trace."""
        shutil.rmtree(self.folder, ignore_errors=True)


class TantivyIndex:
    """The port on tantivy (services.catalog.search.port.Index)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opening = Lock()
        self._opened: tuple[str, tantivy.Index] | None = None
        self._writing: Version | None = None
        self._held: IO[str] | None = None

    def put(self, found: Iterable[Document]) -> None:
        """Add or replace documents."""
        self._writer().put(found)

    def remove(self, ids: Iterable[str]) -> None:
        """Take documents out."""
        self._writer().remove(ids)

    def confirm(self, mark: str) -> None:
        """Commit and remember the mark."""
        self._writer().confirm(mark)

    def beside(self) -> NewVersion:
        """Begin a new version."""
        self._hold()
        return NewVersion(self, self._folder / identifiers.new("idx"))

    def adopt(self, version: Version) -> None:
        """Point to a version, and drop the others and what asked for it."""
        _replace(self._folder / _POINTER, version.folder.name)
        self._writing = version
        (self._folder / _ASKED).unlink(missing_ok=True)
        for other in self._folder.glob("idx_*"):
            if other != version.folder:
                shutil.rmtree(other, ignore_errors=True)

    def mark(self) -> str | None:
        """The last mark; null when there is no index of the present form."""
        try:
            return _mark(self._present())
        except Unsearchable:
            return None

    def ask_anew(self) -> None:
        """Leave a file that asks for it beside the versions."""
        self._present()
        (self._folder / _ASKED).touch()

    def asked_anew(self) -> bool:
        """Whether that file is there."""
        return (self._folder / _ASKED).exists()

    def search(self, query: Query) -> Hits:
        """Find in what was last committed; a version that is dropped meanwhile has another in its place."""
        version = self._present()
        try:
            return self._found(version, query)
        except Unsearchable:
            following = self._present()
            if following == version:
                raise
            return self._found(following, query)

    def close(self) -> None:
        """Let go of files and the writer's lock; what was not confirmed is forgotten."""
        self._writing = self._opened = None
        if self._held is not None:
            self._held.close()
            self._held = None

    def _present(self) -> Path:
        try:
            return self._folder / (self._folder / _POINTER).read_text("utf-8")
        except OSError as missing:
            raise Unsearchable("there is no index yet") from missing

    def _found(self, version: Path, query: Query) -> Hits:
        mark = _mark(version)
        if mark is None:
            raise Unsearchable("the index is of another form")
        try:
            index = self._reader(version)
            index.reload()
            return replace(tantivy_queries.search(index, query), mark=mark)
        except (ValueError, OSError) as failure:
            self._opened = None
            raise Unsearchable("the index cannot be read") from failure

    def _reader(self, version: Path) -> tantivy.Index:
        with self._opening:
            if self._opened is None or self._opened[0] != version.name:
                self._opened = (version.name, _registered(tantivy.Index.open(str(version))))
            return self._opened[1]

    def _writer(self) -> Version:
        if self._writing is None:
            self._hold()
            present = self._present()
            try:
                self._writing = Version(present, _registered(tantivy.Index.open(str(present))))
            except ValueError as damaged:
                raise Unsearchable("the index cannot be written") from damaged
        return self._writing

    def _hold(self) -> None:
        """Be the one writer; Busy when another is. The system lets go of the lock when the process dies."""
        lock = self._folder / "writer.lock"
        if self._held is not None and not lock.exists():
            self.close()  # somebody deleted the index, and the lock with it
        if self._held is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            held = lock.open("w", encoding="utf-8")
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as taken:
                held.close()
                raise Busy from taken
            self._held = held


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name="words", index_option="position")
    for name in CODE_FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=name == "categories")
    for name in ("price", "valid_until", "published"):
        builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()


def _registered(index: tantivy.Index) -> tantivy.Index:
    """An index remembers the name of a tokenizer, not the tokenizer: it must be given on every open."""
    index.register_tokenizer("words", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return index


def _fields(document: Document, schema: tantivy.Schema) -> tantivy.Document:
    members: dict[str, Any] = {"id": document.id, "published": document.published, **document.texts}
    members |= {name: list(codes) for name, codes in document.codes.items()}
    if document.price is not None:
        members["price"] = document.price
    if document.valid_until is not None:
        members["valid_until"] = document.valid_until.toordinal()
    return tantivy.Document.from_dict(members, schema)


def _mark(version: Path) -> str | None:
    try:
        stored = json.loads((version / _MARK).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return str(stored["mark"]) if stored.get("form") == documents.form() else None


def _replace(path: Path, text: str) -> None:
    """Write a file so that a reader, or a crash, sees the old text or the new one."""
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as target:
        target.write(text)
        target.flush()
        os.fsync(target.fileno())
    beside.replace(path)
