"""R4: same key, same effect, over two real server processes on one database."""

import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest

from services.catalog.settings import CatalogSettings
from tests.catalog.conftest import offering_content, provider_content
from tests.support.spawned import Spawned

ROOT = Path(__file__).parent.parent.parent
DUPLICATES, KEYS = 25, 20


@contextmanager
def serving(settings: CatalogSettings, state: Path) -> Iterator[str]:
    """A server process of the catalogue; gives its URL at once, where it answers as soon as it has started."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        environment = os.environ | {
            "DUIJIE_CATALOG_DATABASE_URL": settings.database_url,
            "DUIJIE_SECRETS_DIR": str(settings.secrets_dir),
            "DUIJIE_STATE_DIR": str(state),
            "DUIJIE_TRUSTED_ISSUERS": json.dumps(settings.trusted_issuers),
        }
        command = [sys.executable, "-m", "uvicorn", "--factory", "services.catalog.app:from_environment"]
        command += ["--fd", str(listening.fileno()), "--log-level", "error"]
        process = Spawned(command, cwd=ROOT, env=environment, pass_fds=[listening.fileno()])
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            yield url
        finally:
            assert process.stop(20) == -signal.SIGTERM  # uvicorn stops cleanly, then dies of the signal


@pytest.fixture
def clients(settings: CatalogSettings, tmp_path: Path) -> Iterator[list[httpx2.Client]]:
    """A client for each of two servers on one database."""
    with ExitStack() as stack:
        urls = [stack.enter_context(serving(settings, tmp_path / f"state-{n}")) for n in (1, 2)]
        clients = [stack.enter_context(httpx2.Client(base_url=url, timeout=60)) for url in urls]
        assert [client.get("/readyz").status_code for client in clients] == [200, 200]  # waits: they listen already
        yield clients


def test_the_same_key_has_the_same_effect_once(clients, bearer: Callable[..., dict[str, str]]):
    start = threading.Barrier(DUPLICATES)

    def post(number: int, key: str, body: dict[str, object]) -> httpx2.Response:
        headers = bearer("catalog", "admin") | {"Idempotency-Key": key}
        start.wait()
        return clients[number % 2].post("/v1/providers", json=body, headers=headers)

    with ThreadPoolExecutor(DUPLICATES) as threads:
        for key in range(KEYS):
            body = provider_content()
            answers = list(threads.map(lambda n, key=key, body=body: post(n, f"key-{key}", body), range(DUPLICATES)))
            assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
            assert len({answer.content for answer in answers}) == 1
            assert {answer.headers["ETag"] for answer in answers} == {'"1"'}
            assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == DUPLICATES - 1
            other = clients[key % 2].post(
                "/v1/providers",
                json=provider_content(),
                headers=bearer("catalog", "admin") | {"Idempotency-Key": f"key-{key}"},
            )
            assert other.status_code == 422
            assert other.json()["errors"][0]["header"] == "Idempotency-Key"
    listed = clients[0].get("/v1/providers?limit=200", headers=bearer("catalog", "admin")).json()
    assert len(listed["items"]) == KEYS


def test_a_key_belongs_to_its_organisation_and_operation(catalog):
    key = {"Idempotency-Key": "same"}
    provider = catalog.post("/v1/providers", provider_content(), headers=key).json()
    for path, body, organisation in (
        ("/v1/providers", provider_content(), "org_other"),
        ("/v1/offerings", offering_content() | {"provider_id": provider["id"]}, "org_test"),
    ):
        assert catalog.post(path, body, headers=key, organisation=organisation).status_code == 201


def test_a_refused_request_does_not_use_up_its_key(catalog):
    key = {"Idempotency-Key": "again"}
    body = provider_content()
    taken = catalog.provider()
    assert catalog.post("/v1/providers", body | {"uscc": taken["uscc"]}, headers=key).status_code == 409
    assert catalog.post("/v1/providers", body, headers=key).status_code == 201
