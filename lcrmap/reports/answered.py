"""The record of an answer that stands on no page, such as a tool's: what was asked, of what, and what was told.

What was told is recorded by its digests, so that ``lcrmap verify`` can tell whether the same question still gives it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from typing import Any, Final

import lcrmap
from lcrmap.analysis.proximity import distance
from lcrmap.errors import UsageError
from lcrmap.io.inspecting import Said, inspect_files
from lcrmap.io.reading import Asked
from lcrmap.io.writing import encode
from lcrmap.layers import Input
from lcrmap.reports.records import ANSWER, table
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.asks import ASKS, question_class
from lcrmap.verbs.map.question import Map
from lcrmap.verbs.question import Question, Rows
from lcrmap.verbs.recording import FORM, bare_names, pack_record, question_of, record_of
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer

__all__ = [
    "changes",
    "check_record",
    "findings_record",
    "record_of_answer",
    "said_of",
    "told_again",
    "versions_here",
]

_LIBRARIES: Final = ("geopandas", "numpy", "pandas", "pyproj", "shapely")
_CHECK: Final = ("files", "inside", "select", "ignore", "x", "y", "crs")
"""What may be said of a check; the files are a list, and all else is text."""


def said_of(found: Answer, sources: Sources) -> tuple[str, ...]:
    """Return what an answer says in sentences, its finding first; of a map, which has no rows, what its page says."""
    if isinstance(found.question, Map):
        return found.page(sources).model.lines
    passages = (f"{one.title}: {each}" for one in found.passages for each in one.sentences)
    return (found.finding or found.layer.metadata.title, *found.sentences, *passages)


def record_of_answer(found: Answer, sources: Sources, said: Sequence[str]) -> dict[str, Any]:
    """Return the record of an answer.

    Parameters
    ----------
    said
        What it says; see `said_of`.
    """
    beside = () if found.beside is None else found.beside.inputs
    inputs = (*found.layer.inputs, *beside, *sources.inputs)
    changed = {each.name for each in sources.opened} & sources.changed
    in_memory = [*found.in_memory, *sorted(changed)]
    asked, bare = record_of(found.question, found.pack), _by_bare_names(found.question)
    told = _told([bare(each) for each in said], bare(_table(found).decode()).encode())
    return _record(asked, inputs, told, in_memory)


def _by_bare_names(question: Question) -> Callable[[str], str]:
    """Return what makes a text name the files of a question barely, as its record does."""
    asked, bare = question.to_plain(), bare_names(question).to_plain()
    pairs = [
        (text, name)
        for key, value in asked.items()
        for text, name in zip(_texts(value), _texts(bare[key]), strict=True)
        if text != name
    ]

    def made(text: str) -> str:
        for long, short in pairs:
            text = text.replace(long, short)
        return text

    return made


def _texts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def findings_record(
    recipe: Mapping[str, Any], sources: Sources, inputs: Iterable[Input], said: Sequence[str]
) -> dict[str, Any]:
    """Return the record of the findings of a report that was not written.

    Parameters
    ----------
    recipe
        Its written form, with files by their bare names.
    """
    asked = {"form": FORM, "recipe": dict(recipe), "pack": pack_record(sources.pack)}
    return _record(asked, (*inputs, *sources.inputs), _told(said, b""))


def check_record(
    check: Mapping[str, Any], sources: Sources, inputs: Iterable[Input], found: Sequence[Said]
) -> dict[str, Any]:
    """Return the record of what was found in files.

    Parameters
    ----------
    check
        What was looked at, and how, with files by their bare names.
    found
        What is said of them, by these names.
    """
    asked = {"form": FORM, "check": dict(check), "pack": pack_record(sources.pack)}
    return _record(asked, inputs, _told((), _listed(found)))


def told_again(record: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """Ask what a record holds, and return what is told now.

    Raises
    ------
    LcrmapError
        If it cannot be asked, or not be answered.
    """
    if "recipe" in record:
        from lcrmap.reports.making import make_report  # which draws, as most answers do not
        from lcrmap.reports.recipes import recipe_from

        recipe = recipe_from(table(record, "recipe"), "the record")
        findings = make_report(recipe, sources=sources).findings
        return _told([each for _, each in findings], b"")
    if "check" in record:
        return _told((), _listed(_checked(table(record, "check"), sources)))
    asks = [each for each in ASKS if question_class(each).of_data]
    found = answer(question_of(record, asks=asks), sources)
    return _told(said_of(found, sources), _table(found))


def changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Say what is told otherwise than it was; nothing where all of it is the same.

    Examples
    --------
    >>> changes(_told(["2 of 3"], b"[1]"), _told(["2 of 4"], b"[1]"))
    ['Another headline: 2 of 4', '  instead of: 2 of 3']
    """
    lines = []
    if then.get("headline") != now["headline"]:
        lines += [f"Another headline: {now['headline']}", f"  instead of: {then.get('headline')}"]
    elif then.get("words") != now["words"]:
        lines.append("The headline is the same; other sentences.")
    if then.get("rows") != now["rows"]:
        lines.append("Other rows.")
    return lines


def _record(
    asked: Mapping[str, Any],
    inputs: Iterable[Input],
    told: Mapping[str, Any],
    in_memory: Sequence[str] = (),
) -> dict[str, Any]:
    files = sorted(set(inputs), key=lambda each: (each.name, each.sha256))
    return {
        "kind": ANSWER,
        **asked,
        **({"in_memory": list(in_memory)} if in_memory else {}),
        "versions": versions_here(),
        "inputs": [each.to_record() for each in files],
        "answer": told,
    }


@cache
def versions_here() -> dict[str, str]:
    """Return the versions by which answers are made; looked up once, as that takes longer than many an answer."""
    return {"lcrmap": lcrmap.__version__} | {each: version(each) for each in _LIBRARIES}


def _told(said: Sequence[str], rows: bytes) -> dict[str, Any]:
    words = json.dumps(list(said), ensure_ascii=True).encode()
    return {
        "headline": said[0] if said else "",
        "words": hashlib.sha256(words).hexdigest(),
        "rows": hashlib.sha256(rows).hexdigest(),
    }


def _table(found: Answer) -> bytes:
    """Return the rows of an answer, with all that is known of them, as they are written."""
    return encode(found.layer, "json") if isinstance(found.question, Rows) else b""


def _listed(found: Iterable[Said]) -> bytes:
    return json.dumps([asdict(each) for each in found], ensure_ascii=True).encode()


def _checked(check: Mapping[str, Any], sources: Sources) -> list[Said]:
    """Look at the files that a record names."""
    files: Any = check.get("files")
    texts = {key: check[key] for key in _CHECK[1:] if key in check}
    known = isinstance(files, list) and set(check) <= set(_CHECK)
    if not known or not all(isinstance(each, str) for each in (*files, *texts.values())):
        raise UsageError("The recorded check is invalid.")
    asked = Asked(x=texts.get("x", ""), y=texts.get("y", ""), crs=texts.get("crs", ""))
    inside = texts.get("inside")
    return inspect_files(
        files,
        asked,
        sources.pack,
        distance=distance,
        inside=None if inside is None else sources.found(inside),
        select=texts.get("select"),
        ignore=texts.get("ignore"),
        found=sources.found,
    )
