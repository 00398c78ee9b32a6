"""What spares intake a look finds nothing less than the look itself."""

import json
import re
from datetime import date
from functools import cache
from importlib import import_module
from itertools import product
from pkgutil import iter_modules

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching import intake
from services.matching.intake import categories, demands, denials, language, places, texts, trades, vocabulary, wishes
from shared.contracts.needs import NeedRequest, Profile
from tests.matching.intake import cases

_TEXTS = [
    row["text"]
    for name in ("money", "deadlines", "finance", "regions", "symptoms")
    for row in cases.rows(f"{name}.csv")
]
_GUARDED = [
    pattern
    for module in iter_modules(intake.__path__)
    for pattern in vars(import_module(f"{intake.__name__}.{module.name}")).values()
    if isinstance(pattern, re.Pattern) and pattern.pattern.startswith("(?=[")
]
_pieces = st.lists(st.sampled_from(_TEXTS), min_size=1, max_size=4).flatmap(
    lambda chosen: st.permutations("".join(chosen)).map("".join) | st.just("".join(chosen))
)
"""Texts as people type them, joined or shaken."""


@pytest.mark.parametrize("pattern", _GUARDED)
def test_a_pattern_begins_with_one_of_its_characters_only(pattern: re.Pattern[str]) -> None:
    bare = re.compile(pattern.pattern.partition("])")[2])
    signs = sorted({sign for text in _TEXTS for sign in texts.fold(text).folded} | set(pattern.pattern))

    def same(text: str) -> None:
        folded = texts.fold(text).folded
        assert [match.span() for match in pattern.finditer(folded)] == [match.span() for match in bare.finditer(folded)]

    for text in _TEXTS:
        same(text)
    given(_pieces | st.text(st.sampled_from(signs), max_size=40))(settings(max_examples=60)(same))()


@pytest.mark.parametrize("name", ["_UNWANTED", "_MEASURED"])
def test_what_stands_in_a_clause_stands_in_the_text(name: str) -> None:
    pattern = vars(wishes)[name]

    def same(text: str) -> None:
        need = texts.fold(text)
        found = {match.start() for at in range(len(need.folded)) if (match := pattern.match(need.folded, at))}
        for clause in need.clauses:
            said = need.folded[clause.start : clause.end]
            assert {clause.start + match.start() for match in pattern.finditer(said)} <= found

    for text in _TEXTS:
        same(text)
    given(_pieces)(settings(max_examples=60)(same))()


@cache
def _spelled(phrase: str) -> list[list[str]]:
    """The spellings of each part of a phrase."""
    choices = [
        [option.strip("()").split("/") for option in re.findall(r"\([^)]*\)|[^()]+", part)]
        for part in re.split("[…+]", phrase)
    ]
    return [["".join(some) for some in product(*options)] for options in choices]


@cache
def _whole(part: tuple[str, ...]) -> str:
    """The spellings as a pattern; Latin words count only whole."""
    return "|".join(
        ("(?<![a-z0-9])" if word[0].isascii() else "")
        + re.escape(word)
        + ("(?![a-z0-9])" if word[-1].isascii() else "")
        for word in part
    )


def _place(phrase: str, folded: str) -> tuple[int, int] | None:
    """Where a phrase stands first, looked for at every place of the text."""
    first, *rest = _spelled(phrase)
    standing = sorted((at, len(word)) for word in first if word in folded for at in range(len(folded))
                      if re.compile(_whole((word,))).match(folded, at))  # fmt: skip
    for start, length in standing:
        end = start + length
        if "+" not in phrase:
            asked = "(?<=能)不(?=能)|(?<=有)没(?=有)|(?<=可)不(?=可以)|(?<=[是要会行])不(?=[是要会行])"
            gap = f"(?:[^。！!？?；;\n不没别莫]|{asked}|(?<=[{denials.MAKES_A_WORD}])别){{0,10}}?"
            gaps = "".join(f"{gap}(?:{_whole(tuple(part))})" for part in rest)
            match = re.compile(gaps).match(folded, end)
            if match:
                return start, match.end()
            continue
        sentence = re.split("[。！!？?；;\n]", folded[:start])[-1] + re.split("[。！!？?；;\n]", folded[start:])[0]
        if all(re.search(_whole(tuple(part)), sentence) for part in rest):
            return start, end
    return None


@pytest.mark.parametrize("name", ["categories", "demands", "places", "trades"])
def test_the_phrases_found_are_those_that_stand_in_the_text(name: str) -> None:
    phrases = {"categories": categories, "demands": demands, "places": places, "trades": trades}[name].spellings()

    def same(text: str) -> None:
        need = texts.fold(text)
        found = {hit.phrase: (hit.start, hit.end) for hit in vocabulary.find(need)[name]}
        placed = ((number, _place(phrase, need.folded)) for number, phrase in enumerate(phrases))
        assert found == {number: place for number, place in placed if place}

    for text in _TEXTS[::4]:
        same(text)
    given(_pieces)(settings(max_examples=30)(same))()


_STATED: list[dict[str, object]] = [
    {},
    {"categories": ["mes"], "must": {"budget_max": 500, "delivery": [], "deadline_days": None}},
    {"must": {"compliance": ["mlps2"], "collateral": ["none"], "onsite": True}, "quantities": {"users": 3}},
]


@pytest.mark.parametrize("profile", _STATED)
def test_what_is_put_together_unchecked_would_pass_the_checks(profile: dict[str, object]) -> None:
    firm = {"region": "330106", "industry": "3484", "employees": 50, "annual_revenue": 3_000_000_000}

    def passes(text: str) -> None:
        body = {"text": text, "enterprise": firm, "profile": profile}
        read = intake.read(NeedRequest.model_validate_json(json.dumps(body)), language.EMPTY, date(2026, 11, 22))
        assert Profile.model_validate(read.model_dump(by_alias=True, warnings="error")) == read

    for text in _TEXTS:
        passes(text)
    given(_pieces)(settings(max_examples=60)(passes))()
