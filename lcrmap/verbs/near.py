"""Find what is nearest to a place, or within a distance of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lcrmap.analysis.metric import METHOD
from lcrmap.analysis.proximity import near, within_reach
from lcrmap.errors import NothingFoundError, UsageError
from lcrmap.layers import Field, Input, Layer, Metadata, Pack, open_pack
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.areas import with_sources_of
from lcrmap.verbs.measures import METRES, compass, distance_words, in_unit
from lcrmap.verbs.nearwords import Found, near_headline, near_summary, reach_sentence
from lcrmap.verbs.places import Spots, areas_of, open_areas, open_spots, outside_note
from lcrmap.verbs.wide import widened

if TYPE_CHECKING:
    from lcrmap.maps.page import Page

__all__ = [
    "NearAnswer",
    "distance_layers",
    "find_near",
    "found_of",
    "nothing_found",
    "size_notes",
]


@dataclass(frozen=True)
class NearAnswer(Answer):
    """An answer, and beside it the lines from each place to what is near it.

    Attributes
    ----------
    lines
        The same rows, with the connecting lines as their geometry (EPSG:4326); where there is no distance, points.
    """

    lines: Layer | None = None


def find_near(
    start: str,
    targets: Sequence[str],
    *,
    pack: Pack | None = None,
    k: int | None = None,
    within_m: float | None = None,
    unit: str = "m",
    wide: bool = False,
    include_self: bool = False,
    x: str | None = None,
    y: str | None = None,
    crs: str | None = None,
    stdin: BinaryIO | None = None,
    command: str = "",
) -> NearAnswer:
    """Find the features nearest to a place, of each of some layers.

    Parameters
    ----------
    start
        A place or a layer; see `lcrmap.io.places`.
    targets
        Layers, files or places; each is ranked for itself.
    pack
        The data pack; None for lcrmap's own.
    k
        How many of each; None for the one nearest, or for all within `within_m`.
    within_m
        The greatest distance in metres.
    unit
        ``m``, ``km`` or ``mi``: of the columns, and miles for the words.
    wide
        One row a place instead of one row a pair.
    include_self
        Whether a feature of `start` is among its own neighbours.
    x, y, crs, stdin
        How to read files; see `lcrmap.io.opening.open_layer`.
    command
        What the page records as the command that made it.

    Returns
    -------
    NearAnswer
        One row a pair, from each place to each target layer by rank.

    Raises
    ------
    NothingFoundError
        If nothing lies within the distance.

    Examples
    --------
    >>> answer = find_near("L3 5QA", ["rail-stations"])
    >>> answer.layer.frame[["name", "rank", "direction"]].to_numpy().tolist()
    [['Liverpool Lime Street Low Level', 1, 'W']]
    """
    if unit not in METRES:
        raise UsageError(f"'{unit}' is no unit of distance: it is one of {', '.join(METRES)}.")
    if k is None and within_m is None:
        k = 1
    pack = pack or open_pack()
    areas = open_areas(pack)
    spots = open_spots(start, pack=pack, x=x, y=y, crs=crs, stdin=stdin)
    notes = [*spots.notes, *outside_note(spots, areas)]
    found = []
    for text in targets:
        target = spots if text == start else open_spots(text, pack=pack, stdin=stdin)
        notes += [each for each in target.notes if each not in notes]
        found.append(found_of(spots, target, k, within_m, include_self=include_self))
        notes += size_notes(found[-1], k)
    layer, lines = distance_layers(found, unit, areas)
    if len(layer.frame) == 0:
        raise NothingFoundError(nothing_found(found, within_m))
    if within_m is not None:
        notes += [reach_sentence(each, within_m, unit) + "." for each in found]
    told = near_headline(found, within_m, unit), near_summary(found, within_m, unit)

    def page(arranged: Layer) -> Page:
        from lcrmap.verbs.nearpage import make_near_page

        rows = lines.frame if wide else lines.frame.loc[arranged.frame.index]
        shown = lines.with_frame(rows)
        return make_near_page(shown, found, pack, *told, command=command)

    if wide:
        layer = widened(layer, found, unit)
    return NearAnswer(layer, page, tuple(notes), _main(found, unit, wide=wide), lines=lines)


def found_of(
    spots: Spots, target: Spots, k: int | None, within_m: float | None, *, include_self: bool
) -> Found:
    """Rank one target for every place; a feature is not its own neighbour unless that is wanted."""
    own = not include_self and spots.source != "" and spots.source == target.source
    same = own and spots.rows == target.rows
    kept = np.arange(len(target.layer.frame))
    if own and not same:
        kept = kept[~np.isin(np.array(target.rows), spots.rows)]
    right = target.layer.frame.iloc[kept]
    pairs = near(spots.layer.frame, right, k=k, within_m=within_m, same=same, key=target.layer.key)
    pairs = pairs.assign(
        right=kept[pairs["right"].to_numpy(dtype=np.int64)],
        could_also_be=pd.Series(
            [tuple(kept[list(each)].tolist()) for each in pairs["could_also_be"]], dtype=object
        ),
    )
    reached = None
    if within_m is not None:
        reached = within_reach(spots.layer.frame, right, within_m, same=same)
    there = int((~right.geometry.isna() & ~right.geometry.is_empty).sum())
    return Found(spots, target, pairs, there - int(same), reached)


def size_notes(found: Found, k: int | None) -> list[str]:
    """Say that more were asked for than there are."""
    if k is None or k <= found.available:
        return []
    metadata = found.target.layer.metadata
    return [
        f"{k} were asked for, but {found.target.layer.name} has only {found.available:,} other "
        f"{metadata.noun(found.available)} with a position: all of them are listed."
        if found.target.source == found.spots.source
        else f"{k} were asked for, but {found.target.layer.name} has only {found.available:,} "
        f"{metadata.noun(found.available)} with a position: all of them are listed."
    ]


def nothing_found(found: Sequence[Found], within_m: float | None) -> str:
    """Say that nothing lies within the distance."""
    what = " and no ".join(each.noun for each in found)
    where = f"within {distance_words(within_m, exact=True)} of" if within_m is not None else "near"
    start = found[0].spots
    of = start.what() if start.single else f"any of {start.what()}"
    return f"No {what} lies {where} {of}: a larger --within, or -k, finds the nearest."


def distance_layers(found: Sequence[Found], unit: str, areas: Layer | None) -> tuple[Layer, Layer]:
    """Return one row a pair, with the neighbours' shapes; and the same rows with the lines to them."""
    layer = Layer(_rows(found, unit, areas), _metadata(found, unit), _inputs(found))
    return layer, layer.with_frame(_as_lines(layer.frame, found))


