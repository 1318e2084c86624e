"""How a run ends: whatever was raised becomes one sentence on stderr and an exit code.

What lcrmap raises on purpose brings its own sentence. What an unlucky machine raises (no memory, a full disk, a signal)
has one here. All else is unforeseen: a fault of lcrmap or of a library, of which the second line says where it arose,
and nothing of anybody's data.
"""

from __future__ import annotations

import errno
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import CodeType, FrameType
from typing import Final

import click

import lcrmap
from lcrmap.cli.door import say
from lcrmap.errors import LcrmapError, OutputError

__all__ = ["TRACEBACK", "end_as_by_ctrl_c", "ends_in_a_sentence", "told"]

TRACEBACK: Final = "--traceback"

BAD_INPUT: Final = 3
NOT_WRITTEN: Final = 4
UNFORESEEN: Final = 70  # EX_SOFTWARE of sysexits.h
BY_SIGNAL: Final = 128  # and the number of the signal: what shells expect

_STOPPED = "Interrupted; no file was left half-written."
_ENDED = "Stopped by {}; no file was left half-written."
_ENDING = ("SIGTERM", "SIGHUP")  # a request to end, and a terminal that was closed
_NO_MEMORY = (
    "There is not enough memory for this: ask for fewer rows with --where, or give the layer as GeoParquet or CSV, "
    "which is read in parts."
)
_TOO_DEEP = "An input is nested more deeply than lcrmap follows: make it flatter."
_FULL = "The disk is full: make room, or set TMPDIR to a folder on another disk."
_PACKAGE = Path(lcrmap.__file__).parent


class _Ended(KeyboardInterrupt):
    """Raised where a signal asks to end, so that all is cleaned up as after Ctrl-C."""

    def __init__(self, number: int) -> None:
        self.signal = signal.Signals(number)
        super().__init__(self.signal.name)


def end_as_by_ctrl_c() -> None:
    """Let the signals that would end the process at once raise what Ctrl-C raises; those that are ignored stay so."""
    for name in _ENDING:
        number = getattr(signal, name, None)  # some systems have no SIGHUP
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _raise_ended)


def _raise_ended(number: int, frame: FrameType | None) -> None:
    raise _Ended(number)


@contextmanager
def ends_in_a_sentence(words: Sequence[str], verbs: Sequence[str]) -> Iterator[None]:
    """End the process with one sentence and an exit code if anything is raised, foreseen or not.

    Parameters
    ----------
    words
        The command line. With ``--traceback`` among them, the way to the error is said too.
    verbs
        The words of which one may be named: verbs, and no data.
    """
    try:
        yield
    except (SystemExit, click.exceptions.Exit):
        raise
    except BaseException as error:
        verb = next((each for each in words if each in verbs), "no command")
        raise SystemExit(_said(error, verb, trace=TRACEBACK in words)) from error


def _said(error: BaseException, verb: str, *, trace: bool) -> int:
    """Say how a run ended, and return its exit code."""
    sentences, code = told(error, verb)
    if trace:
        import traceback

        sentences += "".join(traceback.format_exception(error)).splitlines()
    with suppress(OutputError):  # where stderr is what cannot be written, the code alone tells
        say(*sentences)
    return code


def told(error: BaseException, verb: str) -> tuple[list[str], int]:
    """Return what is said of an error, and the exit code."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message().splitlines(), error.exit_code
    sentence, code = _known(error)
    if sentence:
        more = error.more if isinstance(error, LcrmapError) else ()
        known = getattr(error, "__notes__", ()) if isinstance(error, KeyboardInterrupt) else ()
        return [*(f"Error: {each}" for each in (sentence, *more)), *known], code
    unforeseen = (
        f"Error: lcrmap met something unforeseen: {type(error).__name__} in '{verb}'. Please report it with the line "
        f"below; {TRACEBACK} shows more."
    )
    return [unforeseen, _report(error, verb)], UNFORESEEN


def _known(error: BaseException) -> tuple[str, int]:
    """Return the sentence and the exit code of an error that has them; an empty sentence for one that is unforeseen."""
    if isinstance(error, LcrmapError):
        return str(error), error.exit_code
    if isinstance(error, click.ClickException):
        return _one_sentence(error), error.exit_code
    if isinstance(error, _Ended):
        return _ENDED.format(error.signal.name), BY_SIGNAL + error.signal
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return _STOPPED, BY_SIGNAL + signal.SIGINT
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, MemoryError) or number == errno.ENOMEM:
        return _NO_MEMORY, BAD_INPUT
    if isinstance(error, RecursionError):
        return _TOO_DEEP, BAD_INPUT
    return (_FULL, NOT_WRITTEN) if number in (errno.ENOSPC, errno.EDQUOT) else ("", UNFORESEEN)


def _one_sentence(error: click.ClickException) -> str:
    """Return click's message on one line, with the way to the examples behind it."""
    message = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    if context is None:
        return f"{message}."
    path = context.command_path
    unknown = isinstance(error, click.NoSuchOption) and not error.possibilities
    if unknown and isinstance(context.command, click.Group):
        return f"{message}: an option of a command stands behind it, as in '{path} COMMAND OPTION'."
    return f"{message}: see '{path} --help'."


def _report(error: BaseException, verb: str) -> str:
    """Return the line that tells us where to look: versions, verb and place in the code."""
    python = ".".join(map(str, sys.version_info[:3]))
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    place, raised_in = "nowhere", ""
    at = error.__traceback__
    while at is not None:
        path = Path(at.tb_frame.f_code.co_filename)
        if path.is_relative_to(_PACKAGE):
            place, raised_in = _place(path, at.tb_lineno, at.tb_frame.f_code), ""
        else:
            raised_in = str(at.tb_frame.f_globals.get("__name__", "")).partition(".")[0]
        at = at.tb_next
    library = f", raised in {raised_in}" if raised_in else ""
    return f"lcrmap {lcrmap.__version__}, Python {python}, {sys.platform}, {verb}: {kind} at {place}{library}"


def _place(path: Path, line: int, code: CodeType) -> str:
    return f"lcrmap/{path.relative_to(_PACKAGE).as_posix()}:{line} ({code.co_qualname})"
