"""What becomes of a need: stated values, refusals, doubts and disagreements."""

import json
import random
from datetime import date
from typing import Any

import pytest

from services.matching import intake
from services.matching.intake import language
from shared.contracts.needs import NeedRequest, Profile
from shared.contracts.offerings import OfferingContent
from tests.matching.intake import cases

AS_OF = date(2026, 11, 22)
FIRM = {"region": "330106", "industry": "3484", "employees": 50, "annual_revenue": 3_000_000_000}


def _read(text: str | None, profile: dict[str, Any] | None = None, **firm: object) -> Profile:
    body: dict[str, Any] = {"enterprise": FIRM | firm}
    if text is not None:
        body["text"] = text
    if profile is not None:
        body["profile"] = profile
    return intake.read(NeedRequest.model_validate_json(json.dumps(body)), language.EMPTY, AS_OF)


def _codes(profile: Profile) -> list[str]:
    return [category.code for category in profile.categories]


def test_every_symptom_leads_to_its_category_among_the_first_two() -> None:
    rows = cases.rows("symptoms.csv")
    wrong = [
        (row["text"], row["category"], _codes(profile)[:3])
        for row in rows
        if not set(_codes(profile := _read(row["text"]))[:2]) & set(row["category"].split("|"))
    ]
    assert len(rows) >= 150
    assert len(wrong) <= 0.02 * len(rows), "\n".join(map(str, wrong))


def test_a_read_value_carries_its_words_source_and_confidence() -> None:
    must = _read("想上一套MES，预算３０万以内，三个月上线").must
    assert must.budget_max is not None
    assert (must.budget_max.value, must.budget_max.source, must.budget_max.evidence) == (30_000_000, "text", "３０万")
    assert must.deadline_days is not None
    assert (must.deadline_days.value, must.deadline_days.evidence) == (90, "三个月")
    assert 0 < must.budget_max.confidence <= 100


def test_what_is_stated_wins_and_null_clears() -> None:
    text = "想上一套MES，预算30万以内，三个月上线，必须国产化"
    must = _read(text, {"must": {"budget_max": 5_000_000, "deadline_days": None, "compliance": []}}).must
    assert must.budget_max is not None
    assert (must.budget_max.value, must.budget_max.source, must.budget_max.confidence) == (5_000_000, "stated", 100)
    assert must.deadline_days is None
    assert must.compliance is not None, "an empty list is the same as absent"


def test_stated_categories_and_quantities_win() -> None:
    profile = _read("想上一套MES，20个人用", {"categories": ["crm", "erp", "crm"], "quantities": {"users": None}})
    assert _codes(profile) == ["crm", "erp"]
    assert profile.quantities.users is None
    assert _codes(_read("想上一套MES", {"categories": None})) == []


def test_a_need_without_text_is_what_is_stated() -> None:
    profile = _read(None, {"categories": ["mes"]})
    assert _codes(profile) == ["mes"]
    assert (profile.wishes, profile.not_understood, profile.conflicts) == ((), (), ())


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("不想换财务软件，就想把仓库管起来，老是发错货", "finance-tax"),
        ("ERP不动，只要一个扫码报工的", "erp"),
        ("订单老被急单打乱，不要大ERP，能排产就行", "erp"),
        ("不做直播，就想在淘宝开个店", "live-commerce"),
        ("不需要贷款，想找人记账报税", "credit-loan"),
        ("CRM已经有了，要个电子合同", "crm"),
        ("先不上机器人，想请人来改善现场推5S", "automation-integration"),
    ],
)
def test_what_is_refused_or_there_already_is_not_asked_for(text: str, absent: str) -> None:
    profile = _read(text)
    assert absent not in _codes(profile)
    assert profile.categories


@pytest.mark.parametrize(
    ("text", "asked"), [("特别想做直播带货", "live-commerce"), ("特别需要一套ERP系统", "erp"), ("识别用的ERP", "erp")]
)
def test_a_sign_inside_another_word_refuses_nothing(text: str, asked: str) -> None:
    assert asked in _codes(_read(text))


@pytest.mark.parametrize(
    ("text", "quantities"),
    [
        ("6家火锅店要换收银", {"sites": 6}),
        ("三个门市部", {"sites": 3}),
        ("两条产线要联网", {"devices": 2}),
        ("上个月来了三条线索", {}),
        ("有62台数控机床要联网", {"devices": 62}),
        ("三十来个人用", {"users": 30}),
        ("要5个点的正版授权", {"users": 5}),
        ("20个账号", {"users": 20}),
        ("12个操作工要学", {"users": 12}),
        ("供应商有两百家", {}),
        ("走了两个人", {}),
    ],
)
def test_quantities(text: str, quantities: dict[str, int]) -> None:
    found = _read(text).quantities
    assert {name: value.value for name, value in found if value is not None} == quantities


