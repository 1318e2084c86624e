"""Attach the features of one layer to those of another, and account for every one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import pandas as pd

from lcrmap.analysis.attaching import How, Nearest, Tally, attach, nearest_right, tally
from lcrmap.analysis.certainty import position_errors, possible_areas
from lcrmap.analysis.joining import NOWHERE, Matched, dimensions, match_areas
from lcrmap.analysis.locating import area_order
from lcrmap.analysis.matching import (
    Predicate,
    keep_first,
    keep_largest_overlap,
    match_predicate,
)
from lcrmap.errors import UsageError
from lcrmap.io.opening import open_layer
from lcrmap.layers import Layer, Pack, open_pack
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.areas import area_names, checked_key, coverage_notes, sound
from lcrmap.verbs.joined import (
    attached_names,
    closing_line,
    flag_names,
    headline,
    joined_layer,
    main_columns,
)

if TYPE_CHECKING:
    from lcrmap.maps.page import Page

__all__ = ["MOST_NEAREST", "JoinAnswer", "join_layers"]

MOST_NEAREST = (
    50_000  # features that matched nothing, above which their nearest is found only when asked for
)


@dataclass(frozen=True)
class JoinAnswer(Answer):
    """An answer, and beside it the left features that matched nothing, whatever the answer keeps.

    Attributes
    ----------
    unmatched
        With the nearest right feature and its distance; those without a position have neither.
    tally
        How many left features ended how.
    """

    unmatched: Layer | None = None
    tally: Tally | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the table should hold."""

    how: How
    take: Sequence[str] | None
    prefix: str
    snap_m: float | None
    nearest: bool | None
    command: str


@dataclass(frozen=True, slots=True)
class _Pairs:
    """The spatial answer: the pairs, what is said of each left row and of each pair, and notes."""

    matched: Matched
    flags: dict[str, Any]
    pair_flags: dict[str, Any]
    notes: tuple[str, ...] = ()


def join_layers(
    left: str | Layer,
    right: str | Layer,
    *,
    pack: Pack | None = None,
    predicate: Predicate | None = None,
    distance_m: float | None = None,
    how: How = "left",
    many: bool = False,
    largest_overlap: bool = False,
    border: str = "once",
    key: str | None = None,
    take: Sequence[str] | None = None,
    prefix: str = "",
    snap_m: float | None = None,
    nearest: bool | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: str | None = None,
    stdin: BinaryIO | None = None,
    command: str = "",
) -> JoinAnswer:
    """Attach columns of the right layer to each feature of the left one.

    Parameters
    ----------
    left, right
        Names from the pack, files, ``-``, or layers that were opened before.
    pack
        The data pack; None for lcrmap's own.
    predicate
        Raw, as shapely has it. None: the border rule for points on areas, so that each point belongs to one area;
        ``intersects`` for everything else.
    distance_m
        How far apart ``dwithin`` allows, in metres.
    how
        ``left`` keeps every left feature, ``inner`` those that matched, ``anti`` those that did not.
    many
        One row for each match, instead of the first by key.
    largest_overlap
        Keep the right area that shares the most ground.
    border
        What becomes of a point on a border that areas share: ``once``, ``all`` or ``error``.
    key
        The right column that orders matches; None for the layer's key field, else the shapes themselves.
    take
        The right columns to attach; None for all.
    prefix
        What the attached columns' names begin with.
    snap_m
        Attach a feature that matched nothing to the nearest one within so many metres, and flag it.
    nearest
        Whether the nearest right feature of each that matched nothing is found, with its distance; None: where there
        are at most `MOST_NEAREST` of them, or where `snap_m` needs it.
    x, y, crs, stdin
        How to read the left layer; see `lcrmap.io.opening.open_layer`.
    command
        What the page records as the command that made it.

    Returns
    -------
    JoinAnswer
        The left features in their order; the last note accounts for all of them.

    Examples
    --------
    >>> answer = join_layers("innovation-assets", "boroughs", take=["name"])
    >>> answer.notes[-1]
    '57 in: 52 matched (0 of them on a shared border), 4 outside, 1 without a position.'
    """
    pack = pack or open_pack()
    left = _opened(left, pack, x=x, y=y, crs=crs, stdin=stdin)
    right = _opened(right, pack, stdin=stdin)
    _check_options(predicate, distance_m, many=many, largest_overlap=largest_overlap, border=border)
    left, left_notes = sound(left)
    right, right_notes = sound(right)
    notes = [*left.notes, *right.notes, *left_notes, *right_notes]
    if dimensions(right.frame) == {2}:
        notes += coverage_notes(right)
    order = checked_key(right, key)
    on_areas = dimensions(left.frame) <= {0} and dimensions(right.frame) == {2}
    if predicate is None and on_areas and not largest_overlap:
        pairs = _by_border_rule(left, right, order, "all" if many else border)
    else:
        pairs = _by_predicate(
            left, right, order, predicate, distance_m, many=many, largest_overlap=largest_overlap
        )
    asked = _Asked(how, take, prefix, snap_m, nearest, command)
    return _answer(left, right, pairs, asked, order, notes, pack)


def _opened(layer: str | Layer, pack: Pack, **reading: Any) -> Layer:
    return (
        layer
        if isinstance(layer, Layer)
        else open_layer(layer, pack=pack, need_geometry=True, **reading)
    )


