"""Colours, type and symbols: the one place from which page, picture and tests take them.

Each colour stands as a pair, for the light and the dark theme. The measured contrasts and the distances under
colour blindness are tested in ``tests/maps/test_style.py``; change a value and run that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

__all__ = [
    "CROSSED",
    "FREE_SHAPES",
    "HUES",
    "OTHER",
    "PALETTE",
    "RAMPS",
    "SHAPES",
    "SURFACES",
    "TWO_SIDED",
    "Pair",
    "Shape",
    "class_hues",
    "css_tokens",
    "hue_class",
    "hue_of",
    "hue_pair",
    "is_hex_colour",
    "named_hue",
    "ramp_colours",
]


class Pair(NamedTuple):
    """A colour in the light theme and in the dark one."""

    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A symbol: its outline on a grid of 24 x 24 units and the size in pixels at which it is drawn."""

    path: str
    size: int


SURFACES: Final[dict[str, Pair]] = {
    "page": Pair("#FFFFFF", "#14171A"),
    "panel": Pair("#F4F8FB", "#1D2226"),
    "land": Pair("#F7F5F0", "#2B3036"),
    "neighbour": Pair("#EAE8E1", "#1F2429"),
    "water": Pair("#D8E6EE", "#12222D"),
    # Half water, half neighbour: what the backdrop does not tell.
    "beyond": Pair("#E1E7E8", "#18232B"),
    "area-line": Pair("#59616A", "#AEB6BE"),
    "neighbour-line": Pair("#B9B7AF", "#4A5158"),
    "text": Pair("#0B0C0C", "#F2F4F5"),
    "text-2": Pair("#484949", "#C3C9CE"),
    "neighbour-label": Pair("#55585C", "#A9B0B7"),
    "water-label": Pair("#2B5876", "#8FBAD6"),
    "link": Pair("#1A65A6", "#8CC1F0"),
    "error": Pair("#CA3535", "#F59A9A"),
    "line": Pair("#B1B4B6", "#4A5158"),
    "control-line": Pair("#59616A", "#AEB6BE"),
    "halo": Pair("#FFFFFF", "#0E1114"),
    "focus": Pair("#FFDD00", "#FFDD00"),
    "focus-edge": Pair("#0B0C0C", "#0B0C0C"),
    "hatch": Pair("#716F6A", "#7A8188"),
    "no-data": Pair("#E3E1DC", "#2B3036"),
    "group": Pair("#FFFFFF", "#0B0C0C"),
    "group-text": Pair("#0B0C0C", "#FFFFFF"),
}
"""Surfaces, lines and text."""

HUES: Final[dict[str, Pair]] = {
    "rose": Pair("#AD4278", "#D683B2"),
    "navy": Pair("#0E3877", "#5695FD"),
    "vermilion": Pair("#E14315", "#FE6425"),
    "green": Pair("#02885A", "#56DAAE"),
    "brown": Pair("#723A0C", "#FCC300"),
    "violet": Pair("#8251DB", "#C1B7ED"),
    "ink": Pair("#292A2A", "#FBFAF9"),
    "grey": Pair("#484949", "#C3C9CE"),
    "other": Pair("#59616A", "#AEB6BE"),
}
"""The colours of categories, in the order in which a user's own categories take them."""

