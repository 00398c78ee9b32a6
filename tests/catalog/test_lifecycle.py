"""The lifecycle of offerings and the standing of providers, as tables: every state × action × caller."""

from typing import Any

import pytest

from services.catalog import lifecycle
from services.catalog.admission import stages
from tests.catalog.conftest import grounds

PATHS = {
    "draft": (),
    "submitted": ("submit",),
    "published": ("submit", "publish"),
    "suspended": ("submit", "publish", "suspend"),
    "retired": ("withdraw",),
}
"""How an offering gets into each state."""

OUTCOMES = {
    ("draft", "submit"): "submitted",
    ("submitted", "request-completion"): "draft",
    ("submitted", "reject"): "draft",
    ("submitted", "publish"): "published",
    ("published", "suspend"): "suspended",
    ("suspended", "reinstate"): "published",
    ("draft", "withdraw"): "retired",
    ("submitted", "withdraw"): "retired",
    ("published", "withdraw"): "retired",
    ("suspended", "withdraw"): "retired",
}
"""All that is permitted; everything else is a conflict."""

CALLERS = {
    "sme": {"role": "sme"},
    "owner": {"role": "provider"},
    "another provider": {"role": "provider", "uscc": "91330106MA9999999X"},
    "provider without a code": {"role": "provider", "uscc": None},
    "bureau of the province": {"role": "bureau", "region": "330000"},
    "bureau of the country": {"role": "bureau", "region": "000000"},
    "bureau elsewhere": {"role": "bureau", "region": "110000"},
    "admin": {"role": "admin"},
    "service": {"role": "service"},
}
PROVIDER_ACTIONS = ("submit", "submit-revision", "withdraw")
"""What a provider may do with its own offerings."""


def expected(state: str, action: str, caller: str) -> int:
    role = CALLERS[caller]["role"]
    if role in ("sme", "service") or (role == "provider" and action not in PROVIDER_ACTIONS):
        return 403
    if caller in ("another provider", "provider without a code", "bureau elsewhere"):
        return 404
    return 200 if (state, action) in OUTCOMES else 409


def identity(caller: str, provider: dict[str, Any]) -> dict[str, Any]:
    return ({"uscc": provider["uscc"]} if caller == "owner" else {}) | CALLERS[caller]


@pytest.mark.parametrize("state", PATHS)
def test_who_may_move_an_offering_from_where_to_where(catalog, state):
    provider = catalog.provider()
    path = None
    for action in ("submit", "publish", "suspend", "reinstate", "withdraw"):
        for caller in CALLERS:
            path = path or f"/v1/offerings/{catalog.offering(provider['id'], *PATHS[state])['id']}"
            answer = catalog.act(path, action, **identity(caller, provider))
            assert answer.status_code == expected(state, action, caller), (state, action, caller, answer.text)
            if answer.status_code == 200:
                assert answer.json()["state"] == OUTCOMES[state, action]
                assert answer.headers["ETag"] == catalog.tag(path)
                path = None  # it has moved on: take another
            else:
                assert catalog.get(path).json()["state"] == state


def test_the_table_is_what_the_contract_says():
    table = {(source, step.name): step.target for step in lifecycle.OFFERING for source in step.sources}
    revision = {("published", step): "published" for step in ("publish", "submit-revision", "return-revision")}
    assert table == OUTCOMES | revision


MADE_FROM = {
    "offering": lifecycle.OFFERING,
    "provider": lifecycle.PROVIDER + lifecycle.APPEAL,
    "application": stages.APPLICATION,
    "objection": lifecycle.OBJECTION,
}


@pytest.mark.parametrize("thing", MADE_FROM)
def test_the_document_and_the_operations_are_made_from_the_table(catalog, thing):
    paths = catalog.client.get("/openapi.json").json()["paths"]
    for step in MADE_FROM[thing]:
        path = f"/v1/{thing}s/{{{thing}_id}}/{step.name}"
        if step.trigger != "call":
            assert path not in paths
            continue
        operation = paths[path]["post"]
        assert operation["x-access"] == {"roles": list(step.actors), "ownership": "own"}
        assert operation["operationId"] == f"{step.name.replace('-', '_')}_{thing}"
        assert step.event in operation["description"]
        assert ("requestBody" in operation) == bool(step.reasons or step.name in ("publicize", "appeal"))
        assert {"404", "409", "412", "428"} <= operation["responses"].keys()


@pytest.mark.parametrize(
    ("steps", "action", "caller", "status", "standing"),
    [
        ((), "suspend", "admin", 200, "suspended"),
        ((), "suspend", "bureau of the province", 200, "suspended"),
        ((), "suspend", "bureau elsewhere", 404, "active"),
        ((), "suspend", "owner", 403, "active"),
        ((), "suspend", "sme", 403, "active"),
        ((), "reinstate", "admin", 409, "active"),
        (("suspend",), "suspend", "admin", 409, "suspended"),
        (("suspend",), "reinstate", "bureau of the country", 200, "active"),
        (("suspend",), "reinstate", "owner", 403, "suspended"),
    ],
)
def test_who_may_change_the_standing_of_a_provider(catalog, steps, action, caller, status, standing):
    provider = catalog.provider()
    path = f"/v1/providers/{provider['id']}"
    for step in steps:
        catalog.act(path, step)
    assert catalog.act(path, action, **identity(caller, provider)).status_code == status
    assert catalog.get(path).json()["standing"] == standing


def test_an_update_needs_the_tag_that_was_read(catalog):
    provider = catalog.provider()
    offering = catalog.offering(provider["id"])
    for path, action in ((f"/v1/providers/{provider['id']}", "suspend"), (f"/v1/offerings/{offering['id']}", "submit")):
        tag = catalog.tag(path)
        for call in (
            lambda tag, path=path, action=action: catalog.post(f"{path}/{action}", grounds(path, action), tag=tag),
            lambda tag, path=path: catalog.patch(path, {"name": "新名"}, tag=tag),
        ):
            assert call(None).status_code == 428
            assert call('"999"').status_code == 412
        assert catalog.tag(path) == tag


def test_nothing_of_a_suspended_provider_is_published_or_reinstated(catalog):
    provider = catalog.provider()
    submitted = catalog.offering(provider["id"], "submit")
    suspended = catalog.offering(provider["id"], "submit", "publish", "suspend")
    catalog.act(f"/v1/providers/{provider['id']}", "suspend")
    assert catalog.act(f"/v1/offerings/{submitted['id']}", "publish").status_code == 409
    assert catalog.act(f"/v1/offerings/{suspended['id']}", "reinstate").status_code == 409