@pytest.mark.parametrize(
    ("text", "firm", "words"),
    [
        ("我们在杭州做五金", {"region": "441900"}, "杭州"),
        ("我们一百二十号人，考勤乱", {"employees": 20}, "120"),
        ("我是个体户，想贷款", {"legal_form": "company"}, "个体户"),
        ("我是开火锅店的，想换收银", {}, "行业"),
    ],
)
def test_text_and_firm_may_disagree(text: str, firm: dict[str, Any], words: str) -> None:
    conflicts = _read(text, **firm).conflicts
    assert len(conflicts) == 1
    assert words in conflicts[0]
    assert " / " in conflicts[0], "in Chinese and in English"


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("我们在杭州做五金", {}),
        ("我们五十来号人，考勤乱", {}),
        ("刚从个体户转成公司，要记账", {"legal_form": "company"}),
        ("客户都在广东，想找车", {}),
    ],
)
def test_agreement_is_silent(text: str, firm: dict[str, Any]) -> None:
    assert _read(text, **firm).conflicts == ()


@pytest.mark.parametrize(
    ("text", "size"),
    [("我是个体户，想贷点款", "self-employed"), ("刚从个体户转成公司", "small"), ("想贷款", "small")],
)
def test_the_size_of_the_firm(text: str, size: str) -> None:
    found = _read(text).enterprise_size
    assert found is not None
    assert found.value == size


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("我开火锅店的", "621"),
        ("做服装厂的，计件工资乱", "18"),
        ("我们是做注塑的厂", "292"),
        ("跑专线车队的，油费对不上", "543"),
        ("我们是做模具的", "352"),
        ("开诊所的", "84"),
    ],
)
def test_the_trade_is_read_where_the_firm_names_none(text: str, code: str) -> None:
    found = _read(text, industry=None).industry
    assert found is not None
    assert (found.value, found.source) == (code, "text")
    own = _read(text).industry
    assert own is not None
    assert (own.value, own.source) == ("3484", "enterprise")


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("排产全靠车间主任脑子记，急单一插全乱", ("计划排程", 0, 2)),
        ("报修全记在本子上，派工靠打电话", ("售后服务", 0, 2)),
        ("采购询价靠邮件，要全程留痕，跟ERP对接", ("采购管理", 1, 3)),
        ("想上套CRM", None),
        ("采购询价靠微信和email，要全程留痕，跟ERP对接", ("采购管理", 1, 3)),
    ],
)
def test_the_level_step(text: str, step: tuple[str, int, int] | None) -> None:
    found = [(scenario.scenario, scenario.from_level, scenario.to_level) for scenario in _read(text).scenarios]
    assert found == ([step] if step else [])


def test_wishes_refusals_and_what_was_not_understood_are_told_apart() -> None:
    profile = _read("想上进销存，要能手机扫码，不要定制开发，隔壁老王天天唱歌，预算一万以内")
    assert "手机扫码" in " ".join(profile.wishes)
    assert profile.avoid == ("不要定制开发",)
    assert profile.not_understood == ("隔壁老王天天唱歌",)


def test_the_same_need_is_read_the_same() -> None:
    text = "八台注塑机闲着一半，想接点活，最好离得近，每月给平台的费用三百以内"
    assert _read(text) == _read(text)


def test_no_text_breaks_the_reader() -> None:
    rng = random.Random(20261122)
    pieces = [row["text"] for name in ("money", "deadlines", "finance", "regions") for row in cases.rows(f"{name}.csv")]
    marks = "零一二两三十百千万亿多几半来把点元块年月日天号个0123456789.,-/%wk以内前后分厘贷借人家台每店 \n　ａ①½²Ⅳ🙂"
    for _ in range(1500):
        left, right = rng.choice(pieces), rng.choice(pieces)
        noise = "".join(rng.choices(marks, k=rng.randint(1, 12)))
        assert _read(left[: rng.randint(1, len(left))] + noise + right[rng.randint(0, len(right) - 1) :])


def _offering(name: str, category: str, number: int) -> OfferingContent:
    summary, description = f"{name}一套", f"适合工厂的{name}"
    return OfferingContent(
        name=f"{name}{number}", kind="product", categories=(category,), summary=summary, description=description
    )


def test_the_language_of_a_catalogue_does_not_depend_on_the_order() -> None:
    offerings = [_offering("扫码报工", "mes", i) for i in range(5)] + [
        _offering("冷藏运输", "cold-chain", i) for i in range(5)
    ]
    built, turned = language.build(offerings), language.build(reversed(offerings))
    assert built.version == turned.version
    assert built.categories == ("cold-chain", "mes")
    scores = built.scores(("报工",))
    assert scores[1] > scores[0]
    assert not language.EMPTY.scores(("报工",)).any()
