"""`duijie secrets`: make an installation's secrets, and tell the public keys that belong to them."""

from pathlib import Path
from typing import Annotated

import typer

from services import installation
from services.commands import searching

app = typer.Typer(no_args_is_help=True, help="机密文件 / secret files")
Folder = Annotated[Path, typer.Argument(help="机密文件夹 / the folder of the secrets")]


@app.command()
def make(folder: Folder) -> None:
    """Write a random file for every secret that is missing, and print the public keys as lines for `.env`.

    The folder is its owner's alone. The files in it can be read by whoever is given one: a container's user is not
    the user of the machine.
    """
    for name in installation.make_secrets(folder, installation.SECRETS + installation.SERVERS, mode=0o444):
        typer.echo(f"made {folder / name}", err=True)
    searching.keys(folder)
    show(folder)


@app.command()
def show(folder: Folder) -> None:
    """Print the public keys of the signing keys in a folder, as lines for `.env`."""
    for issuer, key in installation.public_keys(folder).items():
        typer.echo(f"DUIJIE_{issuer.upper()}_PUBLIC_KEY={key}")
