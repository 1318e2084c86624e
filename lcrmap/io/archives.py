"""Packed files: looked through before anything is unpacked, unpacked within bounds, named as the user knows them."""

from __future__ import annotations

import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath

from lcrmap.errors import FileError, LcrmapError
from lcrmap.io.geodatabases import NEEDED
from lcrmap.io.reading import Reading
from lcrmap.io.siblings import temporary_folder

__all__ = ["BROKEN", "known_as", "refuse_bombs", "unpacked_gzip", "unpacked_zip"]

MOST_ENTRIES = 1_000
"""A Shapefile has at most a dozen parts; published archives add documents, not thousands of them."""

MOST_BYTES = 4 * 1024**3
"""The .shp and .dbf of a Shapefile are each 2 GB at most by their own format."""

MOST_RATIO = 200
"""Geometry packs to a half, padded attribute text to a hundredth at best; a bomb to a thousandth and less."""

_FREE_BYTES = 16 * 1024**2
"""Small files may have any ratio: a padded .dbf of ten equal rows packs very well."""

# What belongs to a file under the same name.
_COMPANIONS = {
    ".shp": (".shx", ".dbf", ".prj", ".cpg"),
    ".tab": (".dat", ".map", ".id", ".ind"),
    ".mif": (".mid",),
}
_ARCHIVES = (".zip", ".gz", ".tar", ".tgz", ".7z", ".bz2", ".xz", ".rar", ".kmz")
_CHUNK = 1 << 20
_SHOWN = 80  # letters of what the library says, which may quote half of the archive
# What reading a broken archive raises; NotImplementedError for a kind of packing that Python does not know.
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)
"""What is raised where an archive is not as it should be."""


@contextmanager
def unpacked_zip(path: Path, choose: Callable[[Sequence[str]], str]) -> Iterator[tuple[Path, str]]:
    """Unpack one file of an archive, with what belongs to it, for as long as the block lasts.

    Parameters
    ----------
    choose
        Given the names of all files in it, and of folders that are geodatabases, returns the one that is meant.

    Yields
    ------
    tuple
        The unpacked file, with its companions beside it and nothing else, and its name in the archive.

    Raises
    ------
    FileError
        If the archive is broken, leaves its folder or is too large.
    """
    try:
        with _names_in_utf8():
            archive = zipfile.ZipFile(path)
        with archive, temporary_folder() as folder:
            entries = _looked_through(archive, path)
            named = [each for each in entries if not each.startswith("__MACOSX/")]
            chosen = choose([*named, *_geodatabases(named)])
            yield _unpack(archive, entries, chosen, folder, path), chosen
    except BROKEN as error:
        raise FileError(
            f"'{path}' is not a whole zip archive: save or download it again ({str(error)[:_SHOWN]})."
        ) from None
    except RuntimeError as error:
        if "password" not in str(error) and "encrypted" not in str(error):
            raise
        raise FileError(f"'{path}' is locked with a password: unpack it first.") from None


@contextmanager
def _names_in_utf8() -> Iterator[None]:
    """Let a name that says it is in UTF-8, and is not, be a fault of the archive."""
    try:
        yield
    except UnicodeDecodeError:
        raise zipfile.BadZipFile("a name in it is not in UTF-8") from None


@contextmanager
def unpacked_gzip(path: Path, suffix: str) -> Iterator[Path]:
    """Unpack a gzip file for as long as the block lasts.

    Parameters
    ----------
    suffix
        That of the unpacked file.

    Yields
    ------
    Path
        The unpacked file, alone in a folder.

    Raises
    ------
    FileError
        If it is broken or unpacks to too much.
    """
    packed = max(path.stat().st_size, 1)
    most = min(MOST_BYTES, max(_FREE_BYTES, MOST_RATIO * packed))
    with temporary_folder() as folder:
        inner = folder / f"layer{suffix}"
        try:
            with gzip.open(path) as source, inner.open("wb") as target:
                while chunk := source.read(_CHUNK):
                    if target.tell() + len(chunk) > most:
                        raise FileError(
                            f"'{path}' is not read: it would unpack from {packed} bytes to more than {most}, "
                            f"as no map data do."
                        )
                    target.write(chunk)
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise FileError(
                f"'{path}' is not a whole gzip archive: save or download it again ({str(error)[:_SHOWN]})."
            ) from None
        yield inner


