"""`lcrmap.compare`: the verb as a function of Python, whose arguments are the fields of its question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lcrmap.verbs.compare.question import Compare
from lcrmap.verbs.from_python import asked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lcrmap.layers import Pack
    from lcrmap.verbs.answer import Answer
    from lcrmap.verbs.from_python import Columns, LayerLike
    from lcrmap.verbs.question import Mode

__all__ = ["compare"]


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
    return asked(Compare, locals())
