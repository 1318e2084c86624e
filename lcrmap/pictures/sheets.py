"""A sheet of paper, measured in millimetres from its lower left corner, on which a picture is drawn by matplotlib.

The one module that draws. It takes no setting from the machine: not from a matplotlibrc, not from an environment.
"""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from lcrmap.pictures.fonts import Face, Fonts, one_line
from lcrmap.pictures.labelling import Box
from lcrmap.pictures.outlines import CLOSE, LINE, MOVE, read_outline
from lcrmap.pictures.papers import MM_PER_INCH, Paper

if TYPE_CHECKING:
    from matplotlib.path import Path

__all__ = ["Anchor", "Sheet", "settings"]

_POINTS: Final = 72 / MM_PER_INCH  # in a millimetre
_HALO: Final = 3.2  # points of the outlines round a text
_CIRCLE: Final = "M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16Z"

Anchor = Literal["left", "center", "right"]
Rings = Sequence[Any]


@contextmanager
def settings() -> Iterator[None]:
    """Draw with lcrmap's own settings, whatever the user's are: text as text, fonts embedded, nothing random."""
    import matplotlib as mpl

    finder = logging.getLogger("matplotlib.font_manager")
    level = finder.level
    with mpl.rc_context(), warnings.catch_warnings():
        finder.setLevel(logging.ERROR)  # it says which weights a fallback font lacks
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "svg.fonttype": "none",
                "svg.hashsalt": "lcrmap",
                "pdf.fonttype": 42,
                "path.simplify": False,
                "text.parse_math": False,
                "axes.unicode_minus": True,
            }
        )
        try:
            yield
        finally:
            finder.setLevel(level)


