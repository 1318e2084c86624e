"""Zipped Shapefiles: looked through before anything is unpacked, and unpacked within bounds."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from lcrmap.errors import FileError, UnknownNameError
from lcrmap.io.siblings import temporary_folder

__all__ = ["refuse_bombs", "unpacked_shapefile"]

MOST_ENTRIES = 1_000
"""A Shapefile has at most a dozen parts; published archives add documents, not thousands of them."""

MOST_BYTES = 4 * 1024**3
"""The .shp and .dbf of a Shapefile are each 2 GB at most by their own format."""

MOST_RATIO = 200
"""Geometry packs to a half, padded attribute text to a hundredth at best; a bomb to a thousandth and less."""

_FREE_BYTES = 16 * 1024**2
"""Small files may have any ratio: a padded .dbf of ten equal rows packs very well."""

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_ARCHIVES = (".zip", ".gz", ".tar", ".tgz", ".7z", ".bz2", ".xz", ".rar")
_CHUNK = 1 << 20
_SHOWN = 80  # letters of what the library says, which may quote half of the archive
# What reading a broken archive raises; NotImplementedError for a kind of packing that Python does not know.
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)


@contextmanager
def unpacked_shapefile(path: Path, part: str = "") -> Iterator[Path]:
    """Unpack the one Shapefile of an archive, or the one that was asked for, for as long as the block lasts.

    Parameters
    ----------
    part
        The Shapefile's name in the archive, with or without folder and suffix; empty for the only one.

    Yields
    ------
    Path
        The unpacked ``.shp``, with its siblings beside it and nothing else.

    Raises
    ------
    FileError
        If the archive is broken, leaves its folder, is too large or holds no or several Shapefiles.
    UnknownNameError
        If it holds no Shapefile of the name asked for.
    """
    try:
        with zipfile.ZipFile(path) as archive, temporary_folder() as folder:
            entries = _looked_through(archive, path)
            chosen = _chosen(entries, part, path)
            inner = _unpack(archive, entries, chosen, folder, path)
            yield inner
    except _BROKEN as error:
        raise FileError(
            f"'{path}' is not a whole zip archive: save or download it again ({str(error)[:_SHOWN]})."
        ) from None
    except RuntimeError as error:
        if "password" not in str(error) and "encrypted" not in str(error):
            raise
        raise FileError(f"'{path}' is locked with a password: unpack it first.") from None


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


def _chosen(entries: dict[str, zipfile.ZipInfo], part: str, path: Path) -> str:
    shapefiles = sorted(
        name
        for name in entries
        if name.casefold().endswith(".shp") and not name.startswith("__MACOSX/")
    )
    if not shapefiles:
        raise FileError(
            f"'{path}' holds no Shapefile (.shp), and no other format is read from a zip."
        )
    if not part:
        if len(shapefiles) > 1:
            shown = ", ".join(shapefiles[:8])
            stem = PurePosixPath(shapefiles[0]).stem
            raise FileError(
                f"'{path}' holds {len(shapefiles)} Shapefiles ({shown}): name one, such as '{path}:{stem}'."
            )
        return shapefiles[0]
    for name in shapefiles:
        if part in (name, PurePosixPath(name).name, PurePosixPath(name).stem):
            return name
    stems = [PurePosixPath(name).stem for name in shapefiles]
    raise UnknownNameError("layer", part, stems, where=f"'{path}'")


def _unpack(
    archive: zipfile.ZipFile,
    entries: dict[str, zipfile.ZipInfo],
    chosen: str,
    folder: Path,
    path: Path,
) -> Path:
    """Write the parts of one Shapefile under plain names, counting what really comes out."""
    stem = chosen[: -len(".shp")].casefold()
    left = MOST_BYTES
    for name, info in entries.items():
        suffix = PurePosixPath(name).suffix.casefold()
        if suffix not in _PARTS or name[: -len(suffix)].casefold() != stem:
            continue
        with archive.open(info) as packed, (folder / f"layer{suffix}").open("wb") as target:
            while chunk := packed.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise FileError(f"'{path}' is not read: it unpacks to more than it claims.")
                target.write(chunk)
    return folder / "layer.shp"
