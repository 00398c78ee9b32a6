"""docs/provider-guide.md, command for command, against a real system; between its blocks the office acts."""

import re
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from services import demonstration, standalone
from shared import clock
from shared.settings import StandaloneSettings
from tests.support import records
from tests.support.calling import caller

PAGE = Path(__file__).parents[2] / "docs" / "provider-guide.md"
PART = re.compile(r"```sh\n(.*?)```|<!-- (office|time): (.*?) -->", re.DOTALL)
USCC = records.credit_code(8_200_001)


class Office:
    """The bureau of the province, doing what the page says that it does."""

    def __init__(self, client: httpx2.Client) -> None:
        self.client = client

    def act(self, doing: str) -> None:
        """Take the steps that a comment of the page names."""
        (application,) = self.client.get("/v1/applications", params={"uscc": USCC}).json()["items"]
        places = {"publish the offering": self.offering, "suspend the provider": self.provider}
        for step in doing.split("; "):
            if step in places:
                places[step](application["provider_id"], step.split()[0])
            else:
                self.step(f"/v1/applications/{application['id']}", step)

    def offering(self, provider: str, step: str) -> None:
        (waiting,) = self.client.get("/v1/offerings", params={"provider": provider}).json()["items"]
        self.step(f"/v1/offerings/{waiting['id']}", step)

    def provider(self, provider: str, step: str) -> None:
        self.step(f"/v1/providers/{provider}", step)

    def step(self, path: str, step: str) -> None:
        forms: dict[str, dict[str, Any]] = {
            "request-completion": {"reason": "evidence-needed", "note": "请补充客户名单。"},
            "suspend": {"reason": "qualification-expired", "note": "营业执照已过期。"},
            "publicize": {},
        }
        tag = self.client.get(path).raise_for_status().headers["ETag"]
        answer = self.client.post(f"{path}/{step}", headers={"If-Match": tag}, json=forms.get(step))
        assert answer.status_code == 200, (step, answer.text)


@pytest.fixture
def system(tmp_path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """An empty system in this process, and keys of a provider and of the bureau of its province."""
    settings = StandaloneSettings(mode="demo", port=0, state_dir=tmp_path, secrets_dir=tmp_path / "secrets")
    with standalone.running(settings) as running:
        admin = {"Authorization": f"Bearer {demonstration.make_keys(running.gateway)['admin']}"}
        firm, bureau = {"name": "钱塘云仓", "uscc": USCC}, {"name": "浙江省厅", "region": "330000"}
        keys = {}
        for role, organisation in (("provider", firm), ("bureau", bureau)):
            body = {"role": role, "organisation": organisation}
            made = httpx2.post(f"{running.url}/v1/keys", json=body, headers=admin, timeout=30)
            keys[role] = made.raise_for_status().json()["key"]
        yield running.url, keys


@pytest.mark.timeout(180)
def test_every_command_of_the_guide_does_what_it_says(system, tmp_path):
    url, keys = system
    desk = tmp_path / "desk"
    desk.mkdir()
    (desk / "licence.pdf").write_bytes(b"%PDF-1.7 licence")
    said, later = "set -euo pipefail\n", timedelta()
    with caller(url, keys["bureau"]) as client:
        office = Office(client)
        for commands, actor, doing in PART.findall(PAGE.read_text("utf-8")):
            with clock.ahead(later):
                if actor == "time":
                    later += timedelta(days=int(doing.split()[0]))
                elif actor == "office":
                    office.act(doing)
                else:
                    ran = run(f"{said}{commands}declare -p > kept", desk, {"URL": url, "KEY": keys["provider"]})
                    assert ran.returncode == 0, (commands, ran.stderr, (desk / "answer.json").read_text("utf-8"))
                    said += commands if "()" in commands else kept(desk)
        environment = {"URL": url, "KEY": keys["provider"]}
        assert run(f"{said}says 'what is not there' && says '}}'", desk, environment).returncode != 0
        assert run(f"{said}step $OFFERING publish && says '}}'", desk, environment).returncode != 0
        history = client.get("/v1/applications", params={"uscc": USCC}).json()["items"]
    assert [item["state"] for item in history] == ["approved"]


def run(script: str, desk: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    script = script.replace(" && says", "\nsays")  # in a list of && bash would go on after a failure
    path = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "USCC": USCC}
    command = ["bash", "-c", script]
    return subprocess.run(command, check=False, cwd=desk, env=path | environment, capture_output=True, text=True)


def kept(desk: Path) -> str:
    """What the commands before have put into variables."""
    names = ("HASH", "APPLICATION", "PROVIDER", "OFFERING", "NOTICE")
    lines = (desk / "kept").read_text("utf-8").splitlines()
    found = [line for line in lines if any(line.startswith(f"declare -- {name}=") for name in names)]
    return "".join(f"{line}\n" for line in found)


def test_the_guide_has_a_part_in_chinese_and_names_what_it_needs():
    page = PAGE.read_text("utf-8")
    assert "## 中文说明" in page
    blocks = [commands for commands, _, _ in PART.findall(page) if commands]
    assert len(blocks) >= 7
