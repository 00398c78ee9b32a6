"""Spells an answer out as the JSON of `shared.contracts.matches.MatchRun`, byte for byte as the model would.

Written by hand because these are the bytes that are stored, hashed and served: made once, in a tenth of the time
that some 330 models take. The tests hold every answer against the model.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring as quote
from typing import TYPE_CHECKING

from pydantic_core import to_json

from services.matching.kernel.parts import Elimination, Relaxation, Result, Said, Unmet
from services.matching.kernel.policy import CRITERIA
from services.matching.snapshot.worth import UNKNOWN
from shared.contracts.matches import NarrowedTo

if TYPE_CHECKING:
    from services.matching.kernel.answer import Answer


def run(found: "Answer", run_id: str, need_id: str, created_at: datetime, degraded: Said | None = None) -> bytes:
    """A match run: the answer with its ids, its time, and why it is degraded if it is."""
    return (
        f'{{"id":{quote(run_id)},"need_id":{quote(need_id)},"policy_version":{quote(found.policy_version)},'
        f'"text_model_version":{quote(found.text_model_version)},"catalog_position":{found.catalog_position},'
        f'"as_of":"{found.as_of.isoformat()}","considered":{found.considered},"eligible":{found.eligible},'
        f"{_edition(found.edition)}"
        f'"results":[{",".join(map(_result, found.results))}],'
        f'"eliminated":[{",".join(map(_elimination, found.eliminated))}],'
        f'"relaxations":[{",".join(map(_relaxation, found.relaxations))}],"unmet":{_unmet(found.unmet)},'
        f'"degraded":{"true" if degraded else "false"},"degraded_reason":{degraded.json if degraded else "null"},'
        f'"created_at":{value(created_at)}}}'
    ).encode()


def _edition(to: NarrowedTo | None) -> str:
    return f'"edition":{to.model_dump_json()},' if to else ""


def value(anything: object) -> str:
    """Any value as it stands in JSON, by the encoder that writes the models."""
    return to_json(anything).decode()


def _result(place: Result) -> str:
    (
        rank, offering_id, external_id, provider_id, name, provider_name, categories, summary, version, content_hash,
        score, weights, values, points, texts, order, cautions,
    ) = place  # fmt: skip
    heads = _heads(weights)
    contributions = [
        f"{heads[number]}{'null' if values[number] == UNKNOWN else values[number]},"
        f'"contribution":{points[number]},"text":{texts[number].json}}}'
        for number in order
    ]
    return (
        f'{{"rank":{rank},"offering_id":{quote(offering_id)},"external_id":{_or_null(external_id)},'
        f'"provider_id":{quote(provider_id)},"name":{quote(name)},"provider_name":{quote(provider_name)},'
        f'"categories":{_list(categories)},"summary":{quote(summary)},"version":{version},'
        f'"content_hash":{quote(content_hash)},"score":{score},"contributions":[{",".join(contributions)}],'
        f'"cautions":[{",".join([caution.json for caution in cautions])}]}}'
    )


@lru_cache
def _heads(weights: tuple[int, ...]) -> tuple[str, ...]:
    """How the contribution of each criterion begins."""
    return tuple(
        f'{{"criterion":"{criterion}","weight":{weight},"value":'
        for criterion, weight in zip(CRITERIA, weights, strict=True)
    )


def _elimination(item: Elimination) -> str:
    return f'{{"constraint":"{item.constraint}","count":{item.count},"only":{item.only},"text":{item.text.json}}}'


def _relaxation(item: Relaxation) -> str:
    return (
        f'{{"change":{value(item.change)},"admits":{item.admits},"offerings":{_list(item.offerings)},'
        f'"text":{item.text.json}}}'
    )


def _unmet(word: Unmet | None) -> str:
    return f'{{"code":"{word.code}","text":{word.text.json}}}' if word else "null"


def _or_null(words: str | None) -> str:
    return "null" if words is None else quote(words)


def _list(words: Iterable[str]) -> str:
    return f"[{','.join(map(quote, words))}]"
