"""`duijie parked`: the changes that matching could not take over, and another try."""

from typing import Annotated

import typer

from services.matching.replica import catalogue, parking
from services.matching.settings import MatchingSettings
from shared.database import Database


def parked(
    replay: Annotated[
        bool, typer.Option("--replay", help="重新构建副本 / build the copy anew, beside the one that is served")
    ] = False,
) -> None:
    """List the changes of the catalogue that matching could not take over, with their reasons."""
    database = Database(MatchingSettings().database())
    try:
        with database.read.begin() as session:
            served = catalogue.live(session)
            items = parking.parked(session, served.id) if served else ()
        for item in items:
            typer.echo(f"{item.position}\t{item.reason}\t{item.parked_at:%Y-%m-%d %H:%M:%S}")
        typer.echo(f"{len(items)} 项搁置 / parked")
        if replay:
            with database.write.begin() as session:
                parking.replay(session)
    finally:
        database.close()
