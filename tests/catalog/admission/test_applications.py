"""Applications: what they must say, who may take them where, and how they end."""

from datetime import timedelta

import pytest

from services.catalog.admission import stages
from shared import clock
from tests.catalog.admission.firms import DECLARED, LICENCE, OFFICE, WAY, WEEK, application
from tests.catalog.conftest import credit_code, offering_content

REASON = {"reason": "other", "note": "说明。"}
PATHS = {
    "draft": (),
    "self_assessed": WAY[:1],
    "submitted": WAY[:2],
    "screening": WAY[:3],
    "clarification": (*WAY[:3], "request-completion"),
    "evaluating": WAY[:4],
    "recommended": WAY[:5],
    "publicized": WAY[:6],
    "rejected": (*WAY[:2], "reject"),
    "withdrawn": ("withdraw",),
}
OUTCOMES = {
    ("draft", "self-assess"): "self_assessed",
    ("self_assessed", "submit"): "submitted",
    ("submitted", "screen"): "screening",
    ("screening", "request-completion"): "clarification",
    ("clarification", "complete"): "screening",
    ("screening", "evaluate"): "evaluating",
    ("evaluating", "recommend"): "recommended",
    ("recommended", "publicize"): "publicized",
    ("publicized", "approve"): "approved",
    **{(state, "reject"): "rejected" for state in PATHS if state not in ("draft", "self_assessed", *stages.FINAL)},
    **{(state, "withdraw"): "withdrawn" for state in PATHS if state not in stages.FINAL},
}
ELSEWHERE = {
    ("self_assessed", "revise"): "draft",
    ("publicized", "uphold-objection"): "objection_upheld",
}
"""What is taken by an edit or by an upheld objection, not by a call."""


def test_the_table_is_what_the_domain_says():
    table = {(source, step.name): step.target for step in stages.APPLICATION for source in step.sources}
    assert table == OUTCOMES | ELSEWHERE


CALLERS = {
    "sme": {"role": "sme"},
    "applicant": {"role": "provider"},
    "another provider": {"role": "provider", "uscc": credit_code(9_200_000)},
    "bureau of the city": {"role": "bureau", "region": "330100"},
    "bureau of the country": {"role": "bureau", "region": "000000"},
    "bureau elsewhere": {"role": "bureau", "region": "110000"},
    "bureau that applies itself": {"role": "bureau", "region": "330000", "uscc": "own"},
    "admin": {"role": "admin"},
}


def expected(state: str, action: str, caller: str) -> int:
    role = CALLERS[caller]["role"]
    step = next(step for step in stages.APPLICATION if step.name == action)
    if role not in step.actors:
        return 403
    unseen = state in ("draft", "self_assessed") or PATHS[state] == ("withdraw",)
    if caller in ("another provider", "bureau elsewhere") or (role != "provider" and unseen):
        return 404
    if (state, action) not in OUTCOMES:
        return 409
    if caller == "bureau that applies itself":
        return 403
    return 409 if action == "approve" else 200


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("state", PATHS)
def test_who_may_move_an_application_from_where_to_where(catalog, firm, state):
    firm.apply()
    firm.take(*PATHS[state])
    for action in (step.name for step in stages.APPLICATION if step.trigger == "call"):
        for caller, who in CALLERS.items():
            body = {} if action == "publicize" else None
            uscc = {"uscc": firm.uscc} if caller == "applicant" or who.get("uscc") == "own" else {}
            answer = firm.act(action, body, **{"region": "000000", "uscc": None} | who | uscc)
            assert answer.status_code == expected(state, action, caller), (action, caller, answer.text)
            if answer.status_code == 200:
                assert answer.json()["state"] == OUTCOMES[state, action]
                assert answer.headers["ETag"] == firm.read().headers["ETag"]
                if firm.state not in stages.FINAL:
                    firm.take("withdraw")
                firm.apply()
                firm.take(*PATHS[state])
            else:
                assert firm.state == state


def test_a_firm_is_admitted_after_its_notice_and_everybody_sees_what_concerns_them(catalog, firm):
    head = catalog.head()
    firm.apply()
    offering = catalog.post("/v1/offerings", offering_content() | {"provider_id": firm.provider[14:]}, **firm.own)
    path = f"/v1/offerings/{offering.json()['id']}"
    assert catalog.act(path, "submit", **firm.own).status_code == 200
    assert catalog.act(path, "publish", **OFFICE).status_code == 409, "nothing of an applicant is published"
    told = firm.take(*WAY)
    notice = catalog.get(f"/v1/notices/{told['notice_id']}", "sme").json()
    assert (notice["subject_id"], notice["facts"]["uscc"]) == (told["id"], firm.uscc)
    assert "王敏" not in str(notice)
    assert firm.act("approve").status_code == 409
    assert catalog.get(firm.provider, "sme").status_code == 404
    assert catalog.changes(head) == []
    with clock.ahead(WEEK):
        assert firm.take("approve")["state"] == "approved"
    assert catalog.act(path, "publish", **OFFICE).status_code == 200
    assert [change["type"] for change in catalog.changes(head)] == ["provider.admitted", "offering.published"]
    assert catalog.get(firm.provider, "sme").json()["standing"] == "active"
    history = firm.read().json()["history"]
    assert [step["action"] for step in history] == [*WAY, "approve"]
    assert [step["role"] for step in history] == ["provider"] * 2 + ["bureau"] * 5
    assert history[0].keys() == {"action", "from_state", "to_state", "at", "role", "reason", "note"}


