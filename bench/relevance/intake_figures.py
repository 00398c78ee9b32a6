"""How well intake reads the judged needs: precision, recall and F1 per field, and the first category.

Run from the repository root: `python bench/relevance/intake_figures.py [--needs FILE] [--catalogue DIR] [--misses]`.
Nothing is fitted to these needs, so no cross-validation is involved.
"""

import argparse
import json
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from services.matching import intake
from services.matching.intake import language
from shared.contracts.needs import NeedRequest, Profile
from shared.contracts.offerings import OfferingContent

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
AS_OF = date(2026, 11, 22)
FIELDS = [
    "budget_max",
    "deadline_days",
    "delivery",
    "onsite",
    "compliance",
    "finance_amount",
    "annual_rate_max_bp",
    "term_months",
    "collateral",
]


def lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def catalogue_language(folder: Path) -> language.Language:
    """The language of the offerings in a folder."""
    offerings = []
    for path in sorted(folder.glob("*offerings.jsonl")):
        for row in lines(path):
            content = {key: value for key, value in row.items() if key not in ("code", "provider")}
            offerings.append(OfferingContent.model_validate(content))
    return language.build(offerings)


def expected(must: dict[str, Any], field: str) -> Any:
    """A judged value in the profile's form."""
    value = must.get(field)
    if field == "collateral" and isinstance(value, str):
        return (value,)
    return tuple(sorted(value)) if isinstance(value, list) else value


def obtained(profile: Profile, field: str) -> Any:
    """A read value in the same form."""
    found = getattr(profile.must, field)
    if found is None:
        return None
    return tuple(sorted(found.value)) if isinstance(found.value, tuple) else found.value


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--needs", type=Path, default=DATA / "needs" / "dev_needs.jsonl")
    parser.add_argument("--catalogue", type=Path, default=DATA / "catalogue")
    parser.add_argument("--misses", action="store_true", help="print what was read differently")
    options = parser.parse_args()
    spoken, needs = catalogue_language(options.catalogue), lines(options.needs)
    tally: Counter[str] = Counter()
    seconds = 0.0
    for need in needs:
        request = NeedRequest.model_validate({"text": need["text"], "enterprise": need["enterprise"]})
        begun = time.perf_counter()
        profile = intake.read(request, spoken, AS_OF)
        seconds += time.perf_counter() - begun
        _count(tally, need, profile, options.misses)
    _report(tally, len(needs), seconds)


def _count(tally: Counter[str], need: dict[str, Any], profile: Profile, misses: bool) -> None:
    wanted, codes = need["expects"]["categories"], [category.code for category in profile.categories]
    tally["first is first"] += codes[:1] == wanted[:1]
    tally["first among two"] += wanted[0] in codes[:2]
    tally["category right"] += len(set(wanted) & set(codes))
    tally["category read"] += len(codes)
    tally["category expected"] += len(wanted)
    if misses and wanted[0] not in codes[:2]:
        print(need["code"], "categories", wanted, [(c.code, c.confidence, c.evidence) for c in profile.categories])
    for field in FIELDS:
        want, got = expected(need["expects"]["must"], field), obtained(profile, field)
        tally[f"{field} expected"] += want is not None
        tally[f"{field} read"] += got is not None
        tally[f"{field} right"] += want is not None and want == got
        if misses and want != got:
            found = getattr(profile.must, field)
            print(need["code"], field, "expected", want, "read", got, found.evidence if found else "")


def _report(tally: Counter[str], needs: int, seconds: float) -> None:
    print(f"{'field':<20}{'labels':>8}{'read':>8}{'right':>8}{'prec.':>8}{'recall':>8}{'F1':>8}")
    for field in ("category", *FIELDS):
        labels, read, right = (tally[f"{field} {what}"] for what in ("expected", "read", "right"))
        precision, recall = right / read if read else 1.0, right / labels if labels else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        print(f"{field:<20}{labels:>8}{read:>8}{right:>8}{precision:>8.2f}{recall:>8.2f}{f1:>8.2f}")
    print(f"first category first: {tally['first is first']}/{needs}")
    print(f"first category among the first two: {tally['first among two']}/{needs}")
    print(f"read(): {1e3 * seconds / needs:.2f} ms a need")


if __name__ == "__main__":
    main()
