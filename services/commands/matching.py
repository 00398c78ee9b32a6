"""`duijie match`: a file of needs is answered through the public API, several at once; stopped, it goes on later."""

import hashlib
import json
import os
import uuid
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import httpx2
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from services.commands import patience

_AHEAD = 4
"""Needs asked before the answer to the oldest is written, for each of those at once."""
_FINAL = (201, 400, 413, 422)


class NotOurs(Exception):
    """The results file holds something that this command did not write."""


class NoAnswer(Exception):
    """The server gave no answer that belongs to the need."""


@dataclass(frozen=True)
class Line:
    """A need of the file: its line number, its bytes, and a digest of them."""

    number: int
    data: bytes
    digest: str


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


def ask(client: httpx2.Client, line: Line, job: str) -> dict[str, Any]:
    """The result of one need: the answer, or the problem why there is none. `id` is the caller's own, handed through.

    Asked again in the same job, the server gives the same answer again.
    """
    body, reference = line.data, None
    try:
        need = json.loads(line.data)
        if isinstance(need, dict) and "id" in need:
            reference = need.pop("id")
            body = json.dumps(need, ensure_ascii=False).encode()
    except ValueError:
        pass  # the server says what is wrong with it
    headers = {"Content-Type": "application/json", "Idempotency-Key": f"{job}-{line.number}-{line.digest[:16]}"}
    got = patience.post(client, "/v1/needs", body, headers)
    if got.status_code not in _FINAL:
        raise NoAnswer(_reason(got))
    kind = "answer" if got.status_code == 201 else "problem"
    return {"line": line.number, "digest": line.digest, "id": reference, "status": got.status_code, kind: got.json()}


def run(client: httpx2.Client, todo: list[Line], out: BinaryIO, job: str, at_once: int, bar: Any) -> int:
    """Ask all of these, write each result whole and in order; how many were refused. The first failure ends it."""
    refused = 0
    waiting: deque[Future[dict[str, Any]]] = deque()

    def write() -> None:
        nonlocal refused
        result = waiting.popleft().result()
        refused += "problem" in result
        out.write(json.dumps(result, ensure_ascii=False).encode() + b"\n")
        out.flush()
        bar()

    with ThreadPoolExecutor(at_once) as pool:
        try:
            for line in todo:
                if len(waiting) == _AHEAD * at_once:
                    write()
                waiting.append(pool.submit(ask, client, line, job))
            while waiting:
                write()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return refused


def match_file(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, help="每行一个 POST /v1/needs 的请求体 / a body of POST /v1/needs a line"
        ),
    ],
    out: Annotated[
        Path, typer.Option(dir_okay=False, help="结果文件，可续传 / results; an unfinished file is resumed")
    ],
    at_once: Annotated[int, typer.Option(min=1, max=64, help="同时提交数 / needs asked at the same time")] = 8,
    url: Annotated[
        str, typer.Option(envvar="DUIJIE_URL", help="系统地址 / address of the installation")
    ] = "http://127.0.0.1:8080",
    key: Annotated[str, typer.Option(envvar="DUIJIE_KEY", help="密钥 / an SME's or a bureau's key")] = "",
) -> None:
    """批量匹配 / Match a file of needs. Started again with the same results file, it does what is left."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        mend(out)
        done, whole = answered(out), list(lines(file))
        todo = [line for line in whole if (line.number, line.digest) not in done]
        job = _job(out)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        limits = httpx2.Limits(max_connections=at_once)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        with (
            Progress(*columns, console=console) as progress,
            httpx2.Client(base_url=url, headers=headers, timeout=60, limits=limits) as client,
            out.open("ab") as results,
        ):
            task = progress.add_task("匹配 matching", total=len(whole), completed=len(whole) - len(todo))
            refused = run(client, todo, results, job.read_text(), at_once, lambda: progress.advance(task))
            os.fsync(results.fileno())
    except (NotOurs, NoAnswer, httpx2.TransportError) as failure:
        console.print(f"无法完成，可再次运行以续传 / not finished, run it again to go on: {failure}", markup=False)
        raise typer.Exit(2) from None
    job.unlink()
    console.print(f"完成 / done: {len(whole)}, 未受理 / refused {refused} → {out}", markup=False)
    raise typer.Exit(1 if refused else 0)


def _job(out: Path) -> Path:
    """The name of this job, kept beside the results until they are whole: a resumed job asks under the same keys."""
    path = out.with_name(out.name + ".job")
    if not path.exists():
        path.write_text(uuid.uuid4().hex)
    return path


def _reason(got: httpx2.Response) -> str:
    try:
        return f"{got.status_code} {got.json()['title']}"
    except (ValueError, KeyError, TypeError):
        return str(got.status_code)
