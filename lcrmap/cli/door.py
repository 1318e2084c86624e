"""The one door for all that is printed: no text, whoever wrote it, makes a terminal do more than show letters.

Words for people go through `say` (stderr), `tell` and `draw` (stdout): what a terminal would obey is shown as an
escape, a quotation is cut at 200 characters, a line at 2,000. Data go through `hand_on` and keep their bytes, except
on a terminal, where they are looked at and not read on. `tests/test_architecture.py` holds the rest of the code to it.
"""

from __future__ import annotations

import errno
import io
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TextIO

from lcrmap.errors import OutputError, shortened

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from lcrmap.io.parts import Progress

__all__ = [
    "LONGEST_LINE",
    "Overheard",
    "Shown",
    "draw",
    "hand_on",
    "hear_libraries",
    "is_terminal",
    "one_line",
    "overheard",
    "say",
    "tell",
    "telling_progress",
    "terminal_width",
    "visible",
]

LONGEST_LINE: Final = 2_000
_KEPT_END: Final = 400  # characters of a line that is cut: there stands what to do
_CUT: Final = " [...] "

# Controls, halves of surrogate pairs, marks of direction, and letters without a width. Two of these stay: they join
# and part letters of Persian and Hindi, and the parts of an emoji.
_OBEYED: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_NAMED: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
_OPENS: Final = re.compile(r"(?<!\w)['\"]")
_CLOSES: Final = {mark: re.compile(rf"{mark}(?!\w)") for mark in "'\""}


def visible(text: str) -> str:
    r"""Show as escapes what a terminal would obey, and leave all else as it is.

    Examples
    --------
    >>> visible("Dock\x1b[31m \u202egnp.exe")
    'Dock\\x1b[31m \\u202egnp.exe'
    """
    return _OBEYED.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    letter = found[0]
    if letter in _NAMED:
        return _NAMED[letter]
    code = ord(letter)
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )


def one_line(text: str) -> str:
    r"""Return a sentence as it is printed: one line that shows all and obeys nothing, its quotations cut.

    Examples
    --------
    >>> one_line("There is no file 'a\nb'.")
    "There is no file 'a\\nb'."
    >>> len(one_line(f"There is no file '{'x' * 9000}'."))
    220
    """
    line = _with_short_quotations(visible(text))
    if len(line) < LONGEST_LINE:
        return line
    return line[: LONGEST_LINE - 1 - _KEPT_END - len(_CUT)] + _CUT + line[-_KEPT_END:]


def _with_short_quotations(text: str) -> str:
    """Cut what stands between quotation marks; a mark between two letters is an apostrophe."""
    parts, at = [], 0
    while opening := _OPENS.search(text, at):
        start = opening.end()
        closing = _CLOSES[opening[0]].search(text, start)
        if closing is None:
            break
        parts += [text[at:start], shortened(text[start : closing.start()]), closing[0]]
        at = closing.end()
    return "".join([*parts, text[at:]])


def say(*sentences: str) -> None:
    """Put sentences on stderr, one a line; nowhere if whoever called closed it."""
    if sys.stderr is not None:
        for sentence in sentences:
            _put(sys.stderr, f"{one_line(sentence)}\n")


def hear_libraries() -> None:
    """Let what libraries log, and what they warn of, go through the door too."""
    import logging  # which help does not need
    import warnings

    class Spoken(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            say(f"{record.levelname.capitalize()} of {record.name}: {record.getMessage()}")

    def warn(message: Warning | str, *_: object, **__: object) -> None:
        say(f"Warning: {message}")

    logging.lastResort = Spoken(logging.WARNING)
    warnings.showwarning = warn


class Overheard:
    """What goes through the door while somebody listens."""

    def __init__(self) -> None:
        self.out, self.err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))

    @property
    def printed(self) -> str:
        """What was put on stdout."""
        return _kept(self.out)

    @property
    def said(self) -> list[str]:
        """What was put on stderr, line by line."""
        return _kept(self.err).split("\n")[:-1]


def _kept(stream: TextIO) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


@contextmanager
def overheard() -> Iterator[Overheard]:
    """Keep all that is printed, for as long as the block lasts, instead of handing it to whoever called."""
    before = sys.stdout, sys.stderr
    kept = Overheard()
    sys.stdout, sys.stderr = kept.out, kept.err
    hear_libraries()
    try:
        yield kept
    finally:
        sys.stdout, sys.stderr = before


def tell(*lines: str) -> None:
    """Put lines for people on stdout."""
    if lines:
        _put(_stdout(), "".join(f"{one_line(line)}\n" for line in lines))


