"""From an offering's content to the document that is indexed."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from services.catalog.search.port import ANY, Document
from shared import canonical, lexicon, segmentation
from shared.codes import industries, regions
from shared.contracts.changes import CategoryRecord, OfferingRecord
from shared.contracts.offerings import OfferingContent

_FORM = 3
"""Raise it when the form of documents or the way of cutting changes."""

_PERIODS_A_YEAR = {"month": 12}


@cache
def form() -> str:
    """The form of documents: an index of another form, or with other words of the trade, is built again."""
    return canonical.digest([_FORM, sorted(segmentation.domain_words()), sorted(map(sorted, lexicon.synonyms()))])


def document(
    offering: OfferingRecord,
    provider_name: str,
    tree: Mapping[str, CategoryRecord],
    editions: tuple[str, ...] = (),
) -> Document:
    """The document of a published offering. `tree` is the category tree by code, `editions` are those that list it."""
    content = offering.content
    filed = _with_parents(content.categories, tree)
    labels = [tree[code].name_zh for code in filed if code in tree]
    words = {
        "name": segmentation.cut(content.name),
        "topics": segmentation.cut("\n".join((content.summary, *content.features, *labels))),
        "description": segmentation.cut(content.description),
        "provider": segmentation.cut(provider_name),
    }
    inner = _inner(word for said in words.values() for word in said)
    return Document(
        id=offering.id,
        texts={name: " ".join(said) for name, said in {**words, "inner": inner}.items()},
        codes={
            "categories": filed,
            "regions": content.regions or (ANY,),
            "inside_regions": _wider(content.regions, regions.lineage),
            "industries": content.industries or (ANY,),
            "inside_industries": _wider(content.industries, industries.lineage),
            "sizes": content.enterprise_sizes or (ANY,),
            "editions": editions,
        },
        price=first_year(content),
        valid_until=content.valid_until,
        published=int(offering.published_at.timestamp()),
    )


def first_year(content: OfferingContent) -> int | None:
    """The lowest that one unit costs in the first year after the discount, in fen; null when that is not known."""
    price = content.price
    if price is None or price.model in ("quote", "rate"):
        return None
    if price.model == "free":
        return 0
    if price.min is None:
        return None
    year = price.min * _PERIODS_A_YEAR.get(price.per or "", 1)
    return year * (10_000 - (content.discount_bp or 0)) // 10_000


def _inner(words: Iterable[str]) -> list[str]:
    """The words inside words, and the words of the trade all of whose inner words occur, be it far apart.

    So 测评 finds 等保测评, and 等保测评 finds "二级等保的测评", with any engine and by single words only.
    """
    whole = dict.fromkeys(words)
    inner = dict.fromkeys(part for word in whole for part in segmentation.inner_words(word))
    there = whole.keys() | inner.keys()
    composed = [word for word, parts in segmentation.composed().items() if parts <= there]
    return [word for word in (*inner, *composed) if word not in whole]


def _with_parents(codes: Iterable[str], tree: Mapping[str, CategoryRecord]) -> tuple[str, ...]:
    filed: dict[str, None] = {}
    for code in codes:
        filed[code] = None
        if code in tree and (parent := tree[code].parent):
            filed[parent] = None
    return tuple(filed)


def _wider(codes: Iterable[str], lineage: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(step for code in codes for step in lineage(code)[1:]))
