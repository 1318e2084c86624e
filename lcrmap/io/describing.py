"""Metadata of a layer that a user brings: carried by the file if lcrmap wrote it, else told from the frame.

What a file carries is somebody else's text: its form is checked part by part, and what does not fit is left
out, with a note.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from dataclasses import fields as attributes
from typing import Any

import geopandas as gpd
import pandas as pd

from lcrmap.errors import DataError
from lcrmap.io.reading import Reading
from lcrmap.layers import Field, Input, Metadata
from lcrmap.layers.addresses import is_link
from lcrmap.layers.metadata import GeometryKind

__all__ = [
    "LONGEST_NAME",
    "MOST_CATEGORIES",
    "Facts",
    "carried_inputs",
    "category_candidates",
    "columns_to_look_at",
    "counted",
    "describe",
    "describe_by",
    "geometry_kind",
    "kebab",
    "key_candidates",
    "kind_of_types",
]

_LONGEST_TEXT = 4000
_MOST_PARTS = 2000
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-z][a-z0-9-]{0,40}")
_SYMBOL = re.compile(r"[a-z][a-z0-9_-]{0,40}")
_TYPES = frozenset(
    ("string", "integer", "number", "boolean", "date", "datetime", "year", "array", "object", "any")
)

# What a file may say of a column in which something narrower than text is found; of text it may say anything.
_BELIEVED = {
    "integer": ("integer", "number", "year", "any"),
    "number": ("number", "any"),
    "boolean": ("boolean", "any"),
    "array": ("array", "object", "any"),
    "object": ("array", "object", "any"),
}

# Columns that may hold keys, the likeliest first. A running number of whoever wrote the file (also a feature's own
# id, where it is a number) is no key that others know, and two places may share a postcode.
_KEYS = ("key", "code", "uprn", "urn", "usrn", "toid", "ref", "reference", "uid", "h3")
_GSS_CODE = re.compile(r"[a-z]+\d\dcd", re.IGNORECASE)
_CODE = re.compile(r".*(_id|code|cd)", re.IGNORECASE)
_RUNNING = re.compile(r"(object|ogc_f|g|f)id(_\d+)?", re.IGNORECASE)
_POSTCODE = re.compile(r"post_?code", re.IGNORECASE)
_LABELS = ("name", "title", "label", "site", "place")
_CATEGORIES = ("category", "type", "kind", "sector", "class")
LONGEST_NAME = 80  # characters: what is longer describes a feature
MOST_CATEGORIES = 7  # as many as the palette tells apart

_KINDS: dict[str, GeometryKind] = {
    "Point": "point",
    "MultiPoint": "point",
    "LineString": "line",
    "MultiLineString": "line",
    "LinearRing": "line",
    "Polygon": "area",
    "MultiPolygon": "area",
}


_NOUNS: dict[GeometryKind, tuple[str, str]] = {
    "point": ("place", "places"),
    "line": ("line", "lines"),
    "area": ("area", "areas"),
    "mixed": ("feature", "features"),
    "none": ("feature", "features"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the values of a layer tell of it.

    Attributes
    ----------
    kind
        The kind of its shapes.
    is_key
        Tells whether the values of a column are all there and all different.
    distinct
        Returns how many different values a column has.
    can_name
        Tells whether the values of a column of texts are all there, all different, and short.
    """

    kind: GeometryKind
    is_key: Callable[[str], bool]
    distinct: Callable[[str], int]
    can_name: Callable[[str], bool]


def describe(
    reading: Reading, name: str, title: str, *, label: str = ""
) -> tuple[Metadata, tuple[str, ...]]:
    """Return what is known of a layer that was read, and notes on what was not believed.

    Parameters
    ----------
    name, title
        What to call it if the file does not carry its own.
    label
        The column by which its rows were placed, which names them where none is called so; empty if none was.

    Examples
    --------
    >>> import shapely
    >>> frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(0, 0)])
    >>> metadata, notes = describe(Reading(frame, {"id": "string"}), "sites", "Sites")
    >>> metadata.key, metadata.geometry
    ('id', 'point')
    """
    return describe_by(_facts(reading.frame), reading, name, title, label=label)


