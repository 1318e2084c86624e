"""What is this place? From what a person types to the features that are meant.

The levels, in this order; the first on which something is found wins, and several finds on one level are listed, never
chosen from:

1. ``LAYER:ID`` or ``LAYER:NAME``
2. the id of a feature
3. its exact name
4. an alias of it
5. latitude and longitude, in this order: ``53.40,-2.99``
6. an Ordnance Survey grid reference: ``SJ 345 904``
7. a postcode or a postcode sector of the pack's look-up
8. easting and northing on the British National Grid: ``334500,390400``
9. the id or name of a feature in a layer of the role ``places_last``, one layer after the other: thousands of bus stops
   are called as the stations, neighbourhoods and hospitals are at which they stand
10. a layer or a file: every feature in it

A layer's own name goes before all of them, as does that of features at hand. What nothing is called is an error with
suggestions; none is taken.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lcrmap.errors import UnknownNameError, UsageError
from lcrmap.io.formats import suffix_format
from lcrmap.io.opening import open_layer
from lcrmap.io.paths import is_file, is_there
from lcrmap.io.positions_typed import grid_reference, national_grid, position
from lcrmap.io.postcodes import (
    at_point,
    elsewhere,
    shared_point,
    tells_where,
    with_point_errors,
)
from lcrmap.layers import Input, Layer, Metadata, Pack, Role

__all__ = ["Place", "find_place"]

Opened = Callable[[str], Layer]

_UNNAMED: Final = (
    "no column names its features, each by another value: fill the gaps in one, or name the place "
    "by its position"
)

Kind = Literal["feature", "position", "postcode", "sector", "layer"]

_ALIASES: Final = "aliases"
_POSTCODE: Final = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9])([A-Z]{2})")
_CUT_POSTCODE: Final = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9])[A-Z]")
_SECTOR: Final = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9])")
# Layers in which nobody looks for a place by its name.
_NOT_PLACES: Final = ("population", "lookup", "backdrop")
# Layers in which a place is looked for by its name when nothing else is called so.
_LAST: Final = "places_last"
_SHOWN: Final = 4  # of the features that have a text in their names
_HINT: Final = (
    "A place is an id, a name, LAYER:ID, 'latitude,longitude', a grid reference, a postcode, "
    "a layer or a file."
)


@dataclass(frozen=True, slots=True)
class Place:
    """What a text means.

    Attributes
    ----------
    text
        What was typed.
    kind
        ``sector`` means the points of all its postcodes; ``layer`` every feature of the layer.
    layer
        The features that are meant, with their metadata.
    source
        The layer they come from; empty for a position that was typed.
    rows
        Their row numbers in that layer, so that a feature can be told from its neighbours.
    by_name
        Whether it was found by a bare name, so that another may have been meant.
    others
        Then, which other features have the text in their names, as a list for a sentence; empty if none has.
    elsewhere
        Of how many of its postcodes it is not known where they lie; see `lcrmap.io.postcodes.elsewhere`.
    """

    text: str
    kind: Kind
    layer: Layer
    source: str = ""
    rows: tuple[int, ...] = ()
    by_name: bool = False
    others: str = ""
    elsewhere: int = 0


def find_place(
    text: str,
    *,
    pack: Pack,
    opened: Opened | None = None,
    at_hand: Collection[str] = (),
    changed: Collection[str] = (),
) -> Place:
    """Find the place that a text names.

    Parameters
    ----------
    text
        In one of the forms that the module lists.
    pack
        The pack whose features, postcodes and layers are known.
    opened
        Opens a layer of the pack, a file or ``-``; None for `lcrmap.io.opening.open_layer`.
    at_hand
        The names of further layers that it opens.
    changed
        The layers of the pack for which it opens others than their files hold.

    Raises
    ------
    UsageError
        If several features are meant equally well.
    UnknownNameError
        If nothing is called so; the message suggests what is nearly called so.

    Examples
    --------
    >>> from lcrmap.layers import open_pack
    >>> place = find_place("53.40,-2.99", pack=open_pack())
    >>> place.kind, place.layer.frame.geometry[0].wkt
    ('position', 'POINT (-2.99 53.4)')
    """
    text = text.strip()
    opened = opened or partial(open_layer, pack=pack)

    def whole_layer() -> Place:
        layer = opened(text)
        return _place(text, "layer", layer, np.arange(len(layer.frame)))

    if text in at_hand:
        place = whole_layer()
        return replace(place, kind="feature") if _is_one(place.layer) else place
    if text in pack.names or text == "-":
        return whole_layer()
    first, last = _place_layers(pack)
    layers = cache(lambda: list(_candidate_layers(text, pack, first, opened, changed)))
    late = cache(lambda: list(_candidate_layers(text, pack, last, opened, changed)))

    def named(place: Place | None) -> Place | None:
        return _by_name(text, place, layers, late)

    levels: tuple[Callable[[], Place | None], ...] = (
        lambda: _in_layer(text, pack, opened),
        lambda: named(_among(text, layers(), _ids)),
        lambda: named(_among(text, layers(), _names)),
        lambda: named(_among(text, layers(), _aliases)),
        lambda: _typed(text, position(text)),
        lambda: _typed(text, grid_reference(text)),
        lambda: _postcode(text, pack, opened, changed),
        lambda: _typed(text, national_grid(text)),
        lambda: named(_in_turn(text, _candidate_layers(text, pack, last, opened, changed), layers)),
    )
    for level in levels:
        found = level()
        if found is not None:
            return found
    if _looks_like_a_file(text):
        return whole_layer()
    _refuse_cut_postcode(text, pack)
    part = _in_names(text, [*layers(), *late()])
    hint = (
        f"{_shown(text, part)} {'has' if len(part) == 1 else 'have'} it in the name. "
        if part
        else ""
    )
    raise UnknownNameError(
        *("place", text, _all_names(pack, opened)),
        hint=hint + _HINT,
        remedy="check how it is written",
    )


def _place(text: str, kind: Kind, layer: Layer, rows: np.ndarray) -> Place:
    chosen = layer.frame.iloc[rows].reset_index(drop=True)
    return Place(text, kind, layer.with_frame(chosen), layer.name, tuple(rows.tolist()))


def _is_one(layer: Layer) -> bool:
    """Tell whether a layer is one feature that can be spoken of by its name."""
    return len(layer.frame) == 1 and bool(layer.label)


def _typed(text: str, layer: Layer | None) -> Place | None:
    return None if layer is None else Place(text, "position", layer)


def _looks_like_a_file(text: str) -> bool:
    """Tell whether a text is better answered by what is wrong with it as a file."""
    bare = text.rpartition(":")[0] or text
    return suffix_format(bare) is not None or suffix_format(text) is not None or is_there(text)


# By LAYER:ID


def _in_layer(text: str, pack: Pack, opened: Opened) -> Place | None:
    name, colon, wanted = text.partition(":") if ":" in text else ("", "", "")
    if not colon:
        return None
    if name not in pack.names:
        name, _, wanted = text.rpartition(":")
        claimed = suffix_format(name)
        if claimed is None or claimed.layered:
            return None
        if not is_file(name):
            return None
    layer = opened(name)
    for called in (_ids, _names, _aliases):
        rows = _rows(called(layer), wanted.strip())
        if len(rows) > 1:
            raise UsageError(_several(text, [(layer, int(row)) for row in rows]))
        if len(rows) == 1:
            return _place(text, "feature", layer, rows)
    known = [each for called in (_names, _ids) for some in called(layer) for each in some]
    remedy = _UNNAMED if len(layer.frame) and not known else ""
    raise UnknownNameError("feature", wanted.strip(), known, where=layer.name, remedy=remedy)


# By id, name or alias, in every layer of places


def _ids(layer: Layer) -> list[list[str]]:
    values = layer.frame[layer.key].tolist() if layer.key else [None] * len(layer.frame)
    return [[] if value is None else [str(value)] for value in values]


def _names(layer: Layer) -> list[list[str]]:
    values = layer.frame[layer.label].tolist() if layer.label else [None] * len(layer.frame)
    return [[value] if isinstance(value, str) else [] for value in values]


def _aliases(layer: Layer) -> list[list[str]]:
    if _ALIASES not in layer.frame.columns:
        return [[] for _ in range(len(layer.frame))]
    return [
        [each.strip() for each in value.split(";")] if isinstance(value, str) else []
        for value in layer.frame[_ALIASES].tolist()
    ]


def _rows(called: list[list[str]], wanted: str) -> np.ndarray:
    folded = wanted.casefold()
    return np.flatnonzero([any(each.casefold() == folded for each in some) for some in called])


def _among(
    text: str,
    layers: list[Layer],
    called: Callable[[Layer], list[list[str]]],
    others: Callable[[], list[Layer]] = list,
) -> Place | None:
    """Return the one place that is called so; of several say which, and what in `others` has it in its name."""
    hits = [(layer, int(row)) for layer in layers for row in _rows(called(layer), text)]
    if len(hits) > 1:
        raise UsageError(_several(text, hits) + _longer(text, others()))
    return _place(text, "feature", hits[0][0], np.array([hits[0][1]])) if hits else None


def _by_name(
    text: str,
    place: Place | None,
    layers: Callable[[], list[Layer]],
    late: Callable[[], list[Layer]],
) -> Place | None:
    """Mark a place that was found by a bare name, with what else may have been meant by that.

    Many an id is a name too. One that was typed to the letter, and is in no other name, leaves nothing open. Of layers
    in which places are looked for last only namesakes are listed.
    """
    if place is None:
        return None
    hits = [each for each in _in_names(text, layers()) if not _is_of(each, place)]
    if not hits and _ids(place.layer)[0] == [text]:
        return place
    same = [each for each in _called(text, late()) if not _is_of(each, place)]
    others = [*same, *hits]
    return replace(place, by_name=True, others=_shown(text, others) if others else "")


def _is_of(hit: tuple[Layer, int], place: Place) -> bool:
    return (hit[0].name, (hit[1],)) == (place.source, place.rows)


def _called(text: str, layers: list[Layer]) -> list[tuple[Layer, int]]:
    """Return the features whose name a text is."""
    return [(layer, int(row)) for layer in layers for row in _rows(_names(layer), text)]


def _in_turn(text: str, layers: Iterator[Layer], others: Callable[[], list[Layer]]) -> Place | None:
    """Look through one layer after the other, each a level of its own."""
    found = (_among(text, [layer], called, others) for layer in layers for called in (_ids, _names))
    return next(filter(None, found), None)


def _candidate_layers(
    text: str, pack: Pack, names: Sequence[str], opened: Opened, changed: Collection[str]
) -> Iterator[Layer]:
    """Open those of the layers in whose files the text stands at all."""
    for name in names:
        if name in changed or _may_hold(pack, name, text):
            yield opened(name)


def _place_layers(pack: Pack) -> tuple[list[str], list[str]]:
    """Return the layers in which a place is looked for by its name, and those that come last."""
    hidden = {pack.role(each).layer for each in _NOT_PLACES if pack.has_role(each)}
    late = pack.role(_LAST).options["layers"] if pack.has_role(_LAST) else []
    first = [each for each in pack.names if each not in hidden and each not in late]
    return first, [each for each in late if each in pack.names]


def _may_hold(pack: Pack, name: str, text: str) -> bool:
    """Look for the bytes of a text in a layer's file; where they may be written otherwise, it may."""
    path = pack.path(name)
    plain = text.isascii() and not set(text) & set("\"\\/&<>'")
    if not plain or path.suffix not in (".geojson", ".csv", ".json"):
        return True
    return path.is_file() and text.casefold().encode() in path.read_bytes().lower()


