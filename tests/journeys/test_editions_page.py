"""docs/editions.md works as it stands: its commands are run against a demo, from the plan to a narrowed need."""

import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from services.catalog.editions.lifecycle import EDITION
from tests.journeys.conftest import UNLIMITED
from tests.support.processes import ROOT, SystemProcess

PAGE = (ROOT / "docs" / "editions.md").read_text("utf-8")


@pytest.mark.timeout(240)
def test_the_commands_of_the_page_lead_from_a_plan_to_a_narrowed_need(demo_state: Path, tmp_path: Path):
    shutil.copytree(demo_state, tmp_path / "state")
    system = SystemProcess(tmp_path / "state", load_demo=True, CATALOG_NOTICE_DAYS="0", **UNLIMITED)
    system.start()
    try:
        commands = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))
        given = os.environ | {"URL": system.url, "KEYS": str(tmp_path / "state" / "demo-keys.json")}
        script = ["bash", "-euo", "pipefail", "-c", commands]
        ran = subprocess.run(script, cwd=tmp_path, env=given, capture_output=True, text=True, timeout=120, check=False)
        assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
        answer = json.loads(ran.stdout.strip().splitlines()[-1])
        with system.client("sme") as sme:
            free = sme.post("/v1/needs", json=asked(answer)).raise_for_status().json()["match_run"]
    finally:
        assert system.stop() == 0
    document = json.loads((tmp_path / "edition.json").read_text("utf-8"))
    book = CalamineWorkbook.from_filelike(io.BytesIO((tmp_path / "edition.xlsx").read_bytes()))
    rows = len(document["items"])
    assert rows > 5
    assert len(book.get_sheet_by_name("目录").to_python()) == rows + 1
    assert len((tmp_path / "edition.jsonl").read_bytes().splitlines()) == rows
    listed = {row["offering_id"] for row in document["items"]}
    run = answer["match_run"]
    served = [place["offering_id"] for place in run["results"]]
    assert served
    assert set(served) <= listed
    assert run["edition"]["id"] == document["edition"]["id"]
    assert (
        served == [place["offering_id"] for place in free["results"] if place["offering_id"] in listed][: len(served)]
    )
    assert '"verified":true' in ran.stdout


def asked(answer):
    """The same need, of everything and with more places."""
    return {"text": answer["text"], "enterprise": {"region": "330106"}, "top_k": 50}


def test_the_page_draws_the_lifecycle():
    drawn = re.search(r"stateDiagram-v2\n(.*?)```", PAGE, re.DOTALL)[1]
    ways = set(re.findall(r"(\w+) --> (\w+)", drawn))
    assert ways == {(source, step.target) for step in EDITION for source in step.sources}
