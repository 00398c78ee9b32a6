"""Places in a text: provinces, cities, counties and parks by name, and whether one is where the offer must come to."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from services.matching.intake import tables
from services.matching.intake.phrases import Hit
from services.matching.intake.texts import Found, NeedText
from shared.codes import regions

_SUFFIX = re.compile(
    r"(?:(?:壮族|回族|维吾尔|藏族|羌族|彝族|苗族|土家族|侗族|布依族|哈尼族|傣族|白族|傈僳族|景颇族|"
    r"朝鲜族|(?<!内)蒙古族?|哈萨克|柯尔克孜|瑶族|满族|畲族|黎族|土族|撒拉族|东乡族|保安族|裕固族|锡伯|"
    r"仡佬族|水族|纳西族|拉祜族|佤族|各族|达斡尔族|鄂伦春|鄂温克族?|仫佬族|毛南族)*"
    r"(?:特别行政区|自治区|自治州|自治县|自治旗|省|市|地区|盟|区|县|旗|林区|特区))$"
)
_AT = re.compile(r"(?:在|位于|地处|落户|来|到|去|驻)$")
_OURS = re.compile(r"(?:我们|咱们?|我司|我)(?:是|这)?$")
_HERE_AFTER = re.compile(
    r"^(?:\S{0,3}?(?:现场|本地|当地|这边|这里|的(?:厂|店|公司|企业|仓|工厂|车间)|看现场|上门|开(?:了|"
    r"家|个|的)|做\S{1,6}的|有个?(?:厂|店|仓)|厂|(?:市|县|区)?(?:的)?(?:小)?(?:企业|厂家|公司|门店|"
    r"店)))"
)
_ELSEWHERE = re.compile(
    r"(?:从|由|卖到|运到|送到|往|跑|出口到?|客户(?:都)?在|供应商在|隔壁|去年|考察|参观|听说|(?<![小中大科])学(?!校|院)|(?<![开研批])发)\S{0,3}$"
)


def spellings() -> Sequence[str]:
    """The names of places, for `vocabulary`."""
    return [name for name, _ in _names()]


def read(text: NeedText, hits: Iterable[Hit], home: str) -> tuple[Found[str], ...]:
    """The places where the offer must come to, as far as the text names them; `home` decides between namesakes."""
    names = _names()
    found: list[Found[str]] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        code = _choose(*names[hit.phrase], home)
        if code is None or any(other.start <= hit.start < other.end for other in found):
            continue
        if found and found[-1].end == hit.start and regions.covers(found[-1].value, code):
            found[-1] = Found(code, found[-1].start, hit.end, 90)
        elif _is_here(text, hit.start, hit.end):
            found.append(Found(code, hit.start, hit.end, 80))
    return tuple(found)


def differs(place: str, home: str) -> bool:
    """Whether neither place lies in the other."""
    return not (regions.covers(place, home) or regions.covers(home, place))


def _is_here(text: NeedText, start: int, end: int) -> bool:
    before, after = text.before(start, 8), text.after(end, 8)
    if _ELSEWHERE.search(before):
        return False
    return bool(_AT.search(before) or _OURS.search(before) or _HERE_AFTER.match(after))


def _choose(name: str, codes: tuple[str, ...], home: str) -> str | None:
    """Of namesakes the one nearest to the firm: in its city, then in its province, else the only one."""
    for width in (6, 4, 2):
        near = [code for code in codes if code[:width] == home[:width]]
        if near:
            return min(near, key=lambda code: (code[:4] != home[:4], code))
    wide = [code for code in codes if code.endswith("00")]
    if len(wide) == 1:
        return wide[0]
    return codes[0] if len(codes) == 1 and len(name) > 1 else None


@cache
def _names() -> tuple[tuple[str, tuple[str, ...]], ...]:
    names: dict[str, set[str]] = defaultdict(set)
    for name, code in _named():
        names[name].add(code)
    return tuple((name, tuple(sorted(codes))) for name, codes in sorted(names.items()))


def _named() -> Iterator[tuple[str, str]]:
    """Every name in full and without its suffix; short names that are words too stay out."""
    words_too = {row["name"] for row in tables.rows("place_words.csv")}
    for code, name in regions.names().items():
        if code == regions.NATIONWIDE or "辖" in name or len(name) < 2:
            continue
        for said in dict.fromkeys((name, _SUFFIX.sub("", name))):
            if len(said) >= 2 and said not in words_too:
                yield said, code
    for row in tables.rows("places.csv"):
        yield row["name"], row["code"]
