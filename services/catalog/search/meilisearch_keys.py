"""The two API keys of an installation on a Meilisearch server, each with the least rights that do its work.

Their uids are made from the name of the index, and a key's value is made by the server from its uid and the master
key: so they can be granted again at any time and stay what they are.
"""

import hashlib
import hmac
import uuid

from services.catalog.search.engines import INDEXER_KEY, SEARCH_KEY
from services.catalog.search.meilisearch_control import Access, Control
from services.catalog.search.meilisearch_index import BESIDE

_SEARCHING = ("search",)
_INDEXING = (
    "search",  # reads the index's own notes
    "documents.add",
    "documents.delete",
    "indexes.create",
    "indexes.get",
    "indexes.delete",
    "indexes.swap",
    "settings.update",
    "tasks.get",
)


def accesses(index: str) -> dict[str, Access]:
    """The keys by the names of their secret files."""
    beside = [index, f"{index}{BESIDE}*"]
    return {
        SEARCH_KEY: Access(_uid(index, SEARCH_KEY), "Duijie search", "Searches the offerings.", _SEARCHING, [index]),
        INDEXER_KEY: Access(_uid(index, INDEXER_KEY), "Duijie indexer", "Writes the offerings.", _INDEXING, beside),
    }


def granted(control: Control, index: str) -> dict[str, str]:
    """Make the server have both keys, with the master key; gives their values by the names of their secret files."""
    return {name: control.grant(access) for name, access in accesses(index).items()}


def derived(master: str, index: str) -> dict[str, str]:
    """The same values without asking the server, as it documents them: HMAC-SHA-256 of the uid by the master key."""
    return {
        name: hmac.new(master.encode(), access.uid.encode(), hashlib.sha256).hexdigest()
        for name, access in accesses(index).items()
    }


def _uid(index: str, name: str) -> str:
    """A uid in the form of version 4, which the server asks for, that is the same for the same index and key."""
    made = uuid.uuid5(uuid.NAMESPACE_OID, f"duijie/{index}/{name}")
    return str(uuid.UUID(bytes=made.bytes, version=4))
