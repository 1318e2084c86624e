"""What lies within some distances of places: features, residents, and which share of the ground nothing is known of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.catchments import Reached, reached_features
from lcrmap.analysis.joining import assign_areas
from lcrmap.analysis.links import Ways
from lcrmap.analysis.metric import METHOD, single_points
from lcrmap.analysis.ranges import error_radii
from lcrmap.analysis.zones import share_outside, zones
from lcrmap.errors import GeometryError
from lcrmap.layers import Layer, Metadata, Pack
from lcrmap.verbs.answer import Answer, Origin
from lcrmap.verbs.areas import nameless_note, pack_areas, with_sources_of
from lcrmap.verbs.catchment.columns import catchment_fields, main_columns
from lcrmap.verbs.catchment.question import Catchment
from lcrmap.verbs.catchment.words import (
    Sums,
    catchment_finding,
    catchment_notes,
    catchment_sentences,
    people_notes,
)
from lcrmap.verbs.keeping import checked_columns, kept_names, kept_of
from lcrmap.verbs.numbers import distance_words, listed, snake
from lcrmap.verbs.people import People
from lcrmap.verbs.places import Spots, areas_of, keyed, outside_note, taken_note
from lcrmap.verbs.question import METRES
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

__all__ = ["CatchmentShown", "CatchmentWork"]

RINGS_METHOD = (
    "A ring holds what lies within its distance by measured geodesic, not by the drawn line. Residents stand at the "
    "points of the pack's population layer, which are taken as they are; the range beside a figure comes from the "
    "errors of the places' and features' positions."
)


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """All places of a question in one frame, and where each comes from."""

    frame: gpd.GeoDataFrame
    sources: list[tuple[str, int]]
    what: str

    def own_rows(self, layer: Layer) -> np.ndarray[Any, np.dtype[np.int64]]:
        return np.array(
            [row if name == layer.name else -1 for name, row in self.sources], dtype=np.int64
        )


@dataclass(frozen=True, slots=True)
class CatchmentShown:
    """What the page of catchments shows besides the rows.

    Attributes
    ----------
    spots
        The places around which the rings lie.
    together
        As in `Sums`.
    across
        The crossings over which is measured; None if straight.
    reached
        The residents near any of the places, from which that is summed; None without people.
    """

    spots: tuple[Spots, ...]
    together: pd.DataFrame | None
    across: Across | None
    reached: Reached | None


class CatchmentWork(WholeWork):
    """Sums what lies within each distance of each place: one row a place and ring, the ring as its geometry."""

    asked: Catchment

    def answered(self) -> Answer:
        """Draw the rings, count in them, and say what they hold."""
        asked, sources = self.asked, self.sources
        pack, (areas, repairs) = sources.pack, pack_areas(sources)
        opened = [sources.spots(each, Reading.of(asked)) for each in asked.places]
        spots = keyed(opened, asked.key)
        places = _gathered(spots)
        across = open_across(sources, asked)
        ways, river = ways_of(across), None if across is None else across.ways
        drawn = zones(places.frame.geometry, asked.rings, dissolve=asked.dissolve, river=river)
        counted = _counted_layers(asked, sources)
        people = _people(asked, sources)
        frame = _frame(asked, places, drawn, counted, people, areas, ways)
        reached = _reached(people, places, asked.rings, ways)
        sums = Sums(
            frame,
            places.what,
            asked.rings,
            asked.dissolve,
            people,
            areas,
            pack.region,
            sum(each.placed for each in spots),
            _together(people, reached, asked.rings),
            asked.unit,
            across,
        )
        layer = _carrying(_described(frame, asked, spots, counted, sums), asked, spots, drawn)
        finding = catchment_finding(sums)
        notes = [
            note
            for each in spots
            for note in (
                *each.notes,
                *outside_note(each, areas),
                *nameless_note(each.layer, keyed=True),
            )
        ]
        taken = [note for each in spots for note in taken_note(each, areas)]
        notes += taken
        notes += repairs
        if across is not None:
            notes += across.notes
            for each in spots:
                notes += across.unsure_notes(across.unsure(each.layer), each.layer.metadata)
        remark = _lies_across(sums, places, sources) if across is None else []
        notes += [
            *people_notes(people, pack),
            *catchment_notes(sums),
            *remark,
            f"{finding}.",
        ]
        return Answer(
            question=asked,
            pack=pack,
            layer=layer,
            finding=finding,
            sentences=(*catchment_sentences(sums), *remark, *taken),
            notes=tuple(notes),
            main=main_columns(layer.frame, asked.unit, people, dissolve=asked.dissolve),
            shown=CatchmentShown(tuple(spots), sums.together, across, reached),
            origin=_origin(asked, drawn),
        )


def _people(asked: Catchment, sources: Sources) -> People | None:
    """Open who is counted; None if the pack knows nobody, unless somebody is asked for."""
    wanted = asked.of is not None or asked.groups
    if not wanted and not sources.pack.has_role("population"):
        return None
    return sources.people(asked.of, asked.groups)


def _lies_across(sums: Sums, places: _Places, sources: Sources) -> list[str]:
    """Say for how many of those within the largest ring the nearest place lies across the pack's barrier."""
    known, people = known_across(sources), sums.people
    if known is None or people is None or sums.together is None:
        return []
    found = detours_of(known, people.layer.frame.geometry, places.frame.geometry)
    if found is None:
        return []
    found = found[found["straight_m"] <= sums.rings_m[-1]]
    residents = people.counted[found["left"].to_numpy()]
    within = float(sums.together["value"].iloc[-1])
    if not residents.sum() or residents.sum() < WORTH_SAYING * within:
        return []
    who = f"For {residents.sum():,.0f} of the {people.measure.many} within {sums.ring(-1)},"
    single = len(places.frame) == 1
    target = str(places.frame["name"].iloc[0]) if single else "the nearest place"
    return [detour_sentence(known, who, target, found["farther_m"].to_numpy(), residents)]


