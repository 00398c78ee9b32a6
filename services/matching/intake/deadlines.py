"""By when it must stand: days from the request, from spans (45天内) and from named days (618之前, 后天)."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import zip_longest

from services.matching.intake import days, durations
from services.matching.intake.texts import Found, NeedText

_FARTHEST = 3650
_DONE = (
    r"上线|用上|用起来|交付|交货|交活|交过去|交上|搞定|完成|做完|做好|装完|装好|弄好|弄完|拿证|"
    r"拿到|拿下|取证|开课|到位|切换|换完|验收|投产|开业|落地|见效|见到效果|出报告|出结果|"
    r"开工|拿报告|到账|放款|下来|办好|办下|办完|跑起来|建好|建成|发货|关闭|整改完|通过|过审|上架|"
    r"搞得定|[弄做办装]得[好完成下]|赶得[及上出]|启用|能用|使用|到货|进场|结束|出来|搭好|调试好|改好|修好|恢复|签(?!\S{0,2}[\d一二两三四五六七八九十百千万])|交|搬完|招到|到岗|报到|开出|开好|开播|出图|换[成掉上好]"
)
_HELD = "路演|答辩|评审|揭牌|开幕|开灌|定稿|投标|开标|截标|验厂|审厂|复查|复检"
"""What takes place on a day, so that all must be ready by then."""
_IN_TIME = re.compile(
    r"^(?:左右)?(?:之内|以内|内(?![部容网销])|里(?=\S{0,2}(?:[能要得]|必须))|之前|以前|前(?!后|任|台))"
)
_THEN_DONE = re.compile(rf"^\S{{0,5}}?(?:{_DONE}|要通$|必须|就要|要用|为限)")
_SOON_DONE = re.compile(rf"^(?:就|必须|内|得|要|能|左右)*(?:(?:\S{{0,3}})(?:{_DONE})|(?<=[要得能])通$)")
_DONE_BEFORE = re.compile(rf"(?:{_DONE})\S{{0,3}}$")
_WITHIN_BEFORE = re.compile(
    r"(?:最多|最迟|最晚|最长|不超过|不能超过|别超过?|拖不过|限期|限|给[我你]们?|给了|只有|还有|只剩|还剩|工期|交期|周期|期限|"
    r"控制在|必须在|争取|要求|希望|赶在|截止)\S{0,2}$"
)
_AFTER_A_PRICE = re.compile(r"[万元块](?:以内|之内|以下|封顶)?$|(?:以内|之内|以下|封顶)$")
_NOT_FOR_SPAN = re.compile(
    r"账期|停[了产工机炉线电水网业摊]|等(?!保|级)|(?<!空)压(?!铸|缩)|去年|前年|上个?月|用了|做了|干了|开了|花了|试用|质保|保修|维护|"
    r"响应|每|要算|拖|租|还清|分期|期限不|不少于|至少|学|工作|招了|过去|近|未来|趁|那|最后$|(?:还|他|她|对方|平台|人家)说|说好的|承诺|坏了|走了|回款|"
    r"付款|月结|历时|跑了|"
    r"出(?:了|过)?(?:问题|事|毛病|故障|状况)|睡|满|退货|免费|才|有效|(?<![销库储])存|年龄|经验|成立|营业(?!执照)|保质|贷|借|还款|一还|老化|滞留|卡[了着住在]"
)
_YET_FOR_SPAN = re.compile("要求|限期|学|希望")
_NOT_AFTER_SPAN = re.compile(
    r"^[全都]?下来|^(?:之?内|以内)?\S{0,2}?(?:响应|到场|到现场|上门|赶到|回复|退|包换|免费|的账|账期|经验|(?<!能)不能|没|"
    r"无|销|发工资|一次|质保)"
)
_SOFT = re.compile(r"最好(?:能|是|在)?$")
"""A day that would be welcome and is not asked for."""
_LEFT = re.compile(r"剩|还有|只有")
_STAGE = re.compile(r"^\S{0,6}?(?:出方案|报价|给方案|回复|答复|看现场|先|试点|初稿)")
_DAY_CUE_AFTER = re.compile(
    rf"^[)）]?(?:左右|一早|[上下]午|早上|晚上|中午|节|那天|当天|大促|最后一天|一到)?(?:(?<=那天)\S{{0,4}}[要得须]|(?<=一到)\S{{0,4}}就?要|\S{{0,4}}之前|\S{{1,3}}前[要得须能]|以前|前(?!后|任|年|几|两|三)|之内|以内|内(?![部容网销])|截止|为止|能(?:弄|修|搞|来|处理|解决)|就?必须|"
    rf"就?得|就?要(?!求|买|进货|还)|\S{{0,4}}(?:就[要得]|必须)|就?开(?:业|标|课|工|张)|\S{{0,4}}?(?:{_DONE}|{_HELD}))"
)
_MUST_BE_DONE = re.compile(rf"^[)）]?(?:那天|当天)?(?:之?前|以前)?(?:\S{{0,2}}[要得须]|\S{{0,4}}?(?:{_DONE}))")
_REFERRED_TO = re.compile(r"[，,。；;](?:[得要须]?(?:赶?在)?(?:[这那此]之前|此前)|[那当]天\S{0,5}?(?:就|必须|得|要))")
"""What one of the next clauses begins with when all must be ready by the day that this one names."""
_SOON = 30
_BEFORE_WHAT_COMES = re.compile(r"^\S{2,6}(?:之前|以前|前)(?:\S{0,3}[要得须能]|必须)")
"""12月15号发工资之前得能用上: what happens on that day is no matter."""
_NOT_DONE = re.compile(r"^前后|^\S{0,2}要是\S{0,4}就好|^不(?!晚|迟|超|过)|^\S{0,4}?不(?:能|可|要)?(?:耽|误|停|断)")
_DAY_CUE_BEFORE = re.compile(r"(?:赶在|最迟|最晚|截止到?|截至|必须在|争取在?|要在|在|到|不晚于|不迟于|限)\S{0,1}$")
_DAY_LIMIT_BEFORE = re.compile(
    r"(?:赶在|拖不过|别过|不能过|最迟|最晚|截止到?|截至|不晚于|不迟于|限|(?:adline|ddl|期限|死线)[是为:]?)$"
)
_THAT_IS = re.compile(r"儿?(?:之?前|以前)?[(（]")
"""Between two names of one day, 年前（2月3号）: the second is the exact one."""
_DAY_NOT = re.compile(
    r"到期|涨价|才|回老家|生孩子|去年|前年|上个?月|发工资|结账|对账(?!系统|软件|平台)|开会|以来|至今|(?<![要得])开始(?!前)|起(?:必须|就|"
    r"要)?执行|出货高峰|退(?!货?款?(?:系统|软件|流程))|放假|月结|付款|回款|还"
)


def read(text: NeedText, as_of: date) -> Found[int] | None:
    """The deadline in days from `as_of`; the surest mention, of equally sure ones the last stage."""
    found = [found for found in (*_from_spans(text), *_from_days(text, as_of)) if found.value <= _FARTHEST]
    if not found:
        return None
    return max(found, key=lambda deadline: (deadline.confidence, deadline.value))


def _from_spans(text: NeedText) -> Iterator[Found[int]]:
    for span in durations.find(text.folded):
        before, after = text.before(span.start, 7), text.after(span.end, 12)
        if _NOT_AFTER_SPAN.search(after) or (after.startswith("了") and not _LEFT.search(before)):
            continue
        closed = bool(_IN_TIME.match(after))
        if (_NOT_FOR_SPAN.search(before) and not (closed and _YET_FOR_SPAN.search(before))) or _SOFT.search(before):
            continue
        confidence = _span_confidence(span, closed, before, after)
        if confidence:
            yield Found(max(1, -int(-span.days // 1)), span.start, span.end + (1 if closed else 0), confidence)


def _span_confidence(span: durations.Span, closed: bool, before: str, after: str) -> int:
    done = bool(_THEN_DONE.match(after)) or bool(_DONE_BEFORE.search(before))
    if _STAGE.match(after):
        return 55 if closed else 0
    if closed:
        return 92 if done else 85
    if _WITHIN_BEFORE.search(before):
        return 85
    if not after and (_AFTER_A_PRICE.search(before) or not before) and span.unit < 365:
        return 70
    return 80 if _SOON_DONE.match(after) else 0


def _from_days(text: NeedText, as_of: date) -> Iterator[Found[int]]:
    named_days = list(days.find(text.folded, as_of))
    for named, following in zip_longest(named_days, named_days[1:]):
        if text.folded[named.start : named.end] == "当天" and named is not named_days[0]:
            continue  # of the day named before
        told_apart = following is not None and _THAT_IS.fullmatch(text.folded, named.end, following.start)
        if not told_apart and _is_deadline(text, named.start, named.end):
            sure = 88 if _MUST_BE_DONE.match(text.after(named.end, 10)) else 85
            yield Found((named.day - as_of).days, named.start, named.end, sure)


def _is_deadline(text: NeedText, start: int, end: int) -> bool:
    clause = text.clause_at(start)
    before, after = text.before(start, 6), text.after(end, 14)
    if _NOT_DONE.match(after) or _SOFT.search(before):
        return False
    if _REFERRED_TO.search(text.folded, clause.end, clause.end + _SOON) or _BEFORE_WHAT_COMES.match(after):
        return True
    if _DAY_NOT.search(text.folded[max(clause.start, start - 6) : min(clause.end, end + 6)]):
        return False
    if _DAY_CUE_AFTER.match(after) or _DAY_LIMIT_BEFORE.search(before) or text.folded[start:end].endswith("年内"):
        return True
    return bool(_DAY_CUE_BEFORE.search(before) and _THEN_DONE.match(after))
