"""What an offering says of itself in plain words: the kind of thing it is, and for how large a firm it is meant."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.kernel import own_limits
from services.matching.kernel.question import Asked
from services.matching.snapshot import limits, rivals, scale
from services.matching.snapshot.scale import Scale
from tests.matching.factories import POLICY, answered, asking, firm, held, offering, profile, provider
from tests.matching.test_properties import QUICK, SEEDS, drawn, needs

BOUNDS = [
    ("三十人起订", Scale(people_min=30)),
    ("五十点起装，两百点以上送一次梳理", Scale(people_min=50)),
    ("20人起", Scale(people_min=20)),
    ("25名学员起开班", Scale(people_min=25)),
    ("须100个账号起订、按年预付", Scale(people_min=100)),
    ("适合百人以下食品厂", Scale(people_max=100)),
    ("适合5人以内的小公司", Scale(people_max=5)),
    ("适合20家店以上的连锁", Scale(sites_min=20)),
    ("3店起签", Scale(sites_min=3)),
    ("适合五十台机以内的注塑厂", Scale(devices_max=50)),
    ("适合30台服务器以上的企业", Scale(devices_min=30)),
    ("十台起", Scale(devices_min=10)),
    ("只接年营收5000万元以上的企业", Scale(revenue_min=5_000_000_000)),
    ("适合年营收两千万以上的企业", Scale(revenue_min=2_000_000_000)),
    ("三十人起，旗舰版五十人起", Scale(people_min=30)),
    ("年费1.2万元起", Scale()),
    ("51人起每人每年60元", Scale()),
    ("10人以内免费", Scale()),
    ("访谈30人以上", Scale()),
    ("三台以上有折让", Scale()),
    ("每班20人以内", Scale()),
    ("签约三个月起", Scale()),
    ("每秒三件以内", Scale()),
]


@pytest.mark.parametrize(("description", "bounds"), BOUNDS)
def test_bounds_are_read_from_descriptions(description: str, bounds: Scale) -> None:
    assert scale.read(limits.read(description).said) == bounds


def _limits(description: str, text: str = "", **members: object) -> tuple[int | None, list[str]]:
    """The criterion and the cautions of one offering, for 12 people, 3 shops and a revenue of 2 million yuan."""
    found = answered(
        held(provider(), offering(1, description=description)),
        profile(quantities={"sites": 3, "devices": 8}),
        firm(employees=12, annual_revenue=200_000_000, **members),
        text=text,
    ).results[0]
    value = next(part.value for part in found.contributions if part.criterion == "limits")
    return value, [caution.zh for caution in found.cautions]


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ("三十人起订。", "自述 30 人起，企业为 12 人"),
        ("适合5人以内的小公司。", "自述适合 5 人以内，企业为 12 人"),
        ("适合20家店以上的连锁。", "自述 20 家门店起，企业为 3 家门店"),
        ("十台起。", "自述 10 台设备起，企业为 8 台设备"),
        ("只接年营收5000万元以上的企业。", "自述面向年营收 5000万元以上，企业为 200万元"),
    ],
)
def test_a_firm_outside_the_bounds_is_told_and_the_offering_falls(description: str, words: str) -> None:
    value, cautions = _limits(description)
    assert value == 0
    assert words.replace(",", "") in [caution.replace(",", "") for caution in cautions]


@pytest.mark.parametrize("description", ["十二人起订。", "适合12人以内的小公司。", "三家店起。", "扫码报工。"])
def test_a_firm_on_the_bound_is_within(description: str) -> None:
    assert _limits(description)[0] == 10_000


def test_what_is_not_known_of_the_firm_lies_outside_no_bound() -> None:
    found = answered(held(provider(), offering(1, description="三十人起订，三百台起，只接年营收一亿元以上的企业。")))
    assert next(part.value for part in found.results[0].contributions if part.criterion == "limits") == 10_000


def test_an_offer_of_another_kind_stands_behind_one_that_says_nothing_of_kinds() -> None:
    catalogue = held(
        provider(1),
        provider(2),
        offering(1, 1, name="投标保函", summary="电子投标保函", description="在线开立，当天出函。"),
        offering(2, 2, name="保函代办", summary="各类文书代办", description="在线开立，当天出函。"),
    )
    answer = answered(catalogue, text="中标了，要一份履约保函")
    assert [place.offering_id for place in answer.results] == ["off_2", "off_1"]
    assert any("只提到投标，需求要的是履约" in caution.zh for caution in answer.results[1].cautions)


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("要做ISO27001", True),
        ("要做ISO9001", False),
        ("ISO9001和27001一起做", False),
        ("贯标", False),
        ("", False),
    ],
)
def test_kinds_differ_only_where_both_speak_of_them_and_share_none(text: str, others: bool) -> None:
    content = offering(1, name="九千体系辅导", summary="ISO9001 贯标", description="三个月拿证。").content
    offered = np.array([rivals.of(content, ())], np.int64)
    assert rivals.differ(offered, np.array([rivals.spoken_of(text)], np.int64)).tolist() == [others]


def test_what_is_not_wanted_asks_for_no_kind() -> None:
    record = offering(1, name="零担快运", summary="零担专线", description="每天发车。")
    unwanted = answered(held(provider(), record), profile(avoid=["不要整车"]), text="不要整车，天天有货")
    assert next(part.value for part in unwanted.results[0].contributions if part.criterion == "limits") == 10_000


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("打算添两台注塑机", "新设备"),
        ("我们自己有八辆车", "车队"),
        ("从越南进的货", "进口"),
        ("想给羊上个保险", "种养"),
    ],
)
def test_what_a_pattern_of_a_kind_finds(text: str, kind: str) -> None:
    assert [known.zh for known in rivals.kinds() if known.bit & rivals.spoken_of(text)] == [kind]


def test_every_kind_has_names_a_bit_and_words_that_find_it() -> None:
    kinds = rivals.kinds()
    assert len({kind.bit for kind in kinds}) == len(kinds) <= 63
    assert all(kind.zh and kind.en and (kind.words or kind.patterns) for kind in kinds)
    assert all(rivals.spoken_of(word) & kind.bit for kind in kinds for word in kind.words)
    assert sum(rivals.matters()) == sum(kind.bit for kind in kinds)


@QUICK
@given(seed=SEEDS)
def test_nothing_is_given_for_limits_just_where_a_sentence_can_say_why(seed: int) -> None:
    """Where the columns speak of no misfit, no sentence is looked for."""
    _, catalogue = drawn(seed)
    for wanted, enterprise in needs(seed):
        text = "投标保函，零担运输，专利申请"
        asked = Asked.of(asking(wanted, enterprise, text=text), catalogue, POLICY)
        entries = {entry.offering.id: entry for entry in catalogue.base.entries}
        for place in answered(catalogue, wanted, enterprise, text=text, top_k=50).results:
            (value,) = [part.value for part in place.contributions if part.criterion == "limits"]
            told = own_limits.sentences(entries[place.offering_id], asked.demand, asked.wording.kinds)
            assert bool(told) == (value == 0)
            assert all(said in place.cautions for said in told)


@given(st.lists(st.sampled_from([word for kind in rivals.kinds() for word in kind.words]), max_size=4), st.data())
def test_the_kinds_spoken_of_are_those_of_which_a_word_stands_in_the_text(
    words: list[str], data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from(["", "，", "的", "从越南"])).join(words)
    text = text[data.draw(st.integers(0, 3)) :] + data.draw(st.sampled_from(["", "进口", "添一台", "。"]))
    said = [
        kind.bit
        for kind in rivals.kinds()
        if any(word in text for word in kind.words) or any(pattern.search(text) for pattern in kind.patterns)
    ]
    assert rivals.spoken_of(text) == sum(said)
