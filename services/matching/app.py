"""Matching as an app: what it is made of, on one page."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from services.matching import policies
from services.matching.endpoints import match_runs, needs, offerings, policy
from services.matching.live import Live
from services.matching.models import idempotency_keys
from services.matching.open_needs import OpenNeeds
from services.matching.settings import MatchingSettings
from shared import service
from shared.cursors import Cursors
from shared.database import Database
from shared.principal import Verifier

DESCRIPTION = (
    "Reads a firm's need, ranks every published offering that fits it, explains the places, and stores the run."
)
ROUTERS = (needs.router, match_runs.router, policy.router, offerings.router)


def create_app(settings: MatchingSettings) -> FastAPI:
    """Matching over the database that the settings name."""
    app = service.create("matching", "1.0", DESCRIPTION, ROUTERS, _lifespan, {"catalogue": _catalogue})
    app.state.database = Database(settings.database())
    app.state.verifier = Verifier("matching", settings.issuers())
    app.state.idempotency_keys = idempotency_keys
    app.state.cursors = Cursors(settings.secret("cursor-key"))
    app.state.live = Live(app.state.database)
    app.state.open_needs = OpenNeeds()
    app.state.demo = settings.mode == "demo"
    return app


def from_environment() -> FastAPI:
    """The app of a server process: `uvicorn --factory services.matching.app:from_environment`."""
    return create_app(MatchingSettings())


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    stop = threading.Event()
    refreshing = threading.Thread(target=app.state.live.run, args=(stop,), name="refresh", daemon=True)
    refreshing.start()
    app.state.database.watch()
    yield
    stop.set()
    refreshing.join(timeout=10)
    app.state.database.close()


def _catalogue(app: FastAPI) -> dict[str, Any]:
    """Where the copy in memory stands, and how many changes it is behind the feed."""
    with app.state.database.read.begin() as session:
        adopted = policies.in_force(session)  # asked of the database, which must answer too
    view = app.state.live.view
    return {
        "policy": adopted.version,
        "generation": view.generation,
        "position": view.position,
        "behind": view.behind,
        "offerings": len(view.snapshot),
        "text_model": view.snapshot.text_model.version,
        "degraded": view.degraded is not None,
    }
