"""`duijie match` and `duijie verify`, against a matching service on a socket."""

import hashlib
import json

import httpx2
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from services.cli import app
from services.commands import asking, matching
from services.matching import batches
from tests.matching.service.conftest import client, database, feed, follower, sample, start, url  # noqa: F401
from tests.matching.service.test_needs import ASKED, ask

NEEDS = [
    {**ASKED, "id": "first"},
    {**ASKED, "text": "想找贷款，五十万左右，没有抵押"},
    {**ASKED, "colour": "red"},
    "not a need",
    {**ASKED, "top_k": 2},
]


@pytest.fixture
def firm(client, bearer):  # noqa: F811
    """The service's own transport under a client as the command makes one, with a firm's token."""
    client.headers.update(bearer("matching", "sme", organisation="org_a"))
    return client


@pytest.fixture
def served(firm, monkeypatch):
    """The command's client speaks to the service without a socket."""
    monkeypatch.setattr(matching.httpx2, "Client", lambda **_: _Kept(firm))
    return firm


class _Kept:
    """A client that outlives the command."""

    def __init__(self, client):  # noqa: F811
        self._client = client

    def __enter__(self):
        return self._client

    def __exit__(self, *_):
        return None


@pytest.fixture
def needs(tmp_path):
    path = tmp_path / "needs.jsonl"
    path.write_text("\n".join(json.dumps(need, ensure_ascii=False) for need in NEEDS) + "\n\n", "utf-8")
    return path


def duijie(*arguments, **environment):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env=environment)


