"""Spells an answer out as the JSON of `shared.contracts.matches.MatchRun`, byte for byte as the model would.

Written by hand because these are the bytes that are stored, hashed and served: made once, in a tenth of the time
that some 330 models take. The tests hold every answer against the model.
"""

from collections.abc import Iterable
from datetime import datetime
from json.encoder import encode_basestring as quote
from typing import TYPE_CHECKING

from pydantic_core import to_json

from services.matching.kernel.parts import Contribution, Elimination, Relaxation, Result, Said, Unmet
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
        f'"degraded":{"true" if degraded else "false"},"degraded_reason":{_text(degraded) if degraded else "null"},'
        f'"created_at":{value(created_at)}}}'
    ).encode()


def _edition(to: NarrowedTo | None) -> str:
    return f'"edition":{to.model_dump_json()},' if to else ""


def value(anything: object) -> str:
    """Any value as it stands in JSON, by the encoder that writes the models."""
    return to_json(anything).decode()


def _result(place: Result) -> str:
    return (
        f'{{"rank":{place.rank},"offering_id":{quote(place.offering_id)},"external_id":{_or_null(place.external_id)},'
        f'"provider_id":{quote(place.provider_id)},"name":{quote(place.name)},'
        f'"provider_name":{quote(place.provider_name)},"categories":{_list(place.categories)},'
        f'"summary":{quote(place.summary)},"version":{place.version},"content_hash":{quote(place.content_hash)},'
        f'"score":{place.score},"contributions":[{",".join([_contribution(part) for part in place.contributions])}],'
        f'"cautions":[{",".join([_text(caution) for caution in place.cautions])}]}}'
    )


def _contribution(part: Contribution) -> str:
    criterion, weight, known, points, zh, en = part
    return (
        f'{{"criterion":"{criterion}","weight":{weight},"value":{"null" if known is None else known},'
        f'"contribution":{points},"text":{{"zh":{quote(zh)},"en":{quote(en)}}}}}'
    )


def _elimination(item: Elimination) -> str:
    return f'{{"constraint":"{item.constraint}","count":{item.count},"only":{item.only},"text":{_text(item.text)}}}'


def _relaxation(item: Relaxation) -> str:
    return (
        f'{{"change":{value(item.change)},"admits":{item.admits},"offerings":{_list(item.offerings)},'
        f'"text":{_text(item.text)}}}'
    )


def _unmet(word: Unmet | None) -> str:
    return f'{{"code":"{word.code}","text":{_text(word.text)}}}' if word else "null"


def _text(said: Said) -> str:
    return f'{{"zh":{quote(said.zh)},"en":{quote(said.en)}}}'


def _or_null(words: str | None) -> str:
    return "null" if words is None else quote(words)


def _list(words: Iterable[str]) -> str:
    return f"[{','.join(map(quote, words))}]"
