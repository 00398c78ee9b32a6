"""The category tree: who is whose parent, and which categories border on each other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from shared.contracts.changes import CategoryRecord

STRANGE, BORDERING, ANOTHER, MAIN = range(4)
"""A set of categories is of other families than a code · of its family · holds it · holds it first."""


@dataclass(frozen=True)
class Tree:
    """The two-level category tree. Categories of one level-1 family are siblings: they border on each other."""

    records: Mapping[str, CategoryRecord]

    @classmethod
    def grow(cls, records: Iterable[CategoryRecord]) -> "Tree":
        """The tree of these categories, in the order of their codes."""
        return cls({record.id: record for record in sorted(records, key=lambda record: record.id)})

    def family(self, code: str) -> str:
        """The level-1 category that a code belongs to; a level-1 or unknown code is its own family."""
        return self.families.get(code, code)

    def siblings(self, code: str) -> tuple[str, ...]:
        """The other categories of the code's family."""
        return tuple(other for other in self.members.get(self.family(code), ()) if other != code)

    def kind(self, wanted: str, codes: tuple[str, ...]) -> int:
        """How near a set of categories comes to one: STRANGE, BORDERING, ANOTHER or MAIN."""
        if wanted in codes:
            return MAIN if codes[0] == wanted else ANOTHER
        family = self.family(wanted)
        return BORDERING if any(self.family(code) == family for code in codes) else STRANGE

    @cached_property
    def families(self) -> Mapping[str, str]:
        """Code → the code of its family."""
        return {code: record.parent or code for code, record in self.records.items()}

    @cached_property
    def members(self) -> Mapping[str, tuple[str, ...]]:
        """Family → its level-2 codes."""
        families: dict[str, list[str]] = {}
        for code, record in self.records.items():
            if record.parent:
                families.setdefault(record.parent, []).append(code)
        return {family: tuple(codes) for family, codes in families.items()}

    def name(self, code: str, language: str = "zh") -> str:
        """The label of a code for people; the code itself when the tree does not know it."""
        record = self.records.get(code)
        if record is None:
            return code
        return record.name_zh if language == "zh" else record.name_en