def describe_by(
    facts: Facts, reading: Reading, name: str, title: str, *, label: str = ""
) -> tuple[Metadata, tuple[str, ...]]:
    """Do the same by what is known of the values of all rows, whatever rows the reading has."""
    types = reading.types
    carried = _believed(reading.carried)
    keys, categories = _candidates(types, carried)
    told = Metadata(
        name=name,
        title=title,
        geometry=facts.kind,
        noun_one=_NOUNS[facts.kind][0],
        noun_many=_NOUNS[facts.kind][1],
        key=next(filter(facts.is_key, keys), ""),
        label=_label(types) or label or _sole_name(facts, types),
        category=next(filter(_tells_apart(facts), categories), ""),
        x=reading.x,
        y=reading.y,
        fields=tuple(_field(column, each) for column, each in types.items()),
    )
    if reading.carried is None:
        return told, ()
    if carried is None:
        return told, (f"The metadata that '{title}' carries are broken and left out.",)
    return _merged(told, carried, types), ()


def columns_to_look_at(
    types: dict[str, str], carried: Any
) -> tuple[list[str], list[str], list[str]]:
    """Return the columns whose values tell what a layer does not say of itself.

    Parameters
    ----------
    carried
        lcrmap's own metadata as found; None if there is none.

    Returns
    -------
    list, list, list
        Those that may hold keys, those that may be categories, and those that hold keys, as the layer says.
    """
    believed = _believed(carried)
    said = [believed.key] if believed is not None and believed.key in types else []
    return *_candidates(types, believed), said


def _candidates(types: dict[str, str], carried: Metadata | None) -> tuple[list[str], list[str]]:
    """Return the columns that may hold keys or categories, where the layer does not say which do."""
    if carried is None:
        return key_candidates(types), category_candidates(types)
    return [] if carried.key in types else key_candidates(types), []


def _facts(frame: gpd.GeoDataFrame) -> Facts:
    def is_key(name: str) -> bool:
        column = frame[name]
        return bool(len(column) and column.notna().all() and column.is_unique)

    def can_name(name: str) -> bool:
        return is_key(name) and bool(
            frame[name].astype("str").str.len().between(1, LONGEST_NAME).all()
        )

    return Facts(geometry_kind(frame), is_key, lambda name: int(frame[name].nunique()), can_name)


def kebab(text: str) -> str:
    """Return a name as it is typed on the command line.

    Examples
    --------
    >>> kebab("My Sites_2024 (final)")
    'my-sites-2024-final'
    """
    return re.sub(r"[^\w]+|_", "-", text.casefold()).strip("-") or "layer"


def geometry_kind(frame: gpd.GeoDataFrame) -> GeometryKind:
    """Return the kind of the shapes: point, line, area, mixed, or none."""
    return kind_of_types(
        each for each in frame.geometry.geom_type.unique() if isinstance(each, str)
    )


def kind_of_types(names: Iterable[str]) -> GeometryKind:
    """Return the kind that shapes of these types are together."""
    kinds = {_KINDS.get(each, "mixed") for each in names}
    if not kinds:
        return "none"
    return kinds.pop() if len(kinds) == 1 else "mixed"


def counted(count: int, shape_type: str) -> str:
    """Say how many features there are, by the type of their shapes.

    Examples
    --------
    >>> counted(1, "Point"), counted(2000, "MultiPolygon"), counted(2, "None")
    ('1 place', '2,000 areas', '2 features')
    """
    one, many = _NOUNS[_KINDS.get(shape_type, "mixed")]
    return f"{count:,} {one if count == 1 else many}"


def carried_inputs(carried: Any) -> tuple[Input, ...]:
    """Return the files that a carried metadata names as those behind it."""
    raw = carried.get("inputs", []) if isinstance(carried, dict) else []
    found = []
    for each in raw[:_MOST_PARTS] if isinstance(raw, list) else []:
        if not isinstance(each, dict):
            continue
        name, digest = each.get("name"), each.get("sha256")
        if isinstance(name, str) and isinstance(digest, str) and _is_digest(digest):
            found.append(Input(name.replace("\\", "/").rsplit("/", 1)[-1][:255], digest))
    return tuple(found)


