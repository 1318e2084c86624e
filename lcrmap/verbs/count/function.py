"""`lcrmap.count`: the verb as a function of Python, whose arguments are the fields of its question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lcrmap.verbs.count.question import Count
from lcrmap.verbs.from_python import asked

if TYPE_CHECKING:
    from pathlib import Path

    from lcrmap.layers import Pack
    from lcrmap.verbs.answer import Answer
    from lcrmap.verbs.from_python import Columns, Crs, LayerLike, Layers

__all__ = ["count"]


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
    return asked(Count, locals())
