"""`make bench-speed`: prints the speed figures of quality.md as ratios, each measured in one run."""

import argparse

from rich.console import Console
from rich.table import Table

from bench.speed import bulk, reverse
from bench.speed.matching import Figures, measure, measure_demo

GOALS = {"G1": "0.45 at 100k, 0.25 at 1M", "G3": "1.00", "G6": "8 from 10k to 1M"}


def main() -> None:
    """Measures every size asked for and prints one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offers", type=int, nargs="+", default=[10_000, 100_000], help="sizes of the catalogue")
    parser.add_argument("--runs", type=int, default=100, help="needs measured at each size")
    parser.add_argument("--seed", type=int, default=7, help="seed of the synthetic catalogue and its needs")
    parser.add_argument("--standing", type=int, default=100_000, help="needs that wait in reverse matching; 0: none")
    parser.add_argument("--bulk", type=int, default=5000, help="needs of a bulk match, at the last size; 0: none")
    options = parser.parse_args()
    figures = [measure_demo()] + [measure(size, options.runs, options.seed) for size in options.offers]
    console = Console(width=160)
    console.print(_table(figures))
    smallest, largest = figures[1], figures[-1]
    growth = largest.match.ours_ms / smallest.match.ours_ms
    console.print(
        f"G6: match() grows {growth:.1f}x from {smallest.offers:,} to {largest.offers:,} offers "
        f"({largest.offers // smallest.offers}x as many). Goals: "
        + "; ".join(f"{name} {goal}" for name, goal in GOALS.items())
        + f". Seed {options.seed}."
    )
    if options.standing:
        console.print(_reverse(reverse.measure(options.standing, options.runs, options.seed)))
    if options.bulk:
        console.print(_bulk(bulk.measure(options.offers[-1], options.bulk, options.seed)))


def _reverse(figures: reverse.Figures) -> Table:
    table = Table(
        title="G7: one offering against all standing needs, offers per second (goal 20x a GIN index an array)"
    )
    for heading in ("needs M", "survivors", "runs", "filtered", "scored", "whole score", "GIN each", "GIN joint", "G7"):
        table.add_column(heading, justify="right")
    rates = (figures.filtered, figures.scored, figures.ranked, figures.apart, figures.joint)
    table.add_row(
        f"{figures.needs:,}",
        f"{figures.survivors:,.0f}",
        str(figures.runs),
        *(f"{rate:,.0f}/s" for rate in rates),
        f"{figures.ratio:.1f}x ({figures.scored / figures.joint:.1f}x joint)",
    )
    return table


def _bulk(figures: bulk.Figures) -> Table:
    table = Table(title="G8: bulk match for a need on one core, beside one sparse product of everything (goal 35x)")
    for heading in ("offers N", "survivors", "needs", "bulk", "of them", "sparse product", "G8"):
        table.add_column(heading, justify="right")
    table.add_row(
        f"{figures.offers:,}",
        f"{figures.survivors:,.0f}",
        f"{figures.runs:,}",
        f"{figures.bulk_ms:.2f} ms",
        f"{figures.products:,}",
        f"{figures.product_ms:.2f} ms",
        f"{figures.ratio:.1f}x",
    )
    return table


def _table(figures: list[Figures]) -> Table:
    asked = "; ".join(f"{row.catalogue} {row.characters:.0f} characters, {row.terms:.0f} terms" for row in figures)
    table = Table(
        title="match() from the parsed body to the answer's bytes, and once the text is read, each interleaved with a "
        f"raw filtered top-200 query (mean need: {asked})"
    )
    for heading in (
        "catalogue", "offers N", "in the gate", "survivors", "runs", "match() p50", "tantivy p50", "G1",
        "in CPU time", "once read", "ratio", "in CPU time", "G3", "segments", "built in",
    ):  # fmt: skip
        table.add_column(heading, justify="right")
    for row in figures:
        table.add_row(
            row.catalogue,
            f"{row.offers:,}",
            f"{row.considered:,.0f}",
            f"{row.survivors:,.0f}",
            str(row.runs),
            f"{row.match.ours_ms:.2f} ms",
            f"{row.match.engine_ms:.2f} ms",
            f"{row.match.ratio:.2f}",
            f"{row.match.cpu_ratio:.2f}",
            f"{row.read.ours_ms:.2f} ms",
            f"{row.read.ratio:.2f}",
            f"{row.read.cpu_ratio:.2f}",
            f"{row.recall:.3f}",
            str(row.segments),
            f"{row.build_seconds:.0f} s",
        )
    return table


if __name__ == "__main__":
    main()
