"""``lcrmap check``: all that is to be said of a file, at once, without mapping it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from lcrmap.cli.command import Verb
from lcrmap.cli.options import pack_of, pack_option

if TYPE_CHECKING:
    from lcrmap.io.inspecting import Said

__all__ = ["check"]

_FORMATS: Final = ("text", "json", "sarif", "github")


@click.command(cls=Verb)
@click.argument("files", nargs=-1, metavar="FILE...")
@click.option("--inside", metavar="AREAS", help="Areas in which all features are meant to lie.")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default="text",
    show_default=True,
    help="Lines for people, JSON, SARIF 2.1.0, or annotations of GitHub's.",
)
@click.option("--select", metavar="ID,ID", help="Look at these rules alone.")
@click.option("--ignore", metavar="ID,ID", help="Leave these rules out.")
@click.option("--explain", metavar="ID", help="Print what a rule finds and why, and end.")
@click.option(
    "--fix", is_flag=True, help="Write a mended copy beside each file: FILE.fixed.SUFFIX."
)
@click.option("--x", metavar="COLUMN", help="CSV column that holds the longitude or easting.")
@click.option("--y", metavar="COLUMN", help="CSV column that holds the latitude or northing.")
@click.option("--crs", metavar="CODE", help="CRS of a file that names none, such as EPSG:27700.")
@pack_option
@click.pass_context
def check(
    ctx: click.Context,
    files: tuple[str, ...],
    inside: str | None,
    form: str,
    select: str | None,
    ignore: str | None,
    explain: str | None,
    fix: bool,
    x: str | None,
    y: str | None,
    crs: str | None,
    pack: Path | None,
) -> None:
    """List all that is wrong or doubtful in files, one finding a line.

    Says at once what a reader would say, and what opening a file does not look at: winding, spikes, gaps, duplicates,
    numbers as text, formulas, areas claimed against positions. --fix writes winding, closure, digits and encoding
    into a copy of a GeoJSON or CSV file. Exit code 1 if there are errors. The rules are listed in docs/checks.md.

    \b
    Examples:
      lcrmap check data/sites/freeport-sites.geojson
      lcrmap check mysites.csv --inside boroughs --format sarif
      lcrmap check --explain winding
    """
    from lcrmap.analysis.proximity import distance
    from lcrmap.errors import UsageError
    from lcrmap.io.inspecting import inspect_files, titles
    from lcrmap.io.reading import Asked

    rules = titles()
    if explain is not None:
        _explain(explain)
        return
    if not files:
        raise UsageError("Name at least one FILE to check.")
    asked = Asked(x=x or "", y=y or "", crs=crs or "")
    found = inspect_files(
        files,
        asked,
        pack_of(ctx),
        distance=distance,
        inside=inside,
        select=select,
        ignore=ignore,
    )
    _print(found, form, rules, len(files))
    if fix:
        _fix(files)
    ctx.exit(1 if any(each.severity == "error" for each in found) else 0)


def _explain(rule: str) -> None:
    from lcrmap.cli.door import tell
    from lcrmap.errors import UnknownNameError
    from lcrmap.io.inspecting import entry, titles

    if rule not in titles():
        raise UnknownNameError("rule", rule, sorted(titles()))
    tell(*entry(rule).splitlines())


def _print(found: list[Said], form: str, rules: dict[str, str], files: int) -> None:
    from lcrmap.cli.door import hand_on, say, tell
    from lcrmap.cli.findings import as_github, as_json, as_sarif, as_text, summary

    match form:
        case "json":
            hand_on(as_json(found))
        case "sarif":
            hand_on(as_sarif(found, rules))
        case "github":
            tell(*as_github(found))
        case _:
            tell(*as_text(found))
    say(summary(found, files))


def _fix(files: tuple[str, ...]) -> None:
    """Write what can be mended beside each file."""
    from lcrmap.cli.door import say
    from lcrmap.io.atomic import write_bytes
    from lcrmap.io.mending import fixed_path, mended
    from lcrmap.io.paths import typed_path

    for file in files:
        path = typed_path(file)
        data, what = mended(path)
        if not what:
            say(f"Nothing to mend in {path}.")
            continue
        write_bytes(fixed_path(path), data)
        say(f"Wrote {fixed_path(path)}: {', '.join(what).removesuffix('.')}.")