_PLUS: Final = "M9 3h6v6h6v6h-6v6H9v-6H3V9h6Z"
_SALTIRE: Final = "M7 2 12 7 17 2 22 7 17 12 22 17 17 22 12 17 7 22 2 17 7 12 2 7Z"
SHAPES: Final[dict[str, Shape]] = {
    "circle": Shape("M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16Z", 20),
    "triangle-down": Shape("M2 4h20L12 21.5Z", 20),
    "plus": Shape(_PLUS, 20),
    "triangle-up": Shape("M12 2.5 22 20H2Z", 20),
    "square": Shape("M5 5h14v14H5Z", 20),
    "diamond": Shape("M12 2 22 12 12 22 2 12Z", 20),
    "star": Shape(
        "M12 .7 14.9 8.7 23.4 9 16.7 14.2 19 22.3 12 17.6 5 22.3 7.3 14.2 .6 9 9.1 8.7Z", 22
    ),
    "hull": Shape("M1 6h22l-5 14H6Z", 26),
    "gate": Shape("M2 22V11a10 10 0 0 1 20 0v11h-5.8v-9a4.2 4.2 0 0 0-8.4 0v9Z", 26),
    "block-arrow": Shape("M12 1 23 13h-6v9H7v-9H1Z", 26),
    "saltire": Shape(_SALTIRE, 26),
    "dome": Shape("M2 19a10 12 0 0 1 20 0Z", 26),
    "bar": Shape("M5 8h14v8H5Z", 14),
    "small-plus": Shape(_PLUS, 14),
    "small-saltire": Shape(_SALTIRE, 18),
    "triangle-right": Shape("M4 2 21.5 12 4 22Z", 20),
    "triangle-left": Shape("M20 2 2.5 12 20 22Z", 20),
    "hourglass": Shape("M3 2h18L14 12 21 22H3L10 12Z", 20),
    "bow-tie": Shape("M2 3 12 10 22 3V21L12 14 2 21Z", 20),
}
"""The symbols by name."""

PALETTE: Final[tuple[tuple[str, str], ...]] = (
    ("rose", "circle"),
    ("navy", "triangle-down"),
    ("vermilion", "plus"),
    ("green", "triangle-up"),
    ("brown", "square"),
    ("violet", "diamond"),
    ("ink", "star"),
)
"""Hue and shape of a user's own categories, slot by slot; further ones share `OTHER`."""

FREE_SHAPES: Final = (
    *(shape for _, shape in PALETTE),
    *("triangle-right", "triangle-left", "hourglass", "bow-tie"),
    *("small-plus", "small-saltire"),  # for what is drawn small
)
"""The shapes of classes to which nobody gave one, in their order: those of sites stand for sites alone."""

OTHER: Final = ("other", "circle")

RAMPS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "teal": (
        ("#F0F4C8", "#9DC3AD", "#3B9990", "#2A6874", "#0B3B5A"),
        ("#16353F", "#275F63", "#2E8C86", "#91BBA4", "#E6F2C0"),
    ),
    "plum": (
        ("#FBE3D6", "#E0A3AD", "#C9628A", "#7E3E6F", "#3E1250"),
        ("#3A1D45", "#723B68", "#B0568A", "#D29AA9", "#FCE0D0"),
    ),
    "difference": (
        ("#8A3B00", "#C58047", "#E7BE96", "#AEC3D7", "#5F88B4", "#123F77"),
        ("#FFC58A", "#C97B2F", "#7A4413", "#23466E", "#4F86BE", "#B5D8F8"),
    ),
    "crossed": (
        (
            "#E9F2ED",
            "#73BCFD",
            "#4C6CBB",
            "#F9C86E",
            "#959594",
            "#5C5559",
            "#C65A2D",
            "#5C1003",
            "#251B5C",
        ),
        (
            "#292221",
            "#282468",
            "#5C6FCF",
            "#7E4007",
            "#6E6C70",
            "#57CAEB",
            "#AE8532",
            "#FFE067",
            "#E9F4E7",
        ),
    ),
}
"""Class colours from low to high, light and dark: five of one colour, three on each side of a middle, or three times
three of two columns: of the lowest class of the first those of the second, from low to high, and so on."""

TWO_SIDED: Final = "difference"
"""The ramp of two colours that meet."""

CROSSED: Final = "crossed"
"""The ramp of areas that are shaded by two columns at once."""

NEUTRAL: Final = Pair("#F4F3EF", "#2A2F35")
"""The colour of a class between two that meet, which has neither."""

_SPREAD: Final = {
    1: (2,),
    2: (1, 3),
    3: (0, 2, 4),
    4: (0, 1, 3, 4),
    5: (0, 1, 2, 3, 4),
    9: tuple(range(9)),
}
_SPREAD_ABOUT: Final[dict[int, tuple[int | None, ...]]] = {
    2: (1, 4),
    3: (1, None, 4),
    4: (0, 2, 3, 5),
    5: (0, 2, None, 3, 5),
    6: (0, 1, 2, 3, 4, 5),
}


