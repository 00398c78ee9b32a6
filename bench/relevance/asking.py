"""Asks the judged needs through the public API, as a firm would."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx2

from bench.relevance.judged import Need

AS_OF = date(2026, 11, 22)
SEARCH_CHARACTERS = 200
"""A search box takes no more; a pasted paragraph is cut."""


@dataclass(frozen=True)
class Answer:
    """What came back for one need."""

    need: Need
    body: dict[str, Any]

    @property
    def served(self) -> list[str]:
        """The catalogue codes of the places, best first."""
        return [result["external_id"] for result in self.body["match_run"]["results"]]

    @property
    def unmet(self) -> bool:
        """Whether the answer says that nothing (whole) fits."""
        return self.body["match_run"]["unmet"] is not None


def ask(client: httpx2.Client, needs: Iterable[Need], as_of: date = AS_OF) -> list[Answer]:
    """The answers to all needs; raises when one is refused."""
    return [Answer(need, _post(client, need, as_of)) for need in needs]


def _post(client: httpx2.Client, need: Need, as_of: date) -> dict[str, Any]:
    body = {"text": need.text, "enterprise": need.enterprise, "as_of": as_of.isoformat()}
    answer = client.post("/v1/needs", json=body)
    if answer.status_code != 201:
        raise RuntimeError(f"{need.code}: {answer.status_code} {answer.text}")
    return dict(answer.json())


def search(client: httpx2.Client, need: Need, places: int = 10) -> list[str]:
    """What the catalogue's own search gives for the need's text, in the engine's order."""
    query = need.text[:SEARCH_CHARACTERS]
    answer = client.get("/v1/offerings/search", params={"q": query, "limit": str(places)})
    answer.raise_for_status()
    return [item["external_id"] for item in answer.json()["items"]]
