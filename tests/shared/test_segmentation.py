import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import segmentation


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("微信小程序商城", ["微信", "小程序", "商城"]),
        ("增值税专用发票", ["增值税", "专用", "发票"]),
        ("ＥＲＰ系统和C++", ["erp", "系统", "和", "c++"]),
        ("5G+工业互联网，ERP+MES", ["5g", "工业互联网", "erp", "mes"]),
        ("会C#或node.js", ["会", "c#", "或", "node.js"]),
        ("上MES/WMS，别的不要", ["上", "mes", "wms", "别的", "不要"]),
        ("等保二级备案", ["等保二级", "备案"]),
        ("工业APP", ["工业", "app"]),
        ("merp oa2 x", ["merp", "oa2", "x"]),
        ("", []),
        ("，。！？  ", []),
        ("😀", []),
    ],
)
def test_cut(text: str, words: list[str]) -> None:
    assert segmentation.cut(text) == words


def test_terms_hold_the_words_inside_longer_ones() -> None:
    assert segmentation.terms("等保测评") == ["等保测评", "等保", "测评"]


def test_terms_drop_what_says_nothing_and_repeat_nothing() -> None:
    assert segmentation.terms("我们公司想要ERP，ERP要3套") == ["erp"]


@pytest.mark.parametrize("word", sorted(segmentation.domain_words()))
def test_words_of_the_trade_stay_whole(word: str) -> None:
    assert segmentation.cut(word) == [word]


def test_neighbours_are_not_bent() -> None:
    assert segmentation.cut("派工程师驻场") == ["派", "工程师", "驻场"]


def test_word_lists_are_folded_and_disjoint() -> None:
    assert all(segmentation.normalise(word) == word for word in segmentation.domain_words())
    assert not segmentation.domain_words() & segmentation.stop_words()


@given(st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from("，：；！？（）％～…ＥerpＲ①㎡ﬁÅ\u0301")))
def test_a_text_is_folded_by_the_rule_of_unicode_and_once_for_all(text: str) -> None:
    folded = segmentation.normalise(text)
    assert folded == unicodedata.normalize("NFKC", text).lower()
    assert segmentation.normalise(folded) == folded
