"""A feed to follow in tests: what catalog would publish, kept in a list."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from shared import canonical
from shared.codes import rows
from shared.contracts.changes import (
    CategoryRecord,
    Change,
    ChangePage,
    OfferingRecord,
    ProviderRecord,
    Record,
    SnapshotPage,
)
from shared.contracts.offerings import OfferingContent
from shared.contracts.providers import ProviderContent
from shared.feed import PAGE, CursorGone

DEMO = Path(__file__).parents[3] / "demo"
THEN = datetime(2026, 11, 1, tzinfo=UTC)


class FakeFeed:
    """A store with a change log; `forget()` makes old cursors gone, as a restored database does."""

    def __init__(self, records: Sequence[Record] = (), page: int = PAGE) -> None:
        self.state = {(record.entity, record.id): record for record in records}
        self.log: list[Change] = []
        self.epoch = 1
        self.position = 0
        self.page = page
        self.drained = False

    def put(self, record: Record, type_: str = "") -> Change:
        """Publish a record."""
        self.state[record.entity, record.id] = record
        return self.change(record.entity, record.id, record, type_ or f"{record.entity}.published")

    def remove(self, entity: str, entity_id: str) -> Change:
        """Withdraw something."""
        self.state.pop((entity, entity_id), None)
        return self.change(entity, entity_id, None, f"{entity}.withdrawn")

    def change(self, entity: str, entity_id: str, record: Record | None, type_: str) -> Change:
        """Log a change, whatever it says."""
        self.position += 1
        change = Change(
            position=self.position, type=type_, entity=entity, entity_id=entity_id, record=record, recorded_at=THEN
        )
        self.log.append(change)
        return change

    def forget(self) -> None:
        """Begin a new epoch: every cursor given so far is gone."""
        self.epoch += 1

    def changes(self, after: str) -> ChangePage:
        """The page after a cursor."""
        epoch, position = map(int, after.split(":"))
        if epoch != self.epoch:
            raise CursorGone
        page = tuple(change for change in self.log if change.position > position)[: self.page]
        self.drained = not page
        last = page[-1].position if page else position
        return ChangePage(changes=page, next=f"{self.epoch}:{last}", head=self.position)

    def snapshot(self, page: str | None) -> SnapshotPage:
        """A page of the present state."""
        start, cursor = (int(page.split("@")[0]), page.split("@")[1]) if page else (0, f"{self.epoch}:{self.position}")
        order = {"category": 0, "provider": 1, "offering": 2, "edition": 3}
        records = sorted(self.state.values(), key=lambda record: (order[record.entity], record.id))
        following = f"{start + self.page}@{cursor}" if start + self.page < len(records) else None
        return SnapshotPage(records=tuple(records[start : start + self.page]), cursor=cursor, next=following)


def categories() -> list[CategoryRecord]:
    """The tree that the catalogue ships with."""
    return [
        CategoryRecord(id=row["code"], parent=row["parent"] or None, name_zh=row["name_zh"], name_en=row["name_en"])
        for row in rows("categories.csv")
    ]


def providers() -> list[ProviderRecord]:
    """The providers of the demo."""
    return [_provider(row) for row in _lines("providers.jsonl")]


def offerings() -> list[OfferingRecord]:
    """The offerings of the demo."""
    return [_offering(row) for row in _lines("offerings.jsonl")]


def revised(record: OfferingRecord, **changed: object) -> OfferingRecord:
    """The next version of an offering."""
    content = record.content.model_copy(update=changed)
    digest = canonical.digest(canonical.plain(content))
    return record.model_copy(update={"content": content, "content_hash": digest, "version": record.version + 1})


def _lines(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (DEMO / name).read_text("utf-8").splitlines()]


def _provider(row: dict[str, object]) -> ProviderRecord:
    code = str(row.pop("code"))
    content = ProviderContent.model_validate_json(json.dumps(row))
    return ProviderRecord(id=f"prv_{code}", external_id=code, source="demo", standing="active", content=content)


def _offering(row: dict[str, object]) -> OfferingRecord:
    code, provider = str(row.pop("code")), str(row.pop("provider"))
    content = OfferingContent.model_validate_json(json.dumps(row))
    return OfferingRecord(
        id=f"off_{code}",
        provider_id=f"prv_{provider}",
        external_id=code,
        source="demo",
        version=1,
        content_hash=canonical.digest(canonical.plain(content)),
        published_at=THEN,
        content=content,
    )
