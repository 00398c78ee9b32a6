"""The shells of the pages around the widget, with their headers: strict, and framed by nobody unless it is said."""

from collections.abc import Mapping, Sequence

from starlette.responses import HTMLResponse

from services.gateway import pages
from services.gateway.widget.markup import Markup, element, join
from services.gateway.widget.wording import Tongue
from shared.contracts.wire import Text

_FRAME_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'; frame-ancestors {ancestors}"
)
_FORM_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def whole(tongue: Tongue, title: str, *content: object, status: int = 200) -> HTMLResponse:
    """A page of its own, without scripts."""
    brand = element(
        "span",
        {"class": "brand"},
        element("img", {"src": "/page/icon.svg", "alt": "", "width": "32", "height": "32"}),
        element("span", {}, "对接"),
        element("small", {}, "Duijie"),
    )
    body = join(element("header", {"class": "top"}, brand), element("main", {}, *content))
    headers = {**pages.HEADERS, "Content-Security-Policy": _FORM_POLICY, "Cache-Control": "no-store"}
    return _document(tongue, f"对接 · {title}", "/page/style.css", body, headers, status)


def framed(tongue: Tongue, ancestors: frozenset[str], widget: Markup, script_tag: Markup) -> HTMLResponse:
    """A page that only the origins of a key may frame."""
    allowed = " ".join(sorted(ancestors)) or "'none'"
    headers = {**pages.HEADERS, "Content-Security-Policy": _FRAME_POLICY.format(ancestors=allowed)}
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if ancestors:
        del headers["X-Frame-Options"]  # it knows no list; browsers that know frame-ancestors ignore it anyway
    body = join(script_tag, element("main", {}, widget))
    return _document(tongue, "对接 Duijie", "/widget/assets/frame.css", body, headers, 200)


def refused(tongue: Tongue, status: int, lines: Sequence[Text]) -> HTMLResponse:
    """Why a page cannot be shown, for a person."""
    told = [element("p", {}, tongue.say(line)) for line in lines]
    heading = element("h1", {}, tongue.tell("refused"))
    ask = element("section", {"id": "ask"}, heading, element("div", {"class": "problem", "role": "alert"}, told))
    return whole(tongue, tongue.tell("refused"), ask, status=status)


def _document(
    tongue: Tongue, title: str, style: str, body: Markup, headers: Mapping[str, str], status: int
) -> HTMLResponse:
    head = element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"name": "color-scheme", "content": "light dark"}),
        element("title", {}, title),
        element("link", {"rel": "icon", "href": "/page/icon.svg", "type": "image/svg+xml"}),
        element("link", {"rel": "stylesheet", "href": style}),
    )
    page = element("html", {"lang": tongue.tag}, head, element("body", {}, body))
    return HTMLResponse(f"<!doctype html>\n{page}\n", status, dict(headers))
