"""Copies of a live map: as a data pack of any moment, as one file, and whether it is whole."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path
from typing import Final

from lcrmap.errors import FileError, UsageError
from lcrmap.live.entries import broken_links, digest_of
from lcrmap.live.folder import DATABASE, Live, file_at
from lcrmap.live.making import made_map, made_whole
from lcrmap.live.pouring import poured
from lcrmap.live.settings import SETTINGS, without_database
from lcrmap.live.sqlite import SQLite
from lcrmap.live.users import Users

__all__ = ["back_up", "checked", "export", "log_lines", "moment", "restore"]

_AT_ONCE: Final = 5_000
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z?)?")


async def moment(live: Live, text: str) -> int:
    """Return the number of the last entry of a moment: a number, a date (its end, in UTC), or empty for now.

    Raises
    ------
    UsageError
        If it lies in the future or is none of these.
    """
    head = await live.store.head()
    if not text:
        return head
    if text.isascii() and text.isdigit():
        seq = int(text[:18])
        if seq > head:
            raise UsageError(f"Entry {seq} lies in the future: the last one is {head}.")
        return seq
    if not _DATE.fullmatch(text):
        raise UsageError(
            f"'{text}' is no number of an entry and no date, such as 2026-01-31 or 2026-01-31T14:00."
        )
    end, last = f"{text.removesuffix('Z')}~", 0
    while page := await live.store.entries(since=last, limit=_AT_ONCE):
        for each in page:
            if each.time > end:
                return last
            last = each.seq
    return last


async def log_lines(live: Live, since: str, feature: str) -> list[str]:
    """Return the log as lines for people."""
    layer, _, name = feature.partition(":")
    if feature:
        live.collection(layer)
    users = await _users_of(live)
    last, lines = await moment(live, since) if since else 0, []
    while page := await live.store.entries(
        since=last, limit=_AT_ONCE, layer=layer, feature=name if feature else None
    ):
        last = page[-1].seq
        for each in page:
            who = users.name(each.who)
            remark = f"  ({each.remark})" if each.remark else ""
            lines.append(
                f"{each.seq}  {each.time}  {who}  {each.kind}  {each.layer}:{each.feature}{remark}"
            )
    return lines


async def _users_of(live: Live) -> Users:
    found = Users(live.store)
    await found.refresh()
    return found


async def export(live: Live, target: Path, at: int) -> None:
    """Write the pack as it was after entry `at`."""
    users = await _users_of(live)
    with made_whole(target) as made:
        shutil.copytree(live.folder / "pack", made)
        for name in live.collections:
            data = await file_at(live, name, at, users)
            if data is not None:
                (made / live.pack.metadata(name).path).write_bytes(data)


async def checked(live: Live) -> list[str]:
    """Return all that is wrong with the log and the features; nothing if the one follows from the other."""
    whole = await live.store.whole()
    found = list(broken_links(whole.entries, whole.first))
    state = {place: each.body for place, each in whole.features.items()}
    last: dict[tuple[str, str], int] = {}
    for entry in reversed(whole.entries):
        place = (entry.layer, entry.feature)
        last.setdefault(place, entry.seq)
        if state.get(place) != entry.after:
            found.append(
                f"Entry {entry.seq} of the log does not lead to what follows it of {entry.layer}:{entry.feature}."
            )
        if entry.before is None:
            state.pop(place, None)
        else:
            state[place] = entry.before
    for place, held in whole.features.items():
        if held.seq != last.get(place, 0):
            found.append(
                f"The feature {place[0]}:{place[1]} is not of the entry that changed it last."
            )
    if digest_of((*place, body) for place, body in sorted(state.items())) != whole.first:
        found.append(
            "Replaying the log backwards does not lead to the features that the map began with."
        )
    return found


async def back_up(live: Live, target: Path) -> int:
    """Write all of a live map into one file; the log in it is complete up to one entry.

    Returns
    -------
    int
        The number of that entry.
    """
    with made_whole(target) as made:
        database, settings = made.with_name(DATABASE), live.folder / SETTINGS
        seq = await live.store.backup(str(database))
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(database, DATABASE)
            archive.writestr(SETTINGS, without_database(settings.read_text(encoding="utf-8")))
            for path in sorted((live.folder / "pack").rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(live.folder).as_posix())
    return seq


async def restore(file: Path, folder: Path, address: str = "") -> None:
    """Make a live map of a backup, whichever store it was in: in a file, or in the database of an address.

    Raises
    ------
    FileError
        If it is none.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if not {DATABASE, SETTINGS} <= set(names):
                raise FileError(f"'{file}' is no backup of a live map.")
            if not address:
                with made_whole(folder) as made:
                    archive.extractall(made)  # which leads no name out of the folder
                return
            async with made_map(folder, address) as (made, store):
                told = (made / SETTINGS).read_text(encoding="utf-8")
                archive.extractall(made)
                copied = (made / SETTINGS).read_text(encoding="utf-8")
                (made / SETTINGS).write_text(told + copied, encoding="utf-8")
                copy = SQLite(made / DATABASE)
                await poured(copy, store)
                await copy.close()
                (made / DATABASE).unlink()
    except (zipfile.BadZipFile, FileNotFoundError) as error:
        raise FileError(f"'{file}' is no backup of a live map that can be read.") from error
