"""The gateway: the one public door. It holds no business rule."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from anyio import from_thread
from fastapi import FastAPI
from sqlalchemy import text
from starlette.middleware import Middleware

from services.gateway import audit, pages, surface
from services.gateway.access import KeyRing
from services.gateway.door import Door, Parts
from services.gateway.endpoints import keys, widget_keys
from services.gateway.ledger import Ledger
from services.gateway.limits import Limits
from services.gateway.models import idempotency_keys
from services.gateway.origins import OwnOrigin
from services.gateway.settings import GatewaySettings
from services.gateway.surface import Surface
from services.gateway.tokens import Tokens
from services.gateway.upstream import Network, Upstream, Way
from services.gateway.widget import routes
from shared import openapi, problems, service
from shared.contracts.wire import Text
from shared.cursors import Cursors
from shared.database import Database
from shared.principal import GATEWAY, Signer, Verifier

VERSION = "0.1.0"
DESCRIPTION = (
    "对接：让中小企业的需求找到合适的服务商。每个结果都有理由，每个请求都带密钥，每个错误都是 problem+json。\n\n"
    "Duijie matches small and medium-sized firms with service providers: a need in plain Chinese goes in, ranked and "
    "explained offers come out. Every call carries an API key; `x-access` says which roles may make it; every error "
    "is an RFC 9457 problem in Chinese and English."
)


def create_app(settings: GatewaySettings, ways: Mapping[str, Way] | None = None) -> FastAPI:
    """The door in front of catalog and matching; `ways` replaces the network to either, by name."""
    database = Database(settings.database())
    pepper = settings.secret("key-pepper")
    signer = Signer(GATEWAY, settings.secret("gateway-signing-key"))
    upstreams = _upstreams(settings, signer, ways or {})
    public = Surface(tuple(upstreams), "Duijie 对接", VERSION, DESCRIPTION)
    ledger = Ledger(database, audit.sealing_key(pepper))
    parts = Parts(
        surface=public,
        keys=KeyRing(database, pepper, settings.mode == "demo", settings.key_cache_seconds),
        limits=Limits(settings.key_limit, settings.organisation_limit, settings.widget_key_limit),
        ledger=ledger,
        upstreams=upstreams,
        own_tokens=Tokens(signer, GATEWAY),
        own_origin=OwnOrigin(settings.public_url),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        database.watch()
        ledger.begin()
        async with _composed(public, upstreams, settings.refresh_seconds):
            yield
        database.close()

    routers = [keys.router, widget_keys.router]
    readiness = {
        "database": _database_ready,
        **{name: _service_ready(public, upstream) for name, upstream in upstreams.items()},
    }
    app = service.create("gateway", VERSION, DESCRIPTION, routers, lifespan, readiness)
    app.state.database = database
    app.state.surface = public
    app.state.pepper = pepper
    app.state.idempotency_keys = idempotency_keys
    app.state.cursors = Cursors(settings.secret("cursor-key"))
    app.state.verifier = Verifier(GATEWAY, {GATEWAY: signer.public_key()})
    public.put(GATEWAY, openapi.document(app, routers))
    app.openapi = public.whole  # type: ignore[method-assign]
    pages.add(app, settings)
    routes.add(app, Door(app, parts))
    # Innermost, so that the request frame and the body check stand around the proxied calls too.
    app.user_middleware.append(Middleware(Door, parts=parts))
    return app


def from_environment() -> FastAPI:
    """The app of a server process: `uvicorn --factory services.gateway.app:from_environment`."""
    return create_app(GatewaySettings())


@asynccontextmanager
async def _composed(public: Surface, upstreams: Mapping[str, Upstream], seconds: float) -> AsyncIterator[None]:
    """Keep the surface true to the services' documents, which are asked for every so many seconds."""
    await surface.refresh(public, upstreams)
    keeping = asyncio.create_task(surface.keep(public, upstreams, seconds))
    yield
    keeping.cancel()
    with suppress(asyncio.CancelledError):
        await keeping
    for upstream in upstreams.values():
        await upstream.close()


def _upstreams(settings: GatewaySettings, signer: Signer, ways: Mapping[str, Way]) -> dict[str, Upstream]:
    urls = {"catalog": settings.catalog_url, "matching": settings.matching_url}
    return {
        name: Upstream(name, ways.get(name) or Network(url), Tokens(signer, name), settings.upstream_seconds)
        for name, url in urls.items()
    }


def _database_ready(app: FastAPI) -> dict[str, Any]:
    with app.state.database.read.begin() as session:
        session.execute(text("select 1 from keys limit 1"))
    return {"status": "ready"}


def _service_ready(public: Surface, upstream: Upstream) -> service.ReadinessCheck:
    def check(_: FastAPI) -> dict[str, Any]:
        facts = from_thread.run(upstream.readiness)  # health routes run in a thread of the loop that owns the client
        if upstream.name in public.silent:
            reason = public.silent[upstream.name]
            raise problems.Unavailable(Text(zh=f"{upstream.name} 尚未就绪", en=f"{upstream.name}: {reason}"))
        return facts

    return check
