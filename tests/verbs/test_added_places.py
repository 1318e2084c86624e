"""A place that only a scenario adds: who asks for it without the scenario is told which one."""

from __future__ import annotations

import pytest

import lcrmap
from lcrmap.errors import UnknownNameError
from lcrmap.layers import Pack
from lcrmap.verbs.sources import Sources

ADDED = {
    "birkenhead-hub": ("No place 'birkenhead-hub'", "birkenhead-hub"),
    "BIRKENHEAD hub": ("No place 'BIRKENHEAD hub'", "birkenhead-hub"),
    "innovation-assets:Birkenhead hub": ("No feature 'Birkenhead hub' in innovation-assets", "birkenhead-hub"),
    "rail-stations:woodchurch": ("No feature 'woodchurch' in rail-stations", "four-stations"),
}  # fmt: skip


@pytest.mark.parametrize("text", ADDED)
def test_the_scenario_that_adds_a_place_is_named(text: str, pack: Pack) -> None:
    begins, scenario = ADDED[text]
    for sources in (Sources(pack), Sources(pack).in_scenario("no-ferries")):
        with pytest.raises(UnknownNameError) as caught:
            sources.spots(text)
        told = f"it is added by the scenario '{scenario}', so name it, as in --scenario {scenario}."
        assert str(caught.value) == f"{begins}: {told}"


def test_in_python_the_argument_is_named() -> None:
    with pytest.raises(UnknownNameError, match='so name it, as in scenario="birkenhead-hub"'):
        lcrmap.near("birkenhead-hub", "rail-stations")


def test_a_scenario_that_is_taken_for_a_place_is_called_one(pack: Pack) -> None:
    with pytest.raises(UnknownNameError, match="name it as one, as in --scenario no-ferries"):
        Sources(pack).spots("no-ferries")


def test_a_place_that_none_adds_is_told_of_as_before(pack: Pack, skerries: Pack) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'aigburth'"):
        Sources(pack).spots("aigburht")
    with pytest.raises(
        UnknownNameError, match="No place 'birkenhead-hub': check how it is written"
    ):
        Sources(skerries).spots("birkenhead-hub")


def test_what_came_from_somebody_else_opens_no_scenario(pack: Pack) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'Birkenhead South'"):
        Sources(pack, closed=True).spots("birkenhead-hub")
