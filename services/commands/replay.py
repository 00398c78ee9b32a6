"""`duijie verify`: compute a stored match run again, offline, and say what differs."""

from typing import Annotated

import typer

from services.matching import needs
from services.matching.settings import MatchingSettings
from shared import problems
from shared.database import Database
from shared.principal import OPERATOR


def verify(run: Annotated[str, typer.Argument(help="批次编号 / id of the match run, run_…")]) -> None:
    """Compute a match run again from what matching stored, and compare it byte for byte (需要数据库 / offline)."""
    database = Database(MatchingSettings().database())
    try:
        with database.read.begin() as session:
            found = needs.verify_run(session, OPERATOR, run)
    except problems.NotFound:
        typer.echo(f"没有这个批次 / there is no such run: {run}", err=True)
        raise typer.Exit(2) from None
    finally:
        database.close()
    for difference in found.differences:
        typer.echo(f"{difference.part}: {difference.text.zh} / {difference.text.en}", err=True)
    if not found.verified:
        raise typer.Exit(1)
    typer.echo("一致 / verified")
