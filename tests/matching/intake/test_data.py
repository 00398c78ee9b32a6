"""The word lists of intake keep their shape, whoever edits them."""

import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

from services.matching.intake import phrases, sayings, tables, texts
from shared import codes
from shared.codes import industries, regions, scenarios
from shared.contracts.vocabulary import Compliance, Delivery, members

LEVEL_2 = {row["code"] for row in codes.rows("categories.csv") if row["parent"]}
KINDS = {"term", "symptom", "pain"}
LISTS = ("lexicon", "demands", "corrections", "calendar", "scenarios", "places", "place_words", "trades", "sayings")


def _lexicon() -> list[tuple[str, str, int, list[str]]]:
    return [
        (row["category"], row["kind"], int(row["strength"]), row["phrases"].split())
        for row in tables.rows("lexicon.csv")
    ]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_no_empty_and_no_surplus_fields(name: str) -> None:
    for row in tables.rows(f"{name}.csv"):
        assert None not in row, row
        assert all(value and value == value.strip() for value in row.values()), row


def test_the_lexicon_covers_every_category_richly() -> None:
    phrases_of: dict[str, int] = Counter()
    kinds_of = defaultdict(set)
    for category, kind, _, words in _lexicon():
        phrases_of[category] += len(words)
        kinds_of[category].add(kind)
    assert set(phrases_of) == LEVEL_2
    assert min(phrases_of.values()) >= 12
    assert all(kinds == KINDS for kinds in kinds_of.values()), {c for c, kinds in kinds_of.items() if kinds != KINDS}


def test_the_sayings_show_every_category_and_no_category_often_and_each_once() -> None:
    said = [(row["category"], row["text"]) for row in tables.rows("sayings.csv")]
    count = Counter(category for category, _ in said)
    assert set(count) == {*LEVEL_2, sayings.NO_TOPIC, sayings.ANY_TOPIC}
    assert min(count.values()) >= 12
    assert count[sayings.NO_TOPIC] >= 100
    assert len({text for _, text in said}) == len(said)


def test_no_judged_need_and_no_check_of_our_own_is_among_the_sayings() -> None:
    """What reading is measured on must not be what it was taught."""
    folder = Path(__file__).parents[3] / "bench" / "relevance"
    lines = "".join(
        (folder / name).read_text("utf-8")
        for name in (
            "dev_needs.jsonl",
            "own_needs.jsonl",
            "own_topics.csv",
            "fresh_needs.jsonl",
            "strangers/needs.jsonl",
            "strangers/reading.jsonl",
        )
    )
    for row in tables.rows("sayings.csv"):
        clauses = re.split("[，。？！]", row["text"])
        assert not [clause for clause in clauses if len(clause) >= 9 and clause in lines], row


def test_the_lexicon_has_strengths_in_bounds_and_no_phrase_twice() -> None:
    assert all(1 <= strength <= 97 for _, _, strength, _ in _lexicon())
    seen = Counter((category, phrase) for category, _, _, words in _lexicon() for phrase in words)
    assert [key for key, count in seen.items() if count > 1] == []


@pytest.mark.parametrize("name", ["lexicon", "demands"])
def test_phrases_are_folded_and_well_formed(name: str) -> None:
    for row in tables.rows(f"{name}.csv"):
        for phrase in row["phrases"].split():
            assert phrase == phrase.lower(), phrase
            assert re.fullmatch(r"[^\s()|,，。；;]*(?:\([^()|,，。…+]+\)[^\s()|,，。；;]*)*", phrase), phrase
            parts = re.split(r"[…+]", phrase)
            assert all(parts), phrase
            assert not ("…" in phrase and "+" in phrase), phrase


@pytest.mark.parametrize("name", ["lexicon", "demands"])
def test_every_phrase_finds_itself(name: str) -> None:
    spelled = [phrase for row in tables.rows(f"{name}.csv") for phrase in row["phrases"].split()]
    known = phrases.index(spelled)
    for number, phrase in enumerate(spelled):
        said = re.sub(r"\(([^/()]*)[^()]*\)", r"\1", phrase).replace("…", "的").replace("+", "，")
        found = {hit.phrase for hit in phrases.find(known, texts.fold(said))}
        assert number in found, phrase


def test_repairs_keep_the_length_and_are_repaired_once() -> None:
    for row in tables.rows("corrections.csv"):
        assert len(row["wrong"]) == len(row["right"]), row
        assert row["wrong"] not in row["right"], row


def test_no_repair_follows_from_a_shorter_one() -> None:
    repairs = {row["wrong"]: row["right"] for row in tables.rows("corrections.csv")}
    for wrong, right in repairs.items():
        inside = [short for short in repairs if short in wrong and short != wrong]
        assert all(wrong.replace(short, repairs[short]) != right for short in inside), (wrong, inside)


def test_a_trade_has_one_code_and_a_place_is_not_said_twice() -> None:
    words = [word for row in tables.rows("trades.csv") for word in row["words"].split()]
    assert len(words) == len(set(words)), [word for word in set(words) if words.count(word) > 1]
    official = {(name.removesuffix("市").removesuffix("区"), code) for code, name in regions.names().items()}
    official |= {(name, code) for code, name in regions.names().items()}
    assert not {(row["name"], row["code"]) for row in tables.rows("places.csv")} & official


def test_codes_in_the_lists_exist() -> None:
    assert all(regions.exists(row["code"]) for row in tables.rows("places.csv"))
    assert all(industries.exists(row["code"]) for row in tables.rows("trades.csv"))
    assert {row["category"] for row in tables.rows("scenarios.csv")} <= LEVEL_2
    assert {row["scenario"] for row in tables.rows("scenarios.csv")} <= set(scenarios.names())


def test_demands_are_forms_marks_or_visits() -> None:
    known = {*members(Delivery), *members(Compliance), "onsite", "visit", "remote"}
    assert {part for row in tables.rows("demands.csv") for part in row["demand"].split("+")} <= known


def test_days_of_the_calendar_are_days() -> None:
    for row in tables.rows("calendar.csv"):
        assert date.fromisoformat(row["date"] if len(row["date"]) == 10 else f"2024-{row['date']}")
