"""What a scenario's file may say at the bounds of what it may say."""

from __future__ import annotations

from typing import Any

import pytest

from lcrmap.layers.scenario import MOST_AIMS, MOST_CHANGES, Scenario, ScenarioError, scenario_from

CHANGE: dict[str, Any] = {"remove": "a:b", "reason": "r"}
PEOPLE: dict[str, Any] = {"people": "a:b", "reason": "r"}
AIM: dict[str, Any] = {"measure": "count of a", "should": "rise"}


def _read(*changes: dict[str, Any], **more: Any) -> Scenario:
    return scenario_from({"title": "x", "change": list(changes), **more})


def test_as_many_changes_and_aims_as_there_may_be_are_read() -> None:
    full = _read(*[CHANGE] * MOST_CHANGES, aim=[AIM] * MOST_AIMS)
    assert full.faults == ()
    assert (len(full.changes), len(full.aims)) == (1000, 100)
    over = _read(*[CHANGE] * (MOST_CHANGES + 1), aim=[AIM] * (MOST_AIMS + 1))
    assert over.faults == (
        "'change' stands 1,001 times, more than 1,000: split the scenario.",
        "'aim' stands 101 times, more than 100: split the scenario.",
    )


@pytest.mark.parametrize(
    ("block", "fine"),
    [
        ({**CHANGE, "chance": 0}, True),
        ({**CHANGE, "chance": 1}, True),
        ({**CHANGE, "chance": 1.001}, False),
        ({**CHANGE, "chance": -0.001}, False),
        ({**CHANGE, "chance": True}, False),
        ({**PEOPLE, "more": 0}, True),
        ({**PEOPLE, "more": 1_000_000_000}, True),
        ({**PEOPLE, "more": 1_000_000_001}, False),
        ({**PEOPLE, "fewer": 1}, True),
        ({**PEOPLE, "fewer": 0.5}, False),
        ({**PEOPLE, "times": 0}, True),
        ({**PEOPLE, "times": 0.5}, True),
        ({**PEOPLE, "times": -0.5}, False),
        ({**PEOPLE, "times": float("nan")}, False),
        ({**CHANGE, "was": {"a": True, "b": 1, "c": 0.5, "d": "x"}}, True),
        ({**CHANGE, "reason": "a\x00b"}, False),
    ],
)
def test_a_bound_belongs_to_what_may_be_said(block: dict[str, Any], fine: bool) -> None:
    assert (_read(block).faults == ()) is fine


def test_what_is_faulty_is_read_as_if_it_was_left_out() -> None:
    (change,) = _read({**CHANGE, "chance": 2, "was": {"a": [1], "b": 1}}).changes
    assert (change.chance, change.was) == (1.0, {"b": 1})
    assert change.faulty == {"chance", "was.a"}


def test_faults_are_told_in_the_order_of_the_file_and_those_of_the_base_first() -> None:
    above = ScenarioError("top.toml", ["'change[1].at' d."])
    told = ScenarioError(
        "base.toml", ["'aim[1].should' c.", "'change[10].at' b.", "'change[2].at' a.", "'x' 0."], [above]
    )  # fmt: skip
    assert (str(told), *told.more) == (
        "base.toml: 'x' 0.",
        "base.toml: 'change[2].at' a.",
        "base.toml: 'change[10].at' b.",
        "base.toml: 'aim[1].should' c.",
        "top.toml: 'change[1].at' d.",
    )