def is_hex_colour(text: str) -> bool:
    """Tell whether `text` is a colour written as ``#RRGGBB``.

    Examples
    --------
    >>> is_hex_colour("#0E3877"), is_hex_colour("url(x)")
    (True, False)
    """
    return re.fullmatch(r"#[0-9A-Fa-f]{6}", text) is not None


def hue_of(colour: str, slot: int) -> str:
    """Return the hue for a wish out of metadata, or that of the palette's slot if there is none."""
    return named_hue(colour) or (PALETTE[slot][0] if slot < len(PALETTE) else OTHER[0])


def named_hue(colour: str) -> str:
    """Return the hue for a wish out of metadata; empty if there is none.

    A wish is a name of `HUES`, one of their light colours, or ``#RRGGBB``; anything else is not trusted.
    """
    wish = colour.strip()
    if wish in HUES:
        return wish
    if is_hex_colour(wish):
        by_colour = {pair.light: name for name, pair in HUES.items()}
        return by_colour.get(wish.upper(), wish.upper())
    return ""


def hue_class(hue: str) -> str:
    """Return what stands behind ``hue-`` in the class that gives an element its colour.

    Examples
    --------
    >>> hue_class("navy"), hue_class("#12AB34")
    ('navy', 'x12ab34')
    """
    return f"x{hue[1:].lower()}" if is_hex_colour(hue) else hue


def ramp_colours(ramp: str, classes: int) -> tuple[Pair, ...]:
    """Return the colours of so many classes of a ramp, from low to high: 1 to 5, 2 to 6 about a middle, or 9.

    The middle one of an odd number of classes of two colours is `NEUTRAL`.
    """
    light, dark = RAMPS[ramp]
    spread = _SPREAD_ABOUT[classes] if ramp == TWO_SIDED else _SPREAD[classes]
    return tuple(NEUTRAL if step is None else Pair(light[step], dark[step]) for step in spread)


def class_hues(ramp: str, breaks: Sequence[float], middle: float | None = None) -> tuple[str, ...]:
    """Return the hues of the classes that breaks make, from low to high.

    Of two colours that meet in a `middle` each side has its own; with fewer classes a side keeps to the pale ones, so
    that the same strength means the same number of classes away.

    Examples
    --------
    >>> class_hues("teal", [1, 2])
    ('teal-3-0', 'teal-3-1', 'teal-3-2')
    >>> class_hues("difference", [0, 5], middle=0)
    ('difference-4-1', 'difference-4-2', 'difference-4-3')
    """
    classes = len(breaks) + 1
    if middle is None:
        return tuple(f"{ramp}-{classes}-{number}" for number in range(classes))
    below = sum(each <= middle for each in breaks)
    side = max(below, classes - below)
    return tuple(f"{ramp}-{2 * side}-{side - below + number}" for number in range(classes))


def hue_pair(hue: str) -> Pair | None:
    """Return the colours of a hue that `class_hues` made; None if it is another.

    Examples
    --------
    >>> hue_pair("teal-5-4"), hue_pair("navy")
    (Pair(light='#0B3B5A', dark='#E6F2C0'), None)
    """
    ramp, *numbers = hue.split("-")
    if ramp not in RAMPS or len(numbers) != 2:
        return None
    return ramp_colours(ramp, int(numbers[0]))[int(numbers[1])]


def css_tokens(own: dict[str, Pair] | None = None) -> str:
    """Return the style sheet that declares every colour as a custom property, in both themes.

    Parameters
    ----------
    own
        Further properties by name, such as the colours of a page's own categories.
    """
    pairs = {**SURFACES, **{f"hue-{name}": pair for name, pair in HUES.items()}, **(own or {})}
    light = _declarations(pairs, 0)
    dark = _declarations(pairs, 1)
    named = [*(f"hue-{name}" for name in HUES), *(own or {})]
    hues = "".join(f".{name}{{--hue:var(--{name})}}" for name in named if name.startswith("hue-"))
    return (
        f":root{{color-scheme:light;{light}}}"
        f"@media screen and (prefers-color-scheme:dark){{"
        f":root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}"
        f"@media screen{{:root[data-theme=dark]{{color-scheme:dark;{dark}}}}}"
        f"{hues}"
    )


def _declarations(pairs: dict[str, Pair], theme: int) -> str:
    return ";".join(f"--{name}:{pair[theme]}" for name, pair in pairs.items())
