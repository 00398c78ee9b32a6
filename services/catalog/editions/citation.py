"""How an edition is named and cited."""

from collections.abc import Mapping
from typing import Any

from services.catalog.editions.tables import Edition
from shared import clock
from shared.contracts.wire import Text

_SHOWN = 16
"""Digits of the hash in a citation: enough to tell two editions apart."""


def label(content: Mapping[str, Any]) -> Text:
    """《…推荐目录（第N期）》."""
    title, number = content["title"], content["number"]
    return Text(zh=f"《{title['zh']}（第{number}期）》", en=f"{title['en']}, edition {number}")


def of(row: Edition) -> Text | None:
    """The citation of an announced edition: issuer, label, day, and the beginning of its hash."""
    if row.announced_at is None or row.content_hash is None:
        return None
    named, issuer, short = label(row.content), row.content["issuer"], row.content_hash[:_SHOWN]
    day = row.announced_at.astimezone(clock.SHANGHAI).date()
    return Text(
        zh=f"{issuer['zh']}：{named.zh}，{day.year}年{day.month}月{day.day}日发布，sha256:{short}",
        en=f"{issuer['en']}: {named.en}, announced on {day.isoformat()}, sha256:{short}",
    )
