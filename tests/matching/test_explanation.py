"""What people read: reasons with their facts, cautions, what was taken out, and the honest word."""

from typing import Any

import pytest

from services.matching.kernel import figures
from services.matching.kernel.parts import Result
from services.matching.kernel.policy import CRITERIA
from tests.matching.factories import answered, firm, held, offering, profile, provider


def _only(states: dict[str, Any], asks: dict[str, Any], **members: Any) -> Result:
    enterprise = firm(**asks.pop("firm", {}))
    return answered(held(provider(**members), offering(**states)), profile("mes", **asks), enterprise).results[0]


def _reason(place: Result, criterion: str) -> str:
    return next(part.text.zh for part in place.contributions if part.criterion == criterion)


@pytest.mark.parametrize(
    ("criterion", "states", "asks", "words"),
    [
        ("topic", {}, {}, "属于所需类别“制造执行管控”"),
        ("topic", {"categories": ("quality-management",)}, {}, "类别“质量管理”与所需的“制造执行管控”相邻"),
        ("price", {"price": {"model": "subscription", "min": 4_200_000, "per": "year"}},
         {"must": {"budget_max": 5_000_000}}, "首年最低 4.2万元（让利后），低于预算 5万元"),
        ("price", {}, {}, "价格未公布，需询价"),
        ("industry", {"industries": ("33",)}, {}, "面向“金属制品业”（33）"),
        ("region", {"regions": ("330000",)}, {}, "服务范围含浙江省，服务商在浙江省杭州市西湖区"),
        ("time", {"lead_time_days": 20}, {"must": {"deadline_days": 30}}, "约 20 天可用，在 30 天期限内"),
        ("time", {"lead_time_days": 33}, {"must": {"deadline_days": 30}}, "约 33 天可用，略超 30 天期限"),
        ("size", {"enterprise_sizes": ("small",)}, {"size": "small"}, "面向小型企业"),
        ("benefit", {"discount_bp": 1500, "trial_days": 14}, {}, "让利 15%，试用 14 天"),
    ],
)  # fmt: skip
def test_reasons_name_the_facts(criterion: str, states: dict[str, Any], asks: dict[str, Any], words: str) -> None:
    assert _reason(_only(states, dict(asks)), criterion) == words


@pytest.mark.parametrize(
    ("states", "asks", "words"),
    [
        ({}, {}, "价格未公布，请先询价"),
        ({"price": {"model": "one-off", "min": 10_900}}, {"must": {"budget_max": 10_000}},
         "首年 109元，超出预算 100元 不到一成"),
        ({"lead_time_days": 33}, {"must": {"deadline_days": 30}}, "约需 33 天，略超 30 天期限"),
        ({}, {"must": {"deadline_days": 30}}, "未说明交付周期，请确认能否赶上期限"),
        ({}, {"must": {"delivery": ("saas",)}}, "未说明交付方式"),
        ({"industries": ("3351",)}, {"firm": {"industry": "33"}}, "企业行业填写较粗，请核对适用行业"),
        ({"enterprise_sizes": ("small",)}, {}, "企业规模无法计算，请核对适用规模"),
        ({"description": "只做离散制造。"}, {}, "供给自述：只做离散制造"),
        ({}, {"conflicts": ("文中说10人，资料为50人 / the text says 10")}, "文中说10人，资料为50人"),
    ],
)  # fmt: skip
def test_cautions(states: dict[str, Any], asks: dict[str, Any], words: str) -> None:
    asks = dict(asks)
    if isinstance(asks.get("conflicts"), str):
        asks["conflicts"] = [asks["conflicts"]]
    assert words in [caution.zh for caution in _only(states, asks).cautions]


def test_every_criterion_is_explained_in_both_languages_largest_first() -> None:
    place = _only({}, {})
    assert sorted(part.criterion for part in place.contributions) == sorted(CRITERIA)
    points = [part.contribution for part in place.contributions]
    assert points == sorted(points, reverse=True)


def test_eliminated_is_told_with_numbers() -> None:
    answer = answered(held(offering(1, regions=("110000",)), offering(2)))
    (item,) = answer.eliminated
    assert (item.constraint, item.count, item.only) == ("region", 1, 1)
    assert item.text.zh == "1 项服务范围不含企业所在地区，其中 1 项仅此一条不符"


def test_nothing_eligible_is_said_with_the_change_that_would_help() -> None:
    answer = answered(held(offering(delivery=("saas",))), profile(must={"delivery": ("on-premises",)}))
    assert answer.unmet is not None
    assert answer.unmet.code == "nothing-eligible"
    assert [item.change for item in answer.relaxations] == [{"delivery": ["saas", "on-premises"]}]


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (0, "0元", "CNY 0"),
        (98_050, "980.5元", "CNY 980.50"),
        (4_200_000, "4.2万元", "CNY 42,000"),
        (123_456_700, "123.4567万元", "CNY 1,234,567"),
        (150 * 10**10, "150亿元", "CNY 15,000,000,000"),
    ],
)
def test_money(fen: int, zh: str, en: str) -> None:
    assert (figures.yuan_zh(fen), figures.yuan_en(fen)) == (zh, en)


def test_only_bordering_offers_are_called_partial() -> None:
    answer = answered(held(offering(categories=("quality-management",))))
    assert len(answer.results) == 1
    assert answer.unmet is not None
    assert answer.unmet.code == "only-partial"
    assert answered(held(offering(categories=("quality-management",)), offering(2))).unmet is None


def test_a_list_is_partial_when_a_clearly_better_offer_is_kept_out() -> None:
    far = [offering(number, 1, summary="看板", description="看板与排班。") for number in range(1, 4)]
    states: dict[str, Any] = {"summary": "勒索病毒应急", "description": "勒索病毒清除，文件恢复。"}
    right = [offering(number, 1, regions=("110000",), **states) for number in (8, 9)]
    wanted = profile(wishes=["勒索病毒清除", "文件恢复"])
    answer = answered(held(*far, *right), wanted)
    assert answer.unmet is not None
    assert answer.unmet.code == "only-partial"
    assert answered(held(*far), wanted).unmet is None