def test_an_upheld_objection_ends_the_application(catalog, firm):
    firm.apply()
    notice = f"/v1/notices/{firm.take(*WAY)['notice_id']}"
    form = {"ground": "false-information", "text": "客户不属实。"}
    raised = [
        catalog.post(f"{notice}/objections", form, "sme", organisation=name).json()["id"] for name in ("org_1", "org_2")
    ]
    with clock.ahead(WEEK):
        assert firm.act("approve").status_code == 409
        assert catalog.act(f"/v1/objections/{raised[0]}", "dismiss", **OFFICE).status_code == 200
        assert firm.act("approve").status_code == 409, "another objection is open"
        assert catalog.act(f"/v1/objections/{raised[1]}", "uphold", **OFFICE).status_code == 200
        assert (firm.state, firm.standing) == ("objection_upheld", "applicant")
        assert firm.act("approve").status_code == 409
    assert firm.apply()["state"] == "draft", "it may apply again"


@pytest.mark.parametrize("step", ["withdraw", "reject"])
def test_the_notice_of_an_application_that_ends_is_called_off(catalog, firm, step):
    firm.apply()
    notice = f"/v1/notices/{firm.take(*WAY)['notice_id']}"
    firm.take(step)
    assert catalog.get(notice).json()["state"] == "called-off"


def test_the_office_sees_an_application_once_it_is_submitted(catalog, firm):
    firm.apply()
    assert catalog.get(firm.path, **OFFICE).status_code == 404
    assert catalog.get("/v1/applications", **OFFICE).json()["items"] == []
    firm.take("self-assess", "submit")
    assert catalog.get(firm.path, **OFFICE).json() == firm.read().json()
    assert catalog.get(f"{firm.path}/assessment", **OFFICE).json()["passed"] is True
    for query, count in (("", 1), ("?state=submitted", 1), ("?state=draft", 0), ("?region=110000", 0)):
        assert len(catalog.get(f"/v1/applications{query}", **OFFICE).json()["items"]) == count


def test_editing_is_the_applicants_turn_only_and_undoes_the_self_assessment(catalog, firm):
    firm.apply()
    edit = {"statement": "补充说明。"}
    firm.take("self-assess")
    assert catalog.patch(firm.path, edit, **firm.own).status_code == 428
    assert catalog.patch(firm.path, edit, tag='"1"', **firm.own).status_code == 412
    edited = catalog.patch(firm.path, edit, tag="*", **firm.own)
    assert (edited.status_code, edited.json()["state"], edited.json()["statement"]) == (200, "draft", "补充说明。")
    same = catalog.patch(firm.path, edit, tag="*", **firm.own)
    assert same.headers["ETag"] == edited.headers["ETag"]
    firm.take("self-assess", "submit")
    assert catalog.patch(firm.path, {"statement": None}, tag="*", **firm.own).status_code == 409
    firm.take("screen", "request-completion")
    assert catalog.patch(firm.path, {"statement": None}, tag="*", **firm.own).json()["state"] == "clarification"
    moved = catalog.patch(firm.path, {"provider": {"region": "110101"}}, tag="*", **firm.own)
    assert (moved.status_code, moved.json()["errors"][0]["pointer"]) == (422, "/provider/region")
    assert firm.take("complete")["history"][-2]["reason"] == "document-missing"


def test_an_applicants_record_says_what_its_application_says(catalog, firm):
    firm.apply()
    catalog.patch(firm.path, {"provider": {"name": "改名科技"}}, tag="*", **firm.own)
    assert catalog.get("/v1/providers/mine", **firm.own).json()["name"] == "改名科技"
    other = catalog.patch(firm.path, {"provider": {"uscc": credit_code()}}, tag="*", **firm.own)
    assert other.status_code == 422
    assert catalog.patch(firm.provider, {"credit_grade": "B"}, tag="*", **OFFICE).status_code == 200
    assert catalog.patch(firm.path, {"statement": "补充。"}, tag="*", **firm.own).status_code == 200
    firm.take(*WAY)
    with clock.ahead(WEEK):
        firm.take("approve")
    assert catalog.get(firm.provider, "sme").json()["credit_grade"] == "B", "the grade is the office's to give"


