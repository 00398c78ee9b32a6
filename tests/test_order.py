"""The order of the tests: each half begins with what takes longest, and nothing is lost."""

from pathlib import Path

from tests.support.order import FIRST_HALF, SECOND_HALF, spread

ROOT = Path(__file__).parent.parent
NAMES = [
    f"tests/{folder}/test_x.py::{n}" for folder in ("browser", "catalog", "deployment", "journeys") for n in range(9)
]


def folders(names: list[str]) -> list[str]:
    return list(dict.fromkeys(name.split("/")[1] for name in names))


def test_each_worker_begins_with_a_system_of_its_own():
    ordered = spread(NAMES, str)
    assert sorted(ordered) == sorted(NAMES)
    assert folders(ordered[:18]) == ["deployment", "catalog"]
    assert folders(ordered[18:]) == ["browser", "journeys"]


def test_a_part_of_them_is_all_there_too():
    for names in ([], NAMES[:3], NAMES[9:18], NAMES[18:27], NAMES[18:]):
        assert sorted(spread(names, str)) == sorted(names)


def test_the_folders_are_there():
    assert all((ROOT / folder).is_dir() for folder in FIRST_HALF + SECOND_HALF)
