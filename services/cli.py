"""The `duijie` command: every verb is a module of services/commands."""

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Duijie 对接: the command line of an installation.")
