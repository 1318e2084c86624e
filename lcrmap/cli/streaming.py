"""Write the rows of an answer as they come."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from lcrmap.cli.delivery import Delivery, wrote
from lcrmap.cli.door import hand_on
from lcrmap.errors import LcrmapError, OutputError
from lcrmap.io.atomic import Together
from lcrmap.io.writing import encoder_for
from lcrmap.io.writing_parts import PartsWriter, writing_in_parts
from lcrmap.layers import Layer

__all__ = ["FileSink", "beside_of", "sink_of"]


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
        said += () if self.printed is None else self.printed.notes
        return list(dict.fromkeys(said))  # several files may note the same


def _told(path: Path, writer: PartsWriter) -> list[str]:
    return [*writer.notes, wrote(path, writer.rows)]


@contextmanager
def sink_of(to: Delivery) -> Iterator[FileSink]:
    """Open all that rows are written to; all stands in its place when the block ends without an error."""
    with to.writing() as together, ExitStack() as stack:
        files = [
            (each, stack.enter_context(writing_in_parts(each, together))) for each in to.output
        ]
        beside = stack.enter_context(beside_of(to, together)).beside
        printed = None if not to.prints else stack.enter_context(_printing(to.streamed_format))
        yield FileSink(files, beside, printed)


@contextmanager
def beside_of(to: Delivery, together: Together) -> Iterator[FileSink]:
    """Open the file for what stands beside the answer alone, among other outputs; none if there is none."""
    if to.beside is None:
        yield FileSink((), None, None)
        return
    with writing_in_parts(to.beside, together) as writer:
        yield FileSink((), (to.beside, writer), None)


@contextmanager
def _printing(format_: str) -> Iterator[PartsWriter]:
    """Open stdout for parts; what comes is held on disk until all has come, so that half of it is never piped on."""
    try:
        with tempfile.TemporaryFile() as held:
            writer = PartsWriter(held, encoder_for(format_))
            yield writer
            writer.end()
            held.seek(0)
            hand_on(held)
    except LcrmapError:
        raise  # some of ours are OSErrors too
    except OSError as error:
        raise OutputError(
            f"The folder for temporary files cannot be written: {error.strerror}. Name a file with -o."
        ) from error
