"""The table of weights in docs/matching.md, from the policy that ships; `python -m tests.support.disclosure` renews."""

import re
from pathlib import Path

from services.matching.kernel import policy

PAGE = Path(__file__).parents[2] / "docs" / "matching.md"
_BLOCK = re.compile(r"<!-- policy -->.*?<!-- /policy -->", re.DOTALL)


def rendered() -> str:
    """The block of the page that the policy decides."""
    live = policy.default()
    lines = [f"Policy / 策略 `{live.version}`", "", "| criterion | weight | unknown | 说明 | what it looks at |"]
    lines.append("|---|--:|--:|---|---|")
    for criterion in live.criteria:
        text = criterion.description
        lines.append(f"| `{criterion.name}` | {criterion.weight} | {criterion.unknown} | {text.zh} | {text.en} |")
    if kept := live.newcomers:
        lines += ["", f"`newcomers`: places {kept.places}, floor {kept.floor}, margin {kept.margin}. "]
        lines[-1] += f"{kept.description.zh} / {kept.description.en}"
    return "\n".join(["<!-- policy -->", *lines, "<!-- /policy -->"])


def shown() -> str:
    """The block as it stands on the page."""
    found = _BLOCK.search(PAGE.read_text("utf-8"))
    assert found, "docs/matching.md has no policy block"
    return found[0]


if __name__ == "__main__":
    PAGE.write_text(_BLOCK.sub(lambda _: rendered(), PAGE.read_text("utf-8")), "utf-8")
