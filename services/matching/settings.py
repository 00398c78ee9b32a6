"""How the matching service is set."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import Settings


class MatchingSettings(Settings):
    """DUIJIE_MATCHING_* beside what all services share."""

    model_config = SettingsConfigDict(env_prefix="DUIJIE_MATCHING_")

    database_url: str = Field("sqlite:///var/matching.db", description="SQLite or PostgreSQL")
    catalog_url: str = Field("http://127.0.0.1:8081", description="where the change feed of catalog is")
