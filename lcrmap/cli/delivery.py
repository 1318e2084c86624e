"""Hand a result on: data to stdout or to files, words to stderr."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lcrmap.errors import OutputError, UsageError
from lcrmap.io.atomic import refuse_existing
from lcrmap.io.writing import ENCODERS, encode_noting, write_bytes, write_layer
from lcrmap.layers import Layer, Pack
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.question import Tabled
from lcrmap.verbs.sources import Sources

if TYPE_CHECKING:
    from lcrmap.maps.page import Page

__all__ = [
    "Delivery",
    "deliver",
    "deliver_beside",
    "deliver_map",
    "page_targets",
    "say",
    "write_stdout",
    "wrote",
]

PAGES = (".html", ".htm")
PICTURE_SUFFIXES = (".png", ".svg", ".pdf")


def say(*sentences: str) -> None:
    """Put sentences on stderr, one a line."""
    for sentence in sentences:
        click.echo(sentence, err=True)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where an answer goes, and as what.

    Attributes
    ----------
    output
        The files to write; none to print.
    format_
        What to print; None for a table on a terminal, else GeoJSON.
    overwrite
        Whether existing files are replaced.
    size, dpi
        Of pictures.
    beside
        The file for what stands beside the answer; see `lcrmap.verbs.answer.Answer`.
    open_
        Whether a page is opened in the browser.
    """

    output: tuple[Path, ...] = ()
    format_: str | None = None
    overwrite: bool = False
    size: str = "report"
    dpi: int | None = None
    beside: Path | None = None
    open_: bool = False

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of its parts."""
        return tuple(each.name for each in fields(cls))

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that is written."""
        return (*self.output, *((self.beside,) if self.beside is not None else ()))

    @property
    def draws(self) -> bool:
        """Whether a page or a picture is among the files."""
        return any(each.suffix.lower() in (*PAGES, *PICTURE_SUFFIXES) for each in self.output)

    @property
    def printed(self) -> str:
        """What is printed where no file is written."""
        return self.format_ or ("table" if sys.stdout.isatty() else "geojson")

    @property
    def streamed_format(self) -> str:
        """The format in which rows are printed as they come; empty if they cannot be."""
        return self.printed if self.printed in ENCODERS else ""


def deliver(answer: Answer, sources: Sources, to: Delivery) -> None:
    """Print an answer, or write it to files."""
    layer = answer.layer
    if to.draws:
        page = answer.page(sources)  # before anything is written or said
    if to.beside is not None and answer.beside is not None:
        deliver_beside(answer.beside, to.beside, overwrite=to.overwrite)
    say(*answer.notes, *layer.notes)
    for path in to.output:
        if path.suffix.lower() in PAGES:
            deliver_page(page, [path], to)
        elif path.suffix.lower() in PICTURE_SUFFIXES:
            deliver_picture(page, path, to)
        else:
            deliver_beside(layer, path, overwrite=to.overwrite)
    if not to.output:
        chosen = isinstance(answer.question, Tabled) and bool(answer.question.columns)
        _print(layer, to.printed, chosen, () if chosen else answer.main)


def deliver_map(answer: Answer, sources: Sources, to: Delivery, targets: Sequence[Path]) -> None:
    """Write a map as pages and pictures."""
    page = answer.page(sources)
    pages = [each for each in targets if each.suffix.lower() in PAGES]
    if pages:
        deliver_page(page, pages, to)
    for path in targets:
        if path not in pages:
            deliver_picture(page, path, to)


def deliver_beside(layer: Layer, path: Path, *, overwrite: bool = False) -> None:
    """Write rows to a file, and say so: a result, or what stands beside it."""
    say(*write_layer(layer, path, overwrite=overwrite))
    say(wrote(path, len(layer.frame)))


def wrote(path: Path, rows: int) -> str:
    """Say that a file was written, and how many rows it has."""
    return f"Wrote {path} ({rows:,} {'row' if rows == 1 else 'rows'})."


def _print(layer: Layer, format_: str, columns_chosen: bool, main: Sequence[str]) -> None:
    if format_ == "table":
        from lcrmap.cli.terminal import print_table  # which a file or a pipe does not need

        say(*print_table(layer, every_column=columns_chosen, main=main))
        return
    encoded = encode_noting(layer, format_)
    say(*encoded.notes)
    write_stdout(encoded.data)


def write_stdout(data: bytes) -> None:
    """Write bytes to stdout; a full disk behind it is an error, a reader that left is not."""
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"Standard output cannot be written: {error.strerror}.") from error


def deliver_page(page: Page, targets: Sequence[Path], to: Delivery) -> None:
    """Write a page, and say what is on it (stdout) and where it is (stderr)."""
    data = page.html.encode()
    say(*page.model.notes)
    for path in targets:
        write_bytes(path, data, overwrite=to.overwrite)
    for line in page.model.lines:
        click.echo(line)
    for path in targets:
        say(f"Wrote {path} ({len(data) / 1000:,.0f} kB).")
        if to.open_:
            click.launch(str(path))


def deliver_picture(page: Page, path: Path, to: Delivery) -> None:
    """Write a page as a picture, and beside it the text that stands for it."""
    from lcrmap.pictures.drawing import draw_picture

    beside = path.with_suffix(".alt.txt")
    refuse_existing(path, overwrite=to.overwrite)
    picture = draw_picture(page.model, path.suffix.lower()[1:], size=to.size, dpi=to.dpi)
    text = f"{picture.alt}\n".encode()
    if not (beside.is_file() and beside.read_bytes() == text):
        write_bytes(beside, text, overwrite=to.overwrite)
    write_bytes(path, picture.data, overwrite=to.overwrite)
    say(*picture.notes)
    say(f"Wrote {path} ({len(picture.data) / 1000:,.0f} kB) and {beside.name}.")


def page_targets(output: Sequence[Path], question: Any, pack: Pack) -> tuple[Path, ...]:
    """Return where a page or its picture goes: what ``-o`` names, else a file in output/."""
    for path in output:
        if path.suffix.lower() not in (*PAGES, *PICTURE_SUFFIXES):
            raise UsageError(
                f"'{path}' is neither a page nor a picture: give it the suffix .html, .png, .svg or .pdf."
            )
    return tuple(output) or (_default_page(question.layers, pack),)


def _default_page(layers: Sequence[str], pack: Pack) -> Path:
    folder = Path("output")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"The folder output/ cannot be made here ({error.strerror}): name a FILE with -o."
        ) from error
    if not layers:
        return folder / f"{pack.short_name}-atlas.html"
    stems = ["stdin" if each == "-" else Path(each).stem for each in layers[:3]]
    return folder / f"{'-'.join(stems)}.html"
