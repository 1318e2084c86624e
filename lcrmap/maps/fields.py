"""Which columns of a layer a page shows, where, and which of them mean something that it knows.

Names with a meaning: ``confidence``, ``position_error_m``, ``aliases``, ``note``, and the four ``source_...``
columns, which a page shows together as the source of a row. A layer need have none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lcrmap.layers import Layer
from lcrmap.layers.addresses import is_link
from lcrmap.layers.naming import sharing, telling
from lcrmap.maps.columns import MISSING, Column, make_column
from lcrmap.maps.shapes import LABEL_COLUMNS
from lcrmap.maps.styling import CONFIDENCE
from lcrmap.maps.words import Words

__all__ = [
    "Arrangement",
    "SourceColumns",
    "arrange",
    "confidence_codes",
    "pack_columns",
    "told_apart",
]

_KNOWN: Final = ("confidence", "position_error_m", "status")
_SOURCE: Final = ("source_title", "source_publisher", "source_date", "source_url")
_NOT_IN_TABLE: Final = ("aliases", "lon", "lat", *LABEL_COLUMNS, *_SOURCE)
_MOST_COLUMNS: Final = 8


@dataclass(frozen=True, slots=True)
class SourceColumns:
    """The row numbers, in a layer's columns, of what makes up a row's source; None where there is none."""

    title: int | None = None
    publisher: int | None = None
    date: int | None = None
    url: int | None = None

    def __bool__(self) -> bool:
        return self.title is not None or self.publisher is not None or self.url is not None

    def words(self, columns: Sequence[Column], row: int) -> str:
        """Return the source of a row in words, without its address; empty if not stated."""
        parts = [
            columns[each].text(row)
            for each in (self.title, self.publisher, self.date)
            if each is not None
        ]
        return ", ".join(part for part in parts if part) or self.address(columns, row)

    def address(self, columns: Sequence[Column], row: int) -> str:
        """Return the address of a row's source; empty if not stated."""
        return "" if self.url is None else columns[self.url].text(row)

    def link(self, columns: Sequence[Column], row: int) -> str:
        """Return the address if a page may link it, else nothing."""
        address = self.address(columns, row)
        return address if is_link(address) else ""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The row numbers, in a layer's columns, of those that play a part."""

    label: int | None
    key: int | None
    area: int | None
    error: int | None
    source: SourceColumns
    main: tuple[int, ...]


def pack_columns(layer: Layer, words: Words, *, only_name: bool = False) -> tuple[Column, ...]:
    """Pack every column but the geometry, or the name alone: the described ones first, then the rest."""
    frame = layer.frame
    if only_name:
        label = layer.label
        return (make_column(layer.field(label), frame[label], words),) if label else ()
    names = [str(each) for each in frame.columns if each != frame.geometry.name]
    described = [each.name for each in layer.metadata.fields if each.name in names]
    order = described + [each for each in names if each not in described]
    return tuple(
        make_column(
            layer.field(name),
            frame[name],
            words,
            coded=name == layer.metadata.category,
            key=name == layer.key,
        )
        for name in order
    )


def arrange(
    layer: Layer,
    columns: Sequence[Column],
    *,
    area: str = "",
    drawn: str = "",
    main: Sequence[str] = (),
) -> Arrangement:
    """Find the columns that play a part, and those that the table shows.

    Parameters
    ----------
    area
        The column with the computed area of each place; empty if there is none.
    drawn
        The column that the map draws, which a table must have; empty if it draws categories.
    main
        The columns that the table shows; empty for those that tell most of any layer.
    """
    place = {each.name: number for number, each in enumerate(columns)}
    source = SourceColumns(
        *(
            place.get(name)
            for name in ("source_title", "source_publisher", "source_date", "source_url")
        )
    )
    return Arrangement(
        label=place.get(layer.label),
        key=place.get(layer.key),
        area=place.get(area),
        error=place.get("position_error_m"),
        source=source,
        main=tuple(place[each] for each in main if each in place)
        or _main(layer, columns, area, drawn),
    )


def confidence_codes(columns: Sequence[Column]) -> list[int]:
    """Return 0, 1 or 2 for each row (see `CONFIDENCE`); empty if the layer does not state it."""
    column = next((each for each in columns if each.name == "confidence"), None)
    if column is None or column.kind != "code" or not set(column.raw) & set(CONFIDENCE):
        return []
    fill = [CONFIDENCE.index(raw) if raw in CONFIDENCE else 0 for raw in column.raw]
    return [0 if code == MISSING else fill[code] for code in column.values]


def told_apart(columns: Sequence[Column], places: Arrangement) -> dict[int, str]:
    """Return what tells rows of one name apart, such as the borough of wards that are called alike, by row number.

    It is the first column of words in which all that share a name differ; nothing if there is none.
    """
    if places.label is None:
        return {}
    names = [columns[places.label].text(row) for row in range(len(columns[places.label].values))]
    rows = sharing(names)
    words = {
        each.name: [each.text(row) for row in rows]
        for number, each in enumerate(columns)
        if number not in (places.label, places.key) and each.kind in ("text", "code")
    }
    found = telling([names[row] for row in rows], words)
    return dict(zip(rows, words[found], strict=True)) if found else {}


def _main(layer: Layer, columns: Sequence[Column], area: str, drawn: str) -> tuple[int, ...]:
    """Choose the table's columns: the name, what is known to matter, then the others while there is room."""
    metadata = layer.metadata
    place = {each.name: number for number, each in enumerate(columns)}
    first = (layer.label, drawn, metadata.category, metadata.breakdown, area, *_KNOWN)
    chosen = [name for name in dict.fromkeys(first) if name in place]
    hidden = {*_NOT_IN_TABLE, "note", metadata.x, metadata.y}
    if layer.key != layer.label:
        hidden.add(layer.key)
    described = bool(metadata.category or metadata.breakdown or "confidence" in place)
    for column in columns:
        if metadata.fields and not metadata.has_field(column.name):
            continue
        full = len(chosen) >= _MOST_COLUMNS or (described and len(chosen) >= 5)
        empty = not any(column.has(row) for row in range(len(column.values)))
        if not full and not empty and column.name not in hidden and column.name not in chosen:
            chosen.append(column.name)
    if "note" in place:
        chosen.append("note")
    return tuple(place[name] for name in chosen)
