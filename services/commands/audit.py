"""`duijie audit`: check the audit log of the door."""

from typing import Annotated

import typer

from services.gateway import audit
from services.gateway.settings import GatewaySettings
from shared.database import Database

app = typer.Typer(no_args_is_help=True, help="审计日志 / the audit log")


@app.callback()
def _group() -> None:
    """A group also while it has one verb."""


@app.command()
def verify(
    noted: Annotated[str | None, typer.Option(help="a head noted at an earlier check, e.g. 12:ab34…")] = None,
) -> None:
    """Check every seal of the log; the printed head, noted elsewhere, proves later that nothing was cut off."""
    settings = GatewaySettings()
    database = Database(settings.database())
    with database.read.begin() as session:
        report = audit.verify(session, audit.sealing_key(settings.secret("key-pepper")), noted)
    database.close()
    for fault in report.faults:
        typer.echo(fault, err=True)
    typer.echo(f"{report.records} records, head {report.head}")
    if report.faults:
        raise typer.Exit(1)
