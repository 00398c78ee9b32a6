"""Categories: two levels, read as a list, replaced as a whole."""

from collections.abc import Iterator, Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from services.catalog import changes, records, resources
from services.catalog.models import Category, CategoryTree, Offering, OfferingCode
from shared import problems
from shared.codes import regions
from shared.contracts.wire import Text
from shared.preconditions import Precondition
from shared.principal import Principal
from shared.problems import ProblemItem

FAMILIES_AT_MOST = 64
"""Categories of level 1: matching notes those that an offering belongs to in the bits of one number."""
Rows = Sequence[Category]


def tree(session: Session) -> tuple[Rows, int]:
    """The categories in their order, and the revision of the tree."""
    revision = session.scalars(select(CategoryTree.revision)).one()
    return session.scalars(select(Category).order_by(Category.place)).all(), revision


def replace(
    session: Session, caller: Principal, seen: Precondition, items: Sequence[resources.Category]
) -> tuple[Rows, int]:
    """Put another tree in place of the present one.

    Forbidden to a bureau of a region: the tree is the whole country's.
    Invalid when it is not a tree of two levels, has more than FAMILIES_AT_MOST of the first, or when a published
    offering uses a code that would go.
    """
    if caller.role == "bureau" and caller.region != regions.NATIONWIDE:
        raise problems.Forbidden(
            Text(
                zh="类目全国统一，地方主管部门不能替换", en="a regional bureau cannot: the tree is the whole country's"
            )
        )
    head = session.scalars(select(CategoryTree).with_for_update()).one()
    seen.require(head.revision)
    # Offerings take a share of the categories they use, so nobody can begin to use one while it is removed here.
    present = {row.code: row for row in session.scalars(select(Category).order_by(Category.code).with_for_update())}
    _refuse(_not_a_tree(items))
    _refuse(_still_used(session, {item.code for item in items if item.parent}))
    for code in sorted(present.keys() - {item.code for item in items}):
        session.delete(present.pop(code))
        changes.record(session, "category.removed", "category", code, None)
    for place, item in enumerate(items):
        _put(session, present.get(item.code), item, place)
    head.revision += 1
    session.flush()
    return tree(session)


def below(session: Session, code: str) -> Sequence[str]:
    """The code and its children; BadRequest when there is no such category."""
    found = session.scalars(select(Category.code).where(or_(Category.code == code, Category.parent == code))).all()
    if code not in found:
        item = problems.parameter("category", "unknown-category", "类目不存在", "no such category")
        raise problems.BadRequest(errors=[item])
    return found


def _put(session: Session, row: Category | None, item: resources.Category, place: int) -> None:
    if row is not None and resources.Category.of(row) == item:
        row.place = place
        return
    row = row or Category(code=item.code)
    row.parent, row.name_zh, row.name_en, row.place = item.parent, item.name_zh, item.name_en, place
    session.add(row)
    changes.record(session, "category.revised", "category", item.code, records.category(row))


def _not_a_tree(items: Sequence[resources.Category]) -> Iterator[ProblemItem]:
    parents = {item.code: item.parent for item in items}
    if sum(parent is None for parent in parents.values()) > FAMILIES_AT_MOST:
        yield problems.at(
            "/items",
            "too-many-families",
            f"一级类目最多 {FAMILIES_AT_MOST} 个",
            f"at most {FAMILIES_AT_MOST} categories of level 1",
        )
    given: set[str] = set()
    for place, item in enumerate(items):
        if item.code in given:
            yield problems.at(f"/items/{place}/code", "doubled-category", "类目代码重复", "this code is given twice")
        given.add(item.code)
        if item.parent is not None and parents.get(item.parent, "none") is not None:
            yield problems.at(
                f"/items/{place}/parent",
                "unknown-parent",
                "上级须为同表中的一级类目",
                "must be a level-1 category of this list",
            )


def _still_used(session: Session, level_2: set[str]) -> Iterator[ProblemItem]:
    used = session.execute(
        select(OfferingCode.code, func.count())
        .join(
            Offering,
            and_(Offering.id == OfferingCode.offering_id, Offering.published_version == OfferingCode.version),
        )
        .where(OfferingCode.axis == "category", Offering.state.in_(("published", "suspended")))
        .group_by(OfferingCode.code)
        .order_by(OfferingCode.code)
    )
    for code, count in used:
        if code not in level_2:
            yield problems.at(
                "/items",
                "category-in-use",
                f"二级类目 {code} 仍被 {count} 个已发布供给使用",
                f"level-2 category {code} is still used by {count} published offerings",
            )


def _refuse(items: Iterator[ProblemItem]) -> None:
    if found := list(items):
        raise problems.Invalid(errors=found)
