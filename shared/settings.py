"""How a service is set: typed, frozen, from DUIJIE_* variables and secret files, passed in and never imported.

There is no default secret: a secret is a file in `secrets_dir`, and a service whose secret is missing does not
start. `make run` writes random ones on its first start.
"""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url


class MissingSecret(RuntimeError):
    """A secret file is absent or too short, so the service refuses to start."""


class NobodyTrusted(RuntimeError):
    """A service in production mode was not told whose principals to believe, so it refuses to start."""


class Settings(BaseSettings):
    """What all services share. A service adds its own prefix, e.g. DUIJIE_CATALOG_DATABASE_URL."""

    model_config = SettingsConfigDict(
        env_prefix="DUIJIE_", frozen=True, extra="ignore", hide_input_in_errors=True, populate_by_name=True
    )

    mode: Literal["demo", "production"] = Field("production", validation_alias="DUIJIE_MODE")
    secrets_dir: Path = Field(Path("var/secrets"), validation_alias="DUIJIE_SECRETS_DIR")
    state_dir: Path = Field(Path("var"), validation_alias="DUIJIE_STATE_DIR")
    trusted_issuers: dict[str, str] = Field(
        default_factory=dict,
        validation_alias="DUIJIE_TRUSTED_ISSUERS",
        description="issuer → Ed25519 public key in base64, as JSON; whose principals a service believes",
    )

    def issuers(self) -> dict[str, str]:
        """Whose principals a service believes; NobodyTrusted when that is nobody in production mode."""
        if not self.trusted_issuers and self.mode == "production":
            raise NobodyTrusted("DUIJIE_TRUSTED_ISSUERS is empty: no caller could be believed")
        return self.trusted_issuers

    def secret(self, name: str) -> bytes:
        """The bytes of the secret file `name`; MissingSecret when it is absent or under 32 bytes."""
        path = self.secrets_dir / name
        if not path.is_file():
            raise MissingSecret(f"secret file {name!r} is missing in {self.secrets_dir}")
        value = path.read_bytes().strip()
        if len(value) < 32:
            raise MissingSecret(f"secret file {name!r} is shorter than 32 bytes")
        return value


class ServiceSettings(Settings):
    """What catalog, matching and gateway have each for itself: a database, and where it listens as a process."""

    database_url: str
    host: str = Field("127.0.0.1", description="address that the service listens on as a process of its own")
    port: int = Field(ge=0, le=65535)

    def database(self) -> str:
        """The database's URL with the password of its user, where that is a secret file (`USER-database-password`)."""
        url = make_url(self.database_url)
        name = f"{url.username}-database-password"
        if url.username is None or url.password is not None or not (self.secrets_dir / name).is_file():
            return self.database_url
        return url.set(password=self.secret(name).decode()).render_as_string(hide_password=False)


class StandaloneSettings(Settings):
    """How `make run` is set: everything in one process on loopback."""

    mode: Literal["demo", "production"] = Field("demo", validation_alias="DUIJIE_MODE")
    port: int = Field(8080, validation_alias="DUIJIE_PORT", ge=0, le=65535, description="the gateway's port")
    load_demo: bool = Field(True, validation_alias="DUIJIE_LOAD_DEMO", description="load demo/ in demo mode")
