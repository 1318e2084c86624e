"""From what a person types for a layer to the layer: a known name, else a file, else ``-``."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lcrmap.checks import Subject, check, raise_faults
from lcrmap.errors import (
    FileError,
    LcrmapError,
    MissingFileError,
    UnknownNameError,
    UsageError,
    close_names,
)
from lcrmap.io.columns import free_name
from lcrmap.io.crs import DEGREES
from lcrmap.io.describing import carried_inputs, describe, geometry_kind, is_missing, kebab
from lcrmap.io.formats import suffix_format
from lcrmap.io.paths import (
    files_meant,
    is_address,
    is_data_set,
    is_file,
    is_geodatabase,
    is_there,
    typed_path,
)
from lcrmap.io.readers import read_file, read_stream
from lcrmap.io.readers.geojson import read_bytes
from lcrmap.io.reading import Asked, Placed, Reading
from lcrmap.layers import Input, Layer, Metadata, Pack, open_pack
from lcrmap.layers.points import as_geometries

__all__ = [
    "input_of",
    "layer_of_pack",
    "layer_of_text",
    "locate",
    "open_frame",
    "open_layer",
    "placed_reading",
    "read_layer",
    "region_around",
    "region_of",
    "title_of",
    "without_folder",
]

# What pandas finds in a column, and what the Frictionless specification calls it.
_TYPES = {
    "boolean": "boolean",
    "integer": "integer",
    "floating": "number",
    "mixed-integer-float": "number",
    "decimal": "number",
    "datetime64": "datetime",
    "datetime": "datetime",
    "date": "date",
    "mixed-integer": "any",
}

# What a frame without a title is called, by the kind of its shapes.
_TITLES = {"point": "Places", "line": "Lines", "area": "Areas"}

Box = tuple[float, float, float, float]

_SHOWN = 5  # as many features a note lists
_SERIOUS = "far-from-region"  # the rule whose notice a page says below its headline

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_NAME = re.compile(r"[\w][\w -]*")


def open_layer(
    text: str,
    *,
    pack: Pack | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: str | None = None,
    match: str | None = None,
    encoding: str | None = None,
    strict: bool = False,
    stdin: BinaryIO | None = None,
    need_geometry: bool = False,
) -> Layer:
    """Open the layer that a text names.

    Parameters
    ----------
    text
        The name of a layer of the pack; else a file, of which ``file.gpkg:layer`` picks one of many; else
        ``-`` for standard input.
    pack
        The pack whose names are known; None for lcrmap's own.
    x, y
        The columns of a table that hold the coordinates, east-west and north-south.
    crs
        The code of the coordinate reference system, which goes before what the file says.
    match
        ``COLUMN=LAYER``: by which column the rows of a table are found among the areas of which layer of the pack.
    encoding
        The encoding of the text of a table or Shapefile; None to tell it by its bytes.
    strict
        Whether a table is refused in which a coordinate is no number.
    stdin
        Where ``-`` reads from; None for the process's own.
    need_geometry
        Whether a layer in which no feature has a position is refused.

    Returns
    -------
    Layer
        Rows in the order of the file, a fresh index from 0, longitude or easting first.

    Raises
    ------
    UnknownNameError
        If it looks like a name and nothing has it.
    FileError, GeometryError, CRSError
        If the input is broken.

    Examples
    --------
    >>> layer = open_layer("boroughs")
    >>> len(layer.frame)
    6
    """
    pack = pack or open_pack()
    asked = Asked(
        x=x or "",
        y=y or "",
        crs=crs or "",
        match=match or "",
        encoding=encoding or "",
        strict=strict,
    )
    return read_layer(
        text,
        asked,
        pack=pack,
        stdin=stdin,
        need_geometry=need_geometry,
        region=lambda: region_of(pack),
    )


def read_layer(
    text: str,
    asked: Asked,
    *,
    pack: Pack,
    stdin: BinaryIO | None,
    need_geometry: bool,
    region: Callable[[], Box | None],
    opened: Callable[[str], Layer] | None = None,
) -> Layer:
    """Do the same as `open_layer`, where the box in which positions are expected is known already.

    Parameters
    ----------
    opened
        Opens a layer of the pack by which a table finds its places; None to read the pack's file.
    region
        Returns the box, in degrees; called if positions are to be checked.
    """
    if text in pack.names:
        return layer_of_pack(text, pack)
    if is_address(text):
        raise FileError(
            f"'{text}' is an address in a store, which only join, count, near and show open, as their first layer and "
            f"as typed on the command line: download its files."
        )
    if is_data_set(text):
        raise FileError(
            f"'{text}' is a folder: name a file in it. A folder of GeoParquet is what join, count, near and show take "
            f"as their first layer."
        )
    if text == "-":
        data = _piped(stdin)
        reading = read_stream(data, asked)
        inputs = carried_inputs(reading.carried) or (Input("-", hashlib.sha256(data).hexdigest()),)
        placed = placed_reading(reading, asked, "Standard input", pack, opened)
        return _layer(placed, "Standard input", "Input", inputs, region(), need_geometry)
    path, part = locate(text, pack)
    reading = read_file(path, replace(asked, part=part))
    title = part or reading.title or title_of(path)
    inputs = (input_of(path, reading.sha256),)
    placed = placed_reading(reading, asked, f"'{path}'", pack, opened)
    layer = _layer(placed, f"'{path}'", title, inputs, region(), need_geometry)
    notes, warnings = (without_folder(each, path) for each in (layer.notes, layer.warnings))
    return replace(layer, notes=notes, warnings=warnings)


def placed_reading(
    reading: Reading,
    asked: Asked,
    where: str,
    pack: Pack,
    opened: Callable[[str], Layer] | None = None,
) -> Placed:
    """Give the rows of a table positions where its coordinates do not, and features none of which has a shape."""
    bare = reading.carried is None and len(reading.frame) and reading.frame.geometry.isna().all()
    if not (reading.table or bare):
        return Placed(reading)
    from lcrmap.io.placing import place_rows  # no layer of shapes needs it

    opened = opened or partial(layer_of_pack, pack=pack)
    return place_rows(reading, asked, where, pack=pack, opened=opened)


def _piped(stdin: BinaryIO | None) -> bytes:
    """Return all that comes from a stream, or from the process's own standard input."""
    if stdin is None and sys.stdin is None:
        raise FileError("Standard input is closed: pipe a layer into lcrmap, or name its file.")
    try:
        data = (stdin or sys.stdin.buffer).read()
    except OSError as error:
        raise FileError(f"Standard input cannot be read: {error.strerror}.") from error
    if data is None:  # of a stream that does not wait
        raise FileError("Standard input has nothing to read yet: write it to a file first.")
    return data


