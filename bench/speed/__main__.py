"""`make bench-speed`: prints the speed figures of quality.md as ratios, each measured in one run."""

import argparse

from rich.console import Console
from rich.table import Table

from bench.speed.matching import Figures, measure, measure_demo

GOALS = {"G1": "0.45 at 100k, 0.25 at 1M", "G3": "1.00", "G6": "8 from 10k to 1M"}


def main() -> None:
    """Measures every size asked for and prints one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offers", type=int, nargs="+", default=[10_000, 100_000], help="sizes of the catalogue")
    parser.add_argument("--runs", type=int, default=100, help="needs measured at each size")
    parser.add_argument("--seed", type=int, default=7, help="seed of the synthetic catalogue and its needs")
    options = parser.parse_args()
    figures = [measure_demo()] + [measure(size, options.runs, options.seed) for size in options.offers]
    console = Console(width=140)
    console.print(_table(figures))
    smallest, largest = figures[1], figures[-1]
    growth = largest.match_ms / smallest.match_ms
    console.print(
        f"G6: match() grows {growth:.1f}x from {smallest.offers:,} to {largest.offers:,} offers "
        f"({largest.offers // smallest.offers}x as many). Goals: "
        + "; ".join(f"{name} {goal}" for name, goal in GOALS.items())
        + f". Seed {options.seed}."
    )


def _table(figures: list[Figures]) -> Table:
    table = Table(title="match() from the parsed body to the answer's bytes, interleaved with the raw engine query")
    for heading in (
        "catalogue", "offers N", "in the gate", "survivors", "runs", "match() p50", "tantivy top-200 p50", "G1 ratio",
        "G3 recall@10", "segments", "built in",
    ):  # fmt: skip
        table.add_column(heading, justify="right")
    for row in figures:
        table.add_row(
            row.catalogue,
            f"{row.offers:,}",
            f"{row.considered:,.0f}",
            f"{row.survivors:,.0f}",
            str(row.runs),
            f"{row.match_ms:.2f} ms",
            f"{row.engine_ms:.2f} ms",
            f"{row.ratio:.2f}",
            f"{row.recall:.3f}",
            str(row.segments),
            f"{row.build_seconds:.0f} s",
        )
    return table


if __name__ == "__main__":
    main()
