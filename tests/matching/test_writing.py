"""What `writing` spells out is what the contract's model would, byte for byte."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.kernel import writing
from services.matching.kernel.parts import Said
from shared.contracts.matches import MatchRun
from tests.matching import factories, random_cases
from tests.matching.factories import THEN, answered, held, offering, profile, provider

ODD = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)


def _whole(document: bytes) -> bytes:
    return MatchRun.model_validate_json(document).model_dump_json(by_alias=True).encode()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_any_answer(seed: int) -> None:
    dice = random.Random(seed)
    offers = [random_cases.offering(dice, number) for number in range(1, 31)]
    catalogue = held(*[provider(number) for number in range(1, 31)], *offers)
    for _ in range(4):
        wanted, enterprise = random_cases.profile(dice), random_cases.enterprise(dice)
        found = answered(catalogue, wanted, enterprise, text="扫码报工和追溯", top_k=20)
        document = writing.run(found, "run_1", "need_1", THEN, Said("旧", "old") if seed % 2 else None)
        assert document == _whole(document)


@settings(max_examples=50, deadline=None)
@given(name=ODD, words=ODD)
def test_any_words(name: str, words: str) -> None:
    """Quotation marks, backslashes and control characters are written as the model writes them."""
    record = offering()
    content = record.content.model_copy(update={"name": name, "summary": words, "description": f"只做{words}。"})
    catalogue = held(record.model_copy(update={"content": content}))
    found = answered(catalogue, profile(conflicts=[f"{name} / {words}"]))
    document = writing.run(found, words, name, THEN)
    assert document == _whole(document)
    assert found.results[0].offering.content.name == name


@pytest.mark.parametrize("must", [{"delivery": ("on-premises",)}, {"onsite": True}, {"compliance": ("mlps2",)}])
def test_changes_of_every_shape(must: dict[str, object]) -> None:
    """A relaxation's new value may be a list or null."""
    found = factories.answered(held(offering(delivery=("saas",))), profile(must=must))
    assert found.relaxations
    document = writing.run(found, "run_1", "need_1", THEN)
    assert document == _whole(document)


def test_an_edition_is_named() -> None:
    catalogue = held(offering(), factories.edition(7, "off_1"))
    document = writing.run(answered(catalogue, edition="edt_7"), "run_1", "need_1", THEN)
    assert b'"edition":{' in document
    assert document == _whole(document)
