"""The widget's one script: its sources joined in a fixed order into one function scope, without their comments.

A version's text never changes once it is released: a release copies it to `released/<version>.js`, from where it is
served on, so that the `integrity` in a portal's page stays true when the gateway is renewed. Work on the sources after
that needs a new VERSION (tests/gateway/test_widget_script.py).
"""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

VERSION = "1.0.0"
GATEWAY = Path(__file__).parent.parent
SOURCES = (
    "page/elements.js",  # shared with our own pages
    "widget/source/texts.js",
    "widget/source/service.js",
    "widget/source/faults.js",
    "widget/source/answer.js",
    "widget/source/places.js",
    "widget/source/industries.js",
    "widget/source/offering.js",
    "widget/source/need.js",
    "widget/source/browse.js",
    "widget/source/element.js",
)
_STYLE = "widget/source/style.css"
_WORDS = "widget/source/texts.json"
_RELEASED = Path(__file__).parent / "released"
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_COMMENT = re.compile(r"^\s*//[^\n]*$|^/\*.*?\*/$", re.MULTILINE | re.DOTALL)


@cache
def text() -> str:
    """The script as it stands in the sources."""
    style = _lean((GATEWAY / _STYLE).read_text("utf-8"))
    parts = [_EXPORT.sub("", _lean((GATEWAY / name).read_text("utf-8"))) for name in SOURCES]
    head = f"// Duijie 对接 widget {VERSION}: <duijie-match>. Readable as it is served; see /widget/playground.\n"
    constants = {"STYLE": style, "WORDS": words()}
    told = [f"const {name} = {json.dumps(value, ensure_ascii=False)};" for name, value in constants.items()]
    return "\n".join((head + '"use strict";\n(() => {', *told, *parts, "})();\n"))


@cache
def words() -> dict[str, Any]:
    """What the widget says: texts and values by name, Chinese and English, and the example needs."""
    read: dict[str, Any] = json.loads((GATEWAY / _WORDS).read_text("utf-8"))
    return read


def _lean(source: str) -> str:
    """A source without comments on lines of their own, indentation and empty lines."""
    lines = (line.strip() for line in _COMMENT.sub("", source).splitlines())
    return "\n".join(line for line in lines if line)


@cache
def versions() -> Mapping[str, bytes]:
    """Every version that is served, with its text."""
    released = {path.stem: path.read_bytes() for path in sorted(_RELEASED.glob("*.js"))}
    return MappingProxyType({**released, VERSION: text().encode()})


@cache
def packed(version: str) -> bytes:
    """A version's text as it is sent, the same bytes every time."""
    return gzip.compress(versions()[version], 9, mtime=0)


def integrity(content: bytes) -> str:
    """The `integrity` attribute of a script (SRI)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def address(version: str = VERSION) -> str:
    """The path whose content never changes."""
    return f"/widget/{version}/duijie.js"


def snippet(url: str, key: str, **attributes: str) -> str:
    """The two lines that embed the widget."""
    given = "".join(f' {name}="{value}"' for name, value in attributes.items())
    told = integrity(versions()[VERSION])
    return (
        f'<script src="{url}{address()}" integrity="{told}" crossorigin="anonymous" defer></script>\n'
        f'<duijie-match key="{key}"{given}></duijie-match>\n'
    )


def catalogue() -> dict[str, object]:
    """What `/widget/integrity.json` tells."""
    told = {name: {"url": address(name), "integrity": integrity(content)} for name, content in versions().items()}
    return {"current": VERSION, "versions": told}
