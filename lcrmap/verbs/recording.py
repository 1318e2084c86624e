"""The record on a page: the question, as plain values, by which ``lcrmap verify`` asks again."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import lcrmap
from lcrmap.errors import FileError, LcrmapError, UsageError
from lcrmap.io.paths import files_meant, is_file, typed_path
from lcrmap.layers import Pack
from lcrmap.verbs.asks import PAGES, question_class
from lcrmap.verbs.question import SOUTHERN, Question, QuestionField

if TYPE_CHECKING:
    from lcrmap.maps.model import PageModel

__all__ = [
    "FORM",
    "bare_names",
    "command_of",
    "pack_record",
    "question_of",
    "record_of",
    "recorded",
]

FORM: Final = 2
"""The format of records that this version writes and reads."""


def recorded(
    model: PageModel, question: Question, pack: Pack, in_memory: Sequence[str] = ()
) -> PageModel:
    """Return the page with the record of its question, and with the command that asks it.

    Parameters
    ----------
    in_memory
        The names of what was asked about and is no layer of the pack and no file; no command can ask about it.
    """
    recipe = record_of(question, pack)
    if in_memory:
        recipe["in_memory"] = list(in_memory)
    command = "" if in_memory else command_of(question)
    provenance = replace(model.provenance, recipe=recipe, command=command)
    return replace(model, provenance=provenance)


def record_of(question: Question, pack: Pack) -> dict[str, Any]:
    """Return a question and the pack that it was asked of as a record holds them."""
    return {
        "form": FORM,
        "question": bare_names(question).to_plain(),
        "pack": pack_record(pack),
    }


def pack_record(pack: Pack) -> dict[str, str]:
    """Return what names a pack in a record: its name, version, and the SHA-256 of its datapackage.json."""
    return {"name": pack.name, "version": pack.version, "sha256": pack.sha256}


def question_of(record: Mapping[str, Any], *, asks: Sequence[str] = PAGES) -> Question:
    """Return the question that a record holds.

    Parameters
    ----------
    asks
        The questions that it may hold: those of a page, or of an answer that stands on none.

    Raises
    ------
    FileError
        If the record has another format than `FORM`.
    UsageError
        If its question is invalid, or none that it may hold.
    """
    if record.get("form") != FORM:
        raise FileError(
            f"The record is of an older form, which this lcrmap ({lcrmap.__version__}) cannot ask again: "
            f"write the page or report anew."
        )
    raw = record.get("question")
    if not isinstance(raw, dict):
        raise UsageError("The record holds no question.")
    ask = raw.get("ask")
    if ask not in asks:
        what = "makes no page" if asks is PAGES else "is no question"
        raise UsageError(f"The record asks for {_short(ask)}, which {what}.")
    kind = question_class(str(ask))
    try:
        return kind.from_plain({key: value for key, value in raw.items() if key != "ask"})
    except LcrmapError as error:
        raise UsageError(f"The recorded question '{ask}' is invalid: {error}") from error


def _short(value: Any) -> str:
    return repr(value)[:40]


def bare_names(question: Question) -> Question:
    """Return the question with files by their bare name: a record tells nothing of a machine."""
    changes = {
        field.name: tuple(map(_bare, value)) if isinstance(value, tuple) else _bare(value)
        for field, value in question.given()
        if field.names_files
    }
    return replaced(question, **changes)


def replaced(question: Question, **changes: Any) -> Question:
    """Return the question with some fields changed."""
    asked: Any = question  # every kind of question is a dataclass
    made: Question = replace(asked, **changes)
    return made


def _bare(text: str) -> str:
    if "/" not in text and os.sep not in text:
        return text
    named = ((each, rest) for each, rest in files_meant(text) if is_file(typed_path(each)))
    path, rest = next(named, ("", text))
    return Path(path).name + rest


def command_of(question: Question) -> str:
    """Return the command line that asks a question, with files by their bare name.

    Examples
    --------
    >>> from lcrmap.verbs.gaps.question import Gaps
    >>> command_of(Gaps(layer="rail-stations", beyond="800m"))
    'lcrmap gaps rail-stations --beyond 800m'
    """
    arguments: list[str] = []
    options: list[str] = []
    for field, value in bare_names(question).given():
        words = arguments if field.option.argument else options
        words += _words(field, value)
    if any(map(_looks_like_an_option, arguments)):
        return " ".join(["lcrmap", question.ask, *options, "--", *arguments])
    return " ".join(["lcrmap", question.ask, *arguments, *options])


def _looks_like_an_option(argument: str) -> bool:
    (text,) = shlex.split(argument)
    return text.startswith("-") and text != "-" and SOUTHERN.match(text) is None


def _words(field: QuestionField, value: Any) -> list[str]:
    flag = [] if field.option.argument else [field.flag]
    if isinstance(value, bool):
        return flag if value else [f"--no-{field.flag.removeprefix('--')}"]
    values = value if isinstance(value, tuple) else (value,)
    if field.option.comma:
        values = (",".join(map(str, values)),)
    if field.option.words > 1:
        words = str(value).rsplit(maxsplit=field.option.words - 1)
        return [*flag, *map(shlex.quote, words)]
    return [word for each in values for word in (*flag, shlex.quote(str(each)))]
