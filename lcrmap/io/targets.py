"""Where lcrmap may write, and what it may replace: every writer asks here."""

from __future__ import annotations

import contextlib
import errno
import os
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from lcrmap.errors import LcrmapError, OutputError, UsageError
from lcrmap.io.paths import is_there

__all__ = [
    "Identity",
    "explained",
    "identities",
    "in_own_folder",
    "is_own",
    "is_special",
    "ready_folder",
    "refuse_repeated",
    "refuse_target",
]

_OWN_FOLDER: Final = "output"

Identity = tuple[int, int] | str
"""What tells a file from every other, whatever its names: device and number; of what lies in a store, its address."""


def is_own(path: str | Path) -> bool:
    """Tell whether a path lies in ``output/``, where lcrmap replaces files without being asked to.

    That is the one folder of this name directly in the working folder. A path is taken for where its links lead,
    so that no link in it, and no other folder called output, makes a file one's own.
    """
    own = Path(os.path.realpath(Path.cwd())) / _OWN_FOLDER
    return own in Path(os.path.realpath(path)).parents


def in_own_folder(name: str) -> Path:
    """Return where a file or folder goes for which nobody named a place.

    Raises
    ------
    OutputError
        If the name would lead out of the folder: it may be made from the words of somebody's data.

    Examples
    --------
    >>> in_own_folder("lcr-atlas.html").as_posix()
    'output/lcr-atlas.html'
    """
    if name in ("", ".", "..") or "/" in name or "\\" in name or Path(name).name != name:
        raise OutputError(
            f"'{name}' cannot be the name of a file in {_OWN_FOLDER}/: name what to write with -o."
        )
    return Path(_OWN_FOLDER) / name


def is_special(path: Path) -> bool:
    """Tell whether a path is a device or a named pipe, beside which nothing can stand."""
    return is_there(path) and not path.is_file() and not path.is_dir()


def identities(files: Iterable[Path | int]) -> frozenset[Identity]:
    """Return what tells files from every other, by their paths or descriptors; what is no file is left out."""
    found: set[Identity] = set()
    for each in files:
        with contextlib.suppress(OSError, ValueError):
            status = os.fstat(each) if isinstance(each, int) else each.stat()
            found.add((status.st_dev, status.st_ino))
    return frozenset(found)


def refuse_target(
    path: str | Path, *, overwrite: bool, inputs: frozenset[Identity] = frozenset()
) -> None:
    """Refuse a target that is a folder, what was read or lies in it, or a file that nobody said may be replaced.

    Parameters
    ----------
    overwrite
        Whether somebody said so; in ``output/`` nobody needs to, but of what was read.
    inputs
        What was read.

    Raises
    ------
    OutputError
        If `path` is one of these.
    """
    with explained(path):
        target = Path(os.path.realpath(path))
        if target.is_dir():
            raise OutputError(f"'{path}' is a folder: name the file to write in it.")
        if identities(target.parents) & inputs:  # as a file of it, it would break the data set
            raise OutputError(f"'{path}' lies in a folder that is read: name a place outside it.")
        if overwrite or not target.is_file():
            return
        if identities([target]) & inputs:
            raise OutputError(
                f"'{path}' is what was read: choose another name, or add --overwrite to replace it."
            )
        if is_own(target):
            return
    raise OutputError(f"'{path}' exists already: add --overwrite to replace it.")


def refuse_repeated(paths: Iterable[str | Path]) -> None:
    """Refuse targets of which one is another, or lies in it.

    Raises
    ------
    UsageError
        If there is such a target; devices may be written to twice.
    """
    seen: list[Path] = []
    for path in paths:
        with explained(path):
            target = Path(os.path.realpath(path))
            if is_special(target):
                continue
        for other in seen:
            if target == other:
                raise UsageError(f"'{path}' would be written twice: name each output once.")
            if target in other.parents or other in target.parents:
                raise UsageError(
                    f"'{path}' would lie in another output, or hold it: name places that are apart."
                )
        seen.append(target)


def ready_folder(asked: Path, target: Path) -> None:
    """Make ``output/`` if a target wants it, and refuse one whose folder is missing.

    Parameters
    ----------
    asked, target
        What was asked for, for the message, and where its links lead.

    Raises
    ------
    OutputError
        If there is no folder.
    """
    folder = target.parent
    if folder == Path(os.path.realpath(Path.cwd())) / _OWN_FOLDER and not folder.is_dir():
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"The folder {_OWN_FOLDER}/ cannot be made here ({error.strerror}): name a FILE with -o."
            ) from error
    if not folder.is_dir():
        if any(each.is_file() for each in target.parents):
            raise OSError(errno.ENOTDIR, "not a folder")
        raise OutputError(
            f"'{asked}' cannot be written, because there is no folder '{asked.parent}': "
            f"make it with 'mkdir -p {shlex.quote(str(asked.parent))}'."
        )


_REASONS = {
    errno.ENOSPC: "the disk is full: make room and run it again",
    errno.EDQUOT: "your quota of disk space is used up: make room and run it again",
    errno.EFBIG: "it would be larger than files may be here",
    errno.EROFS: "the disk can only be read: choose another folder",
    errno.EACCES: "you may not write there: choose another folder or ask its owner",
    errno.EPERM: "you may not write there: choose another folder or ask its owner",
    errno.ENAMETOOLONG: "its name is too long: choose a shorter one",
    errno.ENOTDIR: "a part of its path is a file, not a folder: choose another path",
    errno.ELOOP: "its links lead in a circle: choose another path",
}


@contextlib.contextmanager
def explained(path: str | Path) -> Iterator[None]:
    """Turn what the system says of a target into one sentence, which names the target and nothing else."""
    try:
        yield
    except LcrmapError:
        raise  # of what is written; some are OSErrors and ValueErrors too
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
        raise OutputError(f"'{path}' cannot be written: {reason}.") from error
    except ValueError as error:  # a NUL in the path
        raise OutputError(f"{str(path)!r} cannot be written: {error}.") from error