def hand_on(*parts: bytes | Iterable[bytes]) -> None:
    """Put data on stdout, to the byte; on a terminal as lines for people, of which none is cut.

    Parameters
    ----------
    *parts
        Bytes, or what yields them line by line, such as an open file.
    """
    stream = _stdout()
    for part in parts:
        if stream.isatty():
            for line in io.BytesIO(part) if isinstance(part, bytes) else part:
                _put(stream, _looked_at(line))
        elif isinstance(part, bytes):
            _put_bytes(stream, [part])
        else:
            _put_bytes(stream, _chunks(part))


def _looked_at(line: bytes) -> str:
    text = line.decode(errors="backslashreplace")
    bare = text.rstrip("\r\n")
    return "\t".join(map(visible, bare.split("\t"))) + ("\n" if text.endswith("\n") else "")


def _chunks(part: Iterable[bytes]) -> Iterable[bytes]:
    read = getattr(part, "read", None)
    return part if read is None else iter(lambda: read(1 << 20), b"")


def is_terminal() -> bool:
    """Tell whether stdout is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def terminal_width() -> int | None:
    """Return the characters in a line of the terminal; None where stdout is none."""
    console = _console()
    return console.width if console.is_terminal else None


def draw(picture: RenderableType, *, width: int) -> None:
    """Put a table on stdout, with the styles that its terminal has.

    Parameters
    ----------
    picture
        A table of rich. Its texts should be `visible` already, so that the widths of its columns are right.
    width
        Characters in a line.
    """
    from rich.segment import Segment, Segments

    console = _console(width)
    shown = [
        each if each.text == "\n" else Segment(visible(each.text), each.style)
        for each in console.render(picture)
        if not each.control
    ]
    console.print(Segments(shown), end="", soft_wrap=True)


def _console(width: int | None = None) -> Console:
    from rich.console import Console

    out: Any = _Outlet(_stdout())
    return Console(file=out, highlight=False, emoji=False, markup=False, width=width)


class _Outlet:
    """Stdout as rich takes it: what it writes goes the same way as all else."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        _put(self._stream, text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class Shown:
    """Shows on a terminal how far long work has come, and what it waits for.

    Parameters
    ----------
    update
        Sets what stands before the bar, how much is done, and how much there is.
    """

    def __init__(self, update: Callable[[str, int, int], None]) -> None:
        self._update = update
        self._last, self._awaited = ("", 0, 0), ""

    def __call__(self, what: str, done: int, total: int) -> None:
        """Say what is being done, how much of it is done, and how much there is."""
        self._last = what, done, total
        self._show()

    def awaits(self, what: str) -> None:
        """Say what has been waited for so long that a person wants to know; empty when it came."""
        self._awaited = what
        self._show()

    def _show(self) -> None:
        what, done, total = self._last
        waiting = f"; waiting for {self._awaited}" if self._awaited else ""
        self._update(one_line(what + waiting), done, total)


@contextmanager
def telling_progress() -> Iterator[Shown | Progress]:
    """Show on a terminal how far long work has come and what time is left; elsewhere nothing."""
    from lcrmap.io.parts import unsaid

    if sys.stderr is None or not sys.stderr.isatty():
        yield unsaid
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    described = TextColumn("{task.description}", markup=False)
    columns = (described, BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    console = Console(stderr=True, highlight=False, emoji=False, markup=False)
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("")
        yield Shown(
            lambda text, done, total: bar.update(
                task, description=text, completed=done, total=total
            )
        )


def _stdout() -> TextIO:
    if sys.stdout is None:
        raise OutputError("Standard output is closed: leave '>&-' out, or write to a file with -o.")
    return sys.stdout


def _put(stream: TextIO, text: str) -> None:
    """Write a text; letters that the stream's encoding lacks are shown as escapes."""
    lines = text.replace("\n", os.linesep)
    _put_bytes(stream, [lines.encode(stream.encoding or "utf-8", "backslashreplace")])


def _put_bytes(stream: TextIO, parts: Iterable[bytes]) -> None:
    with _explained(stream):
        stream.flush()  # what others wrote as text comes first
        for part in parts:
            _write_all(stream.buffer, part)
        stream.buffer.flush()


def _write_all(stream: BinaryIO, data: bytes) -> None:
    """Write all of it: where PYTHONUNBUFFERED is set, one call writes what there is room for, and raises nothing."""
    left = memoryview(data)
    while left:
        written = stream.write(left)
        if written is None:  # of a pipe that is full and does not wait
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        left = left[written:]


@contextmanager
def _explained(stream: Any) -> Iterator[None]:
    """Turn what a full disk or a reader that left does to a stream into an error of ours."""
    try:
        yield
    except OSError as error:
        name = "Standard error" if stream is sys.stderr else "Standard output"
        _let_go(stream)
        if isinstance(error, BrokenPipeError):
            raise OutputError(f"{name} was closed by its reader before all was written.") from error
        raise OutputError(f"{name} cannot be written: {error.strerror}.") from error


def _let_go(stream: Any) -> None:
    """Lead a stream nowhere: what it still holds would fail once more when Python ends, with another exit code."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
