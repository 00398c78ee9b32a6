"""The answer to a need in plain HTML: the same parts in the same order as the script shows them."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.widget import fields
from services.gateway.widget.markup import Markup, element
from services.gateway.widget.wording import Tongue

_INNER = frozenset(("text", "meaning", "limits", "freshness"))
"""Criteria whose figures tell a person little."""

_MOST_REASONS = 6
Told = Mapping[str, Any]


def draw(need: Told, given: fields.Given, listed: Sequence[str], names: Mapping[str, str], tongue: Tongue) -> Markup:
    """The answer's section; `listed` are the categories that may be shown here, empty = all."""
    run = need["match_run"]
    shown = [one for one in run["results"] if not listed or set(one["categories"]) & set(listed)]
    hidden = len(run["results"]) - len(shown)
    title = tongue.tell("results", len(shown)) if shown else tongue.tell("nothingHere" if hidden else "nothing")
    funnel = [tongue.tell("funnel", run["considered"], run["eligible"])]
    if run.get("edition"):
        funnel.append(tongue.tell("inEdition", tongue.say(run["edition"]["title"]), run["edition"]["number"]))
    if hidden:
        funnel.append(tongue.tell("outside", hidden))
    return element(
        "section",
        {"id": "answer", "aria-labelledby": "answer-title"},
        element(
            "div",
            {"class": "head"},
            element("h1", {"id": "answer-title"}, title),
            element("p", {"class": "funnel"}, " ".join(funnel)),
        ),
        element("aside", {}, _understood(need["profile"], names, tongue), _missing(run, given, tongue)),
        element(
            "div",
            {"class": "list"},
            _notices(run, tongue),
            element("ol", {"class": "offers"}, [_offer(one, names, tongue) for one in shown]) if shown else None,
        ),
    )


def _notices(run: Told, tongue: Tongue) -> list[Markup]:
    notices = []
    if run["degraded"]:
        reason = run.get("degraded_reason")
        notices.append(element("p", {"class": "notice"}, tongue.tell("degraded"), tongue.say(reason) if reason else ""))
    if run["unmet"]:
        said = element("p", {}, tongue.say(run["unmet"]["text"]))
        notices.append(element("div", {"class": "notice unmet"}, element("h2", {}, tongue.tell("unmet")), said))
    return notices


def _offer(result: Told, names: Mapping[str, str], tongue: Tongue) -> Markup:
    reasons = [
        part
        for part in result["contributions"]
        if part["value"] is not None and part["contribution"] > 0 and part["criterion"] not in _INNER
    ][:_MOST_REASONS]
    cautions = [element("li", {}, tongue.say(caution)) for caution in result["cautions"]]
    score = f"{result['score'] / 100:.1f}"
    return element(
        "li",
        {"class": "offer", "data-offering": result["offering_id"]},
        element(
            "article",
            {},
            element(
                "header",
                {},
                element("span", {"class": "rank"}, result["rank"]),
                element(
                    "div",
                    {"class": "title"},
                    element("h2", {}, result["name"]),
                    element("p", {}, result["provider_name"]),
                ),
                element(
                    "p", {"class": "score"}, element("span", {}, f"{tongue.tell('score')} "), element("b", {}, score)
                ),
            ),
            element("p", {"class": "summary"}, result["summary"]),
            element(
                "p", {"class": "tags"}, [element("span", {}, names.get(code, code)) for code in result["categories"]]
            ),
            element("ul", {"class": "reasons"}, [element("li", {}, tongue.say(part["text"])) for part in reasons]),
            element("div", {"class": "cautions"}, element("h3", {}, tongue.tell("ask")), element("ul", {}, cautions))
            if cautions
            else None,
        ),
    )


def _understood(profile: Told, names: Mapping[str, str], tongue: Tongue) -> Markup:
    read = [names.get(category["code"], category["code"]) for category in profile["categories"]]
    chips = [_chip(tongue.tell("category"), "、".join(read))] if read else []
    for part in ("must", "quantities"):
        for name, value in profile[part].items():
            if value and value.get("evidence"):
                chips.append(_chip(tongue.tell(name), value["evidence"]))
    lines = [*profile["conflicts"], *profile["not_understood"]]
    soft = element("ul", {}, [element("li", {}, line) for line in lines]) if lines else None
    heading = element("h2", {}, tongue.tell("understood"))
    return element("section", {"class": "panel understood"}, heading, element("ul", {"class": "chips"}, chips), soft)


def _chip(name: str, text: str) -> Markup:
    return element("li", {"class": "chip"}, element("span", {"class": "name"}, name), element("b", {}, text))


def _missing(run: Told, given: fields.Given, tongue: Tongue) -> list[Markup]:
    parts = []
    if run["relaxations"]:
        rows = [
            element(
                "li",
                {},
                element("span", {}, tongue.say(item["text"])),
                fields.again(
                    given, item["change"], secrets.token_hex(16), tongue.tell("again"), tongue.say(item["text"])
                ),
            )
            for item in run["relaxations"]
        ]
        heading = element("h2", {}, tongue.tell("relaxations"))
        parts.append(element("section", {"class": "panel good"}, heading, element("ul", {}, rows)))
    if run["eliminated"]:
        rows = [element("li", {}, tongue.say(item["text"])) for item in run["eliminated"]]
        heading = element("h2", {}, tongue.tell("eliminated"))
        parts.append(element("section", {"class": "panel"}, heading, element("ul", {}, rows)))
    run_id = element("code", {}, run["id"])
    parts.append(
        element("p", {"class": "run"}, f"{tongue.tell('run')} ", run_id, f" · {run['policy_version']} · {run['as_of']}")
    )
    return parts
