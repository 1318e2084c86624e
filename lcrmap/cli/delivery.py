"""Hand a result on: data to stdout or to files, words to stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from lcrmap.errors import OutputError, UsageError
from lcrmap.io.atomic import refuse_existing
from lcrmap.io.writing import encode_noting, write_bytes, write_layer
from lcrmap.layers import Layer, Pack
from lcrmap.reports.tables import arrange, print_table
from lcrmap.verbs.answer import Answer

if TYPE_CHECKING:
    from lcrmap.maps.page import Page

__all__ = [
    "deliver",
    "deliver_beside",
    "deliver_page",
    "deliver_picture",
    "normalised",
    "page_targets",
    "say",
    "standard_input",
    "wrote",
]

PAGES = (".html", ".htm")
PICTURE_SUFFIXES = (".png", ".svg", ".pdf")
# What a page's record of its own making leaves out: where it went, and what was done with it then.
NOT_RECORDED = {"output", "overwrite", "open_", "pack", "size", "dpi"}


def say(*sentences: str) -> None:
    """Put sentences on stderr, one a line."""
    for sentence in sentences:
        click.echo(sentence, err=True)


def standard_input(*layers: str) -> BinaryIO | None:
    """Return stdin if one of the layers is ``-``, else None."""
    return sys.stdin.buffer if "-" in layers else None


def deliver(
    answer: Answer,
    *,
    where: str | None = None,
    columns: str | None = None,
    sort: str | None = None,
    limit: int | None = None,
    format_: str | None = None,
    output: Sequence[Path] = (),
    overwrite: bool = False,
    size: str = "report",
    dpi: int | None = None,
) -> None:
    """Print an answer, or write it to files.

    The options are those of ``lcrmap.cli.options.table_options``.
    """
    layer = arrange(answer.layer, where=where, columns=columns, sort=sort, limit=limit)
    say(*answer.notes, *layer.notes)
    for path in output:
        if path.suffix.lower() in PAGES:
            deliver_page(answer.page(layer), [path], overwrite=overwrite)
        elif path.suffix.lower() in PICTURE_SUFFIXES:
            deliver_picture(answer.page(layer), path, overwrite=overwrite, size=size, dpi=dpi)
        else:
            deliver_beside(layer, path, overwrite=overwrite)
    if not output:
        main = () if columns else answer.main
        _print(
            layer, format_ or ("table" if sys.stdout.isatty() else "geojson"), bool(columns), main
        )


def deliver_beside(layer: Layer, path: Path, *, overwrite: bool = False) -> None:
    """Write rows to a file, and say so: a result, or what stands beside it."""
    say(*write_layer(layer, path, overwrite=overwrite))
    say(wrote(path, len(layer.frame)))


def wrote(path: Path, rows: int) -> str:
    """Say that a file was written, and how many rows it has."""
    return f"Wrote {path} ({rows:,} {'row' if rows == 1 else 'rows'})."


def _print(layer: Layer, format_: str, columns_chosen: bool, main: Sequence[str]) -> None:
    if format_ == "table":
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


def deliver_page(
    page: Page, targets: Iterable[Path], *, overwrite: bool = False, open_: bool = False
) -> None:
    """Write a page with its record, and say what is on it (stdout) and where it is (stderr)."""
    from lcrmap.cli.recording import with_record

    page = with_record(page)
    data = page.html.encode()
    say(*page.model.notes)
    for path in targets:
        write_bytes(path, data, overwrite=overwrite)
    for line in page.model.lines:
        click.echo(line)
    for path in targets:
        say(f"Wrote {path} ({len(data) / 1000:,.0f} kB).")
        if open_:
            click.launch(str(path))


def deliver_picture(
    page: Page,
    path: Path,
    *,
    overwrite: bool = False,
    size: str = "report",
    dpi: int | None = None,
) -> None:
    """Write a page as a picture, and beside it the text that stands for it."""
    from lcrmap.pictures.drawing import draw_picture

    beside = path.with_suffix(".alt.txt")
    refuse_existing(path, overwrite=overwrite)
    picture = draw_picture(page.model, path.suffix.lower()[1:], size=size, dpi=dpi)
    text = f"{picture.alt}\n".encode()
    if not (beside.is_file() and beside.read_bytes() == text):
        write_bytes(beside, text, overwrite=overwrite)
    write_bytes(path, picture.data, overwrite=overwrite)
    say(*picture.notes)
    say(f"Wrote {path} ({len(picture.data) / 1000:,.0f} kB) and {beside.name}.")


def page_targets(output: Sequence[Path], layers: Sequence[str], pack: Pack) -> tuple[Path, ...]:
    """Return where a page or its picture goes: what ``-o`` names, else a file in output/."""
    for path in output:
        if path.suffix.lower() not in (*PAGES, *PICTURE_SUFFIXES):
            raise UsageError(
                f"'{path}' is neither a page nor a picture: give it the suffix .html, .png, .svg or .pdf."
            )
    return tuple(output) or (_default_page(layers, pack),)


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


def normalised(ctx: click.Context) -> str:
    """Return the command line as a page may record it: files by bare name, nothing about this machine."""
    words = ["lcrmap", str(ctx.info_name)]
    for parameter in ctx.command.params:
        name = str(parameter.name)
        source = ctx.get_parameter_source(name)
        if name in NOT_RECORDED or source is None or source.name == "DEFAULT":
            continue
        for value in _as_values(ctx.params[name]):
            if isinstance(parameter, click.Option):
                words.append(max(parameter.opts, key=len))
                if parameter.is_flag:
                    continue
            words.append(_quoted(_bare(value)))
    return " ".join(words)


def _as_values(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (tuple, list)) else (value,)


def _bare(value: Any) -> str:
    text = str(value)
    return Path(text).name if ("/" in text or "\\" in text) and Path(text).exists() else text


def _quoted(text: str) -> str:
    import shlex

    return shlex.quote(text)
