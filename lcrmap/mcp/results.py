"""An answer as plain values: sentences, figures, rows, credits and the record, and not too long."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from lcrmap.cli.delivery import Delivery, deliver
from lcrmap.cli.door import one_line, overheard, visible
from lcrmap.errors import UsageError, shortened
from lcrmap.io.writing import encode
from lcrmap.layers import Layer
from lcrmap.mcp.figures import figures_of
from lcrmap.mcp.origins import credits_of, is_from, quoting, read_files
from lcrmap.mcp.outcome import AT_ONCE, LONGEST, Done, result_of
from lcrmap.reports.answered import record_of_answer, said_of
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.question import Rows
from lcrmap.verbs.sources import Sources

__all__ = ["done_of", "fitting", "shown"]

_LONGEST_TEXT: Final = 2_000  # characters of a text in a row, where nobody asks for more


def done_of(answer: Answer, sources: Sources, *, offset: int, at_once: int | None) -> Done:
    """Return an answer as text and as plain values, with as many rows as were asked for, or as there is room for.

    Parameters
    ----------
    offset
        How many rows are passed over.
    at_once
        How many come back; None for what there is room for.

    Raises
    ------
    UsageError
        If there is no room for a single row.
    """
    said = said_of(answer, sources)
    told = [one_line(quoting(each, sources)) for each in said]
    notes = (*answer.notes, *answer.layer.notes)
    base = result_of(
        headline=told[0],
        sentences=told[1:],
        notes=[one_line(quoting(each, sources)) for each in notes],
        credits=credits_of(answer, sources),
        read_files=read_files(sources),
        record=shown(record_of_answer(answer, sources, said)),
    )
    if not isinstance(answer.question, Rows):
        return Done("".join(f"{one_line(each)}\n" for each in said), base)

    def made(count: int) -> Done:
        most = None if at_once else _LONGEST_TEXT
        return _done(answer, sources, base, offset, count, most=most)

    return fitting(made, len(answer.layer.frame) - offset, at_once)


def fitting(made: Callable[[int], Done], many: int, at_once: int | None) -> Done:
    """Return what is made of so many rows, or of as many as there is room for.

    Parameters
    ----------
    made
        Makes it of some rows.
    many
        How many there are.
    at_once
        How many are asked for, however long they are; None for what there is room for.

    Raises
    ------
    UsageError
        If there is no room for a single row.
    """
    count = max(0, min(at_once or AT_ONCE, many))
    while True:
        done = made(count)
        size = _size(done)
        if at_once is not None or size <= LONGEST or count == 0:
            return done
        if count == 1:
            raise UsageError(
                f"One row takes {size / 1000:,.0f} kB: choose columns, or say with at_once how many rows you want "
                f"however long they are."
            )
        count = max(1, min(count - 1, int(count * 0.9 * LONGEST / size)))


def shown(value: Any, most: int | None = None) -> Any:
    r"""Return values in whose texts nothing is hidden: what a terminal would obey is an escape.

    Parameters
    ----------
    most
        Characters after which a text is cut; None for all of it.

    Examples
    --------
    >>> shown([{"name": "Dock\u202e", "length": 3}])
    [{'name': 'Dock\\u202e', 'length': 3}]
    """
    if isinstance(value, str):
        return visible(value if most is None else shortened(value, most))
    if isinstance(value, Mapping):
        return {visible(str(key)): shown(each, most) for key, each in value.items()}
    return [shown(each, most) for each in value] if isinstance(value, list) else value


def _size(done: Done) -> int:
    structured = json.dumps(done.result, ensure_ascii=False)
    return len(structured.encode()) + sum(len(each.encode()) for each in done.texts)


def _done(
    answer: Answer,
    sources: Sources,
    base: Mapping[str, Any],
    first: int,
    count: int,
    most: int | None,
) -> Done:
    """Return some rows with what is said of all of them."""
    layer = answer.layer.with_frame(answer.layer.frame.iloc[first : first + count])
    with overheard() as heard:
        deliver(_printed(answer, layer), sources, Delivery(format_="table"))
    rows = json.loads(encode(layer, "json"))["rows"]
    many = len(answer.layer.frame)
    told = {
        "notes": [quoting(each, sources) for each in heard.said],
        "figures": shown(figures_of(layer, rows, answer.main)),
        "columns": _columns(layer, sources),
        "rows": shown(rows, most),
        "rows_from": first,
        "rows_in_all": many,
        "next_offset": first + count if first + count < many else None,
    }
    cut = most is not None and count == 1  # as its texts are
    printed = shortened(heard.printed, LONGEST // 3) if cut else heard.printed
    return Done(printed, {**base, **told})


def _printed(answer: Answer, layer: Layer) -> Answer:
    """Return what is printed: some rows, but all of an answer whose table for people has other rows than its data."""
    by_row = len(answer.spoken_layer.frame) == len(answer.layer.frame)
    return replace(answer, layer=layer) if by_row else answer


def _columns(layer: Layer, sources: Sources) -> list[dict[str, str]]:
    """Say of each column what it holds and where that comes from."""
    frame = layer.frame
    columns = [str(each) for each in frame.columns if each != frame.geometry.name]
    return [
        {
            "name": visible(column),
            "title": visible(layer.field(column).title),
            "type": layer.field(column).type,
            "unit": visible(layer.field(column).unit),
            "description": visible(layer.field(column).description),
            "from": is_from(layer, column, sources),
        }
        for column in columns
    ]
