"""`lcrmap.show`: the verb as a function of Python, whose arguments are the fields of its question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lcrmap.verbs.from_python import asked
from lcrmap.verbs.show.question import Show

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lcrmap.layers import Pack
    from lcrmap.verbs.answer import Answer
    from lcrmap.verbs.from_python import Columns, Crs, LayerLike

__all__ = ["show"]


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
    return asked(Show, locals())
