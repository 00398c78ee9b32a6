"""What a query means, in plain Python over documents in memory: slow, and the same for every engine.

It answers when no engine does (services.catalog.fallback), and tests hold the engines to it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from services.catalog.search.port import MAX_HITS, TEXT_FIELDS, Document, Hits, Query, Word


class PlainIndex:
    """Documents in memory that can be searched (services.catalog.search.port.Searchable)."""

    def __init__(self, found: Iterable[Document]) -> None:
        self._inside = [_Inside(document) for document in found]

    def search(self, query: Query) -> Hits:
        """Find; what says most of the words first, then the newest."""
        required, lifting = _required_and_lifting(self._inside, query.words)
        if query.words and not required:
            return Hits()
        words = (*required, *lifting)
        found = [
            each
            for each in self._inside
            if all(each.weight(word) for word in required) and allowed(each.document, query)
        ]
        found.sort(key=lambda each: (-sum(map(each.weight, words)), -each.document.published))
        counts = Counter(code for each in found for code in each.document.codes["categories"])
        listed = found[:MAX_HITS][query.offset : query.offset + max(1, min(query.limit, MAX_HITS))]
        return Hits(tuple(each.document.id for each in listed), len(found), dict(counts))


def allowed(document: Document, query: Query) -> bool:
    """Whether every condition holds; what is not known holds."""
    return (
        (document.valid_until is None or document.valid_until >= query.as_of)
        and (query.price_max is None or document.price is None or document.price <= query.price_max)
        and all(
            any(not set(document.codes[field]).isdisjoint(codes) for field, codes in condition.items())
            for condition in query.conditions
        )
    )


class _Inside:
    """A document with its words at hand."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._said = {field: text.split() for field, text in document.texts.items()}

    def weight(self, word: Word) -> float:
        """The weight of the best field that says the word; 0 when none does."""
        return max((TEXT_FIELDS[field] for field, said in self._said.items() if _says(said, word)), default=0.0)


def _required_and_lifting(inside: Iterable[_Inside], words: Sequence[Word]) -> tuple[list[Word], list[Word]]:
    """Phrases are required, else the rarest of the words that occur at all."""
    phrases = [word for word in words if word.phrase]
    times = {word: sum(1 for each in inside if each.weight(word)) for word in words if not word.phrase}
    rarest = 0 if phrases else min((count for count in times.values() if count), default=0)
    required = [word for word, count in times.items() if count and count == rarest]
    return phrases + required, [word for word in times if word not in required]


def _says(said: Sequence[str], word: Word) -> bool:
    if word.phrase:
        length = len(word.phrase)
        return any(tuple(said[at : at + length]) == word.phrase for at in range(len(said) - length + 1))
    if word.begins:
        return any(term.startswith(word.text) for term in said)
    return any(term in said for term in (word.text, *word.synonyms))
