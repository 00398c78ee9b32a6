"""S8: 200 payloads in names, titles, needs, URLs and in every sentence of a hostile answer fire no trap.

The pages carry no policy of their own here and Chromium is told to ignore ours, so that only what the widget does with
text stands between a payload and its trap. A first test shows that the traps do fire when somebody sets markup.
"""

import json
import re
import time
import unicodedata
from urllib.parse import quote

import pytest

from services.gateway.widget import script
from tests.support import payloads, records

PAYLOADS = payloads.PAYLOADS
SHOWN = tuple(text for text in PAYLOADS if not any(unicodedata.category(sign) == "Cc" for sign in text))
"""What an offering or a provider may say: no control signs."""
MARK = "鸢尾陷阱"
BATCH = 20
FORBIDDEN = (
    "script, iframe, object, embed, svg, img, video, audio, link, meta, base, math, marquee, template, style, "
    "[onerror], [onload], [onfocus], [style*=url], [href^=javascript]"
)
READY = "() => !document.querySelector('duijie-match').shadowRoot.querySelector('.primary').disabled"


class Traps:
    """Dialogs, a mark on the window, words on the console, and requests to a host of nobody."""

    def __init__(self, context):
        self.fired = []
        context.on("dialog", self._dialog)
        context.on("console", lambda message: self._tell(message.text, payloads.TRAP in message.text))
        context.on("request", lambda request: self._tell(request.url, payloads.CANARY in request.url.partition("?")[0]))
        context.on("weberror", lambda error: self._tell(str(error.error), payloads.TRAP in str(error.error)))

    def _dialog(self, dialog):
        self.fired.append(dialog.message)
        dialog.dismiss()

    def _tell(self, text, fired):
        if fired:
            self.fired.append(text)

    def of(self, page):
        """All that fired by now, and what stands in the page that never should."""
        found = page.evaluate(
            """(forbidden) => {
              const root = document.querySelector('duijie-match')?.shadowRoot ?? document.querySelector('main');
              const found = [...root.querySelectorAll(forbidden)].map((one) => one.outerHTML.slice(0, 200));
              return [window.__xss ?? null, found];
            }""",
            FORBIDDEN,
        )
        return [*self.fired, *([found[0]] if found[0] else []), *found[1]]


@pytest.fixture
def lax(browser):
    context = browser.new_context(bypass_csp=True, locale="zh-CN")
    yield context
    context.close()


@pytest.fixture
def traps(lax):
    return Traps(lax)


def test_there_are_two_hundred_payloads():
    assert len(set(PAYLOADS)) >= 200


def test_the_traps_fire_when_somebody_sets_markup(lax, traps, portal):
    page = lax.new_page()
    page.goto(portal.put("/bare", "<main></main>"))
    fired = 0
    for payload in PAYLOADS[:40]:
        page.evaluate("(text) => { document.querySelector('main').innerHTML = text }", payload)
        page.wait_for_timeout(20)
        fired += bool(traps.of(page))
        traps.fired.clear()
        page.evaluate("delete window.__xss")
    assert fired >= 20


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_payloads_in_the_catalogue_and_in_needs_fire_nothing(copied_demo, lax, traps, portal, record_property):
    system = copied_demo()
    system.start()
    try:
        offerings = published(system)
        with system.client("bureau") as office:
            wanted = {"label": "门户", "origins": [portal.url]}
            key = office.post("/v1/widget-keys", json=wanted).raise_for_status().json()["key"]
        page = lax.new_page()
        seen = browse(page, portal, system, key)
        assert seen == set(offerings)
        needs(page, portal, system, key, traps)
        cards(page, portal, system, key, offerings)
        plain(page, system, key, traps)
        assert traps.of(page) == []
    finally:
        assert system.stop() == 0
    record_property(
        "figures", f"{len(PAYLOADS)} payloads × (name, summary, description, provider, need, plain need): 0 traps"
    )


def published(system):
    """An offering and a provider for every payload that may be shown, through the public API."""
    providers = [
        {**records.provider(8_200_000 + number), "code": f"X{number}", "name": text[:100]}
        for number, text in enumerate(SHOWN)
    ]
    offerings = [
        {
            **{name: value for name, value in records.offering("").items() if name != "provider_id"},
            "code": f"Y{number}",
            "provider": f"X{number}",
            "name": text[:60],
            "summary": f"{MARK} {text}"[:200],
            "description": f"{MARK} 仓库系统 {text}",
            "features": [text[:40]],
            "regions": ["000000"],
        }
        for number, text in enumerate(SHOWN)
    ]
    with system.client("bureau") as office:
        for kind, rows in (("providers", providers), ("offerings", offerings)):
            report = imported(office, kind, rows)
            assert report["refused"] == 0, report["errors"][:3]
            steering = sorted(set(PAYLOADS) - set(SHOWN))
            hostile = [rows[0] | {"code": f"Z{number}", "name": text[:60]} for number, text in enumerate(steering)]
            assert imported(office, kind, hostile)["refused"] == len(hostile) > 0
        deadline = time.monotonic() + 60
        while office.get("/v1/offerings/search", params={"q": MARK}).json()["total"] < len(SHOWN):
            assert time.monotonic() < deadline
            time.sleep(0.2)
        found, path = [], "/v1/offerings?source=traps&limit=200"
        while path:
            got = office.get(path)
            found += [item["id"] for item in got.json()["items"]]
            path = got.links.get("next", {}).get("url")
    assert len(found) == len(SHOWN)
    return found


