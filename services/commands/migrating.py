"""`duijie migrate`: bring databases to their newest form."""

from typing import Annotated, Literal

import typer

from services.catalog.settings import CatalogSettings
from services.gateway.settings import GatewaySettings
from services.matching.settings import MatchingSettings
from shared import migrations
from shared.settings import ServiceSettings

Service = Literal["catalog", "matching", "gateway"]
SETTINGS: dict[Service, type[ServiceSettings]] = {
    "catalog": CatalogSettings,
    "matching": MatchingSettings,
    "gateway": GatewaySettings,
}


def migrate(
    service: Annotated[
        Service | None, typer.Argument(help="一个服务，缺省为全部 / one service, all if left out")
    ] = None,
) -> None:
    """Bring the database of a service, or of all, to its newest form; harmless when it is (升级数据库结构)."""
    for name in [service] if service else list(SETTINGS):
        migrations.upgrade(name, SETTINGS[name]().database())
        typer.echo(f"{name}: {migrations.present(SETTINGS[name]().database())}")
