"""Where nothing is near: residents farther than a distance from every feature of a layer, area by area."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.gaps import beyond, sums_by_area
from lcrmap.analysis.joining import assign_areas, placed_rows
from lcrmap.analysis.metric import METHOD, are_points
from lcrmap.layers import FEATURE_ROW, TOTAL_ROW, Category, Field, Layer, Metadata
from lcrmap.verbs.answer import Answer, Origin
from lcrmap.verbs.areas import (
    area_names,
    areas_alone,
    checked_key,
    nameless_note,
    pack_areas,
    sound,
    with_sources_of,
)
from lcrmap.verbs.gaps.question import Gaps
from lcrmap.verbs.gaps.words import GapSums, far_from, gap_finding, gap_notes, gap_sentences
from lcrmap.verbs.numbers import HIGHEST, LOWEST, distance_words, share_words
from lcrmap.verbs.people import People
from lcrmap.verbs.places import Spots, taken_note
from lcrmap.verbs.rivers import (
    WORTH_SAYING,
    Across,
    detour_sentence,
    detours_of,
    known_across,
    layers_of,
    methods_of,
    open_across,
    titled,
    ways_of,
)
from lcrmap.verbs.sources import Reading, Sources
from lcrmap.verbs.work import WholeWork

__all__ = ["GapsShown", "GapsWork", "gaps_layer", "sums_in"]

GAPS_METHOD = (
    "A resident is beyond if every feature is farther away. Residents stand at the points of the pack's population "
    "layer, which are taken as they are; the range beside a figure comes from the errors of the features' positions."
)


@dataclass(frozen=True, slots=True)
class GapsShown:
    """What the page of gaps shows besides the rows.

    Attributes
    ----------
    spots
        The features around which nobody is.
    areas
        The areas of the rows.
    found
        Of each of the pack's residents' points whether it is beyond, as `lcrmap.analysis.gaps.beyond` tells.
    across
        The crossings over which is measured; None if straight.
    """

    spots: Spots
    areas: Layer
    found: pd.DataFrame
    across: Across | None


class GapsWork(WholeWork):
    """Sums the residents beyond a distance of every feature: one row an area, and one for all together."""

    asked: Gaps

    def answered(self) -> Answer:
        """Find who lives beyond, and where."""
        asked, sources = self.asked, self.sources
        people = sources.people(asked.of, asked.groups)
        spots = sources.spots(asked.layer, Reading.of(asked))
        areas, repairs = _areas(asked.by, sources)
        across = open_across(sources, asked)
        found = beyond(people.layer.frame, spots.layer.frame, asked.beyond, ways=ways_of(across))
        sums = sums_in(areas, found, people)
        layer = gaps_layer(sums, people, areas, spots, asked.beyond, across)
        told = GapSums(sums, people, areas, spots, asked.beyond, sources.pack.region, across)
        finding = gap_finding(told)
        peopled, _ = pack_areas(sources)
        taken = taken_note(spots, peopled)
        ends = _end_at_the_border(spots, peopled)
        notes = [*spots.notes, *taken, *repairs, *gap_notes(told, ends)]
        remark = [] if across is not None else self._lies_across(people, spots)
        return Answer(
            question=asked,
            pack=sources.pack,
            layer=layer,
            finding=finding,
            sentences=(*gap_sentences(told), *remark, *taken),
            notes=(*notes, *remark, f"{finding}."),
            main=tuple(each for each in layer.frame.columns if each in _main(people)),
            shown=GapsShown(spots, areas, found, across),
            origin=_origin(asked, areas),
        )

    def _lies_across(self, people: People, spots: Spots) -> list[str]:
        """Say for how many the nearest lies across the pack's barrier, if that changes who lives beyond."""
        known = known_across(self.sources)
        found = detours_of(known, people.layer.frame.geometry, spots.layer.frame.geometry)
        if known is None or found is None or not (found["straight_m"] <= self.asked.beyond).any():
            return []
        residents = people.counted[found["left"].to_numpy()]
        many = float(residents.sum())
        if many < WORTH_SAYING * people.total:
            return []
        who = f"For {many:,.0f} {people.measure.noun(many)}, {share_words(many, people.total)},"
        target = spots.names[0] if spots.single else f"the nearest {spots.layer.metadata.noun_one}"
        farther = found["farther_m"].to_numpy()
        return [detour_sentence(known, who, target, farther, residents)]


def sums_in(areas: Layer, found: pd.DataFrame, people: People) -> pd.DataFrame:
    """Sum the residents of each area, and those beyond; the last row is for all together."""
    home = assign_areas(people.layer.frame, areas.frame, key=checked_key(areas, None))["area"]
    return sums_by_area(found, home.to_numpy(), people.weights, len(areas.frame))


def _origin(asked: Gaps, areas: Layer) -> Origin | None:
    if asked.by is None:
        return None
    return Origin(layer=asked.by, closing=(TOTAL_ROW,), shapes=areas.frame.geometry)