def _carrying(
    layer: Layer, asked: Catchment, spots: Sequence[Spots], drawn: gpd.GeoDataFrame
) -> Layer:
    """Put columns of the places behind the figures."""
    layers = [each.layer for each in spots]
    checked_columns(layers, asked.keep)
    frame, fields = layer.frame, list(layer.metadata.fields)
    columns: dict[str, Any] = {}
    for old, new in kept_names(layers, asked.keep, list(frame.columns), clash="place_").items():
        values, field = kept_of(layers, old, new)
        columns[new] = values.iloc[drawn["place"].to_numpy()].array
        fields.append(field)
    metadata = layer.metadata.replaced(fields=tuple(fields))
    return replace(layer, frame=frame.assign(**columns), metadata=metadata)


def _origin(asked: Catchment, drawn: gpd.GeoDataFrame) -> Origin | None:
    """Tell of which place each ring is, if all places are of one layer and each has its own rings."""
    if asked.dissolve or len(asked.places) > 1:
        return None
    return Origin(layer=asked.places[0], rows=drawn["place"].to_numpy())


def _counted_layers(asked: Catchment, sources: Sources) -> list[Layer]:
    """Open the layers whose features are counted: all that have a position, and what has no feature, which are 0.

    Raises
    ------
    GeometryError
        If a layer that is asked for has features, but not one position.
    """
    opened = [sources.layer(each) for each in asked.count or _atlas(sources.pack)]
    unplaced = [each for each in opened if len(each.frame) and not each.placed]
    if unplaced and asked.count:
        raise GeometryError(
            f"No feature of {unplaced[0].name} has a position: without one none can be counted."
        )
    return [each for each in opened if each.placed or not len(each.frame)]


def _frame(
    asked: Catchment,
    places: _Places,
    drawn: gpd.GeoDataFrame,
    counted: Sequence[Layer],
    people: People | None,
    areas: Layer | None,
    ways: Ways,
) -> gpd.GeoDataFrame:
    """Return a row a ring: what it is, what lies in it, and which share of it nothing is known of."""
    outside = np.zeros(len(drawn))
    if areas is not None:
        outside = share_outside(drawn.geometry, areas.frame.geometry)
    frame = _labels(drawn, places, areas, asked)
    for layer in counted:
        frame = frame.assign(**_counts(layer, places, drawn, asked.dissolve, ways))
    if people is not None:
        frame = frame.assign(
            **_residents(people, places, drawn, outside, areas, asked.dissolve, ways)
        )
    if areas is not None:
        frame["no_data_pct"] = (100 * outside).round(2)
    return gpd.GeoDataFrame(frame, geometry=drawn.geometry.to_numpy(), crs="EPSG:4326")


