"""The pages around the widget: the frame that its portals alone may show, and the form that needs no script."""

import html
import re
from urllib.parse import quote

import pytest

from services.gateway import pages
from tests.support.calling import caller

PORTAL = "https://portal.example.cn"
NEED = {"text": "小五金厂，仓库老是发错货，想上一套能扫码的仓库系统，一年两万以内。", "place": "330100"}


@pytest.fixture(scope="module")
def make_key(demo):
    def make(**terms):
        with demo.client("bureau") as office:
            body = {"label": "门户", "origins": [PORTAL], **terms}
            return office.post("/v1/widget-keys", json=body).raise_for_status().json()["key"]

    return make


@pytest.fixture(scope="module")
def visitor(demo):
    with caller(demo.url) as client:
        yield client


def test_a_frame_may_be_shown_by_the_origins_of_its_key_alone(visitor, make_key):
    key = make_key(origins=[PORTAL, "https://other.example"])
    answer = visitor.get("/widget/frame", params={"key": key, "mode": "browse", "category": "erp", "onclick": "x"})
    policy = answer.headers["content-security-policy"]
    assert answer.status_code == 200
    assert policy.endswith(f"frame-ancestors https://other.example {PORTAL}")
    assert "unsafe" not in policy
    assert "x-frame-options" not in answer.headers
    element = re.search(r"<duijie-match[^>]*>", answer.text)[0]
    assert f'key="{key}"' in element
    assert 'category="erp"' in element
    assert "onclick" not in answer.text


def test_every_other_page_may_be_framed_by_nobody(visitor, make_key, demo):
    bare = make_key(origins=[])
    paths = [
        "/",
        "/docs",
        "/problems/stale",
        "/widget/playground",
        f"/widget/form?key={bare}",
        "/widget/form?key=djw_x",
    ]
    paths += [f"/widget/frame?key={bare}", "/widget/frame?key=djw_x", "/widget/frame", "/page/main.js"]
    paths += [f"/widget/frame?key={demo.keys['sme']}", f"/widget/form?key={demo.keys['admin']}"]
    for path in paths:
        answer = visitor.get(path)
        assert answer.headers["x-frame-options"] == "DENY", path
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], path


def test_pages_of_another_key_or_none_say_why_not(visitor, demo):
    for path in ("frame", "form"):
        for key in ("", "djw_x", "djw_" + "A" * 43, demo.keys["sme"], demo.keys["admin"]):
            answer = visitor.get(f"/widget/{path}?key={key}")
            assert (answer.status_code, "缺少有效的密钥" in answer.text) == (401, True)
            assert demo.keys["sme"] not in answer.text
    assert "A valid key is missing" in visitor.get("/widget/form?key=x&lang=en").text


