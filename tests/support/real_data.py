"""Lists made by others, which tests read from outside the repository."""

from pathlib import Path

import pytest
from pydantic import Field
from pydantic_settings import BaseSettings


class RealData(BaseSettings):
    """Where the lists are, and whether they have to be there."""

    folder: Path = Field(Path(__file__).parents[3] / "shared" / "data" / "real", validation_alias="DUIJIE_REAL_DATA")
    ci: bool = Field(False, validation_alias="CI")


def path(name: str) -> Path:
    """The path of a list; skips the test loudly when it is not there, and fails it in CI."""
    place = RealData()
    found = place.folder / name
    if not found.is_file():
        said = f"{name} is not in {place.folder}: set DUIJIE_REAL_DATA to the folder of the real lists"
        pytest.fail(said) if place.ci else pytest.skip(said)
    return found
