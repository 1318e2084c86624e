"""What `lcrmap check` found, as lines for people and as the forms that other programs read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import lcrmap

if TYPE_CHECKING:
    from lcrmap.io.inspecting import Said

__all__ = ["as_github", "as_json", "as_sarif", "as_text", "summary"]

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_GITHUB: Final = {"error": "error", "warning": "warning", "note": "notice"}


def as_text(found: Sequence[Said]) -> Iterator[str]:
    """Give a line for each: place, severity, rule, what is wrong and how to mend it."""
    for each in found:
        yield f"{_place(each)}: {each.severity} {each.rule}: {each.message}"


def _place(said: Said) -> str:
    if said.line is not None:
        return f"{said.file}:{said.line}" + (f":{said.column}" if said.column is not None else "")
    at = "" if said.lon is None else f" at {said.lat},{said.lon}"
    return f"{said.file}: feature {said.feature}{at}" if said.feature else said.file


def as_json(found: Sequence[Said]) -> bytes:
    """Return a list of objects, in the order of the text."""
    rows = [
        {
            "file": each.file,
            "rule": each.rule,
            "severity": each.severity,
            "message": each.message,
            "line": each.line,
            "column": each.column,
            "feature": each.feature or None,
            "coordinates": None if each.lon is None else [each.lon, each.lat],
        }
        for each in found
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1).encode() + b"\n"


def as_sarif(found: Sequence[Said], titles: Mapping[str, str]) -> bytes:
    """Return a SARIF 2.1.0 log.

    Parameters
    ----------
    titles
        What each rule finds, by its id.
    """
    rules = sorted({each.rule for each in found})
    log = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "lcrmap check",
                        "version": lcrmap.__version__,
                        "rules": [
                            {"id": each, "shortDescription": {"text": titles.get(each, each)}}
                            for each in rules
                        ],
                    }
                },
                "results": [_result(each, rules) for each in found],
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, indent=1).encode() + b"\n"


def _result(said: Said, rules: list[str]) -> dict[str, Any]:
    place: dict[str, Any] = {
        "artifactLocation": {"uri": Path(said.file).as_posix().replace(" ", "%20")}
    }
    if said.line is not None:
        place["region"] = {"startLine": said.line, "startColumn": said.column or 1}
    location: dict[str, Any] = {"physicalLocation": place}
    if said.feature:
        location["logicalLocations"] = [{"name": said.feature, "kind": "feature"}]
    return {
        "ruleId": said.rule,
        "ruleIndex": rules.index(said.rule),
        "level": said.severity,
        "message": {"text": said.message},
        "locations": [location],
    }


def as_github(found: Sequence[Said]) -> Iterator[str]:
    """Give a workflow command of GitHub's for each, which puts it beside the line of the file."""
    for each in found:
        place = [f"file={_property(each.file)}"]
        if each.line is not None:
            place.append(f"line={each.line}")
        title = _property(f"lcrmap {each.rule}")
        message = each.message if each.line is not None else f"{_place(each)}: {each.message}"
        yield f"::{_GITHUB[each.severity]} {','.join(place)},title={title}::{_data(message)}"


def _data(text: str) -> str:
    """Return a text as GitHub's commands take it, in which a percent sign and line ends are written by number."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def summary(found: Sequence[Said], files: int) -> str:
    """Say how much was found in how many files.

    Examples
    --------
    >>> summary([], 2)
    'No faults in 2 files.'
    """
    counts = Counter(each.severity for each in found)
    where = "1 file" if files == 1 else f"{files:,} files"
    words = [
        f"{counts[each]:,} {each}{'' if counts[each] == 1 else 's'}"
        for each in ("error", "warning", "note")
        if counts[each]
    ]
    return f"{', '.join(words)} in {where}." if words else f"No faults in {where}."
