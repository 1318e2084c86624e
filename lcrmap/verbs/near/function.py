"""`lcrmap.near`: the verb as a function of Python, whose arguments are the fields of its question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lcrmap.verbs.from_python import asked
from lcrmap.verbs.near.question import Near

if TYPE_CHECKING:
    from pathlib import Path

    from lcrmap.layers import Pack
    from lcrmap.verbs.answer import Answer
    from lcrmap.verbs.from_python import Columns, Crs, LayerLike, Layers, Metres
    from lcrmap.verbs.question import Mode, Unit

__all__ = ["near"]


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
    return asked(Near, locals())
