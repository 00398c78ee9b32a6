"""A firm that applies, and the offices that decide."""

from datetime import timedelta
from typing import Any

import httpx2

from shared import clock
from tests.catalog.conftest import Catalog, grounds

WEEK = timedelta(days=7)
OFFICE = {"role": "bureau", "region": "330000", "organisation": "org_office"}
DECLARATIONS = ("truthful", "lawful", "taxes_paid", "fair_prices", "data_protected", "accepts_supervision")
DECLARED = dict.fromkeys(DECLARATIONS, True)
LICENCE = {
    "kind": "business-licence",
    "title": "营业执照",
    "issuer": "杭州市市场监督管理局",
    "valid_from": "2016-05-12",
    "sha256": "9f" * 32,
}


def application(uscc: str, **members: Any) -> dict[str, Any]:
    """An application that passes its self-assessment."""
    provider = {"name": "申请科技有限公司", "uscc": uscc, "region": "330106", "kind": "product", "founded": 2016}
    return {
        "provider": provider | members.pop("provider", {}),
        "contacts": [{"name": "王敏", "phone": "0571-88880000"}],
        "declarations": DECLARED,
        "evidence": [LICENCE],
    } | members


WAY = ("self-assess", "submit", "screen", "evaluate", "recommend", "publicize")
"""The steps to the public notice."""


class Firm:
    """A firm and its application."""

    def __init__(self, catalog: Catalog, uscc: str) -> None:
        self.catalog = catalog
        self.uscc = uscc
        self.own = {"role": "provider", "uscc": uscc, "organisation": f"org_{uscc[-6:].lower()}"}
        self.path = ""
        self.provider = ""

    def apply(self, **members: Any) -> dict[str, Any]:
        """A draft."""
        answer = self.catalog.post("/v1/applications", application(self.uscc, **members), **self.own)
        assert answer.status_code == 201, answer.text
        self.path = f"/v1/applications/{answer.json()['id']}"
        self.provider = f"/v1/providers/{answer.json()['provider_id']}"
        return dict(answer.json())

    def act(self, step: str, body: Any = None, **who: Any) -> httpx2.Response:
        """Take a step as who usually takes it."""
        usual = self.own if step in ("self-assess", "submit", "complete", "withdraw") else OFFICE
        if step == "publicize" and body is None:
            body = {}
        form = grounds(self.path, step) if body is None else body
        return self.catalog.post(f"{self.path}/{step}", form, tag=self.read().headers["ETag"], **(usual | who))

    def take(self, *steps: str) -> dict[str, Any]:
        """Take steps that succeed."""
        told: dict[str, Any] = {}
        for step in steps:
            answer = self.act(step)
            assert answer.status_code == 200, (step, answer.text)
            told = answer.json()
        return told

    def admit(self) -> dict[str, Any]:
        """Apply and be approved, after the notice."""
        self.apply()
        self.take(*WAY)
        with clock.ahead(WEEK):
            return self.take("approve")

    def read(self) -> httpx2.Response:
        """Its application as it sees it."""
        return self.catalog.get(self.path, **self.own)

    @property
    def state(self) -> str:
        return str(self.read().json()["state"])

    @property
    def standing(self) -> str:
        return str(self.catalog.get(self.provider, **self.own).json()["standing"])
