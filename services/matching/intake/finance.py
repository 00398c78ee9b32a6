"""What money is wanted: the amount, the highest annual rate and the term."""

import re
from collections.abc import Iterator, Sequence

from services.matching.intake import ceilings, durations, patterns
from services.matching.intake.money import Money
from services.matching.intake.texts import Found, NeedText
from services.matching.snapshot import numerals

_ABOUT_FINANCE = re.compile(
    r"贷|借|融资|融\S{0,3}[万亿]|周转|差(?!不多)\S{0,6}[万亿千](?!多)|缺(?:\S{0,6}[万亿]|现金|钱|资金|周转)|"
    r"缺口|授信|额度|保函|保证金|保理|租赁|贴现|过桥|垫资|首付|分[月期]付|投资人|股权|入股|放款|"
    r"按揭|承兑|商票|质押|抵押|担保|出让|月供|利息|年息|月息|年化|没\S{0,4}[抵押]|分\S{1,4}(?:年|期|"
    r"个月)[还付]|先用\S{0,4}[还付]|用\S{0,8}[抵押]|拿\S{0,8}[抵押]"
)
_TOPICS = frozenset(
    (
        "credit-loan",
        "secured-loan",
        "receivables-finance",
        "equipment-leasing",
        "guarantee",
        "equity-investment",
        "ip-pledge-finance",
    )
)
"""Categories whose offers lend, guarantee or invest a sum."""

