"""HTML from plain values: text always goes in as text, so nothing that was sent or stored can become markup."""

from collections.abc import Iterable, Mapping
from html import escape

_VOID = frozenset(("br", "img", "input", "link", "meta"))


class Markup(str):
    """Text that is HTML already; only `element` and `join` make it."""

    __slots__ = ()


def element(name: str, attributes: Mapping[str, str | bool | None] | None = None, *children: object) -> Markup:
    """An element. An attribute that is None or False is left out, one that is True stands alone."""
    told = "".join(
        f" {key}" if value is True else f' {key}="{escape(value)}"'
        for key, value in (attributes or {}).items()
        if value is not None and value is not False
    )
    if name in _VOID:
        return Markup(f"<{name}{told}>")
    return Markup(f"<{name}{told}>{join(*children)}</{name}>")


def join(*children: object) -> Markup:
    """Children one after the other: None is nothing, a list its items, a string is escaped."""
    parts: list[str] = []
    for child in children:
        if isinstance(child, Markup):
            parts.append(child)
        elif isinstance(child, str):
            parts.append(escape(child))
        elif isinstance(child, Iterable):
            parts.append(join(*child))
        elif child is not None and child is not False:
            parts.append(escape(str(child)))
    return Markup("".join(parts))
