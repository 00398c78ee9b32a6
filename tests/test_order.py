"""The order of the tests: each third begins with what takes longest, and nothing is lost."""

from pathlib import Path

from tests.support.order import BEGINNINGS, spread

ROOT = Path(__file__).parent.parent
FILES = ("browser/test_x", "catalog/test_x", "deployment/test_x", "journeys/test_kill", "journeys/test_x")
NAMES = [f"tests/{file}.py::{n}" for file in FILES for n in range(9)]


def files(names: list[str]) -> list[str]:
    return list(dict.fromkeys(name.removeprefix("tests/").partition(".")[0] for name in names))


def test_each_worker_begins_with_a_system_of_its_own():
    ordered = spread([*NAMES, *(f"tests/matching/test_x.py::{n}" for n in range(36))], str)
    assert files(ordered[:27]) == ["deployment/test_x", "catalog/test_x", "matching/test_x"]
    assert files(ordered[27:54]) == ["journeys/test_kill", "browser/test_x", "matching/test_x"]
    assert files(ordered[54:]) == ["journeys/test_x", "matching/test_x"]


def test_a_part_of_them_is_all_there_too():
    for names in ([], NAMES[:3], NAMES[9:18], NAMES[18:27], NAMES[18:], NAMES):
        assert sorted(spread(names, str)) == sorted(names)


def test_what_they_begin_with_is_there():
    assert all((ROOT / name).exists() for names in BEGINNINGS for name in names)