def _rows(found: Sequence[Found], unit: str, areas: Layer | None) -> gpd.GeoDataFrame:
    """Put the pairs of all targets into one table, by place, target and rank."""
    tables = [_table(each, unit, areas) for each in found]
    for number, table in enumerate(tables):
        table["_target"] = number
    whole = pd.concat(tables, ignore_index=True)
    whole = whole.sort_values(["_left", "_target"], kind="stable", ignore_index=True)
    return gpd.GeoDataFrame(
        whole.drop(columns=["_left", "_target"]), geometry="geometry", crs="EPSG:4326"
    )


def _table(found: Found, unit: str, areas: Layer | None) -> gpd.GeoDataFrame:
    spots, target, pairs = found.spots, found.target, found.pairs
    left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    keys, names = np.array(target.keys, dtype=object), np.array(target.names, dtype=object)
    shapes = target.layer.frame.geometry.to_crs("EPSG:4326").to_numpy()
    also = [", ".join(target.keys[row] for row in rows) or None for rows in pairs["could_also_be"]]
    columns = {
        "_left": left,
        "from_id": np.array(spots.keys, dtype=object)[left],
        "from_name": np.array(spots.names, dtype=object)[left],
        "layer": target.layer.name,
        "rank": pairs["rank"].to_numpy(),
        "id": keys[right],
        "name": names[right],
        "in_area": areas_of(target.layer.frame, areas)[right],
        **{
            f"{name}_{unit}": [in_unit(each, unit) for each in pairs[column]]
            for name, column in (
                ("distance", "metres"),
                ("distance_min", "metres_min"),
                ("distance_max", "metres_max"),
            )
        },
        "bearing": pairs["bearing"].round(1).to_numpy(),
        "direction": [compass(each) or None for each in pairs["bearing"]],
        "rank_certain": pairs["rank_certain"].array,
        "could_also_be": pd.array(also, dtype="str"),
    }
    frame = pd.DataFrame(columns)
    for name in ("from_id", "from_name", "id", "name", "in_area", "direction"):
        frame[name] = frame[name].astype("str")
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes[right], crs="EPSG:4326"))


