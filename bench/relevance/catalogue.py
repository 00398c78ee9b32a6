"""The demo catalogue as records, for the yardsticks and the checks of the benchmark."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared import canonical
from shared.contracts.changes import OfferingRecord, ProviderRecord
from shared.contracts.offerings import OfferingContent
from shared.contracts.providers import ProviderContent

FOLDER = Path(__file__).parents[2] / "demo"
PUBLISHED = datetime(2026, 11, 1, tzinfo=UTC)


def rows(kind: str) -> dict[str, dict[str, Any]]:
    """The demo's providers or offerings by code, as they stand in the file."""
    lines = (FOLDER / f"{kind}.jsonl").read_text("utf-8").splitlines()
    return {row["code"]: row for row in map(json.loads, lines)}


def providers() -> dict[str, ProviderRecord]:
    """The demo's providers by code, all active."""
    return {
        code: ProviderRecord(
            id=code,
            external_id=code,
            source="demo",
            standing="active",
            content=ProviderContent.model_validate(_without(row, "code")),
        )
        for code, row in rows("providers").items()
    }


def offerings() -> dict[str, OfferingRecord]:
    """The demo's offerings by code, all published."""
    return {code: _offering(code, row) for code, row in rows("offerings").items()}


def _offering(code: str, row: Mapping[str, Any]) -> OfferingRecord:
    content = OfferingContent.model_validate(_without(row, "code", "provider"))
    return OfferingRecord(
        id=code,
        provider_id=row["provider"],
        external_id=code,
        source="demo",
        version=1,
        content_hash=canonical.digest(canonical.plain(content)),
        published_at=PUBLISHED,
        content=content,
    )


def _without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
