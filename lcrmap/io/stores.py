"""Places that hold files: a folder of this machine, or a prefix of an object store.

This is the only door to what is not a local file. An address is taken only as it was typed on a command line, as the
large layer or as what is written; none is ever read from a file. What one holds of credentials is refused: those come
from the environment or from the machine's role.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Final

import pyarrow as pa

from lcrmap.errors import FileError, LcrmapError, MissingFileError, OutputError, UsageError
from lcrmap.io.paths import ADDRESS, SCHEMES, typed_path

__all__ = [
    "NewFile",
    "Place",
    "Stored",
    "is_remote",
    "opened",
    "place_of",
    "run_of",
    "sha256_of",
    "size_of",
]

_ATTEMPTS: Final = 5  # how often a store that is busy, or breaks off, is asked
# Seconds before a file that did not arrive whole is put again.
_PAUSES: Final = (
    1.0,
    2.0,
    4.0,
    8.0,
)
_PATIENCE: Final = 30  # seconds for which a store is asked again that counts no attempts
_SILENCE: Final = 10  # seconds without a byte, after which a store is asked anew
_AT_ONCE: Final = 1 << 20
_FAILURES: Final = (OSError, pa.ArrowException)  # what pyarrow raises of a store
_OF_RUN: Final = re.compile(
    r"(?:part-|_)((?:beside-)?[0-9]+(?:-[0-9]+)?|plan)-([0-9a-f]{16})(\.parquet|\.json|\.tally)"
)

# With any other region the AWS library lets an answer lead its request to another host. It is told the bucket's own
# region by the store's first answer, and signs again.
_REGION: Final = "aws-global"


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
    run
        What tells the files of one run from those of every other, where they go to their place at once; else empty.
    """

    text: str
    scheme: str
    root: str
    run: str = ""

    @property
    def local(self) -> bool:
        """Whether it is a folder of this machine."""
        return not self.scheme

    @property
    def address(self) -> str:
        """What tells a place in a store from every other, however it was typed."""
        return f"{self.scheme}://{'/'.join(each for each in self.root.split('/') if each)}"

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

    def files_if_any(self) -> list[Stored]:
        """Do the same as `files`, where there may be nothing yet.

        Raises
        ------
        FileError
            If it is a file, or cannot be looked into.
        """
        try:
            return self.files()
        except MissingFileError:
            return []

    def named(self, name: str) -> str:
        """Return the name that a file gets here: in a store it goes to its place at once, and names its run.

        Examples
        --------
        >>> place = Place("s3://b/x/", "s3", "b/x/", "0123456789abcdef")
        >>> place.named("000000-0000.parquet"), place.named("plan.json")
        ('part-000000-0000-0123456789abcdef.parquet', '_plan-0123456789abcdef.json')
        """
        if not self.run:
            return name
        path = Path(name)
        data = path.suffix == ".parquet" and name[0].isdigit()
        return f"{'part-' if data else '_'}{path.stem}-{self.run}{path.suffix}"

    def unnamed(self, key: str) -> str:
        """Return the name of which `named` made another; empty if the file is none of this run.

        Examples
        --------
        >>> place = Place("s3://b/x/", "s3", "b/x/", "0123456789abcdef")
        >>> place.unnamed("_plan-0123456789abcdef.json"), place.unnamed("part-0.parquet")
        ('plan.json', '')
        """
        if not self.run:
            return key
        found = _OF_RUN.fullmatch(key)
        return found[1] + found[3] if found is not None and found[2] == self.run else ""

    def create(self, name: str) -> NewFile:
        """Begin a new file of it.

        Raises
        ------
        OSError
            If it cannot be begun.
        """
        return _LocalFile(Path(self.root, name)) if self.local else _RemoteFile(self, name)

    def put(self, name: str, data: bytes) -> None:
        """Write all of a file; see `create`."""
        file = self.create(name)
        try:
            file.write(data)
            file.end()
        finally:
            file.discard()

    def remove(self, names: Iterable[str]) -> None:
        """Remove files of a store, as far as that is possible."""
        for name in names:
            with suppress(*_FAILURES):
                self._system().delete_file(self._path(name))

    def _system(self) -> Any:
        return _file_system(self.scheme, self.root)

    def _path(self, name: str) -> str:
        """Return what the file system of a store calls a file of it."""
        return f"{_without_account(self.root).rstrip('/')}/{name}"

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
                if path.is_file():
                    found.append(Stored(self, key, path.stat().st_size))
                elif name[0] not in "._":
                    what = "a link to nothing" if path.is_symlink() else "no ordinary file"
                    raise FileError(
                        f"'{self.text.rstrip('/')}/{key}' is {what}: take it out of the folder."
                    )
        return found

    def _remote_files(self) -> list[Stored]:
        import pyarrow.fs  # which files of this machine do without

        system, start = self._system(), self._path("")
        try:
            found = system.get_file_info(pyarrow.fs.FileSelector(start[:-1], recursive=True))
        except _FAILURES as error:
            if _is_of_store(error):
                raise
            kind = system.get_file_info(start[:-1]).type
            if kind == pyarrow.fs.FileType.File:
                raise FileError(
                    f"'{self.text}' is a file: name the folder in which it lies, or download it."
                ) from None
            if kind == pyarrow.fs.FileType.NotFound:
                raise FileNotFoundError from None
            raise
        return [
            Stored(self, each.path[len(start) :], each.size)
            for each in found
            if each.type == pyarrow.fs.FileType.File
        ]

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except LcrmapError:
            raise  # some of ours are OSErrors and ValueErrors too
        except FileNotFoundError:
            raise MissingFileError(f"There is no '{self.text}': check its name.") from None
        except PermissionError:
            raise FileError(
                f"'{self.text}' may not be read: ask its owner for permission."
            ) from None
        except (*_FAILURES, ValueError) as error:
            if not self.local:
                raise FileError(f"'{self.text}' cannot be looked into: {_told(error)}.") from None
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
        """Open it for reading at any position; see `opened`."""
        place = self.place
        if place.local:
            return _native(Path(place.root, self.key))
        found: Any = place._system().open_input_file(place._path(self.key))
        return found  # type: ignore[no-any-return]  # pyarrow says no types


