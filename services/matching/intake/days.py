"""Days that people name (后天, 下周五, 月底, 3月1日, 年前, 618), as dates seen from the day of asking."""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from services.matching.intake import patterns, tables
from services.matching.snapshot import numerals

Groups = re.Match[str]

_WEEKDAYS = "一二三四五六日"
_DATE = r"\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_NAMED = patterns.starting(
    "今明大后这本下周星礼月来年当过赶腊小除元正上第q0-9一二三四五六七八九十",
    r"(?P<today>今天|今晚|今日|当天)|(?P<tomorrow>明天|明早|明晚|明日)|(?P<in3>大后天)|(?P<in2>后天)|"
    r"(?P<week>这周|本周|这个?星期|这个?礼拜|下下周|下周|下个?星期|下个?礼拜|周|星期|"
    r"礼拜)(?P<weekday>[一二三四五六日天末])?|"
    r"(?P<month_word>这个月|本月|当月|下下个?月|下个?月|月)(?:(?P<part>底|末|初|中(?!旬)|[上中下]旬)|"
    rf"(?P<mday>{_DATE})[号日])?|"
    r"(?:(?P<year>今年|明年|后年|来年|20\d\d年|\d\d年)?(?P<month>\d{1,2}|十[一二]?|"
    rf"[元一二三四五六七八九])月(?:份)?(?:(?P<day>{_DATE})[号日]|(?P<mpart>底|末|初|中(?!旬)|[上中下]旬)(?:[(（](?P<exact>{_DATE})[号日][)）])?)?)|"
    rf"(?P<only_day>{_DATE})号(?!人|线|楼|店|机|库)|"
    r"(?P<slash>(?:20\d\d[-/.])?\d{1,2}[-/.]\d{1,2})(?=[日号]?(?:之?前|以前))|"
    r"(?P<year_end>(?:今年|明年|今|明|本|(?<![\d一二两三四五六七八九十几多半]))年(?:底|末|终|内|中)|(?:今年|明年)?(?:上|下)半年|(?:今年|"
    r"明年)?(?:第?[一二三四]季度|q[1-4])|(?:明|来)年初|(?:明|今|来)年(?=之?内|之?前))|"
    r"(?P<new_year>(?:过|赶)年(?=之?前)|(?<![\d一二三四五六七八九十几多半两百今明去来后])年(?=之?前(?!年))|过年|小年|除夕|大年三十|元宵)|"
    r"(?P<moon>腊八|(?:腊|正)月(?:初[一二三四五六七八九十]|[一二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|底|里)?)",
)
_QUARTER = re.compile(r"([一二三四])季度|q([1-4])")


@dataclass(frozen=True, slots=True)
class Day:
    """A named day, on or after the day of asking, with its place in the text."""

    day: date
    start: int
    end: int


def find(folded: str, as_of: date) -> Iterator[Day]:
    """All named days that are not past."""
    for match in _NAMED.finditer(folded):
        day = _day(match, as_of)
        if day is not None and day >= as_of:
            yield Day(day, match.start(), match.end())
    pattern, days = _calendar()
    for match in pattern.finditer(folded):
        coming = [day for form in days[match[0]] for day in _coming(form, as_of)]
        if coming:
            yield Day(min(coming), match.start(), match.end())


@cache
def _calendar() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    days: dict[str, tuple[str, ...]] = {}
    for row in tables.rows("calendar.csv"):
        days[row["name"]] = (*days.get(row["name"], ()), row["date"])
    names = sorted(days, key=lambda name: (-len(name), name))
    return re.compile("|".join(rf"{name}(?<!\d{name})(?!\d)" if name[0].isdigit() else name for name in names)), days


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
    for name, meaning in _MEANINGS:
        if match[name]:
            try:
                return meaning(match, as_of)
            except (ValueError, OverflowError):  # 2月29日 said in March: next year has none
                return None
    return None


def _week_day(groups: Groups, as_of: date) -> date | None:
    week, weekday = groups["week"] or "", groups["weekday"]
    monday = as_of - timedelta(days=as_of.weekday())
    weeks = 2 if week.startswith("下下") else 1 if week.startswith("下") else 0
    if weekday is None:
        end = monday + timedelta(days=7 * weeks + 6)
        end += timedelta(days=7 * (end == as_of))  # who says 这周 on a Sunday means the one that comes
        return end if week not in ("周", "星期", "礼拜") else None
    number = 5 if weekday == "末" else 6 if weekday == "天" else _WEEKDAYS.index(weekday)
    day = monday + timedelta(days=7 * weeks + number)
    return day + timedelta(days=7) if weeks == 0 and day < as_of else day


