"""Which areas of a pack the rows of a table speak of, by a code or a name in one of its columns.

A column is taken for the areas of a layer if its values are that layer's keys or names. National tables hold more:
codes of the same form that the pack does not know are other places'. Codes of the Office for National Statistics tell
by their first three letters of what kind an area is, and so is known what a code that is not found would have been.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

from lcrmap.errors import DataError, UnknownNameError, UsageError
from lcrmap.layers import Layer, Pack

__all__ = [
    "Areas",
    "Match",
    "asked_match",
    "bare_codes",
    "column_claims",
    "find_match",
    "namesakes",
    "refuse_other_year",
]

_CODE: Final = re.compile(r"[A-Z][0-9]{8}")
_NAMED: Final = re.compile(r"([A-Z][0-9]{8})\s*[:;,\u2013-]\s*\S.*", re.IGNORECASE)
_YEAR: Final = re.compile(
    r"(?:lad|ltla|utla|wd|ward|msoa|lsoa)_?(?:20)?(?P<short>[0-9]{2})|(?:code|cd)[_ ]?20(?P<long>[0-9]{2})(?![0-9])",
    re.IGNORECASE,
)
# Of the values of a column, or of the areas of a layer, that must be known for a match.
_FEWEST: Final = 0.5
# Layers whose areas nobody's table is about, or that are many, and looked through only for codes.
_NOT_MATCHED: Final = ("backdrop", "barrier", "crossings", "small_areas")

Opened = Callable[[str], Layer]


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """The areas of one kind that rows may speak of.

    Attributes
    ----------
    source
        The layer they come from.
    name, title
        What to type for them, and what to call them.
    keys, names
        Of each area; names are empty where they have none of their own.
    shapes
        In the source's CRS: areas, or where no outline is known, points.
    error_m
        Of each point, by how many metres it may be off; None for areas.
    """

    source: Layer
    name: str
    title: str
    keys: pd.Index[Any]
    names: pd.Index[Any]
    shapes: gpd.GeoSeries
    error_m: Any = None

    @property
    def called(self) -> str:
        """The title as it stands within a sentence: names in it, such as LSOA, keep their capitals."""
        return self.title if self.title.isupper() else self.title[:1].lower() + self.title[1:]


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """Which area each row of a table speaks of.

    Attributes
    ----------
    column
        The table's column.
    by_name
        Whether it holds names, not keys.
    rows
        The number of the area of each row; -1 where none is found.
    coded
        Which rows hold a code of the form that statistical codes have.
    """

    areas: Areas
    column: str
    by_name: bool
    rows: Any
    coded: Any

    @property
    def found(self) -> int:
        """How many rows speak of an area that is known."""
        return int((self.rows >= 0).sum())

    @property
    def different(self) -> int:
        """Of how many areas they speak."""
        return len(np.unique(self.rows[self.rows >= 0]))

    @property
    def repeated(self) -> bool:
        """Whether several rows speak of one area."""
        return self.different < self.found


def asked_match(text: str, frame: pd.DataFrame, pack: Pack, opened: Opened, where: str) -> Match:
    """Match the rows of a table as somebody asks, by ``COLUMN=LAYER``.

    Raises
    ------
    UsageError, UnknownNameError
        If the text has another form, or there is no such column or layer of areas.
    DataError
        If no row is found so.
    """
    column, equals, name = text.rpartition("=")
    if not (equals and column and name):
        raise UsageError(f"--match '{text}' must be COLUMN=LAYER, such as ward_code=wards.")
    if column not in frame.columns:
        raise UnknownNameError("column", column, list(frame.columns), where=where)
    known = {**dict(_area_layers(pack)), **_small_areas(pack)}
    if name not in known:
        raise UnknownNameError("layer of areas", name, list(known))
    areas = known[name](opened)
    matches = [each for each in _matches(column, frame[column], areas) if each.found]
    if not matches:
        shown = ", ".join(frame[column].dropna().astype(str).head(3))
        raise DataError(
            f"No row of {where} is found in {areas.called} by '{column}' (it holds {shown}): "
            f"their codes are such as {areas.keys[0]}."
        )
    return max(matches, key=lambda each: each.found)


def column_claims(frame: pd.DataFrame, pack: Pack, opened: Opened) -> list[Match]:
    """Return the columns whose codes or names are those of areas of the pack, one match a column and kind of area."""
    best: dict[tuple[str, str], Match] = {}
    for name, values in frame.items():
        if not _is_text(values):
            continue
        for _, open_areas in _area_layers(pack):
            for match in _matches(str(name), values, open_areas(opened)):
                filled = int((values.notna() & (values.astype("str").str.strip() != "")).sum())
                known = best.get((match.column, match.areas.name))
                if match.found > _FEWEST * filled and (known is None or match.found > known.found):
                    best[match.column, match.areas.name] = match
    return list(best.values())


def find_match(frame: pd.DataFrame, pack: Pack, opened: Opened, where: str) -> Match | None:
    """Find the column by which the rows of a table speak of areas of the pack; None if there is none.

    Parameters
    ----------
    opened
        Opens a layer of the pack.
    where
        What to call the table in messages.

    Raises
    ------
    UsageError
        If two kinds of area would do.
    """
    texts = {str(name): each for name, each in frame.items() if _is_text(each)}
    kinds: list[Iterator[tuple[str, Callable[[Opened], Areas]]]] = [_area_layers(pack)]
    coded = any(_coded(each).any() for each in texts.values())
    if coded:
        kinds.append(iter(_small_areas(pack).items()))
    for some in kinds:
        likely = [
            match
            for _, open_areas in some
            for areas in (open_areas(opened),)
            for column, values in texts.items()
            for match in _matches(column, values, areas)
            if _is_likely(match)
        ]
        if likely:
            return _chosen(likely, where)
    return None


def _chosen(likely: Sequence[Match], where: str) -> Match:
    """Choose of matches: one row an area before several, keys before names, most rows first."""
    single = [each for each in likely if not each.repeated] or likely
    best: dict[str, Match] = {}
    for match in sorted(single, key=lambda each: (each.by_name, -each.found)):
        best.setdefault(match.areas.name, match)
    if len(best) > 1 and not single[0].repeated:
        ways = " or ".join(f"--match '{each.column}={each.areas.name}'" for each in best.values())
        raise UsageError(
            f"The rows of {where} can be found among several kinds of area: say {ways}."
        )
    return max(best.values(), key=lambda each: each.different)


def _is_likely(match: Match) -> bool:
    """Tell whether a column is meant for these areas: codes if any is known, other texts if most are."""
    if not match.found:
        return False
    if match.coded.any() and not match.by_name:
        return True
    values = len(match.rows)
    return match.found >= _FEWEST * values or match.different >= _FEWEST * len(match.areas.keys)


def _matches(column: str, values: pd.Series[Any], areas: Areas) -> Iterator[Match]:
    texts = values.where(values.notna(), "").astype("str").str.strip()
    coded = _coded(values)
    keys = areas.keys.astype("str").str.upper()
    codes = pd.Index(bare_codes(values).str.upper())
    yield Match(areas, column, False, keys.get_indexer(codes), coded)
    names = pd.Index(_folded(areas.names))
    at = np.flatnonzero(~names.duplicated(keep=False) & (names != ""))
    if len(at):
        rows = names[at].get_indexer(pd.Index(_folded(texts)))
        yield Match(areas, column, True, np.append(at, -1)[rows], coded)


def namesakes(areas: Areas, name: str) -> Any:
    """Return the numbers of the areas that share a name, which tells none of them; none if fewer than two have it."""
    (wanted,) = _folded([name])
    rows = np.flatnonzero(_folded(areas.names) == wanted)
    return rows if wanted and len(rows) > 1 else rows[:0]


def _is_text(values: pd.Series[Any]) -> bool:
    return not (pd.api.types.is_numeric_dtype(values) or values.name == "geometry")


def _coded(values: pd.Series[Any]) -> Any:
    """Tell which cells are codes as the Office for National Statistics makes them."""
    if not _is_text(values):
        return np.zeros(len(values), dtype=bool)
    return bare_codes(values).str.upper().str.fullmatch(_CODE.pattern).to_numpy(dtype=bool)


def bare_codes(values: pd.Series[Any]) -> pd.Series[str]:
    """Return texts without the name that stands behind a code, as in tables of Nomis.

    Examples
    --------
    >>> bare_codes(pd.Series(["E01006512 : Liverpool 031A", " E08000012", None])).tolist()
    ['E01006512', 'E08000012', '']
    """
    texts = values.where(values.notna(), "").astype("str").str.strip()
    return texts.str.replace(_NAMED, r"\1", regex=True)


def _folded(names: Any) -> Any:
    """Return names as they are compared: "St. Helens" is "st helens"."""
    texts = (
        pd.Series(names, dtype="str")
        .fillna("")
        .str.casefold()
        .str.replace("&", " and ", regex=False)
    )
    plain = texts.str.replace(r"[.'\u2019,()]", "", regex=True).str.replace("-", " ", regex=False)
    return plain.str.split().str.join(" ").to_numpy(dtype=object)


# The kinds of area that a pack has


def _area_layers(pack: Pack) -> Iterator[tuple[str, Callable[[Opened], Areas]]]:
    """Give the layers of areas by name, each with what opens it."""
    hidden = {pack.role(each).layer for each in _NOT_MATCHED if pack.has_role(each)}
    for metadata in pack:
        if metadata.geometry == "area" and metadata.key and metadata.name not in hidden:
            yield metadata.name, partial(_of_layer, metadata.name)


def _of_layer(name: str, opened: Opened) -> Areas:
    layer = opened(name)
    frame = layer.frame
    names = frame[layer.label] if layer.label and layer.label != layer.key else [""] * len(frame)
    return Areas(
        layer,
        name,
        layer.metadata.title,
        pd.Index(frame[layer.key]),
        pd.Index(names, dtype="str"),
        gpd.GeoSeries(frame.geometry.to_numpy(), crs=frame.crs),
    )


def _small_areas(pack: Pack) -> dict[str, Callable[[Opened], Areas]]:
    """Return the small areas to which the pack's residents belong, with outlines where it has them."""
    if pack.has_role("small_areas"):
        name = pack.role("small_areas").layer
        return {name: partial(_of_layer, name)}
    role = pack.role("population") if pack.has_role("population") else None
    unit = str(role.options.get("small_area", "")) if role is not None else ""
    return {unit: partial(_of_residents, pack, unit)} if unit else {}