def known_as(inner: Path, name: str, read: Callable[[], Reading]) -> Reading:
    """Return what reading an unpacked file gives; what is said of it names it as the user knows it.

    Parameters
    ----------
    inner
        The unpacked file.
    name
        What the user knows it by.
    """

    def renamed(text: str) -> str:
        return text.replace(str(inner), name).replace(f"'{inner.name}'", f"'{Path(name).name}'")

    try:
        reading = read()
    except LcrmapError as error:
        error.args = tuple(renamed(each) if isinstance(each, str) else each for each in error.args)
        raise
    return replace(reading, notes=tuple(map(renamed, reading.notes)), sha256="")


def _looked_through(archive: zipfile.ZipFile, path: Path) -> dict[str, zipfile.ZipInfo]:
    """Return the files of an archive by name, having refused what no map data need."""
    infos = [each for each in archive.infolist() if not each.filename.endswith("/")]
    if len(infos) > MOST_ENTRIES:
        raise FileError(f"'{path}' holds {len(infos)} files: unpack the one that you mean.")
    for each in infos:
        inner = PurePosixPath(each.filename.replace("\\", "/"))
        if inner.is_absolute() or ".." in inner.parts or ":" in each.filename[:2]:
            raise FileError(
                f"'{path}' is not read: its entry '{each.filename:.60}' points out of the archive."
            )
        if inner.suffix.casefold() in _ARCHIVES:
            raise FileError(
                f"'{path}' holds another archive ('{each.filename:.60}'): unpack that one yourself."
            )
        if (each.external_attr >> 28) == 0xA:
            raise FileError(f"'{path}' is not read: its entry '{each.filename:.60}' is a link.")
    refuse_bombs(infos, path)
    return {each.filename: each for each in infos}


def refuse_bombs(infos: list[zipfile.ZipInfo], path: Path) -> None:
    """Refuse an archive that claims to unpack to far more than it is; raises FileError."""
    claimed = sum(each.file_size for each in infos)
    packed = max(sum(each.compress_size for each in infos), 1)
    if claimed > MOST_BYTES or (claimed > _FREE_BYTES and claimed / packed > MOST_RATIO):
        raise FileError(
            f"'{path}' is not read: it would unpack from {packed} bytes to {claimed}, as no map data do."
        )


def _geodatabases(names: Sequence[str]) -> list[str]:
    """Return the folders that hold a geodatabase."""
    folders = dict.fromkeys(name.rpartition("/")[0] for name in names)
    return [each for each in folders if each.casefold().endswith(".gdb")]


def _unpack(
    archive: zipfile.ZipFile,
    entries: dict[str, zipfile.ZipInfo],
    chosen: str,
    folder: Path,
    path: Path,
) -> Path:
    """Write a file and its companions under plain names, counting what really comes out."""
    inner = folder / f"layer{PurePosixPath(chosen).suffix.casefold()}"
    if chosen not in entries:
        inner.mkdir()
        names = _tables_in(chosen, entries, inner)
    else:
        names = _together(chosen, entries, inner)
    left = MOST_BYTES
    for name, target_path in names.items():
        with _names_in_utf8():  # here the name that stands before the file itself
            packed = archive.open(entries[name])
        with packed, target_path.open("wb") as target:
            while chunk := packed.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise FileError(f"'{path}' is not read: it unpacks to more than it claims.")
                target.write(chunk)
    return inner


def _together(chosen: str, names: Iterable[str], inner: Path) -> dict[str, Path]:
    """Return where a file and its companions are unpacked."""
    ending = PurePosixPath(chosen).suffix
    stem = chosen.removesuffix(ending).casefold()
    companions = _COMPANIONS.get(ending.casefold(), ())
    found = {}
    for name in names:
        suffix = PurePosixPath(name).suffix.casefold()
        if name == chosen or (suffix in companions and name[: -len(suffix)].casefold() == stem):
            found[name] = inner.with_suffix(suffix)
    return found


def _tables_in(chosen: str, names: Iterable[str], inner: Path) -> dict[str, Path]:
    """Return where the files of a geodatabase are unpacked that are read."""
    of_it = {name: name.rpartition("/") for name in names}
    return {
        name: inner / base
        for name, (parent, _, base) in of_it.items()
        if parent == chosen and NEEDED.fullmatch(base)
    }
