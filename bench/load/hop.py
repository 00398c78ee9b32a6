"""G4: the same answers straight from a service and through the gateway, in requests a second of processor time."""

import asyncio
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median

import aiohttp
import httpx2

from bench.load.system import System
from services.commands import importing
from services.demonstration import FOLDER
from shared.principal import GATEWAY

OFFERINGS = 12
KEYS = 10
"""So many keys take turns, so that the limits of each stand as they are shipped and are never reached."""


@dataclass(frozen=True)
class Asked:
    """An operation to be asked again and again."""

    service: str
    path: str


@dataclass(frozen=True)
class Figures:
    """Medians over `rounds` pairs of `requests` requests each, `connections` at a time."""

    path: str
    bytes: int
    rounds: int
    requests: int
    connections: int
    direct: float
    """Requests a second of the service's processor time."""
    through: float
    """Requests a second of the service's and the gateway's."""
    direct_rate: float
    """Requests a second of time, on this machine as it was."""
    through_rate: float
    door_ms: float
    """Processor time of the gateway for a request."""
    ratio: float
    """Median of the ratios of the pairs: G4."""


def asked() -> tuple[Asked, ...]:
    """Real operations whose answers have about 6 KB, from the cheapest to the dearest."""
    return Asked("matching", "/v1/policy"), Asked("catalog", "/v1/offerings?limit=5")


def fill(system: System) -> None:
    """Import a few offerings of the demo through the public API."""
    offerings = (FOLDER / "offerings.jsonl").read_text("utf-8").splitlines()[:OFFERINGS]
    owners = {json.loads(line)["provider"] for line in offerings}
    providers = (FOLDER / "providers.jsonl").read_text("utf-8").splitlines()
    own = [line for line in providers if json.loads(line)["code"] in owners]
    headers = {"Authorization": f"Bearer {system.key('bureau')}"}
    with httpx2.Client(base_url=system.urls[GATEWAY], headers=headers, timeout=60, trust_env=False) as client:
        for kind, lines in (("providers", own), ("offerings", offerings)):
            path = Path(system.folder / f"{kind}.jsonl")
            path.write_text("\n".join(lines), "utf-8")
            for chunk in importing.chunks(path, kind):
                report = importing.send(client, chunk, kind, "bench")
                assert not report["refused"], report


@dataclass(frozen=True)
class Round:
    """The processor time of the service and of the gateway, and the time passed, a request."""

    service: float
    gateway: float
    passed: float

    @property
    def spent(self) -> float:
        """Of both."""
        return self.service + self.gateway


async def measure(system: System, operation: Asked, rounds: int, requests: int, connections: int, seed: int) -> Figures:
    """Asks both ways in random order, round by round; the first only warms up."""
    dice = random.Random(seed)
    ways = {
        "direct": (system.urls[operation.service], lambda: [system.token("sme", operation.service)]),
        "through": (system.urls[GATEWAY], [system.key("sme") for _ in range(KEYS)].copy),
    }
    taken: dict[str, list[Round]] = {name: [] for name in ways}
    size = 0
    for _ in range(rounds + 1):
        for name in dice.sample(sorted(ways), len(ways)):
            url, bearers = ways[name]
            before = system.seconds(operation.service), system.seconds(GATEWAY), time.perf_counter()
            size = await _load(url + operation.path, bearers(), requests, connections)
            after = system.seconds(operation.service), system.seconds(GATEWAY), time.perf_counter()
            service, gateway, passed = ((b - a) / requests for a, b in zip(before, after, strict=True))
            taken[name].append(Round(service, gateway if name == "through" else 0.0, passed))
    direct, through = taken["direct"][1:], taken["through"][1:]
    return Figures(
        path=operation.path,
        bytes=size,
        rounds=rounds,
        requests=requests,
        connections=connections,
        direct=1 / median(one.spent for one in direct),
        through=1 / median(one.spent for one in through),
        direct_rate=1 / median(one.passed for one in direct),
        through_rate=1 / median(one.passed for one in through),
        door_ms=1000 * median(one.gateway for one in through),
        ratio=median(a.spent / b.spent for a, b in zip(direct, through, strict=True)),
    )


async def _load(url: str, bearers: Sequence[str], requests: int, connections: int) -> int:
    """A closed loop of so many connections; gives the size of an answer."""
    numbers, size = count(), 0

    async def ask(session: aiohttp.ClientSession) -> None:
        nonlocal size
        while (number := next(numbers)) < requests:
            headers = {"Authorization": f"Bearer {bearers[number % len(bearers)]}", "Accept-Encoding": "identity"}
            async with session.get(url, headers=headers) as answer:
                body = await answer.read()
                assert answer.status == 200, body
                size = len(body)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=connections)) as session:
        await asyncio.gather(*(ask(session) for _ in range(connections)))
    return size
