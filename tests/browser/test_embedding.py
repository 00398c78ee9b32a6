"""S8/S9: a page of another origin embeds the widget and gets the API's answer in the API's order; nobody else does."""

import json
import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from services.gateway.widget import script
from shared import clock
from tests.browser.conftest import NEED, ask
from tests.support import chromium, snippet


def offerings(page, inside=".offer"):
    return page.locator(inside).evaluate_all("all => all.map(one => one.dataset.offering)")


def api_order(demo, **need):
    body = {"text": NEED, "enterprise": {"region": "330000"}, "top_k": 10, **need}
    with demo.client("bureau") as api:
        run = api.post("/v1/needs", json=body).raise_for_status().json()["match_run"]
    return [result["offering_id"] for result in run["results"]]


@pytest.mark.parametrize("readme", snippet.PAGES, ids=lambda page: page.name)
def test_a_page_on_another_port_embeds_it_with_the_two_lines_of_the_readme(
    readme, page, demo, portal, context, widget_key, strict
):
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    (lines,) = snippet.shown(readme)
    lines = lines.replace("http://127.0.0.1:8080", demo.url).replace("djw_…", widget_key())
    page.goto(portal.put("/embedded", f"<main>{lines}</main>", **strict))
    page.evaluate("addEventListener('duijie:answer', (event) => { window.told = event.detail })")
    ask(page)
    shown = offerings(page)
    assert len(shown) >= 5
    assert shown == api_order(demo)
    told = page.evaluate("window.told")
    assert [result["offering_id"] for result in told["match_run"]["results"]] == shown
    origins = {"{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in asked}
    assert origins == {demo.url, portal.url}


def test_it_says_what_was_understood_why_and_what_is_missing(embed):
    page = embed()
    ask(page)
    first = page.locator(".offer").first
    assert first.locator(".rank").inner_text() == "1"
    assert first.locator("h3").inner_text()
    assert first.locator(".title p").inner_text()
    assert first.locator(".reasons li").count() >= 3
    assert "仓储管理" in page.locator(".understood").inner_text()
    assert "“两万”" in page.locator(".understood").inner_text()
    assert page.locator(".bars li").count() >= 2
    again = page.locator(".panel.good button").first
    before = page.locator(".run code").inner_text()
    again.click()
    page.wait_for_function(
        "before => document.querySelector('duijie-match').shadowRoot.querySelector('.run code').textContent !== before",
        arg=before,
    )


def test_an_unmet_need_is_said_honestly(embed):
    page = embed()
    ask(page, "今天天气真好，出去走走")
    assert page.locator(".unmet").inner_text().startswith("实话实说")
    assert page.locator(".offer").count() == 0


def test_an_unregistered_origin_gets_nothing(embed, widget_key, demo, portal, page):
    with chromium.portal() as foreign:
        key = widget_key()
        page.goto(foreign.put("/embedded", f"<main>{script.snippet(demo.url, key)}</main>"))
        page.evaluate("addEventListener('duijie:error', (event) => { window.told = event.detail })")
        page.locator(".problem p").first.wait_for()
        assert "未登记" in page.locator(".problem").inner_text()
        assert page.locator("form").count() == 0
        read = """async ([url, key]) => {
          const headers = { Authorization: `Bearer ${key}` };
          try { return (await fetch(url, { headers })).status } catch { return "nothing" }
        }"""
        assert page.evaluate(read, [f"{demo.url}/v1/categories", key]) == "nothing"
        assert page.evaluate(read, [f"{demo.url}/v1/categories", demo.keys["sme"]]) == "nothing"
        simple = "async (url) => { try { return (await (await fetch(url)).text()) } catch { return 'nothing' } }"
        assert page.evaluate(simple, f"{demo.url}/v1/widget") == "nothing"
        frame = f'<iframe src="{demo.url}/widget/frame?key={key}" title="x"></iframe>'
        page.goto(foreign.put("/framed", frame))
        page.wait_for_timeout(500)
        inside = page.frames[1]
        assert inside.url.startswith("chrome-error:") or inside.locator("duijie-match").count() == 0


def test_the_frame_works_where_its_key_is_registered(page, portal, widget_key, demo):
    key = widget_key()
    address = f"{demo.url}/widget/frame?key={key}&mode=need"
    policy = f"default-src 'none'; frame-src {demo.url}"
    page.goto(
        portal.put(
            "/framed",
            f'<iframe src="{address}" title="对接" width="100%" height="900"></iframe>',
            Content_Security_Policy=policy,
        )
    )
    frame = page.frame_locator("iframe")
    frame.get_by_label("您需要什么？").fill(NEED)
    frame.locator("#province").select_option("330000")
    frame.get_by_role("button", name="找服务商").click()
    frame.locator("#answer-title").wait_for()
    shown = frame.locator(".offer").evaluate_all("all => all.map(one => one.dataset.offering)")
    assert shown == api_order(demo)


def test_the_link_works_without_javascript(browser, demo, widget_key):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{demo.url}/widget/form?key={widget_key(origins=())}")
    page.get_by_label("您需要什么？").fill(NEED)
    page.locator("#place").select_option("330000")
    page.get_by_role("button", name="找服务商").click()
    assert page.locator("h1").inner_text().startswith("为您找到")
    shown = [one.get_attribute("data-offering") for one in page.locator(".offer").all()]
    assert shown == api_order(demo)
    context.close()


def test_the_browser_keeps_the_order_of_the_search(embed, demo):
    page = embed(mode="browse")
    page.get_by_label("搜索供给").fill("仓库")
    page.get_by_role("button", name="搜索", exact=True).click()
    page.locator("mark").first.wait_for()
    page.get_by_role("button", name="再看 10 项").click()
    page.locator(".found li").nth(15).wait_for()
    shown = offerings(page, ".found li")
    with demo.client("sme") as api:
        found = api.get("/v1/offerings/search", params={"q": "仓库", "limit": 20}).json()["items"]
    assert shown == [item["offering_id"] for item in found]
    page.get_by_role("button", name="生产制造").click()
    page.locator("[aria-current]", has_text="生产制造").wait_for()
    assert page.locator(".facets .deep").count() >= 1
    name = page.locator(".found h2").first.inner_text()
    page.locator(".found h2 button").first.click()
    page.locator(".card").wait_for()
    assert page.locator(".card h2").inner_text() == name
    page.get_by_role("button", name="返回列表").click()
    assert page.locator(".found h2").first.inner_text() == name


def test_a_card_shows_one_offering(embed, demo):
    with demo.client("sme") as api:
        found = api.get("/v1/offerings/search", params={"q": "贷款", "limit": 1}).json()["items"][0]
    page = embed(mode="offering", offering=found["offering_id"])
    page.locator(".card").wait_for()
    card = page.locator(".card").inner_text()
    assert found["name"] in card
    assert found["provider_name"] in card
    page = embed(mode="offering", offering="off_none")
    page.locator(".problem p").first.wait_for()
    assert "未找到" in page.locator(".problem").inner_text()


def test_what_narrows_is_sent_and_nothing_is_moved(embed, demo):
    sent = []
    page = embed(region="330000", category="warehouse-management", edition="edt_1")
    page.on("request", lambda request: sent.append(request.post_data) if request.method == "POST" else None)
    page.get_by_label("您需要什么？").fill(NEED)
    page.get_by_role("button", name="找服务商").click()
    page.locator(".problem p").first.wait_for()  # there is no such edition
    assert page.locator("#province option").all_inner_texts() == ["浙江省"]
    body = json.loads(sent[0])
    assert (body["edition"], body["profile"]) == ("edt_1", {"categories": ["warehouse-management"]})
    assert body["enterprise"]["region"].startswith("33")
    page = embed(region="330000", category="warehouse-management")
    page.get_by_label("您需要什么？").fill(NEED)
    page.get_by_role("button", name="找服务商").click()
    page.locator("#answer-title").wait_for()
    order = api_order(demo, profile={"categories": ["warehouse-management"]})
    shown = offerings(page)
    assert shown
    assert shown == [one for one in order if one in set(shown)]
    assert all("仓储管理" in tags for tags in page.locator(".offer .tags").all_inner_texts())


def test_an_edition_narrows_and_moves_nothing(embed, demo):
    listed = api_order(demo)[1::2]
    edition = announced(demo, listed)
    page = embed(edition=edition)
    ask(page)
    assert offerings(page) == listed
    assert "试验推荐目录" in page.locator(".funnel").inner_text()
    page = embed(mode="browse", edition=edition)
    page.locator(".found li").first.wait_for()
    assert set(offerings(page, ".found li")) == set(listed)


def announced(demo, listed):
    """A live edition of these offerings, once matching knows it."""
    today = clock.today()
    title = {"zh": "试验推荐目录", "en": "Trial catalogue"}
    said = {"number": 1, "title": title, "issuer": title, "valid_from": today.isoformat()}
    said["valid_until"] = (today + timedelta(days=30)).isoformat()
    steps = [("open", None), ("add", {"offerings": listed}), ("evaluate", None), ("publicize", {}), ("announce", None)]
    with demo.client("bureau") as office:
        edition = office.post("/v1/editions", json=said).raise_for_status().json()["id"]
        for step, body in steps:
            answer = office.post(f"/v1/editions/{edition}/{step}", json=body, headers={"If-Match": "*"})
            assert answer.status_code == 200, (step, answer.text)
        body = {"text": NEED, "enterprise": {"region": "330000"}, "edition": edition}
        deadline = time.monotonic() + 30
        while office.post("/v1/needs", json=body).status_code != 201:
            assert time.monotonic() < deadline
            time.sleep(0.2)
    return edition


def test_a_key_cannot_be_widened_by_the_page(embed, widget_key):
    page = embed(widget_key(region="330000", categories=["warehouse-management"]), region="000000", category="erp")
    page.locator("#province option", has_text="浙江省").wait_for(state="attached")
    assert page.locator("#province option").all_inner_texts() == ["浙江省"]
    ask(page)
    assert page.locator(".offer").count() >= 1
    page = embed(widget_key(region="330000", categories=["warehouse-management"]), mode="browse", category="erp")
    page.locator(".found li").first.wait_for()
    assert page.locator(".facets li").all_inner_texts()[0].startswith("仓储管理")


def test_the_language_is_switched_without_losing_anything(embed):
    page = embed()
    ask(page)
    shown = offerings(page)
    page.evaluate("document.querySelector('duijie-match').setAttribute('lang', 'en')")
    page.get_by_role("button", name="Find providers").wait_for()
    page.locator(".offer").first.wait_for()
    assert offerings(page) == shown
    assert page.get_by_label("What do you need?").input_value() == NEED
    assert page.locator("#province").input_value() == "330000"
    assert page.locator("#answer-title").inner_text().endswith("offers for you")


TROUBLE = [
    (429, {"Retry-After": "17"}, "17 秒后"),
    (503, {"Retry-After": "2"}, "服务暂不可用"),
    (None, {}, "连不上"),
]


@pytest.mark.parametrize(("status", "headers", "said"), TROUBLE)
def test_trouble_is_said_and_the_form_stays(embed, demo, status, headers, said):
    page = embed()
    page.get_by_label("您需要什么？").wait_for()

    def answer(route):
        if route.request.method == "OPTIONS":
            return route.continue_()
        if status is None:
            return route.abort("connectionrefused")
        text = {"zh": "服务暂不可用，请稍后重试", "en": "Not available now"}
        shared = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After", **headers}
        return route.fulfill(status=status, json={"title": "x", "text": text}, headers=shared)

    page.route("**/v1/needs", answer)
    page.get_by_label("您需要什么？").fill(NEED)
    page.locator("#province").select_option("330000")
    page.get_by_role("button", name="找服务商").click()
    page.locator(".problem p").first.wait_for()
    assert said in page.locator(".problem").inner_text()
    assert page.get_by_label("您需要什么？").input_value() == NEED
    page.unroute("**/v1/needs")
    page.get_by_role("button", name="找服务商").click()
    page.locator(".offer").first.wait_for()
    assert page.locator(".problem p").count() == 0


def test_a_script_that_was_changed_does_not_run(page, portal, widget_key, demo):
    changed = {"body": script.text() + "window.changed = 1;", "content_type": "text/javascript"}
    page.route("**/duijie.js", lambda route: route.fulfill(**changed, headers={"Access-Control-Allow-Origin": "*"}))
    page.goto(portal.put("/embedded", script.snippet(demo.url, widget_key())))
    page.wait_for_timeout(300)
    assert page.evaluate("[window.changed, customElements.get('duijie-match')]") == [None, None]


def test_the_playground_gives_code_that_works(page, portal, widget_key, demo, strict):
    page.goto(f"{demo.url}/widget/playground")
    key = widget_key()
    options = page.locator("#options")  # the preview beside it has a 类别 of its own, once it has loaded
    options.get_by_label("组件密钥").fill(key)
    options.get_by_label("组件密钥").press("Tab")
    options.get_by_label("形式").select_option("browse")
    options.get_by_label("类别").select_option("warehouse-management")
    options.get_by_label("语言").select_option("en")
    page.locator("#stage .found li").first.wait_for()
    code = page.locator("#script-code").inner_text()
    assert len(code.splitlines()) == 2
    page.goto(portal.put("/copied", f"<main>{code}</main>", **strict))
    page.locator(".found li").first.wait_for()
    assert page.locator(".found .tags").first.inner_text().startswith("Warehouse management")
