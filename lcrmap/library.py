"""The verbs as functions: what a person in a shell can ask, from Python.

Layers are names from the pack, paths, layers that were opened before, answers, GeoDataFrames, GeoSeries or shapely
geometries. Options are keywords, called as the fields of the verb's question are; distances are texts with a unit or
numbers of metres. ``docs/python.md`` shows ten tasks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj

from lcrmap.errors import LcrmapError, UsageError
from lcrmap.io.opening import open_layer as read
from lcrmap.layers import Layer, Pack, open_pack
from lcrmap.verbs.access.question import Access
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.at_hand import AtHand, flattened, layer_of
from lcrmap.verbs.catchment.question import Catchment
from lcrmap.verbs.compare.question import Compare
from lcrmap.verbs.count.question import Count
from lcrmap.verbs.gaps.question import Gaps
from lcrmap.verbs.join.question import Join
from lcrmap.verbs.locate.question import Locate
from lcrmap.verbs.map.question import Map
from lcrmap.verbs.near.question import Near
from lcrmap.verbs.profile.question import Profile
from lcrmap.verbs.question import Question, Reads, fields_of
from lcrmap.verbs.show.question import Show
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.spelling import in_python, respell
from lcrmap.verbs.work import answer

if TYPE_CHECKING:
    from geopandas import GeoDataFrame, GeoSeries
    from shapely.geometry.base import BaseGeometry

    from lcrmap.maps.page import Page
    from lcrmap.verbs.access.question import Decay
    from lcrmap.verbs.join.question import Border, How, Predicate
    from lcrmap.verbs.locate.question import Aim
    from lcrmap.verbs.question import Mode, Unit

    LayerLike = str | Path | Layer | Answer | GeoDataFrame | GeoSeries | BaseGeometry
    Layers = LayerLike | Sequence[LayerLike]
    Columns = str | Sequence[str]
    Metres = str | float
    Crs = str | int | pyproj.CRS

__all__ = [
    "access",
    "catchment",
    "compare",
    "count",
    "gaps",
    "join",
    "locate",
    "make_map",
    "near",
    "open_layer",
    "profile",
    "show",
]


def open_layer(
    source: LayerLike,
    *,
    title: str | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: Crs | None = None,
    match: str | None = None,
    encoding: str | None = None,
    strict: bool = False,
    pack: Pack | str | Path | None = None,
) -> Layer:
    """Open a layer: a frame of features with what is known of them.

    Parameters
    ----------
    source : str, Path, Layer, Answer, GeoDataFrame, GeoSeries or shapely geometry
        Name of a layer of the pack; else a file, of which ``"file.gpkg:layer"`` picks one layer of many; else
        features
        at hand, which are checked as a file's are and not changed. A geometry is in longitude and latitude (WGS84).
    title : str, optional
        What pages call the layer; without, what the pack, the file or its name say, and for those at hand "Places",
        "Lines" or "Areas".
    x, y : str, optional
        Columns of a CSV file that hold longitude or easting, and latitude or northing.
    crs : str, int or pyproj.CRS, optional
        Coordinate reference system of the features, such as ``"EPSG:27700"``, where they do not say it or say a wrong
        one.
    match : str, optional
        ``"COLUMN=LAYER"``: find the rows of a table by this column among the areas of that layer of the pack.
    encoding : str, optional
        Encoding of the text of a CSV file or Shapefile, such as ``"cp1250"``, where its bytes do not tell it.
    strict : bool, default False
        Refuse a table in which a coordinate is no number, instead of taking its row for one without a position.
    pack : Pack, str or Path, optional
        Data pack that knows the layers by name, or its folder; lcrmap's own without.

    Returns
    -------
    Layer
        ``frame`` is the GeoDataFrame, ``metadata`` says what is known of the whole (``credit``, ``licences``,
        ``sources``, ``as_of``, ``fields``), ``notes`` what was guessed, repaired or left out.

    Raises
    ------
    UnknownNameError
        If there is no layer of that name; also a KeyError.
    FileError, GeometryError, CRSError
        If the layer is broken; a missing file is also a FileNotFoundError.

    Examples
    --------
    >>> stations = open_layer("rail-stations")
    >>> len(stations.frame), stations.frame.crs.to_epsg()
    (213, 4326)

    >>> import shapely
    >>> open_layer(shapely.Point(-2.99, 53.40), title="My office").name
    'my-office'
    """
    try:
        sources = Sources(_pack(pack))
        if isinstance(source, str | Path):
            found = read(
                str(source),
                pack=sources.pack,
                x=x,
                y=y,
                crs=_code(crs),
                match=match,
                encoding=encoding,
                strict=strict,
            ).only_there()
            return found if title is None else layer_of(found, sources=sources, title=title)
        named = {"x": x, "y": y, "match": match, "encoding": encoding}
        _refuse_columns({**named, "source": source}, "source")
        return layer_of(source, sources=sources, crs=_code(crs), title=title, called="source")
    except LcrmapError as error:
        respell(error, Reads)
        raise


def show(
    layer: LayerLike,
    *,
    indicators: str | Sequence[str] = (),
    where: str | None = None,
    columns: Columns = (),
    sort: Columns = (),
    limit: int | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: Crs | None = None,
    match: str | None = None,
    encoding: str | None = None,
    strict: bool = False,
    scenario: str | Path | None = None,
    pack: Pack | str | Path | None = None,
) -> Answer:
    """Return features of a layer.

    Parameters
    ----------
    layer : str, Path, Layer, Answer, GeoDataFrame, GeoSeries or shapely geometry
        The layer: a name from the pack, a file, or features at hand. A geometry is in longitude and latitude (WGS84).
    indicators : str or sequence of str, default ()
        Indicators that stand beside areas as columns, such as ``["no_car", "imd_decile"]``.
    where : str, optional
        CQL2 expression, such as ``"sector = 'net_zero' AND jobs > 50"``; keeps the features for which it is true.
    columns : str or sequence of str, default ()
        Columns to keep, in this order; all without. The geometry stays.
    sort : str or sequence of str, default ()
        Columns to sort by; a minus sign before a name sorts from high to low. Empty cells come last.
    limit : int, optional
        At most this many rows.
    x, y : str, optional
        Columns of a CSV file that hold longitude or easting, and latitude or northing.
    crs : str, int or pyproj.CRS, optional
        Coordinate reference system of the layer, such as ``"EPSG:27700"``, where they do not say it or say a wrong
        one.
    match : str, optional
        ``"COLUMN=LAYER"``: find the rows of a table by this column among the areas of that layer of the pack.
    encoding : str, optional
        Encoding of the text of a CSV file or Shapefile, such as ``"cp1250"``, where its bytes do not tell it.
    strict : bool, default False
        Refuse a table in which a coordinate is no number, instead of taking its row for one without a position.
    scenario : str or Path, optional
        Ask about the region as a scenario has it: the name of one of the pack's, or a TOML file.
    pack : Pack, str or Path, optional
        Data pack that knows the layers by name, or its folder; lcrmap's own without.

    Returns
    -------
    Answer
        ``frame`` has the features with all their columns, in the CRS of the layer; those at hand keep their index.

    Raises
    ------
    NothingFoundError
        If `where` leaves no feature.
    UsageError
        If arguments cannot be meant, alone or together; also a ValueError.
    UnknownNameError
        If there is no layer, place or column of that name; also a KeyError.
    FileError, GeometryError, CRSError
        If a layer is broken; a missing file is also a FileNotFoundError.

    Examples
    --------
    >>> show("boroughs", where="residents_2021 > 300000", columns="name").frame["name"].tolist()
    ['Liverpool', 'Wirral']
    """
    return _asked(Show, locals())


def join(
    left: LayerLike,
    right: LayerLike,
    *,
    take: Columns = (),
    indicators: Columns = (),
    prefix: str = "",
    predicate: Predicate | None = None,
    distance: Metres | None = None,
    how: How = "left",
    many: bool = False,
    largest_overlap: bool = False,
    border: Border = "once",
    key: str | None = None,
    snap: Metres | None = None,
    nearest: bool | None = None,
    where: str | None = None,
    columns: Columns = (),
    sort: Columns = (),
    limit: int | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: Crs | None = None,
    match: str | None = None,
    encoding: str | None = None,
    strict: bool = False,
    scenario: str | Path | None = None,
    pack: Pack | str | Path | None = None,
) -> Answer:
    """Say in which area each feature lies, and attach that area's columns.

    A point belongs to one area: on a shared border to the one with the lowest key, flagged. Without a predicate all
    else is matched by ``"intersects"``.

    Parameters
    ----------
    left, right : str, Path, Layer, Answer, GeoDataFrame, GeoSeries or shapely geometry
        The features, and those whose columns are attached: names from the pack, files, or features at hand, in any
        CRS. A geometry is in longitude and latitude (WGS84).
    take : str or sequence of str, default ()
        Columns of `right` to attach; without, all but ``label_lon`` and ``label_lat``, which place names on a map.
    indicators : str or sequence of str, default ()
        Indicators to put beside the areas of `right`, as columns that are attached, such as ``"no_car"``.
    prefix : str, default ""
        What the attached columns' names begin with.
    predicate : {"within", "intersects", "contains", "touches", "overlaps", "covers", "covered_by", "dwithin"},
    optional
        Match by this predicate, without the rule for borders.
    distance : str or float, optional
        How far apart ``"dwithin"`` allows: ``"500m"``, ``"2km"``, ``"1mi"``, or a number of metres. Geodesic.
    how : {"left", "inner", "anti"}, default "left"
        Keep every feature of `left`, those that matched, or those that did not.
    many : bool, default False
        One row for each match.
    largest_overlap : bool, default False
        Attach the area that shares the most ground.
    border : {"once", "all", "error"}, default "once"
        Whether a point on a shared border goes to the area with the lowest key, to all of them, or is refused.
    key : str, optional
        Column of `right` that orders its features for that, and is attached in any case; their id without.
    snap : str or float, optional
        Attach what matched nothing to the nearest feature within this distance, flagged.
    nearest : bool, optional
        Whether to find the nearest for what matched nothing; without, if there are at most 50,000 of them.
    where : str, optional
        CQL2 expression, such as ``"sector = 'net_zero' AND jobs > 50"``; keeps the rows of the answer for which it is
        true.
    columns : str or sequence of str, default ()
        Columns to keep, in this order; all without. The geometry stays.
    sort : str or sequence of str, default ()
        Columns to sort by; a minus sign before a name sorts from high to low. Empty cells come last.
    limit : int, optional
        At most this many rows.
    x, y : str, optional
        Columns of a CSV file that hold longitude or easting, and latitude or northing.
    crs : str, int or pyproj.CRS, optional
        Coordinate reference system of `left`, such as ``"EPSG:27700"``, where they do not say it or say a wrong one.
    match : str, optional
        ``"COLUMN=LAYER"``: find the rows of a table by this column among the areas of that layer of the pack.
    encoding : str, optional
        Encoding of the text of a CSV file or Shapefile, such as ``"cp1250"``, where its bytes do not tell it.
    strict : bool, default False
        Refuse a table in which a coordinate is no number, instead of taking its row for one without a position.
    scenario : str or Path, optional
        Ask about the region as a scenario has it: the name of one of the pack's, or a TOML file.
    pack : Pack, str or Path, optional
        Data pack that knows the layers by name, or its folder; lcrmap's own without.

    Returns
    -------
    Answer
        ``frame`` has the rows of `left` in their order, with their columns, CRS and, of features at hand, index,
        which repeats where a feature comes in several rows. Behind its columns stand the attached ones; one whose
        name is taken gets that of the area before its own, as in ``borough_name``. Then:

        ``on_border``
            Whether a point touches more than one area.
        ``area_certain``, ``could_also_be``
            Whether the point's ``position_error_m`` (metres) leaves one area only, and the keys of the others.
        ``matches``
            How many features matched, of which the first is attached.
        ``overlap_share``
            Share of the feature, in percent, that lies in its area.
        ``snapped``
            Whether it was attached to the nearest.
        ``nearest``, ``nearest_m``
            Name and geodesic distance, in metres, of the nearest where none matched.

        Each is there if it is asked for or known. ``beside_frame`` has the features that matched nothing.

    Raises
    ------
    UsageError
        If arguments cannot be meant, alone or together; also a ValueError.
    UnknownNameError
        If there is no layer, place or column of that name; also a KeyError.
    FileError, GeometryError, CRSError
        If a layer is broken; a missing file is also a FileNotFoundError.

    Examples
    --------
    >>> found = join("innovation-assets", "boroughs", take="name")
    >>> found.notes[-1]
    '57 in: 52 matched (0 of them on a shared border), 4 outside, 1 without a position.'

    >>> import geopandas as gpd
    >>> spots = gpd.points_from_xy([-2.997, -2.733], [53.405, 53.363])
    >>> mine = gpd.GeoDataFrame(index=["pier", "depot"], geometry=spots, crs=4326)
    >>> join(mine, "boroughs", take="name").frame["name"].to_dict()
    {'pier': 'Liverpool', 'depot': 'Halton'}
    """
    return _asked(Join, locals())


def count(
    layers: Layers,
    areas: LayerLike,
    *,
    by: str | None = None,
    sum: str | None = None,  # noqa: A002 (called as the option is)
    mean: str | None = None,
    min: str | None = None,  # noqa: A002 (called as the option is)
    max: str | None = None,  # noqa: A002 (called as the option is)
    median: str | None = None,
    per: str | None = None,
    key: str | None = None,
    keep: Columns = (),
    indicators: Columns = (),
    of: str | None = None,
    groups: Columns = (),
    classes: str = "rounded",
    middle: float | None = None,
    where: str | None = None,
    columns: Columns = (),
    sort: Columns = (),
    limit: int | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: Crs | None = None,
    match: str | None = None,
    encoding: str | None = None,
    strict: bool = False,
    scenario: str | Path | None = None,
    pack: Pack | str | Path | None = None,
) -> Answer:
    """Count points by area, so that it adds up.

    Parameters
    ----------
    layers : layer or sequence of layers
        The points to count: names from the pack, files, Layers, Answers, GeoDataFrames, GeoSeries or shapely points
        (longitude, latitude in WGS84), in any CRS.
    areas : str, Path, Layer, Answer, GeoDataFrame, GeoSeries or shapely geometry
        The areas to count in.
    by : str, optional
        Column of the points: one more column of counts for each of its values.
    sum, mean, min, max, median : str, optional
        Column of numbers of the points to sum up in each area; one of them at a time.
    per : str, optional
        A rate: ``"km2"``, ``"residents"`` (for each 10,000), or a column of `areas`.
    key : str, optional
        Column of `areas` that decides on shared borders, and is shown in any case; their id without.
    keep : str or sequence of str, default ()
        Further columns of `areas` to carry into the answer.
    indicators : str or sequence of str, default ()
        Indicators to put beside the areas, as columns, such as ``"no_car"``.
    of : str, optional
        Sum this count of small areas, such as ``"age_75_plus"``, where the pack's residents live; `layers` is then the
        layer of residents.
    groups : str or sequence of str, default ()
        Further groups to sum: those in the tenth (or fifth) of small areas that is worst by an indicator, such as
        ``"no_car_tenth"``; the highest where none is worse.
    classes : str, default "rounded"
        How the page divides a figure that it shades: ``"rounded"``, ``"quantile"``, ``"equal"`` or ``"natural"``, with
        the number of classes behind a colon, as in ``"natural:4"``, or the breaks between them, as in ``"5,10,20"``.
    middle : float, optional
        Where two colours meet, one for less and one for more; 0 without, if there is less and more than 0.
    where : str, optional
        CQL2 expression, such as ``"sector = 'net_zero' AND jobs > 50"``; keeps the rows of the answer for which it is
        true.
    columns : str or sequence of str, default ()
        Columns to keep, in this order; all without. The geometry stays.
    sort : str or sequence of str, default ()
        Columns to sort by; a minus sign before a name sorts from high to low. Empty cells come last.
    limit : int, optional
        At most this many rows.
    x, y : str, optional
        Columns of a CSV file that hold longitude or easting, and latitude or northing.
    crs : str, int or pyproj.CRS, optional
        Coordinate reference system of the points, such as ``"EPSG:27700"``, where they do not say it or say a wrong
        one.
    match : str, optional
        ``"COLUMN=LAYER"``: find the rows of a table by this column among the areas of that layer of the pack.
    encoding : str, optional
        Encoding of the text of a CSV file or Shapefile, such as ``"cp1250"``, where its bytes do not tell it.
    strict : bool, default False
        Refuse a table in which a coordinate is no number, instead of taking its row for one without a position.
    scenario : str or Path, optional
        Ask about the region as a scenario has it: the name of one of the pack's, or a TOML file.
    pack : Pack, str or Path, optional
        Data pack that knows the layers by name, or its folder; lcrmap's own without.

    Returns
    -------
    Answer
        ``frame`` has one row an area, those with nothing in them too, then three rows that close the account:
        ``outside``, ``no-position`` and ``total``. Of areas at hand the rows keep the index; those three are labelled
        by their names. The geometry is that of the areas in their CRS.

        ``row``
            ``"area"``, or which of the three rows it is.
        key and name of the area
            As the areas call these columns.
        ``count``, ``min``, ``max``
            How many points lie there, and the least and most that ``position_error_m`` leaves.
        ``share``
            The count in percent of all in the areas.
        ``sum_COLUMN`` and the like, ``per_km2`` and the like
            What else was asked for, each with ``_min`` and ``_max`` where positions leave a range.

        With several layers a column begins with the layer's name, as in ``freeport_sites_min``.

    Raises
    ------
    UsageError
        If arguments cannot be meant, alone or together; also a ValueError.
    UnknownNameError
        If there is no layer, place or column of that name; also a KeyError.
    FileError, GeometryError, CRSError
        If a layer is broken; a missing file is also a FileNotFoundError.

    Examples
    --------
    >>> found = count("innovation-assets", areas="boroughs")
    >>> found.frame[["row", "name", "count"]].tail(1).values.tolist()
    [['total', 'Total', 57]]
    """
    return _asked(Count, locals())


def near(
    start: LayerLike,
    targets: Layers,
    *,
    k: int | None = None,
    within: Metres | None = None,
    unit: Unit = "m",
    wide: bool = False,
    include_self: bool = False,
    key: str | None = None,
    keep: Columns = (),
    across: Mode | None = None,
    assume_open: bool = False,
    where: str | None = None,
    columns: Columns = (),
    sort: Columns = (),
    limit: int | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: Crs | None = None,
    match: str | None = None,
    encoding: str | None = None,
    strict: bool = False,
    scenario: str | Path | None = None,
    pack: Pack | str | Path | None = None,
) -> Answer:
    """Rank what is nearest to places, measured along the ground.

    Parameters
    ----------
    start : str, Path, Layer, Answer, GeoDataFrame, GeoSeries or shapely geometry
        Where to measure from: a layer, or one place: the id or name of a feature, ``"LAYER:ID"``,
        ``"latitude,longitude"``, a grid reference, a postcode. A shapely Point is longitude, latitude in WGS84, and
        exact.
    targets : layer, place or sequence of them
        What to find; of each the nearest.
    k : int, optional
        How many of each target; without, 1, or all that lie `within`.
    within : str or float, optional
        Nothing farther than this: ``"800m"``, ``"5km"``, ``"3mi"``, or a number of metres.
    unit : {"m", "km", "mi"}, default "m"
        Unit of the distances in the answer.
    wide : bool, default False
        One row a place, with its neighbours side by side.
    include_self : bool, default False
        Whether a feature may be its own neighbour, where a layer is measured to itself.
    key : str, optional
        Column by which the features of `start` or `targets` are named, in ``from_id`` and ``id``; their key without.
    keep : str or sequence of str, default ()
        Columns of `start` (as ``from_COLUMN``) and of `targets` to carry into the answer.
    across : {"walk", "cycle", "drive", "rail"}, optional
        Measure from bank to bank by the crossings of the pack that are open to this way of travelling: to the crossing,
        over it, and on. Without, straight.
    assume_open : bool, default False
        With `across`: count crossings as open whose ways of travelling are unknown.
    where : str, optional
        CQL2 expression, such as ``"sector = 'net_zero' AND jobs > 50"``; keeps the rows of the answer for which it is
        true.
    columns : str or sequence of str, default ()
        Columns to keep, in this order; all without. The geometry stays.
    sort : str or sequence of str, default ()
        Columns to sort by; a minus sign before a name sorts from high to low. Empty cells come last.
    limit : int, optional
        At most this many rows.
    x, y : str, optional
        Columns of a CSV file that hold longitude or easting, and latitude or northing.
    crs : str, int or pyproj.CRS, optional
        Coordinate reference system of `start`, such as ``"EPSG:27700"``, where they do not say it or say a wrong one.
    match : str, optional
        ``"COLUMN=LAYER"``: find the rows of a table by this column among the areas of that layer of the pack.
    encoding : str, optional
        Encoding of the text of a CSV file or Shapefile, such as ``"cp1250"``, where its bytes do not tell it.
    strict : bool, default False
        Refuse a table in which a coordinate is no number, instead of taking its row for one without a position.
    scenario : str or Path, optional
        Ask about the region as a scenario has it: the name of one of the pack's, or a TOML file.
    pack : Pack, str or Path, optional
        Data pack that knows the layers by name, or its folder; lcrmap's own without.

    Returns
    -------
    Answer
        ``frame`` has one row a place and neighbour, by place, target and rank; of places at hand the index is theirs,
        repeated. The geometry is the neighbour's, in longitude and latitude (EPSG:4326).

        ``from_id``, ``from_name``
            The place.
        ``layer``, ``id``, ``name``, ``in_area``
            The neighbour, and the pack's area in which it lies.
        ``rank``
            1 for the nearest; equal to the millimetre shares a rank.
        ``distance_m``, ``distance_min_m``, ``distance_max_m``
            Geodesic distance in `unit`, and its range given both ``position_error_m``; empty where one is not known.
        ``bearing``, ``direction``
            Degrees clockwise from north where one sets out, and as a compass point.
        ``across``, ``straight_m``
            With `across`: the id of the crossing taken, empty without, and the straight distance.
        ``rank_certain``, ``could_also_be``
            Whether the positions leave no other order, and the ids of what may hold the rank too.

        With `wide` one row a place, with its index, geometry and CRS: ``id``, ``name``, then ``1_id``, ``1_name``,
        ``1_distance_m`` and so on, behind the target's name if there are several. ``beside_frame`` has the connecting
        lines, a row a pair (EPSG:4326).

    Raises
    ------
    NothingFoundError
        If nothing lies `within`.
    UsageError
        If arguments cannot be meant, alone or together; also a ValueError.
    UnknownNameError
        If there is no layer, place or column of that name; also a KeyError.
    FileError, GeometryError, CRSError
        If a layer is broken; a missing file is also a FileNotFoundError.

    Examples
    --------
    >>> found = near("L3 5QA", "rail-stations")
    >>> found.frame[["name", "rank", "direction"]].to_numpy().tolist()
    [['Liverpool Lime Street Low Level', 1, 'W']]

    >>> import shapely
    >>> near(shapely.Point(-2.99, 53.40), "rail-stations", k=2).frame["distance_m"].round().tolist()
    [548.0, 886.0]
    """
    return _asked(Near, locals())


def catchment(
    places: Layers,
    rings: Metres | Sequence[Metres],
    *,
    dissolve: bool = False,
    count: Layers = (),
    of: str | None = None,
    groups: Columns = (),
    unit: Unit = "m",
    key: str | None = None,
    keep: Columns = (),
    across: Mode | None = None,
    assume_open: bool = False,
    where: str | None = None,
    columns: Columns = (),
    sort: Columns = (),
    limit: int | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: Crs | None = None,
    match: str | None = None,
    encoding: str | None = None,
    strict: bool = False,
    scenario: str | Path | None = None,
    pack: Pack | str | Path | None = None,
) -> Answer:
    """Total residents and features within given distances of places.

    Parameters
    ----------
    places : layer, place or sequence of them
        What the rings lie around: as `near` takes it. A shapely Point is longitude, latitude in WGS84.
    rings : str, float or sequence of them
        Distances that rise: ``"800m"``, ``["2km", "5km"]``, or numbers of metres. Each ring holds those inside it.
    dissolve : bool, default False
        Merge the rings of all places, so that nobody counts twice.
    count : layer or sequence of layers, default ()
        Layers whose features are counted; those of the pack's atlas without.
    of : str, optional
        An indicator that counts, such as ``"age_75_plus"`` or ``"cars_0"``, instead of residents: shared out from small
        areas to their postcodes as residents are, in whole numbers.
    groups : str or sequence of str, default ()
        Groups to count too, such as ``"no_car_tenth"``: those in the tenth, or fifth, of small areas that is worst by
        an indicator, the highest where none is worse. Those of the most deprived are counted anyway.
    unit : {"m", "km", "mi"}, default "m"
        Unit of the distances in the answer.
    key : str, optional
        Column by which the places are named, in ``place_id``; their key without.
    keep : str or sequence of str, default ()
        Columns of `places` to carry into the answer; not with `dissolve`.
    across : {"walk", "cycle", "drive", "rail"}, optional
        Measure from bank to bank by the crossings of the pack that are open to this way of travelling: to the crossing,
        over it, and on. Without, straight.
    assume_open : bool, default False
        With `across`: count crossings as open whose ways of travelling are unknown.
    where : str, optional
        CQL2 expression, such as ``"sector = 'net_zero' AND jobs > 50"``; keeps the rows of the answer for which it is
        true.
    columns : str or sequence of str, default ()
        Columns to keep, in this order; all without. The geometry stays.
    sort : str or sequence of str, default ()
        Columns to sort by; a minus sign before a name sorts from high to low. Empty cells come last.
    limit : int, optional
        At most this many rows.
    x, y : str, optional
        Columns of a CSV file that hold longitude or easting, and latitude or northing.
    crs : str, int or pyproj.CRS, optional
        Coordinate reference system of the places, such as ``"EPSG:27700"``, where they do not say it or say a wrong
        one.
    match : str, optional
        ``"COLUMN=LAYER"``: find the rows of a table by this column among the areas of that layer of the pack.
    encoding : str, optional
        Encoding of the text of a CSV file or Shapefile, such as ``"cp1250"``, where its bytes do not tell it.
    strict : bool, default False
        Refuse a table in which a coordinate is no number, instead of taking its row for one without a position.
    scenario : str or Path, optional
        Ask about the region as a scenario has it: the name of one of the pack's, or a TOML file.
    pack : Pack, str or Path, optional
        Data pack that knows the layers by name, or its folder; lcrmap's own without.

    Returns
    -------
    Answer
        ``frame`` has one row a place and ring (with `dissolve` one a ring), the ring as its geometry in longitude and
        latitude (EPSG:4326). Of places at hand, passed alone, the index is theirs, repeated.

        ``place_id``, ``place``, ``in_area``, ``ring``, ``ring_m``
            The place, the pack's area in which it lies, and the distance in `unit`.
        ``area_km2``
            Geodesic.
        one column a counted layer, with ``_min`` and ``_max``
            How many of its features lie within, and the range that ``position_error_m`` leaves.
        ``residents``, ``residents_min``, ``residents_max``, ``most_deprived_tenth`` and the like
            Who lives within, of the pack's population; with `of`, its name stands for ``residents``.
        ``share_of_region_pct``, ``no_data_pct``
            The residents in percent of all, and how much of the ring lies where the pack knows nobody.

    Raises
    ------
    UsageError
        If arguments cannot be meant, alone or together; also a ValueError.
    UnknownNameError
        If there is no layer, place or column of that name; also a KeyError.
    FileError, GeometryError, CRSError
        If a layer is broken; a missing file is also a FileNotFoundError.

    Examples
    --------
    >>> catchment("L3 5QA", ["1km", "2km"]).frame[["ring_m", "residents"]].values.tolist()
    [[1000.0, 21246], [2000.0, 81769]]
    """
    return _asked(Catchment, locals())


def gaps(
    layer: LayerLike,
    beyond: Metres,
    *,
    by: LayerLike | None = None,
    of: str | None = None,
    groups: Columns = (),
    across: Mode | None = None,
    assume_open: bool = False,
    where: str | None = None,
    columns: Columns = (),
    sort: Columns = (),
    limit: int | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: Crs | None = None,
    match: str | None = None,
    encoding: str | None = None,
    strict: bool = False,
    scenario: str | Path | None = None,
    pack: Pack | str | Path | None = None,
) -> Answer:
    """Find who lives farther than a distance from every feature of a layer.

    Parameters
    ----------
    layer : str, Path, Layer, Answer, GeoDataFrame, GeoSeries or shapely geometry
        The features: a layer or a place, as `near` takes it. A shapely Point is longitude, latitude in WGS84.
    beyond : str or float
        The distance: ``"800m"``, ``"1mi"``, or a number of metres. Geodesic.
    by : str, Path, Layer, Answer, GeoDataFrame, GeoSeries or shapely geometry, optional
        Areas by which residents are summed; the pack's neighbourhoods without.
    of : str, optional
        An indicator that counts, such as ``"age_75_plus"`` or ``"cars_0"``, instead of residents: shared out from small
        areas to their postcodes as residents are, in whole numbers.
    groups : str or sequence of str, default ()
        Groups to count too, such as ``"no_car_tenth"``: those in the tenth, or fifth, of small areas that is worst by
        an indicator, the highest where none is worse. Those of the most deprived are counted anyway.
    across : {"walk", "cycle", "drive", "rail"}, optional
        Measure from bank to bank by the crossings of the pack that are open to this way of travelling: to the crossing,
        over it, and on. Without, straight.
    assume_open : bool, default False
        With `across`: count crossings as open whose ways of travelling are unknown.
    where : str, optional
        CQL2 expression, such as ``"sector = 'net_zero' AND jobs > 50"``; keeps the rows of the answer for which it is
        true.
    columns : str or sequence of str, default ()
        Columns to keep, in this order; all without. The geometry stays.
    sort : str or sequence of str, default ()
        Columns to sort by; a minus sign before a name sorts from high to low. Empty cells come last.
    limit : int, optional
        At most this many rows.
    x, y : str, optional
        Columns of a CSV file that hold longitude or easting, and latitude or northing.
    crs : str, int or pyproj.CRS, optional
        Coordinate reference system of the features, such as ``"EPSG:27700"``, where they do not say it or say a wrong
        one.
    match : str, optional
        ``"COLUMN=LAYER"``: find the rows of a table by this column among the areas of that layer of the pack.
    encoding : str, optional
        Encoding of the text of a CSV file or Shapefile, such as ``"cp1250"``, where its bytes do not tell it.
    strict : bool, default False
        Refuse a table in which a coordinate is no number, instead of taking its row for one without a position.
    scenario : str or Path, optional
        Ask about the region as a scenario has it: the name of one of the pack's, or a TOML file.
    pack : Pack, str or Path, optional
        Data pack that knows the layers by name, or its folder; lcrmap's own without.

    Returns
    -------
    Answer
        ``frame`` has one row an area and one for all together. Of areas at hand the rows keep index and CRS, and the
        last is labelled ``total``; the geometry of others is in longitude and latitude (EPSG:4326).

        ``id``, ``name``, ``row``
            The area; ``row`` is ``"area"`` or ``"total"``.
        ``residents``, ``residents_beyond``, ``residents_beyond_min``, ``residents_beyond_max``
            Who lives there, who of them beyond, and the range that the features' ``position_error_m`` leaves.
        ``share_beyond_pct``
            In percent of the residents.
        ``most_deprived_tenth``, ``most_deprived_tenth_beyond`` and the like
            The same of those in deprived areas, as far as the pack knows them.

    Raises
    ------
    UsageError
        If arguments cannot be meant, alone or together; also a ValueError.
    UnknownNameError
        If there is no layer, place or column of that name; also a KeyError.
    FileError, GeometryError, CRSError
        If a layer is broken; a missing file is also a FileNotFoundError.

    Examples
    --------
    >>> gaps("rail-stations", "800m", by="boroughs").frame["row"].value_counts().to_dict()
    {'area': 6, 'total': 1}
    """
    return _asked(Gaps, locals())


def profile(
    place: LayerLike,
    *,
    ring: Metres | None = None,
    where: str | None = None,
    columns: Columns = (),
    sort: Columns = (),
    limit: int | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: Crs | None = None,
    match: str | None = None,
    encoding: str | None = None,
    strict: bool = False,
    scenario: str | Path | None = None,
    pack: Pack | str | Path | None = None,
) -> Answer:
    """Describe an area, or who lives near a place, in twenty figures beside its borough and the region.

    Parameters
    ----------
    place : str, Path, Layer, Answer, GeoDataFrame, GeoSeries or shapely geometry
        A small area, neighbourhood or borough by its name or code; with `ring` any place.
    ring : str or float, optional
        Describe who lives within this distance of the place: ``"1km"``, or a number of metres. Geodesic.
    where : str, optional
        CQL2 expression, such as ``"compared = 'worse'"``; keeps the rows of the answer for which it is true.
    columns : str or sequence of str, default ()
        Columns to keep, in this order; all without. The geometry stays.
    sort : str or sequence of str, default ()
        Columns to sort by; a minus sign before a name sorts from high to low. Empty cells come last.
    limit : int, optional
        At most this many rows.
    x, y : str, optional
        Columns of a CSV file that hold longitude or easting, and latitude or northing.
    crs : str, int or pyproj.CRS, optional
        Coordinate reference system of the features, such as ``"EPSG:27700"``, where they do not say it or say a wrong
        one.
    match : str, optional
        ``"COLUMN=LAYER"``: find the rows of a table by this column among the areas of that layer of the pack.
    encoding : str, optional
        Encoding of the text of a CSV file or Shapefile, such as ``"cp1250"``, where its bytes do not tell it.
    strict : bool, default False
        Refuse a table in which a coordinate is no number, instead of taking its row for one without a position.
    scenario : str or Path, optional
        Ask about the region as a scenario has it: the name of one of the pack's, or a TOML file.
    pack : Pack, str or Path, optional
        Data pack that knows the layers by name, or its folder; lcrmap's own without.

    Returns
    -------
    Answer
        One row a figure: ``value``, ``larger`` (of the borough), ``region`` and ``compared``.

    Raises
    ------
    UsageError
        If it is no area and no `ring` is given; also a ValueError.

    Examples
    --------
    >>> import lcrmap
    >>> found = profile("Birkenhead Central")
    >>> found.finding
    'Birkenhead Central: 8,042 residents, worse than the region in 10 of 14 figures and better in 2'
    """
    return _asked(Profile, locals())


def locate(
    layer: LayerLike,
    candidates: LayerLike,
    *,
    choose: int | str | None = None,
    aim: Aim = "distance",
    within: Metres | None = None,
    alternatives: int = 3,
    must: Columns = (),
    never: Columns = (),
    apart: Metres | None = None,
    most_per: str | None = None,
    cost: str | None = None,
    budget: float | None = None,
    favour: str | None = None,
    instead: bool = False,
    time: str | None = None,
    across: Mode | None = None,
    assume_open: bool = False,
    where: str | None = None,
    columns: Columns = (),
    sort: Columns = (),
    limit: int | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: Crs | None = None,
    match: str | None = None,
    encoding: str | None = None,
    strict: bool = False,
    scenario: str | Path | None = None,
    pack: Pack | str | Path | None = None,
) -> Answer:
    """Choose the candidates that would serve residents best, and prove it.

    Parameters
    ----------
    layer : str, Path, Layer, Answer, GeoDataFrame, GeoSeries or shapely geometry
        What exists, and stays.
    candidates : str, Path, Layer, Answer, GeoDataFrame, GeoSeries or shapely geometry
        The places among which is chosen: points, or areas, each taken at the mean position of its residents.
    choose : int or str, optional
        How many; ``"1..5"`` answers for each number from 1 to 5. Without, 1; ``aim="everyone"`` finds it itself.
    aim : {"distance", "reach", "farthest", "everyone"}, default "distance"
        The least mean distance to the nearest; the most residents within a distance; the least greatest distance; the
        fewest with which all live within a distance.
    within : str or float, optional
        The distance of the aims ``"reach"`` and ``"everyone"``.
    alternatives : int, default 3
        How many of the next best choices are listed.
    must, never : str or sequence of str, default ()
        Ids of candidates that must, or must not, be among those chosen.
    apart : str or float, optional
        Those chosen lie at least so far from each other.
    most_per : str, optional
        At most so many in each area of a layer of the pack, such as ``"boroughs 1"``.
    cost : str, optional
        Column of what each candidate costs.
    budget : float, optional
        What may be spent; `choose` then says how many at most.
    favour : str, optional
        ``"GROUP=FACTOR"``: each resident of the group counts so many times; ``"most_deprived_tenth=1..10"`` tells the
        trade-off.
    instead : bool, default False
        Choose as if nothing of `layer` existed.
    time : str, optional
        Stop after so long, such as ``"60s"``, with the best found and what no choice can exceed.
    across : {"walk", "cycle", "drive", "rail"}, optional
        Measure from bank to bank by the crossings of the pack that are open to this way of travelling. Without,
        straight.
    assume_open : bool, default False
        With `across`: count crossings as open whose ways of travelling are unknown.
    where : str, optional
        CQL2 expression, such as ``"chosen"``; keeps the rows of the answer for which it is true.
    columns : str or sequence of str, default ()
        Columns to keep, in this order; all without. The geometry stays.
    sort : str or sequence of str, default ()
        Columns to sort by; a minus sign before a name sorts from high to low. Empty cells come last.
    limit : int, optional
        At most this many rows.
    x, y : str, optional
        Columns of a CSV file that hold longitude or easting, and latitude or northing.
    crs : str, int or pyproj.CRS, optional
        Coordinate reference system of the features, such as ``"EPSG:27700"``, where they do not say it or say a wrong
        one.
    match : str, optional
        ``"COLUMN=LAYER"``: find the rows of a table by this column among the areas of that layer of the pack.
    encoding : str, optional
        Encoding of the text of a CSV file or Shapefile, such as ``"cp1250"``, where its bytes do not tell it.
    strict : bool, default False
        Refuse a table in which a coordinate is no number, instead of taking its row for one without a position.
    scenario : str or Path, optional
        Ask about the region as a scenario has it: the name of one of the pack's, or a TOML file.
    pack : Pack, str or Path, optional
        Data pack that knows the layers by name, or its folder; lcrmap's own without.

    Returns
    -------
    Answer
        ``frame`` has one row a candidate, those chosen first, and two for what is before and after.

        ``id``, ``name``, ``row``
            The candidate; ``row`` is ``"area"``, ``"before"`` or ``"after"``.
        ``rank``, ``alone``, ``alone_min``, ``alone_max``
            What it would bring alone, with its range, and its place among all by that; of ``after`` what the choice
            brings.
        ``chosen``, ``first_chosen_at``, ``adds``
            Whether it is one of the most that are chosen, the least number of which it is one, and what the choice
            would lose without it.
        ``residents_served``, ``mean_distance_served_m``
            For how many it would be the nearest, and how far they would have it.
        ``mean_distance_m``, ``greatest_distance_m`` or ``residents_within``
            What the aim is about.

    Raises
    ------
    UsageError
        If arguments cannot be meant, alone or together, or no choice keeps to the rules; also a ValueError.
    UnknownNameError
        If there is no layer, place or column of that name; also a KeyError.
    NothingFoundError
        If no candidate brings anybody anything.
    FileError, GeometryError, CRSError
        If a layer is broken; a missing file is also a FileNotFoundError.

    Examples
    --------
    >>> found = locate("rail-stations", "planned-stations", choose=1, aim="reach", within="800m")
    >>> found.frame.query("chosen")[["name", "alone"]].values.tolist()
    [['Liverpool Baltic', 9085.0]]
    """
    return _asked(Locate, {**locals(), "choose": None if choose is None else str(choose)})


def access(
    layer: LayerLike,
    within: Metres,
    *,
    supply: str | None = None,
    decay: Decay = "step",
    by: LayerLike | None = None,
    across: Mode | None = None,
    assume_open: bool = False,
    where: str | None = None,
    columns: Columns = (),
    sort: Columns = (),
    limit: int | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: Crs | None = None,
    match: str | None = None,
    encoding: str | None = None,
    strict: bool = False,
    scenario: str | Path | None = None,
    pack: Pack | str | Path | None = None,
) -> Answer:
    """Tell how much of a layer residents have, when all who live near share it.

    Each feature is divided among the residents within the distance, and each resident has the sum of these shares: the
    two-step floating catchment area.

    Parameters
    ----------
    layer : str, Path, Layer, Answer, GeoDataFrame, GeoSeries or shapely geometry
        The features that are shared.
    within : str or float
        The distance within which they are: ``"2km"`` or a number of metres. Geodesic.
    supply : str, optional
        Column of what each feature supplies; 1 each without.
    decay : {"step", "linear", "gaussian"}, default "step"
        How a feature counts less with distance: not at all, evenly to 0 at `within`, or by a bell curve of which half
        of `within` is the standard deviation.
    by : str, Path, Layer, Answer, GeoDataFrame, GeoSeries or shapely geometry, optional
        Areas of the rows; the pack's neighbourhoods without.
    across : {"walk", "cycle", "drive", "rail"}, optional
        Measure from bank to bank by the crossings of the pack that are open to this way of travelling. Without,
        straight.
    assume_open : bool, default False
        With `across`: count crossings as open whose ways of travelling are unknown.
    where : str, optional
        CQL2 expression, such as ``"row = 'group'"``; keeps the rows of the answer for which it is true.
    columns : str or sequence of str, default ()
        Columns to keep, in this order; all without. The geometry stays.
    sort : str or sequence of str, default ()
        Columns to sort by; a minus sign before a name sorts from high to low. Empty cells come last.
    limit : int, optional
        At most this many rows.
    x, y : str, optional
        Columns of a CSV file that hold longitude or easting, and latitude or northing.
    crs : str, int or pyproj.CRS, optional
        Coordinate reference system of the features, such as ``"EPSG:27700"``, where they do not say it or say a wrong
        one.
    match : str, optional
        ``"COLUMN=LAYER"``: find the rows of a table by this column among the areas of that layer of the pack.
    encoding : str, optional
        Encoding of the text of a CSV file or Shapefile, such as ``"cp1250"``, where its bytes do not tell it.
    strict : bool, default False
        Refuse a table in which a coordinate is no number, instead of taking its row for one without a position.
    scenario : str or Path, optional
        Ask about the region as a scenario has it: the name of one of the pack's, or a TOML file.
    pack : Pack, str or Path, optional
        Data pack that knows the layers by name, or its folder; lcrmap's own without.

    Returns
    -------
    Answer
        ``frame`` has one row an area, a group such as a decile of deprivation, and one for all together;
        ``beside_frame`` the features with how many residents share each.

        ``id``, ``name``, ``row``
            Of whom it speaks; ``row`` is ``"area"``, ``"group"`` or ``"total"``.
        ``access``, ``access_min``, ``access_max``
            Features, or units of `supply`, per 10,000 residents, and the range that the features'
            ``position_error_m`` leaves.
        ``residents``, ``without``
            Who lives there, and who of them has none.
        ``number``, ``gravity``
            How many are within the distance on average, and their decayed sum: nobody shares these.
        ``shared_beyond_pct``
            Which share of the access comes from features that people outside the region share too.

    Raises
    ------
    UsageError
        If arguments cannot be meant, alone or together; also a ValueError.
    UnknownNameError
        If there is no layer, place or column of that name; also a KeyError.
    FileError, GeometryError, CRSError
        If a layer is broken; a missing file is also a FileNotFoundError.

    Examples
    --------
    >>> found = access("rail-stations", "2km", by="boroughs")
    >>> float(found.frame.iloc[-1]["access"])
    0.5929
    """
    return _asked(Access, locals())


def compare(
    *scenarios: str | Path | Sequence[str | Path],
    measure: str | Sequence[str] = (),
    draws: int | None = None,
    seed: int = 0,
    by: LayerLike | None = None,
    across: Mode | None = None,
    assume_open: bool = False,
    where: str | None = None,
    columns: Columns = (),
    sort: Columns = (),
    limit: int | None = None,
    pack: Pack | str | Path | None = None,
) -> Answer:
    """Count who gains and who loses from one scenario to others, and say how sure that is.

    Parameters
    ----------
    *scenarios : str or Path
        ``"baseline"``, a scenario of the pack, or a TOML file; each is compared with the first.
    measure : str or sequence of str, default ()
        What is compared: ``"residents within 800m of rail-stations"``, ``"distance to rail-stations"``, ``"access to
        rail-stations within 2km"`` or ``"count of rail-stations"``; without, what the scenarios' aims and changes and
        the pack suggest.
    draws : int, optional
        How often positions are drawn within their errors, for the middle 95 of 100 draws; none without.
    seed : int, default 0
        What tells draws from others: the same seed gives the same.
    by : str, Path, Layer, Answer, GeoDataFrame, GeoSeries or shapely geometry, optional
        Areas by which residents are summed; the pack's areas without.
    across : {"walk", "cycle", "drive", "rail"}, optional
        Measure from bank to bank by the crossings that are open to this way of travelling in each scenario. Without,
        straight.
    assume_open : bool, default False
        With `across`: count crossings as open whose ways of travelling are unknown.
    where : str, optional
        CQL2 expression, such as ``"group_kind = 'all'"``; keeps the rows of the answer for which it is true.
    columns : str or sequence of str, default ()
        Columns to keep, in this order; all without.
    sort : str or sequence of str, default ()
        Columns to sort by; a minus sign before a name sorts from high to low. Empty cells come last.
    limit : int, optional
        At most this many rows.
    pack : Pack, str or Path, optional
        Data pack that knows the scenarios by name, or its folder; lcrmap's own without.

    Returns
    -------
    Answer
        ``frame`` has one row a measure, scenario and group, without a geometry; those of all residents first.

        ``measure``, ``statistic``, ``scenario``
            What is compared; ``statistic`` is ``"residents"``, ``"features"``, or of distances ``"mean"``,
            ``"median"`` and ``"nine tenths"`` (metres).
        ``unit``
            That of ``first``, ``second``, ``change`` and ``arrive``: residents, m or features.
        ``group_kind``, ``group``, ``group_id``
            Among whom: all, the groups of the pack, areas.
        ``first``, ``second``, ``change``, ``change_min``, ``change_max``
            The figure in the first scenario and in this one; the range is of the change, not of the figures.
        ``gain``, ``lose``, ``arrive``
            Of residents: ``second = first + gain - lose + arrive``.
        ``share_of_gain_pct``, ``share_of_residents_pct``
            In percent of all who gain, and of all residents.

    Raises
    ------
    UsageError
        If fewer than two scenarios are named, or a measure is none; also a ValueError.
    UnknownNameError
        If there is no scenario, layer or group of that name; also a KeyError.
    DataError
        If a scenario cannot be meant; ``more`` has its further faults.

    Examples
    --------
    >>> found = compare("baseline", "trirx-closes", measure="residents within 2km of innovation-assets")
    >>> found.frame[["first", "second", "change"]].iloc[0].astype(int).tolist()
    [582433, 577185, -5248]
    """
    return _asked(Compare, locals())


def make_map(
    *layers: Layers,
    title: str | None = None,
    where: str | Sequence[str] = (),
    category: str | Sequence[str] = (),
    shade: str | Sequence[str] = (),
    per: str | None = None,
    against: str | None = None,
    indicators: str | Sequence[str] = (),
    classes: str = "rounded",
    middle: float | None = None,
    sum: str | Sequence[str] = (),  # noqa: A002 (called as the option is)
    basemap: str = "none",
    lang: str = "en",
    x: str | None = None,
    y: str | None = None,
    crs: Crs | None = None,
    match: str | None = None,
    encoding: str | None = None,
    strict: bool = False,
    scenario: str | Path | None = None,
    pack: Pack | str | Path | None = None,
) -> Page:
    """Make a page that shows layers; without any, the atlas of the pack's region.

    Parameters
    ----------
    *layers : str, Path, Layer, Answer, GeoDataFrame, GeoSeries or shapely geometry, or one list of them
        What to show: names from the pack, files, or features at hand, in any CRS. A geometry is in longitude and
        latitude (WGS84).
    title : str, optional
        The headline, instead of one made from the figures.
    where : str or sequence of str, default ()
        CQL2 expressions: show the features for which they are true. With several layers each begins with the name of
        one and a colon, as in ``"innovation-assets:sector = 'net_zero'"``.
    category : str or sequence of str, default ()
        Column whose values are told apart by symbol and colour; with several layers ``"LAYER:COLUMN"``.
    shade : str or sequence of str, default ()
        Column of numbers, or indicator, by whose classes a layer of areas is shaded; with several layers
        ``"LAYER:COLUMN"``. A count of an indicator is drawn as circles, unless it is divided.
    per : str, optional
        What is shaded is divided by it: ``"km2"``, ``"residents"``, ``"households"``, another count or a column.
    against : str, optional
        Second column of numbers, or indicator, by which the areas are shaded at once: three classes of each, and
        tables of who lives where both are high or low.
    indicators : str or sequence of str, default ()
        Indicators that stand beside the areas as columns, such as ``["no_car", "imd_decile"]``.
    classes : str, default "rounded"
        How these numbers are divided: ``"rounded"``, ``"quantile"``, ``"equal"`` or ``"natural"``, with the number of
        classes (1 to 5; two-sided 2 to 6) behind a colon, as in ``"natural:4"``, or the breaks between them, as in
        ``"5,10,20"``. A class includes its lower bound.
    middle : float, optional
        Where two colours meet, one for less and one for more; 0 without, if there is less and more than 0.
    sum : str or list of str, optional
        Columns to sum over the rows of a table that speak of one area.
    basemap : str, default "none"
        Tiles behind the map, such as ``"osm"``; the page then needs a network for them.
    lang : str, default "en"
        Language of the page's own words.
    x, y : str, optional
        Columns of a CSV file that hold longitude or easting, and latitude or northing.
    crs : str, int or pyproj.CRS, optional
        Coordinate reference system of the layers, such as ``"EPSG:27700"``, where they do not say it or say a wrong
        one.
    match : str, optional
        ``"COLUMN=LAYER"``: find the rows of a table by this column among the areas of that layer of the pack.
    encoding : str, optional
        Encoding of the text of a CSV file or Shapefile, such as ``"cp1250"``, where its bytes do not tell it.
    strict : bool, default False
        Refuse a table in which a coordinate is no number, instead of taking its row for one without a position.
    scenario : str or Path, optional
        Ask about the region as a scenario has it: the name of one of the pack's, or a TOML file.
    pack : Pack, str or Path, optional
        Data pack that knows the layers by name, or its folder; lcrmap's own without.

    Returns
    -------
    Page
        A ``folium.Map``: it shows itself in a notebook, and ``save("map.html")`` writes one file that needs no
        network.

    Raises
    ------
    UsageError
        If arguments cannot be meant, alone or together; also a ValueError.
    UnknownNameError
        If there is no layer, place or column of that name; also a KeyError.
    FileError, GeometryError, CRSError
        If a layer is broken; a missing file is also a FileNotFoundError.

    Examples
    --------
    >>> page = make_map("innovation-assets")
    >>> page.save("assets.html")  # doctest: +SKIP

    >>> wards = make_map("wards", shade="area_km2", classes="quantile:4")
    >>> wards.model.layer("wards").note
    'Area (km²). Quantiles: as many areas in each class; a class includes its lower bound.'
    """
    return _asked(Map, locals()).page()


def _asked(kind: type[Question], given: Mapping[str, Any]) -> Answer:
    """Ask a question whose fields are a function's arguments; what is said of it names the arguments."""
    values = {field.name: _plain(given[field.name]) for field in fields_of(kind)}
    try:
        sources = Sources(_pack(given["pack"]))
        layers = [field for field in fields_of(kind) if field.names_files]
        if issubclass(kind, Reads):
            values["crs"] = _code(values["crs"])
            _refuse_columns(values, layers[0].name)
        hand = AtHand(sources, values.get("crs"))
        for field in layers:
            if values[field.name] is not None or not field.optional:
                first = field == layers[0]
                values[field.name] = hand.named(field, values[field.name], first=first)
        found = hand.handed_back(answer(kind(**values), sources))
    except LcrmapError as error:
        respell(error, kind)
        raise
    notes = (in_python(each, kind) for each in (*found.notes, *found.layer.notes))
    return replace(found, notes=tuple(notes))


def _refuse_columns(values: Mapping[str, Any], first: str) -> None:
    """Refuse names of coordinate columns where nothing is a file."""
    files = any(isinstance(each, str | Path) for each in flattened(values[first]))
    if any(values[each] for each in ("x", "y", "match", "encoding")) and not files:
        raise UsageError(
            "--x, --y, --match and --encoding are for files: what is at hand has its shapes already."
        )


def _pack(given: Any) -> Pack | None:
    """Return the pack that was passed, or the one in the folder that was named."""
    return given if given is None or isinstance(given, Pack) else open_pack(given)


def _plain(value: Any) -> Any:
    """Return a number of numpy's as Python's own."""
    return value.item() if isinstance(value, np.generic) else value


def _code(crs: Any) -> str | None:
    """Return the code of a coordinate reference system that is given as geopandas takes it."""
    if crs is None or isinstance(crs, str):
        return crs
    if isinstance(crs, int):
        return f"EPSG:{crs}"
    known = crs.to_authority() if isinstance(crs, pyproj.CRS) else None
    if known is None:
        raise UsageError(f"--crs is {str(crs)[:80]!r}, and must be a code such as EPSG:27700.")
    return ":".join(known)
