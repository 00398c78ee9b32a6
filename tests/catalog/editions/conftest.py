"""An office that composes editions, and short ways to bring one to where a test needs it."""

from datetime import timedelta
from typing import Any

import pytest

from services.catalog.editions import moves
from shared import clock
from tests.catalog.conftest import Catalog

OFFICE = {"role": "bureau", "region": "330000", "organisation": "org_office"}
NOTICE = timedelta(days=7, seconds=1)

OUTCOMES = {
    ("planned", "open"): "open",
    ("evaluating", "open"): "open",
    ("open", "evaluate"): "evaluating",
    ("evaluating", "publicize"): "publicized",
    ("publicized", "recall"): "evaluating",
    ("publicized", "announce"): "live",
    ("live", "end"): "expired",
}
"""All that anybody may do; everything else is a conflict."""


def described(**members: Any) -> dict[str, Any]:
    """What a bureau says of an edition that is in force for half a year from today."""
    today = clock.today()
    plain = {
        "number": 1,
        "title": {"zh": "浙江省推荐目录", "en": "Zhejiang recommended catalogue"},
        "issuer": {"zh": "浙江省经信厅", "en": "Zhejiang bureau"},
        "valid_from": today.isoformat(),
        "valid_until": (today + timedelta(days=180)).isoformat(),
    }
    return plain | members


class Office:
    """A bureau at work on its editions."""

    def __init__(self, catalog: Catalog, **who: Any) -> None:
        self.catalog = catalog
        self.who = OFFICE | who

    def planned(self, **members: Any) -> str:
        """The path of a planned edition."""
        made = self.catalog.post("/v1/editions", described(**members), **self.who)
        assert made.status_code == 201, made.text
        assert made.headers["ETag"] == '"1"'
        return f"/v1/editions/{made.json()['id']}"

    def act(self, path: str, step: str, body: Any = None, **who: Any) -> Any:
        """Take a step, whatever was seen."""
        reasons = {"recall": "errors-found", "end": "superseded"}
        if body is None and step == "publicize":
            body = {}
        elif body is None and step in reasons:
            body = {"reason": reasons[step], "note": "经核查"}
        return self.catalog.post(f"{path}/{step}", body, tag="*", **(self.who | who))

    def composed(self, *offerings: dict[str, Any], **members: Any) -> str:
        """An open edition that lists these offerings."""
        path = self.planned(**members)
        assert self.act(path, "open").status_code == 200
        if offerings:
            added = self.act(path, "add", {"offerings": [offering["id"] for offering in offerings]})
            assert added.status_code == 200, added.text
        return path

    def publicized(self, *offerings: dict[str, Any], **members: Any) -> str:
        """An edition under notice."""
        path = self.composed(*offerings, **members)
        for step in ("evaluate", "publicize"):
            answer = self.act(path, step)
            assert answer.status_code == 200, answer.text
        return path

    def announced(self, *offerings: dict[str, Any], **members: Any) -> str:
        """A live edition; the days of its notice go by."""
        path = self.publicized(*offerings, **members)
        with clock.ahead(NOTICE):
            answer = self.act(path, "announce")
        assert answer.status_code == 200, answer.text
        return path

    def expired(self, *offerings: dict[str, Any], **members: Any) -> str:
        """An edition whose period is over."""
        path = self.announced(*offerings, **members)
        with clock.ahead(timedelta(days=181)), self.catalog.database.write.begin() as session:
            assert moves.expire_due(session)
        return path

    def read(self, path: str, rest: str = "", **who: Any) -> Any:
        """What is read there."""
        answer = self.catalog.get(path + rest, **(self.who | who))
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def office(catalog: Catalog) -> Office:
    return Office(catalog)


@pytest.fixture
def offers(catalog: Catalog) -> list[dict[str, Any]]:
    """Four published offerings of two providers in three main categories."""
    first, second = catalog.provider(name="甲公司"), catalog.provider(name="乙公司", region="110105")
    go = ("submit", "publish")
    return [
        catalog.offering(first["id"], *go, name="进销存", categories=["inventory-sales", "erp"]),
        catalog.offering(first["id"], *go, name="企业资源", categories=["erp"], regions=["330100"]),
        catalog.offering(second["id"], *go, name="云设计", categories=["cad-cae"], regions=["000000"]),
        catalog.offering(second["id"], *go, name="云资源", categories=["erp"], regions=["330000", "110000"]),
    ]
