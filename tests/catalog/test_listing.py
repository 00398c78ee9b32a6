"""Lists: filters, and cursors that are bound to their list."""

import pytest

from tests.catalog.conftest import credit_code

EAST, WEST = credit_code(8_000_001), credit_code(8_000_002)


@pytest.fixture
def filled(catalog):
    """Two providers with four published offerings and a draft; gives names by id."""
    east = catalog.provider(uscc=EAST, region="330106", kind="product")
    west = catalog.provider(uscc=WEST, region="510107")
    go = ("submit", "publish")
    made = [
        catalog.offering(east["id"], *go, name="甲", categories=["erp"], regions=["330000"]),
        catalog.offering(east["id"], *go, name="乙", categories=["plm", "erp"], regions=["330106"], kind="service"),
        catalog.offering(west["id"], *go, name="丙", categories=["credit-loan"]),
        catalog.offering(west["id"], *go, name="丁", categories=["plm"], regions=["000000"]),
        catalog.offering(west["id"], name="草", categories=["plm"], regions=["000000"]),
    ]
    return {"east": east["id"], "west": west["id"], "made": made}


def names(answer):
    assert answer.status_code == 200, answer.text
    return "".join(item["name"] for item in answer.json()["items"])


OFFERINGS = [
    ("", "甲乙丙丁草"),
    ("category=erp", "甲乙"),
    ("category=research-design", "乙丁草"),
    ("category=finance-matching", "丙"),
    ("category=digital-logistics", ""),
    ("region=330106", "甲乙丙丁草"),
    ("region=330200", "甲丙丁草"),
    ("region=330000", "甲乙丙丁草"),
    ("region=510107", "丙丁草"),
    ("state=draft", "草"),
    ("kind=service", "乙"),
    ("source=local&state=published", "甲乙丙丁"),
    ("source=elsewhere", ""),
    ("external_id=O1", ""),
    ("category=plm&region=510107&state=published", "丁"),
]


def test_a_filter_of_offerings(catalog, filled):
    for query, found in OFFERINGS:
        assert names(catalog.get(f"/v1/offerings?{query}")) == found, query
        assert set(names(catalog.get(f"/v1/offerings?{query}", "sme"))) == set(found) - {"草"}, query


def test_offerings_of_a_provider(catalog, filled):
    assert names(catalog.get(f"/v1/offerings?provider={filled['west']}")) == "丙丁草"


PROVIDERS = [
    ("", 2),
    ("region=330000", 1),
    ("region=000000", 2),
    ("kind=product", 1),
    (f"uscc={WEST}", 1),
    ("standing=exited", 0),
]


def test_a_filter_of_providers(catalog, filled):
    for query, count in PROVIDERS:
        assert len(catalog.get(f"/v1/providers?{query}").json()["items"]) == count, query


NONSENSE = [
    ("/v1/offerings?category=nowhere", "category"),
    ("/v1/offerings?category=No Such", "category"),
    ("/v1/offerings?region=339999", "region"),
    ("/v1/offerings?state=gone", "state"),
    ("/v1/offerings?limit=0", "limit"),
    ("/v1/offerings?limit=201", "limit"),
    ("/v1/offerings?colour=red", "colour"),
    ("/v1/offerings?kind=product&kind=service", "kind"),
    ("/v1/offerings?cursor=nonsense", "cursor"),
    ("/v1/providers?region=1", "region"),
]


def test_a_filter_that_makes_no_sense_is_refused(catalog):
    for path, parameter in NONSENSE:
        answer = catalog.get(path)
        assert answer.status_code == 400, path
        assert answer.json()["errors"][0]["parameter"] == parameter


def test_pages_follow_each_other_without_gaps(catalog, filled):
    path, seen = "/v1/offerings?limit=2&source=local", ""
    while path:
        answer = catalog.get(path)
        seen += names(answer)
        following = answer.json()["next"]
        path = answer.links["next"]["url"] if "next" in answer.links else None
        assert (path is None) == (following is None)
    assert seen == "甲乙丙丁草"


def test_a_cursor_opens_for_its_own_list_only(catalog, filled):
    cursor = catalog.get("/v1/offerings?limit=1&kind=product").json()["next"]
    assert names(catalog.get(f"/v1/offerings?limit=1&kind=product&cursor={cursor}")) == "丙"
    for path, who in (
        ("/v1/offerings?kind=service", {}),
        ("/v1/offerings", {}),
        ("/v1/providers", {}),
        ("/v1/offerings?kind=product", {"organisation": "org_other"}),
        ("/v1/offerings?kind=product", {"role": "sme"}),
    ):
        joint = "&" if "?" in path else "?"
        assert catalog.get(f"{path}{joint}cursor={cursor}", **who).status_code == 400


def test_the_code_tables(catalog):
    provinces = catalog.get("/v1/regions?parent=000000", "sme").json()["items"]
    assert {"code": "330000", "parent": "000000", "name_zh": "浙江省"} in provinces
    assert all(item["code"].endswith("0000") for item in provinces)
    everything = catalog.get("/v1/industries", "sme").json()["items"]
    assert {"code": "3351", "parent": "335", "name_zh": "建筑、家具用金属配件制造"} in everything
    assert catalog.get("/v1/industries?parent=99", "sme").json() == {"items": []}
