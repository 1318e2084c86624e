"""Write the rows of an answer as they come, and tell how far it has come."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from lcrmap.cli.delivery import Delivery, wrote
from lcrmap.errors import LcrmapError, OutputError
from lcrmap.io.parts import Progress, unsaid
from lcrmap.io.writing import ENCODERS
from lcrmap.io.writing_parts import PartsWriter, writing_in_parts
from lcrmap.layers import Layer

__all__ = ["FileSink", "sink_of", "telling_progress"]


@dataclass(frozen=True, slots=True)
class FileSink:
    """Takes rows, and writes them to files or to stdout: nothing of them, unless all of them.

    Attributes
    ----------
    files
        By path, what is written to each.
    beside
        The file for what stands beside the answer, if there is one.
    printed
        What goes to stdout, if anything does.
    """

    files: Sequence[tuple[Path, PartsWriter]]
    beside: tuple[Path, PartsWriter] | None
    printed: PartsWriter | None

    @property
    def takes_beside(self) -> bool:
        """Whether there is a file for what stands beside the answer."""
        return self.beside is not None

    def write(self, rows: Layer, beside: Layer | None) -> None:
        """Write the next rows."""
        for _, each in self.files:
            each.write(rows)
        if self.printed is not None:
            self.printed.write(rows)
        if self.beside is not None and beside is not None:
            self.beside[1].write(beside)

    def said(self, notes: Sequence[str]) -> list[str]:
        """Return what must be said when all is written, with the notes of the answer."""
        said = _told(*self.beside) if self.beside is not None else []
        said += notes
        for path, each in self.files:
            said += _told(path, each)
        return [*said, *(() if self.printed is None else self.printed.notes)]


def _told(path: Path, writer: PartsWriter) -> list[str]:
    return [*writer.notes, wrote(path, writer.rows)]


@contextmanager
def sink_of(to: Delivery) -> Iterator[FileSink]:
    """Open all that rows are written to; all stands in its place when the block ends without an error."""
    with to.writing() as together, ExitStack() as stack:

        def opened(path: Path) -> tuple[Path, PartsWriter]:
            return path, stack.enter_context(writing_in_parts(path, together))

        files = [opened(each) for each in to.output]
        beside = opened(to.beside) if to.beside is not None else None
        printed = None if to.output else stack.enter_context(_printing(to.streamed_format))
        yield FileSink(files, beside, printed)


@contextmanager
def _printing(format_: str) -> Iterator[PartsWriter]:
    """Open stdout for parts; what comes is held on disk until all has come, so that half of it is never piped on."""
    try:
        with tempfile.TemporaryFile() as held:
            writer = PartsWriter(held, ENCODERS[format_]())
            yield writer
            writer.end()
            held.seek(0)
            shutil.copyfileobj(held, sys.stdout.buffer)
            sys.stdout.buffer.flush()
    except (BrokenPipeError, LcrmapError):
        raise  # some of ours are OSErrors too
    except OSError as error:
        raise OutputError(f"Standard output cannot be written: {error.strerror}.") from error


@contextmanager
def telling_progress() -> Iterator[Progress]:
    """Show on a terminal how far long work has come and what time is left; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield unsaid
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    console = Console(stderr=True, highlight=False, emoji=False, markup=False)
    with Bar(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("")

        def tell(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        yield tell
