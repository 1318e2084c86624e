"""Every error that lcrmap raises on purpose.

::

    LcrmapError                     never raised itself; catch it to catch all of these
    ├── UsageError                  what was asked for cannot be meant       (exit code 2; also a ValueError)
    │   ├── UnknownNameError        a name that nothing carries; has suggestions (also a KeyError)
    │   └── ExpressionError         a ``--where`` that cannot be read
    ├── DataError                   an input that is broken                   (exit code 3; also a ValueError)
    │   ├── FileError               the file: empty, of another kind, not readable
    │   │   └── MissingFileError    there is no such file or folder (also a FileNotFoundError)
    │   ├── GeometryError           its shapes or positions
    │   └── CRSError                its coordinate reference system
    ├── OutputError                 a result that cannot be written           (exit code 4)
    ├── NothingFoundError           no row where one was asked for            (exit code 1)
    ├── NotClosedError              a map part that would need outside files  (exit code 2)
    ├── MissingPartError            a package or file that an install should have brought (exit code 2)
    ├── WholeNeededError            parts of a layer that cannot be answered one by one; it is then read whole
    └── SumError                    figures that must add up and do not: a fault of lcrmap (exit code 3)

Each message is one sentence for a person: what is wrong, where, and how to mend it. The classes know
nothing of the command line; `lcrmap.cli` turns them into one line on stderr and an exit code. They are also the errors
of Python that a caller expects in their place, and pass from one process to another.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

__all__ = [
    "CRSError",
    "DataError",
    "ExpressionError",
    "FileError",
    "GeometryError",
    "LcrmapError",
    "MissingFileError",
    "MissingPartError",
    "NotClosedError",
    "NothingFoundError",
    "OutputError",
    "SumError",
    "UnknownNameError",
    "UsageError",
    "WholeNeededError",
]


class LcrmapError(Exception):
    """The root of the tree: catch this to catch everything that lcrmap raises on purpose."""

    exit_code = 2

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the message and the attributes, whatever the class is made from."""
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[LcrmapError], args: tuple[Any, ...], known: dict[str, Any]) -> LcrmapError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(known)
    return error


class UsageError(LcrmapError, ValueError):
    """Raised when what was asked for cannot be meant, whatever the data are."""


class UnknownNameError(UsageError, KeyError):
    """Raised when a layer, field, category or place is named that does not exist.

    Parameters
    ----------
    kind
        What the name was taken for, such as ``"layer"``.
    name
        The name as it was typed.
    known
        The names that exist, in the order in which they should be listed.
    where
        Where it was looked for, such as ``"innovation-assets"``; may be empty.
    hint
        A further sentence on what to do; may be empty.
    """

    def __init__(
        self, kind: str, name: str, known: Iterable[str], *, where: str = "", hint: str = ""
    ) -> None:
        self.kind = kind
        self.name = name
        self.known = tuple(known)
        self.suggestions = close_names(name, self.known)
        place = f" in {where}" if where else ""
        if self.suggestions:
            remedy = f"did you mean {_listed(self.suggestions)}?"
        elif self.known:
            shown = self.known[:12]
            more = len(self.known) - len(shown)
            remedy = f"known: {', '.join(shown)}" + (f" and {more} more." if more else ".")
        else:
            remedy = "there are none."
        super().__init__(" ".join(filter(None, [f"No {kind} '{name}'{place}: {remedy}", hint])))

    def __str__(self) -> str:
        """Return the sentence; a KeyError would put it in quotes."""
        return Exception.__str__(self)


class ExpressionError(UsageError):
    """Raised when a filter expression cannot be read or asks for something unknown."""


class DataError(LcrmapError, ValueError):
    """Raised when an input is broken; the message names the input, the place and the remedy."""

    exit_code = 3


class FileError(DataError):
    """Raised when a file is missing, empty, unreadable, or not what its name says."""


class MissingFileError(FileNotFoundError, FileError):
    """Raised when there is no such file or folder."""


class GeometryError(DataError):
    """Raised when shapes or positions are missing, broken or of the wrong kind."""


class CRSError(DataError):
    """Raised when the coordinate reference system is missing, unknown or contradicted."""


class OutputError(LcrmapError):
    """Raised when a result cannot be written; nothing is left half-written."""

    exit_code = 4


class NothingFoundError(LcrmapError):
    """Raised when a question that must have a row has none."""

    exit_code = 1


class NotClosedError(LcrmapError):
    """Raised when a part added to a map would make its page fetch files from elsewhere."""


class MissingPartError(LcrmapError):
    """Raised when a package or file is absent; the message holds the exact line to type."""


class WholeNeededError(LcrmapError):
    """Raised when a layer that comes in parts must be read whole after all; whoever asked for parts catches it."""


class SumError(LcrmapError):
    """Raised when figures that must add up do not; nothing is shown then, and it is lcrmap's own fault."""

    exit_code = 3


def close_names(name: str, known: Iterable[str], *, most: int = 3) -> tuple[str, ...]:
    """Return up to `most` names of `known` that somebody who typed `name` may have meant.

    Examples
    --------
    >>> close_names("freeport_site", ["boroughs", "freeport-sites"])
    ('freeport-sites',)
    """
    folded = {_fold(each): each for each in known}
    wanted = _fold(name)
    close = difflib.get_close_matches(wanted, folded, n=most, cutoff=0.6)
    if len(wanted) >= 3:
        close += [each for each in folded if wanted in each and each not in close]
    return tuple(folded[each] for each in close[:most])


def _fold(name: str) -> str:
    return name.casefold().replace("_", "-").replace(" ", "-")


def _listed(names: tuple[str, ...]) -> str:
    quoted = [f"'{name}'" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