def _several(text: str, hits: list[tuple[Layer, int]]) -> str:
    return f"'{text}' can mean {len(hits)} places: say which, as one of {_listed(text, hits)}."


def _longer(text: str, layers: list[Layer]) -> str:
    """Ask whether a place was meant that has the text in its name; empty if there is none."""
    hits = _in_names(text, layers)
    return f" Or did you mean {_listed(text, hits)}?" if hits else ""


def _in_names(text: str, layers: list[Layer]) -> list[tuple[Layer, int]]:
    """Return the features that have a text in their names, as one word or several."""
    whole = re.compile(rf"(?<!\w){re.escape(text)}(?!\w)", re.IGNORECASE)
    return [
        (layer, row)
        for layer in layers
        for row, names in enumerate(_names(layer))
        if any(whole.search(each) for each in names)
    ]


def _shown(text: str, hits: list[tuple[Layer, int]]) -> str:
    """List the first features for a sentence, by what they are typed as."""
    return _listed(text, hits, most=_SHOWN)


def _listed(text: str, hits: list[tuple[Layer, int]], *, most: int = 8) -> str:
    named = []
    for layer, row in hits:
        key = layer.frame[layer.key].iloc[row] if layer.key else row + 1
        name = layer.frame[layer.label].iloc[row] if layer.label else ""
        named.append(f"{layer.name}:{key}" + (f" ({name})" if name not in ("", key, text) else ""))
    more = len(named) - most
    return ", ".join(named[:most]) + (f" and {more:,} more" if more > 0 else "")


