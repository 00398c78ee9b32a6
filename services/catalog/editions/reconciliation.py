"""The reconciliation (核对) of an edition as a pure function: what it lists, counted once each, and what is amiss."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.catalog.editions.shapes import CategoryItems, Finding, Reconciliation
from services.catalog.resources import Category
from shared.codes import regions
from shared.contracts.wire import Text

Tree = Mapping[str, Category]
_WORDS = {
    "not-published": ("已不再发布", "is no longer published"),
    "provider-not-in-standing": ("服务商已暂停或退出", "is of a provider that is suspended or gone"),
    "outside-region": ("不在本目录的地区提供", "is not delivered in the region of this catalogue"),
    "outside-categories": ("主类目不在本期范围内", "has a main category outside of the scope"),
    "same-name": ("同一服务商的名称相同", "have the same name at the same provider"),
    "same-content": ("内容完全相同", "say exactly the same"),
}


@dataclass(frozen=True)
class Listed:
    """A listed offering in the version that counts, and whether it may still be shown (`gone`: why not)."""

    offering_id: str
    provider_id: str
    provider_name: str
    name: str
    categories: tuple[str, ...]
    regions: tuple[str, ...]
    version: int
    content_hash: str
    gone: str | None = None

    @property
    def category(self) -> str:
        """The main category: the first."""
        return self.categories[0]


@dataclass(frozen=True)
class Scope:
    """What an edition may list: delivered in the region or a part of it, in main categories (none = all)."""

    region: str
    categories: tuple[str, ...] = ()

    def outside(self, offering: Listed, tree: Tree) -> str | None:
        """Why an offering may not be listed; None when it may. Without regions it is delivered anywhere."""
        if offering.regions and not any(
            regions.covers(code, self.region) or regions.covers(self.region, code) for code in offering.regions
        ):
            return "outside-region"
        parent = tree[offering.category].parent if offering.category in tree else None
        if self.categories and not {offering.category, parent} & set(self.categories):
            return "outside-categories"
        return None


def of(listed: Sequence[Listed], scope: Scope, tree: Tree) -> Reconciliation:
    """The reconciliation of these offerings, each given once."""
    gone = tuple(_each(listed, lambda offering: offering.gone))
    outside = tuple(_each(listed, lambda offering: scope.outside(offering, tree)))
    return Reconciliation(
        items=len(listed),
        providers=len({offering.provider_id for offering in listed}),
        categories=tuple(_by_category(listed, tree)),
        gone=gone,
        outside=outside,
        doubles=tuple(_doubles(listed)),
        ready=bool(listed) and not gone and not outside,
    )


def in_order(listed: Iterable[Listed], tree: Tree) -> list[Listed]:
    """As they stand in the list: by category in the order of the tree, then by provider and name."""
    place = {code: number for number, code in enumerate(tree)}
    return sorted(
        listed,
        key=lambda offering: (
            place.get(offering.category, len(place)),
            offering.category,
            offering.provider_name,
            offering.name,
            offering.offering_id,
        ),
    )


def finding(code: str, offerings: Sequence[str]) -> Finding:
    """One finding with its words."""
    zh, en = _WORDS[code]
    return Finding(code=code, offerings=tuple(offerings), text=Text(zh=zh, en=en))


def words(code: str) -> tuple[str, str]:
    """What a code means, in Chinese and English."""
    return _WORDS[code]


def _each(listed: Sequence[Listed], why: Callable[[Listed], str | None]) -> Iterator[Finding]:
    by_code: dict[str, list[str]] = defaultdict(list)
    for offering in listed:
        if code := why(offering):
            by_code[code].append(offering.offering_id)
    for code in sorted(by_code):
        yield finding(code, sorted(by_code[code]))


def _by_category(listed: Sequence[Listed], tree: Tree) -> Iterator[CategoryItems]:
    providers: dict[str, list[str]] = defaultdict(list)
    for offering in in_order(listed, tree):
        providers[offering.category].append(offering.provider_id)
    for code, owners in providers.items():
        known = tree.get(code)
        yield CategoryItems(
            code=code,
            name_zh=known.name_zh if known else code,
            name_en=known.name_en if known else code,
            items=len(owners),
            providers=len(set(owners)),
        )


def _doubles(listed: Sequence[Listed]) -> Iterator[Finding]:
    names: Mapping[str, Callable[[Listed], Hashable]] = {
        "same-content": lambda offering: offering.content_hash,
        "same-name": lambda offering: (offering.provider_id, "".join(offering.name.split()).casefold()),
    }
    told: set[tuple[str, ...]] = set()
    for code, same in names.items():
        groups: dict[Hashable, list[str]] = defaultdict(list)
        for offering in listed:
            groups[same(offering)].append(offering.offering_id)
        for ids in sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1):
            if ids not in told:
                told.add(ids)
                yield finding(code, ids)
