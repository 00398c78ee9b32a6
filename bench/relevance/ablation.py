"""What each criterion is worth: the figures without it. `python -m bench.relevance.ablation`.

Runs the kernel in process on the demo catalogue, so that the policy can be bent beyond the bounds of a need.
"""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bench.relevance import catalogue, figures, judged
from bench.relevance.asking import AS_OF
from services.matching import intake
from services.matching.intake import language
from services.matching.kernel import answer, policy
from services.matching.kernel.policy import WHOLE, Policy
from services.matching.kernel.question import Question
from services.matching.snapshot import snapshot
from services.matching.snapshot.snapshot import Snapshot
from shared import canonical, codes
from shared.contracts.changes import CategoryRecord
from shared.contracts.needs import NeedRequest


def main() -> None:
    """Print one row a criterion."""
    needs = judged.load()
    table = Table(title="Ablation: nDCG@10 and first offer >= 2 without a criterion")
    for heading in ("without", "weight", "nDCG@10", "change", "first >= 2"):
        table.add_column(heading, justify="left" if heading == "without" else "right")
    held, questions = _snapshot(), _questions(needs)
    live = policy.default()
    whole = _figures(needs, held, questions, live)
    table.add_row("(nothing)", "", f"{whole['nDCG@10']:.3f}", "", f"{whole['first offer >= 2']:.3f}")
    for criterion in live.criteria:
        found = _figures(needs, held, questions, without(live, criterion.name))
        change = found["nDCG@10"] - whole["nDCG@10"]
        cells = (f"{found['nDCG@10']:.3f}", f"{change:+.3f}", f"{found['first offer >= 2']:.3f}")
        table.add_row(criterion.name, str(criterion.weight), *cells)
    Console(width=100).print(table)


def without(live: Policy, name: str) -> Policy:
    """The policy with one criterion's weight shared out over the others in proportion."""
    kept = {criterion.name: criterion.weight for criterion in live.criteria if criterion.name != name}
    shared = {other: weight * WHOLE // sum(kept.values()) for other, weight in kept.items()}
    shared[max(kept, key=lambda other: kept[other])] += WHOLE - sum(shared.values())
    criteria = tuple(
        criterion.model_copy(update={"weight": shared.get(criterion.name, 0), "least": 0, "most": WHOLE})
        for criterion in live.criteria
    )
    return live.model_copy(update={"criteria": criteria})


def _snapshot() -> Snapshot:
    tree = [
        CategoryRecord(id=row["code"], parent=row["parent"] or None, name_zh=row["name_zh"], name_en=row["name_en"])
        for row in codes.rows("categories.csv")
    ]
    return snapshot.build(tree, catalogue.providers().values(), catalogue.offerings().values(), None, 1)


def _questions(needs: Sequence[judged.Need]) -> dict[str, Question]:
    words = language.build([record.content for record in catalogue.offerings().values()])
    asked = {}
    for need in needs:
        request = NeedRequest.model_validate({"text": need.text, "enterprise": need.enterprise, "as_of": AS_OF})
        profile = intake.read(request, words, AS_OF)
        asked[need.code] = Question(
            profile, request.enterprise, AS_OF, canonical.digest(request.model_dump(mode="json")), need.text
        )
    return asked


def _figures(
    needs: Sequence[judged.Need], held: Snapshot, questions: dict[str, Question], live: Policy
) -> dict[str, float]:
    lists = {
        code: [result.external_id or "" for result in answer.match(held, live, question).results]
        for code, question in questions.items()
    }
    return figures.summary(needs, lists)


if __name__ == "__main__":
    main()
