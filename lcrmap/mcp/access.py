"""Which files a call may read: those in the folders that the server was given, and no others."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from lcrmap.errors import FileError, LcrmapError
from lcrmap.io.paths import files_meant, is_file, stays_in
from lcrmap.verbs.question import Question, fields_of

__all__ = ["allowed_files", "allowed_path", "refusal", "scenario_files"]

_BARE: Final = re.compile(r"[^/\\:~\x00]+")
_MOST_BESIDE: Final = 1000


def refusal(name: str) -> LcrmapError | None:
    """Return the error of a text that may lead to a file; None for a bare name, which in an empty folder leads nowhere.

    Examples
    --------
    >>> print(refusal("/etc/passwd"))
    '/etc/passwd' is in no folder that this server may read: name a layer, or start it with --allow FOLDER.
    >>> refusal("rail-station")
    """
    if _BARE.fullmatch(name) and name not in ("-", ".", ".."):
        return None
    return FileError(
        f"'{name}' is in no folder that this server may read: name a layer, or start it with --allow FOLDER."
    )


def allowed_files(
    kind: type[Question], asked: Mapping[str, Any], folders: Sequence[Path]
) -> dict[str, Path]:
    """Return where the files lie that a question names and that may be read, by the names it has for them.

    Parameters
    ----------
    asked
        The question's fields as JSON has them.
    folders
        Those that may be read, without links.
    """
    found: dict[str, Path] = {}
    for field in fields_of(kind):
        if not field.names_files:
            continue
        for text in _texts_in(asked.get(field.key)):
            path = _first(text, folders)
            if path is None:
                continue
            found[path[0]] = path[1]
            if field.option.kind == "scenario":
                found = _named_by(path[1]) | found
    return found


def scenario_files(scenario: str | None) -> dict[str, Path]:
    """Return the files that may be read for the scenario that a server is started with."""
    if scenario is None or not is_file(scenario):
        return {}
    return {scenario: Path(scenario), **_named_by(Path(scenario))}


def _named_by(scenario: Path) -> dict[str, Path]:
    """Return the files beside that of a scenario, which it may name."""
    return {each.name: each for each in _beside(scenario)}


def allowed_path(text: str, folders: Sequence[Path]) -> str:
    """Return where the file lies that a text names, and what stands behind its name; a bare name of none as it is.

    Raises
    ------
    FileError
        If the text may lead to a file that may not be read.
    """
    found = _first(text, folders)
    if found is not None:
        return f"{found[1]}{text.removeprefix(found[0])}"
    refused = refusal(text)
    if refused is not None:
        raise refused
    return text


def _texts_in(value: Any) -> Iterator[str]:
    """Yield the texts of a value that is one or a list of them."""
    values = value if isinstance(value, list) else [value]
    return (each for each in values if isinstance(each, str))


def _first(text: str, folders: Sequence[Path]) -> tuple[str, Path] | None:
    """Return the name of the file that a text begins with, and where it lies; None if it may not be read."""
    for bare, _ in files_meant(text):
        for folder in folders:
            path = folder / bare  # which is the text alone where it is a whole path
            if is_file(path) and _lies_in(path, folder):
                return bare, Path(os.path.realpath(path))
    return None


def _lies_in(path: Path, folder: Path) -> bool:
    real = Path(os.path.realpath(path))
    return real.is_relative_to(folder) and stays_in(path.parent, path.name)


def _beside(path: Path) -> Iterator[Path]:
    listed = islice(sorted(path.parent.iterdir()), _MOST_BESIDE)
    return (each for each in listed if is_file(each) and stays_in(each.parent, each.name))
