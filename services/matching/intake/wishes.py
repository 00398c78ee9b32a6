"""What the firm wishes and what it does not want, clause by clause in its own words; and what was not understood."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.matching.intake.denials import DO_NOT, NO_MOVE
from services.matching.intake.texts import Clause, NeedText

_WANTED = re.compile(
    r"要(?<![不主]要)(?!求我|[一两三四五半几\d]\S{0,2}[天年月周])|想(?!象|法)|希望|最好|能(?!耗|源|力)|支持|"
    r"得(?:(?<=^得)|(?<=[都也还就又须]得))(?=\S)|"
    r"必须|须|需(?!求量)|可以|方便|包括|有没有|哪里|哪儿|怎么|咋|如何|"
    r"帮|带(?:教|着)|优先|尽量|尽快|就行|就好|只看|只求|越\S{1,3}越(?:好|行|快)"
)
_MEASURED = re.compile(r"\d\s?(?:公斤|千克|米|袋|平|吨|℃|度|mm|cm|kg|毫米|厘米|小时|件|款)")
_UNWANTED = re.compile(
    rf"不要(?<!要不要)|不想|不用|{DO_NOT}(?!的|人|家|墅|处|提|说)|甭|不需要|"
    r"不考虑|不接受|不打算|不愿意?|拒绝|反感|讨厌|不碰|不做(?!到|好|完)|不上(?=软件|系统|云)|"
    rf"不换|{NO_MOVE}|不买|不搞|免谈|就算了|谢绝|排除|除外"
)
_A_LIMIT = re.compile(r"(?:不要|别|不能|不)(?:超|高于|多于|大于|低于|少于|晚于|迟于)")
_LEAD = re.compile(
    r"^(?:我们?|咱们?|我司|我厂|公司|现在|目前|所以|但是?|不过|而且|并且|另外|还有|还|也|就|再|最好|"
    r"希望|想要|想|需要|要求|要个?(?!不)|必须|得|能不能|可不可以|能否|有没有|能|是不是|请|麻烦|主要是?|只要|"
    r"只想)+(?=\S{3})"
)
_TAIL = re.compile(r"(?:吗|呢|吧|啊|呀|嘛|哦|了|的|就行了?|就好了?|就可以了?|行不行|可不可以|好不好|最好)+$")
_LEAST = 4
_LONGEST = 40
_MOST = 8


@dataclass(frozen=True, slots=True)
class Spoken:
    """The clauses sorted by what they say."""

    wishes: tuple[str, ...]
    avoid: tuple[str, ...]
    not_understood: tuple[str, ...]


def read(text: NeedText, settled: Sequence[tuple[int, int]], topical: Sequence[tuple[int, int]]) -> Spoken:
    """Sort the clauses; `settled` are the places that became values, `topical` those that tell the topic."""
    wishes: list[str] = []
    avoid: list[str] = []
    nothing: list[str] = []
    values = _marked(len(text.folded), settled)
    anything = _marked(len(text.folded), (*settled, *topical))
    # One look at the whole text spares one at each clause of most texts.
    refuses, measures = _UNWANTED.search(text.folded), _MEASURED.search(text.folded)
    for clause in text.clauses:
        said = text.folded[clause.start : clause.end]
        if refuses and _UNWANTED.search(said) and not _A_LIMIT.search(said):
            avoid.append(_words(text, clause, trimmed=False))
        elif (_WANTED.search(said) or (measures and _MEASURED.search(said))) and (
            values.count(0, clause.start, clause.end) >= _LEAST
        ):
            wishes.append(_words(text, clause, trimmed=True))
        elif len(said) >= _LEAST and not anything.count(1, clause.start, clause.end):
            nothing.append(_words(text, clause, trimmed=False))
    return Spoken(_distinct(wishes), _distinct(avoid), _distinct(nothing))


def _marked(length: int, places: Iterable[tuple[int, int]]) -> bytearray:
    """One byte per character of the text, 1 where something was read."""
    marks = bytearray(length)
    for start, end in places:
        marks[start:end] = b"\1" * (min(end, length) - start)
    return marks


def _words(text: NeedText, clause: Clause, *, trimmed: bool) -> str:
    words = text.words(clause.start, clause.end)
    return (_TAIL.sub("", _LEAD.sub("", words)) if trimmed else words)[:_LONGEST]


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))[:_MOST]
