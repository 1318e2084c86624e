"""What each layer is and is not, in the words of its own metadata."""

from __future__ import annotations

import geopandas as gpd

from lcrmap.layers import Layer, Metadata
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.limits.question import Limits
from lcrmap.verbs.sources import Reading, atlas
from lcrmap.verbs.work import WholeWork

__all__ = ["LimitsWork"]


class LimitsWork(WholeWork):
    """Tells what layers say of themselves: the answer has sentences, and no rows."""

    asked: Limits

    def answered(self) -> Answer:
        """Return one sentence or more a layer, and those of the pack's population."""
        sources, pack = self.sources, self.sources.pack
        names = self.asked.layers or atlas(pack)
        told = [_told(sources.layer(each, Reading.of(self.asked)).metadata) for each in names]
        if pack.has_role("population"):
            known = pack.metadata(pack.role("population").layer)
            told.append(f"{known.title}: {known.description} {known.method}".strip())
        nothing = Layer(gpd.GeoDataFrame(geometry=[]), Metadata("limits", "Limits"))
        return Answer(question=self.asked, pack=pack, layer=nothing, sentences=tuple(told))


def _told(known: Metadata) -> str:
    said = " ".join(each.strip() for each in (known.description, known.method) if each)
    return f"{known.title}: {said}" if said else f"{known.title}: no description."
