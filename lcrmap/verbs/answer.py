"""What a question gives back: rows with their metadata, what is said of them, and what a page shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from lcrmap.layers import Layer, Pack
from lcrmap.verbs.arranging import arrange, total_note
from lcrmap.verbs.asks import page_maker
from lcrmap.verbs.question import Question, scenario_of
from lcrmap.verbs.question import Rows as RowsAsked
from lcrmap.verbs.sources import Sources

if TYPE_CHECKING:
    from geopandas import GeoDataFrame, GeoSeries

    from lcrmap.maps.page import Page
    from lcrmap.maps.passages import Passage

__all__ = ["Answer", "Handed", "Origin", "arranged"]

Rows = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Origin:
    """Of which features of a layer the rows of an answer are: those that are numbered 0, 1, 2 by their index.

    Attributes
    ----------
    layer
        The name by which the question asks for it.
    rows, beside
        For each row of the answer, and of what stands beside it, the row number of its feature; None where they are
        the same.
    closing
        What the rows behind all features are called, such as ``total``.
    shapes
        The features' shapes, if the answer has them in another coordinate reference system.
    """

    layer: str
    rows: Rows | None = None
    beside: Rows | None = None
    closing: tuple[str, ...] = ()
    shapes: GeoSeries | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Handed:
    """The rows of an answer, and what stands beside them, as features at hand are indexed."""

    rows: GeoDataFrame
    beside: GeoDataFrame | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """The answer to a question; a value, from which table, page, picture and report section are made.

    Attributes
    ----------
    question
        What was asked.
    pack
        The data pack that was asked.
    layer
        The rows: what a table, a file and the page's table hold, numbered by their index. A map has none of its own.
    finding
        The answer in one sentence, without its full stop; empty if the rows alone are the answer.
    sentences
        What else is to be said on a page: the other findings, and how sure they are.
    notes
        What whoever asked must read; the command line puts it on stderr.
    main
        The columns that a table on a terminal shows unless others are asked for; empty for those that tell most of
        any layer.
    beside
        What may be written to a file of its own: of a join the features that matched nothing, of distances the lines.
    passages
        What is told besides, under headings of its own, on a page as in a report.
    scenario
        The text of a scenario in which what is answered comes about; empty for most answers.
    spoken
        Returns rows as people read them, with names where tables have ids; None for rows that need none.
    shown
        What a page of this verb shows besides the rows; see the verb's ``page.py``.
    origin
        Of which features the rows are; None where each is of several or none.
    in_memory
        The names of what was asked about and is no layer of the pack and no file.
    handed
        The rows as whoever asked about features at hand gets them; None for those of `layer`.
    """

    question: Question
    pack: Pack
    layer: Layer
    finding: str = ""
    sentences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    main: tuple[str, ...] = ()
    beside: Layer | None = None
    passages: tuple[Passage, ...] = ()
    scenario: str = ""
    spoken: Callable[[Layer], Layer] | None = None
    shown: Any = None
    origin: Origin | None = None
    in_memory: tuple[str, ...] = ()
    handed: Handed | None = None

    def __repr__(self) -> str:
        """Return the verb, the finding and the size of the table, not all that they are made from."""
        size = f"{len(self.layer.frame):,} rows, {len(self.layer.frame.columns)} columns"
        return f"<Answer to {self.question.ask!r}: {self.finding or self.layer.metadata.title} ({size})>"

    @property
    def frame(self) -> GeoDataFrame:
        """The rows as a GeoDataFrame: of features at hand, with their index."""
        return self.layer.frame if self.handed is None else self.handed.rows

    @property
    def spoken_layer(self) -> Layer:
        """The rows as people read them."""
        return self.layer if self.spoken is None else self.spoken(self.layer)

    @property
    def beside_frame(self) -> GeoDataFrame | None:
        """What stands beside the rows as a GeoDataFrame: the unmatched of a join, the lines of distances."""
        if self.handed is not None:
            return self.handed.beside
        return None if self.beside is None else self.beside.frame

    def page(self, sources: Sources | None = None) -> Page:
        """Make the page that shows the answer, with the record by which ``lcrmap verify`` asks again.

        Parameters
        ----------
        sources
            Where the backdrop and the areas under the answer come from; None to open the pack anew.

        Examples
        --------
        >>> import lcrmap
        >>> page = lcrmap.gaps("rail-stations", beyond="800m", by="boroughs").page()
        >>> page.save("gaps.html")  # doctest: +SKIP
        """
        from lcrmap.maps.page import Page
        from lcrmap.verbs.recording import recorded

        sources = sources or Sources(self.pack)
        name = scenario_of(self.question)
        model = page_maker(self.question.ask)(self, sources.in_scenario(name))
        if name is not None:
            from lcrmap.verbs.scene_words import shown_in  # which most pages do without

            model = shown_in(model, sources.scene(name))
        return Page(recorded(model, self.question, self.pack, self.in_memory))

    def _repr_html_(self) -> str:
        """Return the page in a frame, for a notebook."""
        shown: str = self.page()._repr_html_()
        return shown


def arranged(answer: Answer) -> Answer:
    """Return the answer with the rows that its question chose, in the order that it asked for.

    Where a total is kept that is also of rows which are not, it says so.
    """
    asked = answer.question
    if not isinstance(asked, RowsAsked):
        return answer
    chosen = arrange(answer.layer, where=asked.where_rows)
    layer = arrange(chosen, columns=asked.columns, sort=asked.sort, limit=asked.limit)
    closing = () if answer.origin is None else answer.origin.closing
    note = total_note(answer.layer, chosen, layer, closing)
    said = (note,) if note else ()
    return replace(
        answer,
        layer=layer,
        notes=(*answer.notes, *said),
        sentences=(*answer.sentences, *said),
    )
