"""`make bench-load`: what the door costs, with the services as processes of their own on loopback."""

import argparse
import asyncio
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.load import hop, need
from bench.load.system import running


def main() -> None:
    """Starts the system over synthetic offerings and prints two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offers", type=int, default=100_000, help="offerings that matching holds")
    parser.add_argument("--needs", type=int, default=100, help="needs asked one after the other; 0: none")
    parser.add_argument("--rounds", type=int, default=5, help="pairs of rounds of the same requests")
    parser.add_argument("--requests", type=int, default=500, help="requests of a round")
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 16], help="requests at a time")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    console = Console(width=140)
    with tempfile.TemporaryDirectory() as name, running(Path(name), need.lay(options.offers, options.seed)) as system:
        hop.fill(system)
        rows = [
            asyncio.run(hop.measure(system, asked, options.rounds, options.requests, connections, options.seed))
            for asked in hop.asked()
            for connections in options.connections
        ]
        console.print(_hop(rows))
        if options.needs:
            console.print(_need(need.measure(system, options.offers, options.needs, options.seed)))


def _hop(rows: list[hop.Figures]) -> Table:
    table = Table(
        title="G4: a JSON answer through the gateway / straight from the service, requests a second of processor time "
        "of all processes that take part (goal 0.25)"
    )
    for heading in (
        "answer", "bytes", "rounds", "requests", "at a time", "direct /CPU s", "through /CPU s", "direct /s",
        "through /s", "door's CPU", "G4",
    ):  # fmt: skip
        table.add_column(heading, justify="right")
    for row in rows:
        rates = (row.direct, row.through, row.direct_rate, row.through_rate)
        table.add_row(
            row.path,
            f"{row.bytes:,}",
            str(row.rounds),
            str(row.requests),
            str(row.connections),
            *(f"{rate:,.0f}" for rate in rates),
            f"{row.door_ms:.2f} ms",
            f"{row.ratio:.2f}",
        )
    return table


def _need(row: need.Figures) -> Table:
    table = Table(
        title="G2: POST /v1/needs through the gateway, stored and audited, interleaved with a raw filtered top-200 "
        "tantivy query (goal 0.9)"
    )
    for heading in (
        "offers N", "survivors", "runs", "answer", "through p50", "tantivy p50", "G2", "through CPU", "tantivy CPU",
        "in CPU time",
    ):  # fmt: skip
        table.add_column(heading, justify="right")
    table.add_row(
        f"{row.offers:,}",
        f"{row.survivors:,.0f}",
        str(row.runs),
        f"{row.bytes / 1000:.0f} KB",
        f"{row.through_ms:.2f} ms",
        f"{row.engine_ms:.2f} ms",
        f"{row.ratio:.2f}",
        f"{row.through_cpu_ms:.2f} ms",
        f"{row.engine_cpu_ms:.2f} ms",
        f"{row.through_cpu_ms / row.engine_cpu_ms:.2f}",
    )
    return table


if __name__ == "__main__":
    main()