def title_of(path: Path) -> str:
    """Return what a layer is called that has no name but its file's."""
    return path.name.split(".")[0] or path.name


def without_folder(notes: Iterable[str], path: Path) -> tuple[str, ...]:
    """Return notes that name a file barely: they travel into pages, which must not tell where on a disk it lay."""
    return tuple(note.replace(str(path), path.name) for note in notes)


def open_frame(
    frame: gpd.GeoDataFrame,
    *,
    title: str | None = None,
    pack: Pack | None = None,
    called: str = "",
) -> Layer:
    """Make a layer of a frame that is at hand, with the checks that a file goes through.

    Parameters
    ----------
    frame
        Any GeoDataFrame with a CRS; it is not changed. An empty shape is taken for none, as in a file, and so is a
        point with NaN, which ``points_from_xy`` makes of missing numbers.
    title
        What to call the layer, whose name is the title in kebab-case; None for what it holds: places, lines or areas.
    pack
        The pack against whose region positions are checked; None for lcrmap's own.
    called
        How messages begin that speak of it, such as the argument for which it was passed; empty for its title.

    Raises
    ------
    UsageError
        If it is not a GeoDataFrame, or has no column of shapes.
    GeometryError, CRSError
        If its positions are broken.

    Examples
    --------
    >>> import shapely
    >>> spots = gpd.GeoDataFrame({"name": ["A"]}, geometry=[shapely.Point(-2.9, 53.4)], crs="EPSG:4326")
    >>> open_frame(spots, title="My spots").name
    'my-spots'
    """
    if not isinstance(frame, gpd.GeoDataFrame):
        raise UsageError(
            f"A layer is a name, a file, a Layer or a GeoDataFrame, not a {type(frame).__name__}."
        )
    if frame.active_geometry_name is None:
        raise UsageError(
            "The frame has no active geometry: choose the column of its shapes with set_geometry."
        )
    title = title or _TITLES.get(geometry_kind(frame), "Features")
    named = frame.rename(columns=str)
    where = called or f"The frame '{title}'"
    absent, half = _no_position(named.geometry)
    if absent.any():
        named = named.set_geometry(named.geometry.mask(absent))
    types = {name: _type_of(named[name]) for name in named.columns if name != named.geometry.name}
    reading = Reading(named, types, notes=_half_notes(half, where))
    return _layer(Placed(reading), where, title, (), region_of(pack or open_pack()), False)


