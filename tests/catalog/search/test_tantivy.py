"""What is tantivy's own: its files, and the lock of its one writer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.catalog.search.port import Query, Unsearchable
from services.catalog.search.tantivy import Busy, TantivyIndex
from tests.catalog.search.factories import build, document


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "search"


@pytest.fixture
def index(folder: Path) -> Iterator[TantivyIndex]:
    engine = TantivyIndex(folder)
    build(engine, [], "0")
    yield engine
    engine.close()


def test_what_was_not_confirmed_is_forgotten(index: TantivyIndex, folder: Path) -> None:
    index.put([document("off_lost")])
    index.close()
    again = TantivyIndex(folder)
    again.confirm("1")
    assert again.search(Query()).total == 0
    again.close()


def test_one_writes_at_a_time(index: TantivyIndex, folder: Path) -> None:
    other = TantivyIndex(folder)
    with pytest.raises(Busy):
        other.put([document("off_1")])
    with pytest.raises(Busy):
        other.beside()
    assert other.mark() == "0"


def test_a_deleted_index_is_built_again_by_who_held_it(index: TantivyIndex, folder: Path) -> None:
    index.put([document("off_1")])
    folder.rename(folder.with_name("gone"))
    build(index, [document("off_2")], "1")
    assert index.search(Query()).ids == ("off_2",)


def test_a_damaged_index_says_so(index: TantivyIndex, folder: Path) -> None:
    for part in next(folder.glob("idx_*")).iterdir():
        part.write_bytes(b"garbage")
    reader = TantivyIndex(folder)
    assert reader.mark() is None
    with pytest.raises(Unsearchable):
        reader.search(Query())


def test_who_reads_a_version_while_it_is_dropped_finds_in_the_next(
    index: TantivyIndex, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = TantivyIndex(folder)
    assert reader.search(Query()).total == 0
    present, seen = reader._present, [reader._present()]
    build(index, [document("off_1")], "1")
    monkeypatch.setattr(reader, "_present", lambda: seen.pop() if seen else present())
    found = reader.search(Query())
    assert (found.total, found.mark) == (1, "1")
