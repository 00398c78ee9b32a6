"""The demonstration: demo keys, the demo catalogue loaded through the public API, and what to type next."""

import hashlib
import json
import time
from pathlib import Path

import httpx2
from rich.console import Console

from services.catalog.imports.mapping import Kind
from services.commands import importing
from services.gateway import demo
from services.gateway.settings import GatewaySettings
from shared.database import Database

FOLDER = Path(__file__).parent.parent / "demo"
KINDS: tuple[Kind, ...] = ("providers", "offerings")
SOURCE = "demo"
PROVIDER = "P0001"
FOLLOW_SECONDS = 60

EXAMPLE = {
    "text": "小五金厂，仓库老是发错货、盘点要关门两天。想上一套能扫码的仓库系统，一年两万以内，一个月内用起来。",
    "enterprise": {"region": "330100", "industry": "33", "employees": 45, "annual_revenue": 1_800_000_000},
}


def prepare(url: str, settings: GatewaySettings, load: bool) -> None:
    """Make the demo keys, load the demo catalogue once, and print how to go on."""
    keys = make_keys(settings)
    console = Console(soft_wrap=True, highlight=False)
    if load:
        load_catalogue(url, keys["bureau"], settings.state_dir, console)
    example = json.dumps(EXAMPLE, ensure_ascii=False)
    console.print(f"\n[bold]Duijie 对接 is ready[/bold]  {url}   API docs  {url}/docs\n")
    for role, key in keys.items():
        console.print(f"  {role:9} {key}")
    console.print(f"\nAsk it / 提一个需求:\n\ncurl -s {url}/v1/needs -H 'Authorization: Bearer {keys['sme']}' \\")
    console.print(f"  -H 'Content-Type: application/json' -d '{example}'\n\nCtrl-C stops.", markup=False)


def make_keys(settings: GatewaySettings) -> dict[str, str]:
    """The demo keys by role; the provider's belongs to the first provider of the demo catalogue."""
    rows = (json.loads(line) for line in (FOLDER / "providers.jsonl").read_text("utf-8").splitlines())
    uscc = next(row["uscc"] for row in rows if row["code"] == PROVIDER)
    database = Database(settings.database())
    try:
        return {str(role): key for role, key in demo.ensure_keys(settings, database, uscc).items()}
    finally:
        database.close()


def load_catalogue(url: str, key: str, state: Path, console: Console) -> None:
    """Import demo/ through the public API, unless this very content is loaded already; wait until matching has it."""
    files = {kind: (FOLDER / f"{kind}.jsonl").read_bytes() for kind in KINDS}
    stamp, digest = state / "demo-loaded", hashlib.sha256(b"".join(files.values())).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    with httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
        for kind in KINDS:
            pieces = importing.chunks(FOLDER / f"{kind}.jsonl", kind)
            report = importing.run(client, pieces, kind, SOURCE, dry_run=False, console=console)
            if report["refused"]:
                raise RuntimeError(f"the demo catalogue was refused: {report['errors'][:3]}")
        _wait_for_followers(client)
    stamp.write_text(digest)


def _wait_for_followers(client: httpx2.Client) -> None:
    """Until matching stands at the head of the feed, so that the first need sees the whole catalogue."""
    deadline = time.monotonic() + FOLLOW_SECONDS
    while time.monotonic() < deadline:
        answer = client.get("/readyz")
        if answer.status_code != 200:  # on a busy machine a service may for a moment not answer in time
            time.sleep(0.1)
            continue
        ready = answer.json()
        feed, copy = ready["catalog"]["feed"], ready["matching"]["catalogue"]
        # `behind` alone may be a moment old: the copy must stand where the feed itself ends.
        followed = not feed["waiting"] and feed["head"].endswith(f"-{copy['position']}") and copy["behind"] == 0
        if followed and ready["catalog"]["search"]["behind"] == 0:
            return
        time.sleep(0.1)