def _type_of(values: pd.Series[Any]) -> str:
    """Return the Frictionless type of a column, of categories that of their values."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.cat.categories.to_series()
    found = pd.api.types.infer_dtype(values, skipna=True)
    if found != "mixed":
        return _TYPES.get(found, "string")
    cells = values.tolist()
    kinds = {type(each) for each in cells if isinstance(each, np.ndarray) or not is_missing(each)}
    if kinds <= {list, tuple, np.ndarray}:
        return "array"
    return "object" if kinds == {dict} else "any"


def _no_position(
    shapes: gpd.GeoSeries,
) -> tuple[np.ndarray[Any, np.dtype[np.bool_]], np.ndarray[Any, np.dtype[np.intp]]]:
    """Tell which shapes are empty or points that lack a number, and the rows of those that lack one of the two."""
    absent = shapely.is_empty(shapes.to_numpy())
    points = np.flatnonzero((shapely.get_type_id(shapes.to_numpy()) == 0) & ~absent)
    unknown = np.isnan(shapely.get_coordinates(shapes.to_numpy()[points]))
    absent[points] = unknown.any(axis=1)
    return absent, points[unknown.any(axis=1) & ~unknown.all(axis=1)]


def _half_notes(rows: np.ndarray[Any, np.dtype[np.intp]], where: str) -> tuple[str, ...]:
    if not len(rows):
        return ()
    shown = ", ".join(str(row + 1) for row in rows[:_SHOWN])
    more = f" and {len(rows) - _SHOWN:,} more" if len(rows) > _SHOWN else ""
    return (
        f"{where} has one coordinate without the other in feature {shown}{more}: these count as having no position.",
    )


def _layer(
    placed: Placed,
    where: str,
    title: str,
    inputs: tuple[Input, ...],
    region: Box | None,
    needed: bool,
) -> Layer:
    """Describe what was read, and refuse it if the checks find a fault."""
    reading = _named(placed.reading, where)
    metadata, notes = describe(reading, kebab(title), title, label=placed.label)
    metadata = _owing(metadata, placed)
    inputs += tuple(each for layer in placed.sources for each in layer.inputs)
    found = check(
        Subject(
            reading.frame,
            where,
            region=region,
            need_geometry=needed,
            row_numbers=reading.row_numbers,
            row_word=reading.row_word,
            key=metadata.key,
            x=reading.x,
            y=reading.y,
        )
    )
    notices = raise_faults(found)
    frame = as_geometries(reading.frame)
    odd = tuple(each.sentence for each in found if each.rule.id == _SERIOUS)
    warnings = (*odd, *placed.warnings)
    return Layer(frame, metadata, inputs, (*reading.notes, *notes, *notices), warnings)


def _named(reading: Reading, where: str) -> Reading:
    """Give a column without a name the one that it has in a CSV, and say so."""
    if "" not in reading.types:
        return reading
    number = list(reading.types).index("") + 1
    name = free_name(f"column_{number}", list(reading.types))
    types = {each or name: kind for each, kind in reading.types.items()}
    note = f"Column {number} of {where} has no name and is called '{name}'."
    frame = reading.frame.rename(columns={"": name})
    return replace(reading, frame=frame, types=types, notes=(*reading.notes, note))


def _owing(metadata: Metadata, placed: Placed) -> Metadata:
    """Give the layers of the pack their credit from which the positions come, and areas their noun."""
    for layer in placed.sources:
        own = layer.metadata
        metadata = metadata.replaced(
            credit=" ".join(filter(None, (metadata.credit, own.credit))),
            licences=(*metadata.licences, *own.licences),
            sources=(*metadata.sources, *own.sources),
        )
    if placed.areas is None:
        return metadata
    noun = placed.areas.metadata
    lost = placed.reading.frame.geometry.isna().any()
    return metadata.replaced(
        noun_one=noun.noun_one, noun_many=noun.noun_many, found_by=placed.column if lost else ""
    )


def region_of(pack: Pack) -> Box | None:
    """Return the envelope of the pack's areas in degrees, or None if it has none that can be read."""
    if not pack.has_role("areas"):
        return None
    try:
        return region_around(layer_of_pack(pack.role("areas").layer, pack))
    except LcrmapError:
        return None


def region_around(areas: Layer) -> Box:
    """Return the envelope of some areas in degrees."""
    west, south, east, north = (float(each) for each in areas.frame.to_crs(DEGREES).total_bounds)
    return west, south, east, north


