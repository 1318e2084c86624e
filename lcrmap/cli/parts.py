"""Whether a question goes in parts: its layer is large, and what it is written to takes rows as they come."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lcrmap.cli.delivery import PAGES, PICTURE_SUFFIXES, say
from lcrmap.io.atomic import refuse_existing
from lcrmap.io.large import is_large
from lcrmap.io.writing import ENCODERS, takes_parts
from lcrmap.layers import Pack

if TYPE_CHECKING:
    from lcrmap.engines.answer import PartsAnswer
    from lcrmap.io.parts import Parts, Progress
    from lcrmap.verbs.answer import Answer
    from lcrmap.verbs.count import CountAsked

__all__ = ["counted_in_parts", "delivered_in_parts", "goes_in_parts", "printed_format"]


def goes_in_parts(text: str, pack: Pack, *beside: Path | None, **options: Any) -> bool:
    """Tell whether a layer is read and its answer written in parts.

    Parameters
    ----------
    text
        The layer that is asked about.
    beside
        Files that are written besides the answer.
    options
        Those of ``lcrmap.cli.options.table_options``. To sort takes all rows, and so does a page, a picture or a
        table on a terminal.
    """
    if not is_large(text, pack=pack) or options["sort"] or options["limit"] is not None:
        return False
    paths = [*options["output"], *(each for each in beside if each is not None)]
    return all(takes_parts(each) for each in paths) and bool(
        options["output"] or printed_format(options["format_"])
    )


def printed_format(format_: str | None) -> str:
    """Return the format in which parts go to stdout; empty if they cannot."""
    name = format_ or ("table" if sys.stdout.isatty() else "geojson")
    return name if name in ENCODERS else ""


def delivered_in_parts(
    text: str,
    answer: Callable[[Parts, Progress], PartsAnswer],
    pack: Pack,
    *others: str,
    x: str | None,
    y: str | None,
    crs: str | None,
    beside: Path | None = None,
    need_geometry: bool = True,
    block: int | None = None,
    **options: Any,
) -> bool:
    """Answer in parts where that is possible, and tell whether it was.

    Parameters
    ----------
    text
        The layer that is asked about.
    answer
        Asks.
    others
        The other layers of the question; what one of them takes from a pipe cannot be read twice.
    x, y, crs
        How to read the layer.
    beside
        Where what stands beside the answer goes; see `lcrmap.engines.answer.Rows`.
    need_geometry, block
        As for `lcrmap.io.opening_parts.open_parts`.
    options
        Those of ``lcrmap.cli.options.table_options``.
    """
    if "-" in others or not goes_in_parts(text, pack, beside, **options):
        return False
    from lcrmap.cli.parts_delivery import deliver_parts, telling_progress
    from lcrmap.errors import WholeNeededError
    from lcrmap.io.opening_parts import open_parts

    for path in [*options["output"], *([beside] if beside is not None else [])]:
        refuse_existing(path, overwrite=options["overwrite"])  # before minutes are spent
    try:
        with telling_progress() as progress:
            parts = open_parts(
                text,
                pack=pack,
                x=x,
                y=y,
                crs=crs,
                need_geometry=need_geometry,
                block=block,
                progress=progress,
            )
            found = answer(parts, progress)
            said = deliver_parts(found, beside=beside, progress=progress, **options)
    except WholeNeededError:
        return False
    say(*said)
    return True


def counted_in_parts(
    layers: Sequence[str],
    areas: str,
    asked: CountAsked,
    pack: Pack,
    output: Sequence[Path],
    **reading: Any,
) -> Answer | None:
    """Count layers of which some are large, those in parts; None if none is, or if a page shall show the points."""
    drawn = (*PAGES, *PICTURE_SUFFIXES)
    large = [each for each in layers if is_large(each, pack=pack)]
    if not large or "-" in (*layers, areas) or any(p.suffix.lower() in drawn for p in output):
        return None
    from lcrmap.cli.parts_delivery import telling_progress
    from lcrmap.engines.counting import count_in_parts
    from lcrmap.errors import WholeNeededError
    from lcrmap.io.opening import open_layer
    from lcrmap.io.opening_parts import open_parts

    try:
        with telling_progress() as progress:
            opened = [
                open_parts(each, pack=pack, need_geometry=True, progress=progress, **reading)
                if each in large
                else open_layer(each, pack=pack, need_geometry=True, **reading)
                for each in layers
            ]
            where = open_layer(areas, pack=pack)
            return count_in_parts(opened, where, asked, pack=pack, progress=progress)
    except WholeNeededError:
        return None
