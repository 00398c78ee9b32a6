"""How the catalogue is set."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import Settings


class CatalogSettings(Settings):
    """DUIJIE_CATALOG_*: the catalogue's own settings."""

    model_config = SettingsConfigDict(env_prefix="DUIJIE_CATALOG_")

    database_url: str = Field("sqlite:///var/catalog.db", description="SQLite or PostgreSQL URL")
    feed_kept_days: int = Field(30, ge=1, description="days that a change stays in the feed")
