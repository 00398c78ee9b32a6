"""Public notices and objections: who may read, object and resolve, and when nothing stands against a decision."""

from datetime import timedelta

import pytest

from services.catalog.admission import notices, objections, reasons
from services.catalog.admission.notices import Subject
from services.catalog.settings import CatalogSettings
from shared import clock, problems
from shared.principal import Principal
from tests.catalog.conftest import credit_code

FIRM = credit_code(9_100_000)
SUBJECT = Subject("edition", "sub_1", "某某公司入库公示", "330106", {"name": "某某公司"}, FIRM)
FORM = {"ground": "false-information", "text": "所列客户并未使用该产品。"}
GROUNDS = {"reason": "not-proved", "note": "经核查，材料属实。"}
WEEK = timedelta(days=7)
OFFICE = {"role": "bureau", "region": "330000", "organisation": "org_office"}


@pytest.fixture
def notice(catalog):
    """The path of a notice that is open."""
    return f"/v1/notices/{publicized(catalog)}"


def publicized(catalog, days=7):
    with catalog.database.write.begin() as session:
        return notices.publicize(session, SUBJECT, days).id


def cleared(catalog):
    with catalog.database.write.begin() as session:
        return notices.require_cleared(session, "edition", "sub_1")


def objected(catalog, notice, organisation="org_rival", **who):
    answer = catalog.post(f"{notice}/objections", FORM, **({"role": "sme"} | who), organisation=organisation)
    assert answer.status_code == 201, answer.text
    return f"/v1/objections/{answer.json()['id']}"


def resolve(catalog, objection, verdict="dismiss", reason="not-proved", tag='"1"', **who):
    return catalog.post(f"{objection}/{verdict}", GROUNDS | {"reason": reason}, tag=tag, **(OFFICE | who))


@pytest.mark.parametrize("role", ["sme", "provider", "bureau", "admin"])
def test_everybody_reads_the_notice_and_may_object_once(catalog, notice, role):
    who = {"role": role, "organisation": f"org_{role}", "region": "110000"}
    assert catalog.get("/v1/notices", **who).json()["items"] == [catalog.get(notice, **who).json()]
    head = {"Idempotency-Key": "once"}
    first = catalog.post(f"{notice}/objections", FORM, headers=head, **who)
    assert (first.status_code, first.headers["ETag"], first.json()["state"]) == (201, '"1"', "open")
    again = catalog.post(f"{notice}/objections", FORM, headers=head, **who)
    assert (again.status_code, again.content) == (201, first.content)
    assert catalog.post(f"{notice}/objections", FORM, **who).status_code == 409
    assert [catalog.get(notice).json()[name] for name in ("objections", "open_objections")] == [1, 1]


def test_the_window_opens_now_and_closes_after_its_days(catalog, notice):
    told = catalog.get(notice).json()
    assert (told["state"], told["title"], told["facts"]) == ("open", "某某公司入库公示", {"name": "某某公司"})
    with clock.ahead(WEEK - timedelta(minutes=1)):
        objected(catalog, notice)
        with pytest.raises(problems.Conflict):
            publicized(catalog)
    with clock.ahead(WEEK):
        assert catalog.post(f"{notice}/objections", FORM, organisation="org_late").status_code == 409
        assert catalog.get(notice).json()["state"] == "closed"
        assert [len(catalog.get(f"/v1/notices?state={s}").json()["items"]) for s in ("open", "closed")] == [0, 1]
        second = publicized(catalog)
    assert catalog.get(f"/v1/notices/{second}").json()["state"] == "open"


def test_a_notice_that_was_called_off_takes_no_objection_and_clears_nothing(catalog, notice):
    with catalog.database.write.begin() as session:
        notices.call_off(session, "edition", "sub_1")
    assert catalog.get(notice).json()["state"] == "called-off"
    assert catalog.post(f"{notice}/objections", FORM).status_code == 409
    assert len(catalog.get("/v1/notices?state=called-off").json()["items"]) == 1
    with clock.ahead(WEEK), pytest.raises(problems.Conflict, match="has not been under public notice"):
        cleared(catalog)


def test_a_subject_is_cleared_when_its_window_closed_and_nothing_stands_against_it(catalog):
    with pytest.raises(problems.Conflict, match="has not been"):
        cleared(catalog)
    notice = f"/v1/notices/{publicized(catalog)}"
    objection = objected(catalog, notice)
    with pytest.raises(problems.Conflict, match="still open"):
        cleared(catalog)
    with clock.ahead(WEEK):
        with pytest.raises(problems.Conflict, match="nobody has resolved"):
            cleared(catalog)
        assert resolve(catalog, objection).status_code == 200
        assert cleared(catalog).subject_id == "sub_1"


