"""The most that may be spent in the first year: which sums are caps, and caps multiplied out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.matching.intake import ceilings, quantities
from services.matching.intake.denials import DO_NOT
from services.matching.intake.money import Each, Money
from services.matching.intake.quantities import Counts
from services.matching.intake.texts import Clause, Found, NeedText

_CAP_BEFORE = re.compile(
    rf"预算|{ceilings.AT_MOST}|上限|控制|压在|限额|限价|"
    r"总价|总共|一共|总计|合计|打包|全包|全部下来|连|含|承受|接受|负担|掏|拿出|"
    r"拿得出|只有|就|出得起|花得起|准备|打算|"
    r"计划[投花]|愿意[花出]|能[出花投]|投入|批了|批下来|经费|手头|手里|费用|价格|报价|价位|"
    r"先拿|想花|花个|给个|算上|算进去|加一?起|包圆|出个|给到|目标价|年费|月费|服务费|会费|学费"
)
_CAP_AFTER = re.compile(
    rf"^(?:\S{{0,3}}?(?:{ceilings.NO_FURTHER}|内(?!部|容)|以里|往下|能批|里头|里面|里边|撑死|包干|最多|[是为]红线|顶破?天|到顶|为上限|的?预算|上限|搞定|"
    r"拿下|能搞|能不能|行不行|够不够|够吧|够吗|可以|就行|就好|就可以|就够|吧|试试水|试水|的?方案))"
    r"|^(?:左右|上下|块?钱?)?(?:/|一|每)?(?:个?[月年人店台]|家店){0,2}(?:左右|上下)?(?:以内|以下|之内|"
    r"封顶|就行|可以|能|搞定|吧)"
)
_ABOUT = re.compile(r"^(?:左右|上下|的?样子|出头|(?:块|元|块钱)?(?:嘛|差不多))")
_FACT = re.compile(
    r"(?:人家|对方|别家|他家|那家|隔壁|厂家|外面)\S{0,3}(?:报|要|收)|去年|前年|付了|付过|已经付|交了|搭进去|投了|上个?月|上次|以前|之前|原来|当年|往年|花了|"
    r"扔了|亏|损失|赔|罚|骗|被收|收我|收过|涨到|涨了|营收|营业额|销售额|流水|年销|年采购|采购额|"
    r"注册资(?:本|金)|利润|净利|毛利|定金|欠|压(?:着|了|货|款|在)|合同|尾款|中了|货款|工资|请不起|"
    r"招不|太贵|嫌贵|贵得|要价|开口|报了|报过|报价(?:要|是|了|都|就|\|)|收费|收了|卖|"
    r"一年(?:要?买|卖|做|用)|客单|单价|房租|租金|投资了|值|烧|每年[亏损]|电费|运费|成本(?!控制|不超|价位|在)|"
    r"库存(?=[\d一二三四五六七八九十])|存货|应收|应付|应缴|补贴|奖励|保费|丢了|损耗|节省|省下|赚|的量|没了|打水漂|工程款|材料款|"
    r"收入|一单|抵|押金|白[跑花扔干]|蒸汽|天然气|(?:^|年)[水电气煤]\||进[菜货料]|就少|少了|油钱|料钱|的货|(?<![顶最至])多[掏花]|被扣|扔进|坑位费|投入有|研发投入|问价|\|起(?!来|步)"
)
_FINANCE = re.compile(
    r"贷|借|融|差(?!旅|不多|价|异|别|点|距)|缺(?!料|货)|周转|授信|额度|保函|保证金|质押|抵押|租赁|"
    r"首付|贴现|承兑|垫资|垫款|过桥|到账|放款|入股|出让|估值|投资人|担保|保额|保单|理赔"
)
_TOO_DEAR = re.compile(
    r"^\S{0,3}?[，,]?\S{0,2}?(?:那种(?:就|的)?(?:免谈|不要|不谈|算了|别)|太贵|贵了(?![莫免不就别])|嫌贵|离谱|请不起|出不起|买不起|用不起|黑心|吓人)"
)
_TOTAL = re.compile(r"总价|总共|一共|总计|合计|打包|全部|总(?:预算|费用|投入)|首年|第一年|连")
_NOT_MORE = re.compile(
    r"^(?:块钱?|元)?(?:以上\S{0,3}?(?:掏不|拿不|出不|没有|不考虑|不谈|不要|免谈)|就(?:不谈|免谈|算了|不要|不买|不考虑|不报|不[弄搞做干上用])|"
    r"[哈啊嘛]?[，,](?:多了|超了|再[多高贵]|高了|贵了|不能再[多高]))"
)
"""What makes the sum before it the most that is given."""
_OPEN = re.compile(
    r"^\S{0,7}?[，,]?\S{0,6}?(?:好商量|能商量|可以商量|可谈|可以谈|能谈|都?可以聊|看东西再说|的话再说|可以再?加|再说$)"
)
"""A sum that is still open."""
_OVER = re.compile(r"(?:了|过)[，,]$")
_OF_OTHERS = re.compile(r"隔壁|同行|听[说讲人]|人家|他们用|别[家人]")
"""What the clauses before a sum tell of: a thing that is over, or other firms."""
_WOULD_BE_NICE = re.compile(r"最好\S{0,5}$|希望\S{0,5}$")
_NOT_WANTED = re.compile(rf"(?:{DO_NOT}|不要|不想|不能|莫)(?!超|过|高|多|贵过|大于)\S{{0,6}}$")
_CLOSED = re.compile(rf"^\S{{0,3}}?(?:{ceilings.NO_FURTHER})")
_FOR_HIRE = re.compile(r"中介费|介绍费|猎头|招聘费|招一?个|招到")
_AT_MOST = "[不别得能要]超|最多|最高|控制在|封顶"
_LIMIT = re.compile(rf"{_AT_MOST}|[别莫不能]过$|顶多|至多|撑死|顶天|压到")
_LIMITED = re.compile(f"{_AT_MOST}|预算")
_NOTHING = re.compile(r"一分钱[都也]?不[花出掏]|只(?:用|要|考虑|看)免费|不花钱的")
_FREE = ("分钱", "免费", "花钱")
"""Few needs hold any of these, and the pattern would try every place."""
_TIMES = {"once": 1, "year": 1, "quarter": 4, "month": 12}


@dataclass(frozen=True, slots=True)
class Cap:
    """A sum that is a cap: the mention, and the words that make it one."""

    money: Money
    strong: bool
    limited: bool
    """Said to be the most, and not only what it may cost."""
    total: bool
    for_hire: bool


def read(text: NeedText, mentions: Sequence[Money], counts: Counts, employees: int | None) -> Found[int] | None:
    """The first-year total in fen, or None when the text sets no cap or one that cannot be multiplied out."""
    caps = _of_one_mind([cap for money in mentions if (cap := _cap(text, money))])
    priced = [(cap, found) for cap in caps if (found := _first_year(text, cap, counts, employees))]
    for cap, found in priced:
        if cap.total and cap.money.each is None:
            return found
    totals = [found for _, found in priced]
    both = {cap.money.period == "once" for cap, _ in priced} == {True, False}
    if both and all(cap.money.each != "uses" for cap, _ in priced):
        sure = min(found.confidence for found in totals) - 20
        return Found(sum(found.value for found in totals), totals[0].start, totals[0].end, sure)
    return max(totals, key=lambda found: (found.confidence, found.value), default=None) or _nothing(text)


def _of_one_mind(caps: Sequence[Cap]) -> Sequence[Cap]:
    """Of two sums for one period only the one that is said to be the most: the other was asked by somebody else."""
    limited = {cap.money.period for cap in caps if cap.limited}
    return [cap for cap in caps if cap.limited or cap.money.period not in limited]


def _nothing(text: NeedText) -> Found[int] | None:
    free = _NOTHING.search(text.folded) if any(map(text.folded.__contains__, _FREE)) else None
    return Found(0, free.start(), free.end(), 85) if free else None


def _cap(text: NeedText, money: Money) -> Cap | None:
    """Whether a sum is a cap: words of a cap around it, none of a fact, a loan or a refusal before it."""
    clause = text.clause_at(money.start)
    before, after = text.before(money.start, 16), text.after(money.end, 10)
    following = text.folded[money.end : money.end + 18]
    most = bool(_NOT_MORE.match(following) or ceilings.refuses_more(before, following))
    if _OPEN.match(following) or _is_only_hoped_for(before, after):
        return None
    strong = bool(most or _CAP_AFTER.search(after) or _CAP_BEFORE.search(before[-10:]))
    closed = most or _CLOSED.match(after) is not None
    if _is_finance_or_too_dear(text, money, clause) or (_tells_a_fact(before, after) and not closed):
        return None
    rest = text.folded[clause.start : money.start] + text.folded[money.end : clause.end]
    earlier = text.folded[max(0, clause.start - 24) : clause.start]
    alone = len(rest) <= 5 and "了" not in rest and not money.bare and not _OVER.search(earlier)
    about = _ABOUT.match(after) is not None and money.period != "once" and not money.bare
    if not strong and _OF_OTHERS.search(earlier):
        return None
    if not (strong or alone or about):
        return None
    limited = closed or _LIMIT.search(before[-10:]) is not None
    return Cap(
        money, strong or closed, limited, _TOTAL.search(before[-10:]) is not None, _FOR_HIRE.search(before) is not None
    )


def _is_only_hoped_for(before: str, after: str) -> bool:
    hoped = _WOULD_BE_NICE.search(before)
    return hoped is not None and (hoped[0].startswith("最好") or _ABOUT.match(after) is not None)


def _is_finance_or_too_dear(text: NeedText, money: Money, clause: Clause) -> bool:
    """A sum to be borrowed, or a price that the firm finds too high."""
    around = text.folded[max(clause.start, money.start - 12) : min(clause.end, money.end + 8)]
    return bool(_FINANCE.search(around) or _TOO_DEAR.match(text.folded[money.end : money.end + 10]))


def _tells_a_fact(before: str, after: str) -> bool:
    """A sum that was paid, earned or asked for, or that the firm refuses to hear of."""
    told = _FACT.search(f"{before}|{after}") and not _LIMITED.search(before[-10:])
    return bool(told or _NOT_WANTED.search(before))


def _first_year(text: NeedText, cap: Cap, counts: Counts, employees: int | None) -> Found[int] | None:
    money = cap.money
    confidence = (90 if cap.strong else 65) - (15 if money.vague else 0)
    months = quantities.months(text) if money.period == "month" else None
    value = money.high * (months or _TIMES[money.period])
    if money.each is not None:
        count, sure = _how_many(text, cap, counts, employees)
        if count is None:
            return None
        value, confidence = value * count, confidence - (0 if sure else 10)
    return Found(min(value, 10**15), money.start, money.end, confidence)


def _how_many(text: NeedText, cap: Cap, counts: Counts, employees: int | None) -> tuple[int | None, bool]:
    """The quantity of the text. Heads fall back to the head count of the text, to some people it names, to the firm's.

    A fee for each person found counts those looked for, never those who are there.
    """
    each = cap.money.each
    if each == "uses":
        count = quantities.number_of(text, cap.money.unit)
        return (1, True) if count is None and cap.money.unit == "套" else (count, False)  # 一套 is mostly all of it
    if each == "users" and cap.for_hire:
        return (counts.hires.value, True) if counts.hires else (None, False)
    heads = counts.heads
    if heads is not None and heads.confidence < 90 and employees and abs(heads.value - employees) < 0.3 * employees:
        heads = None
    counted: dict[Each | None, Found[int] | None] = {
        "users": counts.users or heads or counts.people or counts.hires,
        "sites": counts.sites,
        "devices": counts.devices,
    }
    found = counted[each]
    if found is not None:
        return found.value, True
    return (employees, False) if each == "users" and employees else (None, False)
