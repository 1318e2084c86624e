"""`lcrmap.locate`: the verb as a function of Python, whose arguments are the fields of its question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lcrmap.verbs.from_python import asked
from lcrmap.verbs.locate.question import Locate

if TYPE_CHECKING:
    from pathlib import Path

    from lcrmap.layers import Pack
    from lcrmap.verbs.answer import Answer
    from lcrmap.verbs.from_python import Columns, Crs, LayerLike, Metres
    from lcrmap.verbs.locate.question import Aim
    from lcrmap.verbs.question import Mode

__all__ = ["locate"]


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
    return asked(Locate, {**locals(), "choose": None if choose is None else str(choose)})