def test_an_upheld_objection_stands_in_the_way_for_good_and_reaches_the_subject(catalog, notice):
    reached = []
    objection = objected(catalog, notice)
    officer = Principal("org_office", "bureau", "330000")
    with catalog.database.write.begin() as session:
        row = objections.own(session, officer, objection.rpartition("/")[2])
        effects = {"edition": lambda _session, caller, subject: reached.append((caller, subject))}
        objections.resolve("uphold", session, officer, row, ("proved", "属实。"), effects)
    assert reached == [(officer, "sub_1")]
    assert catalog.get(objection).json()["reason"] == "proved"
    assert resolve(catalog, objection, "dismiss", tag="*").status_code == 409
    with clock.ahead(WEEK), pytest.raises(problems.Conflict, match="upheld"):
        cleared(catalog)


RESOLVERS = [
    ({"role": "sme"}, 403),
    ({"role": "provider", "uscc": FIRM}, 403),
    ({"region": "330106"}, 200),
    ({"region": "000000"}, 200),
    ({"role": "admin"}, 200),
    ({"region": "330200"}, 404),
    ({"region": "110000"}, 404),
    ({"uscc": FIRM}, 403),
    ({"role": "admin", "uscc": FIRM}, 403),
    ({"organisation": "org_rival"}, 403),
]


@pytest.mark.parametrize(("who", "status"), RESOLVERS)
def test_who_may_resolve_an_objection(catalog, notice, who, status):
    objection = objected(catalog, notice)
    assert resolve(catalog, objection, **who).status_code == status
    assert catalog.get(objection).json()["state"] == ("dismissed" if status == 200 else "open")


def test_resolving_needs_the_tag_and_a_reason_of_its_group(catalog, notice):
    objection = objected(catalog, notice)
    assert resolve(catalog, objection, tag=None).status_code == 428
    assert resolve(catalog, objection, tag='"9"').status_code == 412
    for reason in ("proved", "no-such-reason"):
        answer = resolve(catalog, objection, reason=reason)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert resolve(catalog, objection).headers["ETag"] == '"2"'


READERS = [
    ({"role": "bureau", "region": "330000"}, True, "org_rival"),
    ({"role": "admin"}, True, "org_rival"),
    ({"role": "provider", "uscc": FIRM}, True, None),
    ({"role": "sme", "organisation": "org_rival"}, True, "org_rival"),
    ({"role": "sme"}, False, None),
    ({"role": "bureau", "region": "110000"}, False, None),
    ({"role": "provider", "uscc": credit_code(9_100_001)}, False, None),
    ({"role": "provider", "uscc": None}, False, None),
]


@pytest.mark.parametrize(("who", "reads", "named"), READERS)
def test_who_reads_what_an_objection_says_and_who_raised_it(catalog, notice, who, reads, named):
    objection = objected(catalog, notice)
    answer = catalog.get(objection, **who)
    listed = catalog.get(f"{notice}/objections", **who).json()["items"]
    assert answer.status_code == (200 if reads else 404)
    assert [item["organisation"] for item in listed] == ([named] if reads else [])
    if reads:
        assert listed == [answer.json()]
    else:
        missing = catalog.get("/v1/objections/obj_0", **who).json()
        assert answer.json() | {"request_id": ""} == missing | {"request_id": ""}


BAD_FORMS = [
    ({"ground": "no-such-ground"}, "/ground"),
    ({"ground": "proved"}, "/ground"),
    ({"text": "  \n "}, "/text"),
    ({"text": "响铃\u0007"}, "/text"),
    ({"text": "反转\u202e"}, "/text"),
    ({"text": "长" * 2001}, "/text"),
    ({"state": "upheld"}, "/state"),
    ({"organisation": "org_other"}, "/organisation"),
]


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(("members", "pointer"), BAD_FORMS)
def test_what_an_objection_may_say(catalog, notice, members, pointer):
    answer = catalog.post(f"{notice}/objections", FORM | members)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_markup_is_kept_as_the_text_that_it_is(catalog, notice):
    text = '<img src=x onerror=alert(1)>\n"引号" & 换行'
    answer = catalog.post(f"{notice}/objections", FORM | {"text": text})
    assert (answer.json()["text"], answer.headers["content-type"]) == (text, "application/json")


def test_the_reasons_are_a_bilingual_list_without_doubles():
    for group in reasons.groups():
        codes = reasons.codes(group)
        assert codes
        assert len(codes) == len(set(codes))
        assert all(one.text.zh and one.text.en for one in reasons.REASONS[group])
    assert list(reasons.groups()) == list(reasons.REASONS)


@pytest.mark.parametrize(
    ("mode", "days", "allowed"), [("production", 0, False), ("production", 1, True), ("demo", 0, True)]
)
def test_only_a_demonstration_may_do_without_a_window(mode, days, allowed):
    if allowed:
        assert CatalogSettings(mode=mode, notice_days=days).notice_days == days
    else:
        with pytest.raises(ValueError, match="NOTICE_DAYS"):
            CatalogSettings(mode=mode, notice_days=days)


@pytest.mark.parametrize(("wanted", "least", "days"), [(None, 7, 7), (10, 7, 10), (7, 7, 7), (6, 7, None)])
def test_a_notice_is_at_least_as_long_as_the_settings_demand(wanted, least, days):
    if days is None:
        with pytest.raises(problems.Invalid):
            notices.days(wanted, least)
    else:
        assert notices.days(wanted, least) == days