def _month_word(groups: Groups, as_of: date) -> date | None:
    word, part, day = groups["month_word"] or "", groups["part"], groups["mday"]
    if word == "月" and part not in ("底", "末", "中"):
        return None
    ahead = 2 if word.startswith("下下") else 1 if word.startswith("下") else 0
    year, month = divmod(as_of.year * 12 + as_of.month - 1 + ahead, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(max(_number(day), 1), last)) if day else _in_month(year, month + 1, part)


def _in_month(year: int, month: int, part: str | None) -> date:
    last = calendar.monthrange(year, month)[1]
    number = {"初": 5, "上旬": 10, "中": 15, "中旬": 20}.get(part or "", last)
    return date(year, month, number)


def _number(words: str) -> int:
    number = numerals.read(words)
    return round(number.low) if number else 0


def _month_day(groups: Groups, as_of: date) -> date | None:
    month = 1 if groups["month"] == "元" else _number(groups["month"] or "")
    said = groups["day"] or groups["exact"]
    day = _number(said) if said else None
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


def _only_day(groups: Groups, as_of: date) -> date | None:
    day = _number(groups["only_day"] or "")
    for ahead in (0, 1):
        year, month = divmod(as_of.year * 12 + as_of.month - 1 + ahead, 12)
        if 1 <= day <= calendar.monthrange(year, month + 1)[1] and date(year, month + 1, day) >= as_of:
            return date(year, month + 1, day)
    return None


def _slashed(groups: Groups, as_of: date) -> date | None:
    parts = [int(part) for part in re.split(r"[-/.]", groups["slash"] or "")]
    try:
        if len(parts) == 3:
            return date(*parts)
        day = date(as_of.year, *parts)
    except (ValueError, TypeError):
        return None
    return day if day >= as_of else day.replace(year=as_of.year + 1)


def _part_of_year(groups: Groups, as_of: date) -> date | None:
    words = groups["year_end"] or ""
    year = as_of.year + (1 if words.startswith(("明", "来")) else 0)
    if "半年" in words:
        return date(year, 6, 30) if "上半年" in words else date(year, 12, 31)
    quarter = _QUARTER.search(words)
    if quarter:
        month = 3 * (_number(quarter[1]) if quarter[1] else int(quarter[2]))
        day = _in_month(year, month, None)
        return day if day >= as_of else _in_month(year + 1, month, None)
    if words.endswith("初"):
        return date(year, 1, 31)
    return date(year, 6, 30) if words.endswith("中") else date(year, 12, 31)


def _new_year(groups: Groups, as_of: date) -> date | None:
    words = groups["new_year"] or ""
    coming = _next("春节", as_of)
    ahead = {"小年": -7, "除夕": -1, "大年三十": -1, "元宵": 14}.get(words, 0)
    return coming and coming + timedelta(days=ahead)


def _moon_day(groups: Groups, as_of: date) -> date | None:
    """A day of the last or the first month by the moon; None when it is over."""
    words = (groups["moon"] or "").replace("腊八", "腊月初八").replace("廿", "二十")
    month, part = words[:2], words[2:]
    first = _next("春节" if month == "正月" else "腊月初一", as_of - timedelta(days=29))
    if first is None or (month == "正月" and not part):
        return None
    before = groups.string.startswith(("前", "之前"), groups.end()) and not part
    day = 1 if before else _number(part.removeprefix("初")) or {"底": 29}.get(part, 20)
    found = first + timedelta(days=day - 1)
    return found if found >= as_of else None


def _next(name: str, as_of: date) -> date | None:
    """The next day of this name in the calendar."""
    _, days = _calendar()
    return min((day for form in days[name] for day in _coming(form, as_of)), default=None)


_MEANINGS: tuple[tuple[str, Callable[[Groups, date], date | None]], ...] = (
    ("today", lambda _, as_of: as_of),
    ("tomorrow", lambda _, as_of: as_of + timedelta(days=1)),
    ("in2", lambda _, as_of: as_of + timedelta(days=2)),
    ("in3", lambda _, as_of: as_of + timedelta(days=3)),
    ("week", _week_day),
    ("month_word", _month_word),
    ("month", _month_day),
    ("only_day", _only_day),
    ("slash", _slashed),
    ("year_end", _part_of_year),
    ("new_year", _new_year),
    ("moon", _moon_day),
)
