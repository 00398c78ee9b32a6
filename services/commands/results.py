"""Two files of JSON Lines: needs, and what became of each; a results file that was cut short is gone on with."""

import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class NotOurs(Exception):
    """The results file holds something that this command did not write."""


@dataclass(frozen=True)
class Line:
    """A need of the file: its line number, its bytes, and a digest of them."""

    number: int
    data: bytes
    digest: str

    def taken_apart(self) -> tuple[bytes, Any]:
        """The body to be submitted, and the caller's own `id`, which is no member of a need."""
        try:
            need = json.loads(self.data)
        except ValueError:
            return self.data, None  # whoever reads it says what is wrong with it
        if not isinstance(need, dict) or "id" not in need:
            return self.data, None
        reference = need.pop("id")
        return json.dumps(need, ensure_ascii=False).encode(), reference

    def row(self, reference: Any, status: int, kind: str, found: Any) -> dict[str, Any]:
        """A line of the results: `found` is the answer, or the problem why there is none."""
        return {"line": self.number, "digest": self.digest, "id": reference, "status": status, kind: found}


def lines(path: Path) -> Iterator[Line]:
    """The needs of a file; empty lines are none."""
    with path.open("rb") as file:
        for number, data in enumerate(file, 1):
            if data.strip():
                yield Line(number, data.strip(), hashlib.sha256(data.strip()).hexdigest())


def mend(path: Path) -> None:
    """Drop a last line that was torn when an earlier run was stopped in the middle of it."""
    if path.exists():
        with path.open("r+b") as file:
            whole = file.read()
            file.truncate(whole.rfind(b"\n") + 1)


def answered(path: Path) -> set[tuple[int, str]]:
    """Line number and digest of the needs that the results hold; NotOurs when they hold something else."""
    done = set()
    if path.exists():
        for number, data in enumerate(path.read_bytes().splitlines(), 1):
            try:
                row = json.loads(data)
                done.add((int(row["line"]), str(row["digest"])))
            except (ValueError, KeyError, TypeError):
                raise NotOurs(f"{path}:{number}") from None
    return done


def job(out: Path) -> str:
    """The name of this job, kept beside the results until they are whole: a resumed job asks under the same keys."""
    path = _job_file(out)
    if not path.exists():
        path.write_text(uuid.uuid4().hex)
    return path.read_text()


def finish(out: Path) -> None:
    """The results are whole, so the job ends."""
    _job_file(out).unlink(missing_ok=True)


def _job_file(out: Path) -> Path:
    return out.with_name(out.name + ".job")