def _all_names(pack: Pack, opened: Opened) -> list[str]:
    layers = [opened(each) for each in _place_layers(pack)[0]]
    named = [
        each
        for called in (_names, _ids, _aliases)
        for layer in layers
        for some in called(layer)
        for each in some
    ]
    return list(dict.fromkeys([*named, *pack.names]))


# By postcode


def _postcode(text: str, pack: Pack, opened: Opened, changed: Collection[str]) -> Place | None:
    """Find a postcode or a sector in the pack's look-up; None if the text has another form."""
    folded = text.upper()
    whole = _POSTCODE.fullmatch(folded.replace(" ", ""))
    sector = _SECTOR.fullmatch(folded)
    if (whole is None and sector is None) or not pack.has_role("lookup"):
        return None
    role = pack.role("lookup")
    parts = whole.groups() if whole is not None else sector.groups() if sector is not None else ()
    more = 0 if whole is not None else 2
    plain = role.layer not in changed
    found = _look_up(pack, role, "".join(parts), more, opened, plain=plain)
    if len(found.rows) and whole is not None:
        return _whole_postcode(text, found, role)
    if len(found.rows):
        return _sector(text, found)
    kind = "postcode" if whole is not None else "postcode sector"
    raise UsageError(
        f"The {kind} '{text}' is not among the {found.total:,} postcodes of {pack.region}: "
        f"check it, or give its position as 'latitude,longitude'."
    )


