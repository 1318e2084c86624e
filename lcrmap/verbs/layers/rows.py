"""The layers of a pack, or the fields of one layer, as rows."""

from __future__ import annotations

import pandas as pd

from lcrmap.layers import Field, Layer, Metadata
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.arranging import without_places
from lcrmap.verbs.layers.question import Layers
from lcrmap.verbs.layers.words import about
from lcrmap.verbs.sources import Reading, Sources
from lcrmap.verbs.work import WholeWork

__all__ = ["LayersWork"]

LIST_FIELDS = (
    Field("name", "Name", description="What to type for the layer"),
    Field("title", "Title"),
    Field("features", "Features", "integer"),
    Field("placed", "Placed", "integer", "Features with a position"),
    Field("geometry", "Geometry", description="point, line or area"),
    Field("as_of", "As of", description="The date of the facts"),
    Field("licence", "Licence"),
    Field(
        "confirmed", "Confirmed", "integer", "Features named by an official or first-hand source"
    ),
)
FIELD_FIELDS = (
    Field("name", "Field"),
    Field("title", "Title"),
    Field("type", "Type"),
    Field("unit", "Unit"),
    Field("description", "Description"),
    Field("values", "Allowed values"),
)


class LayersWork(WholeWork):
    """Lists the layers of the pack, or the fields of one layer."""

    asked: Layers

    def answered(self) -> Answer:
        """Return one row a layer, or one a field and everything else about the layer as notes."""
        asked, pack = self.asked, self.sources.pack
        if asked.layer is None:
            return Answer(question=asked, pack=pack, layer=_listed(self.sources))
        layer = self.sources.layer(asked.layer, Reading.of(asked))
        return Answer(question=asked, pack=pack, layer=_fields_of(layer), notes=about(layer))


def _listed(sources: Sources) -> Layer:
    pack = sources.pack
    rows = [_summarise(each, sources) for each in pack]
    metadata = Metadata(
        name="layers",
        title=f"The layers of {pack.title}",
        key="name",
        label="title",
        noun_one="layer",
        noun_many="layers",
        geometry="none",
        fields=LIST_FIELDS,
    )
    return _table(pd.DataFrame(rows), metadata)


def _fields_of(layer: Layer) -> Layer:
    known = layer.metadata
    columns = [column for column in layer.frame.columns if column != layer.frame.geometry.name]
    fields = [layer.field(column) for column in columns]
    rows = pd.DataFrame(
        {
            "name": [each.name for each in fields],
            "title": [each.title for each in fields],
            "type": [each.type for each in fields],
            "unit": [each.unit for each in fields],
            "description": [each.description for each in fields],
            "values": [", ".join(value.value for value in each.categories) for each in fields],
        }
    )
    metadata = Metadata(
        name=f"{known.name}-fields",
        title=f"The fields of {known.title}",
        key="name",
        label="title",
        noun_one="field",
        noun_many="fields",
        geometry="none",
        fields=FIELD_FIELDS,
    )
    return _table(rows, metadata)


def _summarise(known: Metadata, sources: Sources) -> dict[str, object]:
    """Return what the list says of a layer, which is opened only if the pack does not say what it counts."""
    counts = sources.counts(known.name)
    if counts is None:
        layer = sources.layer(known.name)
        known, counts = layer.metadata, _counts(layer)
    return {
        "name": known.name,
        "title": known.title,
        "features": counts["features"],
        "placed": counts["placed"],
        "geometry": known.geometry,
        "as_of": known.as_of,
        "licence": ", ".join(each.name for each in known.licences),
        "confirmed": counts.get("confirmed"),
    }


def _counts(layer: Layer) -> dict[str, int]:
    counts = {"features": len(layer.frame), "placed": layer.placed}
    if "confidence" in layer.frame:
        counts["confirmed"] = int((layer.frame["confidence"] == "confirmed").sum())
    return counts


def _table(rows: pd.DataFrame, metadata: Metadata) -> Layer:
    """Make a layer of rows that have no place at all."""
    if "confirmed" in rows:
        rows["confirmed"] = rows["confirmed"].astype("Int64")
    return Layer(without_places(rows), metadata)
