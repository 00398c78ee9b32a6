"""How the catalogue is set."""

from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class CatalogSettings(ServiceSettings):
    """DUIJIE_CATALOG_*: the catalogue's own settings."""

    model_config = SettingsConfigDict(env_prefix="DUIJIE_CATALOG_")

    database_url: str = Field("sqlite:///var/catalog.db", description="SQLite or PostgreSQL URL")
    port: int = Field(8081, ge=0, le=65535, description="port that the service listens on as a process of its own")
    feed_kept_days: int = Field(30, ge=1, description="days that a change stays in the feed")
    notice_days: int = Field(
        7, ge=0, le=365, description="days that a public notice stays open at least; 0 in demo mode only"
    )
    search_url: str = Field("", description="URL of a Meilisearch server; empty = the embedded engine")
    search_index: str = Field(
        "offerings", pattern=r"^[a-z][a-z0-9-]{0,60}$", description="name of the index on that server"
    )
    search_seconds: float = Field(0.8, gt=0, le=30, description="longest wait for that server, then search degrades")

    @model_validator(mode="after")
    def _public_in_production(self) -> Self:
        if self.notice_days == 0 and self.mode == "production":
            raise ValueError("DUIJIE_CATALOG_NOTICE_DAYS must be at least 1 in production")
        return self
