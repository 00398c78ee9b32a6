"""Queries for tantivy, built from terms and codes and never parsed from text."""

from collections.abc import Callable, Mapping
from typing import Any

import tantivy
from tantivy import FieldType, Occur
from tantivy import Query as Find

from services.catalog.search.port import MAX_HITS, TEXT_FIELDS, Hits, Query, Word

_MAX_CATEGORIES = 1000


def search(index: tantivy.Index, query: Query) -> Hits:
    """Find, within what the engine bears (a limit of 0 makes it panic)."""
    searcher = index.searcher()
    words = _required_and_lifting(index.schema, searcher, query.words)
    if query.words and not words:
        return Hits()
    asked = _filtered(index.schema, query, words)
    newest_first = None if words else "published"
    limit = max(1, min(query.limit, MAX_HITS))
    found: Any = searcher.search(asked, limit, offset=query.offset, order_by_field=newest_first)
    ids = tuple(str(searcher.doc(address).get_first("id")) for _, address in found.hits)
    return Hits(ids, found.count, _counts(searcher, asked))


def _counts(searcher: tantivy.Searcher, asked: Find) -> Mapping[str, int]:
    by_category = {"terms": {"field": "categories", "size": _MAX_CATEGORIES}}
    buckets = searcher.aggregate(asked, {"categories": by_category})["categories"]["buckets"]
    return {bucket["key"]: bucket["doc_count"] for bucket in buckets}


def _required_and_lifting(
    schema: tantivy.Schema, searcher: tantivy.Searcher, words: tuple[Word, ...]
) -> list[tuple[Occur, Find]]:
    """Phrases must occur, else the rarest known words; the other known ones lift. Nothing when nothing is known."""
    phrases = [_word(schema, searcher, word) for word in words if word.phrase]
    others = [_word(schema, searcher, word) for word in words if not word.phrase]
    times = [_documents(searcher, asked) for asked in others]
    rarest = 0 if phrases else min((known for known in times if known), default=0)
    return [
        *((Occur.Must, asked) for asked in phrases),
        *((Occur.Must if n == rarest else Occur.Should, asked) for n, asked in zip(times, others, strict=True) if n),
    ]


def _documents(searcher: tantivy.Searcher, asked: Find) -> int:
    found: Any = searcher.search(asked, 1)
    return int(found.count)


def _word(schema: tantivy.Schema, searcher: tantivy.Searcher, word: Word) -> Find:
    if word.phrase:
        return _anywhere(lambda field: Find.phrase_query(schema, field, list(word.phrase)))
    if word.begins:
        return _anywhere(lambda field: _beginning(schema, searcher, field, word.text))
    return Find.disjunction_max_query([_term(schema, term) for term in (word.text, *word.synonyms)])


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