def _whole_postcode(text: str, found: _Found, role: Role) -> Place:
    """Return one postcode, and say so if it is not known where it lies."""
    layer, unknown = found.layer.with_frame(found.layer.frame.iloc[:1]), bool(found.elsewhere[0])
    if unknown:
        name = str(layer.frame[role.field].iloc[0])
        shared = shared_point(name, others=int(found.at_point[0]) - 1)
        layer = layer.noting(f"{shared}, so where {name} lies is not known.")
    return Place(text, "postcode", layer, layer.name, found.rows[:1], elsewhere=int(unknown))


def _refuse_cut_postcode(text: str, pack: Pack) -> None:
    """Refuse a postcode whose last letter is missing."""
    found = _CUT_POSTCODE.fullmatch(text.upper())
    if found is not None and pack.has_role("lookup"):
        raise UsageError(
            f"'{text}' is an incomplete postcode: write all of it, or its sector alone, '{found[1]} {found[2]}'."
        )


def _sector(text: str, found: _Found) -> Place:
    """Return the postcodes of a sector that tell where it lies, and say which do not; all, if most do not."""
    unknown, telling = int(found.elsewhere.sum()), tells_where(found.elsewhere)
    layer, rows = found.layer, found.rows
    if unknown and telling.any():
        shared = shared_point(f"{unknown:,} of the postcodes of {text.upper()}", unknown)
        are = "is" if unknown == 1 else "are"
        layer = layer.with_frame(layer.frame[telling].reset_index(drop=True))
        layer = layer.noting(f"{shared}, and {are} left out.")
        rows, unknown = tuple(np.array(rows)[telling].tolist()), 0
    return Place(text, "sector", layer, layer.name, rows, elsewhere=unknown)


