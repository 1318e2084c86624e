"""A data set: a folder whose files are GeoParquet and together one layer, here or in an object store.

Its rows are those of its files, in the order of their names, then of the files. Folders named ``key=value`` give a
column. Files and folders whose names begin with ``.`` or ``_`` are not data.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyproj

from lcrmap.errors import FileError, LcrmapError, close_names
from lcrmap.io.ahead import WORKERS, in_turn
from lcrmap.io.manifest import MANIFEST, Manifest, Part, manifest_in
from lcrmap.io.parquet_file import ROWS, ParquetFile
from lcrmap.io.parts import Progress, Split, unsaid
from lcrmap.io.stores import Place, Stored, opened, place_of, run_of, sha256_of
from lcrmap.io.tasks import Runner, Task, by_number, in_threads
from lcrmap.layers import Input

__all__ = [
    "OPENED_AT_ONCE",
    "DataSet",
    "Member",
    "end_of",
    "footer_sha256_of",
    "open_data_set",
    "stored_in",
]

_PARQUET: Final = (".parquet", ".geoparquet")
OPENED_AT_ONCE: Final = 8  # footers of an object store, of which each is a wait
_SMALL: Final = 1 << 16  # bytes of a file that is read at one go with its footer
_MOST_TOGETHER: Final = 1 << 25  # bytes of the small files that are read together
_KEY_VALUE: Final = re.compile(r"([^=]+)=(.*)", re.DOTALL)
_WHOLE_NUMBER: Final = re.compile(r"0|-?[1-9][0-9]{0,17}")
_TAIL: Final = struct.Struct("<I4s")  # the length of the footer, and what a Parquet file ends with


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a data set.

    Attributes
    ----------
    stored
        Where it lies.
    rows
        How many rows it has.
    values
        What its folders say, by column.
    footer_sha256
        The digest of its footer, and of its length.
    sha256
        The digest of all its bytes; empty if they were not read.
    """

    stored: Stored
    rows: int
    values: Mapping[str, str]
    footer_sha256: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class DataSet:
    """A layer in many files, of which the footers were read.

    Attributes
    ----------
    place
        The folder.
    members
        Its files, in order.
    splits
        Its rows: small files that follow each other and are laid out alike are one split.
    types
        The Frictionless type of each column, those that the folders give behind the others.
    crs
        Its coordinate reference system; None if unknown.
    gaps
        The columns of whole numbers and truth values in which some row has none.
    carried
        lcrmap's own metadata as found, not yet believed; None if there is none.
    of_points
        Whether all shapes are points, as all files say.
    notes
        Sentences to be said: what is left out.
    """

    place: Place
    members: tuple[Member, ...]
    splits: tuple[Split, ...]
    types: Mapping[str, str]
    crs: pyproj.CRS | None
    gaps: frozenset[str]
    carried: Any
    of_points: bool
    notes: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(each.rows for each in self.members)

    @property
    def input(self) -> Input:
        """What is said of it in records: a digest of those of its files in their order, not of their names."""
        full = all(each.sha256 for each in self.members)
        whole = hashlib.sha256()
        for each in self.members:
            told = "".join(f"{name}={value}\0" for name, value in each.values.items())
            whole.update(f"{told}{each.sha256 if full else each.footer_sha256}\n".encode())
        digest = "sha256" if full else "footer-sha256"
        return Input(f"{self.place.name}/", whole.hexdigest(), digest)


