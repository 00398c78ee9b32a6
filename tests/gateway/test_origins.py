"""Where a widget key may be used from: what an origin is, and a table of those that try (S9)."""

import time

import pytest

from services.gateway import origins
from services.gateway.origins import OwnOrigin
from tests.gateway.conftest import PORTAL

PUNYCODE = "https://xn--fiq228c5hs.example.cn"
REGISTERED = (PORTAL, PUNYCODE, "http://10.0.0.1:9000", "https://portal.example.cn:8443")
TRIES: dict[str, tuple[str | None, bool]] = {
    "as registered": (PORTAL, True),
    "another one that is registered": (PUNYCODE, True),
    "with its port": ("https://portal.example.cn:8443", True),
    "an address": ("http://10.0.0.1:9000", True),
    "none": (None, False),
    "empty": ("", False),
    "null, of a sandboxed frame or a file": ("null", False),
    "http for https": ("http://portal.example.cn", False),
    "https for http": ("https://10.0.0.1:9000", False),
    "another port": ("https://portal.example.cn:444", False),
    "the usual port, written out": ("https://portal.example.cn:443", False),
    "without its port": ("http://10.0.0.1", False),
    "another name": ("http://localhost:9000", False),
    "a subdomain": ("https://evil.portal.example.cn", False),
    "the parent": ("https://example.cn", False),
    "a sister": ("https://portal2.example.cn", False),
    "as a suffix": ("https://evilportal.example.cn", False),
    "as a prefix": ("https://portal.example.cn.evil.test", False),
    "as a prefix without a dot": ("https://portal.example.cnevil.test", False),
    "a trailing dot": ("https://portal.example.cn.", False),
    "a trailing slash": ("https://portal.example.cn/", False),
    "a path": ("https://portal.example.cn/page", False),
    "a fragment": ("https://portal.example.cn#", False),
    "upper case": ("https://PORTAL.example.cn", False),
    "upper case of the scheme": ("HTTPS://portal.example.cn", False),
    "as a user": ("https://portal.example.cn@evil.test", False),
    "with a user": ("https://user@portal.example.cn", False),
    "two, the first registered": (f"{PORTAL} https://evil.test", False),
    "two with a comma": (f"{PORTAL}, https://evil.test", False),
    "a backslash": ("https://portal.example.cn\\.evil.test", False),
    "percent-encoded": ("https://portal%2eexample.cn", False),
    "the script of a punycode name": ("https://xn--fiq228c5hs.example.cn.", False),
    "a look-alike in punycode": ("https://xn--prtal-jbd.example.cn", False),
    "a scheme of its own": ("javascript://portal.example.cn", False),
    "an extension": ("chrome-extension://portal.example.cn", False),
    "a file": ("file://", False),
    "no scheme": ("portal.example.cn", False),
    "an octal address": ("http://012.0.0.1:9000", False),
    "a decimal address": ("http://167772161:9000", False),
    "v4 in v6": ("http://[::ffff:10.0.0.1]:9000", False),
}


def test_the_table_has_thirty_tries():
    assert len(TRIES) >= 30


@pytest.fixture
def page(client, widget_key):
    """Asks as a page with a widget key would, from an origin."""
    key = widget_key(*REGISTERED)["Authorization"]

    def ask(origin, method="GET", path="/v1/echo/x", **headers):
        given = {"Authorization": key, **headers} if method != "OPTIONS" else headers
        told = {} if origin is None else {"Origin": origin}
        return client.request(method, path, headers={**given, **told})

    return ask


def test_only_what_is_registered_enters(page):
    for name, (origin, allowed) in TRIES.items():
        answer = page(origin)
        assert answer.status_code == (200 if allowed else 403), name
        assert answer.headers.get("access-control-allow-origin") == (origin if allowed else None), name
        assert answer.headers["vary"] == "Origin", name
        assert "access-control-allow-credentials" not in answer.headers
        assert allowed or answer.headers["content-type"] == "application/problem+json"


def test_only_what_is_registered_passes_a_preflight(page):
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    for name, (origin, allowed) in TRIES.items():
        answer = page(origin, "OPTIONS", "/v1/needs", **asked)
        assert (answer.status_code == 204) == allowed, name
        assert answer.headers.get("access-control-allow-origin") == (origin if allowed else None), name
        if allowed:
            assert "Authorization" in answer.headers["access-control-allow-headers"]
            assert not answer.content


def test_a_preflight_opens_only_what_a_widget_may_call(page):
    for path, method in (("/v1/keys", "POST"), ("/v1/widget-keys", "GET"), ("/v1/echo/x", "DELETE"), ("/v1/no", "GET")):
        answer = page(PORTAL, "OPTIONS", path, **{"Access-Control-Request-Method": method})
        assert answer.status_code in (403, 404, 405)
        assert "access-control-allow-origin" not in answer.headers


