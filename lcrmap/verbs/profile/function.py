"""`lcrmap.profile`: the verb as a function of Python, whose arguments are the fields of its question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lcrmap.verbs.from_python import asked
from lcrmap.verbs.profile.question import Profile

if TYPE_CHECKING:
    from pathlib import Path

    from lcrmap.layers import Pack
    from lcrmap.verbs.answer import Answer
    from lcrmap.verbs.from_python import Columns, Crs, LayerLike, Metres

__all__ = ["profile"]


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
    return asked(Profile, locals())