def _main(people: People) -> tuple[str, ...]:
    """Return the columns that a terminal shows."""
    return (
        "name",
        *(people.measure.column + end for end in ("", "_beyond", "_beyond_min", "_beyond_max")),
        "share_beyond_pct",
        *(f"{each.column}_beyond" for each in people.groups),
        "share_of_most_deprived_tenth_beyond_pct",
        *(f"share_of_{each.column}_beyond_pct" for each in people.groups if each.asked),
    )


def _areas(by: str | None, sources: Sources) -> tuple[Layer, list[str]]:
    """Open the areas by which sums are made: those asked for, else the pack's neighbourhoods, else its areas."""
    pack = sources.pack
    if by is None:
        role = next((each for each in ("neighbourhoods", "areas") if pack.has_role(each)), "areas")
        by = pack.role(role).layer
    layer, notes = sound(sources.layer(by, need_geometry=True))
    layer, more = areas_alone(layer, wanting="--by needs areas")
    return layer, [*layer.notes, *notes, *more, *nameless_note(layer, keyed=False)]


def _end_at_the_border(spots: Spots, areas: Layer | None) -> bool:
    """Tell whether the features stop where the residents do: then what lies across the border is missing."""
    frame = spots.layer.frame
    if areas is None or spots.kind != "layer" or not are_points(frame.geometry):
        return False
    placed = frame.iloc[placed_rows(frame)]
    return bool((assign_areas(placed, areas.frame, key=areas.key)["area"] >= 0).all())


def gaps_layer(
    sums: pd.DataFrame,
    people: People,
    areas: Layer,
    spots: Spots,
    beyond_m: float,
    across: Across | None = None,
) -> Layer:
    """Put the sums beside the areas; the last row is for all together."""
    count = len(areas.frame)
    keys = (
        areas.frame[areas.key].astype(str).tolist()
        if areas.key
        else [str(n + 1) for n in range(count)]
    )
    columns: dict[str, object] = {
        "id": [*keys, "all"],
        "name": [*area_names(areas), "All together"],
        "row": [FEATURE_ROW] * count + [TOTAL_ROW],
    }
    counted = people.measure.column
    for name in people.weights:
        for suffix in ("", "_beyond", "_beyond_min", "_beyond_max"):
            if name == counted or suffix in ("", "_beyond"):
                columns[name + suffix] = pd.array(sums[name + suffix].to_numpy(), dtype="Int64")
    with np.errstate(invalid="ignore", divide="ignore"):
        for name in people.weights:
            share = (100 * sums[f"{name}_beyond"] / sums[name].where(sums[name] > 0)).round(2)
            columns["share_beyond_pct" if name == counted else f"share_of_{name}_beyond_pct"] = (
                share.to_numpy()
            )
    shapes = [*areas.frame.geometry.to_crs("EPSG:4326").to_numpy(), None]
    frame = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"))
    far = distance_words(beyond_m, exact=True)
    title = f"{people.measure.title} farther than {far} from {far_from(spots)}"
    base = Metadata(
        name="gaps",
        title=titled(title, across),
        key="id",
        label="name",
        row="row",
        noun_one=areas.metadata.noun_one,
        noun_many=areas.metadata.noun_many,
        geometry="area",
        fields=_fields(people, far),
        method=" ".join([METHOD, GAPS_METHOD, *methods_of(across)]),
        crs="EPSG:4326",
    )
    read = [areas, people.layer, spots.layer, *layers_of(across)]
    metadata = with_sources_of(base, *(each.metadata for each in read))
    inputs = tuple(dict.fromkeys(one for each in read for one in each.inputs))
    return Layer(frame, metadata, inputs)


def _fields(people: People, far: str) -> tuple[Field, ...]:
    rows = (Category(FEATURE_ROW, "Area"), Category(TOTAL_ROW, "All together"))
    fields = [Field("id", "Id"), Field("name", "Name"), Field("row", "Row", categories=rows)]
    measure = people.measure
    source = measure.note or people.layer.metadata.title
    fields += [
        *_pair(measure.column, measure.title, far, source),
        Field(f"{measure.column}_beyond_min", "At least", "integer", LOWEST),
        Field(f"{measure.column}_beyond_max", "At most", "integer", HIGHEST),
    ]
    for each in people.groups:
        fields += _pair(each.column, f"{measure.title} {each.words}", far, each.source)
    shares = {"share_beyond_pct": measure.many}
    shares |= {
        f"share_of_{each.column}_beyond_pct": f"{measure.many} {each.words}"
        for each in people.groups
    }
    for column, who in shares.items():
        fields.append(Field(column, f"Share of {who} beyond {far}", "number", unit="%"))
    return tuple(fields)


def _pair(column: str, who: str, far: str, source: str) -> list[Field]:
    """Describe how many there are, and how many of them beyond."""
    return [
        Field(column, who, "integer", source),
        Field(f"{column}_beyond", f"{who} beyond {far}", "integer", source),
    ]