def _is_digest(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{64}", text) is not None


def key_candidates(types: dict[str, str]) -> list[str]:
    """Return the columns that by their names may hold keys, the likeliest first.

    Examples
    --------
    >>> key_candidates({"OBJECTID": "integer", "id": "integer", "WD24CD": "string", "postcode": "string"})
    ['WD24CD', 'id', 'OBJECTID', 'postcode']
    >>> key_candidates({"LSOA21CD": "string", "URN": "integer", "id": "string"})
    ['id', 'URN', 'LSOA21CD']
    """
    able = [name for name, kind in types.items() if kind in ("string", "integer")]
    folded = {name.casefold(): name for name in reversed(able)}
    own = folded.get("id", "")
    at_first = own if own and types[own] == "string" else ""
    postcodes = [name for name in able if _POSTCODE.search(name)]
    ranked = [
        at_first,
        *(folded[each] for each in _KEYS if each in folded),
        *filter(_GSS_CODE.fullmatch, able),
        own,
        *(name for name in able if _CODE.fullmatch(name) and name not in postcodes),
        *filter(_RUNNING.fullmatch, able),
        *postcodes,
    ]
    return list(dict.fromkeys(filter(None, ranked)))


def _label(types: dict[str, str]) -> str:
    folded = {name.casefold(): name for name in reversed(types)}
    for each in _LABELS:
        if each in folded:
            return folded[each]
    return next((name for name in types if re.search(r"(name|nm)$", name, re.IGNORECASE)), "")


def _sole_name(facts: Facts, types: dict[str, str]) -> str:
    """Return the one column of texts that can name areas; empty if none can, or several."""
    if facts.kind != "area":
        return ""
    able = [name for name, kind in types.items() if kind == "string" and facts.can_name(name)]
    return able[0] if len(able) == 1 else ""


def category_candidates(types: dict[str, str]) -> list[str]:
    """Return the text columns that by their names sort the features, the likeliest first."""
    folded = {name.casefold(): name for name in reversed(types)}
    named = [folded[each] for each in _CATEGORIES if each in folded]
    return [name for name in named if types[name] == "string"]


def _tells_apart(facts: Facts) -> Callable[[str], bool]:
    return lambda name: 2 <= facts.distinct(name) <= MOST_CATEGORIES


def _field(column: str, kind: str) -> Field:
    title = column.replace("_", " ").strip()
    return Field(name=column, title=(title[:1].upper() + title[1:]) or column, type=kind)


def _believed(raw: Any) -> Metadata | None:
    """Return carried metadata in which every part has its proper type, or None."""
    if not isinstance(raw, dict):
        return None
    try:
        metadata = Metadata.from_resource(raw)
    except (DataError, RecursionError):
        return None
    parts: list[Any] = [metadata, *metadata.fields, *metadata.licences, *metadata.sources]
    parts += [each for field in metadata.fields for each in field.categories]
    return metadata if all(map(_bearable, parts)) else None


def _bearable(part: Any) -> bool:
    """Tell whether every text and every list is of bearable length."""
    for attribute in attributes(part):
        value = getattr(part, attribute.name)
        if isinstance(value, tuple):
            if len(value) > _MOST_PARTS:
                return False
        elif len(str(value)) > _LONGEST_TEXT:
            return False
    return True


def _merged(told: Metadata, carried: Metadata, types: dict[str, str]) -> Metadata:
    """Return carried metadata, held to the columns and shapes that are really there."""
    known = {each.name: each for each in carried.fields}
    fields = tuple(
        _trusted_field(known[each.name], each.type) if each.name in known else each
        for each in told.fields
    )
    return carried.replaced(
        name=kebab(carried.name),
        geometry=told.geometry,
        key=carried.key if carried.key in types else told.key,
        label=carried.label if carried.label in types else told.label,
        category=carried.category if carried.category in types else "",
        breakdown=carried.breakdown if carried.breakdown in types else "",
        colour=_matching(_COLOUR, carried.colour),
        symbol=_matching(_SYMBOL, carried.symbol),
        fields=fields,
        licences=tuple(replace(each, url=_web(each.url)) for each in carried.licences),
        sources=tuple(replace(each, url=_web(each.url)) for each in carried.sources),
        path="",
        crs="",
        x="",
        y="",
    )


def _trusted_field(field: Field, found: str) -> Field:
    categories = tuple(
        replace(
            each, colour=_matching(_COLOUR, each.colour), symbol=_matching(_SYMBOL, each.symbol)
        )
        for each in field.categories
    )
    believed = field.type in _TYPES and field.type in _BELIEVED.get(found, _TYPES)
    kind = field.type if believed else found
    return replace(field, type=kind, categories=categories)


def _matching(pattern: re.Pattern[str], text: str) -> str:
    return text if pattern.fullmatch(text) else ""


def _web(address: str) -> str:
    return address if is_link(address) else ""


def is_missing(value: Any) -> bool:
    """Tell whether a cell is empty, lists and objects never being so."""
    return not isinstance(value, list | dict | tuple) and bool(pd.isna(value))
