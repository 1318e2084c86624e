"""Paragraphs of somebody's own."""

from __future__ import annotations

import geopandas as gpd

from lcrmap.layers import Layer, Metadata
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.text.question import Text
from lcrmap.verbs.work import WholeWork

__all__ = ["TextWork"]


class TextWork(WholeWork):
    """Hands a text on, paragraph by paragraph."""

    asked: Text

    def answered(self) -> Answer:
        """Return a sentence a paragraph."""
        paragraphs = [each.strip() for each in self.asked.text.split("\n\n")]
        nothing = Layer(gpd.GeoDataFrame(geometry=[]), Metadata("text", "Text"))
        return Answer(
            question=self.asked,
            pack=self.sources.pack,
            layer=nothing,
            sentences=tuple(each for each in paragraphs if each),
        )
