"""One document for the whole system, composed: nothing is lost, nothing clashes unseen."""

import copy
from typing import Any

import pytest

from services.gateway import openapi
from services.gateway.openapi import Clash

INFO = ("Duijie", "1", "All of it")


def document(path: str, operation_id: str, schema: object = None, roles: tuple[str, ...] = ("sme",)) -> dict[str, Any]:
    operation = {"operationId": operation_id, "x-access": {"roles": list(roles)}, "responses": {"200": {}}}
    return {"paths": {path: {"get": operation}}, "components": {"schemas": {"Note": schema or {"type": "object"}}}}


CLASHES = {
    "one path twice": (document("/v1/a", "a"), document("/v1/a", "b")),
    "one operation id twice": (document("/v1/a", "a"), document("/v1/b", "a")),
    "one schema with two contents": (document("/v1/a", "a"), document("/v1/b", "b", {"type": "string"})),
    "no access": ({"paths": {"/v1/a": {"get": {"operationId": "a", "responses": {}}}}}, {}),
}


@pytest.mark.parametrize("kind", CLASHES)
def test_a_clash_is_an_error(kind):
    first, second = CLASHES[kind]
    with pytest.raises(Clash):
        openapi.compose({"catalog": first, "matching": second}, *INFO)


def test_equal_schemas_are_merged_and_the_services_documents_stay_untouched():
    parts = {"catalog": document("/v1/a", "a"), "matching": document("/v1/b", "b")}
    before = copy.deepcopy(parts)
    composed = openapi.compose(parts, *INFO)
    assert list(composed["paths"]) == ["/v1/a", "/v1/b"]
    assert list(composed["components"]["schemas"]) == ["Note"]
    assert parts == before


def test_what_only_services_may_call_does_not_exist_at_the_door():
    parts = {"catalog": document("/v1/a", "a", roles=("service",)), "matching": document("/v1/b", "b")}
    assert list(openapi.compose(parts, *INFO)["paths"]) == ["/v1/b"]


def test_the_whole_document_names_every_operation_and_what_can_go_wrong(client):
    whole = client.get("/openapi.json").json()
    assert whole["openapi"].startswith("3.1")
    assert {"bearer", "header"} == whole["components"]["securitySchemes"].keys()
    found = {(path, method) for path, method, _ in openapi.operations(whole)}
    assert {("/v1/notes", "post"), ("/v1/echo/{place}", "get"), ("/v1/keys", "post")} <= found
    for path, method, operation in openapi.operations(whole):
        declared = operation["responses"].keys()
        assert {"401", "403", "404", "429", "503", "504"} <= declared, (path, method)
        assert "Retry-After" in operation["responses"]["429"]["headers"]
        assert "service" not in operation["x-access"]["roles"]


def test_every_reference_in_the_document_leads_somewhere(client):
    whole = client.get("/openapi.json").json()

    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return own + [found for value in part.values() for found in references(value)]
        return [found for value in part for found in references(value)] if isinstance(part, list) else []

    for reference in set(references(whole)):
        place = whole
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
