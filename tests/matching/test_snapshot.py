"""The snapshot: changes on top of a base, cheap, harmless when repeated, and the same as building anew."""

from services.matching.snapshot import snapshot
from services.matching.snapshot.snapshot import Snapshot, apply
from shared.contracts.changes import CategoryRecord
from tests.matching.factories import CATEGORIES, answered, change, held, offering, profile, provider, served


def _ids(catalogue: Snapshot) -> list[str]:
    return sorted(served(answered(catalogue, top_k=50)))


def test_an_empty_snapshot_answers() -> None:
    empty = snapshot.build(CATEGORIES, [], [])
    answer = answered(empty)
    assert (len(empty), answer.considered, answer.results) == (0, 0, ())
    assert answer.unmet is not None
    assert answer.unmet.code == "nothing-eligible"


def test_put_replace_withdraw() -> None:
    start = held(provider(1), offering(1))
    grown = apply(start, [change(1, offering(2))])
    assert _ids(grown) == ["off_1", "off_2"]
    assert _ids(start) == ["off_1"]  # the old one is untouched
    revised = apply(grown, [change(2, offering(1, name="新名字"))])
    assert {place.offering.content.name for place in answered(revised).results} == {"新名字", "车间执行2"}
    assert len(revised) == 2
    gone = apply(revised, [change(3, None, entity_id="off_1"), change(4, None, entity_id="off_2")])
    assert _ids(gone) == []
    assert (len(gone), gone.position) == (0, 4)
    back = apply(gone, [change(5, offering(1))])
    assert _ids(back) == ["off_1"]


def test_what_was_applied_is_not_applied_again() -> None:
    start = held(provider(1), offering(1))
    changes = [change(1, offering(2)), change(2, None, entity_id="off_1")]
    once = apply(start, changes)
    twice = apply(once, changes)
    assert (_ids(twice), twice.position) == (["off_2"], 2)


def test_a_suspended_provider_takes_its_offers_out_and_back() -> None:
    start = held(provider(1), provider(2), offering(1, 1), offering(2, 2))
    suspended = apply(start, [change(1, provider(1, standing="suspended"))])
    assert _ids(suspended) == ["off_2"]
    assert [item.constraint for item in answered(suspended).eliminated] == ["validity"]
    assert _ids(apply(suspended, [change(2, provider(1))])) == ["off_1", "off_2"]


def test_a_provider_that_comes_after_its_offering_counts() -> None:
    start = snapshot.build(CATEGORIES, [], [])
    late = apply(start, [change(1, offering(1)), change(2, provider(1))])
    assert _ids(late) == ["off_1"]


def test_a_change_of_the_tree_rebuilds_the_buckets() -> None:
    start = held(provider(1), offering(1, categories=("new-thing",)))
    assert answered(start, profile("mes")).considered == 0
    record = CategoryRecord(id="new-thing", parent="production", name_zh="新事物", name_en="New thing")
    moved = apply(start, [change(1, record)])
    assert answered(moved, profile("mes")).considered == 1


def test_a_rebuild_empties_the_delta_and_changes_nothing() -> None:
    grown = apply(held(provider(1), offering(1)), [change(1, offering(2)), change(2, None, entity_id="off_1")])
    fresh = snapshot.rebuild(grown)
    assert (len(fresh.delta.entries), len(fresh), fresh.position) == (0, 1, 2)
    assert answered(fresh).results == answered(grown).results
    assert not fresh.heavy


def test_an_offer_of_two_families_is_counted_once() -> None:
    catalogue = held(offering(1, categories=("mes", "erp", "quality-management")))
    answer = answered(catalogue, profile("mes", "erp"))
    assert (answer.considered, served(answer)) == (1, ["off_1"])


def test_offerings_are_found_by_id() -> None:
    grown = apply(held(provider(1), offering(1), offering(2)), [change(1, offering(1, name="改名"))])
    found = grown.offering("off_1")
    assert found is not None
    assert found.content.name == "改名"
    assert grown.offering("off_9") is None
