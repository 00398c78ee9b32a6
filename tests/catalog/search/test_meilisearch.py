"""What is Meilisearch's own: the filter language, the search text, tasks that fail, keys and leftovers."""

import threading
import time
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.catalog.search import meilisearch_keys, meilisearch_queries, queries
from services.catalog.search.engines import INDEXER_KEY, SEARCH_KEY
from services.catalog.search.meilisearch import Refused, Server
from services.catalog.search.meilisearch_control import Control, TaskFailed
from services.catalog.search.meilisearch_filters import Compare, Every, Filter, In, Not, Some, written
from services.catalog.search.meilisearch_index import MeilisearchIndex
from services.catalog.search.port import Query, Unreachable, Unsearchable
from tests.catalog.search.conftest import MASTER, PATIENCE
from tests.catalog.search.factories import build, document
from tests.support.faults import breakable
from tests.support.meilisearch import filters
from tests.support.meilisearch.access import value
from tests.support.meilisearch.http import listening
from tests.support.meilisearch.server import ROUTES, FakeServer


@pytest.fixture
def fake() -> FakeServer:
    return FakeServer(MASTER)


@pytest.fixture
def url(fake: FakeServer) -> Iterator[str]:
    with listening(fake) as url:
        yield url


def opened(url: str, key: str = MASTER) -> MeilisearchIndex:
    return MeilisearchIndex(url, key, "offerings", search_seconds=PATIENCE)


@pytest.fixture
def index(url: str) -> Iterator[MeilisearchIndex]:
    there = opened(url)
    build(there, [document("off_1", name="仓库")], "1")
    yield there
    there.close()


ATTRIBUTES = ("a", "b", "IN", "_geo", 'a"b')
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
LEAVES: st.SearchStrategy[Filter] = st.one_of(
    st.builds(In, st.sampled_from(ATTRIBUTES), st.lists(TEXTS, max_size=3)),
    st.builds(Compare, st.sampled_from(ATTRIBUTES), st.sampled_from(("<", ">", "<=", ">=")), st.integers(-9, 9)),
)
TREES: st.SearchStrategy[Filter] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(Every, st.lists(inner, min_size=1, max_size=3)),
        st.builds(Some, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=6,
)
DOCUMENTS = st.dictionaries(st.sampled_from(ATTRIBUTES), st.one_of(TEXTS, st.integers(-9, 9), st.lists(TEXTS)))


def holds(asked: Filter, document: dict[str, object]) -> bool:
    """What a tree means, without the server's language."""
    match asked:
        case In(attribute, values):
            said = document.get(attribute, [])
            many = said if isinstance(said, list) else [said]
            return not {filters.folded(one) for one in many}.isdisjoint(map(filters.folded, values))
        case Compare(attribute, operator, number):
            said = document.get(attribute)
            compares = {"<": int.__lt__, ">": int.__gt__, "<=": int.__le__, ">=": int.__ge__}
            return isinstance(said, int) and bool(compares[operator](said, number))
        case Not(other):
            return not holds(other, document)
        case Every(parts):
            return all(holds(part, document) for part in parts)
        case Some(parts):
            return any(holds(part, document) for part in parts)


@settings(deadline=None)
@given(TREES, DOCUMENTS)
def test_a_filter_means_what_its_tree_means_whatever_is_in_its_values(asked, document):
    judge = filters.judge(written(asked), lambda _attribute, _way: True, ATTRIBUTES)
    assert judge(document) is holds(asked, document)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_nothing_typed_is_an_operator(typed):
    said = meilisearch_queries.text(queries.words(typed))
    outside = "".join(said.split('"')[::2])
    assert said.count('"') % 2 == 0
    assert not any(word.startswith("-") for word in outside.split())


def test_what_is_an_offering_and_still_offered_is_always_asked_for():
    asked = str(meilisearch_queries.search(Query(as_of=date(2026, 11, 27)))["filter"])
    assert asked == '("entry" IN ["offering"]) AND (NOT ("valid_until" < 739947))'


def test_a_task_that_fails_is_an_error_and_the_mark_stays(index, fake):
    index.put([document("not a documented id!")])
    with pytest.raises(TaskFailed) as failed:
        index.confirm("2")
    assert failed.value.code == "invalid_document_id"
    assert index.mark() == "1"
    index.put([document("off_2")])
    index.confirm("3")
    assert (index.mark(), index.search(Query()).total) == ("3", 2)


