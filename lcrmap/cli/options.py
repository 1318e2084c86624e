"""Every option that more than one verb has, once; an option means the same on every verb.

====== ============== ==========================================
letter option         verbs
====== ============== ==========================================
-o     --output       map, show, layers
-f     --format       show, layers
-w     --where        show (``EXPR``), map (``LAYER:EXPR``)
-c     --columns      show, layers
-s     --sort         show, layers
-n     --limit        show, layers
====== ============== ==========================================

Without a letter: ``--overwrite``, ``--size``, ``--dpi``, ``--pack``, ``--x``, ``--y``, ``--crs``,
``--title``, ``--open``, ``--basemap``, ``--lang``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from lcrmap.errors import LcrmapError

if TYPE_CHECKING:
    from lcrmap.layers import Metadata, Pack

__all__ = [
    "BY_HELP",
    "Distance",
    "Distances",
    "LayerName",
    "Pattern",
    "PlaceCommand",
    "PlaceName",
    "Rings",
    "key_option",
    "output_option",
    "pack_option",
    "picture_options",
    "reading_options",
    "table_options",
    "unit_option",
]

# Break the figures down: `count` by a column's values, `gaps` by areas.
BY_HELP = "Break the figures down: count by a column of LAYER, gaps by a layer of areas."

# Metres in a unit of distance; a mile is the international one.
METRES = {"m": 1.0, "km": 1000.0, "mi": 1609.344}

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def pack_of(ctx: click.Context) -> Pack:
    """Open the pack that a command line names, or lcrmap's own."""
    from lcrmap.layers import open_pack  # which help does not need

    return open_pack(ctx.params.get("pack"))


class LayerName(click.ParamType[str]):
    """A layer: a name from the pack, a file, or ``-``; completes the names, then files."""

    name = "layer"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the pack's layers, and files where no name fits."""
        names = [
            CompletionItem(each.name, help=each.title)
            for each in _known_layers(ctx)
            if each.name.startswith(incomplete)
        ]
        return names or [CompletionItem(incomplete, type="file")]


class PlaceName(click.ParamType[str]):
    """A place: see `lcrmap.io.places`; completes layer names, then files."""

    name = "place"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text without the space that `PlaceCommand` may have put before a minus sign."""
        return str(value).strip() or str(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer what a layer argument offers."""
        return LayerName().shell_complete(ctx, param, incomplete)


class PlaceCommand(click.Command):
    """A command whose arguments may be positions: one that begins with a minus sign is no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Shield positions such as ``-33.9,151.2`` from being read as options."""
        shielded = [f" {each}" if re.match(r"-[0-9.]+\s*[,;\s]", each) else each for each in args]
        return super().parse_args(ctx, shielded)


class Metres(float):
    """A distance in metres that remembers how it was typed."""

    text: str

    def __new__(cls, metres: float, text: str) -> Metres:
        """Keep the text beside the number."""
        made = super().__new__(cls, metres)
        made.text = text
        return made

    def __str__(self) -> str:
        """Return what was typed, as a page records it."""
        return self.text


@dataclass(frozen=True)
class Rings:
    """Distances in metres, and how they were typed."""

    metres: tuple[float, ...]
    text: str

    def __str__(self) -> str:
        """Return what was typed, as a page records it."""
        return self.text


class Distance(click.ParamType[float]):
    """A distance with its unit, such as ``500m``, ``5km`` or ``3mi``; becomes metres."""

    name = "distance"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Show that a unit belongs to the number."""
        return "DISTANCE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return metres; a number without a unit and a negative one are refused."""
        if isinstance(value, float):
            return value
        found = re.fullmatch(
            r"\s*([0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*([a-z]+)\s*", str(value).casefold()
        )
        if found is None or found[2] not in METRES:
            self.fail(
                f"'{value}' is not a distance: write a number from 0 up and its unit, such as 500m, 5km or 3mi.",
                param,
                ctx,
            )
        return Metres(float(found[1]) * METRES[found[2]], found[0].strip())


