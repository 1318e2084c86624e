"""Large with a word: what takes much memory, or makes a page that no browser opens, is said before it is done."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from lcrmap.cli.door import say
from lcrmap.errors import UsageError
from lcrmap.io.memory import MAIL, expected_bytes, machine_bytes, mail_note
from lcrmap.io.paths import files_meant, is_file, is_geodatabase, typed_path
from lcrmap.layers import Pack

__all__ = ["takes_much", "weigh_page", "weigh_reading"]

SAID_SHARE, MOST_SHARE = 1 / 4, 1 / 2
"""From which shares of the memory on a file is told of, and refused."""

SAID_PAGE, MOST_PAGE = MAIL, 200_000_000
"""From how many bytes on a page is told of, and refused."""

_LESS: Final = (
    "to take less, ask join, count or show of it as .csv, .geojsonl, .gpkg, .fgb or .parquet and write a table, "
    "which goes in parts, or choose rows first with show --where"
)


def weigh_reading(names: Iterable[str], pack: Pack, *, large: bool) -> None:
    """Say how much memory files will take that are read whole, if that is much.

    Parameters
    ----------
    names
        Layers as they are typed.
    large
        Whether they are read however much it is.

    Raises
    ------
    UsageError
        If they take more than half of the memory, and `large` does not allow it.
    """
    files = _files(names, pack)
    size, memory = sum(map(expected_bytes, files)), machine_bytes()
    if memory is None or size <= SAID_SHARE * memory:
        return
    named = " and ".join(sorted(f"'{each}'" for each in files))
    told = f"{named} will take about {_gigabytes(size)} of the memory of {_gigabytes(memory)}"
    if size > MOST_SHARE * memory and not large:
        raise UsageError(f"{told}: say --large to read it all the same; {_LESS}.")
    say(f"{told}; {_LESS}.")


def weigh_page(size: int, *, large: bool) -> None:
    """Say how large a page is before it is written, if it is large.

    Raises
    ------
    UsageError
        If it has more than 200 MB, and `large` does not allow it.
    """
    if size <= SAID_PAGE:
        return
    less = "count the features by area first (lcrmap count), or choose rows with --where"
    if size > MOST_PAGE and not large:
        raise UsageError(
            f"The page would have {size / 1e6:,.0f} MB, which hardly a browser opens: {less}; "
            f"say --large to write it all the same."
        )
    opening = f"it opens slowly; to have less, {less}"
    say(mail_note(size, what="The page", less=opening, most=SAID_PAGE))


def takes_much(name: str, pack: Pack) -> bool:
    """Tell whether the file of a layer takes more than a quarter of the memory when it is read whole."""
    size, memory = sum(map(expected_bytes, _files([name], pack))), machine_bytes()
    return memory is not None and size > SAID_SHARE * memory


def _files(names: Iterable[str], pack: Pack) -> set[Path]:
    return {path for each in names if each not in pack.names for path in _file(each)}


def _file(name: str) -> list[Path]:
    paths = (typed_path(text) for text, _ in files_meant(name))
    return [path for path in paths if is_file(path) or is_geodatabase(path)][:1]


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:,.1f} GB"
