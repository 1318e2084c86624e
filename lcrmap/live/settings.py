"""What ``live.toml`` says of a live map."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from lcrmap.errors import FileError, MissingFileError
from lcrmap.layers.typed import KeyedTable
from lcrmap.live.databases import Database, fault_of_address, fault_of_schema
from lcrmap.live.measuring import Station
from lcrmap.live.stations import Source, sources_in, stations_in
from lcrmap.reports.recipes import Block, recipe_from

__all__ = [
    "OF_DATABASE",
    "SETTINGS",
    "Settings",
    "read_settings",
    "refuse_settings",
    "without_database",
]

SETTINGS: Final = "live.toml"
OF_DATABASE: Final = ("db", "schema")
_FOLLOWING: Final = ("count", "near")


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``live.toml`` says.

    Attributes
    ----------
    edit
        The layers that are open to edits.
    layers
        The layers that the page shows; none for those of the pack's atlas.
    questions
        Those whose answers follow the map, as a page's record has them.
    frame_ancestors
        Who may show the page in a frame.
    user_header, proxies
        The header in which a proxy at one of these addresses names the user who signed in.
    limits
        Numbers of requests; see `lcrmap.live.users.Limits`.
    database
        Where log and features are; None for the file beside it.
    stations, sources
        Stations that are named here, and where others and their readings are fetched from.
    """

    title: str
    edit: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    questions: tuple[Block, ...] = ()
    frame_ancestors: tuple[str, ...] = ()
    user_header: str = ""
    proxies: tuple[str, ...] = ()
    limits: dict[str, float] = field(default_factory=dict)
    database: Database | None = None
    stations: tuple[Station, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def measures(self) -> bool:
        """Whether the map has stations."""
        return bool(self.stations or self.sources)


def read_settings(folder: Path) -> Settings:
    """Return what the folder of a live map says; raises FileError if it is none."""
    path = folder / SETTINGS
    if not path.is_file():
        raise MissingFileError(
            f"'{folder}' is no live map, for it has no {SETTINGS}: make one with 'lcrmap live new {folder}'."
        )
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FileError(f"'{path}' is no TOML: {error}.") from error
    table = KeyedTable(raw, "", refuse_settings)
    table.only(
        (
            "title",
            "edit",
            "layers",
            "question",
            "frame_ancestors",
            "user_header",
            "proxies",
            "limits",
            "station",
            "source",
            *OF_DATABASE,
        )
    )
    return Settings(
        title=table.text("title", required=True),
        edit=table.texts("edit"),
        layers=table.texts("layers"),
        questions=_questions(raw),
        frame_ancestors=table.texts("frame_ancestors"),
        user_header=table.text("user_header"),
        proxies=table.texts("proxies"),
        limits=dict(raw.get("limits", {})),
        database=_database_in(table),
        stations=stations_in(raw, refuse_settings),
        sources=sources_in(raw, refuse_settings),
    )


def _database_in(table: KeyedTable) -> Database | None:
    """Return the database that ``live.toml`` names."""
    address, schema = (table.text(name) for name in OF_DATABASE)
    if not address and not schema:
        return None
    for name, fault in zip(
        OF_DATABASE, (fault_of_address(address), fault_of_schema(schema)), strict=True
    ):
        if fault:
            table.fault(name, f"{fault}.")
    return Database(address, schema)


def without_database(text: str) -> str:
    """Return what ``live.toml`` says without the database, for a copy that may go anywhere.

    Raises
    ------
    FileError
        If it does not say so on lines of their own.
    """
    lines, above = [], True
    for line in text.splitlines(keepends=True):
        above = above and not line.lstrip().startswith("[")
        if not (above and line.partition("=")[0].strip() in OF_DATABASE):
            lines.append(line)
    made, raw = "".join(lines), tomllib.loads(text)
    if tomllib.loads(made) != {name: raw[name] for name in raw if name not in OF_DATABASE}:
        refuse_settings(f"write {' and '.join(OF_DATABASE)} on lines of their own")
    return made


def _questions(raw: dict[str, Any]) -> tuple[Block, ...]:
    """Return the questions whose answers follow the map, of the verbs that may."""
    if "question" not in raw:
        return ()
    blocks = recipe_from({"question": raw["question"]}, SETTINGS).blocks
    for number, each in enumerate(blocks, 1):
        if each.ask not in _FOLLOWING:
            refuse_settings(
                f"'question[{number}].ask' is {' or '.join(_FOLLOWING)}, not {each.ask}."
            )
    return blocks


def refuse_settings(told: str) -> None:
    """Refuse what ``live.toml`` says; raises FileError."""
    raise FileError(f"{SETTINGS}: {told.rstrip('.')}.")
