"""The form that works without scripts: a plain link, a plain form, an answer in plain HTML.

Nothing ambient authorises it: the key stands in the link and there is no cookie, so a forged request could do no more
than its forger can do without the visitor. It is refused from other sites all the same. Sending it twice (reload, back)
asks once, for the form carries an idempotency key.
"""

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.access import Caller
from services.gateway.door import Door
from services.gateway.narrowing import Narrowing
from services.gateway.widget import answer, documents, fields
from services.gateway.widget.markup import Markup, element
from services.gateway.widget.wording import Tongue
from shared import problems
from shared.codes import regions
from shared.contracts.wire import Text

_FIELDS = 30
_STATED = 10
_ONCE = re.compile(r"[0-9a-f]{32}")
_FROM_HERE = ("same-origin", "none")


@dataclass(frozen=True)
class Visit:
    """Somebody at the form: with what, in which language, and what the key and the link narrow it to."""

    given: Mapping[str, str]
    caller: Caller
    tongue: Tongue
    narrowing: Narrowing
    door: Door
    request_id: str

    async def call(self, method: str, path: str, body: Any = None, once: str | None = None) -> Any:
        """What an operation answers; Refused when it is no success."""
        sent = json.dumps(body).encode() if body is not None else b""
        got = await self.door.ask(self.caller, (method, path), sent, self.request_id, once)
        read = json.loads(got.body)
        if got.status >= 400:
            raise Refused(got.status, read)
        return read


class Refused(Exception):
    """An operation answered with a problem."""

    def __init__(self, status: int, document: Mapping[str, Any]) -> None:
        self.status = status
        told = Text(**document["text"])
        self.lines = [told, *(Text(**item["text"]) for item in document.get("errors", ()))]
        super().__init__(told.en)


async def show(request: Request, door: Door) -> Response:
    """The empty form."""
    given = dict(request.query_params)
    tongue = Tongue.of(given.get("lang", ""))
    try:
        visit = await _visit(given, tongue, request, door)
    except problems.Problem as problem:
        return documents.refused(tongue, problem.status, [problem.detail])
    return documents.whole(tongue, tongue.tell("title"), _asking(visit, {}))


async def submit(request: Request, door: Door) -> Response:
    """The answer to a need, or the form with what is wrong."""
    given = await _read(request)
    tongue = Tongue.of(given.get("lang", ""))
    try:
        if request.headers.get("sec-fetch-site", "same-origin") not in _FROM_HERE:
            raise problems.Forbidden
        visit = await _visit(given, tongue, request, door)
        if wrong := fields.faults(given):
            return documents.whole(tongue, tongue.tell("title"), _asking(visit, wrong), status=422)
        return await _answered(visit)
    except problems.Problem as problem:
        return documents.refused(tongue, problem.status, [problem.detail])
    except Refused as refused:
        return documents.refused(tongue, refused.status, refused.lines)


async def _answered(visit: Visit) -> Response:
    tree = (await visit.call("GET", "/v1/categories"))["items"]
    names = {item["code"]: item[f"name_{visit.tongue.language}"] for item in tree}
    listed, stated = _inside(visit.narrowing.categories, tree)
    body = fields.need(visit.given, stated, visit.narrowing.edition)
    once = visit.given.get("once", "")
    need = await visit.call("POST", "/v1/needs", body, once if _ONCE.fullmatch(once) else None)
    drawn = answer.draw(need, visit.given, listed, names, visit.tongue)
    anew = element("p", {"class": "lead"}, element("a", {"href": _link(visit.given)}, visit.tongue.tell("askAnew")))
    return documents.whole(visit.tongue, visit.tongue.tell("results", len(need["match_run"]["results"])), drawn, anew)


def _asking(visit: Visit, wrong: Mapping[str, str]) -> Markup:
    tongue = visit.tongue
    other = "zh" if tongue.language == "en" else "en"
    switch = element("a", {"href": _link({**visit.given, "lang": other}), "lang": other}, tongue.tell("otherLanguage"))
    return element(
        "section",
        {"id": "ask"},
        element("h1", {}, tongue.tell("title")),
        element("p", {"class": "lead"}, tongue.tell("plainLead"), " ", switch),
        fields.form(visit.given, visit.narrowing.region, wrong, tongue, secrets.token_hex(16)),
        element("p", {"class": "run"}, tongue.tell("footer")),
    )


async def _read(request: Request) -> dict[str, str]:
    try:
        parsed = parse_qs((await request.body()).decode(), keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError:
        raise problems.BadRequest from None
    return {name: values[-1] for name, values in parsed.items()}


async def _visit(given: Mapping[str, str], tongue: Tongue, request: Request, door: Door) -> Visit:
    caller = await door.holder(given.get("key", ""))
    if caller.terms is None:
        raise problems.Unauthenticated
    bound = caller.terms.narrowing
    place, category = given.get("region"), given.get("category")
    inside = place and regions.exists(place) and regions.covers(bound.region or regions.NATIONWIDE, place)
    allowed = category and (not bound.categories or category in bound.categories)
    narrowing = Narrowing(
        place if inside else bound.region,
        (category,) if category and allowed else bound.categories,
        bound.edition or given.get("edition") or None,
    )
    return Visit(given, caller, tongue, narrowing, door, request.state.request_id)


def _inside(codes: Sequence[str], tree: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """The categories that may be listed, and those of level 2 that a need may state."""
    below = {item["code"]: item["parent"] for item in tree}
    listed = [code for code, parent in below.items() if code in codes or parent in codes]
    return listed, [code for code in listed if below[code]][:_STATED]


def _link(given: Mapping[str, str]) -> str:
    return "/widget/form?" + urlencode({name: given[name] for name in fields.KEPT if given.get(name)})
