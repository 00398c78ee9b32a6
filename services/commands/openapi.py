"""`make openapi`: writes the services' own OpenAPI documents, which are committed so that a change shows in review."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from services.catalog import app as catalog
from services.catalog.settings import CatalogSettings
from services.gateway import app as gateway
from services.gateway.settings import GatewaySettings
from services.installation import make_secrets
from services.matching import app as matching
from services.matching.settings import MatchingSettings
from shared.settings import Settings


def documents(state: Path) -> dict[str, dict[str, Any]]:
    """The documents by service, the gateway's composed of all; `state` is a folder for empty databases and secrets."""
    make_secrets(state / "secrets")

    def settings(kind: type[Settings], service: str) -> Any:
        given: dict[str, Any] = {"mode": "demo", "state_dir": state, "secrets_dir": state / "secrets"}
        return kind(**given, database_url=f"sqlite:///{state}/{service}.db")

    made = {
        "catalog": catalog.create_app(settings(CatalogSettings, "catalog")).openapi(),
        "matching": matching.create_app(settings(MatchingSettings, "matching")).openapi(),
    }
    door = gateway.create_app(settings(GatewaySettings, "gateway"))
    for service, document in made.items():
        door.state.surface.put(service, document)
    return {**made, "gateway": door.openapi()}


def main(folder: Path) -> None:
    """Write one file a service."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as state:
        for name, document in documents(Path(state)).items():
            (folder / f"{name}.json").write_text(rendered(document), "utf-8")


def rendered(document: dict[str, Any]) -> str:
    """The document as it is committed."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
