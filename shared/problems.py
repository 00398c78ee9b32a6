"""Errors that know themselves: RFC 9457 problem+json with Chinese and English texts and pointers, never the input.

Raise by name (`raise NotFound(...)`); status and title belong to the class. `registry()` lists them for the docs.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from pydantic import Field

from shared.contracts.wire import Integer, Text, Wire

MEDIA_TYPE = "application/problem+json"
MOST = 100
"""Of more faults the first are told: nobody reads on, and an answer must not outgrow its request."""


class ProblemItem(Wire):
    """One thing that is wrong, and where."""

    pointer: str | None = Field(None, description="JSON pointer into the body, e.g. /price/min")
    parameter: str | None = Field(None, description="name of the query or path parameter")
    header: str | None = Field(None, description="name of the header")
    code: str = Field(description="machine-readable code of the fault")
    text: Text = Field(description="what is wrong")


class ProblemDocument(Wire):
    """The body of every error answer (RFC 9457)."""

    type: str = Field(description="URI reference of the kind of problem, e.g. /problems/not-found")
    title: str = Field(description="short title, Chinese / English")
    status: Integer = Field(description="HTTP status")
    detail: str = Field(description="what went wrong here, Chinese / English")
    text: Text = Field(description="the same detail, one member a language")
    errors: tuple[ProblemItem, ...] = Field((), description="what is wrong, and where")
    request_id: str | None = Field(None, description="id of the request, to be quoted when asking for help")


class Problem(Exception):
    """The root of all problems that an answer can tell."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal-error"
    title: ClassVar[Text] = Text(zh="内部错误", en="Internal error")

    def __init__(
        self,
        detail: Text | None = None,
        errors: Sequence[ProblemItem] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        self.detail = detail or self.title
        self.errors = tuple(errors)[:MOST]
        self.headers = headers or {}
        super().__init__(self.detail.en)

    def document(self, request_id: str | None = None) -> dict[str, Any]:
        """The problem as the body of an answer."""
        body = ProblemDocument(
            type=f"/problems/{self.code}",
            title=f"{self.title.zh} / {self.title.en}",
            status=self.status,
            detail=f"{self.detail.zh} / {self.detail.en}",
            text=self.detail,
            errors=self.errors,
            request_id=request_id,
        )
        return body.model_dump(mode="json", exclude_none=True)


class BadRequest(Problem):
    """The request cannot be read."""

    status, code, title = 400, "bad-request", Text(zh="请求无法解析", en="The request cannot be read")


class Unauthenticated(Problem):
    """No key, or a key that is not valid."""

    status, code, title = 401, "unauthenticated", Text(zh="缺少有效的密钥", en="A valid key is missing")

    def __init__(self, detail: Text | None = None) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(Problem):
    """The caller may not do this."""

    status, code, title = 403, "forbidden", Text(zh="无权执行此操作", en="Not allowed for this caller")


class NotFound(Problem):
    """It does not exist, or the caller may not know that it does."""

    status, code, title = 404, "not-found", Text(zh="未找到", en="Not found")


class MethodNotAllowed(Problem):
    """The path exists, the method does not."""

    status, code, title = 405, "method-not-allowed", Text(zh="不支持此方法", en="Method not allowed")


class Conflict(Problem):
    """The state of things does not allow it now."""

    status, code, title = 409, "conflict", Text(zh="与当前状态冲突", en="In conflict with the present state")


class Gone(Problem):
    """A feed cursor that can no longer be continued: begin again from the snapshot."""

    status, code, title = (
        410,
        "gone",
        Text(zh="游标已失效，请从快照重新开始", en="The cursor is gone: begin again from the snapshot"),
    )


class StalePrecondition(Problem):
    """If-Match names a version that is no longer the present one."""

    status, code, title = (
        412,
        "stale",
        Text(zh="数据已被修改，请重新读取", en="It has changed meanwhile: read it again"),
    )


class TooLarge(Problem):
    """The body is larger than allowed."""

    status, code, title = 413, "too-large", Text(zh="请求体过大", en="The body is too large")


class UnsupportedMediaType(Problem):
    """The body is of a type that this operation does not take."""

    status, code, title = (
        415,
        "unsupported-media-type",
        Text(zh="不支持的内容类型", en="Unsupported media type"),
    )


class Invalid(Problem):
    """The body can be read, but says something that cannot be."""

    status, code, title = 422, "invalid", Text(zh="内容不合规则", en="The content breaks a rule")


class PreconditionRequired(Problem):
    """An update without If-Match."""

    status, code, title = (
        428,
        "precondition-required",
        Text(zh="更新须带 If-Match", en="An update needs If-Match"),
    )


class TooManyRequests(Problem):
    """The caller's limit is used up."""

    status, code, title = 429, "too-many-requests", Text(zh="请求过于频繁", en="Too many requests")


class Unavailable(Problem):
    """Something that is needed does not answer now."""

    status, code, title = (
        503,
        "unavailable",
        Text(zh="服务暂不可用，请稍后重试", en="Not available now: try again later"),
    )

    def __init__(self, detail: Text | None = None, retry_after: int = 2) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class GatewayTimeout(Unavailable):
    """A service behind the gateway did not answer in time."""

    status, code, title = 504, "timeout", Text(zh="后端服务超时", en="A service did not answer in time")


def registry() -> Iterator[type[Problem]]:
    """Every kind of problem, in the order of status."""
    kinds: list[type[Problem]] = [Problem]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    yield from sorted(kinds, key=lambda kind: (kind.status, kind.code))


def at(pointer: str, code: str, zh: str, en: str) -> ProblemItem:
    """An item that points into the body."""
    return ProblemItem(pointer=pointer, code=code, text=Text(zh=zh, en=en))


def parameter(name: str, code: str, zh: str, en: str) -> ProblemItem:
    """An item that names a query or path parameter."""
    return ProblemItem(parameter=name, code=code, text=Text(zh=zh, en=en))


def reserved_for(roles: Iterable[str]) -> Forbidden:
    """The refusal of a caller in another role; it names the roles that may."""
    named = sorted(roles)
    return Forbidden(
        Text(
            zh=f"无权执行此操作，须为以下角色的密钥：{'、'.join(named)}",
            en=f"not allowed for this caller: it takes a key of the role {' or '.join(named)}",
        )
    )
