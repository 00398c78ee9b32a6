"""How evenly the served places are spread over providers."""

from collections import Counter
from collections.abc import Iterable

from bench.relevance.asking import Answer


def gini(answers: Iterable[Answer]) -> float:
    """The Gini index of places per provider, over the providers served at least once; 0 = even, 1 = one has all."""
    counts = sorted(_counts(answers).values())
    total, n = sum(counts), len(counts)
    return (2 * sum(place * count for place, count in enumerate(counts, 1)) / total - (n + 1)) / n if total else 0.0


def top_share(answers: Iterable[Answer]) -> float:
    """The share of all places that the tenth of the providers with the most places has."""
    counts = sorted(_counts(answers).values(), reverse=True)
    return sum(counts[: max(1, len(counts) // 10)]) / sum(counts) if counts else 0.0


def _counts(answers: Iterable[Answer]) -> Counter[str]:
    return Counter(result["provider_id"] for answer in answers for result in answer.body["match_run"]["results"])