def open_data_set(
    text: str,
    *,
    own_crs: bool = True,
    hash_full: bool = False,
    runner: Runner | None = None,
    progress: Progress = unsaid,
) -> DataSet:
    """Read the footers of all files, and see that they agree.

    Parameters
    ----------
    text
        A folder, or an address of one in an object store.
    own_crs
        Whether the files' own CRS counts.
    hash_full
        Whether every byte is read, and held to what the list of its files says.
    runner
        Where they are read; None for threads of this process.
    progress
        Told how many footers are read.

    Raises
    ------
    FileError
        If it holds no GeoParquet, or anything else, or if two files do not agree; the first difference is named. With
        `hash_full`, if a file is not what it was when lcrmap wrote it.
    CRSError
        If a CRS cannot be understood.
    """
    place = place_of(text)
    stored, manifest = _data_in(place)
    values = [_values_of(each) for each in stored]
    found = _Found(own_crs)
    footers = in_turn(
        lambda each: _Footer.of(each, own_crs),
        stored,
        workers=WORKERS if place.local else OPENED_AT_ONCE,
    )
    for number, (footer, told) in enumerate(zip(footers, values, strict=True)):
        found.take(footer, told)
        if manifest is not None:
            _refuse_lie(place, manifest.files[number], footer)
        progress(f"Opening {text}", number + 1, len(stored))
    first = found.first
    known = {*first.types, first.shapes, "geometry"}  # as the shapes are called in frames
    for name in values[0]:
        if name in known:
            raise FileError(
                f"The folders of '{text}' give a column '{name}', and so do its files: rename one of them."
            )
    if not any(each.rows for each in found.members):
        raise FileError(f"'{text}' has no features: check how it was made.")
    members = tuple(found.members)
    if hash_full:
        digests = _digests(stored, manifest, runner)
        members = tuple(
            replace(each, sha256=digest) for each, digest in zip(members, digests, strict=True)
        )
    return DataSet(
        place=place,
        members=members,
        splits=tuple(found.splits),
        types={**first.types, **_types_of(values)},
        crs=first.crs,
        gaps=frozenset(found.gaps),
        carried=first.carried,
        of_points=found.of_points,
        notes=first.notes,
    )


@dataclass(frozen=True, slots=True)
class _Footer:
    """What the end of a file says."""

    stored: Stored
    rows: int
    types: Mapping[str, str]
    kinds: Mapping[str, str]
    shapes: str
    layout: str
    crs: pyproj.CRS | None
    gaps: frozenset[str]
    carried: Any
    of_points: bool
    notes: tuple[str, ...]
    splits: tuple[Split, ...]
    sha256: str

    @classmethod
    def of(cls, stored: Stored, own_crs: bool) -> _Footer:
        try:
            end = end_of(stored)
            file = ParquetFile(stored, own_crs=own_crs, end=end)
            return cls(
                stored,
                file.rows,
                file.types,
                file.kinds,
                file.shapes,
                file.layout,
                file.crs,
                file.gaps,
                file.carried,
                file.of_points,
                tuple(file.notes),
                file.splits(ROWS),
                footer_sha256_of(stored, end),
            )
        except LcrmapError:
            raise  # some of ours are OSErrors too
        except (OSError, pa.ArrowException) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise FileError(f"'{stored}' cannot be read: {reason:.160}.") from None


class _Found:
    """What the footers that were read so far say, of which each is held to the first and then let go."""

    def __init__(self, own_crs: bool) -> None:
        self._own_crs = own_crs
        self._rows = self._bytes = 0
        self._last: tuple[str, Mapping[str, str]] | None = None
        self._first: _Footer | None = None
        self.members: list[Member] = []
        self.splits: list[Split] = []
        self.gaps: set[str] = set()
        self.of_points = True

    @property
    def first(self) -> _Footer:
        """What the first file says."""
        assert self._first is not None  # noqa: S101 (a data set has a file)
        return self._first

    def take(self, footer: _Footer, values: Mapping[str, str]) -> None:
        """Take the next footer, and what the folders of its file say."""
        if self._first is None:
            self._first = footer
        else:
            _refuse_different(self._first, footer, self._own_crs)
            one = self.members[0]
            _refuse_other_folders(one.stored, one.values, footer.stored, values)
        self.gaps |= footer.gaps
        self.of_points &= footer.of_points
        self.members.append(Member(footer.stored, footer.rows, values, footer.sha256))
        self._divide(footer, values)
        self._rows += footer.rows

    def _divide(self, footer: _Footer, values: Mapping[str, str]) -> None:
        """Give the splits of a file their numbers; a small file goes with those before it, if it is like them."""
        size = footer.stored.size
        own = [
            replace(each, first=each.first + self._rows, before=self._rows)
            for each in footer.splits
        ]
        alike = (footer.layout, values) if len(own) == 1 and size <= _SMALL else None
        last = self.splits[-1] if self.splits else None
        if (
            last is not None
            and alike is not None
            and alike == self._last
            and last.rows < ROWS // 8
            and self._bytes + size <= _MOST_TOGETHER
        ):
            self.splits[-1] = _together(last, own[0])
            self._bytes += size
        elif own:
            self.splits += own
            self._last, self._bytes = alike, size


