"""A finished sheet as a file: PNG, SVG or PDF, with its title and its alternative text inside, and no date."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lcrmap.pictures.sheets import Sheet

__all__ = ["PICTURES", "encode_picture"]

PICTURES: Final = ("png", "svg", "pdf")
_LONG_NUMBER: Final = re.compile(r"(?<=\d\.)(\d\d)\d+(?=[ \n])")  # a hundredth of a point is enough
_UNUSED: Final = ("Creator", "Date", "Format", "Type")


def encode_picture(sheet: Sheet, kind: str, *, title: str, alt: str) -> bytes:
    """Return a sheet as the bytes of a ``png``, ``svg`` or ``pdf``.

    Parameters
    ----------
    title, alt
        What the picture is called and what it shows; a PNG carries them as text, an SVG as title and description, a
        PDF as title and subject.
    """
    if kind == "png":
        return sheet.save("png", {"Title": title, "Description": alt, "Software": None})
    if kind == "pdf":
        about: dict[str, str | None] = {"Title": title, "Subject": alt, "Creator": "lcrmap"}
        return sheet.save("pdf", {**about, "CreationDate": None, "ModDate": None})
    drawn = sheet.save("svg", dict.fromkeys(_UNUSED)).decode("utf-8")
    return _described(drawn, title, alt).encode("utf-8")


def _described(svg: str, title: str, alt: str) -> str:
    """Name an SVG for those who cannot see it, and offer fonts of the same width where its own is not there."""
    svg = re.sub(r" <metadata>.*?</metadata>\n", "", svg, count=1, flags=re.DOTALL)
    named = (
        ' role="img" aria-labelledby="picture-title picture-desc">\n'
        f' <title id="picture-title">{escape(title)}</title>\n'
        f' <desc id="picture-desc">{escape(alt)}</desc>'
    )
    svg = re.sub(r"(<svg\b[^>]*)>", lambda found: found[1] + named, svg, count=1)
    svg = _LONG_NUMBER.sub(r"\1", svg)
    return svg.replace("'DejaVu Sans'", "'DejaVu Sans', Verdana, sans-serif")
