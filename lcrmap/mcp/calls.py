"""What a call does: its arguments become a question, which is asked, and its answer a result."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lcrmap.cli.delivery import Delivery, deliver
from lcrmap.cli.door import Overheard, overheard
from lcrmap.cli.ending import told
from lcrmap.errors import UsageError
from lcrmap.io.siblings import temporary_folder
from lcrmap.mcp.access import allowed_files, refusal
from lcrmap.mcp.results import plain_result, shown_rows
from lcrmap.mcp.settings import Settings
from lcrmap.mcp.tools import PAGING
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.asks import question_class
from lcrmap.verbs.question import Question, Reads
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer

__all__ = ["Done", "called"]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a call.

    Attributes
    ----------
    texts
        What the command line says: on stdout, and on stderr.
    result
        The same as plain values; empty where the call ended in a sentence.
    failed
        Whether it did.
    """

    texts: tuple[str, ...]
    result: dict[str, Any]
    failed: bool = False


def called(name: str, arguments: Mapping[str, Any], settings: Settings) -> Done:
    """Call a tool; whatever is raised becomes the sentences of the command line.

    Parameters
    ----------
    name
        One of the questions.
    arguments
        Its fields, as JSON has them, and which rows are wanted.
    """
    with overheard() as said, temporary_folder() as nowhere:
        os.chdir(nowhere)  # so that no bare name means a file of whoever started the server
        try:
            return _answered(name, arguments, settings, said)
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 (all is told, as a command does)
            sentences, _ = told(error, name)
            return Done(("\n".join(sentences),), {}, failed=True)


def _answered(name: str, arguments: Mapping[str, Any], settings: Settings, said: Overheard) -> Done:
    offset, at_once = _paging(arguments)
    asked = {key: value for key, value in arguments.items() if key not in PAGING}
    question = _question(name, asked, settings)
    sources = _sources(question, asked, settings)
    found = answer(question, sources)
    result = plain_result(found, sources, offset=offset, at_once=at_once, notes=())
    _print(shown_rows(found, result), sources)
    result["notes"] = said.said
    return Done((said.printed, "\n".join(filter(None, _words(result)))), result)


def _words(result: Mapping[str, Any]) -> Iterator[str]:
    yield result["headline"]
    yield from result["sentences"]
    yield from result["notes"]


def _question(name: str, asked: Mapping[str, Any], settings: Settings) -> Question:
    """Return the question that arguments ask; in the server's scenario where they name none."""
    kind = question_class(name)
    reads = issubclass(kind, Reads) and settings.scenario is not None
    return kind.from_plain({"scenario": settings.scenario, **asked} if reads else asked)


def _sources(question: Question, asked: Mapping[str, Any], settings: Settings) -> Sources:
    files = allowed_files(type(question), asked, settings.allow)
    return Sources(settings.open_pack(), files=files, closed=True, refusal=refusal)


def _paging(arguments: Mapping[str, Any]) -> tuple[int, int | None]:
    """Return which rows are wanted: how many are passed over, and how many come back."""
    values = []
    for key, default in (("offset", 0), ("at_once", None)):
        value = arguments.get(key, default)
        least, most = PAGING[key]["minimum"], PAGING[key].get("maximum", sys.maxsize)
        whole = isinstance(value, int) and not isinstance(value, bool)
        if value is not default and not (whole and least <= value <= most):
            raise UsageError(f"{key} must be a whole number from {least} to {most}, not {value!r}.")
        values.append(value)
    return values[0], values[1]


def _print(found: Answer, sources: Sources) -> None:
    """Say what the command line says of an answer, as on a terminal."""
    deliver(found, sources, Delivery(format_="table"))
