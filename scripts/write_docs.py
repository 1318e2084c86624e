"""Write the pages of docs that come from the program: each verb's own help, and each rule of ``lcrmap check``.

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


RULES_HEAD = """# Rules of lcrmap check

`lcrmap check FILE...` lists all that is wrong or doubtful in a file, one finding a line, and ends with 1 if there are
errors. `--select` and `--ignore` take the ids below, `--explain ID` prints one of these entries. A file with an error
is refused by every command; a warning or a note is said, and the file is used as it is.

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
    for name, text in (("commands.md", page()), ("checks.md", rules())):
        path = DOCS / name
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            print(f"docs/{name} is not what the program says: python scripts/write_docs.py")
            stale = True
    return int(stale)


if __name__ == "__main__":
    sys.exit(main())