def test_the_form_asks_and_answers_without_a_script(visitor, make_key, demo):
    key = make_key()
    empty = visitor.get(f"/widget/form?key={key}").text
    assert "<script" not in empty
    once = re.search(r'name="once" value="([0-9a-f]{32})"', empty)[1]
    given = {"key": key, "once": once, **NEED, "employees": "45", "revenue": "1800.50", "industry": "33"}
    answers = [visitor.post("/widget/form", data=given) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    runs = [re.search(r"run_[0-9a-f]{32}", answer.text)[0] for answer in answers]
    assert runs[0] == runs[1]  # sent twice, asked once
    with demo.client("bureau") as office:
        run = office.get(f"/v1/match-runs/{runs[0]}").raise_for_status().json()
    shown = re.findall(r'data-offering="(off_[0-9a-f]+)"', answers[0].text)
    assert len(shown) >= 5
    assert shown == [result["offering_id"] for result in run["results"]]
    read = html.unescape(answers[0].text)
    assert all(item["text"]["zh"] in read for item in [*run["eliminated"], *run["relaxations"]])
    assert all(result["provider_name"] in read for result in run["results"])


def test_a_relaxation_is_asked_by_a_button(visitor, make_key):
    answer = visitor.post(
        "/widget/form", data={"key": make_key(), **NEED, "text": NEED["text"] + "一个月内用起来"}
    ).text
    forms = re.findall(r'<form method="post" action="/widget/form">(.*?)</form>', answer, re.DOTALL)
    assert forms
    fields = {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', forms[0])}
    again = visitor.post("/widget/form", data=fields)
    assert again.status_code == 200
    assert re.search(r"run_[0-9a-f]{32}", again.text)[0] != re.search(r"run_[0-9a-f]{32}", answer)[0]


WRONG = [
    ({"text": ""}, 422, "请说一说您的需要"),
    ({"text": "字" * 2001}, 422, "请说一说您的需要"),
    ({"place": ""}, 422, "请选择企业所在的省份"),
    ({"place": "999999"}, 422, "请选择企业所在的省份"),
    ({"industry": "ZZ"}, 422, "请从列表中选择行业"),
    ({"employees": "-1"}, 422, "请填数字"),
    ({"revenue": "1e9"}, 422, "请填数字"),
    ({"must": "[1]"}, 422, "内容不合规则"),
    ({"must": '{"budget_max": "x"}'}, 422, "内容不合规则"),
    ({"must": "{"}, 400, "JSON"),
    ({"must": "NaN"}, 400, "JSON"),
    ({"text": "a\0b"}, 400, "空字符"),
    ({"edition": "edt_none"}, 422, "内容不合规则"),
    ({"once": "x\r\ny: z"}, 200, "为您找到"),
]


def test_what_is_wrong_is_said_on_the_page(visitor, make_key):
    key = make_key()
    for changed, status, said in WRONG:
        answer = visitor.post("/widget/form", data={"key": key, **NEED, **changed})
        assert (answer.status_code, said in answer.text) == (status, True), changed
        assert answer.headers["content-type"].startswith("text/html")
    many = "&".join(f"x{number}=1" for number in range(100))
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert visitor.post("/widget/form", content=many, headers=form).status_code == 400
    assert visitor.post("/widget/form", content=b"text=%ff\xff", headers=form).status_code == 400


def test_another_site_cannot_send_the_form(visitor, make_key):
    for site in ("cross-site", "same-site"):
        sent = visitor.post("/widget/form", data={"key": make_key(), **NEED}, headers={"Sec-Fetch-Site": site})
        assert sent.status_code == 403


def test_the_form_stays_inside_what_the_key_is_narrowed_to(visitor, make_key):
    key = make_key(region="330000", categories=["warehouse-management"])
    form = visitor.get(f"/widget/form?key={key}&region=110000").text
    assert set(re.findall(r'<option value="(\d\d)\d{4}"', form)) == {"33"}
    refused = visitor.post("/widget/form", data={"key": key, **NEED, "place": "110000"})
    assert (refused.status_code, "超出此密钥限定" in refused.text) == (403, True)
    inside = visitor.post("/widget/form", data={"key": key, **NEED, "category": "erp"})
    assert inside.status_code == 200
    tags = re.findall(r'<p class="tags">(.*?)</p>', inside.text)
    assert tags
    assert all("仓储管理" in tag for tag in tags)


PAYLOADS = [
    "<script>window.__xss=1</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "</textarea><svg/onload=alert(1)>",
]


def test_nothing_that_was_sent_becomes_markup(visitor, make_key):
    key = make_key()
    for payload in PAYLOADS:
        echoes = [
            visitor.get(f"/widget/frame?key={key}&category={quote(payload)}&lang={quote(payload)}"),
            visitor.get(f"/widget/frame?key={quote(payload)}"),
            visitor.get(
                f"/widget/form?key={key}&category={quote(payload)}&edition={quote(payload)}&text={quote(payload)}"
            ),
            visitor.post("/widget/form", data={"key": key, "text": payload, "place": "", "employees": payload}),
            visitor.post("/widget/form", data={"key": key, **NEED, "text": f"仓库系统 {payload}"}),
        ]
        for answer in echoes:
            assert payload not in answer.text
            assert not re.search(r"<(?:img src=x|svg|script(?! src=\"/widget/))", answer.text)


def test_the_pages_need_only_what_is_here(visitor, make_key):
    key = make_key()
    for path in (f"/widget/form?key={key}", f"/widget/frame?key={key}", "/widget/playground"):
        page = visitor.get(path).text
        for address in set(re.findall(r'(?:src|href)="([^"#]*)"', page)):
            assert address.startswith("/")
            assert visitor.get(html.unescape(address)).status_code == 200
        assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", page)
    assert "x-frame-options" in {name.lower() for name in pages.HEADERS}
