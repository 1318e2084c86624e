"""Rebuild a page, a report or an answer from its record, to see whether it is the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lcrmap.errors import DataError, FileError, LcrmapError
from lcrmap.io.siblings import temporary_folder
from lcrmap.reports.answered import changes, told_again
from lcrmap.reports.comparing import differences, versions_apart
from lcrmap.reports.folder import DOCUMENT, WORKBOOK, report_files
from lcrmap.reports.inputs import Folder, find_pack, lay_inputs
from lcrmap.reports.making import make_report
from lcrmap.reports.recipes import recipe_from
from lcrmap.reports.records import ANSWER, PAGE, in_memory, read_record, table
from lcrmap.reports.texts import PAGE_REMEDY, read_file
from lcrmap.verbs.recording import question_of
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer

__all__ = ["Verdict", "verify"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether what was rebuilt is the same, to the byte, and the lines that say so."""

    same: bool
    lines: tuple[str, ...]


def verify(path: str | Path, inputs: str | Path | None = None) -> Verdict:
    """Rebuild a page, a report or an answer from its record, and compare the two.

    Parameters
    ----------
    path
        A page, the folder of a report, or a file that holds the record of an answer, as tools give it.
    inputs
        The folder of the input files; they are found by SHA-256, whatever their names. None if all of them came with
        lcrmap.

    Returns
    -------
    Verdict
        Nothing is written outside a temporary folder, which is removed.

    Raises
    ------
    DataError
        If the record is invalid, or an input file is missing.
    """
    record = read_record(path)
    _refuse_in_memory(record, path)
    folder = None if inputs is None else Folder(Path(inputs), hidden=False)
    pack = find_pack(record, folder)
    with temporary_folder() as work:
        files = lay_inputs(record, pack, folder, work)
        sources = Sources(pack, files=files, closed=True)
        try:
            if record["kind"] == ANSWER:
                return _answered(record, sources)
            there, made = _there(record, Path(path)), _made(record, Path(path), sources)
        except LcrmapError as error:
            raise DataError(f"'{path}' cannot be rebuilt: {error}") from error
    lines = [*versions_apart(record), *differences(there, made)]
    same = there == made
    if same:
        count = len(there)
        what = "1 file" if count == 1 else f"all {count} files"
        lines.append(f"The same, to the byte: {what}.")
    return Verdict(same, tuple(lines))


def _refuse_in_memory(record: dict[str, Any], path: str | Path) -> None:
    """Refuse what was made from features that no file holds."""
    what = ", ".join(f"'{each}'" for each in in_memory(record))
    if what and record["kind"] == ANSWER:
        raise DataError(
            f"'{path}' was answered by a served map as it was at that moment ({what}): ask it again there."
        )
    if what:
        raise DataError(
            f"'{path}' was made in Python from features in memory ({what}), which no file holds: "
            f"only the script that made it can make it again."
        )


def _answered(record: dict[str, Any], sources: Sources) -> Verdict:
    """Ask again what was answered, and compare what is told."""
    changed = changes(table(record, "answer"), told_again(record, sources))
    lines = [*versions_apart(record), *changed]
    return Verdict(not changed, (*lines, *(() if changed else ("The same: every word and row.",))))


def _made(record: dict[str, Any], path: Path, sources: Sources) -> dict[str, bytes]:
    if record["kind"] == PAGE:
        return {path.name: answer(question_of(record), sources).page(sources).html.encode("utf-8")}
    recipe = recipe_from(table(record, "recipe"), "the record")
    had = table(record, "files")
    made = make_report(recipe, sources=sources)
    return report_files(made, docx=DOCUMENT in had, xlsx=WORKBOOK in had)[0]


def _there(record: dict[str, Any], path: Path) -> dict[str, bytes]:
    if record["kind"] == PAGE:
        return {path.name: read_file(path, remedy=PAGE_REMEDY)}
    folder = Folder(path)
    if folder.unread:
        raise FileError(f"parts of '{path}' are closed to you.")
    return {
        each.relative_to(path).as_posix(): read_file(each, remedy="a report's folder holds it")
        for each in folder
    }
