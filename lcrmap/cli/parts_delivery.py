"""Hand an answer on as its rows come, and tell how far it has come."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from lcrmap.cli.delivery import wrote
from lcrmap.cli.parts import printed_format
from lcrmap.engines.answer import PartsAnswer, chosen
from lcrmap.errors import OutputError, WholeNeededError
from lcrmap.io.parts import Progress, unsaid
from lcrmap.io.writing import ENCODERS
from lcrmap.io.writing_parts import PartsWriter, writing_in_parts
from lcrmap.layers import Layer
from lcrmap.reports.tables import arrange

__all__ = ["deliver_parts", "telling_progress"]


def deliver_parts(
    answer: PartsAnswer,
    *,
    where: str | None = None,
    columns: str | None = None,
    format_: str | None = None,
    output: Sequence[Path] = (),
    overwrite: bool = False,
    beside: Path | None = None,
    progress: Progress = unsaid,
    **_: Any,
) -> list[str]:
    """Write an answer as its rows come, to files or to stdout: nothing of it, unless all of it.

    Parameters
    ----------
    where, columns, format_, output, overwrite
        As for `lcrmap.cli.delivery.deliver`.
    beside
        Where what stands beside the answer goes; see `lcrmap.engines.answer.Rows`.
    progress
        Told how far it has come.

    Returns
    -------
    list of str
        What must be said.
    """
    if where is not None and answer.rows is None:
        raise WholeNeededError("How many rows are filtered is not known before the end.")
    with ExitStack() as stack:
        files = [stack.enter_context(writing_in_parts(p, overwrite=overwrite)) for p in output]
        aside = (
            stack.enter_context(writing_in_parts(beside, overwrite=overwrite)) if beside else None
        )
        printed = None if output else stack.enter_context(_printing(printed_format(format_)))
        targets = [*files, *([printed] if printed is not None else [])]
        for part in answer.parts:
            layer = _arranged(part.layer, where, columns, answer.rows)
            for each in targets:
                each.write(layer)
            if aside is not None and part.beside is not None:
                aside.write(part.beside)
            progress("Writing", part.done, answer.features)
        notes = answer.notes()
    said: list[str] = []
    if aside is not None and beside is not None:
        said += [*aside.notes, wrote(beside, aside.rows)]
    said += notes
    for path, each in zip(output, files, strict=True):
        said += [*each.notes, wrote(path, each.rows)]
    return said if printed is None else [*said, *printed.notes]


def _arranged(layer: Layer, where: str | None, columns: str | None, rows: int | None) -> Layer:
    """Return some rows and columns of a part; what is said of the choice is said of the whole."""
    if where is not None and rows is not None:
        layer = chosen(layer, where, rows)
    return arrange(layer, columns=columns)


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
    except BrokenPipeError:
        raise
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
