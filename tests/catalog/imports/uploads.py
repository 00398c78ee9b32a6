"""Short ways to import in a test."""

import json
from typing import Any

from tests.catalog.conftest import Catalog, credit_code, offering_content, provider_content


def lines(*records: dict[str, Any]) -> bytes:
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records).encode()


def upload(catalog: Catalog, kind: str, data: bytes, /, role: str = "bureau", **form: Any) -> Any:
    who = {name: form.pop(name) for name in ("region", "organisation", "headers") if name in form}
    form = {"kind": kind, "source": "test"} | form
    return catalog.call("POST", "/v1/imports", role, data=form, files={"file": ("list", data)}, **who)


def report(catalog: Catalog, kind: str, data: bytes, **form: Any) -> dict[str, Any]:
    answer = upload(catalog, kind, data, **form)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def counts(made: dict[str, Any]) -> tuple[int, int, int, int]:
    assert made["accepted"] == made["created"] + made["updated"] + made["unchanged"]
    return made["created"], made["updated"], made["unchanged"], made["refused"]


PROVIDER = provider_content(code="P1", name="甲科技有限公司", uscc=credit_code(900_001))


def with_provider(catalog: Catalog) -> None:
    assert counts(report(catalog, "providers", lines(PROVIDER))) == (1, 0, 0, 0)


def offering(code: str, **members: Any) -> dict[str, Any]:
    return offering_content(code=code, provider="P1") | members
