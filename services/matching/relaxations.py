"""The smallest changes of a need that would admit more offers."""

from collections.abc import Sequence

from services.matching.gate import Considered
from services.matching.question import Asked
from shared.contracts.matches import Relaxation


def smallest(considered: Sequence[Considered], asked: Asked) -> tuple[Relaxation, ...]:  # noqa: ARG001
    """Not yet computed."""
    return ()
