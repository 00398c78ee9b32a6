"""The ranking policy: shown to everybody, changed by an admin, never overwritten."""

import pytest

from services.matching import policies
from services.matching.kernel import policy
from tests.matching.service.conftest import refresh
from tests.matching.service.test_needs import ask


@pytest.fixture
def admin(bearer):
    return bearer("matching", "admin")


def changed(document, **members):
    return {**document, "version": "second", **members}


def test_everybody_reads_the_policy_in_both_languages(client, bearer):
    for role in ("sme", "provider", "bureau", "admin"):
        document = client.get("/v1/policy", headers=bearer("matching", role)).json()
        assert sum(criterion["weight"] for criterion in document["criteria"]) == 10_000
        assert all(criterion["description"].keys() == {"zh", "en"} for criterion in document["criteria"])


def test_an_admin_changes_the_policy_and_it_ranks_from_then_on(client, admin):
    first = client.get("/v1/policy", headers=admin)
    swapped = first.json()["criteria"]
    swapped[0]["weight"], swapped[1]["weight"] = swapped[0]["weight"] - 100, swapped[1]["weight"] + 100
    guarded = {**admin, "If-Match": first.headers["etag"]}
    answer = client.put("/v1/policy", json=changed(first.json(), criteria=swapped), headers=guarded)
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] != first.headers["etag"]
    refresh(client)
    assert ask(client, admin).json()["match_run"]["policy_version"] == "second"
    assert client.get("/v1/policy", headers=admin).json() == answer.json()


REFUSED = [
    ("nobody saw it", {}, {}, 428),
    ("it has changed meanwhile", {}, {"If-Match": '"999"'}, 412),
    ("its version was used", {"version": policy.default().version}, {"If-Match": "*"}, 409),
    ("its weights do not sum", {"criteria": []}, {"If-Match": "*"}, 422),
    ("a member is unknown", {"colour": "red"}, {"If-Match": "*"}, 422),
]


def test_a_policy_is_refused(client, admin, bearer):
    document = client.get("/v1/policy", headers=admin).json()
    for why, members, headers, status in REFUSED:
        answer = client.put("/v1/policy", json=changed(document, **members), headers={**admin, **headers})
        assert answer.status_code == status, (why, answer.text)
    bureau = {**bearer("matching", "bureau"), "If-Match": "*"}
    assert client.put("/v1/policy", json=changed(document), headers=bureau).status_code == 403
    assert client.get("/v1/policy", headers=admin).json() == document


def test_a_release_ships_its_policy_once_and_never_over_an_admins(client, database, admin):
    with database.write.begin() as session:
        policies.ship(session)
        assert policies.in_force(session).revision == 1
    document = client.get("/v1/policy", headers=admin).json()
    assert client.put("/v1/policy", json=changed(document), headers={**admin, "If-Match": "*"}).status_code == 200
    with database.write.begin() as session:
        policies.ship(session)
        assert policies.in_force(session).version == "second"
