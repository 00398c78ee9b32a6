"""How the gateway is set; every variable begins with DUIJIE_GATEWAY_."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class GatewaySettings(ServiceSettings):
    """The door: where its database and the services behind it are, and how much a caller may ask."""

    model_config = SettingsConfigDict(env_prefix="DUIJIE_GATEWAY_")

    database_url: str = Field("sqlite:///var/gateway.db", description="keys, organisations and the audit log")
    port: int = Field(8080, ge=0, le=65535, description="port that the service listens on as a process of its own")
    catalog_url: str = Field("http://127.0.0.1:8081", description="where catalog listens")
    matching_url: str = Field("http://127.0.0.1:8082", description="where matching listens")
    upstream_seconds: float = Field(30, gt=0, description="longest wait for a service behind the door")
    refresh_seconds: float = Field(5, gt=0, description="how often the services' documents are read again")
    key_limit: str = Field("1200/minute", description="requests of one key, e.g. 1200/minute")
    organisation_limit: str = Field("6000/minute", description="requests of all keys of one organisation")
    widget_key_limit: str = Field("300/minute", description="requests of all visitors with one widget key")
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^/]+)?$",
        description="where browsers reach the gateway, e.g. https://duijie.example.cn; empty = this machine only",
    )
    key_cache_seconds: float = Field(1, ge=0, le=1, description="a revoked key works at most this long")
