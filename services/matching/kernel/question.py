"""What matching is asked, and the same made ready for the kernel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.matching.kernel.demand import Demand
from services.matching.kernel.policy import Policy
from services.matching.kernel.wording import Wording
from services.matching.snapshot.categories import Tree
from services.matching.snapshot.snapshot import Snapshot
from shared.contracts.needs import Enterprise, Profile


@dataclass(frozen=True, slots=True)
class Question:
    """A need as it is matched: everything that the answer depends on, besides the snapshot and the policy."""

    profile: Profile
    enterprise: Enterprise
    as_of: date
    need_hash: str
    """Orders offers of equal score, differently for every need."""
    text: str = ""
    """The need in the firm's own words; they count beside the wishes of the profile."""
    top_k: int = 10
    weights: Mapping[str, int] | None = None
    """Criterion → basis points, within the bounds of the policy; None takes the policy's own."""
    established: frozenset[str] = frozenset()
    """The providers that are no newcomers; while there are none, no place is kept for newcomers."""
    edition: str | None = None
    """The only edition whose offers are considered; None: all that is published."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question made ready: the demand as numbers, its words, and the weights that count."""

    question: Question
    policy: Policy
    tree: Tree
    demand: Demand
    wording: Wording
    weights: tuple[int, ...]

    @classmethod
    def of(cls, question: Question, snapshot: Snapshot, policy: Policy) -> "Asked":
        """Makes a question ready. Raises policy.WeightOutOfBounds."""
        profile = question.profile
        return cls(
            question=question,
            policy=policy,
            tree=snapshot.tree,
            demand=Demand.of(profile, question.enterprise, question.as_of),
            wording=Wording.of(question.text, profile.wishes, profile.avoid, snapshot.text_model),
            weights=policy.weights(question.weights),
        )