def test_two_origins_in_one_request_are_none(client, widget_key):
    key = widget_key(PORTAL)["Authorization"]
    fields = [("Authorization", key), ("Origin", PORTAL), ("Origin", "https://evil.test")]
    assert client.get("/v1/echo/x", headers=fields).status_code == 403


def test_a_page_can_read_why_it_was_refused(door, widget_key, client):
    headers = widget_key(PORTAL)
    refused = client.get("/v1/keys", headers=headers)
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (403, PORTAL)
    client = door(widget_key_limit="1/minute")
    limited = [client.get("/v1/echo/x", headers=headers) for _ in range(2)][1]
    assert (limited.status_code, limited.headers["access-control-allow-origin"]) == (429, PORTAL)
    assert "Retry-After" in limited.headers["access-control-expose-headers"]


def test_other_keys_are_for_no_page_at_all(client, key, widget_key):
    widget_key(PORTAL)
    for origin in ({"Origin": PORTAL}, {"Origin": "https://evil.test"}, {}):
        answer = client.get("/v1/echo/x", headers={**key("sme"), **origin})
        assert answer.status_code == 200
        assert "access-control-allow-origin" not in answer.headers


OURS = [
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"}, True),
    ({"Origin": "http://127.0.0.1"}, True),
    ({}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "none"}, False),
    ({"Sec-Fetch-Site": "same-site"}, False),
    ({"Origin": "http://127.0.0.1:81"}, False),
    ({"Origin": "http://rebound.test", "Host": "rebound.test"}, False),
    ({"Sec-Fetch-Site": "same-origin", "Host": "rebound.test"}, False),
]


def test_our_own_pages_need_no_registration(client, widget_key):
    key = widget_key(PORTAL)["Authorization"]
    for fields, allowed in OURS:
        answer = client.get("/v1/echo/x", headers={"Authorization": key, **fields})
        assert answer.status_code == (200 if allowed else 403), fields


def test_with_a_public_address_nothing_else_is_ours():
    own = OwnOrigin("https://duijie.example.cn")

    def serves(origin: str | None, host: str) -> bool:
        told = [] if origin is None else [(b"origin", origin.encode())]
        return own.serves([(b"host", host.encode()), (b"sec-fetch-site", b"same-origin"), *told])

    assert serves("https://duijie.example.cn", "duijie.example.cn")
    assert serves(None, "duijie.example.cn")
    assert not serves("http://duijie.example.cn", "duijie.example.cn")
    assert not serves("http://127.0.0.1", "127.0.0.1")
    assert not serves(None, "127.0.0.1")


def test_a_preflight_forgets_an_origin_within_a_second(door, key, client):
    admin = key("admin")
    bureau = client.post("/v1/keys", json={"role": "bureau", "organisation": {"name": "省厅"}}, headers=admin).json()
    office = {"X-API-Key": bureau["key"]}
    wanted = {"label": "首页", "origins": ["https://going.example"]}
    made = client.post("/v1/widget-keys", json=wanted, headers=office).json()
    page = door(key_cache_seconds=1.0)
    asked = {"Origin": "https://going.example", "Access-Control-Request-Method": "GET"}
    assert page.options("/v1/echo/x", headers=asked).status_code == 204
    client.post(f"/v1/widget-keys/{made['details']['id']}/revoke", headers=office)
    time.sleep(1.0)
    assert page.options("/v1/echo/x", headers=asked).status_code == 403


GOOD = ["https://a.cn", "http://10.0.0.1:8000", "http://[::1]:8000", "https://xn--fiqs8s", "http://localhost"]
BAD = [
    *("", "null", "*", "https://*.gov.cn", "https://a.cn/", "https://A.cn", "https://a.cn.", "https://a.cn:443"),
    *("http://a.cn:80", "ftp://a.cn", "a.cn", "//a.cn", "https://u@a.cn", "https://a.cn:0", "https://a.cn:99999"),
    *("https://中国.cn", "https://a_b.cn", "https://-a.cn", "https://a..cn", "http://1.2.3", "http://256.1.1.1"),
    *("http://01.2.3.4", "http://[::0]", "http://[::g]", "https://a.cn\n", " https://a.cn", "https://" + "a." * 200),
]


def test_an_origin_is_what_a_browser_sends():
    assert [origins.check(text) for text in GOOD] == GOOD


@pytest.mark.parametrize("text", BAD)
def test_anything_else_is_refused_when_it_is_registered(text):
    with pytest.raises(origins.NotAnOrigin):
        origins.check(text)
