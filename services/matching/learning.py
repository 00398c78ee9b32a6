"""Text statistics that are learned at a rebuild, or when much has changed, and kept so that runs can be replayed."""

import json
import zlib

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.matching import catalogue, snapshot
from services.matching.models import Generation, TextModelVersion
from services.matching.text_model import TextModel
from shared import canonical, clock
from shared.contracts.changes import OfferingRecord

LEAST_CHANGED = 200
"""Below so many changed offerings nothing is learned anew."""
CHANGED_SHARE = 5
"""One offering in so many must have changed before the statistics are learned anew."""
NOTHING_READ = TextModel.learn(())


def due(generation: Generation, known: TextModel) -> bool:
    """Whether so much changed that the statistics no longer speak of this catalogue."""
    if known.documents == 0:
        return generation.unlearned > 0
    return generation.unlearned >= max(LEAST_CHANGED, known.documents // CHANGED_SHARE)


def learn(session: Session, generation: int, position: int) -> TextModel:
    """The statistics of the catalogue at a position."""
    return snapshot.learn(
        record
        for _, document in catalogue.documents(session, generation, position)
        if isinstance(record := catalogue.decode(document), OfferingRecord)
    )


def keep(session: Session, model: TextModel) -> None:
    """Store a model under its version."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = {
        "version": model.version,
        "document": zlib.compress(canonical.encode(model.document())),
        "learned_at": clock.now(),
    }
    session.execute(dialect.insert(TextModelVersion).on_conflict_do_nothing().values(row))


def recall(session: Session, version: str) -> TextModel | None:
    """The model of a version, if it is stored."""
    row = session.get(TextModelVersion, version)
    return TextModel.load(json.loads(zlib.decompress(row.document))) if row else None
