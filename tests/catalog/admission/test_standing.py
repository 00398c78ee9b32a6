"""The standing of a provider: who changes it, with which reason, and what everybody reads of it afterwards."""

from datetime import timedelta

import pytest

from services.catalog import lifecycle
from services.catalog.admission import reasons
from shared import clock
from tests.catalog.admission.firms import OFFICE, WAY, WEEK
from tests.catalog.conftest import credit_code, grounds

PATHS = {
    "active": (),
    "warned": ("warn",),
    "rectifying": ("warn", "rectify"),
    "suspended": ("suspend",),
    "exited": ("suspend", "end"),
}
OUTCOMES = {
    ("active", "warn"): "warned",
    ("warned", "rectify"): "rectifying",
    ("warned", "lift"): "active",
    ("rectifying", "lift"): "active",
    ("active", "suspend"): "suspended",
    ("warned", "suspend"): "suspended",
    ("rectifying", "suspend"): "suspended",
    ("suspended", "reinstate"): "active",
    ("suspended", "end"): "exited",
}
ADMISSION = {("applicant", "admit"): "active", ("exited", "admit"): "active"}
CALLERS = {
    "sme": {"role": "sme"},
    "owner": {"role": "provider"},
    "another provider": {"role": "provider", "uscc": credit_code(9_300_000)},
    "bureau of the city": {"role": "bureau", "region": "330100"},
    "bureau elsewhere": {"role": "bureau", "region": "110000"},
    "bureau that is the provider": {"role": "bureau", "region": "330000", "uscc": "own"},
    "admin": {"role": "admin"},
}


def expected(state: str, action: str, caller: str) -> int:
    if caller in ("sme", "owner", "another provider"):
        return 403
    if caller == "bureau elsewhere":
        return 404
    if (state, action) not in OUTCOMES:
        return 409
    return 403 if caller == "bureau that is the provider" else 200


def test_the_table_is_what_the_domain_says():
    table = {(source, step.name): step.target for step in lifecycle.PROVIDER for source in step.sources}
    assert table == OUTCOMES | ADMISSION


@pytest.mark.parametrize("state", PATHS)
def test_who_may_change_the_standing_from_where_to_where(catalog, state):
    path = uscc = None
    for action in (step.name for step in lifecycle.PROVIDER if step.trigger == "call"):
        for caller, who in CALLERS.items():
            if path is None:
                made = catalog.provider()
                path, uscc = f"/v1/providers/{made['id']}", made["uscc"]
                for step in PATHS[state]:
                    assert catalog.act(path, step).status_code == 200
            own = {"uscc": uscc} if caller == "owner" or who.get("uscc") == "own" else {}
            answer = catalog.act(path, action, **who | own)
            assert answer.status_code == expected(state, action, caller), (action, caller, answer.text)
            if answer.status_code == 200:
                assert answer.json()["standing"] == OUTCOMES[state, action]
                path = None
            else:
                assert catalog.get(path).json()["standing"] == state


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("step", [step for step in lifecycle.PROVIDER + lifecycle.APPEAL if step.reasons])
def test_every_change_needs_a_reason_of_its_group_and_a_note(catalog, step):
    path, allowed = f"/v1/providers/{catalog.provider()['id']}", reasons.codes(step.reasons)
    for before in PATHS.get(step.sources[0], ("warn",)):
        catalog.act(path, before)
    if step in lifecycle.APPEAL:
        uscc = catalog.get(path).json()["uscc"]
        assert catalog.act(path, "appeal", "provider", {"note": "有异议。"}, uscc=uscc).status_code == 200
    foreign = next(
        code for group in reasons.groups() for code in reasons.codes(group) if code not in reasons.codes(step.reasons)
    )
    for body in (None, {"reason": foreign, "note": "说明。"}, {"reason": allowed[0]}):
        assert catalog.post(f"{path}/{step.name}", body, tag="*").status_code == 422
    assert catalog.act(path, step.name).status_code == 200


def test_the_credit_record_is_public_for_good_and_names_nobody(catalog):
    made = catalog.provider()
    path = f"/v1/providers/{made['id']}"
    for step in ("warn", "rectify", "suspend"):
        catalog.act(path, step, **OFFICE)
    catalog.post(f"{path}/end", grounds(path, "end") | {"reentry_after": "2099-01-01"}, tag="*", **OFFICE)
    assert catalog.get(path, "sme").status_code == 404
    record = catalog.get(f"{path}/credit-record", "sme").json()
    assert (record["standing"], record["reentry_after"], record["uscc"]) == ("exited", "2099-01-01", made["uscc"])
    told = [(entry["action"], entry["from_state"], entry["to_state"], entry["reason"]) for entry in record["entries"]]
    assert told == [
        ("warn", "active", "warned", "service-quality"),
        ("rectify", "warned", "rectifying", "service-quality"),
        ("suspend", "rectifying", "suspended", "rectification-failed"),
        ("end", "suspended", "exited", "disqualified"),
    ]
    assert "org_office" not in str(record)