def test_one_open_application_a_firm_and_none_for_who_is_in_standing(catalog, firm):
    key = {"headers": {"Idempotency-Key": "apply"}}
    body = application(firm.uscc)
    first = catalog.post("/v1/applications", body, **firm.own, **key)
    assert catalog.post("/v1/applications", body, **firm.own, **key).content == first.content
    assert catalog.post("/v1/applications", body, **firm.own).status_code == 409
    other = catalog.post("/v1/applications", application(credit_code()), **firm.own)
    assert other.status_code == 403
    known = catalog.provider()
    own = {"role": "provider", "uscc": known["uscc"]}
    assert catalog.post("/v1/applications", application(known["uscc"]), **own).status_code == 409


def test_a_bureaus_registration_while_the_application_runs_is_refused(catalog, firm):
    firm.apply()
    body = {"name": "又一条", "uscc": firm.uscc, "region": "330106"}
    assert catalog.post("/v1/providers", body, **OFFICE).status_code == 409


def test_the_notice_is_at_least_as_long_as_the_settings_say(catalog, firm):
    firm.apply()
    firm.take(*WAY[:-1])
    assert firm.act("publicize", {"days": 6}).json()["errors"][0]["pointer"] == "/days"
    assert firm.act("publicize", {"days": 10}).status_code == 200
    with clock.ahead(WEEK):
        assert firm.act("approve").status_code == 409
    with clock.ahead(timedelta(days=10)):
        assert firm.act("approve").status_code == 200


@pytest.mark.parametrize("action", ["reject", "request-completion"])
def test_a_decision_against_needs_a_reason_of_its_group(firm, action):
    firm.apply()
    firm.take(*WAY[:3])
    for reason in ("granted", "no-such-reason"):
        answer = firm.act(action, REASON | {"reason": reason})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/reason")
    for body in ({}, {"reason": "other"}, REASON | {"note": " "}, REASON | {"by": "张三"}):
        assert firm.act(action, body).status_code == 422
    assert firm.act(action, REASON).json()["history"][-1]["note"] == "说明。"


FAULTS = [
    ({"provider": {"kind": None}}, "/provider/kind", "kind-stated"),
    ({"contacts": []}, "/contacts", "contact-reachable"),
    ({"contacts": [{"name": "王敏"}]}, "/contacts", "contact-reachable"),
    ({"declarations": DECLARED | {"lawful": False}}, "/declarations/lawful", "declarations-made"),
    ({"declarations": {}}, "/declarations/truthful", "declarations-made"),
    ({"evidence": []}, "/evidence", "licence-given"),
    ({"evidence": [LICENCE | {"valid_until": "2020-01-01"}]}, "/evidence/0/valid_until", "evidence-valid"),
    ({"evidence": [LICENCE | {"valid_from": "2099-01-01"}]}, "/evidence/0/valid_from", "evidence-valid"),
    ({"provider": {"certificates": ["iso27001"]}}, "/provider/certificates/0", "certificates-proved"),
]


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(("members", "pointer", "rule"), FAULTS)
def test_what_fails_the_self_assessment_is_told_and_stays_a_draft(catalog, firm, members, pointer, rule):
    firm.apply(**members)
    told = catalog.get(f"{firm.path}/assessment", **firm.own).json()
    assert not told["passed"]
    assert (rule, "fail", pointer) in [(f["rule"], f["outcome"], f["pointer"]) for f in told["findings"]]
    answer = firm.act("self-assess")
    first = answer.json()["errors"][0]
    assert (answer.status_code, first["pointer"], first["code"]) == (422, pointer, rule)
    assert firm.state == "draft"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_only_an_officer_can_judge_does_not_keep_from_submitting(catalog, firm):
    firm.apply(provider={"founded": None})
    told = catalog.get(f"{firm.path}/assessment", **firm.own).json()
    assert told["passed"]
    doubtful = {finding["rule"] for finding in told["findings"] if finding["outcome"] == "discretionary"}
    assert doubtful == {"years-operating", "track-record"}
    firm.take("self-assess", "submit")


REFUSED = [
    ({"provider": {"credit_grade": "A"}}, "/provider/credit_grade"),
    ({"provider": {"uscc": "91330106MA2H3WQX50"}}, "/provider/uscc"),
    ({"contacts": [{"name": "王敏", "phone": "call me"}]}, "/contacts/0/phone"),
    ({"contacts": [{"name": "王\u202e敏"}]}, "/contacts/0/name"),
    ({"contacts": [{"name": "王敏", "email": "nobody"}]}, "/contacts/0/email"),
    ({"evidence": [LICENCE | {"sha256": "abc"}]}, "/evidence/0/sha256"),
    ({"evidence": [LICENCE | {"valid_until": "2010-01-01"}]}, "/evidence/0"),
    ({"evidence": [LICENCE | {"path": "/etc/passwd"}]}, "/evidence/0/path"),
    ({"declarations": {"truthful": "yes"}}, "/declarations/truthful"),
    ({"state": "approved"}, "/state"),
    ({"history": []}, "/history"),
]


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(("members", "pointer"), REFUSED)
def test_what_an_application_may_say(catalog, firm, members, pointer):
    answer = catalog.post("/v1/applications", application(firm.uscc, **members), **firm.own)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
