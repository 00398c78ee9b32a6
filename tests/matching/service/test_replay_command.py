"""`duijie verify` says whether a stored run is still true."""

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from services.cli import app
from tests.matching.service.test_needs import ask


@pytest.fixture
def verify(url, monkeypatch):
    monkeypatch.setenv("DUIJIE_MATCHING_DATABASE_URL", url)
    return lambda run: CliRunner().invoke(app, ["verify", run])


def test_a_run_is_verified_offline(client, database, bearer, verify):
    run = ask(client, bearer("matching", "sme")).json()["match_run"]["id"]
    assert (verify(run).exit_code, verify(run).stdout) == (0, "一致 / verified\n")
    with database.write.begin() as session:
        session.execute(text("UPDATE match_runs SET chain = 'x'"))
    refused = verify(run)
    assert refused.exit_code == 1
    assert "catalogue" in refused.output


def test_an_unknown_run_is_said_to_be_unknown(database, verify):
    assert verify("run_nowhere").exit_code == 2
