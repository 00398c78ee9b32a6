"""One OpenAPI 3.1 document for the whole system, composed from the services' own: no operation is written twice."""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.problems import MEDIA_TYPE, GatewayTimeout

Document = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "patch")
_NOT_FOR_KEYS = "service"

_SECURITY_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "密钥 / API key: `Authorization: Bearer dj_…`"},
    "header": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "密钥 / API key: `X-API-Key: dj_…`",
    },
}
_HEADERS = {
    "RequestId": {"description": "id of the request, to be quoted when asking for help", "schema": {"type": "string"}},
    "RateLimit": {"description": 'what is left, e.g. "key";r=1199;t=60', "schema": {"type": "string"}},
    "RateLimitPolicy": {"description": 'what is allowed, e.g. "key";q=1200;w=60', "schema": {"type": "string"}},
    "RetryAfter": {"description": "seconds to wait before the next try", "schema": {"type": "integer"}},
}


class Clash(ValueError):
    """Two services say different things under one name, or a document lacks what the door needs."""


def compose(documents: Mapping[str, Document], title: str, version: str, description: str) -> Document:
    """The document of the door from those of the services, by name of the service."""
    paths: Document = {}
    components: Document = {"securitySchemes": _SECURITY_SCHEMES, "headers": _named_headers()}
    for service, document in documents.items():
        _merge(paths, _for_keys(document, service), f"paths of {service}")
        for section, parts in document.get("components", {}).items():
            if section != "securitySchemes":
                _merge(components.setdefault(section, {}), parts, f"{section} of {service}")
    _check_ids(paths)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "description": description},
        "security": [{"bearer": []}, {"header": []}],
        "paths": dict(sorted(paths.items())),
        "components": components,
    }


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Every operation: path template, method in lower case, what the document says of it."""
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def _for_keys(document: Document, service: str) -> Document:
    """The paths of a service as callers with a key see them; what only services may call is left out."""
    paths: Document = {}
    for path, method, operation in operations(document):
        if "x-access" not in operation:
            raise Clash(f"{service}: {method} {path} does not say who may call it")
        roles = [role for role in operation["x-access"]["roles"] if role != _NOT_FOR_KEYS]
        if roles:
            access = {**operation["x-access"], "roles": roles}
            paths.setdefault(path, {})[method] = _at_the_door(operation, path) | {"x-access": access}
    return paths


def _at_the_door(operation: Document, path: str) -> Document:
    tag = path.split("/")[2] if path.count("/") > 1 else "other"
    responses = {**operation["responses"], "504": _timeout()}
    told = {status: _with_headers(status, answer) for status, answer in responses.items()}
    # Without a list of its own an operation takes that of the whole document.
    rest = {name: value for name, value in operation.items() if name != "security"}
    return {"tags": [tag], **rest, "responses": dict(sorted(told.items()))}


def _with_headers(status: str, answer: Document) -> Document:
    headers = {"X-Request-Id": _header("RequestId")}
    if status.startswith("2") or status == "429":
        headers |= {"RateLimit": _header("RateLimit"), "RateLimit-Policy": _header("RateLimitPolicy")}
    if status in ("429", "503", "504"):
        headers |= {"Retry-After": _header("RetryAfter")}
    return {**answer, "headers": {**headers, **answer.get("headers", {})}}


def _timeout() -> Document:
    title = GatewayTimeout.title
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    return {"description": f"{title.zh} / {title.en}", "content": {MEDIA_TYPE: {"schema": schema}}}


def _header(name: str) -> Document:
    return {"$ref": f"#/components/headers/{name}"}


def _named_headers() -> Document:
    return {name: dict(header) for name, header in _HEADERS.items()}


def _merge(into: Document, parts: Document, what: str) -> None:
    for name, part in parts.items():
        if into.setdefault(name, part) != part:
            raise Clash(f"{what}: {name} is already there with another content")


def _check_ids(paths: Document) -> None:
    seen: set[str] = set()
    for path, method, operation in operations({"paths": paths}):
        operation_id = operation["operationId"]
        if operation_id in seen:
            raise Clash(f"{method} {path}: the operation id {operation_id} is already taken")
        seen.add(operation_id)
