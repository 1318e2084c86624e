"""Which tools there are, and what each says of itself: all of it is read off questions and commands, nothing is added.

A question is a tool, and so is each command of `COMMANDS`, which asks none.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from inspect import cleandoc
from typing import Any, Final

import click

from lcrmap.cli import BRIEFS, VERBS, commands
from lcrmap.errors import UnknownNameError, UsageError
from lcrmap.io.scenarios import bundled_scenarios
from lcrmap.layers import Pack
from lcrmap.layers.scenario import BASELINE
from lcrmap.mcp.outcome import RESULT
from lcrmap.mcp.schemas import DIALECT, Schema, schema_of, schema_of_parameter
from lcrmap.mcp.settings import Settings
from lcrmap.verbs.asks import ASKS, PAGES, question_class
from lcrmap.verbs.other_names import fields_meant
from lcrmap.verbs.question import Question, QuestionField, RefusedValueError, fields_of, suggestion

__all__ = [
    "COMMANDS",
    "DESCRIBE",
    "PAGING",
    "Paging",
    "ToolAbout",
    "fields_told",
    "question_asked",
    "tools_of",
    "words_of",
]

COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "report": ("recipe",),
    "check": ("files", "inside", "select", "ignore", "x", "y", "crs"),
}
"""The commands that are tools without being questions, and what of theirs a call may say."""

DESCRIBE: Final = "describe"
"""The tool that is ``layers`` about one layer, which must then be named."""

_WRITING: Final = ("output", "beside", "size", "dpi")
"""The options of a command by which it says where its answer goes, and as what."""

PAGING: Final[dict[str, Schema]] = {
    "offset": {
        "type": "integer",
        "minimum": 0,
        "default": 0,
        "description": "How many rows to pass over; the result says where further ones begin.",
    },
    "at_once": {
        "type": "integer",
        "minimum": 1,
        "maximum": 1000,
        "description": "Return so many rows, however long the result (default: 50, and not more than 30 kB).",
    },
}
"""What a call may say besides its question: which of the rows come back."""

PICTURE: Final[dict[str, Schema]] = {
    "picture": {
        "type": "boolean",
        "description": "Return a picture of the answer too, some 100 kB of PNG.",
    }
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolAbout:
    """What is said of a tool.

    Attributes
    ----------
    name, title, description
        What it is called, what it does in one line, and all that its help says.
    arguments, result
        JSON Schemas.
    reads_only
        Whether it writes nothing.
    """

    name: str
    title: str
    description: str
    arguments: Schema
    result: Schema
    reads_only: bool


@dataclass(frozen=True, slots=True)
class Paging:
    """Which rows are wanted, and whether a picture is."""

    offset: int = 0
    at_once: int | None = None
    picture: bool = False

    @classmethod
    def of(cls, arguments: Mapping[str, Any]) -> Paging:
        """Read it off the arguments of a call.

        Raises
        ------
        UsageError
            If a value is none that it may be.
        """
        picture = arguments.get("picture", False)
        if not isinstance(picture, bool):
            raise UsageError(f"picture must be true or false, not {picture!r}.")
        return cls(_whole("offset", arguments) or 0, _whole("at_once", arguments), picture)


def _whole(key: str, arguments: Mapping[str, Any]) -> int | None:
    if key not in arguments:
        return None
    value = arguments[key]
    least, most = PAGING[key]["minimum"], PAGING[key].get("maximum", sys.maxsize)
    if type(value) is not int or not least <= value <= most:
        span = f"from {least}" + (f" to {most:,}" if "maximum" in PAGING[key] else "")
        raise UsageError(f"{key} must be a whole number {span}, not {value!r}.")
    return value


def tools_of(settings: Settings) -> list[ToolAbout]:
    """Return the tools in the order in which help lists the verbs."""
    names = _names(settings, settings.open_pack())
    tools = []
    for ask in ASKS:
        if question_class(ask).of_data:
            tools.append(_of_question(ask, ask, names, settings))
        if ask == "layers":
            tools.append(_of_question(DESCRIBE, ask, names, settings))
    return tools + [_of_command(name, settings) for name in COMMANDS]


def words_of(text: str) -> str:
    """Return the words of a help text, without its examples of commands; an empty line parts two paragraphs."""
    told = cleandoc(text).partition("\n\b")[0]
    return "\n\n".join(" ".join(each.split()) for each in told.split("\n\n")).strip()


@cache
def _command(name: str) -> click.Command | None:
    return commands.get_command(click.Context(commands), name) if name in VERBS else None


def fields_told(name: str) -> tuple[str, tuple[QuestionField, ...], tuple[str, ...]]:
    """Return which question a tool asks, by which of its fields, and which of these must be given."""
    ask = "layers" if name == DESCRIBE else name
    fields = fields_of(question_class(ask))
    if ask == "layers" and name != DESCRIBE:
        fields = tuple(each for each in fields if each.name != "layer")
    must = tuple(each.key for each in fields if each.required or name == DESCRIBE == each.key)
    return ask, fields, ("layer",) if name == DESCRIBE else must


def question_asked(name: str, asked: Mapping[str, Any]) -> Question:
    """Return the question that a call asks.

    Parameters
    ----------
    asked
        Its fields, as JSON has them.

    Raises
    ------
    UsageError
        If a field holds what it cannot; a choice that may have been meant is named.
    """
    ask, fields, must = fields_told(name)
    known = {each.key: each for each in fields}
    for key in asked:
        if key not in known:
            meant = fields_meant(key, fields)
            raise UnknownNameError("key", key, [*known, *PAGING], meant=meant)
    for key in must:
        if key not in asked:
            field = known[key]
            raise RefusedValueError(field, None, f"{key} is missing: it is {field.must}.")
    try:
        return question_class(ask).from_plain(asked)
    except RefusedValueError as error:
        if hint := suggestion(error.field, error.value):
            error.args = (f"{error}{hint}",)
        raise


def _of_question(name: str, ask: str, names: dict[str, Schema], settings: Settings) -> ToolAbout:
    question = question_class(ask)
    _, fields, must = fields_told(name)
    properties = {each.key: schema_of(each, titled=True) for each in fields}
    writing = _writing(ask, settings)
    properties |= writing | PAGING | (PICTURE if ask in PAGES else {})
    if "scenario" in properties and settings.scenario is not None:
        properties["scenario"]["default"] = settings.scenario
    words = words_of(question.about or question.__doc__ or "")
    defined = {kind: names[kind] for kind in _referred(properties.values())}
    return ToolAbout(
        name=name,
        title=question.brief or words.partition("\n")[0],
        description=words,
        arguments=_arguments(properties, must) | ({"$defs": defined} if defined else {}),
        result=RESULT,
        reads_only=not writing,
    )


def _of_command(name: str, settings: Settings) -> ToolAbout:
    command = _command(name)
    assert command is not None  # noqa: S101 (it is one of `COMMANDS`)
    params = {str(each.name): each for each in command.params}
    told = {key: schema_of_parameter(params[key]) for key in COMMANDS[name]}
    must = tuple(key for key in told if key == "files")
    writing = _writing(name, settings)
    return ToolAbout(
        name=name,
        title=BRIEFS[name],
        description=words_of(command.help or ""),
        arguments=_arguments(told | writing | (PAGING if name == "check" else {}), must),
        result=RESULT,
        reads_only=not writing,
    )


def _arguments(properties: Mapping[str, Schema], must: Iterable[str]) -> Schema:
    return {
        "$schema": DIALECT,
        "type": "object",
        "properties": dict(properties),
        "required": list(must),
        "additionalProperties": False,
    }


def _writing(name: str, settings: Settings) -> dict[str, Schema]:
    """Return by what a call says which files it wants; nothing where none may be written."""
    command = _command(name)
    if settings.output is None or command is None:
        return {}
    params = {str(each.name): each for each in command.params}
    if "output" not in params:
        return {}
    return {key: schema_of_parameter(params[key]) for key in _WRITING if key in params}


def _referred(schemas: Iterable[Schema]) -> list[str]:
    refs = [each.get("items", each).get("$ref", "") for each in schemas]
    return sorted({each.rpartition("/")[2] for each in refs if each})


def _names(settings: Settings, pack: Pack) -> dict[str, Schema]:
    """Return what names of layers, places and scenarios may be."""
    layers: list[dict[str, Any]] = [{"const": each.name, "title": each.title} for each in pack]
    indicators = pack.indicators if pack.has_indicators else ()
    scenarios = [{"const": each} for each in (BASELINE, *bundled_scenarios(pack))]
    return {
        "layer": _name("A layer of the data pack", layers, settings),
        "place": {
            "type": "string",
            "description": "A feature's id or name, LAYER:ID, a position such as '53.4,-2.98', a grid reference, a "
            f"postcode, or a layer: {', '.join(pack.names)}.",
        },
        "scenario": _name("A scenario of the data pack", scenarios, settings),
        "indicator": {
            "type": "string",
            "description": "An indicator of the data pack, or what its option says besides.",
            "anyOf": [
                *({"const": each.id, "title": each.title} for each in indicators),
                {"type": "string"},
            ],
        },
    }


def _name(told: str, known: list[dict[str, Any]], settings: Settings) -> Schema:
    if not settings.allow:
        return {"type": "string", "description": f"{told}.", "oneOf": known}
    return {
        "type": "string",
        "description": f"{told}, or a file in a folder that this server may read.",
        "anyOf": [*known, {"type": "string"}],
    }