class NewFile(ABC):
    """A file that is being written; it is there when it was ended, and not at all if it was discarded."""

    def __init__(self, held: IO[bytes]) -> None:
        self._held, self._digest, self._size = held, hashlib.sha256(), 0

    def write(self, data: bytes) -> None:
        """Write the next bytes."""
        self._held.write(data)
        self._digest.update(data)
        self._size += len(data)

    @abstractmethod
    def end(self) -> tuple[int, str]:
        """Bring it to the disk, or into the store; return how many bytes it has, and their SHA-256.

        Raises
        ------
        OSError
            If it cannot be written.
        """

    @abstractmethod
    def discard(self) -> None:
        """Let go of it, if it was not ended."""


class _LocalFile(NewFile):
    """A new file of this machine, which gets its name when it is ended."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._under_way = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
        super().__init__(self._under_way.open("xb"))

    def end(self) -> tuple[int, str]:
        self._held.flush()
        os.fsync(self._held.fileno())
        self._held.close()
        self._under_way.replace(self._path)  # whoever else made it wrote the same bytes
        return self._size, self._digest.hexdigest()

    def discard(self) -> None:
        with suppress(OSError):  # what is held back is written when it is closed, or cannot be
            self._held.close()
        self._under_way.unlink(missing_ok=True)


class _RemoteFile(NewFile):
    """A new file of a store: held on this machine until all of it is there, then put, and read again.

    A stream into a store cannot be taken back: when it is closed, what was written so far stands there as a file.
    """

    def __init__(self, place: Place, name: str) -> None:
        self._place, self._name = place, name
        super().__init__(tempfile.TemporaryFile())  # noqa: SIM115 (`end` and `discard` close it)

    def end(self) -> tuple[int, str]:
        asked, digest = f"{self._place.text.rstrip('/')}/{self._name}", self._digest.hexdigest()
        for pause in (*_PAUSES, None):
            try:
                arrived = self._put()
            except _FAILURES as error:  # after as many attempts of pyarrow's
                raise _given_up(f"'{asked}' cannot be written: {_told(error)}.") from None
            if arrived == digest:
                self.discard()
                return self._size, digest
            if pause is not None:
                time.sleep(pause)
        self._place.remove([self._name])
        raise _given_up(
            f"'{asked}' cannot be written: what the store keeps is not what was sent to it, {_ATTEMPTS} times."
        )

    def _put(self) -> str:
        """Put all that is held, and return the digest of what the store gives back."""
        system, path = self._place._system(), self._place._path(self._name)
        self._held.seek(0)
        with system.open_output_stream(path) as to:
            shutil.copyfileobj(self._held, to, _AT_ONCE)
        with system.open_input_file(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def discard(self) -> None:
        self._held.close()


def run_of(name: str) -> str:
    """Return the run that wrote a file into a store, as its name says; empty if it says none. See `Place.named`.

    Examples
    --------
    >>> run_of("part-000000-0000-0123456789abcdef.parquet"), run_of("part-00000.parquet")
    ('0123456789abcdef', '')
    """
    found = _OF_RUN.fullmatch(name)
    return "" if found is None else found[2]


@contextmanager
def opened(file: Path | Stored) -> Iterator[IO[bytes]]:
    """Open a file for reading, wherever it lies.

    Raises
    ------
    FileError
        If a store fails meanwhile, and goes on to fail when it is asked again.
    """
    try:
        with _native(file) if isinstance(file, Path) else file.open() as stream:
            yield stream
    except _FAILURES as error:
        if not is_remote(file) or isinstance(error, LcrmapError):
            raise
        if isinstance(error, FileNotFoundError):
            raise FileError(f"'{file}' cannot be read: it is there no longer.") from None
        if _is_of_store(error):
            raise FileError(f"'{file}' cannot be read: {_told(error)}.") from None
        raise


def _native(path: Path) -> IO[bytes]:
    """Open a file of this machine as Arrow's own: a thread of Arrow's that held Python's would abort it at its end."""
    path.open("rb").close()  # which says what is wrong in the system's own words
    found: Any = pa.OSFile(os.fsencode(path))
    return found  # type: ignore[no-any-return]  # pyarrow says no types