def _as_lines(frame: gpd.GeoDataFrame, found: Sequence[Found]) -> gpd.GeoDataFrame:
    """Return the rows with the line from each place to its neighbour."""
    ends = pd.concat(
        [each.pairs.assign(_target=number) for number, each in enumerate(found)], ignore_index=True
    ).sort_values(["left", "_target"], kind="stable")
    corners = ends[["lon1", "lat1", "lon2", "lat2"]].to_numpy(copy=True).reshape(-1, 2, 2)
    # The short way round, also over the 180th meridian.
    turn = np.round((corners[:, 1, 0] - corners[:, 0, 0]) / 360) * 360
    corners[:, 1, 0] -= turn
    same = (corners[:, 0] == corners[:, 1]).all(axis=1)
    points, lines = shapely.points(corners[:, 0]), shapely.linestrings(corners)
    drawn = np.where(same, np.asarray(points), np.asarray(lines))
    return frame.set_geometry(gpd.GeoSeries(drawn, index=frame.index, crs="EPSG:4326"))


def _metadata(found: Sequence[Found], unit: str) -> Metadata:
    start, layers = found[0].spots, [each.target.layer for each in found]
    what = " and ".join(each.metadata.title for each in layers)
    of = start.what() if start.single else start.layer.metadata.title
    base = Metadata(
        name=f"near-{'-'.join(each.name for each in layers)}",
        title=f"{what} near {of}",
        label="name",
        noun_one="distance",
        noun_many="distances",
        geometry="mixed",
        fields=_fields(unit),
        method=METHOD,
        crs="EPSG:4326",
    )
    return with_sources_of(base, start.layer.metadata, *(each.metadata for each in layers))


def _fields(unit: str) -> tuple[Field, ...]:
    return (
        Field("from_id", "From (id)"),
        Field("from_name", "From"),
        Field("layer", "Layer"),
        Field(
            "rank", "Rank", "integer", "1 for the nearest; equal to the millimetre shares a rank"
        ),
        Field("id", "Id"),
        Field("name", "Name"),
        Field("in_area", "Area", description="Where it lies, by its position"),
        Field(f"distance_{unit}", "Distance", "number", "Geodesic, WGS84; 0 inside an area", unit),
        Field(f"distance_min_{unit}", "At least", "number", "Given both position errors", unit),
        Field(f"distance_max_{unit}", "At most", "number", "Given both position errors", unit),
        Field(
            "bearing", "Bearing", "number", "Clockwise from north, where one sets out", "degrees"
        ),
        Field("direction", "Direction"),
        Field("rank_certain", "Rank certain", "boolean", "Empty where an error is unknown"),
        Field("could_also_be", "Could also be", description="What else may hold this rank, by id"),
    )


def _main(found: Sequence[Found], unit: str, *, wide: bool) -> tuple[str, ...]:
    if wide:
        return ()
    several = not (found[0].spots.single and len(found[0].spots.names) == 1)
    middle = [f"distance_{unit}", f"distance_min_{unit}", f"distance_max_{unit}"]
    return (
        *(["from_name"] if several else []),
        *(["layer"] if len(found) > 1 else []),
        "rank",
        "name",
        "in_area",
        *middle,
        "direction",
        "rank_certain",
        "could_also_be",
    )


def _inputs(found: Sequence[Found]) -> tuple[Input, ...]:
    layers = [found[0].spots.layer, *(each.target.layer for each in found)]
    return tuple(dict.fromkeys(each for layer in layers for each in layer.inputs))
