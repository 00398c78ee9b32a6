"""The widget's script: one file, small, the same bytes every time, safe by the words it does not contain."""

import base64
import gzip
import hashlib
import re
from pathlib import Path

import pytest

from services.gateway.widget import script
from tests.support import snippet

FOLDER = Path(script.__file__).parent / "source"
LIMIT = 20_000
GIVEN_OUT = {"1.0.0": "sha384-fc8L+sew6WTMpVRxjMJJIT49xmbsZ7BhtGspUpTg0dMUIH6H/a8gBXEFsGvBpJ2L"}
"""What the address of each version holds, for portals have it in their pages with its `integrity`."""


def test_it_is_small(record_property):
    size = len(gzip.compress(script.text().encode(), 9))
    record_property("figures", f"duijie.js {len(script.text().encode())} bytes, {size} gzipped")
    assert size < LIMIT


def test_a_versions_address_gives_what_its_integrity_says(client):
    told = client.get("/widget/integrity.json").json()
    assert told["current"] == script.VERSION
    for version in told["versions"].values():
        answer = client.get(version["url"])
        digest = base64.b64encode(hashlib.sha384(answer.content).digest()).decode()
        assert version["integrity"] == f"sha384-{digest}"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_page_of_any_origin_may_load_it_with_its_integrity(client):
    for path in ("/widget/duijie.js", script.address(), "/widget/integrity.json"):
        answer = client.get(path, headers={"Origin": "https://portal.example"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert client.get("/widget/duijie.js").headers["cache-control"] == "no-cache"
    assert client.get("/widget/duijie.js").headers["content-type"].startswith("text/javascript")


def test_it_is_packed_for_who_takes_that(client):
    packed = client.get(script.address(), headers={"Accept-Encoding": "gzip"})
    plain = client.get(script.address(), headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content == script.text().encode()
    assert packed.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("version", ["0.0.0", "..", "1.0.0.js", "%2e%2e"])
def test_there_is_no_other_version(client, version):
    assert client.get(f"/widget/{version}/duijie.js").status_code == 404


def test_a_version_that_was_given_out_is_never_changed():
    """Sources that change need a new version; the old text then moves to `released/<version>.js`."""
    assert script.VERSION in GIVEN_OUT, "note its integrity"
    assert {version: script.integrity(content) for version, content in script.versions().items()} == GIVEN_OUT
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in GIVEN_OUT)


def test_the_sources_are_all_joined():
    joined = {Path(name).name for name in script.SOURCES}
    assert {path.name for path in FOLDER.glob("*.js")} == joined - {"elements.js"}
    assert script.text().count("customElements.define(") == 1


def test_text_is_set_as_text_and_nothing_is_evaluated_or_fetched_from_elsewhere():
    forbidden = re.findall(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|setTimeout\(\s*[\"']|https?:|"
        r"localStorage|sessionStorage|document\.cookie|postMessage|createContextualFragment|srcdoc|\.href\b",
        script.text(),
    )
    assert not forbidden


def test_comments_and_nothing_else_were_left_out():
    for name in script.SOURCES:
        for line in (script.GATEWAY / name).read_text("utf-8").splitlines():
            bare = line.strip().removeprefix("export ")
            assert bare.startswith("//") or bare in script.text()


def test_every_text_that_is_named_exists_in_both_languages():
    source = "".join(path.read_text("utf-8") for path in [*FOLDER.glob("*.js"), *FOLDER.parent.glob("*.py")])
    known = script.words()["texts"]
    assert set(re.findall(r'(?:tell|announce)\("(\w+)"', source)) <= known.keys()
    assert all(len(both) == 2 and all(both) for both in [*known.values(), *script.words()["values"].values()])


@pytest.mark.parametrize("page", snippet.PAGES, ids=lambda page: page.name)
def test_every_page_shows_the_present_two_lines(page):
    assert snippet.shown(page) == [snippet.wanted()], "run `python -m tests.support.snippet` and commit the result"
