"""The raw engine query that matching is measured against: tantivy, filtered, the best 200, nothing fetched."""

from collections.abc import Sequence

import tantivy

from services.matching.kernel.demand import Demand
from services.matching.snapshot.segment import Entry
from services.matching.snapshot.snapshot import Snapshot
from shared.codes import industries, regions
from shared.contracts.vocabulary import Delivery, members

HITS = 200
_FACETS = ("category", "region", "industry", "size", "delivery")


class Engine:
    """The offers of a snapshot in a tantivy index in memory: one segment, words already cut."""

    def __init__(self, snapshot: Snapshot) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
        for facet in _FACETS:
            builder.add_text_field(facet, tokenizer_name="raw", index_option="basic")
        for number in ("price", "lead"):
            builder.add_integer_field(number, indexed=True, fast=True)
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        self._index.register_tokenizer(
            "whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        )
        writer = self._index.writer(512_000_000, num_threads=1)
        columns, places = snapshot.base.columns, _places(snapshot)
        for row, entry in enumerate(snapshot.base.entries):
            place = places[row]
            writer.add_document(self._document(entry, int(columns.price[place]), int(columns.lead_days[place])))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._families = snapshot.tree

    @property
    def segments(self) -> int:
        """How many segments the index has; one is the fair case."""
        return int(self._searcher.num_segments)

    def _document(self, entry: Entry, price: int, lead: int) -> tantivy.Document:
        content = entry.offering.content
        document = tantivy.Document()
        document.add_text("body", " ".join(entry.said))
        for facet, values in (
            ("category", content.categories),
            ("region", content.regions),
            ("industry", content.industries or ("any",)),
            ("size", content.enterprise_sizes or ("any",)),
            ("delivery", content.delivery or ("any",)),
        ):
            for value in values:
                document.add_text(facet, value)
        document.add_integer("price", price)
        document.add_integer("lead", lead)
        return document

    def query(self, demand: Demand, words: Sequence[str]) -> tantivy.Query:
        """The filters of a demand, and any of its words."""
        wanted = [code for code, _ in demand.categories]
        codes = [*wanted, *(other for code in wanted for other in self._families.siblings(code))]
        clauses = [
            self._any("category", codes),
            self._any("region", regions.lineage(demand.region)),
            self._any("industry", (*industries.lineage(demand.industry or ""), "any")),
        ]
        if demand.size:
            clauses.append(self._any("size", (demand.size, "any")))
        if demand.delivery:
            offered = [name for place, name in enumerate(members(Delivery)) if demand.delivery >> place & 1]
            clauses.append(self._any("delivery", (*offered, "any")))
        if demand.budget is not None:
            clauses.append(self._up_to("price", demand.budget * 11 // 10))
        if demand.deadline is not None:
            clauses.append(self._up_to("lead", demand.deadline * 11 // 10))
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "body", word, index_option="freq"))
            for word in words
        ]
        must = [(tantivy.Occur.Must, clause) for clause in clauses]
        return tantivy.Query.boolean_query([*must, (tantivy.Occur.Must, tantivy.Query.boolean_query(terms))])

    def search(self, query: tantivy.Query) -> int:
        """Runs the query; how many of the best 200 it found."""
        return len(self._searcher.search(query, HITS, count=False).hits)

    def _any(self, field: str, values: Sequence[str]) -> tantivy.Query:
        return tantivy.Query.const_score_query(tantivy.Query.term_set_query(self._schema, field, list(values)), 0.0)

    def _up_to(self, field: str, limit: int) -> tantivy.Query:
        within = tantivy.Query.range_query(self._schema, field, tantivy.FieldType.Integer, -1, limit)
        return tantivy.Query.const_score_query(within, 0.0)


def _places(snapshot: Snapshot) -> dict[int, int]:
    return {int(row): place for place, row in enumerate(snapshot.base.rows)}
