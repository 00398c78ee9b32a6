"""An announced edition as a file: the whole document (JSON), a list for people (XLSX), one for importing (JSON Lines).

Each is made of the frozen rows alone, so equal content gives equal bytes, whatever happened to the catalogue since.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from sqlalchemy.orm import Session

from services.catalog.editions import citation, freezing, workbook
from services.catalog.editions.freezing import Document
from services.catalog.editions.tables import Edition
from services.catalog.editions.workbook import Cell
from shared import canonical

Format = Literal["json", "xlsx", "jsonl"]


class Download(NamedTuple):
    """A file: its bytes, its media type, its name."""

    data: bytes
    media_type: str
    name: str


def write(session: Session, edition: Edition, wanted: Format) -> Download:
    """The edition in one of the forms."""
    media_type, render = FORMS[wanted]
    name = f"{edition.id}-{edition.number}.{wanted}"
    return Download(render(edition, freezing.document(session, edition)), media_type, name)


def _json(_: Edition, document: Document) -> bytes:
    return canonical.encode(document)


def _json_lines(_: Edition, document: Document) -> bytes:
    """What `POST /v1/imports` takes as offerings: the providers are named by their credit codes."""
    return b"".join(
        canonical.encode({"code": row["offering_id"], "provider": row["provider"]["uscc"], **row["content"]}) + b"\n"
        for row in document["items"]
    )


def _xlsx(edition: Edition, document: Document) -> bytes:
    names = {category["code"]: category["name_zh"] for category in document["counts"]["categories"]}
    titles: list[Cell] = [title for title, _ in COLUMNS]
    listed = [titles, *(cells(row, names) for row in document["items"])]
    return workbook.write([("目录", listed), ("说明", _about(edition, document))])


def cells(row: Document, categories: dict[str, str]) -> list[Cell]:
    """One row of the list for people."""
    return [read(row, categories) for _, read in COLUMNS]


def _about(edition: Edition, document: Document) -> Iterator[list[Cell]]:
    front, cited = document["edition"], citation.of(edition)
    yield ["名称", front["label"]["zh"]]
    yield ["Title", front["label"]["en"]]
    yield ["发布单位", front["issuer"]["zh"]]
    yield ["有效期", f"{front['valid_from']} 至 {front['valid_until']}"]
    yield ["引用", cited.zh if cited else None]
    yield ["Cite as", cited.en if cited else None]
    yield ["SHA-256", document["content_hash"]]
    yield ["供给", document["counts"]["items"]]
    yield ["服务商", document["counts"]["providers"]]
    yield ["公示后不再发布而未列入", len(document["struck"])]
    yield []
    yield ["类目代码", "类目", "供给", "服务商"]
    for category in document["counts"]["categories"]:
        yield [category[name] for name in ("code", "name_zh", "items", "providers")]


def _of_content(name: str) -> Callable[[Document, dict[str, str]], Cell]:
    return lambda row, _: row["content"].get(name)


def _joined(name: str) -> Callable[[Document, dict[str, str]], Cell]:
    return lambda row, _: "、".join(row["content"].get(name, ())) or None


def _of_price(name: str) -> Callable[[Document, dict[str, str]], Cell]:
    def read(row: Document, _: dict[str, str]) -> Cell:
        price: dict[str, Any] = row["content"].get("price") or {}
        found = price.get(name)
        if name in ("min", "max") and found is not None and price.get("model") != "rate":
            return Decimal(found) / 100
        return None if name in ("min", "max") else found

    return read


COLUMNS: tuple[tuple[str, Callable[[Document, dict[str, str]], Cell]], ...] = (
    ("序号", lambda row, _: row["place"]),
    ("供给名称", _of_content("name")),
    ("服务商", lambda row, _: row["provider"]["name"]),
    ("统一社会信用代码", lambda row, _: row["provider"]["uscc"]),
    ("主类目", lambda row, names: names[row["category"]]),
    ("主类目代码", lambda row, _: row["category"]),
    ("全部类目代码", _joined("categories")),
    ("类型", _of_content("kind")),
    ("简介", _of_content("summary")),
    ("服务地区代码", _joined("regions")),
    ("行业代码", _joined("industries")),
    ("企业规模", _joined("enterprise_sizes")),
    ("交付方式", _joined("delivery")),
    ("计价", _of_price("model")),
    ("最低价（元）", _of_price("min")),
    ("最高价（元）", _of_price("max")),
    ("计价单位", _of_price("per")),
    ("让利（基点）", _of_content("discount_bp")),
    ("上线天数", _of_content("lead_time_days")),
    ("试用天数", _of_content("trial_days")),
    ("合规", _joined("compliance")),
    ("功能", _joined("features")),
    ("截止日期", _of_content("valid_until")),
    ("供给编号", lambda row, _: row["offering_id"]),
    ("版本", lambda row, _: row["version"]),
    ("内容哈希", lambda row, _: row["content_hash"]),
)
"""The columns of the list for people: title, and what stands under it. A row without a fact has an empty cell."""

FORMS: dict[Format, tuple[str, Callable[[Edition, Document], bytes]]] = {
    "json": ("application/json", _json),
    "xlsx": (workbook.MEDIA_TYPE, _xlsx),
    "jsonl": ("application/x-ndjson", _json_lines),
}
