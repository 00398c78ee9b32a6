"""Organisations: whose keys there are."""

from sqlalchemy.orm import Session

from services.gateway.models import Organisation
from shared import clock, identifiers, problems
from shared.codes import regions


def register(session: Session, name: str, region: str = regions.NATIONWIDE, uscc: str | None = None) -> Organisation:
    """A new organisation; `region` is how far a bureau reaches, `uscc` whose provider records are its own."""
    organisation = Organisation(id=identifiers.new("org"), name=name, uscc=uscc, region=region, created_at=clock.now())
    session.add(organisation)
    session.flush()
    return organisation


def get(session: Session, organisation_id: str) -> Organisation:
    """The organisation; NotFound when there is none."""
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise problems.NotFound
    return organisation
