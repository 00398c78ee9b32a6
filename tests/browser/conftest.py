"""A running demo, a Chromium, a portal on another port, and pages in which the widget is embedded."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from services.gateway.widget import script
from tests.journeys.conftest import UNLIMITED, copied_demo, demo_state  # noqa: F401 - the same loaded demo
from tests.support import chromium
from tests.support.chromium import Portal
from tests.support.processes import SystemProcess

NEED = "小五金厂，仓库老是发错货、盘点要关门两天。想上一套能扫码的仓库系统，一年两万以内，一个月内用起来。"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker("browser")
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(300))  # the first one also loads the demo


@pytest.fixture(scope="package")
def demo(demo_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SystemProcess]:  # noqa: F811
    """A running demo, in which an edition can be announced at once. It ends with this folder: idling costs too."""
    state = tmp_path_factory.mktemp("browsed") / "state"
    shutil.copytree(demo_state, state)
    system = SystemProcess(state, load_demo=True, CATALOG_NOTICE_DAYS="0", **UNLIMITED)
    system.start()
    try:
        yield system
    finally:
        assert system.stop() == 0


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all."""
    with chromium.launched() as launched:
        yield launched


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile."""
    fresh = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab."""
    return context.new_page()


@pytest.fixture(scope="package")
def portal() -> Iterator[Portal]:
    """A site of another origin."""
    with chromium.portal() as site:
        yield site


@pytest.fixture(scope="package")
def widget_key(demo: SystemProcess, portal: Portal) -> Callable[..., str]:
    """Makes a widget key of the demo bureau, for the portal when no origin is named: `widget_key(region="330000")`."""

    def make(*origins: str, **terms: Any) -> str:
        body = {"label": "门户", "origins": origins or (portal.url,), **terms}
        with demo.client("bureau") as office:
            return str(office.post("/v1/widget-keys", json=body).raise_for_status().json()["key"])

    return make


@pytest.fixture
def strict(demo: SystemProcess) -> dict[str, str]:
    """The headers of a page with a strict policy: scripts and calls of the gateway alone, nothing inline."""
    policy = (
        f"default-src 'none'; script-src {demo.url}; connect-src {demo.url}; frame-src {demo.url}; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'"
    )
    return {"Content_Security_Policy": policy}


@pytest.fixture
def embed(
    demo: SystemProcess,
    portal: Portal,
    widget_key: Callable[..., str],
    strict: dict[str, str],
    page: Page,
) -> Callable[..., Page]:
    """Opens a page of the portal that embeds the widget: `embed(mode="browse")`."""

    def open_page(key: str | None = None, **attributes: str) -> Page:
        lines = script.snippet(demo.url, key or widget_key(), **attributes)
        page.goto(portal.put("/embedded", f"<main><h1>门户网站</h1>{lines}</main>", **strict))
        return page

    return open_page


def ask(page: Page, text: str = NEED, province: str = "330000") -> None:
    """Fill the need form and send it; returns when the answer is there."""
    page.get_by_label("您需要什么？").fill(text)
    page.locator("#province").select_option(province)
    page.get_by_role("button", name="找服务商").click()
    page.locator("#answer-title").wait_for()
