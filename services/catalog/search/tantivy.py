"""The embedded engine. A folder holds versions of the index and a pointer file that names the present one.

Upsert is delete-by-term and add in one commit. One process writes, held to that by a lock on the folder; any number
read, and see each commit at their next search.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import IO, Any

import tantivy

from services.catalog.search import documents, tantivy_queries
from services.catalog.search.port import CODE_FIELDS, TEXT_FIELDS, Document, Hits, Query, Unsearchable
from shared import identifiers

_POINTER = "current"
_MARK = "mark.json"
_HEAP = 30_000_000


class Busy(Exception):
    """Another process writes to this index."""


class TantivyIndex:
    """The port on tantivy (services.catalog.search.port.Index)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opening = Lock()
        self._opened: tuple[str, tantivy.Index] | None = None
        self._writing: tuple[tantivy.Schema, tantivy.IndexWriter] | None = None
        self._held: IO[str] | None = None

    def put(self, found: Iterable[Document]) -> None:
        """Add or replace documents."""
        schema, writer = self._writer()
        for document in found:
            writer.delete_documents_by_term("id", document.id)
            writer.add_document(_fields(document, schema))

    def remove(self, ids: Iterable[str]) -> None:
        """Take documents out."""
        _, writer = self._writer()
        for identifier in ids:
            writer.delete_documents_by_term("id", identifier)

    def confirm(self, mark: str) -> None:
        """Commit, then remember the mark: after a crash in between, the same changes are only applied again."""
        _, writer = self._writer()
        writer.commit()
        _write_mark(self._present(), mark)

    def rebuild(self, found: Iterable[Document], mark: str) -> None:
        """Build a new version, point to it, drop the others. When it fails, the old one stays."""
        self._hold()
        self._writing = None
        version = self._folder / identifiers.new("idx")
        version.mkdir()
        index = _registered(tantivy.Index(_schema(), str(version)))
        writer = index.writer(_HEAP, 1)
        for document in found:
            writer.add_document(_fields(document, index.schema))
        writer.commit()
        _write_mark(version, mark)
        _replace(self._folder / _POINTER, version.name)
        self._writing = (index.schema, writer)
        for other in self._folder.glob("idx_*"):
            if other != version:
                shutil.rmtree(other, ignore_errors=True)

    def mark(self) -> str | None:
        """The last mark; null when there is no index of the present form."""
        try:
            stored = json.loads((self._present() / _MARK).read_text("utf-8"))
        except (OSError, ValueError, Unsearchable):
            return None
        return str(stored["mark"]) if stored.get("form") == documents.form() else None

    def search(self, query: Query) -> Hits:
        """Find in what was last committed."""
        try:
            index = self._reader()
            index.reload()
            return tantivy_queries.search(index, query)
        except (ValueError, OSError) as failure:
            self._opened = None
            raise Unsearchable("the index cannot be read") from failure

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

    def _reader(self) -> tantivy.Index:
        version = self._present()
        with self._opening:
            if self._opened is None or self._opened[0] != version.name:
                if self.mark() is None:
                    raise Unsearchable("the index is of another form")
                self._opened = (version.name, _registered(tantivy.Index.open(str(version))))
            return self._opened[1]

    def _writer(self) -> tuple[tantivy.Schema, tantivy.IndexWriter]:
        if self._writing is None:
            self._hold()
            try:
                index = _registered(tantivy.Index.open(str(self._present())))
                self._writing = (index.schema, index.writer(_HEAP, 1))
            except ValueError as damaged:
                raise Unsearchable("the index cannot be written") from damaged
        return self._writing

    def _hold(self) -> None:
        """Be the one writer; Busy when another is. The system lets go of the lock when the process dies."""
        if self._held is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            held = (self._folder / "writer.lock").open("w", encoding="utf-8")
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


def _write_mark(version: Path, mark: str) -> None:
    _replace(version / _MARK, json.dumps({"form": documents.form(), "mark": mark}))


def _replace(path: Path, text: str) -> None:
    """Write a file so that a reader, or a crash, sees the old text or the new one."""
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as target:
        target.write(text)
        target.flush()
        os.fsync(target.fileno())
    beside.replace(path)
