"""Cases that schemathesis generates from the composed OpenAPI document, sent to a running system and checked."""

import itertools
import math
import random
import traceback
from collections import Counter
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS
from schemathesis.core.transport import Response

from tests.support import records
from tests.support.processes import SystemProcess

CHECKED = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
]
"""Not positive_data_acceptance: what the schema cannot say (which codes exist, who may do it when) is refused too."""


class Sender:
    """Sends cases in every role that may call the operation, half of them at things that exist."""

    def __init__(self, system: SystemProcess, dice: random.Random) -> None:
        self.statuses: Counter[int] = Counter()
        self._keys = system.keys
        self._dice = dice
        self._session = requests.Session()
        self._there = existing(system)
        # By name only now: the registry knows the checks of OpenAPI once a document is loaded.
        self._checks = CHECKS.get_by_names(CHECKED)

    def send(self, case: Case) -> None:
        """Send one case; raises what the checks find."""
        self._aim(case)
        role = self._dice.choice(case.operation.definition.raw["x-access"]["roles"])
        headers = {"Authorization": f"Bearer {self._keys[role]}"}
        answer = case.call(session=self._session, headers=headers, timeout=20)
        self.statuses[answer.status_code] += 1
        session = {"session": self._session}
        checks = [
            check for check in self._checks if check.__name__ != "negative_data_rejection" or arrived(case, answer)
        ]
        case.validate_response(answer, checks=checks, headers=headers, transport_kwargs=session)

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def _aim(self, case: Case) -> None:
        if not case.meta or case.meta.generation.mode is not GenerationMode.POSITIVE or self._dice.random() < 0.5:
            return
        for name in case.path_parameters.keys() & self._there.keys():
            case.path_parameters[name] = self._dice.choice(self._there[name])
        if case.headers and "If-Match" in case.headers:
            case.headers["If-Match"] = "*"


def arrived(case: Case, answer: Response) -> bool:
    """Whether the query went out as it was generated.

    An empty list or object has no spelling in an address, so a wrong parameter that is one is simply not sent; and a
    list of one is spelled as its element. The server has nothing to reject in either.
    """
    sent = parse_qs(urlsplit(answer.request.url or "").query, keep_blank_values=True)
    return all(
        name in sent and (len(sent[name]) > 1 or not isinstance(value, list))
        for name, value in (case.query or {}).items()
    )


def run(system: SystemProcess, count: int, number: int) -> tuple[Counter[int], list[str]]:
    """At least `count` cases spread over all operations; gives the statuses, and what broke the document's word."""
    schema = schemathesis.openapi.from_url(f"{system.url}/openapi.json")
    strategies = [
        (found.ok().label, mode, found.ok().as_strategy(generation_mode=mode))
        for found in schema.get_all_operations()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    ]
    broken: dict[str, str] = {}
    sender = Sender(system, random.Random(number))
    for turn in itertools.count():
        at_once = math.ceil((count - sender.statuses.total()) / len(strategies))
        for label, mode, strategy in strategies:
            try:
                _try(given(strategy)(sender.send), at_once, number + turn)
            except (Exception, BaseExceptionGroup) as fault:
                reasons = [str(inner) for inner in getattr(fault, "exceptions", ())]
                said = "".join(traceback.format_exception_only(fault))
                broken[label] = f"{label} ({mode.name}): {said} {reasons}"
        if sender.statuses.total() >= count or broken:
            sender.close()
            return sender.statuses, list(broken.values())
    raise AssertionError


def existing(system: SystemProcess) -> dict[str, list[str]]:
    """Identifiers of what exists, by the name of the path parameter."""
    with system.client("admin") as admin:
        need = admin.post("/v1/needs", json=records.need()).json()
        key = admin.post("/v1/keys", json={"role": "sme", "organisation": {"name": "试"}}).json()
        form = {"kind": "providers", "dry_run": "true"}
        report = admin.post("/v1/imports", data=form, files={"file": ("a.jsonl", b'{"code": "1"}')}).json()
        listed = {name: admin.get(f"/v1/{name}").json()["items"] for name in ("offerings", "providers")}
    return {
        "need_id": [need["id"]],
        "run_id": [need["match_run"]["id"]],
        "key_id": [key["details"]["id"]],
        "import_id": [report["id"]],
        "offering_id": [item["id"] for item in listed["offerings"]],
        "provider_id": [item["id"] for item in listed["providers"]],
    }


def _try(property_: Callable[[], None], cases: int, number: int) -> None:
    limits = settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    seed(number)(limits(property_))()
