"""The documents as a product: committed as they are, complete, and unambiguous."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.commands import openapi

FOLDER = Path(__file__).parent.parent / "docs" / "openapi"


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return openapi.documents(tmp_path_factory.mktemp("openapi"))


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


@pytest.mark.parametrize("service", ["catalog", "matching", "gateway"])
def test_the_committed_document_is_the_real_one(documents, service):
    committed = (FOLDER / f"{service}.json").read_text("utf-8")
    assert committed == openapi.rendered(documents[service]), "run `make openapi` and commit the result"


def test_operation_ids_are_unique(documents):
    ids = [operation["operationId"] for _, operation in operations(documents["gateway"])]
    assert len(ids) == len(set(ids))


def test_every_operation_is_explained_and_says_who_may_call_it(documents):
    for name, operation in operations(documents["gateway"]):
        assert operation.get("summary"), name
        assert operation.get("description"), name
        assert operation["x-access"]["roles"], name
        assert operation.get("security", documents["gateway"].get("security")), name


def test_every_field_is_described(documents):
    silent = [
        f"{name}.{field}"
        for name, schema in documents["gateway"]["components"]["schemas"].items()
        for field, details in schema.get("properties", {}).items()
        if "description" not in details and "const" not in details
    ]
    assert not silent


def test_every_parameter_is_described(documents):
    silent = [
        f"{name}: {parameter['name']}"
        for name, operation in operations(documents["gateway"])
        for parameter in operation.get("parameters", ())
        if not parameter.get("description")
    ]
    assert not silent


def test_every_error_is_a_problem(documents):
    for name, operation in operations(documents["gateway"]):
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"], f"{name} {status}"
