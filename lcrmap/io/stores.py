"""Places that hold files: a folder of this machine, or a prefix of an object store.

This is the only door to what is not a local file. An address is taken only as it was typed on a command line, as the
large layer or as what is written; none is ever read from a file. What one holds of credentials is refused: those come
from the environment or from the machine's role.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Final

from lcrmap.errors import FileError, UsageError
from lcrmap.io.paths import ADDRESS, SCHEMES, typed_path

__all__ = [
    "Place",
    "Stored",
    "opened",
    "place_of",
    "size_of",
]

_ATTEMPTS: Final = 5  # how often a store that is busy, or breaks off, is asked


@dataclass(frozen=True, slots=True)
class Place:
    """What holds files; it pickles, and holds no credentials.

    Attributes
    ----------
    text
        As it was typed.
    scheme
        Of an object store; empty for a folder of this machine.
    root
        The folder; of a store its bucket and prefix.
    """

    text: str
    scheme: str
    root: str

    @property
    def local(self) -> bool:
        """Whether it is a folder of this machine."""
        return not self.scheme

    @property
    def name(self) -> str:
        """Its bare name."""
        return Path(os.path.normpath(self.root)).name or self.text

    def files(self) -> list[Stored]:
        """List all files in the order of their names, by code points; folders within count too.

        Raises
        ------
        FileError
            If it cannot be looked into, or a link in it leads out of it.
        """
        with self._explained():
            found = self._local_files() if self.local else self._remote_files()
            return sorted(found, key=lambda each: each.key)

    @contextmanager
    def create(self, name: str) -> Iterator[IO[bytes]]:
        """Open a new file of it for writing; it is on the disk, or in the store, when the block ends.

        Raises
        ------
        OSError
            If it cannot be written; of a store, nothing is there then.
        """
        if self.local:
            path = Path(self.root, name)
            under_way = path.with_name(f".{name}.{secrets.token_hex(6)}")
            try:
                with under_way.open("xb") as file:
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                under_way.replace(path)  # whoever else made it wrote the same bytes
            finally:
                under_way.unlink(missing_ok=True)
            return
        with _file_system(self.scheme).open_output_stream(
            f"{self.root.rstrip('/')}/{name}"
        ) as file:
            yield file

    def _local_files(self) -> list[Stored]:
        home = os.path.realpath(self.root)
        found = []
        for folder, folders, names in os.walk(self.root, onerror=_raise, followlinks=False):
            for name in [*names, *folders]:
                path = Path(folder, name)
                if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(home):
                    raise FileError(
                        f"'{path}' is a link that leads out of '{self.text}': put the file itself there."
                    )
            for name in names:
                path = Path(folder, name)
                key = path.relative_to(self.root).as_posix()
                found.append(Stored(self, key, path.stat().st_size))
        return found

    def _remote_files(self) -> list[Stored]:
        import pyarrow.fs  # which files of this machine do without

        chosen = pyarrow.fs.FileSelector(self.root, recursive=True)
        start = len(self.root.rstrip("/")) + 1
        return [
            Stored(self, each.path[start:], each.size)
            for each in _file_system(self.scheme).get_file_info(chosen)
            if each.type == pyarrow.fs.FileType.File
        ]

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except FileError:
            raise
        except FileNotFoundError:
            raise FileError(f"There is no '{self.text}': check its name.") from None
        except PermissionError:
            raise FileError(
                f"'{self.text}' may not be read: ask its owner for permission."
            ) from None
        except (OSError, ValueError) as error:  # pyarrow's own errors are such too
            raise FileError(f"'{self.text}' cannot be looked into: {_reason(error)}.") from None


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of a place.

    Attributes
    ----------
    place
        What holds it.
    key
        Its name in it, with ``/`` between folders.
    size
        How many bytes it has.
    """

    place: Place
    key: str
    size: int

    @property
    def name(self) -> str:
        """Its bare name."""
        return self.key.rpartition("/")[2]

    def __str__(self) -> str:
        return f"{self.place.text.rstrip('/')}/{self.key}"

    def open(self) -> IO[bytes]:
        """Open it for reading at any position."""
        place = self.place
        if place.local:
            return Path(place.root, self.key).open("rb")
        opened: Any = _file_system(place.scheme).open_input_file(
            f"{place.root.rstrip('/')}/{self.key}"
        )
        return opened  # type: ignore[no-any-return]  # pyarrow says no types


def opened(file: Path | Stored) -> IO[bytes]:
    """Open a file for reading, wherever it lies."""
    return file.open("rb") if isinstance(file, Path) else file.open()


def size_of(file: Path | Stored) -> int:
    """Return how many bytes a file has, wherever it lies."""
    return file.stat().st_size if isinstance(file, Path) else file.size


def place_of(text: str) -> Place:
    """Return the place that a text means: a folder, or an address of an object store.

    Raises
    ------
    UsageError
        If it is an address of another kind, names no bucket, or holds a password or a query.

    Examples
    --------
    >>> place_of("s3://open-data/uprn/").root
    'open-data/uprn/'
    >>> place_of("uprn/").local
    True
    """
    found = ADDRESS.match(text)
    if found is None:
        return Place(text, "", os.path.abspath(typed_path(text)))  # noqa: PTH100 (links are not followed here)
    scheme, rest = found[1].lower(), found[2]
    if scheme in ("http", "https"):
        raise UsageError(
            f"'{scheme}://' addresses are not opened: download the files, or name the bucket they lie in (s3://...)."
        )
    if scheme not in SCHEMES:
        known = ", ".join(f"{each}://" for each in SCHEMES)
        raise UsageError(f"'{scheme}://' is no store that lcrmap knows: it knows {known}.")
    bucket = rest.partition("/")[0]
    if ("@" in bucket and scheme != "abfs") or ":" in bucket or "?" in rest or "#" in rest:
        raise UsageError(
            f"An address of {scheme}:// names a bucket and a prefix alone: leave credentials to the environment."
        )
    parts = [each for each in rest.split("/") if each]
    if len(parts) < 2:
        raise UsageError(
            f"'{text}' names no folder in a bucket: write it as {scheme}://bucket/folder/."
        )
    if any(each in (".", "..") for each in parts):
        raise UsageError(f"'{text}' has '.' or '..' in its path: write it without.")
    return Place(text, scheme, rest)


@lru_cache(maxsize=3)
def _file_system(scheme: str) -> Any:
    """Return pyarrow's file system of a scheme; credentials come from the environment."""
    import pyarrow.fs  # which files of this machine do without

    if scheme == "s3":
        retry = pyarrow.fs.AwsStandardS3RetryStrategy(max_attempts=_ATTEMPTS)
        return pyarrow.fs.S3FileSystem(retry_strategy=retry)
    if scheme == "gs":
        return pyarrow.fs.GcsFileSystem()
    return pyarrow.fs.AzureFileSystem(os.environ.get("AZURE_STORAGE_ACCOUNT", ""))


def _raise(error: OSError) -> None:
    raise error


def _reason(error: BaseException) -> str:
    told = getattr(error, "strerror", None) or str(error)
    return next(iter(told.splitlines()), "no more is known")[:160].rstrip(".")
