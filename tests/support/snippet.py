"""The two lines that embed the widget, as the pages show them: `python -m tests.support.snippet` renews their hash."""

import re
from pathlib import Path

from services.gateway.widget import script

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "docs" / "widget.md")
_LINES = re.compile(r'<script src="http://127\.0\.0\.1:8080/widget/[^\n]*\n<duijie-match [^\n]*\n')


def wanted() -> str:
    """The lines as they should stand."""
    return script.snippet("http://127.0.0.1:8080", "djw_…", mode="need")


def shown(page: Path) -> list[str]:
    """The lines as a page shows them."""
    return _LINES.findall(page.read_text("utf-8"))


def renew() -> None:
    """Write the present lines into all pages."""
    for page in PAGES:
        page.write_text(_LINES.sub(lambda _: wanted(), page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    renew()
