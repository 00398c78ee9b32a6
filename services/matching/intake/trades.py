"""The firm's trade in the text: everyday words and the names of GB/T 4754 classes, with the code."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from services.matching.intake import tables
from services.matching.intake.phrases import Hit
from services.matching.intake.texts import Found, NeedText
from shared.codes import industries

_OURS_BEFORE = re.compile(
    r"我|咱|公司|本厂|家里|自己|本人|主要|专门|一直|民营|县里|镇上|合作社|"
    r"^(?:是|干|生产|加工|种|养|卖|批发)\S{0,4}$|(?:做|开|搞|经营|从事|办|跑)(?:[了着个家的]|的是)?\S{0,4}$"
)
_OURS_AFTER = re.compile(
    r"^(?:\S{0,3}?(?:的厂|厂|公司|店|作坊|加工厂|企业|合作社|行业|生意|起家|的$|专业户|个体户|门市|有限))"
)
_SUFFIX = re.compile(r"(?:的?(?:制造|加工|生产|业|服务|批发|零售|经营|活动|种植|饲养|养殖|及其他.*|和其他.*))+$")


def spellings() -> Sequence[str]:
    """The words for trades, for `vocabulary`."""
    return [word for word, _ in _words()]


def read(text: NeedText, hits: Iterable[Hit]) -> Found[str] | None:
    """The code of the firm's own trade: words right after "we make", "I run" or before "factory", "shop"."""
    words = _words()
    best: Found[str] | None = None
    for hit in hits:
        ours = bool(_OURS_BEFORE.search(text.before(hit.start, 10)))
        place = bool(_OURS_AFTER.match(text.after(hit.end, 6)))
        if not (ours or place):
            continue
        confidence = 60 + 15 * ours + 10 * place + min(hit.end - hit.start, 4)
        if best is None or confidence > best.confidence:
            best = Found(words[hit.phrase][1], hit.start, hit.end, confidence)
    return best


@cache
def _words() -> tuple[tuple[str, str], ...]:
    words: dict[str, str] = {}
    for code, name in industries.names().items():
        short = _SUFFIX.sub("", name)
        if len(short) >= 3 and len(code) > 2:
            words.setdefault(short, code)
    for row in tables.rows("trades.csv"):
        for word in row["words"].split():
            words[word] = row["code"]
    return tuple(sorted(words.items()))
