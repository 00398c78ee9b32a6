"""The README's requests and answers: taken from the file, sent to a running system, and written back when they change.

`python -m tests.support.readme` renews the answers in both READMEs from a fresh demo system.
"""

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
from rich.console import Console

from services import demonstration, standalone
from shared import logs
from shared.settings import StandaloneSettings

ROOT = Path(__file__).parents[2]
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
_REQUEST = re.compile(r"curl -s http://127\.0\.0\.1:8080(\S+) .*?-d '(\{.*?\})'", re.DOTALL)
_BLOCK = r"<!-- {name} -->\n```json\n(.*?)\n```\n<!-- /{name} -->"
NAMES = ("answer", "problem")


def requests(text: str) -> list[tuple[str, Any]]:
    """The path and body of each curl command of a README."""
    return [(path, json.loads(body)) for path, body in _REQUEST.findall(text)]


def shown(text: str, name: str) -> Any:
    """The JSON that a README shows as an answer."""
    found = re.search(_BLOCK.format(name=name), text, re.DOTALL)
    assert found, f"the README has no {name} block"
    return json.loads(found[1])


def abridged(name: str, answer: dict[str, Any]) -> dict[str, Any]:
    """What a README shows of an answer: everything in it is real, much is left out."""
    if name == "problem":
        return {key: answer[key] for key in ("type", "title", "status", "errors")}
    profile, run = answer["profile"], answer["match_run"]
    return {
        "profile": {
            "categories": profile["categories"],
            "must": {field: read for field, read in profile["must"].items() if read},
            "wishes": profile["wishes"],
        },
        "match_run": {
            **{key: run[key] for key in ("considered", "eligible")},
            "results": [_place(result) for result in run["results"][:2]],
            "eliminated": run["eliminated"][:2],
            "relaxations": [{key: r[key] for key in ("change", "admits", "text")} for r in run["relaxations"][:1]],
            "unmet": run["unmet"],
        },
    }


def _place(result: dict[str, Any]) -> dict[str, Any]:
    kept = {key: result[key] for key in ("rank", "name", "provider_name", "score")}
    reasons = [{"contribution": c["contribution"], "text": c["text"]} for c in result["contributions"][:3]]
    return {**kept, "contributions": reasons, "cautions": result["cautions"]}


@contextmanager
def demo_system() -> Iterator[httpx2.Client]:
    """A fresh demo system, and a client with its SME key."""
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        settings = StandaloneSettings(mode="demo", port=0, state_dir=state, secrets_dir=state / "secrets")
        with standalone.running(settings) as system:
            keys = demonstration.make_keys(system.gateway)
            demonstration.load_catalogue(system.url, keys["bureau"], state, Console(quiet=True))
            headers = {"Authorization": f"Bearer {keys['sme']}"}
            with httpx2.Client(base_url=system.url, headers=headers, timeout=60) as client:
                yield client


def renew() -> None:
    """Write the real answers into both READMEs."""
    with demo_system() as client:
        for readme in READMES:
            text = readme.read_text("utf-8")
            for name, (path, body) in zip(NAMES, requests(text), strict=True):
                real = json.dumps(abridged(name, client.post(path, json=body).json()), ensure_ascii=False, indent=1)
                block = f"<!-- {name} -->\n```json\n{real}\n```\n<!-- /{name} -->"
                text = re.sub(_BLOCK.format(name=name), lambda _, block=block: block, text, flags=re.DOTALL)
            readme.write_text(text, "utf-8")


if __name__ == "__main__":
    logs.configure("WARNING")
    renew()
