"""What a question gives back: rows with their metadata, what is said of them, and what a page shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lcrmap.layers import Layer, Pack
from lcrmap.verbs.arranging import arrange
from lcrmap.verbs.asks import page_maker
from lcrmap.verbs.question import Question, Tabled
from lcrmap.verbs.sources import Sources

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from lcrmap.maps.page import Page

__all__ = ["Answer", "arranged"]


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
        The rows: what a table, a file and the page's table hold. A map has none of its own.
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
    shown
        What a page of this verb shows besides the rows; see the verb's ``page.py``.
    """

    question: Question
    pack: Pack
    layer: Layer
    finding: str = ""
    sentences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    main: tuple[str, ...] = ()
    beside: Layer | None = None
    shown: Any = None

    @property
    def frame(self) -> GeoDataFrame:
        """The rows as a GeoDataFrame."""
        return self.layer.frame

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
        model = page_maker(self.question.ask)(self, sources)
        return Page(recorded(model, self.question, self.pack))

    def _repr_html_(self) -> str:
        """Return the page in a frame, for a notebook."""
        shown: str = self.page()._repr_html_()
        return shown


def arranged(answer: Answer) -> Answer:
    """Return the answer with the rows that its question chose, in the order that it asked for."""
    asked = answer.question
    if not isinstance(asked, Tabled):
        return answer
    layer = arrange(
        answer.layer,
        where=asked.where_rows,
        columns=asked.columns,
        sort=asked.sort,
        limit=asked.limit,
    )
    return replace(answer, layer=layer)
