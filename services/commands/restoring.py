"""`duijie restored`: what a catalogue must do once its database was put back to an earlier state."""

import typer

from services.catalog import changes
from services.catalog.settings import CatalogSettings
from shared.database import Database


def restored() -> None:
    """Begin a new epoch of the change feed, so that every copy is built again (恢复数据库之后执行).

    Positions after the backup will be given out again, for other changes: a reader that went on from its cursor would
    miss them.
    """
    database = Database(CatalogSettings().database())
    try:
        with database.write.begin() as session:
            changes.renew(session)
            head = changes.head(session)
    finally:
        database.close()
    typer.echo(f"变更流从此重新开始 / the feed begins anew at {head}")