def _check_options(
    predicate: str | None,
    distance_m: float | None,
    *,
    many: bool,
    largest_overlap: bool,
    border: str,
) -> None:
    if (predicate == "dwithin") != (distance_m is not None):
        raise UsageError(
            "--distance belongs to --predicate dwithin, which needs it: "
            "write both, as in --predicate dwithin --distance 500m."
        )
    if border != "once" and (predicate is not None or largest_overlap):
        raise UsageError(
            "--border is about the rule for points on areas, which --predicate and --largest-overlap "
            "replace: leave one of them out."
        )
    if largest_overlap and predicate is not None:
        raise UsageError("--largest-overlap is a way of matching like --predicate: leave one out.")
    if border == "error" and many:
        raise UsageError("--border error refuses what --many asks for: leave one out.")


def _by_border_rule(left: Layer, right: Layer, key: str, border: str) -> _Pairs:
    matched = match_areas(left.frame, right.frame, key=key, border=border)
    on_border = pd.arrays.BooleanArray(np.asarray(matched.on_border), matched.unplaced.copy())
    flags: dict[str, Any] = {"on_border": on_border}
    errors = position_errors(left.frame)
    if errors is not None:
        possible = possible_areas(left.frame, right.frame, matched, errors)
        names = area_names(right, by_key=True)
        flags["area_certain"] = possible.certain
        flags["could_also_be"] = pd.array(
            possible.others(matched.first(), names, area_order(right.frame, key)), dtype="str"
        )
    return _Pairs(matched, flags, {})


def _by_predicate(
    left: Layer,
    right: Layer,
    key: str,
    predicate: Predicate | None,
    distance_m: float | None,
    *,
    many: bool,
    largest_overlap: bool,
) -> _Pairs:
    chosen: Predicate = predicate or "intersects"
    matched = match_predicate(
        left.frame, right.frame, chosen, key=key, distance_m=distance_m or 0.0
    )
    if largest_overlap:
        kept, share = keep_largest_overlap(matched, left.frame, right.frame, many=many)
        return _Pairs(kept, {}, {"overlap_share": np.round(100 * share, 3)})
    if many:
        return _Pairs(matched, {}, {})
    matches = matched.matches
    several = int((matches > 1).sum())
    if several:
        rule = f"lowest {key}" if key else "first by shape"
        note = (
            f"{several:,} {left.metadata.noun(several)} match more than one of {right.name}: the {rule} "
            f"is attached and the column 'matches' says how many; --many gives a row for each."
        )
        return _Pairs(keep_first(matched), {"matches": matches}, {}, (note,))
    return _Pairs(keep_first(matched), {"matches": matches}, {})


def _answer(
    left: Layer,
    right: Layer,
    pairs: _Pairs,
    asked: _Asked,
    key: str,
    notes: list[str],
    pack: Pack,
) -> JoinAnswer:
    """Attach the columns, and account for every left feature."""
    names, renamed = attached_names(left, right, asked.take, asked.prefix)
    near, left_out = _nearest(left, right, pairs.matched, key, asked)
    snapped = None if asked.snap_m is None or near is None else _snapped(near, asked.snap_m)
    flags = pairs.flags | ({} if snapped is None else {"snapped": snapped != NOWHERE})
    flags |= _nearest_flags(right, near) if near is not None else {}
    fresh = flag_names(left, right, names, [*flags, *pairs.pair_flags])
    attached = attach(
        left.frame,
        right.frame,
        pairs.matched,
        take=names,
        flags={fresh[name]: values for name, values in flags.items()},
        pair_flags={fresh[name]: values for name, values in pairs.pair_flags.items()},
        snapped=snapped,
    )
    counted = tally(left.frame, pairs.matched, snapped, attached)
    layer = joined_layer(left, right, names, fresh, repeated=len(attached.left) > len(left.frame))
    lost = attached.kept("anti").drop(columns=list(names.values()))
    kept = lost if asked.how == "anti" else attached.kept(asked.how)
    if asked.how == "inner" and near is not None:
        kept = kept.drop(columns=[fresh["nearest"], fresh["nearest_m"]])
    closing = closing_line(counted, len(kept), snap=snapped is not None)

    main = main_columns(left, right, names, fresh)

    def page(arranged: Layer) -> Page:
        from lcrmap.verbs.joinpage import make_join_page

        title = headline(left, right, counted)
        area = names.get(right.label, "") if counted.on_border is not None else ""
        return make_join_page(
            arranged, right, pack, title=title, main=main, area=area, command=asked.command
        )

    return JoinAnswer(
        layer.with_frame(kept),
        page,
        (*notes, *pairs.notes, *renamed, *left_out, closing),
        main,
        unmatched=layer.with_frame(lost),
        tally=counted,
    )


def _nearest(
    left: Layer, right: Layer, matched: Matched, key: str, asked: _Asked
) -> tuple[Nearest | None, tuple[str, ...]]:
    """Find the nearest right feature of those that have a position and matched none, unless there are too many."""
    alone = np.flatnonzero((matched.matches == 0) & ~matched.unplaced)
    wanted = asked.nearest or asked.snap_m is not None
    if asked.nearest is False and asked.snap_m is None:
        return None, ()
    if not wanted and len(alone) > MOST_NEAREST:
        note = (
            f"The nearest of {right.name} is left out for the {len(alone):,} that matched nothing, as they are "
            f"more than {MOST_NEAREST:,}: --nearest finds it all the same."
        )
        return None, (note,)
    return nearest_right(left.frame, right.frame, alone, key=key), ()


def _snapped(near: Nearest, metres: float) -> Any:
    with np.errstate(invalid="ignore"):
        return np.where(near.metres <= metres, near.right, NOWHERE)


def _nearest_flags(right: Layer, near: Nearest) -> dict[str, Any]:
    names = np.array([*area_names(right), None], dtype=object)
    return {"nearest": pd.array(names[near.right], dtype="str"), "nearest_m": near.metres}
