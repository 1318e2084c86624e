"""The fields of a question as JSON Schema 2020-12: what each is, and what it may be."""

from __future__ import annotations

from typing import Any, Final

import click

from lcrmap.verbs.question import DISTANCE, MOST_NAMES, Distance, QuestionField

__all__ = ["DIALECT", "NAMED", "Schema", "schema_of", "schema_of_parameter"]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

NAMED: Final = ("layer", "place", "scenario", "indicator")
"""The kinds of options that are names, of which those that are known stand under ``$defs``."""

_PLAIN: Final[dict[Any, str]] = {bool: "boolean", int: "integer", float: "number"}
"""What JSON calls the types of values; all others are texts."""


def schema_of(field: QuestionField, *, titled: bool = False) -> Schema:
    """Return the schema of a field.

    Parameters
    ----------
    titled
        Whether its name in the words of help is given as a title: of an argument, which these words explain.

    Examples
    --------
    >>> from lcrmap.verbs.gaps.question import Gaps
    >>> from lcrmap.verbs.question import field_of
    >>> schema_of(field_of(Gaps, "limit"))
    {'type': 'integer', 'minimum': 0, 'description': 'Keep only the first N rows.'}
    """
    schema = _of_item(field)
    if field.many:
        schema = {"type": "array", "items": schema, "minItems": 1}
        if field.option.kind in ("layer", "place"):
            schema["maxItems"] = MOST_NAMES
    if field.option.help:
        schema["description"] = field.option.help
    if titled and field.option.argument:
        schema["title"] = field.spelled
    if not field.required and field.default not in (None, (), False):
        default = field.default
        schema["default"] = str(default) if isinstance(default, Distance) else default
    return schema


def _of_item(field: QuestionField) -> Schema:
    """Return the schema of one value."""
    if field.choices:
        return {"type": "string", "enum": list(field.choices)}
    if field.item is Distance:
        return {"type": "string", "pattern": f"^(?:{DISTANCE})$"}
    if field.option.kind in NAMED:
        return {"$ref": f"#/$defs/{field.option.kind}"}
    schema: Schema = {"type": _PLAIN.get(field.item, "string")}
    if field.option.least is not None:
        schema["minimum"] = field.option.least
    return schema


def schema_of_parameter(param: click.Parameter) -> Schema:
    """Return the schema of an option or argument of a command that asks no question.

    Examples
    --------
    >>> schema_of_parameter(click.Option(["--dpi"], type=click.IntRange(50, 1200), help="Dots per inch."))
    {'type': 'integer', 'minimum': 50, 'maximum': 1200, 'description': 'Dots per inch.'}
    """
    schema: Schema = {"type": "string"}
    if isinstance(param.type, click.Choice):
        schema["enum"] = list(param.type.choices)
    elif isinstance(param.type, click.IntRange):
        ends = {"minimum": param.type.min, "maximum": param.type.max}
        schema = {"type": "integer"} | {name: end for name, end in ends.items() if end is not None}
    if param.multiple or param.nargs == -1:
        schema = {"type": "array", "items": schema, "minItems": 1}
    if told := getattr(param, "help", None):
        schema["description"] = told
    elif param.metavar:
        schema["title"] = param.metavar.strip("[].")
    return schema
