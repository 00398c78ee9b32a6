"""A person who is quicker than the network: the form can be filled and sent before what there is to choose from."""

import pytest

from tests.browser.conftest import NEED


class Held:
    """The requests for a table, none of which is let through until `pass_on()`."""

    def __init__(self, page, pattern):
        self._page, self._pattern = page, pattern
        self._asked = []
        page.route(pattern, self._hold)

    def _hold(self, route):
        self._asked.append(route)

    def pass_on(self):
        while not self._asked:
            self._page.wait_for_timeout(10)
        self._page.unroute(self._pattern)  # which lets go on what was held


@pytest.fixture
def regions(page):
    """The regions to choose from, which do not come yet."""
    return Held(page, "**/v1/regions*")


def test_who_sends_before_the_regions_came_is_answered_once(embed, page, regions):
    sent = []
    page.on("request", lambda request: sent.append(request.post_data_json) if request.method == "POST" else None)
    embed(region="330000")
    page.get_by_label("您需要什么？").fill(NEED)
    for _ in range(2):
        page.get_by_role("button", name="找服务商").click()
    assert page.locator("#region-fault").is_hidden()
    regions.pass_on()
    page.locator("#answer-title").wait_for()
    assert [body["enterprise"] for body in sent] == [{"region": "330000"}]


def test_who_chose_no_region_is_told_so_once_there_are_some(embed, page, regions):
    embed()
    page.get_by_label("您需要什么？").fill(NEED)
    page.get_by_role("button", name="找服务商").click()
    assert page.locator("#region-fault").is_hidden()
    regions.pass_on()
    page.locator("#region-fault").wait_for()
    assert page.locator("#province option").count() > 30


def test_who_types_an_industry_before_there_are_any_gets_the_list_when_they_come(embed, page):
    industries = Held(page, "**/v1/industries*")
    embed()
    industry = page.get_by_role("combobox", name="行业")
    industry.press_sequentially("金属")
    assert "没有" not in page.locator("#industry-help").inner_text()
    industries.pass_on()
    page.locator("#industries li").first.wait_for()
    industry.press("ArrowDown")
    industry.press("Enter")
    assert industry.input_value().startswith("金属")
