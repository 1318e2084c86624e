"""Every error that lcrmap raises on purpose.

::

    LcrmapError                     never raised itself; catch it to catch all of these
    ├── UsageError                  invalid arguments                         (exit code 2; also a ValueError)
    │   ├── UnknownNameError        an unknown name; has suggestions          (also a KeyError)
    │   └── ExpressionError         an invalid ``--where``
    ├── DataError                   an invalid input                          (exit code 3; also a ValueError)
    │   ├── FileError               a file that is empty, unreadable or of another format
    │   │   └── MissingFileError    a missing file or folder                  (also a FileNotFoundError)
    │   ├── GeometryError           missing or invalid geometries
    │   └── CRSError                a missing or wrong CRS
    ├── OutputError                 a result that cannot be written           (exit code 4; also an OSError)
    ├── NothingFoundError           no row matches                            (exit code 1; also a LookupError)
    ├── NotClosedError              a map part that needs files from outside  (exit code 2)
    ├── MissingPartError            a package or file missing from the installation (exit code 2)
    ├── MachinesLostError       the machines that did the work are gone       (exit code 5)
    ├── WholeNeededError            a file that cannot be processed in chunks; it is then read whole
    └── SumError                    figures that do not add up: a bug in lcrmap (exit code 3)

Each message is one sentence: what is wrong, where, and how to fix it. `lcrmap.cli` turns an error into one line on
stderr and an exit code. The classes also inherit the built-in error that a Python caller expects, and they pickle.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

__all__ = [
    "CRSError",
    "DataError",
    "ExpressionError",
    "FileError",
    "GeometryError",
    "LcrmapError",
    "MachinesLostError",
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

_MOST_MEANT: Final = 3  # names that a message suggests
LONGEST_QUOTATION: Final = 200
"""Characters of a foreign text that a message shows."""


class LcrmapError(Exception):
    """The root of the tree: catch this to catch everything that lcrmap raises on purpose."""

    exit_code = 2

    more: tuple[str, ...] = ()
    """Further sentences, where several things are wrong and all are told."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the message and the attributes, whatever the class is made from."""
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[LcrmapError], args: tuple[Any, ...], known: dict[str, Any]) -> LcrmapError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(known)
    return error


class UsageError(LcrmapError, ValueError):
    """Raised when arguments are invalid, whatever the data are."""


class UnknownNameError(UsageError, KeyError):
    """Raised when a layer, field, category or place does not exist.

    Parameters
    ----------
    kind
        The kind of thing that was named, such as ``"layer"``.
    name
        The name as it was typed.
    known
        The names that exist, in the order of the list in the message.
    where
        Where lcrmap looked for it, such as ``"innovation-assets"``; may be empty.
    hint
        A second sentence that says what to do; may be empty.
    remedy
        What to say where no name is similar, in place of the list of all.
    meant
        Names of which it is known that they may have been meant, however they look.

    Attributes
    ----------
    suggestions
        Those names; else the ones that are similar.
    remedy
        The end of the sentence: which names were meant, or which there are.
    """

    def __init__(
        self,
        kind: str,
        name: str,
        known: Iterable[str],
        *,
        where: str = "",
        hint: str = "",
        remedy: str = "",
        meant: Iterable[str] = (),
    ) -> None:
        self.kind = kind
        self.name = name
        self.known = tuple(known)
        self.suggestions = tuple(meant)[:_MOST_MEANT] or close_names(name, self.known)
        place = f" in {where}" if where else ""
        if self.suggestions:
            remedy = f"did you mean {_listed(self.suggestions)}?"
        elif remedy:
            remedy = f"{remedy}."
        elif self.known:
            shown = [shortened(each) for each in self.known[:12]]
            more = len(self.known) - len(shown)
            remedy = f"choose from {', '.join(shown)}" + (f" and {more} more." if more else ".")
        else:
            remedy = "there are none."
        self.remedy = remedy
        super().__init__(
            " ".join(filter(None, [f"No {kind} '{shortened(name)}'{place}: {remedy}", hint]))
        )

    def __str__(self) -> str:
        """Return the sentence; a KeyError would put it in quotes."""
        return Exception.__str__(self)


class ExpressionError(UsageError):
    """Raised when a filter expression is invalid or uses something unknown."""


class DataError(LcrmapError, ValueError):
    """Raised when an input is invalid; the message says which, where, and how to fix it."""

    exit_code = 3


class FileError(DataError):
    """Raised when a file is missing, empty, unreadable, or not what its name says."""


class MissingFileError(FileNotFoundError, FileError):
    """Raised when there is no such file or folder."""


class GeometryError(DataError):
    """Raised when geometries are missing, invalid or of the wrong type."""


class CRSError(DataError):
    """Raised when a CRS is missing, unknown, or contradicted by the coordinates."""


class OutputError(LcrmapError, OSError):
    """Raised when a result cannot be written; no file is left half-written."""

    exit_code = 4

    tried_often = False
    """Whether it was tried so often, with pauses, that to do so again is of no use."""


class NothingFoundError(LcrmapError, LookupError):
    """Raised when no row matches and the question needs one."""

    exit_code = 1


class NotClosedError(LcrmapError):
    """Raised when a part added to a map would make its page load files from outside."""


class MissingPartError(LcrmapError):
    """Raised when a package or file is missing; the message gives the command that installs it."""


class MachinesLostError(LcrmapError):
    """Raised when the machines that did the work are gone; what they had finished is kept for ``--resume``."""

    exit_code = 5


class WholeNeededError(LcrmapError):
    """Raised when a file cannot be processed in chunks; callers fall back to reading it whole."""


class SumError(LcrmapError):
    """Raised when figures do not add up; lcrmap then shows none of them, and the fault is its own."""

    exit_code = 3


def close_names(name: str, known: Iterable[str], *, most: int = _MOST_MEANT) -> tuple[str, ...]:
    """Return up to `most` names of `known` that are similar to `name`.

    Examples
    --------
    >>> close_names("freeport_site", ["boroughs", "freeport-sites"])
    ('freeport-sites',)
    """
    import difflib  # which only a mistake needs

    folded = {_fold(each): each for each in known}
    wanted = _fold(name)
    close = difflib.get_close_matches(wanted, folded, n=most, cutoff=0.6)
    if len(wanted) >= 3:
        close += [each for each in folded if wanted in each and each not in close]
    return tuple(folded[each] for each in close[:most])


def shortened(text: str, most: int = LONGEST_QUOTATION) -> str:
    """Return a text as a message quotes it: whole, or its beginning.

    Examples
    --------
    >>> shortened("docks"), shortened("a" * 9, 8)
    ('docks', 'aaaaa...')
    """
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _fold(name: str) -> str:
    return name.casefold().replace("_", "-").replace(" ", "-")


def _listed(names: tuple[str, ...]) -> str:
    quoted = [f"'{shortened(name)}'" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
