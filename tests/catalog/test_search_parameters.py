"""What may be asked of the search, whatever engine answers."""

import pytest


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"category": "no-such-category"}, "category"),
        ({"category": "NOT A CODE"}, "category"),
        ({"region": "999999"}, "region"),
        ({"industry": "XX"}, "industry"),
        ({"size": "huge"}, "size"),
        ({"price_max": "-1"}, "price_max"),
        ({"price_max": "1e9"}, "price_max"),
        ({"limit": "0"}, "limit"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"sort": "price"}, "sort"),
        ({"q": "字" * 201}, "q"),
    ],
)
def test_a_bad_query_says_where(catalog, query, parameter):
    answer = catalog.get("/v1/offerings/search", params=query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == parameter
