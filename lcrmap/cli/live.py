"""``lcrmap live``: a map that many share, its users, its log and its copies."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lcrmap.cli.command import Verb
from lcrmap.cli.options import pack_option
from lcrmap.errors import LcrmapError, MissingFileError, MissingPartError, UsageError

if TYPE_CHECKING:
    from lcrmap.live.folder import Live

T = TypeVar("T")

database_option = click.option(
    "--db",
    default="",
    metavar="ADDRESS",
    help="Database, such as postgresql://HOST/NAME; user and password by PGUSER, PGPASSWORD or ~/.pgpass.  "
    "[default: a file in the folder]",
)

FOLDER = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))


class Parts(Verb, click.Group):
    """A verb whose commands are verbs of their own."""


@click.group(cls=Parts)
def live() -> None:
    """Make, look after and copy a map that many share.

    Each change of it is one entry of a log, from which all else follows: see docs/serve.md.

    \b
    Examples:
      lcrmap live new output/live --edit innovation-assets && lcrmap live user output/live add Ann --role edit
      lcrmap live new output/live && lcrmap live backup output/live -o output/live.backup
    """
    needs_serve()


def needs_serve() -> None:
    """Refuse to begin without what a served map needs."""
    for name in ("starlette", "uvicorn"):
        if find_spec(name) is None:
            raise MissingPartError(f"A live map needs {name}: pip install 'lcrmap[serve]'")


@click.command(cls=Verb)
@FOLDER
@pack_option
@click.option("--edit", default="", metavar="LAYER,...", help="Layers that are open to edits.")
@database_option
def new(folder: Path, pack: Path | None, edit: str, db: str) -> None:
    """Make a live map of a data pack.

    With --db its log and features are in PostgreSQL with PostGIS, in a schema of their own; see docs/serve.md.

    \b
    Examples:
      lcrmap live new output/live --edit innovation-assets,freeport-sites
    """
    from lcrmap.cli.door import say
    from lcrmap.layers import open_pack
    from lcrmap.live.making import new_live

    layers = [each.strip() for each in edit.split(",") if each.strip()]
    asyncio.run(new_live(folder, open_pack(pack), layers, db))
    say(
        f"Made {folder}: 'lcrmap live user {folder} add NAME --role edit', then 'lcrmap serve {folder}'."
    )


def opened(folder: Path, work: Any) -> Any:
    """Do work with a live map, and close it."""
    from lcrmap.live.folder import open_live

    async def run() -> Any:
        found = open_live(folder)
        try:
            return await work(found)
        finally:
            await found.store.close()

    return asyncio.run(run())


@click.command(cls=Verb)
@FOLDER
@click.argument("what", type=click.Choice(["add", "list", "revoke", "forget"]))
@click.argument("name", required=False, default="")
@click.option(
    "--role",
    type=click.Choice(["read", "comment", "edit", "admin"]),
    default="read",
    show_default=True,
    help="What the user may do.",
)
@click.option("--layers", default="", metavar="A,B", help="Only these layers may be edited.")
@click.option(
    "--expires", default="", metavar="90d", help="Days after which the link is no longer known."
)
@click.option(
    "--unconditional", is_flag=True, help="Take changes that do not say which version they change."
)
@click.option(
    "--url", default="http://127.0.0.1:8000", show_default=True, help="Where the map is served."
)
def user(
    folder: Path,
    what: str,
    name: str,
    role: str,
    layers: str,
    expires: str,
    unconditional: bool,
    url: str,
) -> None:
    """Add, list, revoke or forget users.

    The link that 'add' prints is shown once. 'forget' takes a name away; what that user did stays in the log.

    \b
    Examples:
      lcrmap live user output/live add Ann --role edit
      lcrmap live user output/live list
    """
    from lcrmap.cli.door import say, tell

    if what != "list" and not name:
        raise UsageError(f"Say who: 'lcrmap live user {folder} {what} NAME'.")
    days = _days(expires)
    chosen = tuple(each.strip() for each in layers.split(",") if each.strip())

    async def work(found: Live) -> list[str]:
        from lcrmap.live.users import changed_user, listed_user, new_user

        users = list(await found.store.users())
        if what == "list":
            return [listed_user(each) for each in users]
        for each in chosen:
            found.collection(each)
        if what == "add":
            made, token = new_user(
                name, role, users, layers=chosen, days=days, unconditional=unconditional
            )
            await found.store.put_user(made)
            at = url.rstrip("/")
            say(
                f"The link of {name} is shown this once; it leads to {at} (--url names another place)."
            )
            return [f"{at}/#token={token}"]
        await found.store.put_user(changed_user(name, users, forget=what == "forget"))
        return []

    tell(*opened(folder, work))


def _days(text: str) -> float:
    """Return how many days an age such as ``90d`` is; 0 for none."""
    number = text.removesuffix("d")
    if text and not (number.isascii() and number.isdigit() and 0 < int(number[:6]) <= 36_500):
        raise UsageError(f"--expires must be a number of days, such as 90d, not '{text}'.")
    return float(number) if text else 0.0


@click.command(cls=Verb)
@FOLDER
@click.option("--since", default="", metavar="SEQ|DATE", help="Only what came after that.")
@click.option("--feature", default="", metavar="LAYER:ID", help="Only changes of this feature.")
def log(folder: Path, since: str, feature: str) -> None:
    """Print the log: number, time, who, kind and feature of each change.

    \b
    Examples:
      lcrmap live log output/live --since 2026-01-31
    """
    from lcrmap.cli.door import tell

    async def work(found: Live) -> list[str]:
        from lcrmap.live.copies import log_lines

        return await log_lines(found, since, feature)

    tell(*opened(folder, work))


@click.command(cls=Verb)
@FOLDER
@click.argument("seq", type=click.IntRange(1))
def undo(folder: Path, seq: int) -> None:
    """Undo the change of a number by another change."""
    from lcrmap.cli.door import say

    async def work(found: Live) -> int:
        from lcrmap.live.undoing import OPERATOR, undo

        return (await undo(found.store, seq, OPERATOR)).seq

    say(f"Entry {opened(folder, work)} undoes entry {seq}.")


@click.command(cls=Verb)
@FOLDER
@click.option(
    "--at", "at", default="", metavar="SEQ|DATE", help="As it was then.  [default: as it is]"
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Folder to write.",
)
def export(folder: Path, at: str, output: Path) -> None:
    """Write the map as a data pack that every verb takes with --pack.

    \b
    Examples:
      lcrmap live export output/live --at 10 -o output/then
    """
    from lcrmap.cli.door import say

    async def work(found: Live) -> int:
        from lcrmap.live.copies import export, moment

        seq = await moment(found, at)
        await export(found, output, seq)
        return seq

    say(f"Wrote {output} as of entry {opened(folder, work)}.")


@click.command(cls=Verb)
@FOLDER
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File to write.",
)
def backup(folder: Path, output: Path) -> None:
    """Write a copy of all to one file, also while the map is served."""
    from lcrmap.cli.door import say

    async def work(found: Live) -> int:
        from lcrmap.live.copies import back_up

        return await back_up(found, output)

    say(f"Wrote {output} as of entry {opened(folder, work)}.")


@click.command(cls=Verb)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("newfolder", type=click.Path(file_okay=False, path_type=Path))
@database_option
def restore(file: Path, newfolder: Path, db: str) -> None:
    """Make a live map of a backup, in a folder of its own, or with --db in a database, wherever it was before."""
    from lcrmap.cli.door import say
    from lcrmap.live.copies import restore

    asyncio.run(restore(file, newfolder, db))
    say(f"Made {newfolder}: 'lcrmap live check {newfolder}' looks whether it is whole.")


@click.command(cls=Verb)
@FOLDER
def check(folder: Path) -> int:
    """Look whether the log is whole and the map follows from it; exit with 1 if not."""
    from lcrmap.cli.door import say, tell

    async def work(found: Live) -> list[str]:
        from lcrmap.live.copies import checked

        return await checked(found)

    faults = opened(folder, work)
    tell(*faults)
    if not faults:
        say("The log is whole, and the map follows from it.")
    return 1 if faults else 0


@click.command(cls=Verb)
@FOLDER
@click.argument("what", type=click.Choice(["add", "pull"]))
@click.argument("name", metavar="FILE|-|NAME")
@click.option("--every", default="", metavar="15m", help="Fetch again and again, until Ctrl-C.")
@click.option(
    "--keep",
    default="",
    metavar="400d",
    help="Keep only the lowest and the highest reading of older days.",
)
def readings(folder: Path, what: str, name: str, every: str, keep: str) -> None:
    """Add readings from a file, or fetch them from a source of live.toml.

    Each line of the file is a JSON object with station, property, time and value: all are taken, or none.

    \b
    Examples:
      lcrmap live readings output/live add readings.ndjson
      lcrmap live readings output/live pull flood --every 15m --keep 400d
    """
    from lcrmap.live.measuring import age_from

    pause = age_from(every, "--every") if every else 0
    kept = age_from(keep, "--keep") if keep else 0
    if every and what == "add":
        raise UsageError("--every goes with 'pull': a file is added once.")
    data = _read(name) if what == "add" else b""

    async def work(found: Live) -> list[str]:
        from lcrmap.live.collecting import add_readings, pull_readings, thin_readings

        done = add_readings(found, data) if what == "add" else pull_readings(found, name)
        return [await done, *([await thin_readings(found, kept)] if kept else [])]

    with suppress(KeyboardInterrupt):
        while _collected(folder, work, again=bool(pause)):
            time.sleep(pause)


def _read(name: str) -> bytes:
    """Return what stands in a file, or comes by stdin."""
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise MissingFileError(f"'{name}' cannot be read ({error.strerror}).") from error


def _collected(folder: Path, work: Any, *, again: bool) -> bool:
    """Do work that gives readings, and say what it did; where it is done again, a fault now is only said."""
    from lcrmap.cli.door import say

    try:
        say(*opened(folder, work))
    except UsageError:
        raise
    except LcrmapError as error:
        if not again:
            raise
        say(str(error))
    return again


for each in (new, user, log, undo, export, backup, restore, check, readings):
    live.add_command(each)