def layer_of_pack(name: str, pack: Pack) -> Layer:
    """Read a layer of a pack, which says what is known of it; its features are checked, but for those of lcrmap's own.

    Raises
    ------
    MissingFileError
        If its file is not there.
    FileError, GeometryError, CRSError
        If it is broken.
    """
    path = pack.path(name)
    if not path.is_file():
        raise MissingFileError(
            f"The layer {name} of the pack '{pack.name}' lacks its file '{path}'."
        )
    metadata = pack.metadata(name)
    types = {each.name: each.type for each in metadata.fields}
    table = (suffix_format(path) or "") and path.suffix.casefold() in (".csv", ".tsv")
    asked = Asked(x=metadata.x, y=metadata.y, crs=metadata.crs, types=types) if table else Asked()
    return _of_pack(read_file(path, asked), metadata, path, pack)


def layer_of_text(name: str, pack: Pack, data: bytes) -> Layer:
    """Read a layer of a pack from GeoJSON that stands for the bytes of its file; raises as `layer_of_pack` does."""
    path = pack.path(name)
    reading = read_bytes(data, f"'{path.name}'", Asked())
    reading = replace(reading, sha256=hashlib.sha256(data).hexdigest())
    return _of_pack(reading, pack.metadata(name), path, pack)


def _of_pack(reading: Reading, metadata: Metadata, path: Path, pack: Pack) -> Layer:
    """Return what was read of a layer of a pack, with what the checks remark."""
    frame = as_geometries(reading.frame)
    if metadata.fields and not metadata.has_field("id"):
        # GDAL makes a column of GeoJSON's own "id", which repeats the key of the layer.
        frame = frame.drop(columns="id", errors="ignore")
    layer = Layer(frame, metadata, (input_of(path, reading.sha256),))
    return layer if pack.own else layer.noting(*_notices_of_pack(layer))


def _notices_of_pack(layer: Layer) -> tuple[str, ...]:
    """Return what the checks remark on a layer of a pack, which may be a stranger's; refuse it if they find a fault."""
    return raise_faults(check(Subject(layer.frame, layer.name, key=layer.key)))


def input_of(path: Path, sha256: str = "") -> Input:
    """Return the record of a file: its bare name and its digest, for which it is read if none is given."""
    if sha256:
        return Input(path.name, sha256)
    with path.open("rb") as file:
        return Input(path.name, hashlib.file_digest(file, "sha256").hexdigest())


def locate(text: str, pack: Pack) -> tuple[Path, str]:
    """Return the file that a text names, and the layer in it; refuse addresses and what is not there."""
    if "\x00" in text or not text.strip():
        raise UsageError("A layer is a name, a file, or '-' for standard input.")
    if text.replace("\\", "/").lstrip("/").casefold().startswith("vsi") and "/" in text:
        raise FileError(
            f"'{text}' is a virtual path of GDAL, which can reach the network: name a file instead."
        )
    path = typed_path(text)
    if is_there(path):
        return _checked(path), ""
    for whole, rest in files_meant(text):
        if rest and (is_file(typed_path(whole)) or is_geodatabase(typed_path(whole))):
            return typed_path(whole), rest[1:]
    claimed = next((each for each, rest in files_meant(text) if rest and _is_layered(each)), "")
    if claimed:
        text, path = claimed, typed_path(claimed)
    elif _ADDRESS.match(text):
        raise FileError(
            f"'{text.partition(':')[0]}:' begins an address, not a file: download it, or name the bucket in which it "
            f"lies (s3://bucket/folder/)."
        )
    if text in pack.names:
        raise UsageError(
            f"'{text}' is a layer of the data pack, and a file is wanted here: name '{pack.path(text)}'."
        )
    if suffix_format(text) is None and _NAME.fullmatch(text):
        raise UnknownNameError(
            "layer", text, pack.names, hint="A file is named with its suffix, such as 'sites.csv'."
        )
    raise MissingFileError(_missing(text, path))


def _is_layered(text: str) -> bool:
    found = suffix_format(text)
    return found is not None and found.layered


def _checked(path: Path) -> Path:
    if path.is_dir():
        if is_geodatabase(path):
            return path
        raise FileError(f"'{path}' is a folder: name a file in it.")
    if not path.is_file():
        raise FileError(f"'{path}' is not an ordinary file: pipe it and write '-'.")
    return path


def _missing(text: str, path: Path) -> str:
    folder = path.parent
    try:
        names = sorted(each.name for each in folder.iterdir() if suffix_format(each) is not None)
    except OSError:
        return f"No such file '{text}': there is no folder '{folder}' that can be read."
    close = close_names(path.name, names)
    if close:
        shown = " or ".join(f"'{folder / name}'" for name in close)
        return f"No such file '{text}': did you mean {shown}?"
    if text.endswith("/"):
        return f"No such folder '{text}': check how it is written."
    return f"No such file '{text}': check the folder and the suffix."
