"""What the options of the command line are: how each field of a question is spelled, typed and completed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.shell_completion import CompletionItem

from lcrmap.cli.command import Verb
from lcrmap.errors import LcrmapError, UsageError
from lcrmap.verbs.question import SOUTHERN, Distance, QuestionField

if TYPE_CHECKING:
    from lcrmap.layers import Metadata, Pack

__all__ = [
    "Decorator",
    "LayerName",
    "PlaceCommand",
    "PlaceName",
    "engine_options",
    "hash_option",
    "large_option",
    "large_output_option",
    "option_of",
    "output_option",
    "overwrite_option",
    "pack_option",
    "picture_options",
    "stated_format_option",
    "table_output_option",
]

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


class ScenarioName(click.ParamType[str]):
    """A scenario: ``baseline``, a name from the pack, or a file; completes the names, then files."""

    name = "scenario"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the pack's scenarios, and files where no name fits."""
        from lcrmap.io.scenarios import bundled_scenarios
        from lcrmap.layers.scenario import BASELINE

        try:
            known = [BASELINE, *bundled_scenarios(pack_of(ctx))]
        except LcrmapError:
            known = []
        names = [CompletionItem(each) for each in known if each.startswith(incomplete)]
        return names or [CompletionItem(incomplete, type="file")]


class PlaceCommand(Verb):
    """A command whose arguments may be positions: one that begins with a minus sign is no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Shield positions such as ``-33.9,151.2`` from being read as options."""
        shielded = [f" {each}" if SOUTHERN.match(each) else each for each in args]
        return super().parse_args(ctx, shielded)


class DistanceType(click.ParamType[Distance]):
    """A distance with its unit, such as ``500m``, ``5km`` or ``3mi``."""

    name = "distance"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Show that a unit belongs to the number."""
        return "DISTANCE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Distance:
        """Return the distance; a number without a unit and a negative one are refused."""
        try:
            return Distance(value)
        except UsageError as error:
            self.fail(str(error), param, ctx)


class DistancesType(click.ParamType[tuple[Distance, ...]]):
    """Distances with their units, comma-separated, such as ``1km,2km,5km``."""

    name = "distances"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Show that several may be given."""
        return "DISTANCE,..."

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Distance, ...]:
        """Return the distances in the order given."""
        if isinstance(value, tuple):
            return value
        parts = str(value).split(",")
        if any(len(re.findall(r"[a-z]\b", part.casefold())) > 1 for part in parts):
            self.fail(f"'{value}': write commas between distances, as in 1km,2km,5km", param, ctx)
        return tuple(DistanceType().convert(part, param, ctx) for part in parts)


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


class IndicatorNames(click.ParamType[str]):
    """One or more indicators, comma-separated; completes the pack's, after the last comma."""

    name = "indicators"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the indicators of the pack."""
        try:
            pack = pack_of(ctx)
            known = list(pack.indicators) if pack.has_indicators else []
        except LcrmapError:
            known = []
        done, comma, part = incomplete.rpartition(",")
        return [
            CompletionItem(f"{done}{comma}{each.id}", help=each.title)
            for each in known
            if each.id.startswith(part)
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
    given = [each for value in ctx.params.values() for each in _texts(value)]
    names = {*given, *ctx.args}
    return [each for each in _known_layers(ctx) if each.name in names] if names else []


def _texts(value: Any) -> Iterable[str]:
    values = value if isinstance(value, tuple) else (value,)
    return (each for each in values if isinstance(each, str))


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


pack_option = click.option(
    "--pack",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Use the data pack in this folder (default: the one shipped with lcrmap).",
)


_UNITS: Final = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_SIZE: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)B?", re.IGNORECASE)


class Size(click.ParamType[int]):
    """A number of bytes, such as ``1.5GB``."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the bytes."""
        found = _SIZE.fullmatch(str(value).strip())
        if found is None:
            self.fail(f"'{value}': write it as in 1.5GB or 800MB", param, ctx)
        return int(float(found[1]) * _UNITS[found[2].upper()])


