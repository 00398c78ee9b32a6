"""docs/lifecycles.md from the tables of transitions; `python -m tests.support.lifecycles` renews it."""

from dataclasses import dataclass
from pathlib import Path

from services.catalog import lifecycle
from services.catalog.admission import stages
from services.catalog.editions.lifecycle import EDITION
from services.catalog.lifecycle import Transition

PAGE = Path(__file__).parents[2] / "docs" / "lifecycles.md"
OPENING = """# Lifecycles / 生命周期

Made from the tables in `services/catalog/lifecycle.py`, `admission/stages.py` and `editions/lifecycle.py` by
`python -m tests.support.lifecycles`; a test compares. The same tables make the operations, their `x-access` and their
texts. A step from any other state is refused with 409, in any other role with 403, and nobody takes an office's step on
the own organisation (403). Reason codes: `GET /v1/reasons`.
本页由状态迁移表生成；接口、权限与测试均出自同一张表。
"""
TRIGGERS = {
    "call": "a call",
    "edit": "an edit (`PATCH`)",
    "objection": "upholding an objection",
    "approval": "approving the application",
    "clock": "the clock",
}


@dataclass(frozen=True)
class Lifecycle:
    """A table with what a page says of it."""

    title: str
    thing: str
    initial: tuple[str, ...]
    final: tuple[str, ...]
    table: tuple[Transition, ...]


LIFECYCLES = (
    Lifecycle("Application / 入库申请", "application", ("draft",), stages.FINAL, stages.APPLICATION),
    Lifecycle("Objection / 异议", "objection", ("open",), ("upheld", "dismissed"), lifecycle.OBJECTION),
    Lifecycle("Standing of a provider / 服务商状态", "provider", ("applicant", "active"), (), lifecycle.PROVIDER),
    Lifecycle("Appeal of a provider / 服务商申诉", "provider", ("none",), (), lifecycle.APPEAL),
    Lifecycle("Edition / 推荐目录期次", "edition", ("planned",), ("expired",), EDITION),
    Lifecycle("Offering / 供给", "offering", ("draft",), ("retired",), lifecycle.OFFERING),
)


def rendered() -> str:
    """The page as the tables decide it."""
    return "\n".join([OPENING, *(_section(one) for one in LIFECYCLES)])


def _section(shown: Lifecycle) -> str:
    lines = [f"## {shown.title}", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"  [*] --> {state}" for state in shown.initial]
    lines += [f"  {source} --> {step.target}: {step.name}" for step in shown.table for source in step.sources]
    lines += [f"  {state} --> [*]" for state in shown.final]
    lines += ["```", "", "| step | from | to | who | by | only if | what follows | reason | event |", "|" + "---|" * 9]
    lines += [_row(step) for step in shown.table]
    return "\n".join([*lines, ""])


def _row(step: Transition) -> str:
    cells = (
        f"`{step.name}` {step.text.zh}",
        ", ".join(step.sources),
        step.target,
        ", ".join(step.actors),
        TRIGGERS[step.trigger],
        ", ".join(step.guards),
        ", ".join(step.effects),
        step.reasons or "",
        f"`{step.event}`",
    )
    return f"| {' | '.join(cells)} |".replace("  |", " |")


if __name__ == "__main__":
    PAGE.write_text(rendered(), "utf-8")
