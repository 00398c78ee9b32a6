"""How well intake reads judged needs: precision, recall and F1 per field, and the first category.

Run from the repository root: `python -m bench.relevance.intake_figures [--needs FILE] [--catalogue DIR] [--misses]`.
The development needs are the default; `bench/relevance/own_needs.jsonl` is the project's own second check, and
`own_topics.csv` a third: 82 texts that avoid the usual words and 310 that say hardly anything. `fresh_needs.jsonl` is a
fourth: 203 needs written before anything was changed for them, split at random; what was misread in the half `read` was
looked at, of the half `kept` only the figure. `strangers/reading.jsonl` and `strangers/needs.jsonl` are for --needs.
The figures of `categories.Balance` are the only ones fitted to judged needs, so they are cross-validated in five folds.
"""

import argparse
import csv
import json
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from services.matching import intake
from services.matching.intake import categories, language, texts, vocabulary
from services.matching.intake.categories import Balance
from shared.contracts.needs import NeedRequest, Profile
from shared.contracts.offerings import OfferingContent

ROOT = Path(__file__).resolve().parents[2]
AS_OF = date(2026, 11, 22)
FIELDS = (
    "budget_max",
    "deadline_days",
    "delivery",
    "onsite",
    "compliance",
    "finance_amount",
    "annual_rate_max_bp",
    "term_months",
    "collateral",
)
BALANCES = tuple(
    Balance(floor, 0.8, weight, voice_weight=voice)
    for floor in (0.8, 1.1, 1.4)
    for weight in (0.3, 0.5)
    for voice in (3.0, 6.0, 9.0)
)
FOLDS = 5
_TOLD = 82
"""So many of the own topics tell a story; the rest is terse."""

Need = dict[str, Any]


def lines(path: Path) -> list[Need]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def topics() -> list[dict[str, str]]:
    """The rows of own_topics.csv: a category and a text each."""
    with (ROOT / "bench" / "relevance" / "own_topics.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def catalogue_language(folder: Path) -> language.Language:
    """The language of the offerings in a folder."""
    offerings = []
    for path in sorted(folder.glob("*offerings.jsonl")):
        for row in lines(path):
            content = {key: value for key, value in row.items() if key not in ("code", "provider")}
            offerings.append(OfferingContent.model_validate(content))
    return language.build(offerings)


def expected(must: Need, field: str) -> Any:
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


def among_two(needs: Sequence[Need], spoken: language.Language, balance: Balance) -> int:
    """For how many needs the first expected category is among the first two that are read."""
    return sum(need["expects"]["categories"][0] in _codes(need, spoken, balance)[:2] for need in needs)


def _codes(need: Need, spoken: language.Language, balance: Balance = categories.BALANCE) -> list[str]:
    text = texts.fold(need["text"])
    found = categories.mentions(text, vocabulary.find(text)["categories"])
    return [category.code for category in categories.read(text, found, spoken, balance)]


def cross_validated(needs: Sequence[Need], spoken: language.Language) -> int:
    """The same figure, each fold read with the balance that is best on the other folds."""
    right = 0
    for fold in range(FOLDS):
        held = [need for number, need in enumerate(needs) if number % FOLDS == fold]
        others = [need for number, need in enumerate(needs) if number % FOLDS != fold]
        best = max(BALANCES, key=lambda balance: among_two(others, spoken, balance))
        right += among_two(held, spoken, best)
    return right


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--needs", type=Path, default=ROOT / "bench" / "relevance" / "dev_needs.jsonl")
    parser.add_argument("--catalogue", type=Path, default=ROOT / "demo")
    parser.add_argument("--misses", action="store_true", help="print what was read differently")
    options = parser.parse_args()
    spoken, needs = catalogue_language(options.catalogue), lines(options.needs)
    requests = [NeedRequest.model_validate({key: need[key] for key in ("text", "enterprise")}) for need in needs]
    intake.read(requests[0], spoken, AS_OF)  # the word lists are read on first use
    tally: Counter[str] = Counter()
    begun = time.process_time()
    profiles = [intake.read(request, spoken, AS_OF) for request in requests]
    seconds = time.process_time() - begun
    for need, profile in zip(needs, profiles, strict=True):
        _count(tally, need, profile, options.misses)
    _report(tally, len(needs))
    print(f"... the same, cross-validated in {FOLDS} folds: {cross_validated(needs, spoken)}/{len(needs)}")
    hard = [{"text": row["text"], "expects": {"categories": [row["category"]]}} for row in topics()]
    told, terse = hard[:_TOLD], hard[_TOLD:]
    print(f"... of own_topics.csv, told without the usual words: {among_two(told, spoken, Balance())}/{len(told)}")
    print(f"... of own_topics.csv, terse: {among_two(terse, spoken, Balance())}/{len(terse)}")
    for half in ("read", "kept"):
        _report_fresh(half, spoken)
    print(f"read(): {1e3 * seconds / len(needs):.2f} ms of processor time a need")


def _count(tally: Counter[str], need: Need, profile: Profile, misses: bool) -> None:
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


def _report_fresh(half: str, spoken: language.Language) -> None:
    needs = [need for need in lines(ROOT / "bench" / "relevance" / "fresh_needs.jsonl") if need["half"] == half]
    topical = [need for need in needs if need["expects"]["categories"]]
    others = [need for need in needs if not need["expects"]["categories"]]
    right, silent = among_two(topical, spoken, Balance()), sum(not _codes(need, spoken) for need in others)
    print(f"... of fresh_needs.jsonl, half {half}: {right}/{len(topical)}; said not to be understood", end=" ")
    print(f"of those that nobody here could answer: {silent}/{len(others)}")


def _report(tally: Counter[str], needs: int) -> None:
    print(f"{'field':<20}{'labels':>8}{'read':>8}{'right':>8}{'prec.':>8}{'recall':>8}{'F1':>8}")
    for field in ("category", *FIELDS):
        labels, read, right = (tally[f"{field} {what}"] for what in ("expected", "read", "right"))
        precision, recall = right / read if read else 1.0, right / labels if labels else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        print(f"{field:<20}{labels:>8}{read:>8}{right:>8}{precision:>8.2f}{recall:>8.2f}{f1:>8.2f}")
    print(f"first category first: {tally['first is first']}/{needs}")
    print(f"first category among the first two: {tally['first among two']}/{needs}")


if __name__ == "__main__":
    main()
