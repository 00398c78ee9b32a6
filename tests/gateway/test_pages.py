"""The pages: local assets only, no inline code, and a page for every problem."""

import re
from pathlib import Path

import pytest

from services.gateway import pages
from shared import problems

FOLDER = Path(pages.__file__).parent / "page"
CODES = [kind.code for kind in problems.registry()]


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/problems/stale", "/page/main.js", "/page/style.css", "/page/icon.svg"]
)
def test_a_page_comes_with_a_strict_policy(client, path):
    answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert (answer.status_code, answer.headers["x-content-type-options"]) == (200, "nosniff")
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("path", ["/", "/docs", *(f"/problems/{code}" for code in CODES)])
def test_every_asset_of_a_page_is_here_and_nothing_is_inline(client, path):
    page = client.get(path).text
    linked = re.findall(r'(?:src|href)="([^"#]*)"', page)
    assert linked
    for address in set(linked):
        assert address.startswith("/")
        assert not address.startswith("//")
        assert client.get(address).status_code == 200
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|\$\w+", page)


def test_scripts_set_text_as_text_and_fetch_nothing_from_outside():
    for script in FOLDER.glob("*.js"):
        source = script.read_text("utf-8")
        forbidden = re.findall(
            r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|https?:", source
        )
        assert not forbidden, script.name
        for name in re.findall(r'from "\./([^"]+)"', source):
            assert (FOLDER / name).exists()


def test_every_text_that_the_page_names_exists_in_both_languages():
    source = "".join(path.read_text("utf-8") for path in FOLDER.glob("*.*") if path.suffix in {".js", ".html"})
    known = dict(re.findall(r"^  (\w+): (\[.*?\]),$", (FOLDER / "texts.js").read_text("utf-8"), re.M | re.S))
    named = set(re.findall(r'tell\("(\w+)"', source)) | set(re.findall(r'data-(?:text|label|hint)="(\w+)"', source))
    assert named <= known.keys()
    for name in named:
        assert len(re.findall(r'"[^"]+"', known[name])) == 2, name


@pytest.mark.parametrize("code", CODES)
def test_every_problem_has_its_page_in_both_languages(client, code):
    page = client.get(f"/problems/{code}").text
    kind = next(kind for kind in problems.registry() if kind.code == code)
    assert str(kind.status) in page
    assert kind.title.zh in page
    assert kind.title.en in page


def test_pages_need_no_key_and_change_nothing(client):
    assert client.post("/").status_code == 405
    assert client.head("/").status_code == 200
    assert client.get("/page/../app.py").status_code == 404
    assert client.get("/page/%2e%2e/app.py").status_code == 404
