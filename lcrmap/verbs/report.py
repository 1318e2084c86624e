"""Ask a recipe's questions and write the answers as a report."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from lcrmap.errors import DataError, LcrmapError, NothingFoundError, OutputError, UsageError
from lcrmap.io.opening import open_layer
from lcrmap.io.writing import write_bytes
from lcrmap.layers import Input, Layer, Pack, open_pack
from lcrmap.maps.credits import Credit
from lcrmap.maps.model import PageModel
from lcrmap.maps.page import Page
from lcrmap.maps.words import load_words
from lcrmap.pictures.drawing import draw_pictures
from lcrmap.reports.contents import Report, Section, make_sheet
from lcrmap.reports.folder import RECORD, report_files
from lcrmap.reports.recipes import Question, Recipe, metres, parse_recipe
from lcrmap.reports.standard import standard_recipe, write_toml
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.catchment import draw_catchments
from lcrmap.verbs.count import CountAsked, count_layers
from lcrmap.verbs.doubts import list_doubts
from lcrmap.verbs.gaps import find_gaps
from lcrmap.verbs.map import make_map
from lcrmap.verbs.near import find_near

__all__ = ["example_recipe", "make_report", "open_recipe", "write_report"]

KINDS: Final = ("svg", "png")  # the first stands in the report itself
COMMAND: Final = "lcrmap report"
_LIBRARIES: Final = ("geopandas", "matplotlib", "numpy", "pandas", "pyproj", "shapely")

Find = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Found:
    """An answer with what a section says of it."""

    answer: Answer | None = None
    page: Page | None = None
    finding: str = ""
    sentences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def example_recipe(pack: Pack | None = None) -> str:
    """Return a recipe to begin with, in TOML: what is asked without one."""
    return write_toml(standard_recipe(pack or open_pack()))


def open_recipe(path: str | Path) -> Recipe:
    """Read a recipe's file.

    Raises
    ------
    DataError
        If it cannot be read; the message names the line, or the key path of the value.
    """
    from lcrmap.verbs.embed import read_page

    remedy = "write one with 'lcrmap report --example > recipe.toml'"
    return parse_recipe(read_page(Path(path), remedy=remedy), Path(path).name)


def make_report(
    recipe: Recipe | None = None,
    *,
    pack: Pack | None = None,
    find: Find = str,
) -> Report:
    """Ask every question of a recipe.

    Parameters
    ----------
    recipe
        What to ask; None for what the pack's roles allow.
    pack
        The data pack; None for lcrmap's own.
    find
        Turns a layer's name in the recipe into what is opened; for files that lie elsewhere now.

    Returns
    -------
    Report
        Every word and number of the report; nothing is written yet.

    Raises
    ------
    LcrmapError
        If a question cannot be answered; the message names it.
    """
    pack = pack or open_pack()
    recipe = recipe or standard_recipe(pack)
    words = load_words()
    sections = [
        _section(question, number, pack, recipe, find)
        for number, question in enumerate(recipe.questions, 1)
    ]
    pages = [each.page for each in sections if each.page is not None]
    layers = [each.layer for each in sections if each.layer is not None]
    about = make_map(pack=pack).model if pack.has_role("atlas") else None
    return Report(
        title=recipe.title or _title(pack, about),
        subtitle=about.subtitle if about is not None else pack.title,
        intro=recipe.intro,
        sections=tuple(sections),
        credits=_credits([each.model for each in pages]),
        inputs=_inputs([each.model for each in pages], layers),
        versions=_versions(pages),
        pack=_pack_record(pack),
        recipe=recipe,
        words=words,
    )


def write_report(
    report: Report,
    folder: str | Path,
    *,
    overwrite: bool = False,
    docx: bool = False,
    xlsx: bool = False,
) -> tuple[str, ...]:
    """Write a report as a folder, whole or not at all.

    Parameters
    ----------
    folder
        Where; an older report there is replaced with `overwrite`, or inside a folder called ``output``.
    docx, xlsx
        Whether the Word document and the workbook must be there.

    Returns
    -------
    tuple of str
        Sentences to be said.

    Raises
    ------
    UsageError
        If the folder's name looks like that of a file.
    OutputError
        If there is something else, or if it cannot be written.
    """
    target = Path(folder)
    if target.suffix.lower() in (".html", ".pdf", ".docx", ".md"):
        raise UsageError(
            f"A report is a folder, and '{target}' looks like a file: leave out the suffix."
        )
    _refuse(target, overwrite=overwrite)
    files, notes = report_files(report, docx=docx, xlsx=xlsx)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        made = Path(mkdtemp(prefix=f".{target.name}.", suffix=".lcrmap-part", dir=target.parent))
    except OSError as error:
        raise OutputError(f"'{target}' cannot be written: {error.strerror}.") from error
    try:
        for name, data in files.items():
            (made / name).parent.mkdir(exist_ok=True)
            write_bytes(made / name, data, overwrite=True)
        made.chmod(0o755)
        if target.exists():
            shutil.rmtree(target)
        made.rename(target)
    except OSError as error:
        raise OutputError(f"'{target}' cannot be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return notes


def _refuse(target: Path, *, overwrite: bool) -> None:
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not (target / RECORD).is_file():
        raise OutputError(f"'{target}' holds something else than a report: name another folder.")
    if not overwrite and "output" not in target.absolute().parts:
        raise OutputError(f"'{target}' holds a report already: add --overwrite to replace it.")


def _section(question: Question, number: int, pack: Pack, recipe: Recipe, find: Find) -> Section:
    path = f"question[{number}] ({question.ask})"
    try:
        found = _ASKERS[question.ask](question, pack, find)
        return _described(question, number, recipe, found)
    except NothingFoundError as error:
        found = _Found(finding=str(error))
        return _described(question, number, recipe, found)
    except DataError as error:
        raise DataError(f"{path}: {error}") from error
    except LcrmapError as error:
        raise UsageError(f"{path}: {error}") from error


def _described(question: Question, number: int, recipe: Recipe, found: _Found) -> Section:
    page, finding, sentences = found.page, found.finding, found.sentences
    if page is not None and not finding:
        finding = page.model.headline
        sentences = (page.model.subtitle, *page.model.summary, *sentences)
    title = question.title or finding or question.ask.capitalize()
    layer = found.answer.layer if found.answer is not None else None
    words = load_words()
    sheet = None
    if found.answer is not None and layer is not None:
        sheet = make_sheet(layer, words, main=found.answer.main)
    drawn = () if page is None else draw_pictures(page.model, KINDS, size=recipe.size)
    said = {each.rstrip(".") for each in (finding, *sentences)}
    return Section(
        slug=f"{number:02d}-{_slug(question)}",
        title=title,
        finding=finding,
        sentences=tuple(dict.fromkeys(each for each in sentences if each)),
        notes=tuple(each for each in dict.fromkeys(found.notes) if each.rstrip(".") not in said),
        sheet=sheet,
        layer=layer,
        page=page,
        pictures=tuple(zip(KINDS, drawn, strict=False)),
        method=layer.metadata.method if layer is not None else "",
    )


def _slug(question: Question) -> str:
    """Name a section's files after what is asked of which layer."""
    parts = [question.ask]
    for key in ("layers", "from", "places", "layer"):
        value = question.settings.get(key)
        parts += [value] if isinstance(value, str) else list(value or [])[:1]
    words = re.sub(r"[^a-z0-9]+", "-", " ".join(Path(each).stem for each in parts).casefold())
    return words.strip("-")[:48].strip("-")


