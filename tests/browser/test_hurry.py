"""A person who is quicker than the network: the form can be sent before the regions to choose from are there."""

import pytest

from tests.browser.conftest import NEED


@pytest.fixture
def regions(page):
    """The requests for regions, none of which is let through: `regions.pass_on()` ends that."""

    class Held:
        def __init__(self):
            self.asked = []
            page.route("**/v1/regions*", self.hold)

        def hold(self, route):
            self.asked.append(route)

        def pass_on(self):
            while not self.asked:
                page.wait_for_timeout(10)
            page.unroute("**/v1/regions*")  # which lets go on what was held

    return Held()


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
