"""The way of a need through the service: asked, answered, stored, shown to those whom it concerns."""

ASKED = {
    "text": "五金加工厂，三十来号人，订单老是乱，想上个进销存，一年预算五万以内",
    "enterprise": {"region": "330106", "industry": "33", "employees": 32, "annual_revenue": 1800000000},
    "as_of": "2026-11-22",
}


def ask(client, headers, **changed):
    return client.post("/v1/needs", json={**ASKED, **changed}, headers=headers)


def test_a_need_is_answered_and_can_be_read_again(client, bearer):
    sme = bearer("matching", "sme")
    answer = ask(client, sme)
    need = answer.json()
    assert answer.status_code == 201, need
    assert answer.headers["location"] == f"/v1/needs/{need['id']}"
    assert need["match_run"]["results"]
    assert client.get(f"/v1/needs/{need['id']}", headers=sme).json() == need
    assert client.get(f"/v1/match-runs/{need['match_run']['id']}", headers=sme).json() == need["match_run"]
