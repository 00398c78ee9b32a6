"""What follows for a subject of a public notice when an objection to it is upheld, by the kind of subject."""

from services.catalog.admission import applications
from services.catalog.admission.objections import Consequences
from services.catalog.editions import moves

UPHELD: Consequences = {"application": applications.uphold_objection, "edition": moves.recall_upheld}
