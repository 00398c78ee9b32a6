"""What is decided at the same moment: an approval, an objection and its outcome never contradict each other."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared import clock
from tests.catalog.admission.firms import OFFICE, WAY, WEEK, Firm
from tests.catalog.conftest import credit_code

ROUNDS = 6
FORM = {"ground": "false-information", "text": "不实。"}


def together(*calls):
    with ThreadPoolExecutor(len(calls)) as threads:
        return [answer.status_code for answer in threads.map(lambda call: call(), calls)]


def publicized(catalog):
    firm = Firm(catalog, credit_code())
    firm.apply()
    return firm, f"/v1/notices/{firm.take(*WAY)['notice_id']}"


def test_an_objection_is_upheld_or_the_firm_is_admitted_but_never_both(catalog):
    for _ in range(ROUNDS):
        firm, notice = publicized(catalog)
        raised = catalog.post(f"{notice}/objections", FORM, "sme", organisation="org_rival")
        objection = f"/v1/objections/{raised.json()['id']}"
        with clock.ahead(WEEK):
            calls = [
                lambda firm=firm: firm.act("approve"),
                lambda path=objection: catalog.act(path, "dismiss", **OFFICE),
                lambda firm=firm: firm.act("approve"),
                lambda path=objection: catalog.act(path, "uphold", **OFFICE),
            ]
            random.shuffle(calls)
            statuses = together(*calls)
        assert set(statuses) <= {200, 409, 412}, statuses
        outcome = catalog.get(objection, **OFFICE).json()["state"], firm.state, firm.standing
        assert outcome in {
            ("upheld", "objection_upheld", "applicant"),
            ("dismissed", "publicized", "applicant"),
            ("dismissed", "approved", "active"),
        }


@pytest.mark.parametrize("step", ["approve", "reject"])
def test_of_many_who_decide_with_one_tag_one_wins(catalog, step):
    firm, _ = publicized(catalog)
    tag = firm.read().headers["ETag"]
    form = {"reason": "other", "note": "说明。"} if step == "reject" else None
    with clock.ahead(WEEK):
        call = lambda: catalog.post(f"{firm.path}/{step}", form, tag=tag, **OFFICE)  # noqa: E731
        statuses = together(*[call] * 8)
    assert sorted(statuses) == [200, *[412] * 7]
    assert [entry["action"] for entry in firm.read().json()["history"]].count(step) == 1


def test_of_many_applications_at_once_one_is_begun(catalog):
    firm = Firm(catalog, credit_code())
    body = {"provider": {"name": "某某", "uscc": firm.uscc, "region": "330106"}}
    statuses = together(*[lambda: catalog.post("/v1/applications", body, **firm.own)] * 8)
    assert sorted(statuses) == [201, *[409] * 7]
    assert len(catalog.get("/v1/applications", **firm.own).json()["items"]) == 1
