"""The catalogue as an app: what it is made of, on one page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from services.catalog import changes, discovery
from services.catalog.endpoints import (
    applications,
    categories,
    code_tables,
    editions,
    imports,
    notices,
    offerings,
    providers,
    search,
)
from services.catalog.endpoints import changes as feed
from services.catalog.models import idempotency_keys
from services.catalog.search import engines
from services.catalog.settings import CatalogSettings
from shared import service
from shared.cursors import Cursors
from shared.database import Database
from shared.principal import Verifier

DESCRIPTION = "The record of categories, providers and offerings, and the feed of its changes."
ROUTERS = (
    categories.router,
    code_tables.router,
    providers.router,
    search.router,  # before the offerings, or "search" would be taken for an id
    offerings.router,
    imports.router,
    applications.router,
    notices.router,
    editions.router,
    feed.router,
)


def create_app(settings: CatalogSettings) -> FastAPI:
    """The catalogue over the database that the settings name."""
    app = service.create("catalog", "1.0", DESCRIPTION, ROUTERS, _lifespan, {"feed": _feed, "search": _search})
    app.state.database = Database(settings.database())
    app.state.verifier = Verifier("catalog", settings.issuers())
    app.state.idempotency_keys = idempotency_keys
    app.state.cursors = Cursors(settings.secret("cursor-key"))
    app.state.notice_days = settings.notice_days
    app.state.search_index = engines.to_search(settings)
    return app


def from_environment() -> FastAPI:
    """The app of a server process: `uvicorn --factory services.catalog.app:from_environment`."""
    return create_app(CatalogSettings())


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.database.watch()
    yield
    app.state.search_index.close()
    app.state.database.close()


def _feed(app: FastAPI) -> dict[str, Any]:
    with app.state.database.read.begin() as session:
        return {"head": changes.head(session), "waiting": changes.waiting(session)}


def _search(app: FastAPI) -> dict[str, Any]:
    with app.state.database.read.begin() as session:
        return discovery.lag(session, app.state.search_index)
