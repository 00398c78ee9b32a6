"""Documentation that can fail: the README's requests, the disclosure of the ranking, problems, settings, decisions."""

import re
from pathlib import Path

import pytest

from services.catalog.settings import CatalogSettings
from services.gateway.settings import GatewaySettings
from services.matching.kernel import constraints
from services.matching.settings import MatchingSettings
from shared import problems
from shared.settings import Settings, StandaloneSettings
from tests.support import disclosure, readme

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"\]\((?!http)([^)#]+)[^)]*\)")


@pytest.mark.timeout(180)
def test_the_requests_of_both_readmes_give_what_they_show():
    with readme.demo_system() as client:
        for page in readme.READMES:
            text = page.read_text("utf-8")
            for name, (path, body) in zip(readme.NAMES, readme.requests(text), strict=True):
                real = readme.abridged(name, client.post(path, json=body).json())
                assert readme.shown(text, name) == real, "run `python -m tests.support.readme` and commit the result"


def test_both_readmes_show_the_same():
    english, chinese = (page.read_text("utf-8") for page in readme.READMES)
    assert readme.requests(english) == readme.requests(chinese)
    assert len(re.findall(r"^## ", english, re.M)) == len(re.findall(r"^## ", chinese, re.M))
    assert figures(english) == figures(chinese)
    assert LINK.findall(english)[1:] == LINK.findall(chinese)[1:]  # the first leads to the other language


def figures(page: str) -> list[list[str]]:
    """The numbers of every row that is told in numbers."""
    rows = [re.findall(r"\d[\d.,]*", row.split("|", 2)[2]) for row in re.findall(r"^\|.*$", page, re.M)]
    return [row for row in rows if row]


def test_both_readmes_count_the_demo():
    counted = len((ROOT / "demo" / "offerings.jsonl").read_text("utf-8").splitlines())
    assert all(f"{counted:,}" in page.read_text("utf-8") for page in readme.READMES)


def test_the_disclosure_is_the_policy_in_force():
    assert disclosure.shown() == disclosure.rendered(), "run `python -m tests.support.disclosure` and commit the result"


def test_the_disclosure_names_every_hard_constraint():
    page = disclosure.PAGE.read_text("utf-8")
    assert not [rule.name for rule in constraints.CONSTRAINTS if f"| `{rule.name}` |" not in page]


def test_every_kind_of_problem_is_documented():
    page = (ROOT / "docs" / "problems.md").read_text("utf-8")
    assert not [kind.code for kind in problems.registry() if f"`{kind.code}`" not in page]


@pytest.mark.parametrize("settings", [Settings, StandaloneSettings, CatalogSettings, MatchingSettings, GatewaySettings])
def test_every_setting_is_documented(settings):
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    prefix = settings.model_config["env_prefix"]
    names = [str(field.validation_alias or prefix + name.upper()) for name, field in settings.model_fields.items()]
    assert not [name for name in names if f"`{name}`" not in page]
    for name, field in zip(names, settings.model_fields.values(), strict=True):
        said = re.findall(rf"^\| `{name}` \|([^|]*)\|", page, re.M)
        default = None if field.is_required() else field.get_default(call_default_factory=True)
        plain = "" if default in (None, "") else f"`{default}`"
        assert plain in {shown.strip() for shown in said}, (name, said, plain)


def test_links_between_pages_lead_somewhere():
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    broken = [
        f"{page.relative_to(ROOT)} → {target}"
        for page in pages
        for target in LINK.findall(page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not broken


def test_decisions_are_numbered_without_gaps_or_doubles():
    numbers = sorted(int(page.name[:4]) for page in (ROOT / "docs" / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
