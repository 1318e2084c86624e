"""Embed a page in another page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from lcrmap.errors import UsageError
from lcrmap.io.paths import is_file
from lcrmap.layers.addresses import address_of
from lcrmap.reports.embedding import HEIGHT, LISTENER, frame_markup, read_facts
from lcrmap.reports.texts import PAGE_REMEDY, read_text

__all__ = ["Embedding", "embed_page"]

_PICTURES = (".svg", ".png")


@dataclass(frozen=True, slots=True)
class Embedding:
    """HTML to paste, and notes on how to use it."""

    markup: str
    notes: tuple[str, ...] = ()


def embed_page(
    page: str | Path,
    *,
    url: str | None = None,
    inline: bool = False,
    listener: bool = False,
    height: int = HEIGHT,
) -> Embedding:
    """Return the markup that shows a page of lcrmap in a frame.

    A picture beside the page with the same name (``.svg`` or ``.png``, with its ``.alt.txt``) stands in where frames
    are taken out.

    Parameters
    ----------
    page
        The page's file.
    url
        Where the page will be, as seen from the host's page: an ``http`` or ``https`` address or a relative one; None
        for its file's bare name beside the host's page.
    inline
        Put the whole page into the markup.
    listener
        Add the script by which a host makes the frame as high as the page.
    height
        In pixels, where the host takes no style.

    Raises
    ------
    FileError
        If there is no such file, or it is no page of lcrmap.
    UsageError
        If `url` is an address of another kind, or is given together with `inline`.
    """
    if url and inline:
        raise UsageError("--url and --inline exclude each other: leave one out.")
    path = Path(page)
    facts = read_facts(read_text(path, remedy=PAGE_REMEDY), str(page))
    address = url or ("" if inline else address_of(path.name))
    drawn = next(
        (path.with_suffix(end) for end in _PICTURES if is_file(path.with_suffix(end))), None
    )
    beside = path.with_suffix(".alt.txt")
    alt = read_text(beside, remedy=PAGE_REMEDY).strip() if is_file(beside) else ""
    picture = "" if drawn is None or inline else _sibling(address, address_of(drawn.name))
    markup = frame_markup(facts, address, inline=inline, picture=picture, alt=alt, height=height)
    notes = []
    if inline:
        notes.append(
            "A host with a strict Content-Security-Policy blocks the script of an inline page: its text and tables "
            "still show, but the map needs --url."
        )
    elif url is None:
        notes.append(
            f"Publish {path.name} beside the page that embeds it, or give its address with --url."
        )
    return Embedding(markup + (LISTENER if listener else ""), tuple(notes))


def _sibling(address: str, name: str) -> str:
    """Return the address of a file that lies beside the one at `address`."""
    folder, slash, _ = re.split("[?#]", address, maxsplit=1)[0].rpartition("/")
    return f"{folder}{slash}{name}"
