"""Write the parts of docs/commands.md that come from the program: each verb's own help.

python scripts/write_docs.py            rewrite the page
python scripts/write_docs.py --check    fail if the page is not what it should be
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lcrmap.cli import VERBS, commands

PAGE = Path(__file__).resolve().parents[1] / "docs" / "commands.md"
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
quotes, as in `"CASEI(name) LIKE CASEI('%lime%') AND status = 'operational'"`. It filters the result; to filter what is
asked about, use `lcrmap show` first:
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
    return command.get_help(click.Context(command, parent=root, info_name=verb))


def page() -> str:
    """Return the whole page."""
    blocks = [f"## lcrmap\n\n```text\n{help_of(None)}\n```\n"]
    blocks += [f"## lcrmap {verb}\n\n```text\n{help_of(verb)}\n```\n" for verb in VERBS]
    return HEAD + "\n" + "\n".join(blocks)


def main() -> int:
    """Rewrite the page, or compare it."""
    if "--check" in sys.argv:
        same = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page()
        if not same:
            print("docs/commands.md is not what the program says: python scripts/write_docs.py")
        return 0 if same else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
