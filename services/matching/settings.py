"""How the matching service is set."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class MatchingSettings(ServiceSettings):
    """DUIJIE_MATCHING_* beside what all services share."""

    model_config = SettingsConfigDict(env_prefix="DUIJIE_MATCHING_")

    database_url: str = Field("sqlite:///var/matching.db", description="SQLite or PostgreSQL")
    port: int = Field(8082, ge=0, le=65535, description="port that the service listens on as a process of its own")
    catalog_url: str = Field("http://127.0.0.1:8081", description="where the change feed of catalog is")