def rows(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def stored(client):  # noqa: F811
    return len(client.get("/v1/needs?limit=100").json()["items"])


def test_every_need_gets_its_result_in_order(served, needs, tmp_path):
    out = tmp_path / "results.jsonl"
    done = duijie("match", needs, "--out", out)
    assert done.exit_code == 1, done.output
    results = rows(out)
    assert [(row["line"], row["status"], row["id"]) for row in results] == [
        (1, 201, "first"), (2, 201, None), (3, 422, None), (4, 422, None), (5, 201, None),
    ]  # fmt: skip
    assert results[0]["answer"]["match_run"]["results"]
    assert results[2]["problem"]["errors"][0]["pointer"] == "/colour"
    assert stored(served) == 3
    again = duijie("match", needs, "--out", out)
    assert (again.exit_code, stored(served)) == (0, 3)
    assert rows(out) == results


def test_a_stopped_job_goes_on_where_it_was(served, needs, tmp_path, monkeypatch):
    whole, out = tmp_path / "whole.jsonl", tmp_path / "results.jsonl"
    asked = []

    def cut_off(client, line, job):  # noqa: F811
        asked.append(line.number)
        if len(asked) == 4:
            raise asking.NoAnswer("503")
        return real(client, line, job)

    real = asking.ask
    monkeypatch.setattr(asking, "ask", cut_off)
    stopped = duijie("match", needs, "--out", out, "--at-once", "1")
    assert stopped.exit_code == 2
    with out.open("ab") as file:
        file.write(b'{"line": 4, "dig')  # torn in the middle
    before = stored(served)
    assert duijie("match", needs, "--out", out).exit_code == 1
    assert sorted(row["line"] for row in rows(out)) == [1, 2, 3, 4, 5]
    assert stored(served) == 3
    assert before <= 3
    assert duijie("match", needs, "--out", whole).exit_code == 1
    assert stored(served) == 6  # another results file is another job
    assert list(tmp_path.glob("*.job")) == []


def test_a_changed_need_is_asked_again(served, needs, tmp_path):
    out = tmp_path / "results.jsonl"
    duijie("match", needs, "--out", out)
    changed = needs.read_text("utf-8").replace("五十万", "八十万")
    needs.write_text(changed, "utf-8")
    duijie("match", needs, "--out", out)
    digest = hashlib.sha256(changed.splitlines()[1].encode()).hexdigest()
    assert [row["line"] for row in rows(out)] == [1, 2, 3, 4, 5, 2]
    assert rows(out)[-1]["digest"] == digest


def test_a_file_of_something_else_is_left_alone(served, needs, tmp_path):
    out = tmp_path / "results.jsonl"
    out.write_text('{"precious": true}\n')
    done = duijie("match", needs, "--out", out)
    assert (done.exit_code, out.read_text()) == (2, '{"precious": true}\n')


@pytest.mark.parametrize("status", [401, 403, 500])
def test_what_is_no_answer_to_the_need_is_not_written(needs, tmp_path, monkeypatch, status):
    transport = httpx2.MockTransport(lambda _: httpx2.Response(status, json={"title": "no"}))
    refusing = httpx2.Client(transport=transport, base_url="http://nowhere")
    monkeypatch.setattr(matching.httpx2, "Client", lambda **_: refusing)
    done = duijie("match", needs, "--out", tmp_path / "results.jsonl")
    assert (done.exit_code, (tmp_path / "results.jsonl").read_bytes()) == (2, b"")


def test_offline_the_places_are_those_that_the_service_gives(served, url, needs, tmp_path, monkeypatch):  # noqa: F811
    online, offline = tmp_path / "online.jsonl", tmp_path / "offline.jsonl"
    needs.write_text(needs.read_text("utf-8") + json.dumps(NEEDS[1], ensure_ascii=False) + "\n", "utf-8")
    monkeypatch.setattr(batches, "CHUNK", 2)  # so that both processes have something to do
    monkeypatch.setattr(batches.os, "cpu_count", lambda: 2)
    environment = {"DUIJIE_MATCHING_DATABASE_URL": url}
    assert duijie("match", needs, "--out", online).exit_code == 1
    before = stored(served)
    done = duijie("match", needs, "--out", offline, "--offline", **environment)
    assert done.exit_code == 1, done.output
    assert stored(served) == before
    assert [(row["line"], row["id"], row["status"] // 100) for row in rows(offline)] == [
        (row["line"], row["id"], row["status"] // 100) for row in rows(online)
    ]
    answered = [(one["answer"], other["placed"]) for one, other in zip(rows(online), rows(offline), strict=True)
                if "answer" in one]  # fmt: skip
    assert len(answered) == 4
    for answer, placed in answered:
        run = answer["match_run"]
        assert [place(one) for one in run["results"]] == [place(one) for one in placed["results"]]
        assert [read["code"] for read in answer["profile"]["categories"]] == placed["categories"]
        assert all(run[name] == placed[name] for name in ("considered", "eligible", "policy_version"))
    problems = [
        [(row["status"], row["problem"]["errors"]) for row in rows(path) if "problem" in row]
        for path in (online, offline)
    ]
    assert problems[0] == problems[1] != []
    again = duijie("match", needs, "--out", offline, "--offline", **environment)
    assert (again.exit_code, len(rows(offline))) == (0, 6)


def place(result):
    return {name: result[name] for name in ("rank", "offering_id", "external_id", "name", "provider_name", "score")}


def test_offline_an_empty_installation_says_so(url, needs, tmp_path):  # noqa: F811
    out = tmp_path / "results.jsonl"
    done = duijie("match", needs, "--out", out, "--offline", DUIJIE_MATCHING_DATABASE_URL=url)
    assert (done.exit_code, out.read_bytes()) == (2, b"")
    assert "the catalogue is being loaded" in done.output


def test_a_run_is_verified_without_a_server(firm, url, database):  # noqa: F811
    run = ask(firm, {}).json()["match_run"]["id"]
    environment = {"DUIJIE_MATCHING_DATABASE_URL": url}
    assert duijie("verify", run, **environment).exit_code == 0
    assert duijie("verify", "run_nowhere", **environment).exit_code == 2
    with database.write.begin() as session:
        session.execute(text("UPDATE match_runs SET need_digest = 'x'"))
    tampered = duijie("verify", run, **environment)
    assert tampered.exit_code == 1
    assert "need:" in tampered.output
