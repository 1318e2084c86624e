"""A run that writes a data set and may break off: what is finished is known by a small file beside it.

``plan.json`` says what the run was to do; if anything in it differs, nothing is taken over. Beside the files of a
portion stands its tally, written after them. Both are plain values, and looked through like any stranger's file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lcrmap.errors import FileError, OutputError, UsageError
from lcrmap.io.json_rows import dump
from lcrmap.io.manifest import Part
from lcrmap.io.siblings import PLAN
from lcrmap.io.stores import Place, Stored, opened, sha256_of
from lcrmap.io.targets import explained

__all__ = ["BESIDE", "Run", "is_of_a_run", "parts_of"]

BESIDE: Final = "beside-"
"""What the names begin with of files that hold what is written to a file of its own in the end."""

_MOST_BYTES: Final = 64_000_000
_PART: Final = re.compile(r"(?:part-|beside-|_beside-)?\d{6,9}-\d{4,9}(?:-[0-9a-f]{16})?\.parquet")
_TALLY: Final = re.compile(r"(\d{6,9})\.tally")


class Run:
    """What is planned in a folder, and what is finished there.

    Parameters
    ----------
    place
        The folder.
    """

    def __init__(self, place: Place) -> None:
        self._place = place

    def begin(self, plan: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
        """Write the plan into a new folder; in one of a run that broke off, see that it is the same.

        Returns
        -------
        dict
            What is finished: by the number of each portion, its tally. Its files are there, and as they were written.

        Raises
        ------
        UsageError
            If the plan differs; the message says in what.
        """
        files = {each.key: each for each in self._files()}
        begun = files.get(self._place.named(PLAN))
        if begun is None:
            self._put(PLAN, plan)
            return {}
        self._refuse_another(_read(begun), json.loads(dump(plan)))
        tallies = {
            int(found[1]): _read(each)
            for key, each in files.items()
            if (found := _TALLY.fullmatch(self._place.unnamed(key)))
        }
        return {
            number: told
            for number, told in tallies.items()
            if isinstance(told, dict) and all(_is_sound(each, files) for each in _parts_in(told))
        }

    def _files(self) -> list[Stored]:
        try:
            return self._place.files_if_any()
        except FileError as error:
            raise OutputError(str(error)) from None

    def _refuse_another(self, begun: Any, plan: Mapping[str, Any]) -> None:
        begun = begun if isinstance(begun, dict) else {}
        other = [
            _said(each)
            for each in (*plan, *(set(begun) - set(plan)))
            if begun.get(each) != plan.get(each)
        ]
        if other:
            raise UsageError(
                f"The run of '{self._place.text}' that broke off differs from this one in {', '.join(other)}: "
                f"ask as you asked then, or leave out --resume to begin anew."
            )

    def finish(self, number: int, tally: Mapping[str, Any]) -> None:
        """Say that a portion is finished, whose files are on the disk."""
        self._put(f"{number:06d}.tally", tally)

    def _put(self, name: str, told: Mapping[str, Any]) -> None:
        with explained(self._place.text):
            self._place.put(self._place.named(name), dump(told).encode())


def is_of_a_run(name: str) -> bool:
    """Tell whether a file says what a run is to do, or has done: nothing of the data set."""
    return name == PLAN or name.endswith(".tally") or name.startswith(BESIDE)


def parts_of(told: Any) -> tuple[Part, ...]:
    """Return the files that a tally names; one that is no name of ours makes the tally worthless.

    Examples
    --------
    >>> parts_of([["../a.parquet", 1, 1, ""]])[0].rows
    -1
    """
    found = []
    for each in told if isinstance(told, list) else [told]:
        try:
            name, rows, size, sha256 = each
            good = _PART.fullmatch(name) and isinstance(rows, int) and isinstance(size, int)
        except (TypeError, ValueError):
            good, name = False, ""
        found.append(Part(name, rows, size, str(sha256)) if good else Part("", -1, -1, ""))
    return tuple(found)


def _parts_in(tally: Mapping[str, Any]) -> Iterator[Part]:
    for each in ("files", "beside"):
        yield from parts_of(tally.get(each, []))


def _is_sound(part: Part, files: Mapping[str, Stored]) -> bool:
    """Tell whether a file is there and holds what was written to it."""
    stored = files.get(part.name)
    if stored is None or stored.size != part.size:
        return False
    return sha256_of(stored) == part.sha256


def _read(stored: Stored) -> Any:
    """Return what a small file says; None if it is none of ours."""
    if stored.size > _MOST_BYTES:
        return None
    try:
        with opened(stored) as file:
            return json.loads(file.read())
    except (ValueError, RecursionError):
        return None


_WORDS: Final = {
    "question": "what is asked",
    "inputs": "what is read",
    "versions": "the versions of lcrmap or of what it stands on",
    "splits": "how the files are divided",
    "rows_per_file": "--rows-per-file",
    "beside": "what is written beside the rows",
}


def _said(key: str) -> str:
    return _WORDS.get(key, f"'{key:.40}'")
