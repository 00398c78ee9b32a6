"""`duijie match`: a file of needs is answered; stopped halfway, the same command does what is left."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from services.commands import asking, placing, results
from services.commands.asking import NoAnswer
from services.commands.results import Line, NotOurs
from shared.problems import Unavailable


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
    offline: Annotated[
        bool,
        typer.Option(
            "--offline",
            help="在本机用全部核心直接读匹配数据库：只给名次，不解释、不存档 / on all cores of this machine, straight "
            "from matching's database: places without explanations, nothing is stored",
        ),
    ] = False,
    at_once: Annotated[int, typer.Option(min=1, max=64, help="同时提交数 / needs asked at the same time")] = 8,
    url: Annotated[
        str, typer.Option(envvar="DUIJIE_URL", help="系统地址 / address of the installation")
    ] = "http://127.0.0.1:8080",
    key: Annotated[str, typer.Option(envvar="DUIJIE_KEY", help="密钥 / an SME's or a bureau's key")] = "",
) -> None:
    """批量匹配 / Match a file of needs. Started again with the same results file, it does what is left."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        results.mend(out)
        done, whole = results.answered(out), list(results.lines(file))
        todo = [line for line in whole if (line.number, line.digest) not in done]
        rows = placing.rows(todo) if offline else _asked(todo, out, url, key, at_once)
        refused = _write(rows, out, len(whole), len(todo), console)
        results.finish(out)
    except (NotOurs, NoAnswer, httpx2.TransportError, Unavailable) as failure:
        console.print(f"无法完成，可再次运行以续传 / not finished, run it again to go on: {failure}", markup=False)
        raise typer.Exit(2) from None
    console.print(f"完成 / done: {len(whole)}, 未受理 / refused {refused} → {out}", markup=False)
    raise typer.Exit(1 if refused else 0)


def _asked(todo: Sequence[Line], out: Path, url: str, key: str, at_once: int) -> Iterator[dict[str, Any]]:
    limits = httpx2.Limits(max_connections=at_once)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with httpx2.Client(base_url=url, headers=headers, timeout=60, limits=limits) as client:
        yield from asking.rows(client, todo, results.job(out), at_once)


def _write(rows: Iterator[dict[str, Any]], out: Path, whole: int, todo: int, console: Console) -> int:
    """Write each result as it comes, a whole line; how many needs were refused."""
    refused = 0
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress, out.open("ab") as file:
        task = progress.add_task("匹配 matching", total=whole, completed=whole - todo)
        for row in rows:
            refused += "problem" in row
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            file.flush()
            progress.advance(task)
        os.fsync(file.fileno())
    return refused