@dataclass(frozen=True, slots=True)
class _Found:
    """Some rows of a look-up.

    Attributes
    ----------
    layer, rows
        These rows, and their row numbers.
    total
        How many postcodes the look-up has.
    at_point
        How many of them have exactly the point of each of these rows.
    elsewhere
        Of which of these rows it is not known where they lie.
    """

    layer: Layer
    rows: tuple[int, ...]
    total: int
    at_point: Any
    elsewhere: Any


def _look_up(
    pack: Pack, role: Role, start: str, more: int, opened: Opened, *, plain: bool
) -> _Found:
    """Return the rows of the look-up whose code is `start` and `more` further letters.

    A look-up in CSV is read line by line: making points of tens of thousands of rows to use one of them would be most
    of the time that a question takes. `plain` tells whether the file holds what is opened.
    """
    path, metadata = pack.path(role.layer), pack.metadata(role.layer)
    data = path.read_bytes() if plain and path.suffix == ".csv" and path.is_file() else b""
    simple = bool(data and b'"' not in data and metadata.x and metadata.y)
    names, *lines = (data.decode("utf-8-sig").splitlines() if simple else []) or [""]
    all_points = _points(data, metadata, len(lines)) if simple else None
    if all_points is None:
        layer = opened(role.layer)
        codes = layer.frame[role.field].astype(str)
        rows = tuple(n for n, code in enumerate(codes) if _matches(code, start, more))
        shapes = layer.frame.geometry.to_numpy()
        counts = _at_point(shapely.get_x(shapes), shapely.get_y(shapes), list(rows))
        some = layer.frame.iloc[list(rows)].reset_index(drop=True)
        return _found(layer.with_frame(some), rows, len(codes), counts, role)
    columns = names.split(",")
    at, first = columns.index(role.field), start[:2]
    rows = tuple(
        n
        for n, line in enumerate(lines)
        if first in line.upper() and _matches(line.split(",")[at], start, more)
    )
    frame = pd.DataFrame([lines[n].split(",") for n in rows], columns=columns)
    x, y = frame.pop(metadata.x).astype("float64"), frame.pop(metadata.y).astype("float64")
    if "position_error_m" in frame.columns:
        frame["position_error_m"] = pd.to_numeric(frame["position_error_m"], errors="coerce")
    points = gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(x, y), crs=metadata.crs)
    source = Input(path.name, hashlib.sha256(data).hexdigest())
    counts = _at_point(*all_points, list(rows))
    return _found(Layer(points, metadata, (source,)), rows, len(lines), counts, role)


def _found(layer: Layer, rows: tuple[int, ...], total: int, counts: Any, role: Role) -> _Found:
    """Put to rows of a look-up how exactly it is known where they lie; what the look-up itself says of that stands."""
    stated = "position_error_m" in layer.frame.columns
    unknown = np.zeros(len(rows), dtype=bool) if stated else elsewhere(counts)
    located = layer.with_frame(with_point_errors(layer.frame, role, unknown))
    return _Found(located, rows, total, counts, unknown)


def _at_point(x: Any, y: Any, rows: list[int]) -> Any:
    """Return how many postcodes have the point of each of some rows; only what can be at one of these is counted."""
    counts = np.zeros(len(x), dtype=np.int64)
    same = np.isin(x, x[rows])
    counts[same] = at_point(x[same], y[same])
    return counts[rows]


def _points(data: bytes, metadata: Metadata, count: int) -> tuple[Any, Any] | None:
    """Read the coordinates of a simple CSV of so many rows; None if it is not as simple as that."""
    import pyarrow as pa  # which few places need
    from pyarrow import csv

    names = [metadata.x, metadata.y]
    numbers = csv.ConvertOptions(
        include_columns=names, column_types=dict.fromkeys(names, pa.float64())
    )
    try:
        table = csv.read_csv(
            pa.BufferReader(data),
            read_options=csv.ReadOptions(use_threads=False),
            convert_options=numbers,
        )
    except pa.ArrowException:
        return None
    x, y = (table[name].to_numpy() for name in names)
    return (x, y) if len(x) == count else None


def _matches(code: str, start: str, more: int) -> bool:
    folded = code.upper().replace(" ", "")
    return folded.startswith(start) and len(folded) == len(start) + more
