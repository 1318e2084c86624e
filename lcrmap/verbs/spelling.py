"""How messages call the fields of a question: by their option in the shell, by their argument in Python.

Whatever is said names options, since checks and analysis know of no other form. Here alone is decided how the same
sentence reads to somebody who wrote Python: ``--border error`` is ``border="error"``, ``-k`` is ``k``, ``--in`` is
``areas``. Commands in quotes, such as ``'lcrmap join a b --many'``, and all else in quotes stay as they are.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from lcrmap.errors import LcrmapError
from lcrmap.verbs.question import Distance, Question, QuestionField, RefusedValueError, fields_of

__all__ = ["in_python", "respell"]

_QUOTED: Final = r"(?<!\w)'[^']*'(?!\w)|\"[^\"]*\""
_DISTANCE: Final = r"[\d.]+(?:km|mi|m)\b"
_EXAMPLE: Final = ("as in ", "such as ")  # what stands behind them is written as one types it


def respell(error: LcrmapError, kind: type[Question]) -> None:
    """Let an error that came of a question name its fields as Python does.

    Parameters
    ----------
    error
        Its message is changed, all else stays.
    kind
        The class of the question.
    """
    told = str(error)
    if isinstance(error, RefusedValueError) and told.startswith(f"{error.field.spelled} "):
        told = error.field.name + told.removeprefix(error.field.spelled)
    error.args = (in_python(told, kind),)


def in_python(text: str, kind: type[Question]) -> str:
    """Return a sentence that names a question's options as one that names its arguments.

    Parameters
    ----------
    text
        Any sentence.
    kind
        The class of the question.

    Examples
    --------
    >>> from lcrmap.verbs.join.question import Join
    >>> in_python("--border error refuses what --many asks for: leave one out.", Join)
    'border="error" refuses what many=True asks for: leave one out.'
    """
    asked: Any = kind  # a class is hashable, whatever a dataclass says of its instances
    fields, options = _spelled(asked)
    said, done = "", 0
    for found in options.finditer(text):
        if found["flag"] is None or found.start() < done:
            continue  # quoted, or the value of the option before
        field = fields[found["flag"]]
        between = text[done : found.start()]
        said += (", " if done and between == " " else between) + field.name
        done = found.end()
        if field.item is bool:
            said += "=False" if found["flag"].startswith("--no-") else "=True"
            continue
        example = text[: found.start()].endswith(_EXAMPLE)
        value = re.compile(f" ({_value(field, example=example)})").match(text, done)
        if value is not None:
            said += f"={_written(field, value[1])}"
            done = value.end()
    return said + text[done:]


@cache
def _spelled(kind: Any) -> tuple[dict[str, QuestionField], re.Pattern[str]]:
    """Return the fields by each way in which the command line spells them, and what finds these and what is quoted."""
    named: dict[str, QuestionField] = {}
    for field in fields_of(kind):
        if field.option.argument:
            continue
        flags = [field.flag, field.option.letter]
        if field.item is bool:
            flags.append(f"--no-{field.flag.removeprefix('--')}")
        named |= dict.fromkeys(filter(None, flags), field)
    every = "|".join(map(re.escape, named))
    return named, re.compile(rf"{_QUOTED}|(?<![\w-])(?P<flag>{every})(?![\w-])")


def _value(field: QuestionField, *, example: bool) -> str:
    """Return what matches a value behind an option; a bare word is one only in an example."""
    if field.choices:
        return rf"(?:{'|'.join(field.choices)})\b"
    if field.item is Distance:
        return rf"{_DISTANCE}(?:,{_DISTANCE})*" if field.many else _DISTANCE
    if field.item is int:
        return r"\d+"
    if field.item is float:
        return r"-?\d+(?:\.\d+)?"
    return rf"{_QUOTED}|\w+:\w+" + (r"|[\w-]+" if example else "")


def _written(field: QuestionField, value: str) -> str:
    """Return a value as Python writes it."""
    if field.item in (int, float) or value[0] in "'\"":
        return value
    if field.many:
        return "[" + ", ".join(f'"{each}"' for each in value.split(",")) + "]"
    return f'"{value}"'
