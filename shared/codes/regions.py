"""GB/T 2260 administrative divisions: six digits, and "000000" for the whole country.

Source: the statistical division codes of 2023 (docs/data-sources.md), with Taiwan, Hong Kong and Macao added.
A region covers another when it is the same or an ancestor of it; a code tells its ancestors by itself.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from shared import codes

NATIONWIDE = "000000"
_NOT_IN_THE_TABLES = {
    NATIONWIDE: "全国",
    "710000": "台湾省",
    "810000": "香港特别行政区",
    "820000": "澳门特别行政区",
}


@cache
def names() -> Mapping[str, str]:
    """Every region code with its Chinese name, provinces first within the code order."""
    table = dict(_NOT_IN_THE_TABLES)
    for level, width in (("provinces", 2), ("cities", 4), ("areas", 6)):
        for row in codes.rows(f"cn_divisions_{level}.csv"):
            table.setdefault(row["code"].ljust(6, "0") if width < 6 else row["code"], row["name"])
    return MappingProxyType(dict(sorted(table.items())))


def exists(code: str) -> bool:
    """Whether GB/T 2260 knows this code."""
    return code in names()


@lru_cache(maxsize=8192)
def lineage(code: str) -> tuple[str, ...]:
    """The code and its ancestors, nearest first: county, city, province, nationwide."""
    steps = (code, code[:4] + "00", code[:2] + "0000", NATIONWIDE)
    return tuple(dict.fromkeys(steps))


def covers(wider: str, narrower: str) -> bool:
    """Whether `wider` is `narrower` itself or one of its ancestors."""
    return wider in lineage(narrower)


def full_name(code: str) -> str:
    """The name from the province down, e.g. 浙江省杭州市西湖区."""
    if code == NATIONWIDE:
        return names()[NATIONWIDE]
    parts = [names().get(step, "") for step in reversed(lineage(code)[:-1])]
    return "".join(part for part in parts if part and "辖" not in part)
