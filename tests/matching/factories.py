"""Small records, profiles and snapshots for tests of the kernel."""

from datetime import UTC, date, datetime
from typing import Any

from services.matching.kernel import policy
from services.matching.kernel.answer import Answer, match
from services.matching.kernel.question import Question
from services.matching.snapshot import snapshot
from services.matching.snapshot.snapshot import Snapshot
from services.matching.snapshot.text_model import TextModel
from shared import canonical, codes
from shared.contracts.changes import CategoryRecord, Change, EditionRecord, OfferingRecord, ProviderRecord, Record
from shared.contracts.needs import Enterprise, Profile
from shared.contracts.offerings import OfferingContent
from shared.contracts.providers import ProviderContent
from tests.support.records import credit_code

AS_OF = date(2026, 11, 22)
THEN = datetime(2026, 6, 1, tzinfo=UTC)
CATEGORIES = tuple(
    CategoryRecord(id=row["code"], parent=row["parent"] or None, name_zh=row["name_zh"], name_en=row["name_en"])
    for row in codes.rows("categories.csv")
)
POLICY = policy.default()


def provider(number: int = 1, standing: str = "active", **members: Any) -> ProviderRecord:
    """A provider in Hangzhou."""
    content = ProviderContent.model_validate(
        {"name": f"服务商{number}", "uscc": credit_code(number), "region": "330106", **members}
    )
    return ProviderRecord(id=f"prv_{number}", source="test", standing=standing, content=content)


def offering(number: int = 1, owner: int = 1, **members: Any) -> OfferingRecord:
    """A manufacturing-execution system that states nothing more."""
    plain = {
        "name": f"车间执行{number}",
        "kind": "product",
        "categories": ("mes",),
        "summary": "车间报工与追溯",
        "description": "扫码报工，看板看进度。",
    }
    content = OfferingContent.model_validate({**plain, **members})
    return OfferingRecord(
        id=f"off_{number}",
        provider_id=f"prv_{owner}",
        external_id=f"O{number:05d}",
        source="test",
        version=1,
        content_hash=canonical.digest(canonical.plain(content)),
        published_at=THEN,
        content=content,
    )


def edition(number: int, *offerings: str, **members: Any) -> EditionRecord:
    """An edition in force for two years that lists these offerings."""
    plain: dict[str, Any] = {
        "id": f"edt_{number}",
        "number": number,
        "title": {"zh": "推荐目录", "en": "Recommended catalogue"},
        "issuer": {"zh": "某省工信厅", "en": "Bureau"},
        "region": "330000",
        "valid_from": "2026-01-01",
        "valid_until": "2027-12-31",
        "content_hash": "0" * 64,
        "offerings": offerings,
    }
    return EditionRecord.model_validate({**plain, **members})


def held(*records: Record, model: TextModel | None = None) -> Snapshot:
    """A snapshot of these providers and offerings (a provider 1 is there if none is given)."""
    providers = [record for record in records if isinstance(record, ProviderRecord)] or [provider()]
    offerings = [record for record in records if isinstance(record, OfferingRecord)]
    editions = [record for record in records if isinstance(record, EditionRecord)]
    return snapshot.build(CATEGORIES, providers, offerings, model, editions=editions)


def profile(*categories: str, **members: Any) -> Profile:
    """A profile; constraints as plain values in `must`, quantities as plain numbers in `quantities`."""
    must = {name: {"value": value, "source": "text"} for name, value in members.pop("must", {}).items()}
    counts = {name: {"value": value, "source": "text"} for name, value in members.pop("quantities", {}).items()}
    size = members.pop("size", None)
    read = [{"code": code, "confidence": 90, "source": "text"} for code in categories or ("mes",)]
    return Profile.model_validate(
        {
            "categories": read,
            "must": must,
            "quantities": counts,
            "enterprise_size": {"value": size, "source": "enterprise"} if size else None,
            **members,
        }
    )


def firm(**members: Any) -> Enterprise:
    """A metalware factory in Hangzhou's Xihu district."""
    return Enterprise.model_validate({"region": "330106", "industry": "3351", **members})


def asking(wanted: Profile | None = None, enterprise: Enterprise | None = None, **members: Any) -> Question:
    """A question with sensible defaults."""
    plain: dict[str, Any] = {"as_of": AS_OF, "need_hash": "n" * 64}
    return Question(profile=wanted or profile(), enterprise=enterprise or firm(), **{**plain, **members})


def answered(
    snapshot_: Snapshot, wanted: Profile | None = None, enterprise: Enterprise | None = None, **members: Any
) -> Answer:
    """The kernel's answer with the default policy."""
    return match(snapshot_, POLICY, asking(wanted, enterprise, **members))


def served(answer: Answer) -> list[str]:
    """The ids of the places, in order."""
    return [result.offering_id for result in answer.results]


def change(position: int, record: Record | None, entity: str = "offering", entity_id: str = "") -> Change:
    """A change of the feed."""
    name = record.entity if record else entity
    return Change.model_validate(
        {
            "position": position,
            "type": f"{name}.published",
            "entity": name,
            "entity_id": record.id if record else entity_id,
            "record": record,
            "recorded_at": THEN,
        }
    )
