"""`make bench-relevance`: the judged needs through the public API, beside plain BM25 and the search engine's order.

The catalogue is the demo; the needs are those of this folder or of --needs. The system is started for it on a
temporary state unless --url and --key name a running one.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2
from rich.console import Console
from rich.table import Table

from bench.relevance import asking, broken, catalogue, exposure, figures, judged
from bench.relevance.asking import Answer
from bench.relevance.plain_bm25 import PlainBM25
from services import demonstration, standalone
from shared import logs
from shared.settings import StandaloneSettings


def main() -> None:
    """Ask, count, print."""
    options = _options()
    logs.configure("WARNING")
    needs = judged.load(options.needs)
    with _client(options.url, options.key) as client:
        answers = asking.ask(client, needs)
        found = {need.code: asking.search(client, need) for need in needs}
    plain = PlainBM25(catalogue.rows("offerings"))
    ours = {answer.need.code: answer.served for answer in answers}
    theirs = {need.code: plain.rank(need.text) for need in needs}
    console = Console(width=110)
    console.print(_ranking_table(needs, {"Duijie": ours, "plain BM25": theirs, "catalogue search": found}))
    console.print(_honesty_table(answers))
    if options.each:
        for answer in answers:
            console.print(_line(answer), highlight=False)


def _ranking_table(needs: Sequence[judged.Need], orders: dict[str, figures.Lists]) -> Table:
    measured = len(figures.fulfillable(needs))
    table = Table(title=f"Ranking: {measured} of {len(needs)} needs have an offer of grade 2 or 3")
    table.add_column("figure")
    for name in orders:
        table.add_column(name, justify="right")
    summaries = [figures.summary(needs, lists) for lists in orders.values()]
    for figure in summaries[0]:
        table.add_row(figure, *(f"{summary[figure]:.3f}" for summary in summaries))
    return table


def _honesty_table(answers: Sequence[Answer]) -> Table:
    found = broken.count(answers)
    precision, recall = figures.unmet([a.need for a in answers], {a.need.code: a.unmet for a in answers})
    table = Table(title=f"Honesty: {found.places} places served")
    table.add_column("figure")
    table.add_column("value", justify="right")
    table.add_row("kernel violations", str(len(found.kernel)))
    table.add_row("end-to-end violations", f"{len(found.end_to_end)} ({len(found.end_to_end) / found.places:.1%})")
    table.add_row("places judged 0 for their text only", f"{found.text_only} ({found.text_only / found.places:.1%})")
    table.add_row("unmet: precision", f"{precision:.2f}")
    table.add_row("unmet: recall", f"{recall:.2f}")
    table.add_row("exposure: Gini over providers", f"{exposure.gini(answers):.2f}")
    table.add_row("exposure: share of the top 10 % of providers", f"{exposure.top_share(answers):.1%}")
    return table


def _line(answer: Answer) -> str:
    need = answer.need
    read = [category["code"] for category in answer.body["profile"]["categories"]]
    grades = " ".join(str(need.grades.get(code, "·")) for code in answer.served)
    quality = f"{figures.ndcg(need, answer.served):.2f}" if need.best >= 2 else "best " + str(need.best)
    return f"{need.code} {quality:6} [{grades}] read {read} expected {need.expects['categories']}"


@contextmanager
def _client(url: str | None, key: str | None) -> Iterator[httpx2.Client]:
    if url:
        with httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
            yield client
        return
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        settings = StandaloneSettings(port=0, state_dir=state, secrets_dir=state / "secrets", mode="demo")
        with standalone.running(settings) as system:
            keys = demonstration.make_keys(system.gateway)
            demonstration.load_catalogue(system.url, keys["bureau"], state, Console(quiet=True))
            with _client(system.url, keys["sme"]) as client:
                yield client


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--needs", type=Path, default=judged.HERE, help="folder with *needs.jsonl and *judgments.jsonl")
    parser.add_argument("--url", help="a running system that holds the demo catalogue")
    parser.add_argument("--key", help="an API key of it (role sme, demo mode)")
    parser.add_argument("--each", action="store_true", help="also print a line for each need")
    return parser.parse_args()


if __name__ == "__main__":
    main()