class Distances(click.ParamType[Rings]):
    """Distances with their units, comma-separated, such as ``1km,2km,5km``; become metres."""

    name = "distances"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Show that several may be given."""
        return "DISTANCE,..."

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Rings:
        """Return metres, in the order given."""
        if isinstance(value, Rings):
            return value
        each = [Distance().convert(part, param, ctx) for part in str(value).split(",")]
        return Rings(tuple(each), ",".join(map(str, each)))


class ColumnNames(click.ParamType[str]):
    """One or more column names, comma-separated; completes the fields of the layer that is named."""

    name = "columns"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the fields of the layer named before, after the last comma."""
        done, comma, part = incomplete.rpartition(",")
        return [
            CompletionItem(f"{done}{comma}{field.name}", help=field.title)
            for metadata in _named_layers(ctx)
            for field in metadata.fields
            if field.name.startswith(part.removeprefix("-"))
        ]


class Pattern(click.ParamType[str]):
    """A CQL2 filter; completes the field names, and the categories after a comparison."""

    name = "expr"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer fields for the last word, or categories once the word before it is a field."""
        words = incomplete.split(" ")
        before, last = " ".join(words[:-1]), words[-1]
        named = words[-3] if len(words) >= 3 else ""
        offers = []
        for metadata in _named_layers(ctx):
            fields = [each for each in metadata.fields if each.name == named]
            if fields:
                offers += [f"'{category.value}'" for category in fields[0].categories]
            else:
                offers += [each.name for each in metadata.fields]
        start = f"{before} " if before else ""
        return [CompletionItem(start + offer) for offer in offers if offer.startswith(last)]


def _named_layers(ctx: click.Context) -> list[Metadata]:
    """Return the pack's layers that the command line names so far.

    While an option still waits for its value, click has not yet told arguments apart: they are in ``ctx.args``.
    """
    given = ctx.params.get("layer") or ctx.params.get("layers") or ()
    names = {*((given,) if isinstance(given, str) else given), *ctx.args}
    return [each for each in _known_layers(ctx) if each.name in names] if names else []


def _known_layers(ctx: click.Context) -> list[Metadata]:
    """Return the pack's layers; none if it is broken: completion must print no error into the line."""
    try:
        return list(pack_of(ctx))
    except LcrmapError:
        return []


def bundle(*options: Decorator) -> Decorator:
    """Return one decorator that adds several options in the given order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


unit_option = click.option(
    "--unit",
    type=click.Choice(list(METRES)),
    default="m",
    show_default=True,
    help="The unit of the distance columns.",
)

pack_option = click.option(
    "--pack",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Use the data pack in this folder instead of lcrmap's own.",
)

key_option = click.option(
    "--key",
    metavar="COLUMN",
    help="The areas' column whose lowest value decides on a border (else their key field, else their shape).",
)

output_option = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Write here; the suffix decides the kind. May be given more than once.",
)

overwrite_option = click.option(
    "--overwrite", is_flag=True, help="Replace a file that exists (in output/ that is always so)."
)

picture_options = bundle(
    click.option(
        "--size",
        default="report",
        show_default=True,
        metavar="NAME|WxHmm",
        help="Size of a picture (.png, .svg, .pdf): report, wide, square, or millimetres as in 160x120mm.",
    ),
    click.option(
        "--dpi",
        type=click.IntRange(50, 1200),
        metavar="N",
        help="Dots per inch of a .png, instead of what the size is usually wanted at.",
    ),
)

reading_options = bundle(
    click.option("--x", metavar="COLUMN", help="CSV: the column of longitude or easting."),
    click.option("--y", metavar="COLUMN", help="CSV: the column of latitude or northing."),
    click.option(
        "--crs",
        metavar="CODE",
        help="The coordinate reference system of a file that names none, such as EPSG:27700.",
    ),
)

table_options = bundle(
    click.option(
        "-w",
        "--where",
        type=Pattern(),
        metavar="EXPR",
        help="Keep the rows for which this CQL2 expression is true.",
    ),
    click.option(
        "-c",
        "--columns",
        type=ColumnNames(),
        metavar="A,B",
        help="Show these columns, in this order.",
    ),
    click.option(
        "-s",
        "--sort",
        type=ColumnNames(),
        metavar="A,-B",
        help="Sort by these columns; a minus sign sorts from high to low.",
    ),
    click.option("-n", "--limit", type=click.IntRange(min=0), metavar="N", help="At most N rows."),
    click.option(
        "-f",
        "--format",
        "format_",
        type=click.Choice(["table", "csv", "json", "geojson", "geojsonl", "md"]),
        help="What to print when no FILE is given (on a terminal a table, else GeoJSON).",
    ),
    output_option,
    overwrite_option,
    picture_options,
)
