"""By when it must stand: days from the request, from spans (45天内) and from named days (618之前, 后天)."""

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from services.matching.intake import durations, numerals, tables
from services.matching.intake.texts import Found, NeedText

_FARTHEST = 3650
_DONE = (
    r"上线|用上|用起来|交付|交货|交活|交过去|交上|交货|搞定|完成|做完|做好|装完|装好|弄好|弄完|拿证|拿到|拿下|取证|开课|到位|切换|换完|验收|投产|开业|落地|见效|见到效果|出报告|出结果|"
    r"开工|到账|放款|下来|办好|办下|办完|跑起来|建好|建成|发货|关闭|整改完|整改到位|通过|过审|上架|启用|能用|使用|到货|进场|结束|出来|搭好|调试好|改好|修好|恢复|签|交|搬完|招到|到岗|开出|开好"
)
_IN_TIME = re.compile(r"^(?:左右)?(?:之内|以内|内(?![部容网销])|之前|以前|前(?!后|任|台))")
_THEN_DONE = re.compile(rf"^\S{{0,5}}?(?:{_DONE}|必须|就要|要用|为限)")
_WITHIN_BEFORE = re.compile(
    r"(?:最多|最迟|最晚|最长|不超过|不能超过|限期|限|给我们|只有|还有|只剩|还剩|工期|交期|周期|期限|控制在|必须在|争取|要求|希望|赶在|截止)\S{0,2}$"
)
_AFTER_A_PRICE = re.compile(r"[万元块](?:以内|之内|以下|封顶)?$|(?:以内|之内|以下|封顶)$")
_NOT_FOR_SPAN = re.compile(
    r"账期|停机|停工|停产|停了|等|压|去年|前年|上个?月|用了|做了|干了|开了|花了|试用|质保|保修|维护|响应|每|要算|拖|租|还清|分期|期限不|不少于|至少|学|工作|招了|过去|近|未来|趁|那|坏了|走了|回款|付款|月结|历时|跑了|"
    r"睡|满|退货|免费|才|有效|存|年龄|经验|成立|营业|保质|贷|借|还款|一还|老化|滞留|卡"
)
_NOT_AFTER_SPAN = re.compile(
    r"^(?:之?内|以内)?\S{0,2}?(?:响应|到场|到现场|上门|赶到|回复|退|包换|免费|的账|账期|经验|不能|没|无|销|发工资|一次|质保)"
)
_STAGE = re.compile(r"^\S{0,6}?(?:出方案|报价|给方案|回复|答复|看现场|先|试点|初稿)")
_DAY_CUE_AFTER = re.compile(
    rf"^(?:左右)?(?:之前|以前|前(?!后|任|年|几|两|三)|之内|以内|内(?![部容网销])|截止|为止|就?必须|就?得|就?要(?!求)|就?开(?:业|标|课|工|张)|\S{{0,4}}?(?:{_DONE}))"
)
_DAY_CUE_BEFORE = re.compile(r"(?:赶在|最迟|最晚|截止到?|截至|必须在|争取在?|要在|在|到|不晚于|不迟于|限)\S{0,1}$")
_DAY_LIMIT_BEFORE = re.compile(r"(?:赶在|最迟|最晚|截止到?|截至|不晚于|不迟于|限)$")
_DAY_NOT = re.compile(
    r"到期|涨价|才知道|去年|前年|上个?月|发工资|结账|对账|开会|以来|至今|开始(?!前)|起(?:必须|就|要)?执行|出货高峰|退|放假|月结|付款|回款|还"
)
_WEEKDAYS = "一二三四五六日"
_NAMED = re.compile(
    r"(?=[今明大后这本下周星礼月来年当过赶腊小除元正上第q0-9一二三四五六七八九十])(?:"
    r"(?P<today>今天|今晚|今日|当天)|(?P<tomorrow>明天|明早|明晚|明日)|(?P<in3>大后天)|(?P<in2>后天)|"
    r"(?P<week>这周|本周|这个?星期|这个?礼拜|下下周|下周|下个?星期|下个?礼拜|周|星期|礼拜)(?P<weekday>[一二三四五六日天末])?|"
    r"(?P<month_word>这个月|本月|当月|下下个?月|下个?月|月)(?:(?P<part>底|末|初|中(?!旬)|[上中下]旬)|(?P<mday>\d{1,2})[号日])?|"
    r"(?:(?P<year>今年|明年|后年|来年|20\d\d年|\d\d年)?(?P<month>\d{1,2}|十[一二]?|[一二三四五六七八九])月(?:份)?(?:(?P<day>\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[号日]|(?P<mpart>底|末|初|中(?!旬)|[上中下]旬))?)|"
    r"(?P<only_day>\d{1,2}|[一二三]?十[一二三四五六七八九]?)[号](?!人|线|楼|店|机|库)|"
    r"(?P<slash>(?:20\d\d[-/.])?\d{1,2}[-/.]\d{1,2})(?=[日号]?(?:之?前|以前))|"
    r"(?P<year_end>(?:今|明|本)?年(?:底|末|终|内|中)|(?:今年|明年)?(?:上|下)半年|(?:今年|明年)?(?:第?[一二三四]季度|q[1-4])|(?:明|来)年初|(?:明|今|来)年(?=之?内|之?前))|"
    r"(?P<new_year>(?:过|赶)?年(?=之?前(?!年))|过年|腊月(?:二十|底|里)?|小年|除夕|大年三十|元宵|正月十五))"
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
        if _NOT_AFTER_SPAN.search(after):
            continue
        closed = bool(_IN_TIME.match(after))
        if _NOT_FOR_SPAN.search(before) and not (closed and re.search(r"要求|限期|学|希望", before)):
            continue
        confidence = _span_confidence(closed, before, after)
        if confidence:
            yield Found(max(1, -int(-span.days // 1)), span.start, span.end + (1 if closed else 0), confidence)


def _span_confidence(closed: bool, before: str, after: str) -> int:
    done = bool(_THEN_DONE.match(after)) or bool(re.search(rf"(?:{_DONE})\S{{0,3}}$", before))
    if _STAGE.match(after):
        return 55 if closed else 0
    if closed:
        return 92 if done else 85
    if _WITHIN_BEFORE.search(before):
        return 85
    if not after and _AFTER_A_PRICE.search(before):
        return 70
    return 80 if done and re.match(rf"^(?:就|必须|内|得|要|能|左右)*(?:\S{{0,3}})(?:{_DONE})", after) else 0


def _from_days(text: NeedText, as_of: date) -> Iterator[Found[int]]:
    for match in _NAMED.finditer(text.folded):
        day = _day(match, as_of)
        if day is not None and day >= as_of and _is_deadline(text, match.start(), match.end()):
            yield Found((day - as_of).days, match.start(), match.end(), 85)
    pattern, days = _calendar()
    for match in pattern.finditer(text.folded):
        if _is_deadline(text, match.start(), match.end()):
            coming = [day for form in days[match[0]] for day in _coming(form, as_of)]
            if coming:
                yield Found((min(coming) - as_of).days, match.start(), match.end(), 85)


def _is_deadline(text: NeedText, start: int, end: int) -> bool:
    clause = text.clause_at(start)
    before, after = text.before(start, 6), text.after(end, 10)
    if _DAY_NOT.search(text.folded[max(clause.start, start - 6) : min(clause.end, end + 6)]):
        return False
    if _DAY_CUE_AFTER.match(after) or _DAY_LIMIT_BEFORE.search(before) or text.folded[start:end].endswith("年内"):
        return True
    return bool(_DAY_CUE_BEFORE.search(before) and _THEN_DONE.match(after))


@cache
def _calendar() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    days: dict[str, tuple[str, ...]] = {}
    for row in tables.rows("calendar.csv"):
        days[row["name"]] = (*days.get(row["name"], ()), row["date"])
    names = sorted(days, key=lambda name: (-len(name), name))
    return re.compile("|".join(rf"(?<!\d){name}(?!\d)" if name[0].isdigit() else name for name in names)), days


def _coming(form: str, as_of: date) -> list[date]:
    """The next day of this form: MM-DD every year, or the full date when it is not past."""
    if len(form) == 10:
        day = date.fromisoformat(form)
        return [day] if day >= as_of else []
    month, number = map(int, form.split("-"))
    this_year = date(as_of.year, month, number)
    return [this_year if this_year >= as_of else date(as_of.year + 1, month, number)]


def _day(match: re.Match[str], as_of: date) -> date | None:
    """The date that a named day means, seen from `as_of`."""
    groups = match.groupdict()
    for name, ahead in (("today", 0), ("tomorrow", 1), ("in2", 2), ("in3", 3)):
        if groups[name]:
            return as_of + timedelta(days=ahead)
    if groups["week"]:
        return _week_day(groups["week"], groups["weekday"], as_of)
    if groups["month_word"]:
        return _month_word(groups["month_word"], groups["part"], groups["mday"], as_of)
    if groups["month"]:
        return _month_day(groups, as_of)
    if groups["only_day"]:
        return _only_day(groups["only_day"], as_of)
    if groups["slash"]:
        return _slashed(groups["slash"], as_of)
    if groups["year_end"]:
        return _part_of_year(groups["year_end"], as_of)
    return _new_year(groups["new_year"], as_of)


def _week_day(week: str, weekday: str | None, as_of: date) -> date | None:
    monday = as_of - timedelta(days=as_of.weekday())
    weeks = 2 if week.startswith("下下") else 1 if week.startswith("下") else 0
    if weekday is None:
        return monday + timedelta(days=7 * weeks + 6) if week not in ("周", "星期", "礼拜") else None
    number = 5 if weekday == "末" else 6 if weekday == "天" else _WEEKDAYS.index(weekday)
    day = monday + timedelta(days=7 * weeks + number)
    return day + timedelta(days=7) if weeks == 0 and day < as_of else day


def _month_word(word: str, part: str | None, day: str | None, as_of: date) -> date | None:
    if word == "月" and part not in ("底", "末", "中"):
        return None
    ahead = 2 if word.startswith("下下") else 1 if word.startswith("下") else 0
    year, month = divmod(as_of.year * 12 + as_of.month - 1 + ahead, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(max(int(day), 1), last)) if day else _in_month(year, month + 1, part)


def _in_month(year: int, month: int, part: str | None) -> date:
    last = calendar.monthrange(year, month)[1]
    number = {"初": 5, "上旬": 10, "中": 15, "中旬": 20}.get(part or "", last)
    return date(year, month, number)


def _number(words: str) -> int:
    number = numerals.read(words)
    return round(number.low) if number else 0


def _month_day(groups: dict[str, str | None], as_of: date) -> date | None:
    month = _number(groups["month"] or "")
    day = _number(groups["day"]) if groups["day"] else None
    year = _year(groups["year"], as_of)
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= calendar.monthrange(year or as_of.year, month)[1]):
        return None
    for candidate in (year,) if year else (as_of.year, as_of.year + 1):
        found = date(candidate, month, day) if day else _in_month(candidate, month, groups["mpart"])
        if found >= as_of:
            return found
    return None


def _year(word: str | None, as_of: date) -> int | None:
    if word is None:
        return None
    ahead = {"今年": 0, "明年": 1, "来年": 1, "后年": 2}.get(word)
    if ahead is not None:
        return as_of.year + ahead
    digits = int(re.sub(r"\D", "", word))
    return digits if digits > 100 else 2000 + digits


def _only_day(words: str, as_of: date) -> date | None:
    day = _number(words)
    for ahead in (0, 1):
        year, month = divmod(as_of.year * 12 + as_of.month - 1 + ahead, 12)
        if 1 <= day <= calendar.monthrange(year, month + 1)[1] and date(year, month + 1, day) >= as_of:
            return date(year, month + 1, day)
    return None


def _slashed(words: str, as_of: date) -> date | None:
    parts = [int(part) for part in re.split(r"[-/.]", words)]
    try:
        if len(parts) == 3:
            return date(*parts)
        day = date(as_of.year, *parts)
    except (ValueError, TypeError):
        return None
    return day if day >= as_of else day.replace(year=as_of.year + 1)


def _part_of_year(words: str, as_of: date) -> date | None:
    year = as_of.year + (1 if words.startswith(("明", "来")) else 0)
    if "半年" in words:
        return date(year, 6, 30) if "上半年" in words else date(year, 12, 31)
    quarter = re.search(r"([一二三四])季度|q([1-4])", words)
    if quarter:
        month = 3 * (_number(quarter[1]) if quarter[1] else int(quarter[2]))
        day = _in_month(year, month, None)
        return day if day >= as_of else _in_month(year + 1, month, None)
    if words.endswith("初"):
        return date(year, 1, 31)
    return date(year, 6, 30) if words.endswith("中") else date(year, 12, 31)


def _new_year(words: str | None, as_of: date) -> date | None:
    _, days = _calendar()
    coming = [day for form in days["春节"] for day in _coming(form, as_of)]
    if not coming:
        return None
    ahead = {"小年": -7, "除夕": -1, "大年三十": -1, "元宵": 14, "正月十五": 14}.get(words or "", 0)
    return min(coming) + timedelta(days=ahead - 10 if words and words.startswith("腊月") else ahead)
