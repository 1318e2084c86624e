"""Answer the questions of a recipe, and make a report of the answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from lcrmap.errors import DataError, LcrmapError, NothingFoundError, UsageError
from lcrmap.io.formats import suffix_format
from lcrmap.io.parts import Progress, unsaid
from lcrmap.layers import Input, Layer, Pack, open_pack
from lcrmap.maps.credits import Credit
from lcrmap.maps.model import PageModel
from lcrmap.maps.page import Page
from lcrmap.maps.words import load_words
from lcrmap.pictures.drawing import Picture, draw_pictures
from lcrmap.reports.contents import Report, Section
from lcrmap.reports.recipes import Block, Recipe, parse_recipe
from lcrmap.reports.standard import standard_recipe, write_toml
from lcrmap.reports.texts import check_file, read_text
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.asks import PAGES
from lcrmap.verbs.count.question import Count
from lcrmap.verbs.map.question import Map
from lcrmap.verbs.question import Question, Rows, fields_of
from lcrmap.verbs.recording import pack_record
from lcrmap.verbs.sheets import make_sheet
from lcrmap.verbs.sources import Sources, atlas
from lcrmap.verbs.work import answer

__all__ = ["example_recipe", "make_report", "open_recipe"]

KINDS: Final = ("svg", "png")  # the first stands in the report itself
COMMAND: Final = "lcrmap report"
_FIGURE: Final = re.compile(r"\d[\d,.]*\d|\d")
_FEW: Final = 2  # figures that two sentences may share by chance
_LIBRARIES: Final = ("geopandas", "matplotlib", "numpy", "pandas", "pyproj", "shapely")


def example_recipe(pack: Pack | None = None) -> str:
    """Return an example recipe in TOML: the questions of a report made without one."""
    return write_toml(standard_recipe(pack or open_pack()))


def open_recipe(path: str | Path) -> Recipe:
    """Read a recipe's file.

    Raises
    ------
    DataError
        If it cannot be read; the message names the line, or the key path of the value.
    UsageError
        If it is a file of data.
    """
    remedy = "write one with 'lcrmap report --example > recipe.toml'"
    file = Path(path)
    may_be_toml = file.suffix.casefold() == ".txt" or suffix_format(file) is None
    if not may_be_toml:
        check_file(file, remedy=remedy)
        raise UsageError(
            f"'{path}' is data, and a report is made of a recipe: {remedy}, and name the data in it."
        )
    return parse_recipe(read_text(file, remedy=remedy), file.name)


def make_report(
    recipe: Recipe | None = None, *, sources: Sources | None = None, progress: Progress = unsaid
) -> Report:
    """Ask every question of a recipe.

    Parameters
    ----------
    recipe
        What to ask; None for what the pack's roles allow.
    sources
        What may be read for it; None for lcrmap's own pack and files.
    progress
        Told which section is being made, how many are made, and how many there are.

    Returns
    -------
    Report
        Every word and number of the report; nothing is written yet.

    Raises
    ------
    LcrmapError
        If a question cannot be answered; the message names it.
    """
    sources = sources or Sources()
    pack = sources.pack
    recipe = recipe or standard_recipe(pack)
    sections = []
    for number, block in enumerate(recipe.blocks, 1):
        progress(f"Making {_slug(block, number)}", number - 1, len(recipe.blocks))
        sections.append(_section(block, number, recipe, sources))
    pages = [each.page for each in sections if each.page is not None]
    layers = [each.layer for each in sections if each.layer is not None]
    about = answer(Map(), sources).shown if pack.has_role("atlas") else None
    return Report(
        title=recipe.title or _title(pack, about),
        subtitle=about.subtitle if about is not None else pack.title,
        intro=recipe.intro,
        sections=tuple(sections),
        credits=_credits([each.model for each in pages]),
        inputs=_inputs([each.model for each in pages], layers),
        versions=_versions(pages),
        pack=tuple(pack_record(pack).items()),
        recipe=recipe,
        words=load_words(),
    )


def _section(block: Block, number: int, recipe: Recipe, sources: Sources) -> Section:
    path = f"question[{number}] ({block.ask})"
    try:
        return _answered(block, number, recipe, answer(block.question, sources), sources)
    except NothingFoundError as error:
        return _empty(block, number, str(error))
    except DataError as error:
        raise DataError(f"{path}: {error}") from error
    except LcrmapError as error:
        raise UsageError(f"{path}: {error}") from error


def _empty(block: Block, number: int, finding: str) -> Section:
    """Return the section of a question to which the answer is that there is nothing."""
    return Section(slug=_slug(block, number), title=block.title or finding, finding=finding)


def _answered(
    block: Block, number: int, recipe: Recipe, found: Answer, sources: Sources
) -> Section:
    page = _page(found, sources)
    finding, sentences, notes, caption = found.finding, found.sentences, found.notes, ""
    if page is not None:
        finding = page.model.headline
        sentences, caption = page.model.summary, page.model.subtitle
        notes = (*notes, *(found.layer.notes if _has_table(block.question) else page.model.notes))
    said = {each.rstrip(".") for each in (finding, caption, *sentences)}
    layer = found.layer if _has_table(block.question) else None
    return Section(
        slug=_slug(block, number),
        title=block.title or finding or block.ask.capitalize(),
        finding=finding,
        sentences=tuple(dict.fromkeys(each for each in sentences if each)),
        caption=caption,
        notes=tuple(
            _titled(each, sources.pack)
            for each in dict.fromkeys(notes)
            if each.rstrip(".") not in said and not _is_said(each, sentences)
        ),
        sheet=None
        if layer is None
        else make_sheet(found.spoken_layer, load_words(), main=_columns(found)),
        layer=layer,
        page=page,
        pictures=() if page is None else _pictures(page, recipe),
        passages=found.passages,
        method=layer.metadata.method if layer is not None else "",
        listed=not _is_overview(block.question, recipe, sources.pack),
    )


def _is_said(note: str, sentences: Sequence[str]) -> bool:
    """Tell whether a note is an account that a sentence gives in other words: the same figures in their order."""
    figures = _FIGURE.findall(note)
    return len(figures) > _FEW and any(_FIGURE.findall(each) == figures for each in sentences)


def _is_overview(question: Question, recipe: Recipe, pack: Pack) -> bool:
    """Tell whether a map shows what other sections count: those have the findings."""
    if not isinstance(question, Map) or question.title or question.where:
        return False
    counts = [each.question for each in recipe.blocks if isinstance(each.question, Count)]
    counted = {name for each in counts for name in each.layers}
    return counted.issuperset(question.layers or atlas(pack))


def _titled(note: str, pack: Pack) -> str:
    """Return a note that begins with the name of a layer of the pack with its title instead."""
    name, colon, rest = note.partition(": ")
    return f"{pack.metadata(name).title}: {rest}" if colon and name in pack.names else note


def _pictures(page: Page, recipe: Recipe) -> tuple[tuple[str, Picture], ...]:
    """Draw a page without its title, which is the heading of its section."""
    tallest = recipe.tallest_picture
    drawn = draw_pictures(page.model, KINDS, size=recipe.picture_size, title=False, tallest=tallest)
    return tuple(zip(KINDS, drawn, strict=True))


def _has_table(question: Question) -> bool:
    return isinstance(question, Rows)


def _columns(found: Answer) -> tuple[str, ...]:
    asked = found.question
    chosen = asked.columns if isinstance(asked, Rows) else ()
    return chosen or found.main


def _page(found: Answer, sources: Sources) -> Page | None:
    """Make the page of an answer; in a report it is the report that can be made again."""
    if found.question.ask not in PAGES:
        return None
    page = found.page(sources)
    provenance = replace(page.model.provenance, command=COMMAND, recipe=None)
    page.model = replace(page.model, provenance=provenance)
    return page


def _slug(block: Block, number: int) -> str:
    """Name a section's files after what is asked of which layer."""
    parts = [block.ask]
    for field in fields_of(type(block.question)):
        if field.names_files and field.key in ("layers", "from", "places", "layer", "left"):
            value = getattr(block.question, field.name)
            parts += [value] if isinstance(value, str) else list(value or [])[:1]
    words = re.sub(r"[^a-z0-9]+", "-", " ".join(Path(each).stem for each in parts).casefold())
    return f"{number:02d}-" + words.strip("-")[:48].strip("-")


def _title(pack: Pack, about: PageModel | None) -> str:
    if about is None:
        return pack.title
    shown = [each.title for each in about.places if each.visible]
    return f"{about.words.several(shown)}: {pack.region}"


def _credits(models: Sequence[PageModel]) -> tuple[Credit, ...]:
    """Return one credit for each different line, with the titles of all that rest on it."""
    made: dict[tuple[Any, ...], Credit] = {}
    for credit in (each for model in models for each in model.credits):
        key = (credit.line, credit.sources, credit.licences, credit.as_of)
        before = made[key].titles if key in made else ()
        made[key] = replace(credit, titles=tuple(dict.fromkeys((*before, *credit.titles))))
    return tuple(made.values())


def _inputs(models: Sequence[PageModel], layers: Sequence[Layer]) -> tuple[Input, ...]:
    found = {each for model in models for each in model.provenance.inputs}
    found |= {each for layer in layers for each in layer.inputs}
    return tuple(sorted(found, key=lambda each: (each.name, each.sha256)))


def _versions(pages: Sequence[Page]) -> tuple[tuple[str, str], ...]:
    known = dict(pages[0].model.provenance.versions) if pages else {}
    return tuple({**known, **{name: version(name) for name in _LIBRARIES}}.items())