def test_nothing_is_confirmed_before_the_server_has_done_it(index, fake):
    fake.tasks.held.clear()
    index.put([document("off_2")])
    confirming = threading.Thread(target=index.confirm, args=("2",))
    confirming.start()
    time.sleep(0.3)
    assert confirming.is_alive()
    assert (index.mark(), index.search(Query()).total) == ("1", 1)
    fake.tasks.held.set()
    confirming.join(timeout=10)
    assert (index.mark(), index.search(Query()).total) == ("2", 2)


def test_settings_come_before_documents_and_the_old_index_goes(index, fake):
    build(index, [document("off_2")], "2")
    kinds = [fake.tasks.view(number)[0]["type"] for number in range(100) if fake.tasks.view(number)]
    assert kinds[:4] == ["indexCreation", "settingsUpdate", "documentAdditionOrUpdate", "documentAdditionOrUpdate"]
    assert kinds[-2:] == ["indexSwap", "indexDeletion"]
    assert list(fake.indexes) == ["offerings"]


def test_what_a_dead_indexer_left_is_swept_by_the_next_swap(index, fake):
    index.beside().put([document("off_left")])
    assert len(fake.indexes) == 2
    build(index, [], "2")
    assert list(fake.indexes) == ["offerings"]


def test_only_documented_routes_are_used(index, fake):
    index.remove(["off_1"])
    index.confirm("2")
    index.ask_anew()
    index.asked_anew()
    known = {(method, pattern.replace("([^/]+)", "x").replace("([0-9]+)", "x")) for method, pattern, *_ in ROUTES}
    used = {(method, _anonymous(path)) for method, path in fake.calls}
    assert used <= known


def _anonymous(path: str) -> str:
    parts = path.split("/")
    return "/".join([*parts[:2], "x", *parts[3:]] if len(parts) > 2 else parts)


def test_the_keys_have_the_least_rights(url, fake):
    granted = meilisearch_keys.granted(Control(url, MASTER), "offerings")
    assert granted == meilisearch_keys.derived(MASTER, "offerings")
    assert granted == meilisearch_keys.granted(Control(url, MASTER), "offerings"), "granting again changes nothing"
    writer, reader = opened(url, granted[INDEXER_KEY]), opened(url, granted[SEARCH_KEY])
    build(writer, [document("off_1")], "1")
    assert (reader.search(Query()).total, reader.mark()) == (1, "1")
    with pytest.raises(Unreachable):
        reader.put([document("off_2")])
    with pytest.raises(Refused):
        reader.beside()
    stranger = Server(url, granted[INDEXER_KEY], 5)
    for path, body in (
        ("/indexes/others/documents", [{"id": "1"}]),
        ("/indexes", {"uid": "others"}),
        ("/keys", {"actions": ["*"], "indexes": ["*"], "expiresAt": None}),
    ):
        with pytest.raises(Refused) as refused:
            stranger.post(path, body)
        assert (refused.value.status, refused.value.code) == (403, "invalid_api_key")
    for opened_index in (writer, reader, stranger):
        opened_index.close()


def test_a_key_with_other_rights_is_made_again(url, fake):
    access = meilisearch_keys.accesses("offerings")[SEARCH_KEY]
    fake.keys.create({"uid": access.uid, "actions": ["*"], "indexes": ["*"], "expiresAt": None})
    meilisearch_keys.granted(Control(url, MASTER), "offerings")
    assert fake.keys.find(access.uid)["actions"] == ["search"]


def test_the_value_of_a_key_is_made_as_published():
    made = value("masterKey", "d7d30ffe-ec60-484f-84f8-1c8b7d0ac352")
    assert made == "623359df9ea4d4a6c676c329c793191601ce7dd15541c2394277eae26aeedf1e"


def test_a_server_that_sheds_load_is_asked_once_more_and_then_left_alone(index, url):
    with breakable(url) as way:
        reader = opened(way.url)
        way.become("busy")
        for _ in range(3):
            with pytest.raises(Unreachable):
                reader.search(Query())
        way.become("none")
        with pytest.raises(Unreachable, match="left alone"):
            reader.search(Query())
        time.sleep(2.1)  # what it said in Retry-After
        assert reader.search(Query()).total == 1
        reader.close()


def test_an_index_made_by_somebody_else_is_no_index(url, fake):
    Control(url, MASTER).ensure("offerings")
    index = opened(url)
    assert index.mark() is None
    with pytest.raises(Unsearchable):
        index.search(Query())
    index.close()
