"""A report as one web page that needs nothing else, and prints on A4."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import jinja2
from markupsafe import Markup, escape

from lcrmap.maps.assets import chart_style
from lcrmap.maps.charts import chart_markup
from lcrmap.maps.passages import Sheet
from lcrmap.maps.style import css_tokens
from lcrmap.pictures.papers import paper_of
from lcrmap.reports.contents import Report

__all__ = ["write_index"]

_HERE: Final = Path(str(resources.files("lcrmap.reports")))
_LONG: Final = 40  # letters
_PIXELS: Final = 96 / 25.4  # of the web in a millimetre


def write_index(report: Report) -> str:
    """Return the report as HTML; the pictures are inside it."""
    own = (_HERE / "assets" / "report.css").read_text(encoding="utf-8").strip()
    style = f"{css_tokens()}\n{chart_style()}\n{own}"
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    policy = (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
    paper = paper_of(report.recipe.picture_size)
    return _template().render(
        report=report,
        policy=policy,
        style=Markup(style),  # noqa: S704
        pictures={
            each.slug: _inside(each.pictures[0][1].data)
            for each in report.sections
            if each.pictures
        },
        charts={
            each.slug: [
                (one.title, one.note, chart_markup(one))
                for one in each.page.model.charts
                if one.on_paper
            ]
            for each in report.sections
            if each.page is not None
        },
        chart_markup=chart_markup,
        in_parts=_in_parts,
        long_columns=_long_columns,
        width=round(paper.width * _PIXELS),
        height=round(paper.height * _PIXELS),
    )


def _inside(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode('ascii')}"


def _long_columns(sheet: Sheet) -> list[bool]:
    """Tell which columns hold a text that takes several lines; they are set smaller on paper."""
    return [
        any(len(row[number]) > _LONG for row in sheet.rows) for number in range(len(sheet.heads))
    ]


def _in_parts(cell: str) -> Markup:
    """Keep the range of a figure on one line, which may be the one below the figure."""
    figure, bracket, rest = cell.partition(" (")
    if not bracket:
        return escape(cell)
    return Markup('{} <span class="range">({}</span>').format(figure, rest)


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.PackageLoader("lcrmap.reports", "templates"),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("report.html.jinja")
