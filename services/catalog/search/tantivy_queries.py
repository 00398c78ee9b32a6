"""Queries for tantivy, built from terms and codes and never parsed from text."""

from collections.abc import Callable, Mapping
from typing import Any

import tantivy
from tantivy import FieldType, Occur
from tantivy import Query as Find

from services.catalog.search.port import MAX_HITS, TEXT_FIELDS, Hits, Query, Word

_MAX_CATEGORIES = 1000
_PARTS_WEIGHT = 0.3


def search(index: tantivy.Index, query: Query) -> Hits:
    """Find, within what the engine bears (a limit of 0 makes it panic)."""
    searcher = index.searcher()
    known = [word for word in query.words if _frequency(searcher, word)]
    if query.words and not known:
        return Hits()
    asked = _filtered(index.schema, query, _required_and_lifting(index.schema, searcher, known))
    newest_first = None if known else "published"
    limit = max(1, min(query.limit, MAX_HITS))
    found: Any = searcher.search(asked, limit, offset=query.offset, order_by_field=newest_first)
    ids = tuple(str(searcher.doc(address).get_first("id")) for _, address in found.hits)
    return Hits(ids, found.count, _counts(searcher, asked))


def _counts(searcher: tantivy.Searcher, asked: Find) -> Mapping[str, int]:
    by_category = {"terms": {"field": "categories", "size": _MAX_CATEGORIES}}
    buckets = searcher.aggregate(asked, {"categories": by_category})["categories"]["buckets"]
    return {bucket["key"]: bucket["doc_count"] for bucket in buckets}


def _frequency(searcher: tantivy.Searcher, word: Word) -> int:
    """In about how many documents a word stands; 0 = in none."""
    if _is_beginning(word):
        return max(sum(count for _, count in searcher.terms_with_prefix(name, word.text)) for name in TEXT_FIELDS)
    parts = min((_documents(searcher, part) for part in word.parts), default=0)
    return max(_documents(searcher, word.text), parts)


def _documents(searcher: tantivy.Searcher, term: str) -> int:
    return max(searcher.doc_freq(name, term) for name in TEXT_FIELDS)


def _required_and_lifting(
    schema: tantivy.Schema, searcher: tantivy.Searcher, words: list[Word]
) -> list[tuple[Occur, Find]]:
    rarest = min(words, key=lambda word: _frequency(searcher, word), default=None)
    return [(Occur.Must if word is rarest else Occur.Should, _word(schema, searcher, word)) for word in words]


def _is_beginning(word: Word) -> bool:
    """Nothing but a single character was typed: it is taken for the beginning of words."""
    return len(word.text) == 1


def _word(schema: tantivy.Schema, searcher: tantivy.Searcher, word: Word) -> Find:
    if word.phrase:
        return _anywhere(lambda field: Find.phrase_query(schema, field, list(word.parts)))
    if _is_beginning(word):
        return _anywhere(lambda field: _beginning(schema, searcher, field, word.text))
    whole = _term(schema, word.text)
    if not word.parts:
        return whole
    parts = Find.boolean_query([(Occur.Must, _term(schema, part)) for part in word.parts])
    return Find.disjunction_max_query([whole, Find.boost_query(parts, _PARTS_WEIGHT)])


def _term(schema: tantivy.Schema, term: str) -> Find:
    return _anywhere(lambda field: Find.term_query(schema, field, term, "freq"))


def _beginning(schema: tantivy.Schema, searcher: tantivy.Searcher, field: str, start: str) -> Find:
    return Find.term_set_query(schema, field, [term for term, _ in searcher.terms_with_prefix(field, start)])


def _anywhere(inside: Callable[[str], Find]) -> Find:
    return Find.disjunction_max_query(
        [Find.boost_query(inside(field), weight) for field, weight in TEXT_FIELDS.items()]
    )


def _filtered(schema: tantivy.Schema, query: Query, words: list[tuple[Occur, Find]]) -> Find:
    clauses = words or [(Occur.Must, Find.all_query())]
    for condition in query.conditions:
        either = [(Occur.Should, Find.term_set_query(schema, field, list(codes))) for field, codes in condition.items()]
        clauses.append((Occur.Must, Find.const_score_query(Find.boolean_query(either), 0.0)))
    expired = Find.range_query(schema, "valid_until", FieldType.Integer, None, query.as_of.toordinal() - 1)
    clauses.append((Occur.MustNot, expired))
    if query.price_max is not None:
        dearer = Find.range_query(schema, "price", FieldType.Integer, query.price_max + 1, None)
        clauses.append((Occur.MustNot, dearer))
    return Find.boolean_query(clauses)
