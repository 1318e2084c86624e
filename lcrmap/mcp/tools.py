"""Which tools there are, and what each says of itself: all of it is read off the questions, and nothing is added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any, Final

from lcrmap.io.scenarios import bundled_scenarios
from lcrmap.layers import Pack
from lcrmap.layers.scenario import BASELINE
from lcrmap.mcp.results import RESULT
from lcrmap.mcp.schemas import DIALECT, Schema, schema_of
from lcrmap.mcp.settings import Settings
from lcrmap.verbs.asks import ASKS, question_class
from lcrmap.verbs.question import Question, fields_of

__all__ = ["PAGING", "ToolAbout", "tools_of", "words_of"]

PAGING: Final[dict[str, Schema]] = {
    "offset": {
        "type": "integer",
        "minimum": 0,
        "default": 0,
        "description": "How many rows to pass over; the result says which come next.",
    },
    "at_once": {
        "type": "integer",
        "minimum": 1,
        "maximum": 1000,
        "description": "Return so many rows, however long the result (default: 50, and not more than 30 kB).",
    },
}
"""What a call may say besides its question: which of the rows come back."""


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


def tools_of(settings: Settings) -> list[ToolAbout]:
    """Return the tools in the order in which help lists the verbs."""
    names = _names(settings, settings.open_pack())
    return [_of_question(ask, names) for ask in ASKS if question_class(ask).of_data]


def words_of(question: type[Question]) -> str:
    """Return the words of a question's help, without its examples of commands."""
    text = cleandoc(question.about or question.__doc__ or "").partition("\n\b")[0]
    return "\n\n".join(" ".join(each.split()) for each in text.split("\n\n")).strip()


def _of_question(ask: str, names: dict[str, Schema]) -> ToolAbout:
    question = question_class(ask)
    fields = fields_of(question)
    properties = {each.key: schema_of(each, titled=True) for each in fields}
    words = words_of(question)
    return ToolAbout(
        name=ask,
        title=question.brief or words.partition("\n")[0],
        description=words,
        arguments={
            "$schema": DIALECT,
            "type": "object",
            "properties": properties | PAGING,
            "required": [each.key for each in fields if each.required],
            "additionalProperties": False,
            "$defs": {kind: names[kind] for kind in _referred(properties.values())},
        },
        result=RESULT,
        reads_only=True,
    )


def _referred(schemas: Iterable[Schema]) -> list[str]:
    refs = [each.get("items", each).get("$ref", "") for each in schemas]
    return sorted({each.rpartition("/")[2] for each in refs if each})


def _names(settings: Settings, pack: Pack) -> dict[str, Schema]:
    """Return what names of layers, places and scenarios may be."""
    layers: list[dict[str, Any]] = [{"const": each.name, "title": each.title} for each in pack]
    scenarios = [{"const": each} for each in (BASELINE, *bundled_scenarios(pack))]
    return {
        "layer": _name("A layer of the data pack", layers, settings),
        "place": {
            "type": "string",
            "description": "A layer, a feature's id or name, a position such as '53.4,-2.98', a grid reference, or a "
            f"postcode. Layers: {', '.join(pack.names)}.",
        },
        "scenario": _name("A scenario of the data pack", scenarios, settings),
    }


def _name(told: str, known: list[dict[str, Any]], settings: Settings) -> Schema:
    if not settings.allow:
        return {"type": "string", "description": f"{told}.", "oneOf": known}
    return {
        "type": "string",
        "description": f"{told}, or a file in a folder that this server may read.",
        "anyOf": [*known, {"type": "string"}],
    }