def _together(one: Split, other: Split) -> Split:
    extent = None
    if one.extent is not None and other.extent is not None:
        extent = one.extent + other.extent
    return replace(
        one,
        rows=one.rows + other.rows,
        extent=extent,
        together=(*(one.together or (one,)), other),
    )


def end_of(stored: Stored) -> bytes:
    """Return the last bytes of a Parquet file: all of its footer, and all of it if it is small."""
    with opened(stored) as file:
        size = file.seek(0, 2)  # another than it had, if it changed
        file.seek(-min(size, _SMALL), 2)
        end = file.read()
        length = _footer_length(end)
        if len(end) < length <= size:
            file.seek(-length, 2)
            end = file.read()
        return end


def _footer_length(end: bytes) -> int:
    """Return how long a footer is, with what stands behind it, by the last bytes of its file."""
    if len(end) < _TAIL.size:
        return len(end)
    return int(_TAIL.unpack(end[-_TAIL.size :])[0]) + _TAIL.size


def footer_sha256_of(stored: Stored, end: bytes) -> str:
    """Return the digest of a Parquet file's footer, which says where everything stands, and of the file's length.

    Parameters
    ----------
    end
        Its last bytes; see `end_of`.
    """
    footer = end[-min(_footer_length(end), len(end)) : -_TAIL.size]
    found = hashlib.sha256(footer)
    found.update(str(stored.size).encode())
    return found.hexdigest()


class _Hashing(Task[Stored, str]):
    """Read all bytes of a file."""

    def do(self, item: Stored, read: Any) -> str:
        """Return their digest."""
        try:
            return sha256_of(item)
        except OSError as error:
            raise FileError(f"'{item}' cannot be read: {error.strerror or error}.") from None


def _digests(
    stored: Sequence[Stored], manifest: Manifest | None, runner: Runner | None
) -> list[str]:
    """Return the digest of each file, held to what the list says."""
    run = runner or in_threads(WORKERS)
    digests = list(by_number(run(_Hashing(), stored)))
    for file, digest, part in zip(
        stored, digests, manifest.files if manifest else (), strict=False
    ):
        if digest != part.sha256:
            raise FileError(
                f"'{file}' is not what was written: its SHA-256 is another than that in {MANIFEST}: get it again, or "
                f"write '{file.place.text}' again."
            )
    return digests


def stored_in(text: str) -> list[Stored]:
    """Return the files of a data set, none of which is opened.

    Raises
    ------
    FileError
        If it has none, or they are not what is listed.
    """
    return _data_in(place_of(text))[0]


def _data_in(place: Place) -> tuple[list[Stored], Manifest | None]:
    """Return the files of a data set; what lcrmap wrote says itself which they are."""
    every = place.files()
    manifest = manifest_in(place, every)
    data = [each for each in every if not _is_aside(each.key)]
    if manifest is not None:
        by_name = {each.key: each for each in data}
        missing = next((each.name for each in manifest.files if each.name not in by_name), None)
        if missing is not None:
            raise FileError(
                f"'{place.text}' is not whole: it lacks '{missing}', which its {MANIFEST} names."
            )
        return [by_name[each.name] for each in manifest.files], manifest
    if any(run_of(each.key) for each in every):
        raise FileError(
            f"'{place.text}' is not finished: it holds parts of a run, and no {MANIFEST}: wait for the run, go on with "
            f"it by --resume, or write it again with --overwrite."
        )
    _refuse_other_kinds(place, data)
    return data, None


