"""Everything that is to be said of a file: what its reader says, and what all rules find, at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from lcrmap.checks import Claim, Distance, Fault, Subject
from lcrmap.checks.thorough import RULES, check_thoroughly
from lcrmap.errors import DataError, LcrmapError, MissingFileError, UnknownNameError, UsageError
from lcrmap.io.area_codes import column_claims
from lcrmap.io.describing import describe, kebab
from lcrmap.io.formats import format_named, suffix_format
from lcrmap.io.opening import layer_of_pack, locate, open_layer, placed_reading, region_of
from lcrmap.io.paths import files_meant, is_file
from lcrmap.io.readers import read_file
from lcrmap.io.reading import Asked, Reading
from lcrmap.layers import Metadata, Pack
from lcrmap.layers.constraints import constraints_of
from lcrmap.layers.points import is_placed

__all__ = ["Said", "entry", "inspect_file", "inspect_files", "titles"]

_UNREADABLE: Final = "unreadable"
_READER: Final = "reader"
_OF_READERS: Final = {
    _UNREADABLE: """Find files that cannot be read.

    The message is the one with which every command refuses the file: what is wrong, where, and how to mend it. Nothing
    else is looked at, since nothing was read.""",
    _READER: """Find what a reader guessed, left out or took as it stands.

    Which columns hold the positions, rows without one, titles, units and totals left out, the encoding. Each names the
    option that decides otherwise.""",
}
_OF_OUTLINES: Final = frozenset(
    (
        "invalid-shape",
        "winding",
        "duplicate-vertices",
        "spike",
        "sliver",
        "overlap",
        "gap",
        "duplicate-name",
    )
)
_LINE: Final = re.compile(r"\blines? (\d+)", re.IGNORECASE)
_SEVERITIES: Final = {"fault": "error", "notice": "warning"}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that is to be said of a file.

    Attributes
    ----------
    rule
        The id of the rule that found it.
    severity
        ``error``, ``warning`` or ``note``.
    message
        What is wrong and how to mend it, in one sentence.
    line, column
        Where in the file, from 1; None where it is not a file of lines, or about all of it.
    feature
        What the feature is called in the file: its key, or its number; empty if it is about the whole.
    lon, lat
        Where the feature lies, in degrees; None if it lies nowhere.
    """

    file: str
    rule: str
    severity: str
    message: str
    line: int | None = None
    column: int | None = None
    feature: str = ""
    lon: float | None = None
    lat: float | None = None


def inspect_file(
    text: str,
    asked: Asked,
    *,
    pack: Pack,
    distance: Distance,
    inside: gpd.GeoDataFrame | None = None,
) -> tuple[Said, ...]:
    """Say all that is to be said of a file.

    Parameters
    ----------
    text
        The file, or a layer in it, as `lcrmap.io.opening.open_layer` takes it.
    asked
        How it is read.
    distance
        What measures (`lcrmap.analysis.proximity.distance`).
    inside
        Areas in which all features are meant to lie.

    Returns
    -------
    tuple
        Errors first, then warnings and notes, each in the order of its rows.

    Raises
    ------
    MissingFileError, UsageError, UnknownNameError
        If there is no such file, or it is no file.
    """
    path, part = locate(text, pack)
    own = _described(path, pack)
    schema = constraints_of(pack, own.name) if own is not None else ()
    if own is not None and suffix_format(path) == format_named("csv"):
        asked = replace(
            asked,
            x=asked.x or own.x,
            y=asked.y or own.y,
            crs=asked.crs or own.crs,
            types={each.name: each.type for each in own.fields},
        )
    try:
        reading = read_file(path, replace(asked, part=part))
        placed = placed_reading(reading, asked, f"'{path}'", pack)
        reading = placed.reading
    except (MissingFileError, UsageError, UnknownNameError):
        raise
    except LcrmapError as error:
        return (_refused(text, str(error)),)
    metadata, notes = describe(reading, kebab(path.stem), path.stem)
    found = suffix_format(path)
    subject = Subject(
        reading.frame,
        f"'{path}'",
        region=region_of(pack),
        need_geometry=not len(reading.frame),  # without features nothing can be asked of it
        row_numbers=reading.row_numbers,
        row_word=reading.row_word,
        key=metadata.key,
        label=metadata.label,
        x=reading.x,
        y=reading.y,
        format=found.name if found else "",
        inside=inside,
        claims=tuple(_claims(reading, pack)),
        schema=schema,
        distance=distance,
    )
    drawn = placed.areas is None  # else the outlines are the data pack's, and no fault of the file
    said = [
        each
        for fault in check_thoroughly(subject)
        if drawn or fault.rule.id not in _OF_OUTLINES
        for each in _of(fault, subject, text, reading)
    ]
    said += [_noted(text, each) for each in (*reading.notes, *notes)]
    return tuple(said)


def inspect_files(
    files: Iterable[str],
    asked: Asked,
    pack: Pack,
    *,
    distance: Distance,
    inside: str | None = None,
    select: str | None = None,
    ignore: str | None = None,
    found: Callable[[str], str] = str,
) -> list[Said]:
    """Say all that is to be said of files, by the rules that are looked at.

    Parameters
    ----------
    distance
        What measures (`lcrmap.analysis.proximity.distance`).
    inside
        The layer of areas in which all features are meant to lie; None not to look at that.
    select, ignore
        The ids of the rules that are looked at alone, and of those that are not, with commas between them.
    found
        Returns what is opened for a file, of which is said by its own name what is found; the name itself by default.

    Raises
    ------
    UnknownNameError
        If there is no such rule.
    """
    wanted = _chosen(titles(), select, ignore)
    areas = open_layer(inside, pack=pack).frame if inside else None
    return [
        _by_name(each, file, opened)
        for file, opened in ((each, found(each)) for each in files)
        for each in inspect_file(opened, asked, pack=pack, distance=distance, inside=areas)
        if each.rule in wanted
    ]


