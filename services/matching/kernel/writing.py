"""Spells an answer out as the JSON of `shared.contracts.matches.MatchRun`, byte for byte as the model would.

Written by hand because these are the bytes that are stored, hashed and served: made once, in a tenth of the time
that some 330 models take. The tests hold every answer against the model.
"""

from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring as quote
from typing import TYPE_CHECKING

from pydantic_core import to_json

from services.matching.kernel.parts import Elimination, Relaxation, Result, Said, Unmet
from services.matching.kernel.policy import CRITERIA
from services.matching.snapshot.label import listed
from services.matching.snapshot.worth import UNKNOWN
from shared.contracts.matches import NarrowedTo

if TYPE_CHECKING:
    from services.matching.kernel.answer import Answer


def run(found: "Answer", run_id: str, need_id: str, created_at: datetime, degraded: Said | None = None) -> bytes:
    """A match run: the answer with its ids, its time, and why it is degraded if it is."""
    head = (
        f'{{"id":{quote(run_id)},"need_id":{quote(need_id)},"policy_version":{quote(found.policy_version)},'
        f'"text_model_version":{quote(found.text_model_version)},"catalog_position":{found.catalog_position},'
        f'"as_of":"{found.as_of.isoformat()}","considered":{found.considered},"eligible":{found.eligible},'
        f"{_edition(found.edition)}"
    )
    return b'%b"results":[%b],"eliminated":[%b],"relaxations":[%b],"unmet":%b,%b,"created_at":%b}' % (
        head.encode(),
        b",".join(map(_result, found.results)),
        b",".join(map(_elimination, found.eliminated)),
        b",".join(map(_relaxation, found.relaxations)),
        _unmet(found.unmet),
        _degraded(degraded),
        to_json(created_at),
    )


def _edition(to: NarrowedTo | None) -> str:
    return f'"edition":{to.model_dump_json()},' if to else ""


def _result(place: Result) -> bytes:
    rank, _, label, score, weights, values, points, texts, order, cautions = place
    known, unknown = _contributions(weights)
    contributions = [
        unknown[number] % (points[number], texts[number].json)
        if values[number] == UNKNOWN
        else known[number] % (values[number], points[number], texts[number].json)
        for number in order
    ]
    return b'{"rank":%d,%b,"score":%d,"contributions":[%b],"cautions":[%b]}' % (
        rank,
        label,
        score,
        b",".join(contributions),
        b",".join([caution.json for caution in cautions]),
    )


@lru_cache
def _contributions(weights: tuple[int, ...]) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """The pattern of each criterion's contribution: with a value, and without."""
    known, unknown = [
        tuple(
            f'{{"criterion":"{criterion}","weight":{weight},"value":{value},"contribution":%d,"text":%b}}'.encode()
            for criterion, weight in zip(CRITERIA, weights, strict=True)
        )
        for value in ("%d", "null")
    ]
    return known, unknown


def _elimination(item: Elimination) -> bytes:
    head = f'{{"constraint":"{item.constraint}","count":{item.count},"only":{item.only},"text":'
    return head.encode() + item.text.json + b"}"


def _relaxation(item: Relaxation) -> bytes:
    rest = f'"admits":{item.admits},"offerings":{listed(item.offerings)},"text":'
    return b'{"change":%b,%b%b}' % (to_json(item.change), rest.encode(), item.text.json)


def _unmet(word: Unmet | None) -> bytes:
    return b'{"code":"%b","text":%b}' % (word.code.encode(), word.text.json) if word else b"null"


def _degraded(why: Said | None) -> bytes:
    return b'"degraded":true,"degraded_reason":' + why.json if why else b'"degraded":false,"degraded_reason":null'
