"""The base of every shape on the wire, and the small types that all of them use."""

from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, Strict

Integer = Annotated[int, Strict()]
"""An integer that is one: neither `false` nor `"3"` nor `3.0`."""

Flag = Annotated[bool, Strict()]
Fen = Annotated[int, Strict(), Field(ge=0, le=10**15)]
"""Money in fen (1 yuan = 100 fen)."""

BasisPoints = Annotated[int, Strict(), Field(ge=0, le=10**6)]
"""A rate in basis points (1 % = 100)."""

_set = object.__setattr__
ReadSource = Literal["stated", "text", "enterprise"]


class Wire(BaseModel):
    """A value on the wire: immutable, and nothing in it that the shape does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @classmethod
    def trusted(cls, fields: dict[str, Any]) -> Self:
        """A value made of all its fields without checking them: an answer has hundreds of parts of our own making.

        What unpickling sets is set, and nothing else; `model_construct` takes longer than the checks.
        """
        value = cls.__new__(cls)
        _set(value, "__dict__", fields)
        _set(value, "__pydantic_fields_set__", set(fields))
        _set(value, "__pydantic_extra__", None)
        _set(value, "__pydantic_private__", None)
        return value


class Written(NamedTuple):
    """An answer that is written already: its id, and its bytes in the shape that the endpoint declares."""

    id: str
    content: bytes


class Text(Wire):
    """A sentence for people, in both languages."""

    zh: str = Field(description="Chinese text")
    en: str = Field(description="English text")
