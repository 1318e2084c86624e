"""Write a report as a folder, whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import mkdtemp

from lcrmap.errors import OutputError, UsageError
from lcrmap.io.writing import write_bytes
from lcrmap.reports.contents import Report
from lcrmap.reports.folder import RECORD, report_files

__all__ = ["write_report"]


def write_report(
    report: Report,
    folder: str | Path,
    *,
    overwrite: bool = False,
    docx: bool = False,
    xlsx: bool = False,
) -> tuple[str, ...]:
    """Write a report as a folder, whole or not at all.

    Parameters
    ----------
    folder
        The folder to write. A report in it is replaced with `overwrite`, and always inside a folder called ``output``.
    docx, xlsx
        Whether to fail if the Word document or the workbook cannot be written.

    Returns
    -------
    tuple of str
        Notes for the reader.

    Raises
    ------
    UsageError
        If the folder's name looks like that of a file.
    OutputError
        If the folder holds something else, or cannot be written.
    """
    target = Path(folder)
    if target.suffix.lower() in (".html", ".pdf", ".docx", ".md"):
        raise UsageError(
            f"A report is a folder, but '{target}' looks like a file: leave out the suffix."
        )
    _refuse(target, overwrite=overwrite)
    files, notes = report_files(report, docx=docx, xlsx=xlsx)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        made = Path(mkdtemp(prefix=f".{target.name}.", suffix=".lcrmap-part", dir=target.parent))
    except OSError as error:
        raise OutputError(f"'{target}' cannot be written: {error.strerror}.") from error
    try:
        for name, data in files.items():
            (made / name).parent.mkdir(exist_ok=True)
            write_bytes(made / name, data, overwrite=True)
        made.chmod(0o755)
        if target.exists():
            shutil.rmtree(target)
        made.rename(target)
    except OSError as error:
        raise OutputError(f"'{target}' cannot be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return notes


def _refuse(target: Path, *, overwrite: bool) -> None:
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not (target / RECORD).is_file():
        raise OutputError(f"'{target}' is not the folder of a report: name another folder.")
    if not overwrite and "output" not in target.absolute().parts:
        raise OutputError(f"'{target}' already holds a report: add --overwrite to replace it.")
