"""`lcrmap.access`: the verb as a function of Python, whose arguments are the fields of its question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lcrmap.verbs.access.question import Access
from lcrmap.verbs.from_python import asked

if TYPE_CHECKING:
    from pathlib import Path

    from lcrmap.layers import Pack
    from lcrmap.verbs.access.question import Decay
    from lcrmap.verbs.answer import Answer
    from lcrmap.verbs.from_python import Columns, Crs, LayerLike, Metres
    from lcrmap.verbs.question import Mode

__all__ = ["access"]


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
    return asked(Access, locals())