class OutputName(click.ParamType[Any]):
    """A file to write; a folder, where it ends in ``/``; completes files."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path of a file, or the place of a data set."""
        from lcrmap.io.paths import is_address
        from lcrmap.io.stores import place_of  # which help does not need

        if not isinstance(value, str):
            return value
        if value.endswith(("/", os.sep)) or is_address(value):
            return place_of(value)
        return _FILE.convert(value, param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer files."""
        return [CompletionItem(incomplete, type="file")]


class LocalPath(click.Path):
    """A path of this machine; an address of a store is refused, which would be taken for a folder called ``s3:``."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        from lcrmap.io.paths import is_address

        if isinstance(value, str) and is_address(value):
            self.fail(
                f"'{value}' is an address in a store, to which only join, count, near and show write",
                param,
                ctx,
            )
        return super().convert(value, param, ctx)


_FILE = LocalPath(dir_okay=False, path_type=Path)
_READ = LocalPath(exists=True, dir_okay=False, path_type=Path)


def _output(told: str, kind: click.ParamType[Any] = _FILE) -> Decorator:
    return click.option(
        "-o", "--output", type=kind, multiple=True, metavar="FILE", help=f"File to write; {told}"
    )


output_option = _output(
    "its suffix sets the format, such as .csv, .gpkg, .html or .png. Repeatable."
)
table_output_option = _output("its suffix sets the format, such as .csv, .json or .md. Repeatable.")
large_output_option = bundle(
    _output(
        "its suffix sets the format, such as .csv, .gpkg, .html or .png. Repeatable.",
        OutputName(),
    ),
    click.option(
        "--rows-per-file",
        type=click.IntRange(min=1),
        metavar="N",
        help="The most rows of a file of a data set, which -o FOLDER/ writes (default: 1,048,576).",
    ),
    click.option(
        "--resume",
        is_flag=True,
        help="Go on with a run to the same FOLDER/ (count: FILE) that broke off.",
    ),
)

overwrite_option = click.option(
    "--overwrite", is_flag=True, help="Replace existing files (always on inside output/)."
)

large_option = click.option(
    "--large",
    is_flag=True,
    help="Read files that take more than half of the memory; write pages of more than 200 MB.",
)

hash_option = click.option(
    "--hash",
    "hash_",
    type=click.Choice(["footer", "full"]),
    default="footer",
    show_default=True,
    help="What of the files of a data set goes into its SHA-256: their footers, or every byte, held to _lcrmap.json.",
)

engine_options = bundle(
    click.option(
        "--engine",
        type=click.Choice(["here", "dask"]),
        default="here",
        show_default=True,
        help="Who does the work: this process, or workers of Dask (extra 'scale').",
    ),
    click.option(
        "--workers",
        type=click.IntRange(1, 256),
        metavar="N",
        help="Start so many worker processes on this machine.",
    ),
    click.option(
        "--memory",
        type=Size(),
        metavar="SIZE",
        help="Memory of each process that works, such as 1.5GB.",
    ),
    click.option(
        "--scheduler", metavar="ADDRESS", help="Use a running scheduler: tls://HOST:PORT."
    ),
    click.option("--tls-ca", type=_READ, metavar="FILE", help="Certificate of its authority."),
    click.option("--tls-cert", type=_READ, metavar="FILE", help="Certificate to show it."),
    click.option("--tls-key", type=_READ, metavar="FILE", help="Key of that certificate."),
    click.option(
        "--insecure-scheduler",
        is_flag=True,
        help="Use one on another machine without encryption: whoever reads along may run code there.",
    ),
    click.option(
        "--patience",
        type=click.FloatRange(min=1),
        default=60,
        show_default=True,
        metavar="SECONDS",
        help="How long to wait for workers that are gone.",
    ),
)

picture_options = bundle(
    click.option(
        "--size",
        default="report",
        show_default=True,
        metavar="NAME|WxHmm",
        help="Size of a picture (.png, .svg, .pdf): report, wide, square, or 160x120mm (each side 70 to 2000).",
    ),
    click.option(
        "--dpi",
        type=click.IntRange(50, 1200),
        metavar="N",
        help="Resolution of a .png in dots per inch (default: set by --size).",
    ),
)

stated_format_option = click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(["table", "csv", "json", "geojson", "geojsonl", "md"]),
    help="Format to print if no -o FILE is given (default: table on a terminal, else geojson).",
)


def option_of(field: QuestionField) -> Decorator:
    """Return the option or argument that a field of a question is on the command line."""
    option = field.option
    shown: dict[str, Any] = {"metavar": option.metavar or option.argument or None}
    if option.argument:
        nargs = -1 if field.many else 1
        return click.argument(
            field.name, type=_type_of(field), nargs=nargs, required=field.required, **shown
        )
    if not field.required and field.default not in (None, ()):
        shown["default"] = field.default
    flags = [option.letter, field.flag] if option.letter else [field.flag]
    if field.item is bool:
        if field.optional:
            flags = [f"{field.flag}/--no-{field.flag.removeprefix('--')}"]
            return click.option(*flags, field.name, default=None, help=option.help)
        return click.option(*flags, field.name, is_flag=True, help=option.help)
    if option.words > 1:
        shown |= {"nargs": option.words, "callback": _joined_words}
    return click.option(
        *flags,
        field.name,
        type=_type_of(field),
        multiple=field.many and not option.comma,
        required=field.required,
        show_default=option.show_default,
        help=option.help,
        **shown,
    )


def _joined_words(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """Return the words of one value as its text."""
    return " ".join(value) if isinstance(value, tuple) else value


def _type_of(field: QuestionField) -> click.ParamType[Any]:
    if field.choices:
        return click.Choice(field.choices)
    if field.item is Distance:
        return DistancesType() if field.option.comma else DistanceType()
    if field.item is int:
        return click.IntRange(min=field.option.least)
    if field.item is float:
        return click.FLOAT
    kinds: dict[str, click.ParamType[Any]] = {
        "layer": LayerName(),
        "place": PlaceName(),
        "column": ColumnNames(),
        "indicator": IndicatorNames(),
        "expression": Pattern(),
        "scenario": ScenarioName(),
    }
    return kinds.get(field.option.kind, click.STRING)
