"""`lcrmap.join`: the verb as a function of Python, whose arguments are the fields of its question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lcrmap.verbs.from_python import asked
from lcrmap.verbs.join.question import Join

if TYPE_CHECKING:
    from pathlib import Path

    from lcrmap.layers import Pack
    from lcrmap.verbs.answer import Answer
    from lcrmap.verbs.from_python import Columns, Crs, LayerLike, Metres
    from lcrmap.verbs.join.question import Border, How, Predicate

__all__ = ["join"]


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
    return asked(Join, locals())
