"""The columns of a join: what they are called, what they mean, and which of them a terminal shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lcrmap.analysis.attaching import column_names
from lcrmap.analysis.certainty import ERROR_COLUMN
from lcrmap.errors import UnknownNameError
from lcrmap.layers import Field, Layer
from lcrmap.maps.shapes import LABEL_COLUMNS
from lcrmap.verbs.areas import with_sources_of
from lcrmap.verbs.numbers import in_sentence

__all__ = [
    "attached_names",
    "flag_names",
    "joined_layer",
    "main_columns",
]

_MOST_ATTACHED = 4  # attached columns that a terminal shows
_MAIN_FLAGS = ("on_border", "could_also_be", "matches", "overlap_share", "nearest", "nearest_m")


def attached_names(
    left: Layer, right: Layer, take: Sequence[str] | None, prefix: str
) -> tuple[dict[str, str], list[str]]:
    """Name the attached columns, and say which could not keep the name that was meant for them.

    Raises
    ------
    UnknownNameError
        If the right layer lacks a column that is to be taken.
    """
    columns = [str(each) for each in right.frame.columns if each != right.frame.geometry.name]
    for column in take or ():
        if column not in columns:
            raise UnknownNameError("column", column, columns, where=right.name)
    wanted = [each for each in columns if each not in LABEL_COLUMNS]
    if take is not None:
        wanted = list(dict.fromkeys(take))
    there = [str(each) for each in left.frame.columns]
    names = column_names(there, wanted, prefix=prefix, clash=_clash(right))
    renamed = [f"'{old}' as '{new}'" for old, new in names.items() if new != prefix + old]
    note = f"Attached under another name, as {left.name} has the column too: {', '.join(renamed)}."
    return names, [note] if renamed else []


def flag_names(
    left: Layer, right: Layer, names: dict[str, str], flags: Iterable[str]
) -> dict[str, str]:
    """Name the columns that say how a feature was matched; a join of a join keeps the earlier ones."""
    there = [*map(str, left.frame.columns), *names.values()]
    return column_names(there, list(flags), clash=_clash(right))


def _clash(right: Layer) -> str:
    noun = right.metadata.noun_one
    word = right.name if noun == "feature" else noun
    return "".join(each if each.isalnum() else "_" for each in word.lower()) + "_"


def joined_layer(
    left: Layer, right: Layer, names: dict[str, str], flags: dict[str, str], *, repeated: bool
) -> Layer:
    """Return the left layer with the fields of what was attached, and the sources of both.

    Parameters
    ----------
    repeated
        Whether a feature can come more than once, so that its key no longer names a row.
    """
    attached = [
        replace(right.field(old), name=new, title=_title(right, old, new), required=False)
        for old, new in names.items()
    ]
    own = {str(each) for each in left.frame.columns}
    fields = [each for each in left.metadata.fields if each.name in own]
    described = _flag_fields(right)
    told = [replace(described[old], name=new) for old, new in flags.items()]
    metadata = with_sources_of(left.metadata, right.metadata).replaced(
        key="" if repeated else left.metadata.key,
        label=left.label,
        fields=(*fields, *attached, *told),
    )
    return Layer(left.frame, metadata, tuple(dict.fromkeys((*left.inputs, *right.inputs))))


def _title(right: Layer, old: str, new: str) -> str:
    """Return an attached column's title; one that was renamed says whose it is."""
    title = right.field(old).title
    if new == old:
        return title
    noun = right.metadata.noun_one
    whose = right.metadata.title if noun == "feature" else noun
    return f"{whose[:1].upper()}{whose[1:]} {in_sentence(title)}"


def _flag_fields(right: Layer) -> dict[str, Field]:
    noun = right.metadata.noun_one
    circle = f"the circle of {ERROR_COLUMN}"
    described = (
        Field("on_border", "On a shared border", "boolean", f"Touches more than one {noun}"),
        Field(
            "area_certain",
            f"{noun.capitalize()} certain",
            "boolean",
            f"Whether {circle} lies in one {noun} only; empty where the error is unknown",
        ),
        Field(
            "could_also_be",
            "Could also be",
            "string",
            f"Keys of any other {noun} that {circle} reaches",
        ),
        Field("matches", "Matches", "integer", f"Number of matched features of {right.name}"),
        Field("overlap_share", "Overlap", "number", f"Share of the feature inside the {noun}", "%"),
        Field("snapped", "Snapped", "boolean", f"Joined to the nearest {noun}, as none matched"),
        Field("nearest", "Nearest", "string", f"Nearest feature of {right.name}, if none matched"),
        Field("nearest_m", "Distance to it", "number", "Geodesic", "m"),
    )
    return {each.name: each for each in described}


def main_columns(
    left: Layer,
    right: Layer,
    names: dict[str, str],
    flags: dict[str, str],
    asked: Sequence[str] = (),
) -> tuple[str, ...]:
    """Return the columns that a terminal shows: who, what was attached, and how it was matched.

    Parameters
    ----------
    asked
        Columns of the right layer that were asked for by name, all of which are shown.
    """
    named = [names[each] for each in (right.label, right.key, *asked) if each in names]
    attached = [*named, *(each for each in names.values() if each not in named)]
    told = [flags[each] for each in _MAIN_FLAGS if each in flags]
    most = max(_MOST_ATTACHED, len(named))
    return tuple(filter(None, (left.label or left.key, *attached[:most], *told)))