_WANTED_BEFORE = re.compile(
    r"(?:贷款?|借款?|融资?|差|缺(?!货)|周转|授信|额度|申请|批|需要?|要|拿|弄|凑|筹|投|引入|引进|"
    r"给我|解决|资金|缺口|总共|一共|合一?(?:块儿?|起|计)|总价|设备款|首期|做|办|开)\S{0,8}$"
)
_WANTED_AFTER = re.compile(
    r"^(?:块钱?|元|左右|上下|多|来|的样子|就够|就行)*(?:的?(?:贷|借|融资|周转|额度|授信|资金|缺口|"
    r"流动|信用|经营贷|过桥|短期|投资|保函|履约|设备|机床|生产线)|就够|就行|够了|用|$)"
)
_NOT_WANTED = re.compile(
    r"差价|去年|前年|营收|营业额|销售额|产值|年销|流水(?!贷)|利润|净利|纳税|交税|缴税|注册资|"
    r"应收(?:账?款)?(?:常年|一直|有|大概|约|差不多|余额)*$|押着(?!借|贷|换|拿)|欠(?:我|着)|订单(?:有|额)|已经(?:贷|"
    r"借)了?|原来|之前(?:贷|借)|上次|存量|值|评估|卖了|[账帐]上\S{0,3}$|月供|手续费|服务费|"
    r"定金|工资|"
    r"保费|中了|年用电|罚|押金|一年(?:做|卖|收)|合同|年收入|固定资产|投了|投入了|已投|"
    r"自有|自筹|自己(?:有|出|凑)|首付\S{0,4}$|手[里上头](?:只|就|才)?有|手[里上头]\S{0,2}(?:现钱|现金|的钱)(?!不|缺|差)\S{0,3}$|现有|已经有|到期|还款|尾款|货款"
)
_NOT_WANTED_AFTER = re.compile(r"^(?:的?(?:应收|订单|合同|流水|营收|产值|税)|多?的?货款(?!提前|先))")
_LENT_BEFORE = re.compile(r"(?:[贷借融差缺]|贷款|借款|融资|额度|授信|周转|缺口)\S{0,5}$")
_REST_BEFORE = re.compile(r"(?:剩下|余下|剩余)的?\S{0,2}$")
"""Of a price that is paid in part, what is left to be lent."""
_LENT_AFTER = re.compile(r"^\S{0,4}(?:贷|借|融资|周转|额度|授信|流动资金|缺口|资金|过桥|保函)")
_BUDGET_LIKE = re.compile(r"预算|软件|系统|服务费|费用|手续费|保费|顾问费")
_GUARANTEE = re.compile(r"保函|保证金")
_LETTER_AFTER = re.compile(r"^(?:元|块)?的?\S{0,4}保函")
"""One letter of guarantee, for all of the sum."""
_SHARE_OF = re.compile(r"保函|保证金|万的")
_PERCENT = patterns.starting(
    numerals.SIGNS,
    rf"(?P<of>百|千)分之(?P<hundred>{numerals.NUMBER})(?:点(?P<point>[一二三四五六七八九]))?|(?P<percent>\d+(?:\.\d+)?)\s?%|"
    rf"(?P<points>{numerals.NUMBER})(?P<mid>个半)?(?:点(?P<half>[一二三四五六七八九]|"
    rf"半))?(?:个?(?:百分)?点(?=以|之|左|封|内|的|$)|个(?:百分)?点|厘|分(?!钟|期|店|公|三|四|五|几|两|"
    rf"行|析|开|成|次|批)|个多点)(?P<li>半|[一二三四五六七八九])?|"
    r"(?<=[息率化利过了])(?:(?P<plain>\d{1,2}\.\d{1,2})|(?P<whole>[一二三四五六七八九十]{1,2})点(?P<tenth>[一二三四五六七八九]))(?![\d%个点厘分])",
)
_MONTHLY = re.compile(r"月[利息化]|每月\S{0,2}利|一个月\S{0,2}[利息]")
_YEARLY = re.compile(r"年[化利息]|一年\S{0,2}利|年综合|综合(?:成本|费率)")
_RATE = re.compile("利|息|年化|成本|费率|综合")
_RATE_AFTER = re.compile(r"^(?:的|左右)?(?:[利息]|年[化利])")
_RATE_NOT = re.compile(
    r"首付|定金|提成|佣金|抽成|涨|下降|增长|税率|毛利|差价|价差|履约|担保费|股|压了|保证金|以前|之前|"
    r"现在\S{0,4}(?:贷|利)|网贷|民间|别人|给我们?报"
)
_LOW_WORDS = re.compile(rf"^(?:左右|上下)?(?:{ceilings.NO_FURTHER}|内|到顶|就行|可以|能接受)|^左右")
_CAP_WORDS = re.compile(rf"(?:{ceilings.AT_MOST}|以下|接受|承受|在)\S{{0,4}}$")
_CAP_AFTER = re.compile("[别不]超|不[要能]超")
_BARE_AFTER = re.compile(r"^(?:的)?(?:$|贷|最好|行)")
_TERM_BEFORE = re.compile(
    r"(?:期限|贷|借|用|周转|分|租期|期|还款|做|要|能|拿|使用|周期|先用|付|(?<!质)保(?!修))\S{0,5}$"
)
_TERM_AFTER = re.compile(
    r"^(?:左右|以上|以内|之内|内)?(?:就|能|可以|慢慢)?(?:行$|够了?$|好$|还(?!有|没)|还清|还完|还上|归还|期|分期|"
    r"的(?:期限|贷款|周期|租期|中长期|流贷|经营贷|信用贷)|周转|付清|结清|以上|起|一个?[月季年])|^(?:左右|以上|"
    r"以内)?$"
)
_TERM_NOT = re.compile(
    r"账期|成立|经营了|开了|做了|干了|满|压款|回款|去年|前|流水|近|纳税|社保|工资|拖|欠|平均|到期|"
    r"半个月内|到账|放款|质保"
)
_OF_A_BILL = re.compile(r"^期的?(?:承兑|汇票|商票|银票|票)")
_PAID_AFTER = re.compile(r"^(?:内|之内|以内)\S{0,2}(?:到账|放款|下来|批)")
_RETURNED_AFTER = re.compile(
    r"^(?:左右|以上|以内|之内|内)?(?:就|能|可以|慢慢)?(?:还(?!有|没)|分月|按月|付(?!款)|结清|分期|期)"
)
_RHYTHM_AFTER = re.compile("^[还付]一[回次期笔]")
_RHYTHM_BEFORE = re.compile("一个?[月季年]$")
"""一年还一回, 一个月一个月还: how often, not for how long."""
_NAMED_BEFORE = re.compile(r"(?:期限|租期|贷期|还款期|授信期)\S{0,3}$")
_INSTALMENTS = re.compile(r"分(\d{1,3})期")


def is_wanted(text: NeedText, topics: Sequence[str]) -> bool:
    """Whether the text is about getting finance: by its own words, or because its main topic is."""
    return (bool(topics) and topics[0] in _TOPICS) or _ABOUT_FINANCE.search(text.folded) is not None


def amount(text: NeedText, mentions: Sequence[Money], topics: Sequence[str]) -> Found[int] | None:
    """The amount wanted in fen; a share of a contract for a guarantee letter (180万的10%).

    Where finance is the main topic a sum needs no word of lending beside it, unless it is said to be a price.
    """
    share = _guarantee_share(text, mentions)
    if share is not None:
        return share
    main = not topics or not _TOPICS.isdisjoint(topics[:2])
    found = [found for money in mentions if (found := _wanted(text, money, main=main))]
    return max(found, key=lambda wanted: (wanted.confidence, wanted.value), default=None)


