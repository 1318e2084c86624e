"""A report as text: a summary in Markdown, alternative texts, credits, and the frames of its maps."""

from __future__ import annotations

import re

from lcrmap.maps.charts import Bars
from lcrmap.maps.passages import Passage, Sheet, bars_sheet
from lcrmap.reports.contents import METHODS, Report
from lcrmap.reports.embedding import PageFacts, frame_markup

__all__ = ["alternative_texts", "credit_lines", "frames", "summary"]

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


def summary(report: Report) -> str:
    """Return the report in Markdown: findings, sentences and tables, without the pictures' markup."""
    lines = [f"# {_plain(report.title)}", "", _plain(report.subtitle), ""]
    if report.intro:
        lines += [_plain(report.intro), ""]
    for section in report.sections:
        lines += [f"## {_plain(section.heading)}", ""]
        for sentence in (section.claim, *section.said):
            if sentence:
                lines += [_plain(sentence), ""]
        if section.caption:
            lines += [_plain(section.caption), ""]
        if section.pictures:
            lines += [f"![{_plain(section.alt)}](pictures/{section.slug}.svg)", ""]
        if section.sheet is not None:
            lines += [*_table(section.sheet), ""]
        for passage in section.passages:
            lines += _passage(passage)
        for note in section.notes:
            lines += [f"- {_plain(note)}"]
        if section.notes:
            lines.append("")
    if report.ranges_note:
        lines += [report.ranges_note, ""]
    if report.methods:
        lines += [f"## {METHODS}", ""]
        lines += [line for each in report.methods for line in (_plain(each), "")]
    lines += ["## Sources and licences", "", *(f"- {_plain(each)}" for each in _credits(report))]
    return "\n".join(lines) + "\n"


def _passage(passage: Passage) -> list[str]:
    """Return a passage; its chart is told by its title and its bars."""
    lines = [f"### {_plain(passage.title)}", ""]
    for sentence in passage.sentences:
        lines += [f"- {_plain(sentence)}"] if passage.listed else [_plain(sentence), ""]
    if passage.listed:
        lines.append("")
    if isinstance(passage.chart, Bars):
        lines += [*_table(bars_sheet(passage.chart)), ""]
    if passage.sheet is not None:
        lines += [*_table(passage.sheet), ""]
    return lines


def alternative_texts(report: Report) -> str:
    """Return the text that stands for each picture, by file."""
    blocks = [f"pictures/{each.slug}\n{each.alt}\n" for each in report.sections if each.pictures]
    return "\n".join(blocks)


def credit_lines(report: Report) -> str:
    """Return what is owed to each source."""
    return "\n".join(_credits(report)) + "\n"


def frames(report: Report) -> str:
    """Return the markup that frames each map of the report in another page, beside the folder of maps."""
    parts = []
    for section in report.sections:
        if section.page is not None:
            title = section.page.model.map_name
            facts = PageFacts(title, section.finding or section.title, "")
            markup = frame_markup(
                facts,
                f"maps/{section.slug}.html",
                picture=f"pictures/{section.slug}.svg",
                alt=section.alt,
            )
            parts.append(markup)
    return "\n".join(parts)


def _credits(report: Report) -> list[str]:
    lines = [" ".join(report.owed)] if report.owed else []
    lines += [f"Source: {each.title}{_address(each.url)}." for each in report.sources]
    lines += [f"Licence: {each.title}{_address(each.url)}." for each in report.licences]
    return lines


def _address(url: str) -> str:
    return f" ({url})" if url else ""


def _table(sheet: Sheet) -> list[str]:
    rule = ["---:" if numeric else "---" for numeric in sheet.numeric]
    rows = [sheet.heads, tuple(rule), *sheet.rows]
    lines = [
        "| " + " | ".join(cell if row is rows[1] else _plain(cell) for cell in row) + " |"
        for row in rows
    ]
    if sheet.cut:
        lines += ["", sheet.cut]
    return lines


def _plain(text: str) -> str:
    r"""Keep a text from being read as Markdown.

    Examples
    --------
    >>> _plain("a|b *c*")
    'a\\|b \\*c\\*'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
