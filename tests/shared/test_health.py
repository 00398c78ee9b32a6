"""The signal of health: an API by its readiness, a loop by its last round."""

import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from shared import health, loops
from shared.settings import ServiceSettings

ROOT = Path(__file__).parent.parent.parent


def asked(what: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "shared.health", what]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def answering():
    """A server that answers with a status, until it is closed."""

    class Handler(BaseHTTPRequestHandler):
        status = 200

        def do_GET(self):
            self.send_response(self.status)
            self.end_headers()
            self.wfile.write(b'{"detail": "the catalogue is being loaded"}')

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Handler, f"http://127.0.0.1:{server.server_port}/readyz"
        server.shutdown()


def test_an_api_is_well_when_it_is_ready(answering):
    handler, url = answering
    assert asked(url).returncode == 0
    handler.status = 503
    got = asked(url)
    assert (got.returncode, got.stdout) == (1, "")
    assert "being loaded" in got.stderr


def test_an_api_that_nobody_serves_is_not_well():
    got = asked("http://127.0.0.1:9/readyz")
    assert (got.returncode, "Traceback" in got.stderr) == (1, False)


def test_a_loop_is_well_while_its_rounds_end(tmp_path):
    path = tmp_path / "state" / "relay.alive"
    assert asked(str(path)).returncode == 1
    beat = loops.Heartbeat(path)
    assert health.of_a_loop(path) == "no round was finished yet"
    beat()
    assert asked(str(path)).returncode == 0
    old = time.time() - health.STALE_SECONDS - 1
    os.utime(path, (old, old))
    assert asked(str(path)).returncode == 1


def test_one_beat_a_second_is_written(tmp_path):
    path = tmp_path / "relay.alive"
    beat = loops.Heartbeat(path)
    beat()
    old = time.time() - health.STALE_SECONDS - 1
    os.utime(path, (old, old))
    beat()
    assert health.of_a_loop(path), "the second one was written too"


def test_the_heartbeat_of_an_earlier_process_does_not_count(tmp_path):
    path = tmp_path / "relay.alive"
    loops.Heartbeat(path)()
    loops.Heartbeat(path)
    assert health.of_a_loop(path) == "no round was finished yet"


@pytest.mark.parametrize(
    ("url", "files", "expected"),
    [
        ("sqlite:///var/x.db", {}, "sqlite:///var/x.db"),
        ("postgresql://catalog@db/catalog", {}, "postgresql://catalog@db/catalog"),
        ("postgresql://catalog@db/catalog", {"catalog": "p@" * 20}, f"postgresql://catalog:{'p%40' * 20}@db/catalog"),
        ("postgresql://catalog@db/catalog", {"other": "p" * 32}, "postgresql://catalog@db/catalog"),
        ("postgresql://catalog:own@db/catalog", {"catalog": "p" * 32}, "postgresql://catalog:own@db/catalog"),
    ],
)
def test_the_password_of_a_database_is_a_secret_file_of_its_user(tmp_path, url, files, expected):
    for user, password in files.items():
        (tmp_path / f"{user}-database-password").write_text(password + "\n")
    settings = ServiceSettings(database_url=url, port=0, secrets_dir=tmp_path)
    assert settings.database() == expected
    assert "p@p@" not in repr(settings)
