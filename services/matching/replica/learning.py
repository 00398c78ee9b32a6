"""Text statistics that are learned at a rebuild, or when much has changed, and kept so that runs can be replayed."""

import json
import zlib

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.matching.models import Generation, TextModelVersion
from services.matching.replica import catalogue
from services.matching.snapshot import snapshot
from services.matching.snapshot.text_model import TextModel
from shared import canonical, clock

LEAST_CHANGED = 200
"""Below so many changed offerings nothing is learned anew."""
CHANGED_SHARE = 5
"""One offering in so many must have changed before the statistics are learned anew."""


def due(session: Session, served: Generation) -> bool:
    """Whether so much changed that the statistics no longer speak of this catalogue."""
    if served.unlearned == 0:
        return False
    version = served.text_model_version
    known = session.scalar(select(TextModelVersion.documents).where(TextModelVersion.version == version))
    return not known or served.unlearned >= max(LEAST_CHANGED, known // CHANGED_SHARE)


def learn(session: Session, generation: int, position: int) -> TextModel:
    """The statistics of the catalogue at a position."""
    return snapshot.learn(catalogue.at(session, generation, position).offerings)


def keep(session: Session, model: TextModel) -> None:
    """Store a model under its version."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = {
        "version": model.version,
        "document": zlib.compress(canonical.encode(model.document()), level=1),
        "documents": model.documents,
        "learned_at": clock.now(),
    }
    session.execute(dialect.insert(TextModelVersion).on_conflict_do_nothing().values(row))


def recall(session: Session, version: str) -> TextModel:
    """The model of a version; LookupError when it is not stored, or is not what its version says."""
    row = session.get(TextModelVersion, version)
    try:
        model = TextModel.load(json.loads(zlib.decompress(row.document))) if row else None
    except Exception as damage:
        raise LookupError(version) from damage
    if model is None or model.version != version:
        raise LookupError(version)
    return model
