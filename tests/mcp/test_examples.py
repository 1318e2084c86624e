"""Each example of docs/commands.md, asked by a tool: the same rows, figures and sentences, to the byte."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest

from lcrmap.cli import commands
from lcrmap.cli.asking import question_from
from lcrmap.mcp.settings import Settings
from lcrmap.mcp.tools import tools_of
from lcrmap.verbs.asks import ASKS, PAGES, question_class
from lcrmap.verbs.question import Question
from lcrmap.verbs.recording import command_of
from tests.conftest import ROOT
from tests.mcp.conftest import Served, texts

TOOLS = {each.name: each for each in tools_of(Settings())}


def examples() -> dict[str, Question]:
    """Return what the examples ask that need no file of anybody's."""
    found = {}
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for line in re.findall(r"^    lcrmap (.+)$", text, flags=re.MULTILINE):
        name, *words = shlex.split(line)
        if name not in ASKS or set(words) & {"|", "&&", ">", "--example"} or "mysites" in line:
            continue
        command = commands.get_command(click.Context(commands), name)
        assert command is not None
        params = command.make_context(name, words).params
        question = question_from(question_class(name), params)
        found[command_of(question)] = question
    return found


EXAMPLES = examples()


def asked(served: Served, question: Question) -> tuple[str, dict[str, Any]]:
    """Return the tool that asks a question, and its arguments."""
    plain = question.to_plain()
    name = plain.pop("ask")
    return ("describe" if name == "layers" and plain.get("layer") else name), plain


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 25
    assert {"count", "near", "compare", "map"} <= {each.ask for each in EXAMPLES.values()}


@pytest.mark.parametrize("line", EXAMPLES)
def test_a_tool_answers_as_the_command_does(
    line: str, served: Served, lcrmap, tmp_path: Path
) -> None:
    question = EXAMPLES[line]
    name, arguments = asked(served, question)
    jsonschema.Draft202012Validator(TOOLS[name].arguments).validate(arguments)
    if question.ask == "map":
        found = served.call(name, **arguments)
        page = lcrmap(*shlex.split(line)[1:], "-o", "page.html")
        assert texts(found)[-1] == page.out
        return
    found = served.call(name, at_once=1000, **arguments)
    told = found.structured_content
    jsonschema.Draft202012Validator(TOOLS[name].result).validate(told)
    table = lcrmap(*shlex.split(line)[1:], "-f", "table")
    if told["next_offset"] is None or question.ask == "compare":  # which people read by other rows
        assert texts(found)[-1] == table.out
    assert told["notes"] == table.err.splitlines()
    rows = json.loads(lcrmap(*shlex.split(line)[1:], "-f", "json").out)["rows"]
    assert told["rows"] + further_rows(served, name, arguments, told) == rows
    assert told["rows_in_all"] == len(rows)
    for figure in told["figures"]:
        row = rows[figure["row"]]
        assert figure["value"] == row[figure["name"]]
        if figure["min"] is not None:
            assert {figure["min"], figure["max"]} <= set(row.values())
            assert figure["certain"] == (figure["min"] == figure["max"])


def further_rows(
    served: Served, name: str, arguments: dict[str, Any], told: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return the rows behind those that a result has."""
    if told["next_offset"] is None:
        return []
    return served.told(name, at_once=1000, offset=told["next_offset"], **arguments)["rows"]


# Of a map and of features the headline says where they are, and rows have none.
PAGED = list({each.ask: line for line, each in EXAMPLES.items() if each.ask in PAGES[2:]}.values())


@pytest.mark.parametrize("line", PAGED)
def test_a_tool_says_what_the_page_says(line: str, served: Served, lcrmap) -> None:
    name, arguments = asked(served, EXAMPLES[line])
    told = served.told(name, **arguments)
    page = lcrmap(*shlex.split(line)[1:], "-o", "page.html").out
    assert page.splitlines()[0].startswith(told["headline"].replace("km2", "km²"))


def test_pages_of_rows_make_the_whole(served: Served, lcrmap) -> None:
    rows = json.loads(lcrmap("show", "rail-stations", "-f", "json").out)["rows"]
    found, offset = [], 0
    while offset is not None:
        found_here = served.call("show", layer="rail-stations", offset=offset)
        told = found_here.structured_content
        assert len(json.dumps(told)) + sum(map(len, texts(found_here))) <= 31_000
        assert len(told["rows"]) <= 50
        found += told["rows"]
        offset = told["next_offset"]
    assert found == rows
    assert len(found) > 100


def test_more_rows_come_where_they_are_asked_for(served: Served) -> None:
    told = served.told("show", layer="rail-stations", at_once=120)
    assert len(told["rows"]) == 120
    assert told["next_offset"] == 120


def test_an_offset_beyond_the_end_has_no_rows(served: Served) -> None:
    told = served.told("show", layer="boroughs", offset=99)
    assert (told["rows"], told["next_offset"], told["rows_in_all"]) == ([], None, 6)


def test_columns_say_where_they_come_from(served: Served) -> None:
    told = served.told("count", layers=["innovation-assets"], **{"in": "boroughs"})
    come = {each["name"]: each["from"] for each in told["columns"]}
    assert (come["code"], come["count"], come["row"]) == ("pack", "lcrmap", "lcrmap")
