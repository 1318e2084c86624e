"""Hand a result on: data to stdout or to files, words to stderr."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lcrmap.cli.door import hand_on, is_terminal, say, tell
from lcrmap.cli.large import weigh_page
from lcrmap.errors import UsageError
from lcrmap.io.atomic import Together, writing_together
from lcrmap.io.targets import Identity, in_own_folder, refuse_repeated, refuse_target
from lcrmap.io.writing import STREAMED, described_beside, encode_noting, put_layer
from lcrmap.layers import Layer, Pack
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.question import Rows
from lcrmap.verbs.sources import Sources

if TYPE_CHECKING:
    from lcrmap.io.placed_sets import PlacedSet
    from lcrmap.io.stores import Place
    from lcrmap.maps.page import Page

__all__ = [
    "Delivery",
    "deliver",
    "deliver_map",
    "page_targets",
    "put_answer",
    "wrote",
]

PAGES = (".html", ".htm")
SCENARIO = ".toml"
_TALL = 40  # rows that fill a screen
PICTURE_SUFFIXES = (".png", ".svg", ".pdf")


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where an answer goes, and as what.

    Attributes
    ----------
    output
        The files to write; none to print, if there is no `folder` either.
    folder
        Where a data set is written.
    rows_per_file
        How many rows a file of it has at most; None for what is usual.
    resume
        Whether to go on with a run to it that broke off.
    format_
        What to print; None for a table on a terminal, else GeoJSON.
    overwrite
        Whether existing files are replaced.
    large
        Whether a file that takes much memory is read, and a page written that is larger than browsers like.
    size, dpi
        Of pictures.
    beside
        The file for what stands beside the answer; see `lcrmap.verbs.answer.Answer`.
    open_
        Whether a page is opened in the browser.
    inputs
        What is read, which no output replaces unless `overwrite` says so; see `lcrmap.io.targets`.
    """

    output: tuple[Path, ...] = ()
    folder: Place | None = None
    rows_per_file: int | None = None
    resume: bool = False
    format_: str | None = None
    overwrite: bool = False
    large: bool = False
    size: str = "report"
    dpi: int | None = None
    beside: Path | None = None
    open_: bool = False
    inputs: frozenset[Identity] = frozenset()

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of its parts."""
        return tuple(each.name for each in fields(cls))

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that is written."""
        return (*self.output, *((self.beside,) if self.beside is not None else ()))

    def writing(self) -> AbstractContextManager[Together]:
        """Open what takes its files: all of them stand in their places when the block ends, or none."""
        return writing_together(overwrite=self.overwrite, inputs=self.inputs)

    def refuse(self) -> None:
        """Refuse, before any work is done, files that cannot be written; say of a large picture how large it will be.

        Raises
        ------
        UsageError
            If a file would be written twice, or is a picture of too many pixels.
        OutputError
            If a file may not be replaced.
        """
        pictures = [each for each in self.output if each.suffix.lower() in PICTURE_SUFFIXES]
        if any(each.suffix.lower() == ".png" for each in pictures):
            from lcrmap.pictures.papers import paper_of

            paper = paper_of(self.size, self.dpi)
            paper.refuse_too_fine()
            say(*filter(None, (paper.warning,)))
        described = [beside for each in self.files if (beside := described_beside(each))]
        if self.folder is not None:
            from lcrmap.io.placed_sets import refuse_data_set  # which files do without

            refuse_data_set(
                self.folder, overwrite=self.overwrite, inputs=self.inputs, resume=self.resume
            )
        folders = [] if self.folder is None or not self.folder.local else [self.folder.root]
        refuse_repeated(
            [*folders, *self.files, *described, *{text_beside(each) for each in pictures}]
        )
        for each in (*self.files, *described):
            refuse_target(each, overwrite=self.overwrite, inputs=self.inputs)

    @property
    def drawn(self) -> tuple[Path, ...]:
        """The pages and pictures among the files."""
        return tuple(
            each for each in self.output if each.suffix.lower() in (*PAGES, *PICTURE_SUFFIXES)
        )

    @property
    def draws(self) -> bool:
        """Whether a page or a picture is among the files."""
        return bool(self.drawn)

    @property
    def prints(self) -> bool:
        """Whether the answer goes to stdout."""
        return not self.output and self.folder is None

    @property
    def printed(self) -> str:
        """What is printed where no file is written."""
        return self.format_ or ("table" if is_terminal() else "geojson")

    @property
    def streamed_format(self) -> str:
        """The format in which rows are printed as they come; empty if they cannot be."""
        return self.printed if self.printed in STREAMED else ""


def deliver(answer: Answer, sources: Sources, to: Delivery) -> None:
    """Print an answer, or write it to files: all of them, or none."""
    with to.writing() as together:
        say_it = put_answer(answer, sources, to, together)
    say_it()


