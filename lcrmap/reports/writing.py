"""Write a report as a folder, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from lcrmap.errors import FileError, OutputError, UsageError
from lcrmap.io.atomic import writing_together
from lcrmap.io.folders import (
    PlacedFolder,
    refuse_fixed_folder,
    refuse_foreign,
    refuse_working_folder,
)
from lcrmap.io.memory import MAIL, mail_note
from lcrmap.io.paths import is_file
from lcrmap.io.targets import Identity, explained, identities, is_own, refuse_repeated
from lcrmap.layers.names import is_relative_path
from lcrmap.reports.contents import Report
from lcrmap.reports.folder import report_files
from lcrmap.reports.records import read_record
from lcrmap.reports.texts import RECORD

__all__ = ["refuse_folders", "write_report", "write_reports"]

_SUFFIXES_OF_FILES: Final = (".html", ".htm", ".pdf", ".docx", ".md", ".csv", ".xlsx", ".png")


def write_report(
    report: Report,
    folder: str | Path,
    *,
    overwrite: bool = False,
    docx: bool = False,
    xlsx: bool = False,
) -> tuple[str, ...]:
    """Write a report as a folder, whole or not at all; see `write_reports`.

    Parameters
    ----------
    folder
        The folder to write.
    """
    return write_reports(report, [folder], overwrite=overwrite, docx=docx, xlsx=xlsx)


def write_reports(
    report: Report,
    folders: Sequence[str | Path],
    *,
    overwrite: bool = False,
    docx: bool = False,
    xlsx: bool = False,
    inputs: frozenset[Identity] = frozenset(),
) -> tuple[str, ...]:
    """Write a report as one folder or several: all of them whole, or none.

    Parameters
    ----------
    folders
        The folders to write. A report in one is replaced with `overwrite`, and always inside ``output/``.
    docx, xlsx
        Whether to fail if the Word document or the workbook cannot be written.
    inputs
        What was read; see `lcrmap.io.targets.identities`.

    Returns
    -------
    tuple of str
        Notes for the reader.

    Raises
    ------
    UsageError
        If a folder's name looks like that of a file, or if one lies in another.
    OutputError
        If a folder holds something else, or cannot be written; all are then as they were.
    """
    refuse_folders(folders, overwrite=overwrite, inputs=inputs)
    files, notes = report_files(report, docx=docx or None, xlsx=xlsx or None)
    less = "send index.html alone, or make it of fewer questions"
    heavy = mail_note(sum(map(len, files.values())), what="The report", less=less, most=MAIL)
    notes = (*notes, *filter(None, (heavy,)))
    with writing_together(overwrite=overwrite) as together:
        for each in map(Path, folders):
            refuse = partial(_refuse, each, overwrite=overwrite, inputs=inputs)
            together.take(partial(PlacedFolder, each, may_replace=refuse)).fill(files)
    return notes


def refuse_folders(
    folders: Sequence[str | Path],
    *,
    overwrite: bool,
    inputs: frozenset[Identity] = frozenset(),
) -> None:
    """Refuse folders in which no report can be written, before it is made; see `write_reports`."""
    for each in map(Path, folders):
        if is_file(each):
            raise UsageError(f"A report is a folder, and '{each}' is a file: name a folder.")
        if each.suffix.lower() in _SUFFIXES_OF_FILES:
            raise UsageError(
                f"A report is a folder, but '{each}' looks like a file: leave out the suffix."
            )
    refuse_repeated(folders)
    for each in map(Path, folders):
        _refuse(each, overwrite=overwrite, inputs=inputs)


def _refuse(folder: Path, *, overwrite: bool, inputs: frozenset[Identity]) -> None:
    with explained(folder):
        refuse_working_folder(folder)
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            return
        recorded = _recorded(folder)
        if recorded is None:
            raise OutputError(f"'{folder}' is not the folder of a report: name another folder.")
        if not overwrite and not is_own(folder):
            raise OutputError(f"'{folder}' already holds a report: add --overwrite to replace it.")
        refuse_fixed_folder(folder)
        inside = refuse_foreign(folder, recorded)
        if not overwrite and identities(folder / each for each in inside) & inputs:
            raise OutputError(
                f"'{folder}' holds what was read: choose another name, or add --overwrite to replace it."
            )


def _recorded(folder: Path) -> set[str] | None:
    """Return what the record of a report says that its folder holds; None if it has no such record."""
    try:
        record = read_record(folder)
    except FileError:
        return None
    files = record.get("files")
    if record["kind"] != "lcrmap report" or not isinstance(files, dict):
        return None
    return {RECORD, *filter(is_relative_path, files)}
