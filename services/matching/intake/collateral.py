"""What the firm can pledge for money, in its own words."""

import re
from collections.abc import Iterator

from services.matching.intake.denials import DO_NOT
from services.matching.intake.texts import Found, NeedText
from shared.contracts.vocabulary import Collateral

_NOTHING = re.compile(
    r"(?<![能可要行])不(?:抵押|担保|押房)|(?:啥|什么)[也都]不[押抵]|(?<!别的)(?<!其他)(?:没有?(?!别的|其他|其它)(?:啥|什么|东西|房子?)?|无|拿不出|缺|不用|不要|不想|免|不需要|不提供)"
    r"\S{0,4}?(?:抵?质?押|担保|[可能]抵)|纯信用|信用(?:贷|类|"
    r"额度|方式|放款)|没东西(?:可|能|好)?(?:抵|押)|没房没地|押不成|做信用的|(?:只|就|光)凭(?:流水|纳税|开票|征信|信用)|找不[着到]\S{0,2}担保|没房没车"
)
_PLEDGES: tuple[tuple[Collateral, re.Pattern[str]], ...] = (
    (
        "ip",
        re.compile(r"(?:专利|商标|软著|知识产权|著作权|发明)\S{0,8}?(?:质押|抵押|抵|押|贷|融)|知产贷"),
    ),
    (
        "receivables",
        re.compile(
            r"应收\S{0,22}?拿[这它]\S{0,4}(?:贷|抵|押|融|换)|(?:应收\S{0,4}|账款|回款|货款|订单|"
            r"商票|承兑(?:汇票)?|票据|发票|运费|验收单|送货单|对账单)\S{0,6}?(?:质押|抵押|抵|押|融|贷|保理|贴现|变现)|保理|贴现|(?:拿|用|凭)\S{0,6}欠款\S{0,4}(?:押|抵|贷|融)|"
            r"拿应收|(?:拿|用|凭)\S{0,8}(?:账|应收款?)先?(?:换|贴|融|贷)|凭\S{0,10}(?:发票|验收单|送货单|对账单)\S{0,6}(?:周转|借|贷|融)"
        ),
    ),
    (
        "equipment",
        re.compile(
            r"(?:设备|机器|机床|生产线|车辆|车子?(?!间)|挖机|货车|叉车|机子)\S{0,6}?(?:抵押|抵|押|质押|回租|做抵|作抵)|"
            r"售后回租|回租|融资租赁|直租|押(?:[这那]?[台辆批])?(?:设备|机器|机床|机子|挖机|货车|叉车)"
        ),
    ),
    (
        "mortgage",
        re.compile(
            r"(?:房子?|厂房|住宅|商铺|土地|不动产|写字楼|门面|房产证?|别墅|自建房|仓库|宅基地|房本|"
            r"地)\S{0,8}?(?:抵押|抵|押|贷)|(?:拿|用|有)\S{0,6}(?:房本|房产证|土地证|不动产证|"
            r"产权证|红本)\S{0,6}(?:抵|押|贷|$)|(?:厂房|房子|商铺|门面)\S{0,4}(?:红本|证)[^。]{0,24}?(?:(?:想|要|拿去|可以)[抵押]给|拿(?:它|来|这个)[抵押])|按揭房"
        ),
    ),
    (
        "guarantee",
        re.compile(
            r"(?:可以|(?<!哪家)(?<!谁)(?<!哪里)能|愿意|有(?!种|没有)|找|请|股东|老板|法人|夫妻|家人|亲戚|担保公司|个人|实控人|朋友)\S{0,6}?(?:做|"
            r"提供|出|签|给)?(?:个)?(?:连带)?(?:担保(?!公司)|保证(?!金))"
        ),
    ),
)
_REFUSED = re.compile(
    rf"(?:不想|不愿意?|不肯|(?<!能)不能|不再|(?<![能可要行])不(?!能)|没有?|{DO_NOT}|无|没)\S{{0,2}}$|不[用要想愿]\S?[押抵]\S{{1,3}}$"
)
_REFUSED_INSIDE = re.compile(
    r"(?<![能可要行])不(?:想|愿|肯|能|再|押|抵|做|动|着|到|了|成|得)|没(?:有|办|证|法|得|房|地)|无|租的|免"
)
_PLEDGED_ALREADY = re.compile(
    r"被抵押|(?:已经?|早就?|早已|都)(?:被|拿去)?[抵押]|(?<!别的)(?<!其他)抵押了|[抵押](?:在|给(?!你|贵))\S{0,6}了|抵过|抵出去了"
)
_AGAIN = re.compile(r"(?<!不)(?<!别)(?<!(?<!能)不[要能想])再[抵押贷]|二[押抵]|二次抵押")


def read(text: NeedText) -> Found[tuple[Collateral, ...]] | None:
    """What the firm can pledge; nothing when it says so and names no other pledge."""
    offered = sorted(_offered(text), key=lambda pledge: pledge.start)
    if offered:
        kinds = tuple(dict.fromkeys(pledge.value for pledge in offered))
        return Found(kinds, offered[0].start, offered[0].end, 85)
    nothing = _NOTHING.search(text.folded)
    return Found(("none",), nothing.start(), nothing.end(), 85) if nothing else None


def _offered(text: NeedText) -> Iterator[Found[Collateral]]:
    for kind, pattern in _PLEDGES:
        for match in pattern.finditer(text.folded):
            if not _is_refused(text, match):
                yield Found(kind, match.start(), match.end(), 85)
                break


def _is_refused(text: NeedText, match: re.Match[str]) -> bool:
    """Whether the firm will not or cannot pledge it, or has done so and does not ask to do it again."""
    words = match[0] + text.after(match.end(), 3)
    if _REFUSED.search(text.before(match.start(), 5)) or _REFUSED_INSIDE.search(words):
        return True
    return is_pledged_already(text, match[0] + text.after(match.end(), 9))


def is_pledged_already(text: NeedText, words: str) -> bool:
    """Whether these words of the text say that something is pledged by now, and nothing asks to do it again."""
    return _PLEDGED_ALREADY.search(words) is not None and not _AGAIN.search(text.folded)
