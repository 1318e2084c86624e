"""What a text means as a place: the features, where they lie and how exactly."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis import metric
from lcrmap.layers import Field, Layer, Metadata
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.arranging import without_places
from lcrmap.verbs.find_place.question import FindPlace
from lcrmap.verbs.find_place.words import place_finding
from lcrmap.verbs.places import Spots, areas_of, outside_note
from lcrmap.verbs.sources import Reading
from lcrmap.verbs.work import WholeWork

__all__ = ["FindPlaceWork"]

_ERROR = "position_error_m"
_FIELDS = (
    Field("id", "Id"),
    Field("name", "Name"),
    Field("layer", "Layer", description="The layer that it is a feature of"),
    Field("kind", "Kind", description="How the text was understood"),
    Field("in_area", "In area"),
    Field("longitude", "Longitude", "number", unit="°"),
    Field("latitude", "Latitude", "number", unit="°"),
    Field(_ERROR, "Position error", "number", "Within which the position is known", "m"),
)


class FindPlaceWork(WholeWork):
    """Lists the features that a text means."""

    asked: FindPlace

    def answered(self) -> Answer:
        """Return one row a feature; the finding says of a single one where it lies."""
        sources, asked = self.sources, self.asked
        spots = sources.spots(asked.place, Reading.of(asked))
        areas = sources.role("areas")
        lie_in = areas_of(spots.layer.frame, areas)
        rows = _rows(spots, lie_in.tolist())
        error = None if pd.isna(rows[_ERROR].iloc[0]) else float(rows[_ERROR].iloc[0])
        metadata = Metadata(
            name="place",
            title=f"What '{asked.place}' means",
            key="id",
            label="name",
            noun_one="place",
            noun_many="places",
            geometry="none",
            fields=_FIELDS,
            sources=spots.layer.metadata.sources,
            licences=spots.layer.metadata.licences,
            credit=spots.layer.metadata.credit,
            as_of=spots.layer.metadata.as_of,
        )
        return Answer(
            question=asked,
            pack=sources.pack,
            layer=Layer(without_places(rows), metadata, spots.layer.inputs),
            finding=place_finding(spots, lie_in.tolist(), error),
            notes=(*spots.notes, *outside_note(spots, areas)),
            main=("id", "name", "layer", "in_area", _ERROR),
        )


def _rows(spots: Spots, areas: list[str | None]) -> pd.DataFrame:
    frame = spots.layer.frame
    shapes = frame.geometry
    placed = (shapes.notna() & ~shapes.is_empty).to_numpy()
    where = np.full((len(frame), 2), np.nan)
    middles = gpd.GeoSeries(shapes[placed]).representative_point()
    where[placed] = np.column_stack(metric.lonlat(middles)).round(6)
    errors = frame[_ERROR] if _ERROR in frame.columns else pd.Series(np.nan, frame.index)
    return pd.DataFrame(
        {
            "id": spots.keys,
            "name": spots.names,
            "layer": spots.source,
            "kind": spots.kind,
            "in_area": areas,
            "longitude": where[:, 0],
            "latitude": where[:, 1],
            _ERROR: pd.to_numeric(errors, errors="coerce").to_numpy(dtype=np.float64),
        }
    )
