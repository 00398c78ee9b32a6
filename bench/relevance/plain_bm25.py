"""The yardstick: plain BM25 over name, summary and description, without filters and without reading anything."""

from collections import Counter
from collections.abc import Mapping
from math import log
from typing import Any

from shared import segmentation

K1, B = 1.2, 0.75


class PlainBM25:
    """Ranks offerings by text alone, with repeated words counting and with the usual constants."""

    def __init__(self, offerings: Mapping[str, Mapping[str, Any]]) -> None:
        texts = {code: f"{row['name']} {row['summary']} {row['description']}" for code, row in offerings.items()}
        self._counts = {code: Counter(segmentation.cut(text)) for code, text in texts.items()}
        self._mean = sum(sum(count.values()) for count in self._counts.values()) / len(self._counts)
        seen = Counter(term for count in self._counts.values() for term in count)
        total = len(self._counts)
        self._idf = {term: log(1 + (total - n + 0.5) / (n + 0.5)) for term, n in seen.items()}

    def rank(self, text: str, top: int = 10) -> list[str]:
        """The codes of the best offerings for a text."""
        terms = set(segmentation.cut(text))
        scores = {code: self._score(terms, count) for code, count in self._counts.items()}
        return sorted(scores, key=lambda code: (-scores[code], code))[:top]

    def _score(self, terms: set[str], count: Counter[str]) -> float:
        length = K1 * (1 - B + B * sum(count.values()) / self._mean)
        return sum(self._idf[t] * count[t] * (K1 + 1) / (count[t] + length) for t in terms if t in count)
