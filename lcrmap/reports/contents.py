"""A report before it is written: the one object from which every file of it takes its words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from lcrmap.layers import Input, Layer, Licence, Source
from lcrmap.maps.columns import bound_names, clean
from lcrmap.maps.credits import Credit
from lcrmap.maps.page import Page
from lcrmap.maps.tables import distance_text
from lcrmap.maps.words import Words
from lcrmap.pictures.drawing import Picture
from lcrmap.pictures.lines import credit_sentences
from lcrmap.reports.recipes import Recipe
from lcrmap.verbs.arranging import as_text, main_columns

__all__ = ["MOST_ROWS", "Report", "Section", "Sheet", "make_sheet"]

MOST_ROWS: Final = 25  # of a table in the report itself; the CSV has them all


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table for people: heads, and cells as text; a figure and its range stand in one cell."""

    caption: str
    heads: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    values: tuple[tuple[Any, ...], ...]
    total: int

    @property
    def cut(self) -> str:
        """What is said below the table of those that it leaves out; empty if it has all."""
        shown = len(self.rows)
        return f"The first {shown} of {self.total:,} are shown." if shown < self.total else ""


@dataclass(frozen=True, slots=True)
class Section:
    """One question with its answer.

    Attributes
    ----------
    slug
        The name of its files: letters, digits and hyphens.
    finding
        The answer in one sentence; the heading says it if no other title was wished for.
    sentences
        What else is to be said, ranges included.
    caption
        What the picture shows, where and when; it stands with the picture.
    pictures
        The picture by its kind, such as ``svg``; all of them show the same.
    method
        How the figures were worked out.
    """

    slug: str
    title: str
    finding: str
    sentences: tuple[str, ...] = ()
    caption: str = ""
    notes: tuple[str, ...] = ()
    sheet: Sheet | None = None
    layer: Layer | None = None
    page: Page | None = None
    pictures: tuple[tuple[str, Picture], ...] = ()
    method: str = ""

    @property
    def alt(self) -> str:
        """The text that stands for the picture; empty without one."""
        return self.pictures[0][1].alt if self.pictures else ""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report."""

    title: str
    subtitle: str
    intro: str
    sections: tuple[Section, ...]
    credits: tuple[Credit, ...]
    inputs: tuple[Input, ...]
    versions: tuple[tuple[str, str], ...]
    pack: tuple[tuple[str, str], ...]
    recipe: Recipe
    words: Words

    @property
    def findings(self) -> tuple[tuple[str, str], ...]:
        """The sections' slugs and findings, for the page's beginning."""
        return tuple((each.slug, each.finding) for each in self.sections if each.finding)

    @property
    def owed(self) -> tuple[str, ...]:
        """The credit lines, each sentence verbatim and once."""
        return tuple(credit_sentences(each.line for each in self.credits))

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source once, in the order of the sections."""
        return tuple(dict.fromkeys(s for each in self.credits for s in each.sources))

    @property
    def licences(self) -> tuple[Licence, ...]:
        """Every licence once."""
        return tuple(dict.fromkeys(s for each in self.credits for s in each.licences))

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be said on stderr about the pictures."""
        pictures = [picture for each in self.sections for _, picture in each.pictures]
        return tuple(dict.fromkeys(note for each in pictures for note in each.notes))


def make_sheet(layer: Layer, words: Words, *, main: Sequence[str] = ()) -> Sheet:
    """Arrange the main columns of an answer for a report.

    Parameters
    ----------
    main
        The columns; empty for those that tell most.

    Returns
    -------
    Sheet
        At most `MOST_ROWS` rows. A column with its least and greatest value beside it becomes one: "32 (31 to 33)".
    """
    frame = layer.frame
    shown = [each for each in (main or main_columns(layer)) if each in frame.columns]
    bounds = {
        each: found for each in frame.columns if (found := bound_names(str(each), frame.columns))
    }
    hidden = {name for pair in bounds.values() for name in pair}
    shown = [each for each in shown if each not in hidden and not _is_only_first(each, frame)]
    cut = layer.with_frame(frame.iloc[:MOST_ROWS])
    columns = [_cells(cut, each, bounds.get(each), words) for each in shown]
    numeric = tuple(
        bool(pd.api.types.is_numeric_dtype(frame[each].dtype))
        and not pd.api.types.is_bool_dtype(frame[each].dtype)
        for each in shown
    )
    values = [[_plain(each) for each in cut.frame[name].tolist()] for name in shown]
    return Sheet(
        layer.metadata.title,
        tuple(_head(layer, each) for each in shown),
        numeric,
        tuple(zip(*columns, strict=True)),
        tuple(zip(*values, strict=True)),
        len(frame),
    )


def _is_only_first(name: str, frame: pd.DataFrame) -> bool:
    """Tell whether a column of ranks says nothing, because only the nearest was asked for."""
    return name == "rank" and len(frame) > 0 and bool((frame[name] == 1).all())


def _head(layer: Layer, name: str) -> str:
    field = layer.field(name)
    if field.unit == "m":
        return field.title
    return f"{field.title} ({field.unit})" if field.unit else field.title


def _cells(layer: Layer, name: str, bounds: tuple[str, str] | None, words: Words) -> list[str]:
    texts = _texts(layer, name, words)
    if bounds is None:
        return texts
    low, high = (_texts(layer, each, words) for each in bounds)
    return [
        text if not text or not a or not b or a == b == text else f"{text} ({_range(a, b)})"
        for text, a, b in zip(texts, low, high, strict=True)
    ]


def _range(low: str, high: str) -> str:
    """Write a range, its unit once if both ends have the same.

    Examples
    --------
    >>> _range("1.7 km", "3 km"), _range("880 m", "1.2 km"), _range("31", "33")
    ('1.7 to 3 km', '880 m to 1.2 km', '31 to 33')
    """
    number, _, unit = low.partition(" ")
    return f"{number if unit and high.endswith(f' {unit}') else low} to {high}"


def _texts(layer: Layer, name: str, words: Words) -> list[str]:
    series = layer.frame[name]
    if layer.field(name).unit == "m" and pd.api.types.is_numeric_dtype(series.dtype):
        return ["" if pd.isna(v) else distance_text(float(v), words) for v in series.tolist()]
    if _is_share(layer, name) and pd.api.types.is_float_dtype(series.dtype):
        return ["" if pd.isna(v) else f"{v:.1f}" for v in series.tolist()]
    if pd.api.types.is_bool_dtype(series.dtype):
        yes, no = words("value.yes"), words("value.no")
        return ["" if pd.isna(v) else yes if v else no for v in series.tolist()]
    return [clean(each) for each in as_text(layer, name)]


def _is_share(layer: Layer, name: str) -> bool:
    return layer.field(name).unit == "%" or name.endswith("_pct")


def _plain(value: Any) -> Any:
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return None
    if isinstance(value, str | bool | int | float):
        return value
    return value.item() if hasattr(value, "item") else str(value)
