"""The fields of the form without scripts: drawn, checked, and read as a need."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from services.gateway.widget.markup import Markup, element
from services.gateway.widget.wording import Tongue
from shared import bodies
from shared.codes import industries, regions

Given = Mapping[str, str]
KEPT = ("key", "lang", "region", "category", "edition")
"""What the link says and every step passes on."""

LONGEST = 2000
_COUNT = re.compile(r"[0-9]{1,7}")
_AMOUNT = re.compile(r"[0-9]{1,8}(\.[0-9]{1,2})?")
_FEN_IN_WAN = 1_000_000


def faults(given: Given) -> dict[str, str]:
    """What is wrong, by field, as the names of texts."""
    text, employees, revenue = (given.get(name, "").strip() for name in ("text", "employees", "revenue"))
    found = {
        "text": "" if 0 < len(text) <= LONGEST else "needText",
        "place": "" if regions.exists(given.get("place", "")) else "needRegion",
        "industry": "" if not given.get("industry") or industries.exists(given["industry"]) else "industryFault",
        "employees": "" if not employees or _COUNT.fullmatch(employees) else "needNumber",
        "revenue": "" if not revenue or _AMOUNT.fullmatch(revenue) else "needNumber",
    }
    return {name: fault for name, fault in found.items() if fault}


def need(given: Given, categories: Sequence[str], edition: str | None) -> dict[str, Any]:
    """The body of `POST /v1/needs` from fields without faults; BadRequest for a change that nobody offered."""
    firm: dict[str, Any] = {"region": given["place"]}
    if given.get("industry"):
        firm["industry"] = given["industry"]
    if given.get("employees", "").strip():
        firm["employees"] = int(given["employees"])
    if given.get("revenue", "").strip():
        firm["annual_revenue"] = round(float(given["revenue"]) * _FEN_IN_WAN)
    profile: dict[str, Any] = {"categories": list(categories)} if categories else {}
    if given.get("must"):
        profile["must"] = bodies.check_json(given["must"].encode())
    body = {"text": given["text"].strip(), "enterprise": firm, "top_k": 10}
    return body | ({"profile": profile} if profile else {}) | ({"edition": edition} if edition else {})


def hidden(given: Given, names: Sequence[str] = KEPT, **more: str) -> list[Markup]:
    """Fields that are passed on unseen."""
    told = {name: given[name] for name in names if given.get(name)} | more
    return [element("input", {"type": "hidden", "name": name, "value": value}) for name, value in told.items()]


def again(given: Given, change: Mapping[str, Any], once: str, label: str, about: str) -> Markup:
    """A button that asks the same with some hard conditions changed."""
    before = bodies.check_json((given.get("must") or "{}").encode())
    must = json.dumps({**before, **change}, ensure_ascii=False)  # the need was answered: it is an object
    names = (*KEPT, "text", "place", "industry", "employees", "revenue")
    button = element("button", {"type": "submit", "aria-label": f"{label}: {about}"}, label)
    return element(
        "form", {"method": "post", "action": "/widget/form"}, hidden(given, names, must=must, once=once), button
    )


def form(given: Given, within: str | None, wrong: Mapping[str, str], tongue: Tongue, once: str) -> Markup:
    """The form, with what was given and what is wrong with it."""

    def field(name: str, label: object, control: Markup, optional: bool = False) -> Markup:
        told = wrong.get(name)
        mark = element("small", {}, f" {tongue.tell('optional')}") if optional else None
        fault = element("p", {"class": "fault", "id": f"{name}-fault"}, tongue.tell(told)) if told else None
        return element("div", {"class": "field"}, element("label", {"for": name}, label, mark), control, fault)

    def told(name: str, **attributes: str | bool) -> dict[str, str | bool | None]:
        about = {"aria-invalid": "true", "aria-describedby": f"{name}-fault"} if name in wrong else {}
        return {"id": name, "name": name, **attributes, **about}

    def line(name: str, mode: str) -> Markup:
        return element("input", told(name, inputmode=mode, autocomplete="off", value=given.get(name, "")))

    area = told("text", rows="5", maxlength=str(LONGEST), required=True, placeholder=tongue.tell("needHint"))
    rows = [
        field("text", tongue.tell("need"), element("textarea", area, given.get("text", ""))),
        field(
            "place",
            tongue.tell("region"),
            element("select", told("place", required=True), _places(given, within, tongue)),
        ),
        field(
            "industry", tongue.tell("industry"), element("select", told("industry"), _industries(given, tongue)), True
        ),
        field("employees", tongue.tell("employees"), line("employees", "numeric"), True),
        field("revenue", tongue.tell("revenue"), line("revenue", "decimal"), True),
    ]
    button = element("button", {"type": "submit", "class": "primary"}, tongue.tell("send"))
    send = element("div", {"class": "send"}, button)
    # No `novalidate`: without scripts the browser's own word comes first, ours when it has none.
    return element("form", {"method": "post", "action": "/widget/form"}, hidden(given, once=once), rows, send)


def _places(given: Given, within: str | None, tongue: Tongue) -> Iterator[Markup]:
    chosen = given.get("place", "")
    yield element("option", {"value": ""}, tongue.tell("choose"))
    for province, cities in _tree().items():
        inside = [code for code in (province, *cities) if within is None or regions.covers(within, code)]
        if within is not None and not inside and regions.covers(province, within):
            inside = [within]
        options = [
            element(
                "option",
                {"value": code, "selected": code == chosen},
                tongue.tell("whole", regions.names()[code]) if code == province else regions.names()[code],
            )
            for code in inside
        ]
        if options:
            yield element("optgroup", {"label": regions.names()[province]}, options)


def _industries(given: Given, tongue: Tongue) -> Iterator[Markup]:
    names = industries.names()
    yield element("option", {"value": ""}, tongue.tell("notChosen"))
    for section in (code for code in names if len(code) == 1):
        below = [code for code in names if len(code) == 2 and section in industries.lineage(code)]
        options = [
            element("option", {"value": code, "selected": code == given.get("industry")}, f"{names[code]} {code}")
            for code in below
        ]
        yield element("optgroup", {"label": names[section]}, options)


@cache
def _tree() -> dict[str, list[str]]:
    """Cities by province."""
    found: dict[str, list[str]] = {}
    for code in regions.names():
        if code.endswith("0000"):
            found.setdefault(code, [])
        elif code.endswith("00"):
            found[code[:2] + "0000"].append(code)
    found.pop(regions.NATIONWIDE)
    return found
