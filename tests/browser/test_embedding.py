"""S8/S9: a page of another origin embeds the widget and gets the API's answer in the API's order."""

from tests.browser.conftest import NEED, ask


def test_a_page_on_another_port_embeds_it_with_two_lines(embed, demo):
    page = embed()
    ask(page)
    shown = page.locator(".offer").evaluate_all("all => all.map(one => one.dataset.offering)")
    body = {"text": NEED, "enterprise": {"region": "330000"}, "top_k": 10}
    with demo.client("bureau") as api:
        run = api.post("/v1/needs", json=body).raise_for_status().json()["match_run"]
    assert len(shown) >= 5
    assert shown == [result["offering_id"] for result in run["results"]]