def imported(office, kind, rows):
    """The report on an import."""
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
    sent = {"data": {"kind": kind, "source": "traps"}, "files": {"file": ("a.jsonl", lines)}}
    return office.post("/v1/imports", **sent).raise_for_status().json()


def embedded(page, portal, system, key, **attributes):
    page.goto(portal.put("/lax", f"<main>{script.snippet(system.url, key, **attributes)}</main>"))


def browse(page, portal, system, key):
    embedded(page, portal, system, key, mode="browse")
    page.get_by_label("搜索供给").fill(MARK)
    page.get_by_role("button", name="搜索", exact=True).click()
    page.locator("mark").first.wait_for()
    while page.locator(".more button").count():
        shown = page.locator(".found li").count()
        page.locator(".more button").click()
        page.locator(".found li").nth(shown).wait_for()
    return set(page.locator(".found li").evaluate_all("all => all.map(one => one.dataset.offering)"))


def needs(page, portal, system, key, traps):
    embedded(page, portal, system, key)
    page.locator("#province").select_option("330000")
    for payload in PAYLOADS:
        page.locator("#text").fill(f"仓库系统 {payload}")
        page.get_by_role("button", name="找服务商").click()
        page.wait_for_function(READY)
    assert page.locator(".answer h2").count() == 1
    assert traps.of(page) == []


def cards(page, portal, system, key, offerings):
    embedded(page, portal, system, key, mode="offering", offering=offerings[0])
    for offering in offerings:
        page.evaluate("(id) => document.querySelector('duijie-match').setAttribute('offering', id)", offering)
        page.locator(f"[data-offering={offering}]").wait_for()


def plain(page, system, key, traps):
    for payload in PAYLOADS:
        page.goto(f"{system.url}/widget/form?key={key}")
        page.locator("#text").fill(f"仓库系统 {payload}")
        page.locator("#place").select_option("330100")
        page.get_by_role("button", name="找服务商").click()
        page.locator("#answer-title").wait_for()
    assert traps.of(page) == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_payloads_in_urls_and_attributes_fire_nothing(demo, lax, traps, portal, widget_key):
    key, page = widget_key(), lax.new_page()
    names = ("mode", "region", "category", "edition", "offering", "lang", "theme")
    embedded(page, portal, demo, key)
    page.locator("form").wait_for()
    for number, payload in enumerate(PAYLOADS):
        name = names[number % len(names)]
        page.evaluate(
            "([name, text]) => document.querySelector('duijie-match').setAttribute(name, text)", [name, payload]
        )
        page.wait_for_timeout(10)
        page.evaluate("(name) => document.querySelector('duijie-match').removeAttribute(name)", name)
    assert traps.of(page) == []
    for number, payload in enumerate(PAYLOADS):
        text = quote(payload)
        path = ("frame", "form", "playground")[number % 3]
        page.goto(
            f"{demo.url}/widget/{path}?key={key}&{names[number % len(names)]}={text}&place={text}&text={text}#{text}"
        )
        assert traps.of(page) == [] if path != "playground" else not traps.fired
        if number % 10 == 0:
            page.goto(f"{demo.url}/widget/{path}?key={text}&lang={text}")
            assert not traps.fired


def poisoned(value, payload):
    """A real answer with a payload in every text; identifiers and numbers stay."""
    if isinstance(value, dict):
        return {name: part if name in ("code", "parent") else poisoned(part, payload) for name, part in value.items()}
    if isinstance(value, list):
        return [poisoned(part, payload) for part in value]
    return f"{payload}{value}" if isinstance(value, str) and not re.fullmatch(r"[a-z_]+_[0-9a-f]{32}", value) else value


@pytest.mark.parametrize("part", range(len(PAYLOADS) // BATCH))
@pytest.mark.slow
def test_a_hostile_service_fires_nothing(demo, lax, traps, portal, widget_key, part):
    page, key = lax.new_page(), widget_key()
    for payload in PAYLOADS[part * BATCH : (part + 1) * BATCH]:
        hostile(page, portal, demo, key, payload)
        assert traps.of(page) == [], payload
        page.unroute_all(behavior="wait")


def test_a_hostile_service_fires_nothing_in_short(demo, lax, traps, portal, widget_key):
    page, key = lax.new_page(), widget_key()
    for payload in PAYLOADS[:: len(PAYLOADS) // 5]:
        hostile(page, portal, demo, key, payload)
        assert traps.of(page) == [], payload
        page.unroute_all(behavior="wait")


def hostile(page, portal, demo, key, payload):
    def answer(route):
        got = route.fetch()
        try:
            body = poisoned(got.json(), payload)
        except ValueError:
            return route.fulfill(response=got)
        if route.request.method == "POST" and "boom" in (route.request.post_data or ""):
            text = {"zh": payload, "en": payload}
            body = {"type": payload, "title": payload, "text": text, "errors": [{"text": text}]}
            return route.fulfill(status=422, json=body, headers={"Access-Control-Allow-Origin": portal.url})
        return route.fulfill(response=got, json=body)

    page.route("**/v1/**", answer)
    embedded(page, portal, demo, key)
    page.locator("#province").select_option("330000")
    page.locator("#text").fill("小五金厂，仓库老是发错货，想上一套能扫码的仓库系统，一年两万以内")
    page.get_by_role("button", name="找服务商").click()
    page.locator(".offer").first.wait_for()
    page.locator("summary").first.click()
    page.locator("#text").fill("boom")
    page.get_by_role("button", name="找服务商").click()
    page.locator(".problem p").first.wait_for()
    page.evaluate("document.querySelector('duijie-match').setAttribute('mode', 'browse')")
    page.locator(".found h2 button").first.click()
    page.locator(".card").wait_for()
