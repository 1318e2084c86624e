"""The server over its pipes: what it lists, what a call gives back, and how it refuses."""

from __future__ import annotations

import subprocess
import sys

import jsonschema
import pytest

from tests.mcp.conftest import Served, texts


@pytest.fixture(scope="module")
def counted(served: Served):
    return served.call("count", layers=["innovation-assets"], **{"in": "boroughs"})


def test_a_count_says_its_figures_with_their_ranges(counted) -> None:
    told = counted.structured_content
    assert told["headline"].startswith("Liverpool has 32 of the 52 innovation assets")
    assert "(31 to 33" in told["headline"]
    liverpool = next(each for each in told["figures"] if each["of"] == "Liverpool")
    assert (liverpool["value"], liverpool["min"], liverpool["max"]) == (32, 31, 33)
    assert liverpool["certain"] is False
    helens = next(each for each in told["figures"] if each["of"] == "St Helens")
    assert helens["certain"] is True


def test_a_count_says_what_the_command_says(counted, lcrmap) -> None:
    asked = lcrmap("count", "innovation-assets", "--in", "boroughs", "-f", "table")
    assert texts(counted)[-1] == asked.out
    assert counted.structured_content["notes"] == asked.err.splitlines()


def test_a_count_names_its_sources_with_dates(counted) -> None:
    named = counted.structured_content["credits"]
    assert {each["title"] for each in named} >= {"Innovation assets", "Boroughs"}
    assert all(each["credit"] for each in named)


def test_a_count_holds_the_record_that_asks_it_again(counted) -> None:
    question = counted.structured_content["record"]["question"]
    assert question == {"ask": "count", "layers": ["innovation-assets"], "in": "boroughs"}


def test_a_result_is_as_its_schema_says(served: Served, counted) -> None:
    listed = served.run(served.client.list_tools).tools
    (tool,) = [each for each in listed if each.name == "count"]
    jsonschema.Draft202012Validator.check_schema(tool.input_schema)
    jsonschema.Draft202012Validator(tool.output_schema).validate(counted.structured_content)


def test_a_mistyped_layer_is_told_as_on_the_command_line(served: Served, lcrmap) -> None:
    asked = lcrmap("count", "innovation-asset", "--in", "boroughs")
    told = served.refused("count", layers=["innovation-asset"], **{"in": "boroughs"})
    assert told == asked.err.strip()
    assert "did you mean 'innovation-assets'?" in told


def test_an_unknown_tool_and_an_unknown_argument_are_told(served: Served) -> None:
    assert served.refused("coun") == "Error: No tool 'coun': did you mean 'count'?"
    told = served.refused("count", layer=["innovation-assets"])
    assert "No key 'layer': did you mean 'layers'?" in told


def test_the_server_itself_loads_no_geometry_library() -> None:
    code = (
        "import sys\nfrom lcrmap.mcp.server import server_of\nfrom lcrmap.mcp.settings import Settings\n"
        "from lcrmap.mcp.workers import Workers\nserver_of(Settings(), Workers(Settings()))\n"
        "print([each for each in ('geopandas', 'pandas', 'shapely', 'pyproj') if each in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("words", ["no_car", "car"], ids=["one", "several"])
def test_indicators_name_their_sources_with_dates(served: Served, words: str) -> None:
    told = served.told("indicators", words=words)
    named = {each["title"]: each for each in told["credits"]}
    census = named["Office for National Statistics: Census 2021"]
    assert census["as_of"] == "2021-03-21"
    assert census["credit"].startswith("Source: Office for National Statistics")


def test_a_postcode_and_what_a_scenario_changes_are_credited(served: Served) -> None:
    told = served.told(
        "near", **{"from": "L3 5QA", "to": ["rail-stations"]}, scenario="four-stations"
    )
    titles = {each["title"] for each in told["credits"]}
    assert titles == {"Postcodes", "Rail stations", "Planned stations"}
