"""``lcrmap report``: a folder that can be sent to a board as it is."""

from __future__ import annotations

from pathlib import Path

import click

from lcrmap.cli.command import Verb
from lcrmap.cli.options import LocalPath, large_option, overwrite_option, pack_option


@click.command(cls=Verb)
@click.argument("recipe", type=click.Path(path_type=Path), required=False, metavar="[RECIPE]")
@click.option(
    "-o",
    "--output",
    type=LocalPath(path_type=Path),
    multiple=True,
    metavar="FOLDER",
    help="Folder to write. Repeatable.",
)
@click.option("--example", is_flag=True, help="Print an example in TOML and exit.")
@click.option(
    "--docx",
    is_flag=True,
    help="Fail if the Word document cannot be written (it needs pip install 'lcrmap[docx]').",
)
@click.option(
    "--xlsx",
    is_flag=True,
    help="Fail if the workbook cannot be written (it needs pip install 'lcrmap[xlsx]').",
)
@overwrite_option
@large_option
@pack_option
def report(
    recipe: Path | None,
    output: tuple[Path, ...],
    example: bool,
    docx: bool,
    xlsx: bool,
    overwrite: bool,
    large: bool,
    pack: Path | None,
) -> None:
    """Write a report folder with text, maps, tables and credits.

    The folder holds a page that prints on A4, maps, pictures, tables, credits and the record that 'lcrmap verify'
    reads. Without RECIPE, the report covers counts by area and category, residents within 2 and 5 km, gaps, nearest
    stations, uncertain positions and the limits of the data. RECIPE is a TOML file of other questions, with their
    titles and order. FOLDER is a name without a suffix (default: a folder in output/).

    \b
    Examples:
      lcrmap report -o output/report
      lcrmap report --example > recipe.toml && lcrmap report recipe.toml -o output/mine
    """
    from lcrmap.cli.asking import inputs_of, layers_named
    from lcrmap.cli.door import hand_on, say, tell, telling_progress
    from lcrmap.cli.large import weigh_reading
    from lcrmap.io.targets import identities, in_own_folder
    from lcrmap.layers import open_pack
    from lcrmap.reports.folder import refuse_missing
    from lcrmap.reports.making import example_recipe, make_report, open_recipe
    from lcrmap.reports.writing import refuse_folders, write_reports
    from lcrmap.verbs.sources import Sources

    opened = open_pack(pack)
    if example:
        hand_on(example_recipe(opened).encode())
        return
    targets = output or (in_own_folder(f"{opened.short_name}-report"),)
    asked = None if recipe is None else open_recipe(recipe)
    questions = [] if asked is None else [each.question for each in asked.blocks]
    inputs = inputs_of(questions, opened)
    if recipe is not None:
        inputs |= identities([recipe])
    refuse_folders(targets, overwrite=overwrite, inputs=inputs)  # before minutes are spent
    refuse_missing(docx=docx, xlsx=xlsx)
    weigh_reading((name for each in questions for name in layers_named(each)), opened, large=large)
    with telling_progress() as progress:
        made = make_report(asked, sources=Sources(opened, foretell=say), progress=progress)
        progress("Writing", len(made.sections), len(made.sections))
        notes = write_reports(
            made, targets, overwrite=overwrite, docx=docx, xlsx=xlsx, inputs=inputs
        )
    say(*notes)
    tell(*(finding for _, finding in made.findings))
    for target in targets:
        say(f"Wrote {target}: begin with {target / 'index.html'}.")
