"""The letters of a picture: measured, wrapped, and looked for in the fonts that there are.

The font is the DejaVu Sans that comes with matplotlib, on every machine the same. Letters that it lacks are taken from
the first of the machine's fonts that has them; those that none has are named.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

__all__ = ["Face", "Fonts", "fonts_for", "missing_note", "one_line"]

FAMILY: Final = "DejaVu Sans"
_POINT: Final = 25.4 / 72  # millimetres
_SHOWN: Final = 6
_PLACEHOLDERS: Final = ("Last Resort", ".LastResort")  # fonts that have a box for every character
_BREAKS: Final = str.maketrans(dict.fromkeys("\t\n\v\f\r\x85\u2028\u2029", " "))


@dataclass(frozen=True, slots=True)
class Face:
    """Size in points, bold or not, upright or slanted."""

    size: float
    bold: bool = False
    italic: bool = False

    @property
    def height(self) -> float:
        """The distance from one line to the next, in millimetres."""
        return self.size * 1.25 * _POINT


@dataclass(frozen=True)
class Fonts:
    """The families of fonts in which a picture's texts are set.

    Attributes
    ----------
    missing
        The characters that no font has.
    """

    families: tuple[str, ...] = (FAMILY,)
    missing: tuple[str, ...] = ()
    _widths: dict[tuple[str, Face], float] = field(default_factory=dict, compare=False, repr=False)

    def properties(self, face: Face) -> Any:
        """Return matplotlib's own description of the face."""
        from matplotlib.font_manager import FontProperties

        return FontProperties(
            family=list(self.families),
            size=face.size,
            weight="bold" if face.bold else "normal",
            style="italic" if face.italic else "normal",
        )

    def width(self, text: str, face: Face) -> float:
        """Return the width of one line of text in millimetres."""
        known = self._widths.get((text, face))
        if known is None:
            from matplotlib.textpath import text_to_path

            measured = text_to_path.get_text_width_height_descent(
                one_line(text) or " ", self.properties(face), False
            )
            known = self._widths[text, face] = round(float(measured[0]) * _POINT, 2)
        return known

    def wrap(self, text: str, face: Face, width: float) -> list[str]:
        """Break a text at blanks into lines of at most `width` millimetres; a longer word has a line of its own."""
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self.width(longer, face) > width:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines


def one_line(text: str) -> str:
    r"""Return a text with a blank for each line break and tab, for which no font has a glyph.

    Examples
    --------
    >>> one_line("Pier\tHead")
    'Pier Head'
    """
    return text.translate(_BREAKS)


def fonts_for(texts: Iterable[str]) -> Fonts:
    """Choose fonts that have every character of the texts, as far as this machine has one."""
    wanted = {each for text in texts for each in text if _is_drawn(each)}
    missing = sorted(each for each in wanted if not _has(_own_font(), each))
    if not missing:
        return Fonts()
    families = [FAMILY]
    for path, family in _other_fonts():
        found = [each for each in missing if _has(path, each)]
        if found:
            families.append(family)
            missing = [each for each in missing if each not in found]
        if not missing:
            break
    return Fonts(tuple(dict.fromkeys(families)), tuple(missing))


def missing_note(fonts: Fonts) -> str:
    """Return the sentence that names the characters without a glyph; empty if there are none.

    Examples
    --------
    >>> missing_note(Fonts(missing=("利",)))
    'No font on this machine has 1 character of the picture, which is drawn as a box: 利 (U+5229).'
    """
    if not fonts.missing:
        return ""
    named = ", ".join(f"{each} (U+{ord(each):04X})" for each in fonts.missing[:_SHOWN])
    more = len(fonts.missing) - _SHOWN
    rest = f" and {more} more" if more > 0 else ""
    count = len(fonts.missing)
    which = (
        "character of the picture, which is"
        if count == 1
        else "characters of the picture, which are"
    )
    box = "a box" if count == 1 else "boxes"
    return f"No font on this machine has {count} {which} drawn as {box}: {named}{rest}."


def _is_drawn(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc", "Mn")


@cache
def _own_font() -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


@cache
def _other_fonts() -> tuple[tuple[Path, str], ...]:
    """Return the machine's own fonts, ordered by family and path."""
    from matplotlib.font_manager import fontManager

    plain = [
        each
        for each in fontManager.ttflist
        if each.style == "normal" and not each.name.startswith(_PLACEHOLDERS)
    ]
    plain.sort(key=lambda each: (each.name, abs(int(_weight(each.weight)) - 400), each.fname))
    return tuple((Path(each.fname), each.name) for each in plain)


def _weight(weight: object) -> int:
    return weight if isinstance(weight, int) else 400


@cache
def _face(path: Path) -> Any:
    from matplotlib.ft2font import FT2Font

    return FT2Font(str(path))


def _has(path: Path, character: str) -> bool:
    try:
        return bool(_face(path).get_char_index(ord(character)))
    except (OSError, RuntimeError):  # a font file that cannot be read has nothing
        return False
