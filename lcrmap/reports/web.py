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
from lcrmap.maps.document import own_colours
from lcrmap.maps.headlines import headline_look
from lcrmap.maps.passages import Sheet
from lcrmap.maps.style import css_tokens
from lcrmap.pictures.drawing import Picture
from lcrmap.reports.contents import METHODS, Report

__all__ = ["write_index"]

_HERE: Final = Path(str(resources.files("lcrmap.reports")))
_LONG: Final = 40  # letters
_FEW: Final = 5  # columns
_PIXELS: Final = 96 / 25.4  # of the web in a millimetre


def write_index(report: Report) -> str:
    """Return the report as HTML; the pictures are inside it."""
    own = (_HERE / "assets" / "report.css").read_text(encoding="utf-8").strip()
    pages = [each.page for each in report.sections if each.page is not None]
    colours = {name: pair for page in pages for name, pair in own_colours(page.model).items()}
    style = f"{css_tokens(colours)}\n{chart_style()}\n{own}"
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    policy = (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return _template().render(
        report=report,
        policy=policy,
        style=Markup(style),  # noqa: S704
        pictures={
            each.slug: _inside(each.pictures[0][1]) for each in report.sections if each.pictures
        },
        charts={
            each.slug: [one for one in each.page.model.charts if one.on_paper]
            for each in report.sections
            if each.page is not None
        },
        chart_markup=chart_markup,
        headline_look=headline_look,
        in_parts=_in_parts,
        is_narrow=_is_narrow,
        long_columns=_long_columns,
        methods_title=METHODS,
    )


def _inside(picture: Picture) -> dict[str, str | int]:
    """Return a picture as an address that holds it, with its size in the web's pixels."""
    coded = base64.b64encode(picture.data).decode("ascii")
    return {
        "address": f"data:image/svg+xml;base64,{coded}",
        "width": round(picture.width * _PIXELS),
        "height": round(picture.height * _PIXELS),
    }


def _is_narrow(sheet: Sheet) -> bool:
    """Tell whether a table has room beside its chart on paper."""
    return len(sheet.heads) <= _FEW and not any(_long_columns(sheet))


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