def sha256_of(file: Path | Stored) -> str:
    """Return the SHA-256 of all bytes of a file, wherever it lies; see `opened`."""
    with opened(file) as stream:
        read: Any = stream  # what IO does not say: bytes are read into memory that is there
        return hashlib.file_digest(read, "sha256").hexdigest()


def is_remote(file: Path | Stored) -> bool:
    """Tell whether a file lies in a store."""
    return isinstance(file, Stored) and not file.place.local


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


def _file_system(scheme: str, root: str) -> Any:
    """Return pyarrow's file system of a place; credentials, and where the store is, come from the environment."""
    if scheme == "s3":
        return _s3(os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL"))
    if (
        scheme == "gs"
    ):  # the variable is Google's own, for a store on this machine that knows nobody
        return _gs(os.environ.get("CLOUD_STORAGE_EMULATOR_ENDPOINT"))
    return _abfs(_account(root))


@lru_cache(maxsize=2)
def _s3(endpoint: str | None) -> Any:
    import pyarrow.fs  # which files of this machine do without

    return pyarrow.fs.S3FileSystem(
        region=_REGION,
        endpoint_override=endpoint,
        retry_strategy=pyarrow.fs.AwsStandardS3RetryStrategy(max_attempts=_ATTEMPTS),
        connect_timeout=_SILENCE,
        request_timeout=_SILENCE,
    )


@lru_cache(maxsize=1)
def _gs(emulator: str | None) -> Any:
    import pyarrow.fs  # which files of this machine do without

    return pyarrow.fs.GcsFileSystem(
        anonymous=bool(emulator), retry_time_limit=timedelta(seconds=_PATIENCE)
    )


@lru_cache(maxsize=2)
def _abfs(account: str) -> Any:
    import pyarrow.fs  # which files of this machine do without

    return pyarrow.fs.AzureFileSystem(account)


def _account(root: str) -> str:
    """Return the account of ``container@account.dfs.core.windows.net/folder``, else that of the environment."""
    named = root.partition("/")[0].partition("@")[2].partition(".")[0]
    account = named or os.environ.get("AZURE_STORAGE_ACCOUNT", "")
    if not account:
        raise UsageError(
            "abfs:// wants an account: write container@account.dfs.core.windows.net, or set AZURE_STORAGE_ACCOUNT."
        )
    return account


def _without_account(root: str) -> str:
    container, slash, rest = root.partition("/")
    return f"{container.partition('@')[0]}{slash}{rest}"


def _raise(error: OSError) -> None:
    raise error


def _given_up(told: str) -> OutputError:
    error = OutputError(told)
    error.tried_often = True
    return error


def _reason(error: BaseException) -> str:
    told = getattr(error, "strerror", None) or str(error)
    return next(iter(told.splitlines()), "no more is known")[:160].rstrip(".")


_OF_STORE: Final = re.compile(
    r"AWS Error (\w+)(?: \(HTTP status (\d+)\))?|Status\((\w+)|HTTP[^0-9]{1,20}(\d{3})\b"
)


def _is_of_store(error: BaseException) -> bool:
    return _OF_STORE.search(str(error)) is not None


def _told(error: BaseException) -> str:
    """Say why a store did not do what it was asked to; nothing of what it says itself but its codes."""
    found = _OF_STORE.search(str(error))
    if found is None:
        return "the store says no more of it"
    code = next(each for each in reversed(found.groups()) if each)
    if code in ("NO_SUCH_BUCKET", "NOT_FOUND"):
        return "there is no such bucket"
    if code == "RESOURCE_NOT_FOUND":
        return "it is there no longer"
    if code in ("ACCESS_DENIED", "PERMISSION_DENIED", "UNAUTHENTICATED", "401", "403"):
        return "the store does not permit it: check the credentials in the environment, or ask its owner"
    if code.startswith("3"):
        return f"the store sends us to another place, to which lcrmap does not go ({code})"
    often = f"{_ATTEMPTS} times" if found[1] else "again and again"
    return f"the store failed {often} ({code})"