def _gathered(spots: Sequence[Spots]) -> _Places:
    """Put all places into one frame, in degrees."""
    frames, sources = [], []
    for each in spots:
        frames.append(
            gpd.GeoDataFrame(
                {
                    "id": list(each.keys),
                    "name": list(each.names),
                    "position_error_m": error_radii(each.layer.frame),
                },
                geometry=each.layer.frame.geometry.to_crs("EPSG:4326").to_numpy(),
                crs="EPSG:4326",
            )
        )
        rows = each.rows or [-1] * len(each.keys)
        sources += [(each.source, row) for row in rows]
    what = listed([each.what() for each in spots])
    whole = pd.concat(frames, ignore_index=True)
    return _Places(gpd.GeoDataFrame(whole, geometry="geometry", crs="EPSG:4326"), sources, what)


def _atlas(pack: Pack) -> list[str]:
    if not pack.has_role("atlas"):
        return []
    options = pack.role("atlas").options
    return [*options.get("layers", []), *options.get("off", [])]


def _labels(
    drawn: gpd.GeoDataFrame, places: _Places, areas: Layer | None, asked: Catchment
) -> pd.DataFrame:
    rows, unit, dissolve = drawn["place"].to_numpy(), asked.unit, asked.dissolve
    called = {float(each): distance_words(each, unit, exact=True) for each in asked.rings}
    rings = [called[each] for each in drawn["ring_m"]]
    names = (
        [places.what] * len(drawn) if dissolve else places.frame["name"].to_numpy()[rows].tolist()
    )
    frame = pd.DataFrame(
        {
            "name": [f"Within {ring} of {name}" for ring, name in zip(rings, names, strict=True)],
            "place": names,
            "ring": [f"within {ring}" for ring in rings],
            f"ring_{unit}": (drawn["ring_m"] / METRES[unit]).round(6).to_numpy(),
            "area_km2": drawn["area_km2"].round(4).to_numpy(),
        }
    )
    if not dissolve:
        frame.insert(1, "place_id", places.frame["id"].to_numpy()[rows])
        frame.insert(3, "in_area", areas_of(places.frame, areas)[rows])
        frame["in_area"] = frame["in_area"].astype("str")
    return frame


def _counts(
    layer: Layer, places: _Places, drawn: gpd.GeoDataFrame, dissolve: bool, ways: Ways
) -> dict[str, Any]:
    """Count the features of a layer in each ring, with the range that all positions leave."""
    own = places.own_rows(layer)
    reached = reached_features(
        places.frame,
        layer.frame,
        float(drawn["ring_m"].max()),
        together=dissolve,
        own=own,
        ways=ways,
    )
    name = snake(layer.name)
    return _columns(reached, np.ones(len(layer.frame)), drawn, name)


def _columns(
    reached: Reached, weights: Any, drawn: gpd.GeoDataFrame, name: str, *, by_pair: bool = False
) -> dict[str, Any]:
    """Return a number, the least and the most it may be, for each row of rings."""
    value, least, most = (np.full(len(drawn), np.nan) for _ in range(3))
    place, rings = drawn["place"].to_numpy(), drawn["ring_m"].to_numpy()
    for ring in np.unique(rings):
        sums = reached.sums(weights, float(ring), by_pair=by_pair)
        rows = np.flatnonzero(rings == ring)
        for target, column in ((value, "value"), (least, "least"), (most, "most")):
            target[rows] = sums[column].to_numpy()[place[rows]]
    return {
        name: pd.array(value, dtype="Int64"),
        f"{name}_min": pd.array(least, dtype="Int64"),
        f"{name}_max": pd.array(most, dtype="Int64"),
    }


