"""Attach the features of one layer to those of another, and account for every one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from lcrmap.analysis.attaching import Tally
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
    asked: JoinAsked | None = None,
    pack: Pack | None = None,
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
    asked
        How they are matched and what is attached; None: every column, by the border rule for points in areas.
    pack
        The data pack; None for lcrmap's own.
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
    >>> answer = join_layers("innovation-assets", "boroughs", asked=JoinAsked(take=["name"]))
    >>> answer.notes[-1]
    '57 in: 52 matched (0 of them on a shared border), 4 outside, 1 without a position.'
    """
    asked = asked or JoinAsked()
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
        closing_line(counted, len(joined.layer.frame), snap=asked.snap_m is not None),
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
