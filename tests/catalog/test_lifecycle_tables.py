"""The tables of transitions as graphs: no dead end, no name twice, and the page that is made of them."""

import pytest

from services.catalog import lifecycle
from services.catalog.admission import reasons
from tests.support import lifecycles

SHOWN = pytest.mark.parametrize("shown", lifecycles.LIFECYCLES, ids=lambda shown: shown.title.split(" /")[0])


def test_the_page_is_made_from_the_tables():
    page = lifecycles.PAGE.read_text("utf-8")
    assert page == lifecycles.rendered(), "run `python -m tests.support.lifecycles` and commit the result"


def reached(shown, start):
    """The states that a state leads to."""
    found, waiting = set(), [start]
    while waiting:
        state = waiting.pop()
        following = {step.target for step in shown.table if state in step.sources}
        waiting += following - found
        found |= following
    return found


@SHOWN
def test_every_state_is_reached_and_none_is_a_dead_end(shown):
    states = {state for step in shown.table for state in (*step.sources, step.target)}
    assert states == {*shown.initial}.union(*(reached(shown, state) for state in shown.initial))
    for state in states - {*shown.final}:
        ends = reached(shown, state)
        assert ends & {*shown.final} if shown.final else ends, f"{state} leads nowhere"
    for state in shown.final:
        assert reached(shown, state) == set(), f"{state} is final"


@SHOWN
def test_names_and_events_are_unambiguous(shown):
    names = [step.name for step in shown.table]
    assert len(names) == len(set(names))
    assert all(step.event.startswith(f"{shown.thing}.") for step in shown.table)
    assert all(step.reasons is None or reasons.codes(step.reasons) for step in shown.table)


def test_events_belong_to_one_step_each():
    events = [step.event for shown in lifecycles.LIFECYCLES for step in shown.table]
    assert len(events) == len(set(events))


@SHOWN
def test_a_decision_against_somebody_needs_a_reason(shown):
    against = {"reject", "warn", "rectify", "end", "request-completion", "return-revision", "uphold", "dismiss"}
    against |= {"answer-appeal"} | ({"suspend"} if shown.table is lifecycle.PROVIDER else set())
    on_a_firm = shown.thing != "edition"
    assert not [step.name for step in shown.table if on_a_firm and step.name in against and step.reasons is None]
