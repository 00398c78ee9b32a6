"""A catalogue with its index, brought up to date on demand."""

from typing import Any

from services.catalog.changes import OwnFeed
from services.catalog.indexer import SearchCopy
from services.catalog.search import engines
from services.catalog.settings import CatalogSettings
from shared.feed import catch_up


class Searched:
    """A catalogue whose index is brought up to date on demand."""

    def __init__(self, catalog: Any, settings: CatalogSettings) -> None:
        self.catalog = catalog
        self.settings = settings
        self.open()

    def open(self) -> None:
        """Open the index for writing, as a new process would."""
        self.index = engines.to_index(self.settings)
        self.copy = SearchCopy(self.catalog.database, self.index)

    def catch_up(self) -> None:
        self.catalog.changes()
        while self.copy.cursor() is None:
            catch_up(self.copy, OwnFeed(self.catalog.database))
        while catch_up(self.copy, OwnFeed(self.catalog.database)):
            pass

    def search(self, **query: Any) -> dict[str, Any]:
        answer = self.catalog.get("/v1/offerings/search", role="sme", params=query)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def names(self, **query: Any) -> list[str]:
        return [item["name"] for item in self.search(**query)["items"]]

    def published(self, name: str, provider: dict[str, Any], **members: Any) -> dict[str, Any]:
        return dict(self.catalog.offering(provider["id"], "submit", "publish", name=name, **members))
