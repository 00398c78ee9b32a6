"""What a text sounds like: learnt from example sentences, in a fraction of a second, the same in any order."""

import time

import numpy as np
import pytest

from services.matching.intake import sayings, tables

FRESH = (
    ("仓里的货谁也说不准放在哪个库位，拣货要找半天", "warehouse-management"),
    ("工人加了几天班、请了几天假全靠班长嘴说，算工资就吵", "human-resources"),
    ("厂房想抵给银行，借三百万，年限长一点", "secured-loan"),
    ("设备老是突然坏，想提前知道，保养也有个提醒", "equipment-maintenance"),
    ("我家孩子补课去哪个学校好", sayings.NO_TOPIC),
    ("下周去海边玩住哪家酒店", sayings.NO_TOPIC),
)


@pytest.mark.parametrize(("text", "category"), FRESH)
def test_a_sentence_that_is_not_on_the_list_sounds_like_its_category(text: str, category: str) -> None:
    assert text not in {row["text"] for row in tables.rows("sayings.csv")}
    voice = sayings.voice()
    likeness = voice.likeness(text)
    assert voice.categories[int(likeness.argmax())] == category


def test_sentences_left_out_are_mostly_recognised() -> None:
    """Five times a fifth is left out and read by what the others teach, without the lexicon."""
    said = [(row["category"], row["text"]) for row in tables.rows("sayings.csv")]
    right = 0
    for fold in range(5):
        voice = sayings.learn(pair for number, pair in enumerate(said) if number % 5 != fold)
        held = [pair for number, pair in enumerate(said) if number % 5 == fold]
        likeness = np.array([voice.likeness(text) for _, text in held])
        best_two = np.argsort(-likeness, axis=1)[:, :2]
        right += sum(voice.categories.index(category) in two for (category, _), two in zip(held, best_two, strict=True))
    assert right >= 0.5 * len(said)


def test_amounts_and_punctuation_sound_like_nothing() -> None:
    voice = sayings.voice()
    assert voice.likeness("").max() == 0
    assert voice.likeness("三十五万，2026！").max() < 0.05
    assert sayings.pieces("要三台crm") == {"要", "台", "crm"}


def test_the_order_of_the_list_does_not_matter() -> None:
    said = [(row["category"], row["text"]) for row in tables.rows("sayings.csv")][::7]
    one, other = sayings.learn(said), sayings.learn(reversed(said))
    assert one.categories == other.categories
    np.testing.assert_allclose(one.likeness("想贷点款"), other.likeness("想贷点款"), atol=1e-4)


def test_learning_is_quick() -> None:
    begun = time.process_time()
    sayings.learn((row["category"], row["text"]) for row in tables.rows("sayings.csv"))
    assert time.process_time() - begun < 10
