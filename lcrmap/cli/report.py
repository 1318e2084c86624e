"""``lcrmap report``: a folder that can go to a board as it is."""

from __future__ import annotations

from pathlib import Path

import click

from lcrmap.cli.options import overwrite_option, pack_option


@click.command()
@click.argument("recipe", type=click.Path(path_type=Path), required=False, metavar="[RECIPE]")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    multiple=True,
    metavar="FOLDER",
    help="Write the folder here. May be given more than once.",
)
@click.option("--example", is_flag=True, help="Print a recipe to begin with, and stop.")
@click.option(
    "--docx", is_flag=True, help="The Word document must be there (pip install 'lcrmap[docx]')."
)
@click.option(
    "--xlsx", is_flag=True, help="The workbook must be there (pip install 'lcrmap[xlsx]')."
)
@overwrite_option
@pack_option
def report(
    recipe: Path | None,
    output: tuple[Path, ...],
    example: bool,
    docx: bool,
    xlsx: bool,
    overwrite: bool,
    pack: Path | None,
) -> None:
    """Write a report as a folder.

    A page that prints on A4, maps, pictures, tables, credits and its own record. Without a RECIPE: counts by area
    and category, nearest stations, residents within 2 and 5 km, gaps, what is uncertain, and what the data cannot
    say. A RECIPE in TOML names other questions, their titles and their order. A FOLDER has no suffix; without -o
    it lies in output/.

    \b
    Examples:
      lcrmap report -o output/report
      lcrmap report --example > recipe.toml && lcrmap report recipe.toml -o output/mine
    """
    from lcrmap.cli.delivery import say
    from lcrmap.layers import open_pack
    from lcrmap.reports.making import example_recipe, make_report, open_recipe
    from lcrmap.reports.writing import write_report
    from lcrmap.verbs.sources import Sources

    opened = open_pack(pack)
    if example:
        click.echo(example_recipe(opened), nl=False)
        return
    targets = output or (Path("output") / f"{opened.short_name}-report",)
    made = make_report(None if recipe is None else open_recipe(recipe), sources=Sources(opened))
    for target in targets:
        say(*write_report(made, target, overwrite=overwrite, docx=docx, xlsx=xlsx))
    for _, finding in made.findings:
        click.echo(finding)
    for target in targets:
        say(f"Wrote {target}: begin with {target / 'index.html'}.")
