"""The filter language: parsed by its documented grammar, judged by its documented meaning."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tests.support.meilisearch.errors import ApiError

_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<sign><=|>=|!=|[=<>()\[\],])|(?P<word>[\w.-]+))"""
)
_KEYWORDS = ["AND", "OR", "IN", "NOT", "TO", "EXISTS", "IS", "NULL", "EMPTY", "CONTAINS", "STARTS", "WITH"]
_COMPARES: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
Judge = Callable[[Mapping[str, Any]], bool]
Allowed = Callable[[str, str], bool]
"""Whether an attribute may be filtered in a way: `equality` or `comparison`."""


def judge(asked: Any, allowed: Allowed, patterns: Iterable[str]) -> Judge:
    """What decides on a document; a list is an outer AND of inner ORs."""
    if asked is None:
        return lambda _: True
    if isinstance(asked, str):
        return _Parser(asked, allowed, patterns).whole() if asked.strip() else lambda _: True
    if not isinstance(asked, list):
        raise _wrong("Invalid syntax for the filter parameter: `expected String, Array`.")
    parts = [_either(part, allowed, patterns) for part in asked]
    return lambda document: all(part(document) for part in parts)


def _either(part: Any, allowed: Allowed, patterns: Iterable[str]) -> Judge:
    alternatives = part if isinstance(part, list) else [part]
    if not all(isinstance(one, str) for one in alternatives):
        raise _wrong("Invalid syntax for the filter parameter: `expected String`.")
    judges = [_Parser(one, allowed, patterns).whole() for one in alternatives]
    return lambda document: any(one(document) for one in judges)


def _wrong(message: str) -> ApiError:
    return ApiError("invalid_search_filter", message)


def _values(document: Mapping[str, Any], attribute: str) -> Sequence[Any]:
    value = document.get(attribute)
    return value if isinstance(value, list) else [] if value is None else [value]


def folded(value: Any) -> str:
    """Equality is on trimmed, compatibility-decomposed, lower-cased text."""
    said = str(value).lower() if isinstance(value, bool) else str(value)
    return unicodedata.normalize("NFKD", said.strip()).lower()


class _Parser:
    def __init__(self, asked: str, allowed: Allowed, patterns: Iterable[str]) -> None:
        self._asked = asked
        self._allowed = allowed
        self._patterns = ", ".join(f"`{pattern}`" for pattern in sorted(patterns))
        self._tokens = self._cut(asked)
        self._at = 0

    def whole(self) -> Judge:
        found = self._either()
        if self._at < len(self._tokens):
            raise _wrong(f"Found unexpected characters at the end of the filter: `{self._peek()}`.")
        return found

    def _cut(self, asked: str) -> list[tuple[str, str]]:
        tokens, at = [], 0
        while asked[at:].strip():
            found = _TOKEN.match(asked, at)
            if found is None:
                raise _wrong(f"Was expecting an operation at `{asked[at:]}`.")
            kind = str(found.lastgroup)
            said = found[kind]
            tokens.append(("value", re.sub(r"\\(.)", r"\1", said[1:-1])) if kind == "quoted" else (kind, said))
            at = found.end()
        return tokens

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _take(self, kind: str, said: str) -> bool:
        if self._peek() == (kind, said):
            self._at += 1
            return True
        return False

    def _need(self, kind: str, said: str) -> None:
        if not self._take(kind, said):
            raise _wrong(f"Expected `{said}`, found `{self._peek()[1]}` in `{self._asked}`.")

    def _either(self) -> Judge:
        parts = [self._every()]
        while self._take("word", "OR"):
            parts.append(self._every())
        return lambda document: any(part(document) for part in parts)

    def _every(self) -> Judge:
        parts = [self._not()]
        while self._take("word", "AND"):
            parts.append(self._not())
        return lambda document: all(part(document) for part in parts)

    def _not(self) -> Judge:
        if self._take("word", "NOT"):
            other = self._not()
            return lambda document: not other(document)
        if self._take("sign", "("):
            inside = self._either()
            self._need("sign", ")")
            return inside
        return self._condition()

    def _condition(self) -> Judge:
        attribute = self._value()
        kind, operator = self._peek()
        self._at += 1
        if (kind, operator) == ("word", "IN"):
            return self._in(attribute)
        if kind == "sign" and operator in ("=", "!="):
            self._may(attribute, "equality")
            wanted = folded(self._value())
            equal = operator == "="
            return lambda document: (wanted in map(folded, _values(document, attribute))) is equal
        if kind == "sign" and operator in _COMPARES:
            return self._comparison(attribute, operator)
        raise _wrong(f"Was expecting an operation `=`, `!=`, `>=`, `>`, `<=`, `<`, `IN` at `{self._asked}`.")

    def _comparison(self, attribute: str, operator: str) -> Judge:
        self._may(attribute, "comparison")
        said = self._value()
        try:
            bound = float(said)
        except ValueError:
            raise _wrong(f"Invalid value `{said}`: expected a number.") from None
        compares = _COMPARES[operator]

        def holds(document: Mapping[str, Any]) -> bool:
            numbers = [value for value in _values(document, attribute) if isinstance(value, int | float)]
            return any(compares(value, bound) for value in numbers)

        return holds

    def _in(self, attribute: str) -> Judge:
        self._may(attribute, "equality")
        self._need("sign", "[")
        wanted: set[str] = set()
        while not self._take("sign", "]"):
            wanted.add(folded(self._value()))
            if not self._take("sign", ","):
                self._need("sign", "]")
                break
        return lambda document: any(folded(value) in wanted for value in _values(document, attribute))

    def _value(self) -> str:
        kind, said = self._peek()
        if kind not in ("value", "word") or (kind == "word" and said in _KEYWORDS):
            raise _wrong(f"Was expecting a value but instead got `{said}`.")
        self._at += 1
        return said

    def _may(self, attribute: str, way: str) -> None:
        if self._allowed(attribute, "any") is False:
            raise _wrong(
                f"Attribute `{attribute}` is not filterable. Available filterable attribute patterns are: "
                f"{self._patterns}."
            )
        if not self._allowed(attribute, way):
            raise _wrong(f"Filter operator is not allowed for the attribute `{attribute}`.")
