"""Synthetic needs as questions: stated outright, so that a hundred thousand of them need no intake."""

from collections.abc import Iterator

from bench.speed.corpus import AS_OF, Maker
from services.matching.intake import firm_size
from services.matching.kernel.question import Question
from shared.contracts.needs import Must, NeedRequest, Profile, Read, ReadCategory


def questions(maker: Maker, count: int) -> Iterator[Question]:
    """So many questions; the first clause of each text is its wish."""
    for number, request in enumerate(maker.needs(count)):
        yield question(request, f"need-{number}")


def question(request: NeedRequest, need_hash: str) -> Question:
    """What intake makes of a need that states everything."""
    stated = request.profile
    size = firm_size.compute(request.enterprise)
    text = request.text or ""
    profile = Profile(
        categories=tuple(ReadCategory(code=code, confidence=100, source="stated") for code in stated.categories or ()),
        must=Must(**{name: _read(value) for name, value in stated.must if value is not None}),
        wishes=(text.partition("，")[0],),
        enterprise_size=_read(size.size) if size else None,
    )
    return Question(profile, request.enterprise, AS_OF, need_hash, text)


def _read(value: object) -> Read:  # type: ignore[type-arg]
    return Read(value=value, source="stated")
