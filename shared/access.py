"""Who may call an operation: declared once beside it, shown in the OpenAPI document as `x-access`, enforced by both
the gateway (from the document) and the service (from the signed principal).

    caller: Annotated[Principal, Depends(Allow("bureau", "admin"))]
"""

from typing import Any

from fastapi import Request

from shared import problems
from shared.principal import Principal, Role, Untrusted, Verifier

ANYONE: tuple[Role, ...] = ("sme", "provider", "bureau", "admin")
PUBLIC: tuple[Role, ...] = (*ANYONE, "widget")
"""Also a page that embeds the widget, with a key that everybody can read."""


class Allow:
    """A dependency that lets the named roles in and gives the endpoint its caller.

    `ownership` says in the document what a caller sees of it, e.g. "own" (the verb modules enforce that).
    """

    def __init__(self, *roles: Role, ownership: str = "any") -> None:
        self.roles = roles
        self.ownership = ownership

    async def __call__(self, request: Request) -> Principal:
        """The caller; Unauthenticated without a trusted token, Forbidden in another role."""
        found = caller(request)
        if found.role not in self.roles:
            raise problems.reserved_for(role for role in self.roles if role != "service")
        return found

    def document(self) -> dict[str, Any]:
        """The value of `x-access`."""
        return {"roles": list(self.roles), "ownership": self.ownership}


def caller(request: Request) -> Principal:
    """Who calls, from the token, which is checked once a request; Unauthenticated without a trusted one."""
    known: Principal | None = getattr(request.state, "principal", None)
    if known is None:
        known = request.state.principal = _checked(request)
    return known


def _checked(request: Request) -> Principal:
    verifier: Verifier = request.app.state.verifier
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise problems.Unauthenticated
    try:
        return verifier.principal(token)
    except Untrusted:
        raise problems.Unauthenticated from None