def put_answer(
    answer: Answer,
    sources: Sources,
    to: Delivery,
    together: Together,
    placed: PlacedSet | None = None,
) -> Callable[[], None]:
    """Put the files of an answer among other outputs; return what says all that is to be said when they are in place.

    Parameters
    ----------
    placed
        The data set that was begun for its rows; None to begin it now, if it goes to one.
    """
    page = answer.page(sources) if to.draws else None  # before anything is written or said
    told: list[str] = []
    if to.beside is not None and answer.beside is not None:
        told += _put_rows(answer.beside, to.beside, together)
    told += [*answer.notes, *answer.layer.notes]
    if page is not None:
        told += _put_page(page, to.drawn, together, to)
    for path in to.output:
        if path.suffix.lower() == SCENARIO and answer.scenario:
            together.write(path, answer.scenario.encode())
            told.append(f"Wrote {path}: lcrmap compare baseline {path} says what it changes.")
        elif path not in to.drawn:
            told += _put_rows(answer.layer, path, together)
    if to.folder is not None:
        from lcrmap.io.placed_sets import data_set_in, put_data_set  # which files do without
        from lcrmap.verbs.recording import record_of

        placed = placed or data_set_in(to.folder, together)
        record = record_of(answer.question, answer.pack)
        told += put_data_set(answer.layer, placed, record, most=to.rows_per_file)

    def say_it() -> None:
        say(*dict.fromkeys(told))  # a page may note what the answer does too
        if page is not None:
            _say_page(page, to)
        if to.prints:
            _print_answer(answer, to)

    return say_it


def _print_answer(answer: Answer, to: Delivery) -> None:
    chosen = isinstance(answer.question, Rows) and bool(answer.question.columns)
    layer = answer.spoken_layer if to.printed == "table" else answer.layer
    _print(layer, to.printed, chosen, () if chosen else answer.main)
    shown, whole = len(layer.frame), len(answer.layer.frame)
    if shown < whole:
        say(
            f"{shown:,} of {whole:,} rows are shown, those that tell most: write them all with -o FILE."
        )
    if to.printed == "table" and shown > _TALL and answer.finding and is_terminal():
        say(f"{answer.finding}.")  # what was said above the table has scrolled away


def deliver_map(answer: Answer, sources: Sources, to: Delivery) -> None:
    """Write a map as pages and pictures: all of them, or none."""
    page = answer.page(sources)
    with to.writing() as together:
        told = _put_page(page, to.output, together, to)
    say(*told)
    _say_page(page, to)


def _put_rows(layer: Layer, path: Path, together: Together) -> list[str]:
    """Write rows among other outputs, and return what is to be said when all are in place."""
    return [*put_layer(layer, path, together), wrote(path, len(layer.frame))]


def wrote(path: Path, rows: int) -> str:
    """Say that a file was written, how many rows it has, and what describes it."""
    beside = described_beside(path)
    described = f" and {beside.name}" if beside is not None else ""
    return f"Wrote {path} ({rows:,} {'row' if rows == 1 else 'rows'}){described}."


def _print(layer: Layer, format_: str, columns_chosen: bool, main: Sequence[str]) -> None:
    if format_ == "table":
        from lcrmap.cli.terminal import print_table  # which a file or a pipe does not need

        say(*print_table(layer, every_column=columns_chosen, main=main))
        return
    encoded = encode_noting(layer, format_)
    say(*encoded.notes)
    hand_on(encoded.data)


def _put_page(page: Page, targets: Sequence[Path], together: Together, to: Delivery) -> list[str]:
    """Write a page, its pictures or both among other outputs; return what is to be said when all are in place."""
    pages = [each for each in targets if each.suffix.lower() in PAGES]
    told = list(page.model.notes)
    data = page.html.encode() if pages else b""
    weigh_page(len(data), large=to.large)
    for path in pages:
        together.write(path, data)
        told.append(f"Wrote {path} ({len(data) / 1000:,.0f} kB).")
    for path in targets:
        if path not in pages:
            told += _put_picture(page, path, together, to)
    return told


def _say_page(page: Page, to: Delivery) -> None:
    """Say what is on a page or its picture (stdout), and open the page where that was asked for."""
    tell(*page.model.lines)
    pages = [each for each in to.output if each.suffix.lower() in PAGES]
    for path in pages if to.open_ else ():
        click.launch(str(path))


def _put_picture(page: Page, path: Path, together: Together, to: Delivery) -> list[str]:
    """Write a picture, and beside it the text that stands for it; pictures of one name share it."""
    from lcrmap.pictures.drawing import draw_picture

    refuse_target(path, overwrite=to.overwrite, inputs=to.inputs)  # before it is drawn
    picture = draw_picture(page.model, path.suffix.lower()[1:], size=to.size, dpi=to.dpi)
    beside = text_beside(path)
    text = f"{picture.alt}\n".encode()
    if not together.takes(beside) and not (beside.is_file() and beside.read_bytes() == text):
        together.write(beside, text)
    together.write(path, picture.data)
    told = f"Wrote {path} ({len(picture.data) / 1000:,.0f} kB) and {beside.name}."
    return [*picture.notes, told]


def text_beside(path: Path) -> Path:
    """Return where the text that stands for a picture goes."""
    return path.with_suffix(".alt.txt")


def page_targets(output: Sequence[Path], question: Any, pack: Pack) -> tuple[Path, ...]:
    """Return where a page or its picture goes: what ``-o`` names, else a file in output/."""
    for path in output:
        if path.suffix.lower() not in (*PAGES, *PICTURE_SUFFIXES):
            raise UsageError(
                f"'{path}' is neither a page nor a picture: give it the suffix .html, .png, .svg or .pdf."
            )
    return tuple(output) or (_default_page(question.layers, pack),)


def _default_page(layers: Sequence[str], pack: Pack) -> Path:
    if not layers:
        return in_own_folder(f"{pack.short_name}-atlas.html")
    stems = ["stdin" if each == "-" else Path(each).stem for each in layers[:3]]
    return in_own_folder(f"{'-'.join(stems)}.html")