def test_an_applicant_has_no_record_for_others(catalog, firm):
    firm.apply()
    for who, status in (({"role": "sme"}, 404), (firm.own, 200), (OFFICE, 200)):
        assert catalog.get(f"{firm.provider}/credit-record", **who).status_code == status
    for step in ("warn", "suspend"):
        assert catalog.act(firm.provider, step).status_code == 409
    assert catalog.act(firm.provider, "appeal", body={"note": "?"}, **firm.own).status_code == 409


def test_an_appeal_is_a_flag_beside_the_standing(catalog):
    made = catalog.provider()
    path, own = f"/v1/providers/{made['id']}", {"role": "provider", "uscc": made["uscc"]}
    words = {"note": "整改报告已提交。"}
    assert catalog.act(path, "appeal", body=words, **own).status_code == 409, "there is nothing to appeal against"
    catalog.act(path, "suspend")
    appealed = catalog.act(path, "appeal", body=words, **own)
    assert (appealed.json()["standing"], appealed.json()["appealed"]) == ("suspended", True)
    assert catalog.act(path, "appeal", body=words, **own).status_code == 409
    for who, note in (({"role": "sme"}, None), (own, words["note"]), (OFFICE, words["note"])):
        entry = catalog.get(f"{path}/credit-record", **who).json()["entries"][-1]
        assert (entry["action"], entry["note"]) == ("appeal", note)
    assert catalog.act(path, "answer-appeal", **own).status_code == 403
    answered = catalog.act(path, "answer-appeal", **OFFICE)
    assert (answered.json()["standing"], answered.json()["appealed"]) == ("suspended", False)
    assert catalog.act(path, "answer-appeal", **OFFICE).status_code == 409
    catalog.act(path, "appeal", body=words, **own)
    assert catalog.act(path, "reinstate").json()["appealed"] is False


def test_who_was_ended_may_come_back_by_an_application_after_its_time(catalog, firm):
    firm.admit()
    offering = catalog.offering(firm.provider[14:], "submit", "publish")
    catalog.act(firm.provider, "suspend")
    later = (clock.today() + timedelta(days=30)).isoformat()
    catalog.post(f"{firm.provider}/end", grounds(firm.provider, "end") | {"reentry_after": later}, tag="*")
    body = catalog.get(firm.path, **firm.own).json()
    kept = {name: body[name] for name in ("provider", "contacts", "declarations", "evidence")}
    assert catalog.post("/v1/applications", kept, **firm.own).status_code == 409
    with clock.ahead(timedelta(days=31)):
        firm.apply()
        firm.take(*WAY)
        assert firm.standing == "exited"
    with clock.ahead(timedelta(days=31) + WEEK):
        firm.take("approve")
    assert firm.standing == "active"
    assert catalog.get(firm.provider).json()["reentry_after"] is None
    assert catalog.get(f"/v1/offerings/{offering['id']}", "sme").status_code == 200


def test_a_warned_provider_stays_in_the_feed_and_a_suspended_ones_offerings_leave_and_come_back(catalog):
    provider = catalog.provider()
    offering = catalog.offering(provider["id"], "submit", "publish")
    path, head = f"/v1/providers/{provider['id']}", catalog.head()
    for step in ("warn", "rectify", "lift", "suspend", "reinstate"):
        catalog.act(path, step)
    told = [(change["type"], change["entity"], change["record"] is not None) for change in catalog.changes(head)]
    assert told == [
        ("provider.warned", "provider", True),
        ("provider.rectifying", "provider", True),
        ("provider.lifted", "provider", True),
        ("provider.suspended", "provider", True),
        ("provider.suspended", "offering", False),
        ("provider.reinstated", "provider", True),
        ("provider.reinstated", "offering", True),
    ]
    assert catalog.get(f"/v1/offerings/{offering['id']}", "sme").status_code == 200


def test_a_key_can_ask_which_provider_it_is(catalog):
    made = catalog.provider()
    own = {"role": "provider", "uscc": made["uscc"]}
    answer = catalog.get("/v1/providers/mine", **own)
    assert (answer.json(), answer.headers["ETag"]) == (made, '"1"')
    for uscc in (credit_code(), None):
        unknown = catalog.get("/v1/providers/mine", "provider", uscc=uscc)
        assert (unknown.status_code, "/v1/applications" in unknown.json()["detail"]) == (404, True)
    refused = catalog.get("/v1/providers/mine", "bureau")
    assert (refused.status_code, refused.json()["text"]["en"]) == (
        403,
        "not allowed for this caller: it takes a key of the role provider",
    )


def test_a_providers_own_registration_is_an_applicants(catalog):
    uscc = credit_code()
    own = {"role": "provider", "uscc": uscc}
    head = catalog.head()
    made = catalog.post("/v1/providers", {"name": "自登记", "uscc": uscc, "region": "330106"}, **own).json()
    assert made["standing"] == "applicant"
    assert catalog.get(f"/v1/providers/{made['id']}", "sme").status_code == 404
    path = f"/v1/providers/{made['id']}"
    assert catalog.patch(path, {"employees": 5}, tag="*", **own).status_code == 200
    assert catalog.changes(head) == []
    records = catalog.get("/v1/changes/snapshot").json()["records"]
    assert not [record for record in records if record["entity"] == "provider"]
