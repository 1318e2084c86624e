"""The record in a page or a report's folder: read it, check each part of it, and say what it tells."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from lcrmap.errors import FileError, MissingFileError
from lcrmap.io.paths import is_folder
from lcrmap.layers.plain import json_values
from lcrmap.reports.markup import between
from lcrmap.reports.texts import PAGE_REMEDY, RECORD, read_text

__all__ = ["ANSWER", "PAGE", "explain", "in_memory", "inputs", "read_record", "table"]

PAGE: Final = "lcrmap page"
REPORT: Final = "lcrmap report"
ANSWER: Final = "lcrmap answer"
"""What a record is of: a page, the folder of a report, or an answer that was given to a program."""

_START: Final = '<script type="application/json" id="made">'
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def read_record(path: str | Path) -> dict[str, Any]:
    """Return the record of a page, of a report's folder, or that of an answer which a file holds alone.

    Its parts are of the proper kinds.

    Raises
    ------
    FileError
        If there is none, or it cannot be read, or a part of it is of the wrong kind.
    """
    if is_folder(path):
        kind, text = REPORT, _text_of_report(Path(path))
    else:
        kind, text = _text_in(Path(path))
    record = json_values(text, f"The record of '{path}'")
    if not isinstance(record, dict) or record.get("kind") != kind:
        raise FileError(f"The record of '{path}' was not written by lcrmap.")
    for key, is_sound in _KINDS.items():
        if key in record and not is_sound(record[key]):
            raise FileError(f"The record of '{path}' has an invalid '{key}'.")
    return record


def _text_in(path: Path) -> tuple[str, str]:
    """Return the kind and the text of the record that a file holds: a page, or nothing but the record."""
    text = read_text(path, remedy=PAGE_REMEDY)
    if text.lstrip().startswith("{"):
        return ANSWER, text
    found = between(text, _START, "</script>")
    if found is None:
        raise FileError(
            f"'{path}' holds no record of how it was made: name a page that lcrmap wrote, or the folder of "
            f"a report."
        )
    return PAGE, found


def _text_of_report(folder: Path) -> str:
    try:
        return read_text(folder / RECORD, remedy="a report's folder holds it")
    except MissingFileError:
        raise MissingFileError(
            f"'{folder}' is not the folder of a report, as it has no {RECORD}: name a page, or the folder that "
            f"'lcrmap report' wrote."
        ) from None


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _is_table_of_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_list_of_inputs(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, dict)
        and isinstance(each.get("name"), str)
        and _DIGEST.fullmatch(_digest_of(each)) is not None
        for each in value
    )


def _digest_of(each: Mapping[str, Any]) -> str:
    """Return the digest of an input, which of a data set may be that of its footers; empty if it has none."""
    digest = each.get("sha256", each.get("footer-sha256"))
    return digest if isinstance(digest, str) else ""


def _is_list_of_figures(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, dict)
        and isinstance(each.get("section", ""), str)
        and isinstance(each.get("method", ""), str)
        for each in value
    )


_KINDS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "pack": _is_table_of_texts,
    "versions": _is_table_of_texts,
    "inputs": _is_list_of_inputs,
    "in_memory": _is_list_of_texts,
    "figures": _is_list_of_figures,
    "recipe": _is_table,
    "settings": _is_table,
    "check": _is_table,
    "answer": _is_table_of_texts,
    "files": _is_table_of_texts,
}


def table(record: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return a table of a record; empty if it has none of that name."""
    return dict(record.get(key, {}))


def inputs(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the name and the SHA-256 of each recorded file."""
    return [(each["name"], _digest_of(each)) for each in record.get("inputs", [])]


def in_memory(record: Mapping[str, Any]) -> list[str]:
    """Return what a page was made from that no file holds."""
    return list(record.get("in_memory", []))


def explain(path: str | Path) -> list[str]:
    """Return, line by line, what a page or a report was made from."""
    record = read_record(path)
    lines = [f"{record['kind']} '{Path(path).name}'"]
    asked = _asked(record)
    if asked:
        lines.append(f"Asked: lcrmap {asked.pop('ask', None)}")
        lines += [f"  {key}: {_shown(value)}" for key, value in asked.items()]
        lines += [f"Features in memory, which no file holds: {each}" for each in in_memory(record)]
    else:
        questions = table(record, "recipe").get("question", [])
        questions = questions if isinstance(questions, list) else []
        lines.append(f"Asked: {len(questions)} questions")
        lines += [f"  {_shown(each)}" for each in questions]
        for each in record.get("figures", []):
            if each.get("method"):
                lines.append(f"Method of {each.get('section')}: {each['method']}")
    pack = table(record, "pack")
    lines.append(
        f"Data pack: {pack.get('name')} {pack.get('version')} (SHA-256 {pack.get('sha256')})"
    )
    lines.append("Files read, with their SHA-256:")
    lines += [f"  {name}  {digest}" for name, digest in inputs(record)]
    versions = ", ".join(f"{name} {number}" for name, number in table(record, "versions").items())
    return [*lines, f"Versions: {versions}"]


def _asked(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was asked, as it stands there; an older page has it in two parts, and a report holds questions."""
    question = record.get("question")
    if isinstance(question, dict):
        return dict(question)
    if "check" in record:
        return {"ask": "check", **table(record, "check")}
    if record["kind"] == PAGE:
        return {"ask": record.get("verb"), **table(record, "settings")}
    return {}


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