class Sheet:
    """One picture that is being drawn; later things lie on top of earlier ones."""

    def __init__(self, paper: Paper, fonts: Fonts, *, background: str) -> None:
        from matplotlib.figure import Figure

        self.paper = paper
        self.fonts = fonts
        # A whisker more, so that no rounding makes a picture a pixel smaller than was asked for.
        inches = (paper.width / MM_PER_INCH + 1e-7, paper.height / MM_PER_INCH + 1e-7)
        self._figure = Figure(figsize=inches, facecolor=background)
        self._axes = self._figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, paper.width)
        self._axes.set_ylim(0, paper.height)
        self._order = 1

    def box(self, box: Box, *, fill: str = "none", line: str = "none", width: float = 0.0) -> None:
        """Draw a rectangle."""
        self.area([box.ring], fill=fill, line=line, width=width)

    def area(
        self,
        rings: Rings,
        *,
        fill: str = "none",
        line: str = "none",
        width: float = 0.0,
        alpha: float = 1.0,
        dash: tuple[float, float] | None = None,
        hatch: str = "",
        clip: Box | None = None,
    ) -> None:
        """Draw a polygon: its outer ring, then its holes; `alpha` is the fill's alone."""
        from matplotlib.path import Path

        vertices, codes = [], []
        for number, ring in enumerate(rings):
            turned = _turned(np.asarray(ring, dtype=float), outer=number == 0)
            vertices.append(turned)
            codes += [MOVE, *[LINE] * (len(turned) - 2), CLOSE]
        path = Path(np.concatenate(vertices), np.array(codes, dtype=np.uint8))
        self._add(path, fill, line, width, alpha=alpha, dash=dash, hatch=hatch, clip=clip)

    def line(
        self,
        vertices: Any,
        *,
        colour: str,
        width: float,
        dash: tuple[float, float] | None = None,
        clip: Box | None = None,
    ) -> None:
        """Draw a line."""
        from matplotlib.path import Path

        self._add(
            Path(np.asarray(vertices, dtype=float)), "none", colour, width, dash=dash, clip=clip
        )

    def circle(
        self,
        at: tuple[float, float],
        radius: float,
        *,
        fill: str = "none",
        line: str = "none",
        width: float = 0.0,
        alpha: float = 1.0,
        dash: tuple[float, float] | None = None,
        clip: Box | None = None,
    ) -> None:
        """Draw a circle."""
        path = self._outline(_CIRCLE, at, radius / 8)
        self._add(path, fill, line, width, alpha=alpha, dash=dash, clip=clip)

    def dots(
        self, outline: str, xy: Any, radius: float, *, colour: str, halo: str, clip: Box
    ) -> None:
        """Draw many small equal symbols as one thing."""
        from matplotlib.collections import PathCollection

        path = self._outline(outline, (0.0, 0.0), radius / 12)
        many = PathCollection(
            [path],
            offsets=np.asarray(xy, dtype=float),
            offset_transform=self._axes.transData,
            facecolors=[colour],
            edgecolors=[halo],
            linewidths=[0.12 * radius * _POINTS],
        )
        many.set_transform(self._figure.dpi_scale_trans)  # follows the dots per inch of the file
        many.set_paths([_scaled(path, 1 / MM_PER_INCH)])
        self._place(many, clip)

    def symbol(
        self,
        outline: str,
        at: tuple[float, float],
        radius: float,
        *,
        colour: str,
        halo: str,
        fill: int,
        clip: Box | None = None,
    ) -> None:
        """Draw a symbol of the house style with its halo: 0 solid, 1 its left half, 2 hollow."""
        unit = radius / 12
        path = self._outline(outline, at, unit)
        self._add(path, halo, halo, 7.2 * unit, clip=clip)
        self._add(path, colour if fill == 0 else halo, colour, 2.4 * unit, clip=clip)
        if fill == 1:
            x, y = at
            half = Box(x - 2 * radius, y - 2 * radius, x, y + 2 * radius)
            self._add(path, colour, "none", 0.0, clip=_both(half, clip))

    def text(
        self,
        at: tuple[float, float],
        text: str,
        face: Face,
        *,
        colour: str,
        anchor: Anchor = "left",
        middle: bool = False,
        clip: Box | None = None,
    ) -> None:
        """Write one line with its baseline, or the middle of its small letters, at a height."""
        y = at[1] - (face.size * 0.35 / _POINTS if middle else 0.0)
        self._written((at[0], y), text, face, colour, anchor, clip)

    def halo(
        self,
        at: tuple[float, float],
        text: str,
        face: Face,
        *,
        colour: str,
        anchor: Anchor = "left",
        middle: bool = False,
        clip: Box | None = None,
    ) -> None:
        """Draw what keeps lines of the map off a text: broad outlines of its letters, which stay text themselves."""
        from matplotlib.patheffects import Stroke

        y = at[1] - (face.size * 0.35 / _POINTS if middle else 0.0)
        below = self._written((at[0], y), text, face, colour, anchor, clip)
        below.set_path_effects([Stroke(linewidth=_HALO, foreground=colour, joinstyle="round")])

    def _written(
        self,
        at: tuple[float, float],
        text: str,
        face: Face,
        colour: str,
        anchor: Anchor,
        clip: Box | None,
    ) -> Any:
        written = self._axes.text(
            *at,
            one_line(text),
            fontproperties=self.fonts.properties(face),
            color=colour,
            ha=anchor,
            va="baseline",
            zorder=self._next(),
            parse_math=False,
        )
        if clip is not None:
            written.set_clip_path(self._clip(clip))
        return written

    def save(self, kind: str, metadata: dict[str, str | None]) -> bytes:
        """Return the picture as the bytes of a ``png``, ``svg`` or ``pdf``."""
        stream = io.BytesIO()
        self._figure.savefig(stream, format=kind, dpi=self.paper.dpi, metadata=metadata)
        return stream.getvalue()

    def _outline(self, outline: str, at: tuple[float, float], unit: float) -> Path:
        """Return a symbol of the grid of 24 units as a path round `at`; the grid's y points down."""
        from matplotlib.path import Path

        read = read_outline(outline)
        vertices = (np.array(read.vertices) - 12) * (unit, -unit) + at
        return Path(vertices, np.array(read.codes, dtype=np.uint8))

    def _add(
        self,
        path: Path,
        fill: str,
        line: str,
        width: float,
        *,
        alpha: float = 1.0,
        dash: tuple[float, float] | None = None,
        hatch: str = "",
        clip: Box | None = None,
    ) -> None:
        from matplotlib.colors import to_rgba
        from matplotlib.patches import PathPatch

        points = max(width * _POINTS, 0.01)
        patch = PathPatch(
            path,
            facecolor=to_rgba(fill, alpha) if fill != "none" else "none",
            edgecolor=line,
            linewidth=width * _POINTS,
            joinstyle="round",
            capstyle="round" if dash is None else "butt",
            hatch=hatch or None,
        )
        if dash is not None:
            patch.set_linestyle((0.0, tuple(each * _POINTS / points for each in dash)))
        self._place(patch, clip)

    def _place(self, artist: Any, clip: Box | None) -> None:
        artist.set_zorder(self._next())
        self._axes.add_artist(artist)
        if clip is not None:
            artist.set_clip_path(self._clip(clip))
        else:
            artist.set_clip_on(False)

    def _clip(self, box: Box) -> Any:
        from matplotlib.patches import Rectangle

        return Rectangle(
            (box.left, box.bottom),
            box.right - box.left,
            box.top - box.bottom,
            transform=self._axes.transData,
        )

    def _next(self) -> int:
        self._order += 1
        return self._order


def _scaled(path: Path, factor: float) -> Path:
    from matplotlib.path import Path

    return Path(np.asarray(path.vertices) * factor, path.codes)


def _both(one: Box, two: Box | None) -> Box:
    if two is None:
        return one
    return Box(
        max(one.left, two.left),
        max(one.bottom, two.bottom),
        min(one.right, two.right),
        min(one.top, two.top),
    )


def _turned(ring: Any, *, outer: bool) -> Any:
    """Turn an outer ring against the clock and a hole with it, so that holes stay empty."""
    x, y = ring[:, 0], ring[:, 1]
    twice = float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))
    return ring if (twice > 0) == outer else ring[::-1]
