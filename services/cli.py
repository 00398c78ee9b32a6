"""The `duijie` command: every verb is a module of services/commands."""

import typer

from services.commands import audit, importing, keys, matching, parked, replay

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Duijie 对接: the command line of an installation.")
app.add_typer(audit.app, name="audit")
app.add_typer(keys.app, name="keys")
app.command("import")(importing.import_file)
app.command()(replay.verify)
app.command()(parked.parked)
app.command("match")(matching.match_file)
