"""How much a word tells of a topic: numbers, places and words that fit any offer tell nothing."""

import re
from functools import cache

from shared import segmentation
from shared.codes import regions

ENOUGH = 2
"""What the words must weigh together that need and offer share, or that speak for a category, without other proof."""

_NUMBER = re.compile(r"第?[\d零一二两三四五六七八九十百千万亿半.]+\S?")
_SUFFIX = re.compile("(?:特别行政区|自治区|省|市|区|县)$")
_ANYTHING = frozenset(
    {"软件", "平台", "产品", "方案", "项目", "业务", "推荐", "附近", "以上", "规则", "预算", "不错", "手机"}
)
"""Words of any need and any offer."""


def weight(word: str) -> int:
    """2 for a word of the trade, 1 for any other that tells a topic, 0 for one that tells none."""
    if word in segmentation.domain_words():
        return ENOUGH
    return int(word not in _ANYTHING and word not in _places() and not _NUMBER.fullmatch(word))


@cache
def _places() -> frozenset[str]:
    """The names of all regions, with and without what they end in."""
    names = regions.names().values()
    return frozenset(names) | {_SUFFIX.sub("", name) for name in names}
