"""Which columns of a table hold coordinates, told by the words in their names.

People call them ``lon``, ``GeoX``, ``stop_lat``, ``Easting (m)`` or ``@lon``. Two columns are a pair if their names
differ in the word for the axis alone. A word that says little, such as ``x`` or ``long``, counts only in a pair; one
that says all, such as ``longitude`` or ``easting``, also beside a partner whose name is made otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lcrmap.errors import GeometryError, UnknownNameError, UsageError
from lcrmap.io.crs import DEGREES

__all__ = ["NATIONAL_GRID", "PointColumns", "choose_columns", "no_columns"]

NATIONAL_GRID: Final = "EPSG:27700"

_MOST_SHOWN: Final = 20
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_COORD: Final = re.compile(r"(?<![A-Za-z])([xy])(coord)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PointColumns:
    """The two columns that hold the coordinates and what is implied of their CRS; empty if only the numbers tell."""

    x: str
    y: str
    crs: str
    guessed: bool


@dataclass(frozen=True, slots=True)
class _Axes:
    """How the two axes of one system are called, by words; those that say all, and those written out."""

    crs: str
    east: frozenset[str]
    north: frozenset[str]
    clear: frozenset[str]
    full: frozenset[str]


_SYSTEMS: Final = (
    _Axes(
        DEGREES,
        frozenset({"longitude", "lon", "long", "lng"}),
        frozenset({"latitude", "lat"}),
        frozenset({"longitude", "latitude", "lon", "lng", "lat"}),
        frozenset({"longitude", "latitude"}),
    ),
    _Axes(
        NATIONAL_GRID,
        frozenset({"easting", "eastings", "east", "oseast", "gridgb1e", "e"}),
        frozenset({"northing", "northings", "north", "osnrth", "gridgb1n", "n"}),
        frozenset({"easting", "eastings", "northing", "northings"}),
        frozenset({"easting", "eastings", "northing", "northings"}),
    ),
    _Axes("", frozenset({"x"}), frozenset({"y"}), frozenset(), frozenset()),
)
# Words beside an axis that say the system where the axis does not.
_GRID_WORDS: Final = frozenset({"bng", "osgb", "osgb36", "osgr", "27700"})
_DEGREE_WORDS: Final = frozenset({"wgs84", "4326", "longitude", "latitude"})
# One letter is an axis only beside these: "e" and "n" stand in many names.
_LETTERS: Final = frozenset({"e", "n"})


def choose_columns(
    names: Sequence[str], where: str, *, x: str = "", y: str = ""
) -> tuple[PointColumns, ...]:
    """Choose the coordinate columns: the ones asked for, else those known by their names.

    Returns
    -------
    tuple
        A pair, and where a table has its positions in a second system too, the pair that fills gaps of the first;
        nothing if no pair is asked for and none is known.

    Raises
    ------
    UsageError
        If only one of the two is asked for.
    UnknownNameError
        If one that is asked for does not exist.

    Examples
    --------
    >>> [(each.x, each.y, each.crs) for each in choose_columns(["id", "GeoX", "GeoY"], "it")]
    [('GeoX', 'GeoY', '')]
    >>> [each.x for each in choose_columns(["Easting", "Northing", "Longitude", "Latitude"], "it")]
    ['Longitude', 'Easting']
    """
    if bool(x) != bool(y):
        raise UsageError("Name both coordinate columns: --x for east-west and --y for north-south.")
    if x and y:
        for name in (x, y):
            if name not in names:
                raise UnknownNameError("column", name, names, where=where)
        crs = next((each.crs for each in _pairs((x, y)) if (each.x, each.y) == (x, y)), "")
        return (PointColumns(x, y, crs, guessed=False),)
    found: dict[str, PointColumns] = {}
    for pair in _pairs(names):
        found.setdefault(pair.crs, pair)
    return tuple(found.values())[:2]


def no_columns(names: Sequence[str], where: str, tried: str = "") -> GeometryError:
    """Return the error of a table in which nothing tells where its rows are.

    Parameters
    ----------
    tried
        What else was looked at, in a bracket of its own; empty if nothing was.
    """
    shown = ", ".join(names[:_MOST_SHOWN])
    more = f" and {len(names) - _MOST_SHOWN} more" if len(names) > _MOST_SHOWN else ""
    return GeometryError(
        f"{where} has no columns that look like coordinates (it has {shown}{more}){tried}: "
        f"name them with --x and --y, and their system with --crs."
    )


def _pairs(names: Sequence[str]) -> Iterator[PointColumns]:
    """Give the pairs of columns, the likeliest first: by system, then the shortest names, then those in full."""
    words = {name: _words(name) for name in names}
    for system in _SYSTEMS:
        easts = _called(words, system.east, system.north)
        norths = _called(words, system.north, system.east)
        twins = [
            (len(rest), -len(system.full & {*words[east], *words[north]}), east, north)
            for east, rest in easts.items()
            for north, other in norths.items()
            if rest == other
        ]
        for _, _, east, north in sorted(twins, key=lambda each: each[:2]):
            yield PointColumns(east, north, _system(system, words[east], words[north]), True)
        if not twins:
            yield from _only_ones(system, words, list(easts), list(norths))


def _only_ones(
    system: _Axes, words: dict[str, tuple[str, ...]], easts: list[str], norths: list[str]
) -> Iterator[PointColumns]:
    """Give the one column for each axis whose name says all, though the two are named each in its way."""
    clear = [[name for name in some if system.clear & {*words[name]}] for some in (easts, norths)]
    short = [[name for name in some if len(words[name]) == 1] for some in (easts, norths)]
    chosen = [one if len(one) == 1 else sure for one, sure in zip(short, clear, strict=True)]
    if len(chosen[0]) == len(chosen[1]) == 1:
        east, north = chosen[0][0], chosen[1][0]
        yield PointColumns(east, north, system.crs, True)


def _called(
    words: dict[str, tuple[str, ...]], axis: frozenset[str], other: frozenset[str]
) -> dict[str, tuple[str, ...]]:
    """Return the columns that are called by an axis, each with the other words of its name."""
    found = {}
    for name, some in words.items():
        named = [each for each in some if each in axis]
        if not named or other & {*some}:
            continue
        rest = tuple(each for each in some if each not in axis)
        if {*named} <= _LETTERS and not _GRID_WORDS & {*rest}:
            continue
        found[name] = rest
    return found


def _system(system: _Axes, *words: tuple[str, ...]) -> str:
    """Return the CRS that the names of a pair imply."""
    if system.crs:
        return system.crs
    beside = {each for some in words for each in some}
    if beside & _GRID_WORDS:
        return NATIONAL_GRID
    return DEGREES if beside & _DEGREE_WORDS else ""


def _words(name: str) -> tuple[str, ...]:
    """Return the words of a name in small letters.

    Examples
    --------
    >>> _words("decimalLongitude"), _words("X_COORDINATE"), _words("@lon"), _words("oseast1m")
    (('decimal', 'longitude'), ('x', 'coordinate'), ('lon',), ('oseast', '1', 'm'))
    """
    folded = name.casefold()
    if folded in ("gridgb1e", "gridgb1n"):  # Ordnance Survey's own, in which the digit is no word
        return (folded,)
    if folded in ("east1m", "north1m"):
        return (folded[:-2], "1", "m")
    apart = _COORD.sub(r"\1 \2", name)
    return tuple(each.casefold() for each in _WORDS.findall(apart))