def _of_residents(pack: Pack, unit: str, opened: Opened) -> Areas:
    """Place each small area at the mean point of its residents, right to the farthest of them."""
    role = pack.role("population")
    layer = opened(role.layer)
    frame = layer.frame
    units, keys = pd.factorize(frame[unit], sort=True)
    x, y = frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy()
    weight = frame[role.field].fillna(0).to_numpy(dtype=np.float64)
    total = np.bincount(units, weight, len(keys))
    weight = np.where(total[units] > 0, weight, 1.0)
    total = np.bincount(units, weight, len(keys))
    middle_x, middle_y = (np.bincount(units, weight * each, len(keys)) / total for each in (x, y))
    turn = pyproj.Transformer.from_crs(frame.crs, "EPSG:4326", always_xy=True)
    ends = (*turn.transform(x, y), *turn.transform(middle_x[units], middle_y[units]))
    far = np.zeros(len(keys))
    np.maximum.at(far, units, pyproj.Geod(ellps="WGS84").inv(*ends)[2])
    return Areas(
        layer,
        unit,
        layer.field(unit).title,
        pd.Index(keys),
        pd.Index([""] * len(keys), dtype="str"),
        gpd.GeoSeries(gpd.points_from_xy(middle_x, middle_y), crs=frame.crs),
        np.ceil(far),
    )


def refuse_other_year(match: Match, where: str) -> None:
    """Refuse codes of another year than the areas', where not all areas are found by them.

    Raises
    ------
    DataError
        It says how many are the same, and how to take these alone.
    """
    said = _YEAR.search(match.column)
    own = match.areas.source.metadata.as_of[:4]
    if said is None or not own or match.different == len(match.areas.keys):
        return
    year = f"20{said['short'] or said['long']}"
    if year == own:
        return
    areas = match.areas
    raise DataError(
        f"'{match.column}' of {where} holds areas of {year}, and the areas that the pack knows as '{areas.title}' "
        f"are those of {own}: {match.different:,} of {len(areas.keys):,} are found by these codes, and it has no table "
        f"that carries figures from {year} to {own}; to take these alone, say --match '{match.column}={areas.name}'."
    )
