"""Write the pages of docs that come from the program: each verb's help, the formats, the rules of ``lcrmap check``.

python scripts/write_docs.py            rewrite the pages
python scripts/write_docs.py --check    fail if a page is not what it should be
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lcrmap.cli import VERBS, commands

DOCS = Path(__file__).resolve().parents[1] / "docs"
WIDTH = 90
HEAD = """# Commands

Each block is what `lcrmap COMMAND --help` prints. An option has the same name on every command.

A layer is a name from `lcrmap layers`, a file (`file.gpkg:layer` for one of several layers), or `-` for standard
input. Data goes to stdout, messages go to stderr. Without `-o`, lcrmap prints a table on a terminal and GeoJSON into
a pipe, which the next command can read.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | no row matches |
| 2 | the command is invalid: a mistyped name, a wrong option |
| 3 | an input is invalid |
| 4 | the result cannot be written |
| 70 | a fault of lcrmap itself: please report the second line, which holds none of your data |
| 130, 143 | stopped by Ctrl-C, by SIGTERM |

## Filters

`--where` takes a subset of [CQL2](https://www.opengis.net/doc/IS/cql2/1.0): `AND`, `OR`, `NOT`, `=`, `<>`, `<`,
`<=`, `>`, `>=`, `BETWEEN`, `IN`, `LIKE` (`%` for any text, `_` for one character), `IS NULL`, `CASEI` and `ACCENTI`
(without regard to case, to accents), and `+`, `-`, `*`, `/`. Field names stand bare or in double quotes, text in single
quotes, as in `"CASEI(name) LIKE CASEI('%lime%') AND status = 'operational'"`.
Cells of "1,200", "£1,200" or "12%" are compared with numbers, and dates such as 31/01/2024, 31 January 2024 or
2024-01-31 with `DATE('2024-01-31')`, where a column holds nothing else, in one form; a note says how it was read. The
day comes first, unless only the month can. It filters the result; to filter what is asked about, use `lcrmap show`
first:
`lcrmap show rail-stations --where "status = 'operational'" | lcrmap count - --in boroughs`.
"""


def help_of(verb: str | None) -> str:
    """Return the help text of one verb, or of lcrmap itself, at a fixed width."""
    settings = {"terminal_width": WIDTH, "max_content_width": WIDTH}
    root = click.Context(
        commands,
        info_name="lcrmap",
        help_option_names=["-h", "--help"],
        **settings,  # type: ignore[arg-type]
    )
    if verb is None:
        return commands.get_help(root)
    command = commands.get_command(root, verb)
    assert command is not None
    context = click.Context(command, parent=root, info_name=verb)
    text = command.get_help(context)
    for part, one in command.commands.items() if isinstance(command, click.Group) else ():
        text += "\n\n" + one.get_help(click.Context(one, parent=context, info_name=part))
    return text


FORMATS_HEAD = """# Formats

What a file is, its suffix and its first bytes tell together; if they disagree, it is refused. `FILE:LAYER` names one
layer of a file with several. Where lcrmap guessed, a line on stderr says what, and the option that decides otherwise.
A folder of GeoParquet files is one layer too, read and written: [data sets](scale.md).

| format | read | written | layers | what to know |
|---|---|---|---|---|
"""

# What to know of each format that is read or written.
KNOWN = {
    "geojson": "Degrees, as RFC 7946 says, or the code under `crs`. A `.json` may be TopoJSON or Esri JSON too. "
    "Written with seven decimals of a degree (6 mm) and heights to the millimetre.",
    "topojson": "Each object is a layer. Degrees, unless `--crs` says otherwise.",
    "geojsonl": "One feature a line; a record separator may stand before each. Its columns carry no types.",
    "gpkg": "Plain tables only: no views, no virtual tables. The one layer with shapes is taken among tables. "
    "A zero has no sign.",
    "gdb": "A folder, or a zip of one (`.gdb.zip`), without links in it. Its SHA-256 is that of its tables together.",
    "parquet": "WKB and the encodings of GeoArrow; columns of the type GEOMETRY or GEOGRAPHY without `geo` metadata.",
    "fgb": "A layer of any size, in parts.",
    "shp": "With its `.shx` and `.dbf` beside it. Without `.cpg`: UTF-8 or Windows-1252, or `--encoding`.",
    "zip": "One file of another format here, no archive, with what belongs to it; of several, `FILE.zip:NAME`.",
    "gz": "One file that needs no others beside it, such as `sites.csv.gz`.",
    "kmz": "As KML; no link is followed.",
    "tab": "Native tables with `.dat`, `.map` and `.id` beside them.",
    "mif": "With its `.mid` beside it.",
    "kml": "Google My Maps and Google Earth. Each folder with places is a layer; no link is followed.",
    "gpx": "Waypoints, routes and tracks are layers.",
    "gml": "INSPIRE. The axes stand in the order that the CRS has; no schema is fetched.",
    "xlsx": "Needs `pip install 'lcrmap[xlsx]'`. Each sheet is a layer; places as in CSV.",
    "ods": "As Excel workbooks.",
    "csv": "Commas, semicolons or tabs; UTF-8, UTF-16, Windows-1252, or `--encoding`. Places by coordinates, a column "
    "that holds a position, postcodes, or codes or names of areas (`--match`). Plus Codes are not read, since no "
    "library for them is kept. The apostrophe that is written before a formula is taken off in reading. "
    "Written with seven decimals of a degree; what its cells, which have no types, do not give back is said.",
    "json": "Rows without shapes.",
    "md": "A table for a text.",
}

RULES_HEAD = """# Rules of lcrmap check

`lcrmap check FILE...` lists all that is wrong or doubtful in a file, one finding a line, and ends with 1 if there are
errors. `--select` and `--ignore` take the ids below, `--explain ID` prints one of these entries. A file with an error
that is looked at whenever a file is opened is refused by every command; all else is said, and the file used as it is. A
file of the data package that `--pack` names, or of lcrmap's own, is held to its schema too.

In a repository of data, run it before each commit or on each push:

```yaml
# .pre-commit-config.yaml
repos:
  - repo: local
    hooks:
      - id: lcrmap-check
        name: lcrmap check
        entry: lcrmap check
        language: system
        files: \\.(geojson|csv|gpkg|xlsx|ods)$
```

```yaml
# .github/workflows/data.yml, a step
- run: pip install lcrmap && lcrmap check --format github data/*.geojson
```
"""


def formats() -> str:
    """Return the page of the formats."""
    from lcrmap.io.formats import FORMATS

    rows = [
        f"| {each.title} | {_suffixes(each.reads)} | {_suffixes(each.writes)} "
        f"| {'several' if each.layered else 'one'} | {KNOWN[each.name]} |"
        for each in FORMATS
    ]
    return FORMATS_HEAD + "\n".join(rows) + "\n"


def _suffixes(suffixes: tuple[str, ...]) -> str:
    return " ".join(f"`{each}`" for each in suffixes)


def rules() -> str:
    """Return the page of the rules."""
    from lcrmap.io.inspecting import entry, titles

    return "\n".join([RULES_HEAD, *(f"{entry(name)}\n" for name in titles())])


def page() -> str:
    """Return the page of the commands."""
    blocks = [f"## lcrmap\n\n```text\n{help_of(None)}\n```\n"]
    blocks += [f"## lcrmap {verb}\n\n```text\n{help_of(verb)}\n```\n" for verb in VERBS]
    return HEAD + "\n" + "\n".join(blocks)


def main() -> int:
    """Rewrite the pages, or compare them."""
    stale = False
    pages = {"commands.md": page(), "formats.md": formats(), "checks.md": rules()}
    for name, text in pages.items():
        path = DOCS / name
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            print(f"docs/{name} is not what the program says: python scripts/write_docs.py")
            stale = True
    return int(stale)


if __name__ == "__main__":
    sys.exit(main())