def _wanted(text: NeedText, money: Money, *, main: bool) -> Found[int] | None:
    letter = money.each == "uses" and _LETTER_AFTER.match(text.after(money.end, 8))
    if (
        (money.each not in (None, "devices") and not letter)
        or not 100_000 <= money.high <= 10**15
        or money.period == "month"
    ):
        return None
    before, after = text.before(money.start, 12), text.after(money.end, 8)
    if _NOT_WANTED.search(before) or _NOT_WANTED_AFTER.match(after):
        return None
    priced = _BUDGET_LIKE.search(before) is not None
    if _REST_BEFORE.search(before):
        sure = 95
    elif _LENT_BEFORE.search(before) or _LENT_AFTER.match(after):
        sure = 90
    elif main and (_WANTED_BEFORE.search(before) or (_WANTED_AFTER.match(after) and not priced)):
        sure = 70
    elif main and not priced:
        sure = 55
    else:
        return None
    return Found(money.high, money.start, money.end, sure - 15 * money.vague)


def _guarantee_share(text: NeedText, mentions: Sequence[Money]) -> Found[int] | None:
    if not _GUARANTEE.search(text.folded) or not mentions:
        return None
    for match in _PERCENT.finditer(text.folded):
        around = text.folded[max(0, match.start() - 6) : match.end() + 10]
        percent = _percent(match)
        if percent and match["points"] is None and _SHARE_OF.search(around):
            contract = max(mentions, key=lambda money: money.high)
            return Found(round(contract.high * percent / 100), contract.start, contract.end, 80)
    return None


def leaves_budget(text: NeedText, topics: Sequence[str], cap: Found[int], wanted: Found[int] | None) -> bool:
    """Whether a cap stands beside the finance: not the sum wanted itself, and a price where finance is the topic."""
    if wanted is not None and cap.start == wanted.start:
        return False
    return not (topics and topics[0] in _TOPICS) or _BUDGET_LIKE.search(text.before(cap.start, 10)) is not None


def annual_rate(text: NeedText) -> Found[int] | None:
    """The highest annual rate in basis points: 年息5个点, 年化6%, 月息5厘, 一分利."""
    found = list(_rates(text))
    return max(found, key=lambda rate: (rate.confidence, -rate.value), default=None)


def _rates(text: NeedText) -> Iterator[Found[int]]:
    for match in _PERCENT.finditer(text.folded):
        before, after = text.before(match.start(), 12), text.after(match.end(), 10)
        percent = _percent(match)
        said = _RATE.search(before) or _RATE_AFTER.match(after)
        if percent is None or not said or _RATE_NOT.search(before):
            continue
        following = text.folded[match.end() : match.end() + 14]
        capped = (
            ceilings.refuses_more(before, following)
            or _LOW_WORDS.match(after)
            or _CAP_WORDS.search(before)
            or _CAP_AFTER.search(after)
        )
        if not capped and not _BARE_AFTER.match(after):
            continue
        if percent > 200:
            continue
        yield Found(_annual(match, percent, before + after), match.start(), match.end(), 90 if capped else 60)


def _annual(match: re.Match[str], percent: float, around: str) -> int:
    """Basis points a year. 厘 is a tenth of a per cent a month, 分 one per cent a month, unless a year is said."""
    monthly, yearly = bool(_MONTHLY.search(around)), bool(_YEARLY.search(around))
    unit = match[0]
    if "厘" in unit:
        value = percent if yearly else percent / 10
        monthly = not yearly
    elif "分" in unit and match["of"] is None and "百分" not in unit:
        value = percent * 10 if yearly else percent
        monthly = not yearly
    else:
        value = percent
    return round(value * 100 * (12 if monthly and not yearly else 1))


def _percent(match: re.Match[str]) -> float | None:
    if written := match["percent"] or match["plain"]:
        return float(written)
    number = numerals.read(match["hundred"] or match["points"] or match["whole"])
    if number is None:
        return None
    tenth = match["point"] or match["half"] or match["li"] or match["tenth"]
    extra = (
        0.5
        if tenth == "半" or match["mid"]
        else (numerals.read(tenth) or numerals.Range(0, 0)).low / 10
        if tenth
        else 0.0
    )
    return (number.low + extra) / (10 if match["of"] == "千" else 1)


def term(text: NeedText, topics: Sequence[str]) -> Found[int] | None:
    """The term wanted in months; where finance is the main topic a clause that is only a span is one."""
    main = bool(topics) and topics[0] in _TOPICS
    for span in durations.find(text.folded):
        before, after = text.before(span.start, 8), text.after(span.end, 6)
        if (
            _TERM_NOT.search(before)
            or not 1 <= span.months <= 1200
            or _PAID_AFTER.match(after)
            or _OF_A_BILL.match(after)
            or _RHYTHM_AFTER.match(after)
            or _RHYTHM_BEFORE.search(before)
        ):
            continue
        returned, named = _RETURNED_AFTER.match(after), _NAMED_BEFORE.search(before)
        alone = main and span.days >= 30 and not before and not after
        if returned or named or alone or (_TERM_BEFORE.search(before) and _TERM_AFTER.match(after)):
            return Found(span.months, span.start, span.end, 85)
    parts = _INSTALMENTS.search(text.folded)
    return Found(int(parts[1]), parts.start(), parts.end(), 80) if parts else None
