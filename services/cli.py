"""The `duijie` command: every verb is a module of services/commands, which is imported when it is asked for.

Each needs another part of the system; all of them together would take a second longer to begin.
"""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

import typer
from sqlalchemy.exc import OperationalError, ProgrammingError
from typer.core import TyperGroup
from typer.main import get_command

from shared.settings import MissingSecret

VERBS: Mapping[str, str] = MappingProxyType(
    {
        "migrate": "migrating.migrate",
        "restored": "restoring.restored",
        "import": "importing.import_file",
        "verify": "replay.verify",
        "parked": "parked.parked",
        "match": "matching.match_file",
        "audit": "audit.app",
        "keys": "keys.app",
        "secrets": "secrets.app",
        "search": "searching.app",
    }
)
"""Verb → where it is defined, below services.commands."""


class Verbs(TyperGroup):
    """A group that looks its verbs up."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - whose help is written
        """All verbs, in the order of the table."""
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - in which it is called
        """A verb, imported now; None when there is none of this name."""
        if cmd_name not in VERBS:
            return None
        module, _, name = VERBS[cmd_name].partition(".")
        found: Any = getattr(import_module(f"services.commands.{module}"), name)
        group = typer.Typer(callback=_group)
        if isinstance(found, typer.Typer):
            group.add_typer(found, name=cmd_name)
        else:
            group.command(cmd_name)(found)
        made: Any = get_command(group)
        return made.commands[cmd_name]


def _group() -> None:
    """Typer makes a group of what has a function of its own, else a command when there is only one."""


app = typer.Typer(
    cls=Verbs,
    callback=_group,
    no_args_is_help=True,
    add_completion=False,
    help="Duijie 对接: the command line of an installation.",
)


def main() -> None:
    """Run the command. A verb that finds no database of an installation says so instead of showing its statements."""
    try:
        app(prog_name="duijie")
    except (OperationalError, ProgrammingError, MissingSecret) as failure:
        reason = failure if isinstance(failure, MissingSecret) else failure.orig
        raise SystemExit(
            f"无法完成，请在安装目录内运行 / it did not work, run it in the installation's folder: {reason}"
        ) from None


if __name__ == "__main__":
    main()
