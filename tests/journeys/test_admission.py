"""From an application to a match, through the public door: a provider applies, is admitted, publishes, is suspended and
comes back, and a firm in its province gets it where a firm elsewhere does not."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from services import demonstration, standalone
from shared import clock
from shared.settings import StandaloneSettings
from tests.support import records
from tests.support.calling import caller

NUMBER = 8_300_001
NAME = "湖畔货位通"
WEEK = timedelta(days=7)
SOON_SECONDS = 20


class Party:
    """Somebody with a key."""

    def __init__(self, client: httpx2.Client) -> None:
        self.client = client

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        return dict(self.client.get(path, params=query).raise_for_status().json())

    def make(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return dict(self.client.post(path, json=body).raise_for_status().json())

    def act(self, path: str, step: str, body: dict[str, Any] | None = None) -> httpx2.Response:
        tag = self.client.get(path).raise_for_status().headers["ETag"]
        return self.client.post(f"{path}/{step}", headers={"If-Match": tag}, json=body)

    def step(self, path: str, *steps: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        for step in steps:
            answer = self.act(path, step, body)
            assert answer.status_code == 200, (step, answer.text)
        return dict(answer.json())

    def places(self, region: str) -> dict[str, Any]:
        """The place of the offering in the answer to a need, and the answer's eliminations by constraint."""
        body = records.need("仓库货架老是找不到货，想上一套仓库管理系统", region)
        run = self.make("/v1/needs", body)["match_run"]
        found = next((result for result in run["results"] if result["name"] == NAME), None)
        return {"place": found, "eliminated": {one["constraint"]: one["count"] for one in run["eliminated"]}}

    def searched(self) -> bool:
        return any(item["name"] == NAME for item in self.get("/v1/offerings/search", q=NAME)["items"])


@pytest.fixture
def enter(tmp_path: Path) -> Iterator[Callable[..., Party]]:
    """Makes parties of an empty system in this process, whose clock a test can set ahead."""
    settings = StandaloneSettings(mode="demo", port=0, state_dir=tmp_path, secrets_dir=tmp_path / "secrets")
    with ExitStack() as stack:
        system = stack.enter_context(standalone.running(settings))
        admin = {"Authorization": f"Bearer {demonstration.make_keys(system.gateway)['admin']}"}

        def party(role: str, name: str, **organisation: str) -> Party:
            body = {"role": role, "organisation": {"name": name, **organisation}}
            key = (
                httpx2.post(f"{system.url}/v1/keys", json=body, headers=admin, timeout=30)
                .raise_for_status()
                .json()["key"]
            )
            client = caller(system.url, key)
            return Party(stack.enter_context(client))

        yield party


@pytest.mark.timeout(180)
def test_a_provider_applies_is_admitted_and_is_matched(enter):
    provider = enter("provider", "湖畔软件", uscc=records.credit_code(NUMBER))
    bureau = enter("bureau", "浙江省经信厅", region="330000")
    other_bureau = enter("bureau", "广东省工信厅", region="440000")
    sme = enter("sme", "西湖五金厂")

    application = f"/v1/applications/{provider.make('/v1/applications', records.application(NUMBER))['id']}"
    body = records.offering(provider.get("/v1/providers/mine")["id"], name=NAME, regions=["330000"])
    offering = f"/v1/offerings/{provider.make('/v1/offerings', body)['id']}"
    provider.step(offering, "submit")
    provider.step(application, "self-assess", "submit")
    assert other_bureau.client.get(application).status_code == 404
    assert bureau.act(offering, "publish").status_code == 409

    bureau.step(application, "screen", "evaluate", "recommend")
    bureau.step(application, "publicize", body={})
    notice = sme.get("/v1/notices", state="open")["items"][0]
    objection = sme.make(f"/v1/notices/{notice['id']}/objections", {"ground": "other", "text": "请核实客户数。"})
    with clock.ahead(WEEK):
        assert bureau.act(application, "approve").status_code == 409
        bureau.step(f"/v1/objections/{objection['id']}", "dismiss", body={"reason": "not-proved", "note": "已核实。"})
        bureau.step(application, "approve")
        bureau.step(offering, "publish")

    assert eventually(lambda: sme.places("330106")["place"])
    assert eventually(sme.searched)
    told = sme.places("330106")["place"]
    assert any(reason["criterion"] == "region" and reason["text"]["zh"] for reason in told["contributions"])
    elsewhere = sme.places("440305")
    assert elsewhere["place"] is None
    assert elsewhere["eliminated"]["region"] == 1

    own = f"/v1/providers/{told['provider_id']}"
    bureau.step(own, "suspend", body={"reason": "serious-complaint", "note": "核查中。"})
    assert eventually(lambda: sme.places("330106")["place"] is None)
    assert eventually(lambda: not sme.searched())
    assert sme.get(f"{own}/credit-record")["entries"][-1]["reason"] == "serious-complaint"
    bureau.step(own, "reinstate", body={"reason": "not-proved", "note": "不属实。"})
    assert eventually(lambda: sme.places("330106")["place"])
    assert eventually(sme.searched)


def eventually(seen: Callable[[], object]) -> bool:
    """Whether it is seen soon; a feed round is well under a second on a quiet machine."""
    until = time.monotonic() + SOON_SECONDS
    while not (found := seen()) and time.monotonic() < until:
        time.sleep(0.05)
    return bool(found)
