"""Each criterion on its fixed scale: a table of what an offering states, what the need asks, and the value."""

from typing import Any

import pytest

from services.matching.kernel.parts import Result
from services.matching.snapshot import limits, worth
from services.matching.snapshot.text_model import TextModel
from services.matching.snapshot.texts import cut
from tests.matching.factories import answered, firm, held, offering, profile, provider

STEP = {"scenario": "生产管控", "from": 1, "to": 3}


def _value(place: Result, criterion: str) -> int | None:
    return next(part.value for part in place.contributions if part.criterion == criterion)


CASES: list[tuple[str, dict[str, Any], dict[str, Any], int | None]] = [
    ("topic", {"categories": ("mes",)}, {}, 9500),  # confidence 90
    ("topic", {"categories": ("erp", "mes")}, {}, 8075),
    ("topic", {"categories": ("quality-management",)}, {}, 3325),
    ("industry", {}, {}, 5500),
    ("industry", {"industries": ("C",)}, {}, 7500),
    ("industry", {"industries": ("33",)}, {}, 9000),
    ("industry", {"industries": ("335",)}, {}, 9500),
    ("industry", {"industries": ("3351", "C")}, {}, 10_000),
    ("industry", {"industries": ("3351",)}, {"firm": {"industry": "33"}}, None),
    ("region", {}, {}, None),
    ("region", {"regions": ("000000",)}, {}, (2 * 6000 + 10_000) // 3),
    ("region", {"regions": ("330000",)}, {}, (2 * 8500 + 10_000) // 3),
    ("region", {"regions": ("330106",)}, {}, 10_000),
    ("region", {"regions": ("330106",)}, {"seat": "330203"}, (2 * 10_000 + 7500) // 3),
    ("region", {"regions": ("000000",)}, {"seat": "440106"}, (2 * 6000 + 3000) // 3),
    ("size", {}, {}, None),
    ("size", {}, {"size": "small"}, 6000),
    ("size", {"enterprise_sizes": ("small",)}, {"size": "small"}, 10_000),
    ("scenario", {"scenarios": [STEP]}, {}, None),
    ("scenario", {}, {"scenarios": [STEP]}, None),
    ("scenario", {"scenarios": [STEP]}, {"scenarios": [STEP]}, 10_000),
    ("scenario", {"scenarios": [STEP | {"from": 2}]}, {"scenarios": [STEP]}, 7500),
    ("scenario", {"scenarios": [STEP | {"to": 1}]}, {"scenarios": [STEP]}, 5000),
    ("scenario", {"scenarios": [STEP | {"scenario": "质量管理"}]}, {"scenarios": [STEP]}, 2500),
    ("price", {}, {"must": {"budget_max": 1000}}, None),
    ("price", {"price": {"model": "one-off", "min": 1000}}, {}, None),
    ("price", {"price": {"model": "one-off", "min": 1000}}, {"must": {"budget_max": 1000}}, 10_000),
    ("price", {"price": {"model": "one-off", "min": 1050}}, {"must": {"budget_max": 1000}}, 7000),
    ("price", {"price": {"model": "one-off", "min": 1100}}, {"must": {"budget_max": 1000}}, 4000),
    ("price", {"price": {"model": "free"}}, {"must": {"budget_max": 0}}, 10_000),
    ("price", {"price": {"model": "one-off", "min": 1000}}, {"must": {"budget_max": 10**15}}, 10_000),
    ("price", {"price": {"model": "one-off", "min": 10**15}}, {"must": {"budget_max": 10**15}}, 10_000),
    ("price", {"price": {"model": "one-off", "min": 2}}, {"firm": {"annual_revenue": 1000}}, 10_000),
    ("price", {"price": {"model": "one-off", "min": 50}}, {"firm": {"annual_revenue": 1000}}, 0),
    ("time", {}, {}, None),
    ("time", {"lead_time_days": 90}, {}, 5000),
    ("time", {"lead_time_days": 30}, {"must": {"deadline_days": 30}}, 10_000),
    ("time", {"lead_time_days": 33}, {"must": {"deadline_days": 30}}, 4000),
    ("capability", {}, {}, None),
    ("capability", {}, {"wishes": ["扫码报工"]}, 10_000),
    ("capability", {}, {"wishes": ["冷链运输"]}, 0),
    ("capability", {}, {"wishes": ["扫码报工", "冷链运输"]}, 5000),
    ("limits", {}, {"wishes": ["扫码报工"]}, 10_000),
    ("benefit", {"price": {"model": "free"}}, {}, 10_000),
    ("benefit", {"discount_bp": 1000, "trial_days": 30}, {}, 6000),
    ("benefit", {}, {}, 0),
    ("freshness", {}, {}, 10_000),
    ("firmness", {}, {}, 0),
    ("firmness", {"lead_time_days": 3, "regions": ("000000",), "delivery": ("saas",)}, {}, 6000),
]


@pytest.mark.parametrize(("criterion", "states", "asks", "value"), CASES)
def test_value(criterion: str, states: dict[str, Any], asks: dict[str, Any], value: int | None) -> None:
    asks = dict(asks)
    enterprise = firm(**asks.pop("firm", {}))
    seat = asks.pop("seat", "330106")
    answer = answered(held(provider(region=seat), offering(**states)), profile("mes", **asks), enterprise)
    assert _value(answer.results[0], criterion) == value


def test_what_is_refused_counts_against_and_never_for() -> None:
    says = offering(1, description="支持设备联网和计件工资。")
    refuses = offering(2, description="支持看板，不含设备联网和计件工资。")
    others = [offering(number, number, description="看板。", summary="看板") for number in range(3, 30)]
    catalogue = held(provider(1), *(provider(n) for n in range(3, 30)), says, refuses, *others)
    answer = answered(catalogue, profile(wishes=["设备联网", "计件工资"]), top_k=50)
    places = {place.offering_id: place for place in answer.results}
    assert _value(places["off_1"], "capability") == 10_000
    assert _value(places["off_2"], "capability") == 0
    assert _value(places["off_1"], "limits") == 10_000
    refused = _value(places["off_2"], "limits")
    assert refused is not None
    assert refused == 8000, "words of a refusal cost, but little"
    assert any("不含设备联网和计件工资" in caution.zh for caution in places["off_2"].cautions)


def test_what_the_firm_avoids_counts_against_who_offers_it() -> None:
    plain, bespoke = offering(1, summary="标准产品"), offering(2, summary="定制开发")
    others = [offering(number, number) for number in range(3, 20)]
    catalogue = held(provider(1), *(provider(n) for n in range(3, 20)), plain, bespoke, *others)
    answer = answered(catalogue, profile(avoid=["定制开发"]), top_k=50)
    places = {place.offering_id: place for place in answer.results}
    assert (_value(places["off_1"], "limits") or 0) > (_value(places["off_2"], "limits") or 0)


@pytest.mark.parametrize(
    ("description", "said", "refused", "conditions"),
    [
        ("支持报工，不含测评。", ["支持报工"], ["不含测评"], []),
        ("食品、药品暂不做；零担、冷藏不接", [], ["食品、药品暂不做", "零担、冷藏不接"], []),
        ("只做二级，测评费另计。", ["只做二级"], ["测评费另计"], ["只做二级"]),
        ("仅限注册在贵州的企业。五十点起装。", ["仅限注册在贵州的企业", "五十点起装"], [],
         ["仅限注册在贵州的企业", "五十点起装"]),
        ("不限行业，提前还款不另收费。", ["不限行业", "提前还款不另收费"], [], []),
        ("", [], [], []),
    ],
)  # fmt: skip
def test_limits_in_the_text(description: str, said: list[str], refused: list[str], conditions: list[str]) -> None:
    parts = limits.read(description)
    assert (list(parts.said), list(parts.refused), list(parts.conditions)) == (said, refused, conditions)


@pytest.mark.parametrize(
    ("text", "visits"),
    [
        ("工程师上门", True),
        ("现场勘察", True),
        ("可驻场", True),
        ("线上交付", False),
        ("不上门", False),
        ("也不提供上门", False),
        ("没有上门和电话培训", False),
        ("不用整改、不用上门", False),
        ("全程不到现场", False),
        ("不含现场应急，现场按次另计", True),
        ("免费上门一次", True),
        ("专家再看三张现场照片", False),
        ("每周视频看现场", False),
        ("要盖章报告请选现场评测", False),
        ("需要现场的请另约第三方", False),
    ],
)
def test_visits_in_the_text(text: str, visits: bool) -> None:
    assert limits.states_visit(text) is visits


@pytest.mark.parametrize(
    ("members", "evidence", "track"),
    [
        ({}, worth.UNKNOWN, worth.UNKNOWN),
        ({"credit_grade": "A"}, (2 * 10_000 + 4000) // 3, worth.UNKNOWN),
        ({"credit_grade": "D", "customers": 0}, 4000 // 3, 2500),
        ({"certificates": ("iso9001", "iso27001", "iso9001")}, (8000 + 7000) // 3, worth.UNKNOWN),
        ({"customers": 50}, worth.UNKNOWN, 4000),
        ({"customers": 100_000}, worth.UNKNOWN, 9985),
    ],
)
def test_worth_of_a_provider(members: dict[str, Any], evidence: int, track: int) -> None:
    content = provider(**members).content
    assert (worth.evidence(content), worth.track_record(content)) == (evidence, track)


def test_a_text_model_is_the_same_in_any_order_and_after_storing() -> None:
    texts = [cut(offering(number, summary=f"看板{number}号与追溯").content) for number in range(1, 9)]
    model = TextModel.learn(texts)
    assert model.version == TextModel.learn(texts[::-1]).version
    assert TextModel.load(model.document()).version == model.version
    assert model.rarities(model.find(["没有见过的词"])) >= max(model.idf.values())
    assert model.length_factor(model.average_length) == 10_000
    assert model.length_factor(10 * model.average_length) < 3000
