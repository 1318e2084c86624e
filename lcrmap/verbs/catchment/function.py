"""`lcrmap.catchment`: the verb as a function of Python, whose arguments are the fields of its question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lcrmap.verbs.catchment.question import Catchment
from lcrmap.verbs.from_python import asked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lcrmap.layers import Pack
    from lcrmap.verbs.answer import Answer
    from lcrmap.verbs.from_python import Columns, Crs, Layers, Metres
    from lcrmap.verbs.question import Mode, Unit

__all__ = ["catchment"]


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
    return asked(Catchment, locals())
