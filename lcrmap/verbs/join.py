"""Attach the features of one layer to those of another, and account for every one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from lcrmap.analysis.attaching import How, Tally
from lcrmap.analysis.matching import Predicate
from lcrmap.io.opening import open_layer
from lcrmap.layers import Layer, Pack, open_pack
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.areas import sound
from lcrmap.verbs.joined import closing_line, headline
from lcrmap.verbs.joiner import JoinAsked, Joiner

if TYPE_CHECKING:
    from lcrmap.maps.page import Page

__all__ = ["JoinAnswer", "join_layers"]


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
        are at most `lcrmap.verbs.joiner.MOST_NEAREST` of them, or where `snap_m` needs it.
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
    asked = JoinAsked(
        predicate=predicate,
        distance_m=distance_m,
        how=how,
        many=many,
        largest_overlap=largest_overlap,
        border=border,
        key=key,
        take=take,
        prefix=prefix,
        snap_m=snap_m,
        nearest=nearest,
    )
    pack = pack or open_pack()
    left = _opened(left, pack, x=x, y=y, crs=crs, stdin=stdin)
    joiner = Joiner(_opened(right, pack, stdin=stdin), asked)
    left, repairs = sound(left)
    matched = joiner.matched(left)
    alone = int(((matched.matches == 0) & ~matched.unplaced).sum())
    joined = joiner.attached(left, matched, nearest=asked.finds_nearest(alone))
    counted = joined.tally
    notes = (
        *left.notes,
        *repairs,
        *joiner.notes,
        *joiner.several_note(left.metadata, joined.several),
        *joined.renamed,
        *joiner.left_out_note(alone),
        closing_line(counted, len(joined.layer.frame), snap=snap_m is not None),
    )

    def page(arranged: Layer) -> Page:
        from lcrmap.verbs.joinpage import make_join_page

        title = headline(left, joiner.right, counted)
        area = joined.names.get(joiner.right.label, "") if counted.on_border is not None else ""
        return make_join_page(
            arranged,
            joiner.right,
            pack,
            title=title,
            main=joined.main,
            area=area,
            command=command,
        )

    return JoinAnswer(joined.layer, page, notes, joined.main, unmatched=joined.lost, tally=counted)


def _opened(layer: str | Layer, pack: Pack, **reading: Any) -> Layer:
    return (
        layer
        if isinstance(layer, Layer)
        else open_layer(layer, pack=pack, need_geometry=True, **reading)
    )
