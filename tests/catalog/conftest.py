"""A catalogue over a fresh database of each kind, and short ways to fill it."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient
from stdnum.cn import uscc as credit_codes

from services.catalog import lifecycle, relay
from services.catalog.admission import reasons, stages
from services.catalog.app import create_app
from services.catalog.settings import CatalogSettings
from shared.principal import GATEWAY, Signer

_numbers = itertools.count()


def credit_code(number: int | None = None) -> str:
    """A valid credit code, another one for each number."""
    stem = f"91330106MA{next(_numbers) if number is None else number:07d}"
    return stem + credit_codes.calc_check_digit(stem)


def provider_content(**members: Any) -> dict[str, Any]:
    return {"name": "某某科技有限公司", "uscc": credit_code(), "region": "330106"} | members


def offering_content(**members: Any) -> dict[str, Any]:
    plain = {"name": "某某", "kind": "product", "categories": ["erp"], "summary": "某某。", "description": "某某。"}
    return plain | members


TABLES = {
    "offerings": lifecycle.OFFERING,
    "providers": lifecycle.PROVIDER + lifecycle.APPEAL,
    "applications": stages.APPLICATION,
    "objections": lifecycle.OBJECTION,
}


def grounds(path: str, step: str) -> dict[str, str] | None:
    """A form that a step takes, by the table: a reason of its group."""
    group = lifecycle.transition(TABLES[path.split("/")[2]], step).reasons
    return {"reason": reasons.codes(group)[0], "note": "说明。"} if group else None


class Catalog:
    """The service under test, spoken to in a role."""

    def __init__(self, client: TestClient, bearer: Callable[..., dict[str, str]]) -> None:
        self.client = client
        self.database = client.app.state.database  # type: ignore[attr-defined]
        self._bearer = bearer

    def call(self, method: str, path: str, role: str = "admin", tag: str | None = None, **more: Any) -> httpx2.Response:
        """Call as a role; `uscc`, `region` and `organisation` say who it is, `tag` is the If-Match."""
        who = {name: more.pop(name) for name in ("uscc", "region", "organisation") if name in more}
        headers = self._bearer("catalog", role, **who) | more.pop("headers", {})
        if tag is not None:
            headers["If-Match"] = tag
        return self.client.request(method, path, headers=headers, **more)

    def get(self, path: str, role: str = "admin", **more: Any) -> httpx2.Response:
        return self.call("GET", path, role, **more)

    def post(self, path: str, body: Any = None, role: str = "admin", **more: Any) -> httpx2.Response:
        return self.call("POST", path, role, json=body, **more)

    def patch(self, path: str, body: Any, role: str = "admin", **more: Any) -> httpx2.Response:
        return self.call("PATCH", path, role, json=body, **more)

    def provider(self, **members: Any) -> dict[str, Any]:
        """A registered provider."""
        return self._made(self.post("/v1/providers", provider_content(**members)))

    def offering(self, provider_id: str, *steps: str, **members: Any) -> dict[str, Any]:
        """A registered offering, taken through the steps."""
        body = offering_content(**members) | {"provider_id": provider_id}
        made = self._made(self.post("/v1/offerings", body))
        for step in steps:
            made = self.act(f"/v1/offerings/{made['id']}", step).json()
        return made

    def act(self, path: str, step: str, role: str = "admin", body: Any = None, **more: Any) -> httpx2.Response:
        """Take a step with the present tag, and with a reason where it takes one."""
        return self.post(f"{path}/{step}", body or grounds(path, step), role=role, tag=self.tag(path), **more)

    def tag(self, path: str) -> str:
        """The present ETag."""
        return str(self.get(path).headers["ETag"])

    def changes(self, after: str | None = None) -> list[dict[str, Any]]:
        """The feed after a cursor, numbered up to now."""
        while relay.number_once(self.database):
            pass
        page = self.get("/v1/changes", params={"after": after} if after else {})
        assert page.status_code == 200, page.text
        return list(page.json()["changes"])

    def head(self) -> str:
        """The cursor of the present end."""
        self.changes()
        return str(self.get("/v1/changes/snapshot").json()["cursor"])

    @staticmethod
    def _made(answer: httpx2.Response) -> dict[str, Any]:
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


@pytest.fixture
def settings(plain_settings: CatalogSettings) -> CatalogSettings:
    """What a folder of tests replaces to set the service otherwise."""
    return plain_settings


@pytest.fixture
def plain_settings(database_url: Callable[[str], str], signer: Signer, tmp_path: Path) -> CatalogSettings:
    (tmp_path / "cursor-key").write_text("ab" * 32)
    return CatalogSettings(
        database_url=database_url("catalog"),
        secrets_dir=tmp_path,
        state_dir=tmp_path,
        trusted_issuers={GATEWAY: signer.public_key()},
    )


@pytest.fixture
def catalog(settings: CatalogSettings, bearer: Callable[..., dict[str, str]]) -> Iterator[Catalog]:
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield Catalog(client, bearer)
