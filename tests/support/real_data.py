"""Lists made by others, which tests read from outside the repository."""

from pathlib import Path

import pytest
from pydantic import Field
from pydantic_settings import BaseSettings


class RealData(BaseSettings):
    """Where the lists are; they have to be there when somebody says where."""

    folder: Path = Field(Path(__file__).parents[3] / "shared" / "data" / "real", validation_alias="DUIJIE_REAL_DATA")


def path(name: str) -> Path:
    """The path of a list; skips the test loudly when it is not there, and fails it when somebody says that it is."""
    place = RealData()
    found = place.folder / name
    if not found.is_file():
        said = f"{name} is not in {place.folder}: set DUIJIE_REAL_DATA to the folder of the real lists"
        pytest.fail(said) if place.model_fields_set else pytest.skip(said)
    return found
