"""`duijie keys`: make, list and revoke API keys.

It works on the gateway's database itself, for the first key has no caller.
"""

from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from services.gateway import administration, keys
from services.gateway.settings import GatewaySettings
from services.gateway.shapes import KeyRequest, KeyRole, KeyView
from shared import problems, validation
from shared.database import Database

app = typer.Typer(no_args_is_help=True, help="密钥 / API keys")


@app.command()
def create(
    role: Annotated[KeyRole, typer.Option(help="what the key may do")],
    organisation_name: Annotated[str, typer.Option(help="a new organisation of this name")],
    uscc: Annotated[
        str | None, typer.Option(help="统一社会信用代码; a provider's own records are those with it")
    ] = None,
    region: Annotated[str, typer.Option(help="how far a bureau reaches (GB/T 2260)")] = "000000",
    expires: Annotated[datetime | None, typer.Option(help="when the key ends by itself, in UTC")] = None,
) -> None:
    """Make a key for a new organisation and print it; it cannot be read again."""
    organisation = {"name": organisation_name, "uscc": uscc, "region": region}
    ends = expires.replace(tzinfo=UTC) if expires else None
    try:
        wanted = KeyRequest.model_validate({"role": role, "organisation": organisation, "expires_at": ends})
    except ValidationError as refused:
        for error in refused.errors():
            text = validation.text(error)
            typer.echo(f"{validation.pointer(error['loc'])}: {text.zh} / {text.en}", err=True)
        raise typer.Exit(2) from None
    settings, database = _open()
    with database.write.begin() as session:
        made = administration.create(session, settings.secret("key-pepper"), wanted)
    database.close()
    typer.echo(f"{made.details.id}  {role}  {organisation_name}", err=True)
    typer.echo(made.key)


@app.command("list")
def list_keys() -> None:
    """List all keys, without the keys themselves."""
    _, database = _open()
    table = Table("id", "prefix", "role", "organisation", "region", "created", "state", box=None)
    with database.read.begin() as session:
        after = ""
        while found := keys.page(session, after, 200):
            for view in (KeyView.of(*pair) for pair in found):
                made = f"{view.created_at:%Y-%m-%d}"
                name = view.organisation_name
                table.add_row(view.id, view.prefix, view.role, name, view.region, made, _state(view))
            after = found[-1][0].id
    database.close()
    Console(width=200).print(table)


@app.command()
def revoke(key_id: Annotated[str, typer.Argument(help="id of the key")]) -> None:
    """End a key; within a second no gateway takes it any more."""
    _, database = _open()
    try:
        with database.write.begin() as session:
            view = administration.revoke(session, key_id)
    except problems.NotFound:
        typer.echo("没有这个密钥 / no such key", err=True)
        raise typer.Exit(1) from None
    finally:
        database.close()
    typer.echo(f"{view.id} revoked at {view.revoked_at}", err=True)


def _state(view: KeyView) -> str:
    if view.revoked_at:
        return f"revoked {view.revoked_at:%Y-%m-%d}"
    return f"until {view.expires_at:%Y-%m-%d}" if view.expires_at else "valid"


def _open() -> tuple[GatewaySettings, Database]:
    settings = GatewaySettings()
    return settings, Database(settings.database())
