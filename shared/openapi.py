"""OpenAPI as a product: every answer declared, every error a problem, and who may call standing in the document."""

from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from shared import problems
from shared.access import Allow

_ALWAYS = (400, 401, 403, 404, 405, 413, 429, 500, 503)


class UndeclaredAccess(TypeError):
    """A route under /v1 does not say who may call it."""


def document(app: FastAPI, routers: Sequence[APIRouter]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of one service that is made of `routers`, made once."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            tags=app.openapi_tags,
        )
        _declare_problem_schema(schema)
        for route in public_routes(routers):
            for method in sorted(route.methods or ()):
                _complete(schema["paths"][route.path_format][method.lower()], route)
        app.openapi_schema = schema
    return app.openapi_schema


def public_routes(routers: Sequence[APIRouter]) -> Iterator[APIRoute]:
    """The routes that stand in the document."""
    for router in routers:
        yield from (route for route in router.routes if isinstance(route, APIRoute) and route.include_in_schema)


def check(route: APIRoute) -> None:
    """Raise when a route does not say who may call it, or is not of our kind of router and takes any query."""
    access_of(route)
    if not any(dependant.call is _refuse_unknown_query for dependant in _all(route.dependant)):
        raise TypeError(f"{route.path} takes unknown query parameters: declare it on a shared.openapi.router()")


def access_of(route: APIRoute) -> Allow:
    """Who may call a route; UndeclaredAccess when it does not say."""
    for dependant in _all(route.dependant):
        if isinstance(dependant.call, Allow):
            return dependant.call
    raise UndeclaredAccess(f"{route.path} does not declare who may call it (shared.access.Allow)")


def router(prefix: str = "", tags: Sequence[str] = (), dependencies: Sequence[Any] = ()) -> APIRouter:
    """Where a service's operations are declared: each is named as its function, and refuses query parameters which are
    unknown or given twice (400).

    Its routes are the app's own, analysed once; FastAPI's `include_router` would do that again for every app (0.1 s).
    """
    strict = [Depends(_refuse_unknown_query), *dependencies]
    return APIRouter(
        prefix=prefix, tags=[*tags], dependencies=strict, generate_unique_id_function=lambda route: route.name
    )


async def _refuse_unknown_query(request: Request) -> None:
    route = request.scope["route"]
    known = {field.alias for dependant in _all(route.dependant) for field in dependant.query_params}
    given = [name for name, _ in request.query_params.multi_items()]
    unknown = [name for name in dict.fromkeys(given) if name not in known]
    items = [
        problems.parameter(name, "unknown-parameter", "未知的查询参数", "unknown query parameter")
        for name in unknown[: problems.MOST]
    ]
    items += [
        problems.parameter(name, "doubled-parameter", "查询参数重复", "query parameter given more than once")
        for name in sorted(known)
        if given.count(name) > 1
    ]
    if items:
        raise problems.BadRequest(errors=items)


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for inner in dependant.dependencies:
        yield from _all(inner)


def _declare_problem_schema(schema: dict[str, Any]) -> None:
    model = problems.ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    parts = schema.setdefault("components", {}).setdefault("schemas", {})
    parts.update(model.pop("$defs"))
    parts["ProblemDocument"] = model
    for unused in ("HTTPValidationError", "ValidationError"):
        parts.pop(unused, None)


def _complete(operation: dict[str, Any], route: APIRoute) -> None:
    access = access_of(route)
    operation["x-access"] = access.document()
    operation["security"] = [{"bearer": []}]
    for taken in operation.get("parameters", ()):
        if taken["name"].lower() == "if-match":  # optional for the framework only, so that its absence can be a 428
            taken.update(required=True, schema={"type": "string", "title": "If-Match"})
    responses = operation["responses"]
    if 422 not in route.responses:  # the framework's own
        responses.pop("422", None)
    declared = {*_ALWAYS, *_expected(operation, route), *(int(code) for code in responses if int(code) >= 400)}
    kinds = {kind.status: kind for kind in problems.registry()}
    for status in sorted(declared):
        title = kinds[status].title
        responses[str(status)] = {
            "description": f"{title.zh} / {title.en}",
            "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
        }


def _expected(operation: dict[str, Any], route: APIRoute) -> Iterator[int]:
    """The errors that follow from what an operation takes."""
    if route.methods != {"GET"}:
        yield 409  # a writer that waited too long for another
    if "requestBody" in operation:
        yield from (415, 422)
    if any(taken["name"].lower() == "idempotency-key" for taken in operation.get("parameters", ())):
        yield 422  # the key was used with another request