def _is_aside(key: str) -> bool:
    return any(part[:1] in (".", "_") for part in key.split("/"))


def _refuse_other_kinds(place: Place, data: Sequence[Stored]) -> None:
    if not data:
        raise FileError(
            f"'{place.text}' is a folder without files: name one that holds GeoParquet, or a file."
        )
    others = [each for each in data if Path(each.name).suffix.casefold() not in _PARQUET]
    if len(others) == len(data):
        near = close_names("parquet", [each.name for each in others])
        shown = ", ".join(f"'{each}'" for each in (near or [each.name for each in others[:3]]))
        raise FileError(
            f"'{place.text}' is a folder without GeoParquet files: name a file in it, such as {shown}."
        )
    if others:
        raise FileError(
            f"'{others[0]}' is no GeoParquet, as the other files of '{place.text}' are: take it out of the folder, "
            f"or begin its name with '_'."
        )


def _values_of(stored: Stored) -> dict[str, str]:
    """Return what the folders of a file say: ``class=A/part.parquet`` gives the column ``class``."""
    told: dict[str, str] = {}
    for folder in stored.key.split("/")[:-1]:
        found = _KEY_VALUE.fullmatch(folder)
        if found is None:
            continue
        if found[1] in told:
            raise FileError(
                f"The folders of '{stored}' name '{found[1]}=' twice: rename one of them."
            )
        told[found[1]] = found[2]
    return told


def _types_of(values: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return the types of the columns that folders give: whole numbers where all are, else text."""
    return {
        name: "integer" if all(_WHOLE_NUMBER.fullmatch(each[name]) for each in values) else "string"
        for name in values[0]
    }


def _refuse_other_folders(
    one: Stored, own: Mapping[str, str], other: Stored, told: Mapping[str, str]
) -> None:
    missing = next((each for each in (*own, *told) if (each in own) != (each in told)), None)
    if missing is not None:
        having, lacking = (one, other) if missing in own else (other, one)
        raise FileError(
            f"'{having}' lies in a folder '{missing}=...', and '{lacking}' in none: all files of a data set give the "
            f"same columns."
        )


def _refuse_different(one: _Footer, other: _Footer, own_crs: bool) -> None:
    """Refuse two files that are not of one layer, and name the first difference."""
    for what, difference in _differences(one, other, own_crs):
        raise FileError(
            f"'{other.stored}' differs from '{one.stored}' in {what}: {difference}. All files of a data set agree: "
            f"mend it, or take it out of the folder."
        )


def _differences(one: _Footer, other: _Footer, own_crs: bool) -> Iterator[tuple[str, str]]:
    for name in one.kinds:
        if name not in other.kinds:
            yield "its columns", f"it has no '{name:.80}'"
        elif one.kinds[name] != other.kinds[name]:
            yield (
                "the types of its columns",
                f"'{name:.80}' is {other.kinds[name]}, not {one.kinds[name]}",
            )
    for name in other.kinds:
        if name not in one.kinds:
            yield "its columns", f"it has '{name:.80}' besides"
    if one.shapes != other.shapes:
        yield "its geometry column", f"'{other.shapes:.80}', not '{one.shapes:.80}'"
    if own_crs and one.crs != other.crs:
        yield "its coordinate reference system", f"{_named(other.crs)}, not {_named(one.crs)}"


def _named(crs: pyproj.CRS | None) -> str:
    return "none" if crs is None else str(crs.name)


def _refuse_lie(place: Place, told: Part, footer: _Footer) -> None:
    """Refuse a file that is not what the manifest says of it."""
    if (told.rows, told.size) != (footer.rows, footer.stored.size):
        raise FileError(
            f"'{footer.stored}' has {footer.rows:,} rows in {footer.stored.size:,} bytes, and {MANIFEST} says "
            f"{told.rows:,} in {told.size:,}: write '{place.text}' again."
        )
