"""The judged needs: what firms asked, what a careful advisor read, and how well each offering answers."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Need:
    """A need with its judgments: offering code → grade 0 to 3, and why a zero is one."""

    code: str
    text: str
    enterprise: dict[str, Any]
    expects: dict[str, Any]
    grades: dict[str, int]
    reasons: dict[str, str]

    @property
    def best(self) -> int:
        """The best grade that any offering has for this need."""
        return max(self.grades.values(), default=0)


def load(folder: Path = HERE) -> list[Need]:
    """The needs of a folder with *needs.jsonl and *judgments.jsonl that have judgments; others are left out."""
    grades: dict[str, dict[str, int]] = {}
    reasons: dict[str, dict[str, str]] = {}
    for row in _rows(folder, "*judgments.jsonl"):
        grades.setdefault(row["need"], {})[row["offering"]] = row["grade"]
        reasons.setdefault(row["need"], {})[row["offering"]] = row["why"]
    return [
        Need(
            row["code"],
            row["text"],
            row["enterprise"],
            row["expects"],
            grades.get(row["code"], {}),
            reasons.get(row["code"], {}),
        )
        for row in _rows(folder, "*needs.jsonl")
        if row["code"] in grades
    ]


def _rows(folder: Path, pattern: str) -> list[dict[str, Any]]:
    paths = sorted(folder.glob(pattern))
    if not paths:
        raise FileNotFoundError(f"no {pattern} in {folder}")
    return [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines() if line.strip()]
