"""An answer as plain values: sentences, figures, rows, credits and the record, and not too long."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from lcrmap.cli.delivery import Delivery, deliver
from lcrmap.cli.door import one_line, overheard, visible
from lcrmap.errors import UsageError, shortened
from lcrmap.io.parts import Parts
from lcrmap.io.writing import encode
from lcrmap.layers import Layer
from lcrmap.maps.passages import Passage
from lcrmap.mcp.figures import figures_of
from lcrmap.mcp.outcome import AT_ONCE, LONGEST, Done, result_of
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.question import Rows
from lcrmap.verbs.recording import record_of
from lcrmap.verbs.sources import Sources

__all__ = ["done_of", "fitting", "lines_of", "shown"]

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
    many = len(answer.layer.frame) if isinstance(answer.question, Rows) else 0

    def made(count: int) -> Done:
        return _done(answer, sources, offset, count, most=None if at_once else _LONGEST_TEXT)

    return fitting(made, many - offset, at_once)


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


def lines_of(result: Mapping[str, Any]) -> str:
    """Return what a result says in sentences, one a line; nothing is said twice."""
    told = (result["headline"], *result["sentences"], *result["notes"])
    return "\n".join(dict.fromkeys(filter(None, told)))


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


def _done(answer: Answer, sources: Sources, first: int, count: int, most: int | None) -> Done:
    layer = answer.layer.with_frame(answer.layer.frame.iloc[first : first + count])
    result = result_of(
        headline=one_line(answer.finding or answer.layer.metadata.title),
        sentences=[*map(one_line, answer.sentences), *_passages(answer.passages)],
        credits=_credits(sources),
        read_files=_read_files(sources),
        record=shown(record_of(answer.question, answer.pack)),
    )
    if not isinstance(answer.question, Rows):
        result["notes"] = [*map(one_line, (*answer.notes, *answer.layer.notes))]
        return Done((lines_of(result),), result)
    with overheard() as heard:
        deliver(_printed(answer, layer), sources, Delivery(format_="table"))
    rows = json.loads(encode(layer, "json"))["rows"]
    many = len(answer.layer.frame)
    result |= {
        "notes": heard.said,
        "figures": shown(figures_of(layer, rows, answer.main)),
        "columns": _columns(layer, sources),
        "rows": shown(rows, most),
        "rows_from": first,
        "rows_in_all": many,
        "next_offset": first + count if first + count < many else None,
    }
    cut = most is not None and count == 1  # as its texts are
    printed = shortened(heard.printed, LONGEST // 3) if cut else heard.printed
    return Done((printed, lines_of(result)), result)


def _printed(answer: Answer, layer: Layer) -> Answer:
    """Return what is printed of some rows; of an answer that people read by other rows than it has, those of all."""
    by_row = len(answer.spoken_layer.frame) == len(answer.layer.frame)
    return replace(answer, layer=layer) if by_row else answer


def _passages(passages: Sequence[Passage]) -> Iterator[str]:
    """Give what is told besides under headings of its own, a sentence each."""
    for passage in passages:
        for each in passage.sentences:
            yield one_line(f"{passage.title}: {each}")


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
            "from": _from(layer, column, sources),
        }
        for column in columns
    ]


def _from(layer: Layer, column: str, sources: Sources) -> str:
    """Tell where a column comes from; text that may be of a file counts as of one."""
    others = _others(sources)
    if any(column in _columns_of(each) for each in others):
        return "file"
    if any(column in _columns_of(each) for each in sources.opened):
        return "pack"
    field = layer.field(column)
    text = field.type not in ("integer", "number", "boolean") and not field.categories
    return "file" if others and text else "lcrmap"


def _others(sources: Sources) -> list[Layer | Parts]:
    """Return what was opened that is no layer of the pack."""
    return [each for each in sources.opened if each.metadata.name not in sources.pack.names]


def _columns_of(opened: Layer | Parts) -> list[str]:
    if isinstance(opened, Layer):
        return list(map(str, opened.frame.columns))
    return [each.name for each in opened.metadata.fields]


def _read_files(sources: Sources) -> list[str]:
    others = _others(sources)
    return list(dict.fromkeys(visible(known.name) for each in others for known in each.inputs))


def _credits(sources: Sources) -> list[dict[str, str]]:
    """Return the credit line of each layer that was opened, with the date of its facts."""
    return [
        {
            "title": visible(known.title),
            "credit": visible(known.credit),
            "licence": visible(", ".join(licence.title for licence in known.licences)),
            "as_of": visible(known.as_of),
        }
        for known in (each.metadata for each in sources.opened)
    ]
