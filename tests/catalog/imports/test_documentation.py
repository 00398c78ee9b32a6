"""docs/imports.md says what the code does."""

import re
from pathlib import Path

import pytest

from services.catalog.imports import limits, mapping

TEXT = (Path(__file__).parents[3] / "docs" / "imports.md").read_text("utf-8")


def test_the_example_is_a_mapping():
    example = re.search(r"```json mapping-offerings\n(.*?)```", TEXT, re.DOTALL)
    assert mapping.load(example[1], "offerings").header_row == 2


@pytest.mark.parametrize("kind", ["providers", "offerings"])
def test_every_field_stands_there(kind):
    line = re.search(rf"^Fields of {kind}: (.*)$", TEXT, re.MULTILINE)
    assert set(re.findall(r"`([^`]+)`", line[1])) == set(mapping.shapes(kind))


@pytest.mark.parametrize("model", [mapping.MappingFile, mapping.Rule])
def test_every_member_stands_there(model):
    assert set(model.model_fields) <= set(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE))


def test_the_limits_are_the_real_ones():
    numbers = (limits.MAX_COLUMNS, limits.MAX_ROWS, limits.MAX_CELLS, limits.MAX_UNPACKED // 2**20)
    assert all(f"{number:,}" in TEXT for number in numbers)
