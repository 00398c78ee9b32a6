"""S18: no violation of WCAG 2.2 A/AA in any state, everything by keyboard, nothing to scroll sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from services.gateway.widget import script
from tests.browser.conftest import NEED, ask

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]}
UNMET = "今天天气真好，出去走走"


def violations(page):
    found = Axe().run(page, options=RULES).response["violations"]
    return [(rule["id"], node["target"], node.get("failureSummary")) for rule in found for node in rule["nodes"]]


def faulty(page):
    page.get_by_role("button", name="找服务商").click()
    page.locator("#text-fault").wait_for()


def listing(page):
    page.get_by_role("combobox", name="行业").fill("金属")
    page.locator("#industries li").first.wait_for()
    page.get_by_role("combobox", name="行业").press("ArrowDown")
    page.locator("[aria-selected=true]").wait_for()


def opened(page):
    ask(page)
    page.locator("summary").first.click()


def detail(page):
    page.locator(".found h2 button").first.click()
    page.locator(".card").wait_for()


def searched(page):
    page.get_by_label("搜索供给").fill("仓库")
    page.get_by_role("button", name="搜索", exact=True).click()
    page.locator("mark").first.wait_for()


def nothing(page):
    page.get_by_label("搜索供给").fill("绝无此物鸢尾")
    page.get_by_role("button", name="搜索", exact=True).click()
    page.locator(".found li").first.wait_for(state="detached")


def ready(page):
    page.locator("form, .card").first.wait_for()


STATES = {
    "empty": ({}, ready),
    "faults": ({}, faulty),
    "industries": ({}, listing),
    "results": ({}, opened),
    "unmet": ({}, lambda page: ask(page, UNMET)),
    "english": ({"lang": "en"}, ready),
    "browser": ({"mode": "browse"}, searched),
    "browser, nothing": ({"mode": "browse"}, nothing),
    "browser, detail": ({"mode": "browse"}, detail),
}


QUICK = ("results", "browser")


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in STATES]
)
def test_axe_finds_nothing_in_a_state_of_the_widget(embed, name):
    attributes, reach = STATES[name]
    page = embed(theme="light", **attributes)
    page.emulate_media(reduced_motion="reduce")
    page.locator("form").first.wait_for()
    reach(page)
    assert violations(page) == []
    page.evaluate("document.querySelector('duijie-match').setAttribute('theme', 'dark')")
    assert violations(page) == []


@pytest.mark.slow
def test_axe_finds_nothing_in_a_card(embed, demo):
    with demo.client("sme") as api:
        found = api.get("/v1/offerings/search", params={"q": "贷款", "limit": 1}).json()["items"][0]
    page = embed(mode="offering", offering=found["offering_id"])
    page.locator(".card").wait_for()
    assert violations(page) == []


@pytest.mark.slow
def test_axe_finds_nothing_while_it_loads_nor_when_it_fails(embed, page):
    held = []

    def hold(route):
        held.append(route)

    page.route("**/v1/categories", hold)
    embed()
    page.locator(".status", has_text="正在载入").wait_for()
    assert violations(page) == []
    held[0].abort()
    page.locator(".problem p").first.wait_for()
    assert violations(page) == []


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_pages_around_it(page, demo, widget_key, scheme):
    page.emulate_media(color_scheme=scheme)
    key = widget_key()
    page.goto(f"{demo.url}/widget/playground")
    page.locator("#stage form").wait_for()
    assert violations(page) == []
    page.goto(f"{demo.url}/widget/frame?key={key}")
    page.locator("form").wait_for()
    assert [found for found in violations(page) if found[0] != "page-has-heading-one"] == []  # the portal's page has it
    page.goto(f"{demo.url}/widget/form?key={key}")
    assert violations(page) == []
    page.locator("#text").fill(NEED)
    page.locator("#place").select_option("330100")
    page.get_by_role("button", name="找服务商").click()
    page.locator("#answer-title").wait_for()
    assert violations(page) == []
    page.goto(f"{demo.url}/widget/form?key=djw_x")
    assert violations(page) == []
    page.goto(f"{demo.url}/")
    page.locator("duijie-match form").wait_for()
    assert violations(page) == []


def focused(page):
    return page.evaluate("""() => {
      const inner = document.activeElement.shadowRoot?.activeElement;
      return inner?.id || inner?.className || '';
    }""")


def tab_to(page, wanted, key="Tab"):
    for _ in range(30):
        page.keyboard.press(key)
        if focused(page) == wanted:
            return
    pytest.fail(f"no way to {wanted} by {key}")


def test_a_need_is_asked_by_keyboard_alone(embed):
    page = embed()
    page.locator("form").wait_for()
    tab_to(page, "text")
    page.keyboard.insert_text(NEED)
    tab_to(page, "province")
    page.locator("#province option", has_text="浙江省").wait_for(state="attached")
    for _ in range(40):
        page.keyboard.press("ArrowDown")
        if page.locator("#province").input_value() == "330000":
            break
    assert page.locator("#province").input_value() == "330000"
    tab_to(page, "industry")
    page.keyboard.insert_text("金属")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("#industry").input_value().startswith("金属")
    tab_to(page, "employees")
    page.keyboard.type("45")
    tab_to(page, "primary")
    outline = "getComputedStyle(document.activeElement.shadowRoot.activeElement).outlineStyle"
    assert page.evaluate(outline) != "none"
    page.keyboard.press("Enter")
    page.locator("#answer-title").wait_for()
    page.wait_for_function("() => document.activeElement.shadowRoot?.activeElement?.id === 'answer-title'")
    assert page.locator(".status").inner_text().startswith("找到")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.tagName") == "SUMMARY"


def test_a_fault_takes_the_focus_and_is_tied_to_its_field(embed):
    page = embed()
    page.locator("#province option").nth(1).wait_for(state="attached")  # what is sent earlier waits for them
    page.get_by_role("button", name="找服务商").press("Enter")
    assert focused(page) == "text"
    field = page.get_by_label("您需要什么？")
    assert field.get_attribute("aria-invalid") == "true"
    assert page.locator(f"#{field.get_attribute('aria-describedby')}").inner_text() == "请说一说您的需要"


def test_a_detail_is_opened_and_left_by_keyboard(embed):
    page = embed(mode="browse")
    first = page.locator(".found h2 button").first
    first.focus()
    page.keyboard.press("Enter")
    page.locator(".card").wait_for()
    page.wait_for_function("() => document.activeElement.shadowRoot?.activeElement?.id === 'card-title'")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert first.evaluate("one => one.getRootNode().activeElement === one")


def sideways(page):
    return page.evaluate("""() => {
      const wide = document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth;
      const root = document.querySelector('duijie-match')?.shadowRoot;
      const all = root ? [...root.querySelectorAll('*')] : [];
      const out = all.filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
      return [wide, out.map((one) => `${one.tagName}.${one.className}`).slice(0, 5)];
    }""")


SIZES = {"320 px": (320, 640, 1), "1280 px at 200 %": (640, 450, 2), "1280 px at 400 %": (320, 225, 4)}


@pytest.mark.parametrize(
    "size", [pytest.param(name, marks=pytest.mark.slow) if scale > 1 else name for name, (*_, scale) in SIZES.items()]
)
def test_nothing_is_to_be_scrolled_sideways(browser, portal, demo, widget_key, size):
    width, height, scale = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=scale, locale="zh-CN"
    )
    page = context.new_page()
    key = widget_key()
    with demo.client("sme") as api:
        found = api.get("/v1/offerings/search", params={"q": "贷款", "limit": 1}).json()["items"][0]

    def visit(**attributes):
        lines = script.snippet(demo.url, key, **attributes)
        page.goto(portal.put("/narrow", f'<meta name="viewport" content="width=device-width">{lines}'))

    visit()
    faulty(page)
    assert sideways(page) == [0, []]
    opened(page)
    assert sideways(page) == [0, []]
    visit(lang="en")
    page.locator("form").wait_for()
    assert sideways(page) == [0, []]
    visit(mode="browse")
    searched(page)
    assert sideways(page) == [0, []]
    visit(mode="offering", offering=found["offering_id"])
    page.locator(".card").wait_for()
    assert sideways(page) == [0, []]
    for path in ("/", "/widget/playground", f"/widget/frame?key={key}", f"/widget/form?key={key}"):
        page.goto(demo.url + path)
        page.locator("form:visible").first.wait_for()
        assert sideways(page) == [0, []], path
    page.locator("#text").fill(NEED)
    page.locator("#place").select_option("330100")
    page.get_by_role("button", name="找服务商").click()
    page.locator("#answer-title").wait_for()
    assert sideways(page) == [0, []]
    context.close()


def test_who_wants_no_motion_sees_none(embed, page):
    page.emulate_media(reduced_motion="reduce")
    embed()
    page.locator(".primary").wait_for()
    told = page.locator(".primary").evaluate("one => getComputedStyle(one).transitionDuration")
    assert told == "0s"


def test_the_page_sets_its_colours(embed, page):
    embed(theme="light")
    page.locator(".primary").wait_for()
    page.evaluate("document.querySelector('duijie-match').style.setProperty('--duijie-accent', 'rgb(176, 0, 32)')")
    told = page.locator(".primary").evaluate("one => getComputedStyle(one).backgroundColor")
    assert told == "rgb(176, 0, 32)"