def _residents(
    people: People,
    places: _Places,
    drawn: gpd.GeoDataFrame,
    outside: Any,
    areas: Layer | None,
    dissolve: bool,
    ways: Ways,
) -> dict[str, Any]:
    """Sum residents in each ring; what is not known stays empty."""
    farthest = float(drawn["ring_m"].max())
    frame = people.layer.frame
    reached = reached_features(
        places.frame, frame, farthest, together=dissolve, exact=True, ways=ways
    )
    columns: dict[str, Any] = {}
    for name, weights in people.weights.items():
        found = _columns(reached, weights, drawn, name)
        columns |= found if name == people.measure.column else {name: found[name]}
    if people.centres is not None:
        centres = reached_features(
            places.frame, people.centres, farthest, together=dissolve, exact=True, ways=ways
        )
        weights = people.centres["weight"].to_numpy()
        columns[f"{people.measure.column}_by_centre"] = _columns(centres, weights, drawn, "n")["n"]
    total = columns[people.measure.column].to_numpy(dtype=np.float64, na_value=np.nan)
    if areas is not None and not dissolve:
        columns["share_of_area_pct"] = _area_share(reached, people, places, drawn, areas)
    columns["share_of_region_pct"] = np.round(100 * total / people.total, 3)
    # Where nothing is known, or nobody was found and a part is unknown, 0 would be a guess.
    unknown = (outside > 0.9999) | ((total == 0) & (outside > 1e-6))
    for name, values in columns.items():
        values[unknown] = (
            pd.NA if name not in ("share_of_area_pct", "share_of_region_pct") else np.nan
        )
        columns[name] = values
    return columns


def _area_share(
    reached: Reached, people: People, places: _Places, drawn: gpd.GeoDataFrame, areas: Layer
) -> Any:
    """Return which share of its own area's residents live within each ring of a place, in per cent."""
    residents = people.counted
    home = assign_areas(people.layer.frame, areas.frame, key=areas.key)["area"].to_numpy()
    own = np.full(len(places.frame), -1)
    points = single_points(places.frame.geometry.to_numpy())
    if points.any():
        some = places.frame[points]
        own[points] = assign_areas(some, areas.frame, key=areas.key)["area"].to_numpy()
    pairs = reached.pairs
    right = pairs["right"].to_numpy()
    same = home[right] == own[pairs["group"].to_numpy()]
    found = _columns(reached, residents[right] * same, drawn, "n", by_pair=True)["n"]
    of_area = np.append(
        np.bincount(home[home >= 0], weights=residents[home >= 0], minlength=len(areas.frame)),
        np.nan,
    )
    whole = of_area[own[drawn["place"].to_numpy()]]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (
            100
            * found.to_numpy(dtype=np.float64, na_value=np.nan)
            / np.where(whole > 0, whole, np.nan)
        )
    return np.round(share, 3)


def _reached(
    people: People | None, places: _Places, rings_m: Sequence[float], ways: Ways
) -> Reached | None:
    """Find the residents near any of the places, nobody twice."""
    if people is None:
        return None
    return reached_features(
        places.frame, people.layer.frame, max(rings_m), together=True, exact=True, ways=ways
    )


def _together(
    people: People | None, reached: Reached | None, rings_m: Sequence[float]
) -> pd.DataFrame | None:
    """Sum residents over all places at once: what the headline says."""
    if people is None or reached is None:
        return None
    rows = [reached.sums(people.counted, ring).iloc[0] for ring in rings_m]
    return pd.DataFrame(rows).reset_index(drop=True)


def _described(
    frame: gpd.GeoDataFrame,
    asked: Catchment,
    spots: Sequence[Spots],
    counted: Sequence[Layer],
    sums: Sums,
) -> Layer:
    """Return the rows with what their columns mean and where they come from."""
    rings = listed([distance_words(each, asked.unit, exact=True) for each in asked.rings])
    people, title = sums.people, f"What lies within {rings} of {sums.what}"
    base = Metadata(
        name="catchment",
        title=titled(title, sums.across),
        label="name",
        category="ring",
        noun_one="ring",
        noun_many="rings",
        geometry="area",
        fields=catchment_fields(
            counted,
            people,
            sums.areas,
            asked.rings,
            asked.unit,
            {each.layer.name for each in spots},
        ),
        method=" ".join([METHOD, RINGS_METHOD, *methods_of(sums.across)]),
        crs="EPSG:4326",
    )
    layers = [*(each.layer for each in spots), *counted, *layers_of(sums.across)]
    layers += [people.layer] if people is not None else []
    others = [each.metadata for each in layers]
    inputs = tuple(dict.fromkeys(one for each in layers for one in each.inputs))
    return Layer(frame, with_sources_of(base, *others), inputs)