def _by_name(said: Said, name: str, opened: str) -> Said:
    """Return what is said of a file under the name by which it was asked for, wherever it lies."""
    if opened == name:
        return said
    path, part = next((each for each in files_meant(opened) if is_file(each[0])), (opened, ""))
    bare = name.removesuffix(part)
    return replace(said, file=name, message=said.message.replace(str(Path(path)), bare))


def _chosen(rules: Iterable[str], select: str | None, ignore: str | None) -> set[str]:
    """Return the ids of the rules that are looked at."""
    known = set(rules)

    def listed(text: str | None) -> set[str]:
        ids = {each.strip() for each in (text or "").split(",") if each.strip()}
        for each in sorted(ids - known):
            raise UnknownNameError("rule", each, sorted(known))
        return ids

    return (listed(select) or known) - listed(ignore)


def _described(path: Path, pack: Pack) -> Metadata | None:
    """Return the layer of the pack whose file this is; None for any other file."""
    for each in pack:
        try:
            if path.samefile(pack.path(each.name)):
                return each
        except (OSError, DataError):
            continue  # that one is not there, or leads out of the pack
    return None


def _noted(file: str, message: str) -> Said:
    """Return what a reader guessed or left out, with the first line that its sentence names."""
    line = _LINE.search(message)
    return Said(file, _READER, "note", message, int(line[1]) if line else None)


def titles() -> dict[str, str]:
    """Return what each rule finds, by its id, in the order in which they are looked at."""
    return {name: _text_of(name).splitlines()[0] for name in (*_OF_READERS, *RULES)}


def entry(rule: str) -> str:
    """Return all that is known of a rule, as Markdown: what it finds, how bad that is, why, and what to do.

    Examples
    --------
    >>> entry("null-island").splitlines()[0]
    '## null-island'
    """
    known = RULES.get(rule)
    severity = _SEVERITIES[known.severity] if known else "error" if rule == _UNREADABLE else "note"
    always = known is None or known.opens
    when = (
        "Looked at whenever a file is opened." if always else "Looked at by `lcrmap check` alone."
    )
    title, _, rest = _text_of(rule).partition("\n")
    text = "\n".join(line.strip() for line in rest.strip().splitlines())
    parts = [f"## {rule}", title.strip(), f"Severity: {severity}. {when}", text]
    return "\n\n".join(part for part in parts if part)


def _text_of(rule: str) -> str:
    return (_OF_READERS.get(rule) or RULES[rule].find.__doc__ or rule).strip()


def _refused(file: str, message: str) -> Said:
    """Return what a reader refused, with the line that its message names."""
    line = _LINE.search(message)
    return Said(file, _UNREADABLE, "error", message, int(line[1]) if line else None)


def _claims(reading: Reading, pack: Pack) -> Iterator[Claim]:
    """Give the columns that say in which area of the pack each feature lies."""
    if not (shapely.get_type_id(reading.frame.geometry) == 0).any():
        return
    opened = partial(layer_of_pack, pack=pack)
    for match in column_claims(reading.frame, pack, opened):
        names = match.areas.names if match.by_name else match.areas.keys
        yield Claim(match.column, match.areas.shapes, match.rows, tuple(map(str, names)))


def _of(fault: Fault, subject: Subject, file: str, reading: Reading) -> Iterator[Said]:
    """Give one thing said for each row that a rule names; one for all, where it names none."""
    finding, severity = fault.finding, _SEVERITIES[fault.rule.severity]
    if not finding.rows:
        yield Said(file, fault.rule.id, severity, fault.sentence)
        return
    details = finding.details or ("",) * len(finding.rows)
    numbers = subject.row_numbers(finding.rows)
    places = _places(reading.frame, finding.rows)
    lines = subject.row_word == "line"
    for row, number, detail, place in zip(finding.rows, numbers, details, places, strict=True):
        what = f"{detail}: {finding.remedy}." if detail else f"It {finding.what}: {finding.remedy}."
        key = subject.frame[subject.key].iloc[row] if subject.key else number
        yield Said(
            file,
            fault.rule.id,
            severity,
            what[:1].upper() + what[1:],
            line=number if lines else None,
            column=1 if lines else None,
            feature=str(key),
            lon=place[0],
            lat=place[1],
        )


def _places(frame: gpd.GeoDataFrame, rows: Sequence[int]) -> list[tuple[Any, Any]]:
    """Return a point in degrees for each of some rows; None for both numbers where it lies nowhere."""
    shapes = np.asarray(frame.geometry.array, dtype=object)[list(rows)]
    points = gpd.GeoSeries(shapely.point_on_surface(shapes), crs=frame.crs)
    if frame.crs is None:
        return [(None, None)] * len(rows)
    at = shapely.get_coordinates(np.asarray(points.to_crs("EPSG:4326").array, dtype=object))
    there = is_placed(shapes)
    found: list[tuple[Any, Any]] = [(None, None)] * len(rows)
    for row, (lon, lat) in zip(np.flatnonzero(there), at, strict=True):
        found[row] = (round(float(lon), 7), round(float(lat), 7))
    return found