def _answered(answer: Answer) -> _Found:
    page = answer.page(answer.layer)
    return _Found(answer, page, notes=(*answer.notes, *answer.layer.notes))


def _ask_map(question: Question, pack: Pack, find: Find) -> _Found:
    names = [find(each) for each in question.get("layers")]
    page = make_map(*names, pack=pack, where=question.get("where"), command=COMMAND)
    return _Found(page=page, notes=page.model.notes)


def _ask_count(question: Question, pack: Pack, find: Find) -> _Found:
    return _answered(
        count_layers(
            *(find(each) for each in question.get("layers")),
            areas=find(question.get("in")),
            pack=pack,
            asked=CountAsked(by=question.get("by"), per=question.get("per")),
            command=COMMAND,
        )
    )


def _ask_near(question: Question, pack: Pack, find: Find) -> _Found:
    within = question.get("within")
    return _answered(
        find_near(
            find(question.get("from")),
            [find(each) for each in question.get("to")],
            pack=pack,
            k=question.get("nearest"),
            within_m=None if within is None else metres(within),
            command=COMMAND,
        )
    )


def _ask_catchment(question: Question, pack: Pack, find: Find) -> _Found:
    counted = question.get("count")
    return _answered(
        draw_catchments(
            [find(each) for each in question.get("places")],
            [metres(each) or 0.0 for each in question.get("rings")],
            pack=pack,
            dissolve=question.get("dissolve"),
            layers=None if counted is None else [find(each) for each in counted],
            command=COMMAND,
        )
    )


def _ask_gaps(question: Question, pack: Pack, find: Find) -> _Found:
    by = question.get("by")
    return _answered(
        find_gaps(
            find(question.get("layer")),
            metres(question.get("beyond")) or 0.0,
            pack=pack,
            by=None if by is None else find(by),
            command=COMMAND,
        )
    )


def _layers_of(question: Question, pack: Pack, find: Find) -> list[Layer]:
    names = question.get("layers") or pack.role("atlas").options.get("layers", [])
    return [open_layer(find(each), pack=pack) for each in names]


def _ask_doubts(question: Question, pack: Pack, find: Find) -> _Found:
    layers = _layers_of(question, pack, find)
    answer, sentences = list_doubts(layers, pack=pack)
    return _Found(answer, finding=sentences[0], sentences=tuple(sentences[1:]))


def _ask_limits(question: Question, pack: Pack, find: Find) -> _Found:
    """Say what each layer is and is not, in the words of its own metadata."""
    lines = []
    for layer in _layers_of(question, pack, find):
        known = layer.metadata
        parts = [known.description, known.method]
        said = " ".join(each.strip() for each in parts if each)
        lines.append(f"{known.title}: {said}" if said else f"{known.title}: no description.")
    if pack.has_role("population"):
        known = pack.metadata(pack.role("population").layer)
        lines.append(f"{known.title}: {known.description} {known.method}".strip())
    return _Found(sentences=tuple(lines))


def _ask_text(question: Question, pack: Pack, find: Find) -> _Found:
    paragraphs = [each.strip() for each in question.get("text").split("\n\n")]
    return _Found(sentences=tuple(each for each in paragraphs if each))


_ASKERS: Final[dict[str, Callable[[Question, Pack, Find], _Found]]] = {
    "map": _ask_map,
    "count": _ask_count,
    "near": _ask_near,
    "catchment": _ask_catchment,
    "gaps": _ask_gaps,
    "doubts": _ask_doubts,
    "limits": _ask_limits,
    "text": _ask_text,
}


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


def _pack_record(pack: Pack) -> tuple[tuple[str, str], ...]:
    digest = hashlib.sha256((pack.folder / "datapackage.json").read_bytes()).hexdigest()
    return (("name", pack.name), ("version", pack.version), ("sha256", digest))
