"""`lcrmap.gaps`: the verb as a function of Python, whose arguments are the fields of its question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lcrmap.verbs.from_python import asked
from lcrmap.verbs.gaps.question import Gaps

if TYPE_CHECKING:
    from pathlib import Path

    from lcrmap.layers import Pack
    from lcrmap.verbs.answer import Answer
    from lcrmap.verbs.from_python import Columns, Crs, LayerLike, Metres
    from lcrmap.verbs.question import Mode

__all__ = ["gaps"]


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
    return asked(Gaps, locals())
