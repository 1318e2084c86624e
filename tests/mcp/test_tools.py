"""Every question is a tool that says what its help says, and no other words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import jsonschema
import pytest

from lcrmap.cli import commands
from lcrmap.layers import Pack
from lcrmap.mcp.settings import Settings
from lcrmap.mcp.tools import COMMANDS, DESCRIBE, PAGING, ToolAbout, tools_of, words_of
from lcrmap.verbs.asks import ASKS, PAGES, question_class
from lcrmap.verbs.question import fields_of
from tests.conftest import ROOT

TOOLS = {each.name: each for each in tools_of(Settings())}
VERBS = [each for each in TOOLS if each in commands.list_commands(click.Context(commands))]


def help_of(name: str) -> str:
    """Return what ``--help`` prints, with one space between words."""
    context = click.Context(commands, info_name="lcrmap", max_content_width=100)
    command = commands.get_command(context, name)
    assert command is not None
    told = command.get_help(click.Context(command, parent=context, info_name=name))
    return " ".join(re.sub(r"(?<=\w)-\n\s+", "-", told).split())


def test_every_question_has_a_tool_and_every_tool_is_one() -> None:
    asked = {ask for ask in ASKS if question_class(ask).of_data}
    assert set(TOOLS) == asked | {DESCRIBE} | set(COMMANDS)


def test_the_issue_named_these() -> None:
    named = "layers describe find_place show count join near catchment gaps map report check compare scenarios"
    assert set(named.split()) <= set(TOOLS)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("show", {"with"}),
        ("join", {"with"}),
        ("count", {"with", "of", "groups", "per"}),
        ("map", {"with", "shade", "per", "against"}),
        ("gaps", {"of", "groups"}),
        ("catchment", {"of", "groups"}),
        ("profile", {"place", "ring"}),
        ("indicators", {"words"}),
    ],
)
def test_tools_offer_what_is_known_of_areas(name: str, keys: set[str]) -> None:
    assert keys <= set(TOOLS[name].arguments["properties"])


@pytest.mark.parametrize("name", VERBS)
def test_a_tool_says_the_words_of_help_and_no_others(name: str) -> None:
    told, shown = TOOLS[name], help_of(name)
    usage, examples = (
        shown.partition(told.description.split("\n\n")[0])[0],
        shown.find(" Examples:"),
    )
    assert usage.startswith("Usage: lcrmap ")
    assert " ".join(told.description.split()) == shown[len(usage) : examples].strip()
    for schema in told.arguments["properties"].values():
        if schema not in PAGING.values() and "picture" not in schema.get("description", ""):
            assert " ".join(schema.get("description", "").split()) in shown


@pytest.mark.parametrize("name", [each for each in TOOLS if each not in COMMANDS])
def test_a_tool_takes_the_fields_of_its_question(name: str) -> None:
    ask = "layers" if name == DESCRIBE else name
    keys = {each.key for each in fields_of(question_class(ask))}
    keys -= {"layer"} if name == "layers" else set()
    taken = set(TOOLS[name].arguments["properties"])
    assert taken - set(PAGING) - {"picture"} == keys
    assert ("picture" in taken) == (ask in PAGES)


@pytest.mark.parametrize("about", TOOLS.values(), ids=list(TOOLS))
def test_schemas_are_schemas(about: ToolAbout) -> None:
    jsonschema.Draft202012Validator.check_schema(about.arguments)
    jsonschema.Draft202012Validator.check_schema(about.result)
    assert about.arguments["additionalProperties"] is False


def test_no_question_has_a_field_that_means_something_else_to_a_tool() -> None:
    for ask in ASKS:
        keys = {each.key for each in fields_of(question_class(ask))}
        assert not keys & {*PAGING, "picture", "output", "beside", "size", "dpi"}, ask


def test_layers_are_listed_with_their_titles(pack: Pack) -> None:
    listed = TOOLS["count"].arguments["$defs"]["layer"]["oneOf"]
    assert {each["const"]: each["title"] for each in listed} == {
        each.name: each.title for each in pack
    }


def test_indicators_are_listed_with_their_titles(pack: Pack) -> None:
    listed = TOOLS["show"].arguments["$defs"]["indicator"]["anyOf"][:-1]
    assert {each["const"]: each["title"] for each in listed} == {
        each.id: each.title for each in pack.indicators
    }


def test_another_pack_lists_its_own(skerries: Pack) -> None:
    tools = {each.name: each for each in tools_of(Settings(pack=skerries.folder))}
    listed = tools["show"].arguments["$defs"]["layer"]["oneOf"]
    assert [each["const"] for each in listed] == list(skerries.names)


def test_files_may_be_named_where_a_folder_is_allowed(tmp_path: Path) -> None:
    tools = {each.name: each for each in tools_of(Settings(allow=(tmp_path,)))}
    layer = tools["show"].arguments["$defs"]["layer"]
    jsonschema.validate("mine.csv", layer)
    assert not jsonschema.Draft202012Validator(TOOLS["show"].arguments["$defs"]["layer"]).is_valid(
        "mine.csv"
    )


def test_who_may_write_is_told_and_else_nothing_is(tmp_path: Path) -> None:
    assert all(each.reads_only for each in TOOLS.values())
    assert not any("output" in each.arguments["properties"] for each in TOOLS.values())
    tools = {each.name: each for each in tools_of(Settings(output=tmp_path))}
    for each in tools.values():
        assert each.reads_only == ("output" not in each.arguments["properties"])
    assert not tools["map"].reads_only
    assert not tools["report"].reads_only
    assert tools["check"].reads_only
    assert tools["find_place"].reads_only


def test_the_servers_scenario_is_the_default() -> None:
    tools = {each.name: each for each in tools_of(Settings(scenario="four-stations"))}
    assert tools["count"].arguments["properties"]["scenario"]["default"] == "four-stations"


def test_words_have_no_commands() -> None:
    assert words_of("One\ntwo.\n\nThree.\n\n\b\nExamples:\n  lcrmap x") == "One two.\n\nThree."
    assert not any(
        "lcrmap count" in each.description for each in TOOLS.values() if each.name != "count"
    )


def test_the_page_of_docs_configures_a_server_in_six_lines_and_names_tools_that_exist() -> None:
    page = (ROOT / "docs/assistants.md").read_text(encoding="utf-8")
    (configuration,) = re.findall(r"```json\n(.*?)\n```", page, flags=re.DOTALL)
    assert len(configuration.splitlines()) == 6
    server = json.loads(configuration)["mcpServers"]["lcrmap"]
    assert server["command"] == "lcrmap"
    command = commands.get_command(click.Context(commands), server["args"][0])
    assert command is not None
    flags = {flag for each in command.params for flag in each.opts}
    assert {each for each in server["args"] if each.startswith("--")} <= flags
    table = re.findall(r"^\| (`.+?) \|", page, flags=re.MULTILINE)
    named = {name for cell in table for name in re.findall(r"`(\w+)`", cell)}
    assert len(named) >= 17
    assert named <= set(TOOLS)
