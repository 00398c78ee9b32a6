"""The `duijie` command: every verb is a module of services/commands."""

import typer
from sqlalchemy.exc import OperationalError

from services.commands import audit, importing, keys, matching, migrating, parked, replay, restoring, searching, secrets
from shared.settings import MissingSecret

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Duijie 对接: the command line of an installation.")
app.add_typer(audit.app, name="audit")
app.add_typer(keys.app, name="keys")
app.add_typer(secrets.app, name="secrets")
app.add_typer(searching.app, name="search")
app.command()(migrating.migrate)
app.command()(restoring.restored)
app.command("import")(importing.import_file)
app.command()(replay.verify)
app.command()(parked.parked)
app.command("match")(matching.match_file)


def main() -> None:
    """Run the command. A verb that finds no database of an installation says so instead of showing its statements."""
    try:
        app(prog_name="duijie")
    except (OperationalError, MissingSecret) as failure:
        reason = failure.orig if isinstance(failure, OperationalError) else failure
        raise SystemExit(
            f"无法完成，请在安装目录内运行 / it did not work, run it in the installation's folder: {reason}"
        ) from None


if __name__ == "__main__":
    main()
