"""A report as the files of a folder: each of them from the one object, none from another."""

from __future__ import annotations

import hashlib
import json
from importlib.util import find_spec
from typing import Any, Final

import lcrmap
from lcrmap.errors import MissingPartError
from lcrmap.io.writing import encode
from lcrmap.reports.contents import Report
from lcrmap.reports.prose import alternative_texts, credit_lines, frames, summary
from lcrmap.reports.texts import RECORD
from lcrmap.reports.web import write_index
from lcrmap.reports.word import INSTALL_DOCX, NEEDS_DOCX, write_document
from lcrmap.reports.workbook import INSTALL_XLSX, NEEDS_XLSX, write_workbook

__all__ = ["DOCUMENT", "WORKBOOK", "refuse_missing", "report_files", "report_record"]

DOCUMENT: Final = "report.docx"
WORKBOOK: Final = "tables.xlsx"


def report_files(
    report: Report, *, docx: bool | None = None, xlsx: bool | None = None
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return every file of a report, and notes on them.

    Parameters
    ----------
    docx, xlsx
        Whether the Word document and the workbook are written; None for each if its package is installed.

    Raises
    ------
    MissingPartError
        If one that is to be written needs a package that is not installed; the message says how to install it.
    """
    files: dict[str, bytes] = {
        "index.html": write_index(report).encode("utf-8"),
        "summary.md": summary(report).encode("utf-8"),
        "alt.txt": alternative_texts(report).encode("utf-8"),
        "credits.txt": credit_lines(report).encode("utf-8"),
        "embed.html": frames(report).encode("utf-8"),
    }
    for section in report.sections:
        if section.page is not None:
            files[f"maps/{section.slug}.html"] = section.page.html.encode("utf-8")
        for kind, picture in section.pictures:
            files[f"pictures/{section.slug}.{kind}"] = picture.data
        if section.layer is not None and section.sheet is not None:
            files[f"tables/{section.slug}.csv"] = encode(section.layer, "csv")
    notes = list(report.notes)
    if docx or (docx is None and find_spec("docx")):
        files[DOCUMENT] = write_document(report)
    elif docx is None:
        notes.append(f"No Word document was written, because it needs python-docx: {INSTALL_DOCX}")
    if xlsx or (xlsx is None and find_spec("openpyxl")):
        files[WORKBOOK] = write_workbook(report)
    elif xlsx is None:
        notes.append(f"No workbook was written, because it needs openpyxl: {INSTALL_XLSX}")
    record = report_record(report, files)
    files[RECORD] = (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
    return files, tuple(notes)


def refuse_missing(*, docx: bool, xlsx: bool) -> None:
    """Raise MissingPartError for a Word document or a workbook whose package is not installed."""
    if docx and not find_spec("docx"):
        raise MissingPartError(NEEDS_DOCX)
    if xlsx and not find_spec("openpyxl"):
        raise MissingPartError(NEEDS_XLSX)


def report_record(report: Report, files: dict[str, bytes]) -> dict[str, Any]:
    """Return what the report was made from: recipe, inputs, versions, and how each figure was worked out."""
    return {
        "kind": "lcrmap report",
        "lcrmap": lcrmap.__version__,
        "title": report.title,
        "versions": dict(report.versions),
        "pack": dict(report.pack),
        "recipe": report.recipe.without_folders().to_dict(),
        "inputs": [each.to_record() for each in report.inputs],
        "figures": [
            {
                "section": each.slug,
                "finding": each.finding,
                "method": each.method,
                "transforms": list(each.layer.notes) if each.layer is not None else [],
                "notes": list(each.notes),
            }
            for each in report.sections
        ],
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
    }
