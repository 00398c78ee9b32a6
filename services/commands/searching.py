"""`duijie search`: the keys of a search server, and building the index anew."""

import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from services.catalog import discovery
from services.catalog.search import engines, meilisearch_keys
from services.catalog.search.meilisearch_control import Control
from services.catalog.search.port import Unsearchable
from services.catalog.settings import CatalogSettings
from shared.database import Database

app = typer.Typer(no_args_is_help=True, help="搜索引擎 / the search engine")
MASTER_KEY = "meili-master-key"
_POLL_SECONDS = 0.2
_KEY_LENGTH = 64


@app.command()
def keys(folder: Annotated[Path, typer.Argument(help="机密文件夹 / the folder of the secrets")]) -> None:
    """Write the secret files of a search server that are missing: its master key, and the two keys made from it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(folder / MASTER_KEY, secrets.token_hex(_KEY_LENGTH // 2))
    master = (folder / MASTER_KEY).read_text().strip()
    for name, value in meilisearch_keys.derived(master, CatalogSettings().search_index).items():
        _write(folder / name, value)


@app.command()
def prepare(
    wait: Annotated[int, typer.Option(help="等待秒数 / seconds to wait for the server")] = 60,
) -> None:
    """Make the search server have the two keys, with the master key; harmless when it has them (授权搜索密钥)."""
    settings = CatalogSettings()
    if not settings.search_url:
        typer.echo("内置引擎，无需准备 / the embedded engine needs no preparation")
        return
    control = Control(settings.search_url, settings.secret(MASTER_KEY).decode())
    _until(control.healthy, wait, "搜索服务未就绪 / the search server is not ready")
    for name, value in meilisearch_keys.granted(control, settings.search_index).items():
        _write(settings.secrets_dir / name, value)
        if settings.secret(name).decode() != value:
            raise typer.BadParameter(f"{name}: 与主密钥不符 / does not belong to the master key")
        typer.echo(f"{name}: 已授权 / granted")


@app.command()
def rebuild(
    wait: Annotated[int, typer.Option(help="等待秒数 / seconds to wait until it is done")] = 600,
) -> None:
    """Ask the running indexer to build the index anew beside the present one and to swap it in (重建搜索索引)."""
    index = engines.to_index(CatalogSettings())
    try:
        index.ask_anew()
        _until(lambda: not index.asked_anew(), wait, "未完成，索引进程是否在运行？/ not done: does the indexer run?")
    except Unsearchable as failure:
        raise SystemExit(f"无法重建 / cannot be rebuilt: {failure}") from None
    finally:
        index.close()
    typer.echo("已重建 / built anew")


@app.command()
def status() -> None:
    """Tell whether the index is built, and how many changes it is behind."""
    settings = CatalogSettings()
    index, database = engines.to_search(settings), Database(settings.database())
    with database.read.begin() as session:
        told = discovery.lag(session, index)
    index.close()
    database.close()
    typer.echo(f"{'meilisearch' if settings.search_url else 'tantivy'}: {told}")


def _write(path: Path, value: str) -> None:
    """Write a secret that is not there yet; whoever is given the file can read it, in a folder of its owner alone."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(value)
        path.chmod(0o444)
        typer.echo(f"made {path}", err=True)


def _until(done: Callable[[], bool], seconds: int, otherwise: str) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise SystemExit(otherwise)
        time.sleep(_POLL_SECONDS)
