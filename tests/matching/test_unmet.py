"""The honest word over a list: what must be said when results are there, but none of them meets the main need."""

import pytest

from services.matching.kernel.answer import Answer
from tests.matching.factories import answered, firm, held, offering, profile, provider


def _said(answer: Answer) -> tuple[str, str] | None:
    return (answer.unmet.code, answer.unmet.text.zh) if answer.unmet else None


def test_nothing_is_said_of_a_list_that_meets_the_need() -> None:
    assert _said(answered(held(offering(1)), text="车间报工和追溯")) is None


def test_only_the_main_need_counts() -> None:
    wanted = profile()
    wanted = wanted.model_copy(
        update={
            "categories": (
                wanted.categories[0],
                wanted.categories[0].model_copy(update={"code": "erp", "confidence": 60}),
            )
        }
    )
    answer = answered(held(offering(1, categories=("erp",))), wanted)
    assert len(answer.results) == 1
    assert answer.unmet is not None
    assert answer.unmet.code == "only-partial"


def test_categories_read_as_surely_are_all_the_main_need() -> None:
    wanted = profile("mes", "erp")
    assert _said(answered(held(offering(1, categories=("erp",))), wanted)) is None


def test_a_list_of_another_kind_or_scale_is_only_partial() -> None:
    small = offering(1, description="适合五人以内的小公司。")
    answer = answered(held(small), profile(), firm(employees=80))
    assert answer.unmet is not None
    assert answer.unmet.code == "only-partial"
    assert "别的种类或面向别的规模" in answer.unmet.text.zh
    assert _said(answered(held(provider(), small, offering(2)), profile(), firm(employees=80))) is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("要EN 71和EN 1176的报告", "EN 71、EN 1176"),
        ("客户要求ISO13485", "ISO13485"),
        ("GB/T 19001", "GB/T 19001"),
        ("车厂要我们过16949", "16949"),
        ("车厂要我们过一六九四九", "16949"),
        ("连14001都没有，还要19169元", "14001"),
        ("要ISO 9001的证", None),
        ("9001也行", None),
        ("预算90010元，第169490号", None),
        ("要ISO9001和EN 71", None),
        ("一年3000台，EN式接口", None),
        ("win10能用", None),
    ],
)
def test_a_standard_that_is_named_and_that_no_offer_speaks_of_is_said(text: str, named: str | None) -> None:
    answer = answered(held(offering(1, description="辅导 ISO9001 体系。")), text=text)
    assert _said(answer) == (
        named and ("only-partial", f"需求点名的 {named}，符合硬性条件的供给没有一项提到，请先询问能否办理")
    )
