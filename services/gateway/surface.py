"""What can be called: the composed document, and the way from a method and a path to an operation of a service."""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from services.gateway import openapi
from services.gateway.upstream import Upstream
from shared import problems
from shared.contracts.wire import Text
from shared.logs import log

_RETRY_SECONDS = 0.2


@dataclass(frozen=True)
class Operation:
    """One operation: which service answers it and which roles may call it."""

    service: str
    id: str
    roles: frozenset[str]


class Surface:
    """The public surface, made anew whenever a service's document changes."""

    def __init__(self, services: Sequence[str], title: str, version: str, description: str) -> None:
        self._info = (title, version, description)
        self._documents: dict[str, openapi.Document] = {}
        self.silent: dict[str, str] = dict.fromkeys(services, "no answer yet")
        """Services that do not answer now, with the reason."""
        self.document: openapi.Document = {}
        self._fixed: dict[str, dict[str, Operation]] = {}
        self._open: list[tuple[re.Pattern[str], dict[str, Operation]]] = []
        self._awaited = set(services)

    def put(self, service: str, document: openapi.Document) -> None:
        """Take over a service's document; openapi.Clash leaves everything as it was."""
        if self._documents.get(service) == document:
            return
        documents = {**self._documents, service: document}
        composed = openapi.compose(dict(sorted(documents.items())), *self._info)
        self._documents, self.document = documents, composed
        self._awaited.discard(service)
        self._route()

    def find(self, method: str, path: str) -> Operation:
        """The operation; NotFound, MethodNotAllowed, or Unavailable while a service's document is awaited."""
        found = self._fixed.get(path)
        if found is None and not {".", ".."} & set(path.split("/")):
            found = next((methods for pattern, methods in self._open if pattern.fullmatch(path)), None)
        if found is None:
            self.whole()
            raise problems.NotFound
        if method not in found:
            raise problems.MethodNotAllowed(headers={"Allow": ", ".join(sorted(found))})
        return found[method]

    def whole(self) -> openapi.Document:
        """The document; Unavailable while a service has never told its own."""
        if self._awaited:
            names = ", ".join(sorted(self._awaited))
            raise problems.Unavailable(Text(zh=f"{names} 尚未就绪", en=f"not ready yet: {names}"))
        return self.document

    def _route(self) -> None:
        fixed: dict[str, dict[str, Operation]] = {}
        for service, document in self._documents.items():
            for path, method, _ in openapi.operations(document):
                told = self.document["paths"].get(path, {}).get(method)
                if told:
                    operation = Operation(service, told["operationId"], frozenset(told["x-access"]["roles"]))
                    fixed.setdefault(path, {})[method.upper()] = operation
        self._open = [(_pattern(path), methods) for path, methods in sorted(fixed.items()) if "{" in path]
        self._fixed = {path: methods for path, methods in fixed.items() if "{" not in path}


async def refresh(surface: Surface, upstreams: Mapping[str, Upstream]) -> None:
    """Ask every service for its document once."""
    await asyncio.gather(*(_refresh_one(surface, upstream) for upstream in upstreams.values()))


async def keep(surface: Surface, upstreams: Mapping[str, Upstream], seconds: float) -> None:
    """Keep the surface true until cancelled; a silent service is asked more often."""
    while True:
        await asyncio.sleep(_RETRY_SECONDS if surface.silent else seconds)
        await refresh(surface, upstreams)


async def _refresh_one(surface: Surface, upstream: Upstream) -> None:
    try:
        document: Any = json.loads(await upstream.document())
        surface.put(upstream.name, document)
        surface.silent.pop(upstream.name, None)
    except problems.Problem:
        surface.silent[upstream.name] = "no answer"
    except (ValueError, KeyError, TypeError, AttributeError) as unusable:
        surface.silent[upstream.name] = "its document cannot be used"
        log.error("document refused", service=upstream.name, kind=type(unusable).__name__)


def target(path: str, query: bytes) -> str:
    """The one spelling in which a path is sent on: decoded once, encoded once."""
    encoded = quote(path, safe="/:@!$&'()*+,;=~-._")
    return f"{encoded}?{query.decode('latin-1')}" if query else encoded


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]+\}", template)
    return re.compile("[^/]+".join(re.escape(part) for part in parts))
