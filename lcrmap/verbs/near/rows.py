"""What is nearest to places: the rows of the answer, split by split."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lcrmap.analysis.chords import Floats, Rows
from lcrmap.analysis.metric import METHOD
from lcrmap.errors import NothingFoundError, WholeNeededError
from lcrmap.io.covered import Covered
from lcrmap.io.parts import Parts, Progress
from lcrmap.layers import Field, Input, Layer, Metadata
from lcrmap.verbs.answer import Answer, Origin
from lcrmap.verbs.areas import area_names, pack_areas, with_sources_of
from lcrmap.verbs.beside import refuse_outgrown
from lcrmap.verbs.keeping import checked_columns, kept_of
from lcrmap.verbs.near.covered import CoveredTarget
from lcrmap.verbs.near.found import Found, with_names
from lcrmap.verbs.near.measuring import Asking, measured
from lcrmap.verbs.near.question import Near
from lcrmap.verbs.near.wide import across_fields, kept_ends, widened
from lcrmap.verbs.near.words import (
    lies_across,
    near_finding,
    near_sentences,
    nothing_found,
    reach_sentence,
    size_notes,
)
from lcrmap.verbs.numbers import HIGHEST, LOWEST, compass, in_unit
from lcrmap.verbs.places import (
    Spots,
    areas_of,
    feature_keys,
    keyed,
    outside_note,
    position_notes,
    taken_note,
)
from lcrmap.verbs.rivers import (
    Across,
    known_across,
    layers_of,
    methods_of,
    open_across,
    titled,
)
from lcrmap.verbs.sources import Reading, Sources
from lcrmap.verbs.work import Piece, Read, Share, Work

__all__ = ["NearShare", "NearShown", "NearWork"]

BLOCK = 1 << 21  # bytes read at a time: each place may become many rows


@dataclass(frozen=True, slots=True)
class NearShown:
    """What the page of distances shows besides the rows.

    Attributes
    ----------
    found
        What was found of each target.
    wide
        Whether the rows of the answer are places, and not pairs.
    """

    found: tuple[Found, ...]
    wide: bool


@dataclass(frozen=True, slots=True, eq=False)
class NearShare(Share):
    """What was found for some of the places.

    Attributes
    ----------
    found
        Of each target.
    count
        How many rows there are.
    """

    found: tuple[Found, ...] = ()
    count: int = 0

    def __add__(self, other: NearShare) -> NearShare:
        """Return both together, the other places behind these."""
        return NearShare(
            rows=_stacked(self.rows, other.rows),
            beside=_stacked(self.beside, other.beside),
            found=tuple(a + b for a, b in zip(self.found, other.found, strict=True)),
            count=self.count + other.count,
        )

    def counted(self) -> NearShare:
        """Return what was counted, without the places."""
        return NearShare(found=tuple(each.counts() for each in self.found), count=self.count)

    def told(self) -> dict[str, Any]:
        """Return what was counted of each target."""
        return {"found": [each.told() for each in self.found], "count": self.count}

    def as_told(self, told: Mapping[str, Any]) -> NearShare:
        """Return what was counted of places that were handed on."""
        found = zip(self.found, told["found"], strict=True)
        return NearShare(
            found=tuple(each.counts().as_told(count) for each, count in found),
            count=told["count"],
        )


def _stacked(first: Layer | None, second: Layer | None) -> Layer | None:
    if first is None or second is None:
        return None
    whole = pd.concat([first.frame, second.frame], ignore_index=True)
    return first.with_frame(gpd.GeoDataFrame(whole))


class NearWork(Work[Any, NearShare]):
    """Ranks the targets for every place; the places may come in splits."""

    asked: Near
    streams: ClassVar[bool] = True
    reads_covered: ClassVar[bool] = True
    working: ClassVar[str] = "Writing"

    def __init__(
        self,
        question: Near,
        sources: Sources,
        layers: Sequence[Layer | Parts],
        *,
        beside: bool = True,
    ) -> None:
        super().__init__(question, sources, layers, beside=beside)
        self.areas, self.repairs = pack_areas(sources)
        self.across = open_across(sources, question)
        self.known = known_across(sources) if self.across is None else None
        (start,) = self.layers
        self.start = start if isinstance(start, Parts) else None
        self.spots = None
        if self.start is None:
            self.spots = sources.spots(question.start, Reading.of(question))
        self.targets = [self._target(text) for text in question.targets]
        if self.spots is not None:
            held = [each for each in self.targets if isinstance(each, Spots)]
            self.spots, *held = keyed([self.spots, *held], question.key, others=self._covered)
            self.targets = [
                held.pop(0) if isinstance(each, Spots) else each for each in self.targets
            ]

    @property
    def _covered(self) -> list[Layer]:
        return [each.spots.layer for each in self.targets if isinstance(each, CoveredTarget)]

    def _target(self, text: str) -> Spots | CoveredTarget:
        if text == self.asked.start and self.spots is not None:
            return self.spots
        start = self.start.name if self.start is not None else ""
        if self.sources.is_covered(text):
            layer = self.sources.beside(text)
            assert isinstance(layer, Covered)  # noqa: S101 (that is what is covered)
            target = CoveredTarget(
                layer, text, self.sources, key=self.asked.key, across=self.across
            )
            target.refuse_own(start if self.spots is None else self.spots.source)
            return target
        found = self.sources.spots_beside(text)
        if self.start is not None and found.source == start:
            raise WholeNeededError("A layer that is its own target is held whole.")
        return found

    @classmethod
    def whole_layers(cls, question: Near, sources: Sources) -> list[Layer]:
        """Open the places."""
        return [sources.spots(question.start, Reading.of(question)).layer]

    @classmethod
    def part_layers(cls, question: Near, sources: Sources, progress: Progress) -> list[Parts]:
        """Open the places in splits: points, not to be listed side by side."""
        refuse_outgrown(sources, question.targets)
        # A row of the wide form has as many columns as the place with most neighbours, and whether a key names each
        # row is a matter of all: only the whole can tell.
        for flag, asked in (
            ("--wide", question.wide),
            ("--include-self", question.include_self),
            ("--key", question.key is not None),
        ):
            if asked:
                raise WholeNeededError(f"{flag} needs all rows.")
        reading = Reading.of(question)
        start = sources.parts(question.start, reading, block=BLOCK, progress=progress)
        if start is None or start.metadata.geometry != "point":
            raise WholeNeededError("Only points of a large file are measured in parts.")
        return [start]

    def work(self, piece: Piece, read: Read, seen: Any) -> NearShare:
        """Rank every target for the places of a piece."""
        spots = self._spots(piece, read)
        asked = self.asked
        asking = Asking(asked.most, asked.within, asked.include_self, self.across, self.known)
        found = [
            measured(spots, each, asking)[0]
            if isinstance(each, Spots)
            else each.found(spots, asking)
            for each in self.targets
        ]
        layer, lines = distance_layers(found, asked.unit, self.areas, asked.keep)
        return NearShare(layer, lines, tuple(found), len(layer.frame))

    def _spots(self, piece: Piece, read: Read) -> Spots:
        """Return the features of a piece as places that a question starts from."""
        if self.spots is not None:
            return self.spots
        whole, first = self.start, piece.split.first if piece.split is not None else 0
        assert isinstance(read, Layer) and whole is not None  # noqa: S101, PT018 (no box was named)
        missing = whole.rows - whole.placed
        return Spots(
            text=whole.name,
            kind="layer",
            layer=read,
            source=whole.name,
            rows=tuple(np.arange(first, first + len(read.frame)).tolist()),
            names=tuple(area_names(read, first=first)),
            keys=feature_keys(read, first=first),
            notes=(*whole.notes, *position_notes(read, missing, of_layer=True)),
            total=whole.rows,
            placed=whole.placed,
        )

    def together(self, seen: Any, done: NearShare) -> Answer:
        """Make the answer: rows, finding, and notes that say what was left out."""
        asked, found = self.asked, done.found
        within, unit = asked.within, asked.unit
        if not done.count:
            why = () if self.across is None else self.across.notes
            raise NothingFoundError(" ".join([nothing_found(found, within, unit), *why]))
        layer, lines = done.rows, done.beside
        if layer is None or lines is None:
            layer, lines = distance_layers(found, unit, self.areas, asked.keep)
        taken = self._taken()
        return Answer(
            question=asked,
            pack=self.sources.pack,
            layer=widened(layer, found, unit, asked.keep) if asked.wide else layer,
            finding=near_finding(found, within, unit),
            sentences=(*near_sentences(found, within, unit), *taken),
            notes=self._notes(found, taken),
            main=_main(found, unit, asked.keep, wide=asked.wide),
            beside=lines,
            spoken=partial(with_names, found=found),
            shown=NearShown(found, asked.wide),
            origin=_origin(asked, found),
        )

    def _taken(self) -> list[str]:
        """Say what the bare names of places were taken for."""
        spots = [each for each in (self.spots, *self.targets) if isinstance(each, Spots)]
        return list(dict.fromkeys(note for each in spots for note in taken_note(each, self.areas)))

    def _notes(self, found: Sequence[Found], taken: Sequence[str]) -> tuple[str, ...]:
        asked, start = self.asked, found[0].spots
        notes = [*start.notes, *outside_note(start, self.areas), *self.repairs]
        notes += taken
        if self.across is not None:
            notes += self.across.notes
            notes += self.across.unsure_notes(found[0].unsure, start.layer.metadata)
        for each, target in zip(found, self.targets, strict=True):
            notes += [note for note in each.target.notes if note not in notes]
            notes += size_notes(each, asked.most)
            if self.across is not None and each.target.source != start.source:
                layer = each.target.layer
                count = (
                    target.unsure
                    if isinstance(target, CoveredTarget)
                    else self.across.unsure(layer)
                )
                notes += self.across.unsure_notes(count, layer.metadata)
        notes += lies_across(found)
        if asked.within is not None:
            notes += [reach_sentence(each, asked.within, asked.unit) + "." for each in found]
        return tuple(notes)


def _origin(asked: Near, found: Sequence[Found]) -> Origin:
    """Tell of which place each row is; the rows of all targets stand in the order of the places."""
    places = np.sort(np.concatenate([each.pairs["left"].to_numpy() for each in found]))
    if not asked.wide:
        return Origin(layer=asked.start, rows=places, beside=places)
    return Origin(layer=asked.start, beside=places, shapes=found[0].spots.layer.frame.geometry)


def distance_layers(
    found: Sequence[Found], unit: str, areas: Layer | None, keep: Sequence[str] = ()
) -> tuple[Layer, Layer]:
    """Return one row a pair, with the neighbours' shapes; and the same rows with the lines to them."""
    frame, carried = _carried(_rows(found, unit, areas), found, unit, keep)
    layer = Layer(frame, _metadata(found, unit, carried), _inputs(found))
    return layer, layer.with_frame(_as_lines(layer.frame, found))


def _carried(
    frame: gpd.GeoDataFrame, found: Sequence[Found], unit: str, keep: Sequence[str]
) -> tuple[gpd.GeoDataFrame, tuple[Field, ...]]:
    """Put columns of both sides behind those of the pairs, and say what they are."""
    start, targets = found[0].spots.layer, [each.target.layer for each in found]
    checked_columns([start, *targets], keep)
    pairs = [each.pairs for each in found]
    order = np.argsort(np.concatenate([each["left"] for each in pairs]), kind="stable")
    ends = [([start] * len(found), "left"), (targets, "right")]
    fields = []
    columns: dict[str, Any] = {}
    for names, (layers, end) in zip(kept_ends(found, keep, unit), ends, strict=True):
        for old, new in names.items():
            rows = [each[end] for each in pairs]
            values, field = kept_of(layers, old, new, rows)
            columns[new] = values.iloc[order].array
            fields.append(field)
    return frame.assign(**columns), tuple(fields)


def _rows(found: Sequence[Found], unit: str, areas: Layer | None) -> gpd.GeoDataFrame:
    """Put the pairs of all targets into one table, by place, target and rank."""
    tables = [_table(each, unit, areas) for each in found]
    for number, table in enumerate(tables):
        table["_target"] = number
    whole = pd.concat(tables, ignore_index=True)
    whole = whole.sort_values(["_left", "_target"], kind="stable", ignore_index=True)
    return gpd.GeoDataFrame(
        whole.drop(columns=["_left", "_target"]), geometry="geometry", crs="EPSG:4326"
    )


def _table(found: Found, unit: str, areas: Layer | None) -> gpd.GeoDataFrame:
    spots, target, pairs = found.spots, found.target, found.pairs
    left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    keys, names = np.array(target.keys, dtype=object), np.array(target.names, dtype=object)
    shapes = target.layer.frame.geometry.to_crs("EPSG:4326").to_numpy()
    also = [", ".join(target.keys[row] for row in rows) or None for rows in pairs["could_also_be"]]
    columns = {
        "_left": left,
        "from_id": np.array(spots.keys, dtype=object)[left],
        "from_name": np.array(spots.names, dtype=object)[left],
        "layer": target.layer.name,
        "rank": pairs["rank"].to_numpy(),
        "id": keys[right],
        "name": names[right],
        "in_area": areas_of(target.layer.frame, areas)[right],
        **{
            f"{name}_{unit}": [in_unit(each, unit) for each in pairs[column]]
            for name, column in (
                ("distance", "metres"),
                ("distance_min", "metres_min"),
                ("distance_max", "metres_max"),
            )
        },
        "bearing": pairs["bearing"].round(1).to_numpy(),
        "direction": [compass(each) or None for each in pairs["bearing"]],
        "rank_certain": pairs["rank_certain"].array,
        "could_also_be": pd.array(also, dtype="str"),
    }
    if found.across is not None:
        over = np.array([*found.across.keys, None], dtype=object)  # the last is for no crossing
        columns["across"] = pd.array(over[pairs["across"].to_numpy()], dtype="str")
        columns[f"straight_{unit}"] = [in_unit(each, unit) for each in pairs["straight_m"]]
    frame = pd.DataFrame(columns)
    for name in ("from_id", "from_name", "id", "name", "in_area", "direction"):
        frame[name] = frame[name].astype("str")
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes[right], crs="EPSG:4326"))


def _as_lines(frame: gpd.GeoDataFrame, found: Sequence[Found]) -> gpd.GeoDataFrame:
    """Return the rows with the line from each place to its neighbour."""
    ends = pd.concat(
        [each.pairs.assign(_target=number) for number, each in enumerate(found)], ignore_index=True
    ).sort_values(["left", "_target"], kind="stable")
    drawn = np.empty(len(ends), dtype=object)
    for rows, corners in _corners(ends, found[0].across):
        # The short way round, also over the 180th meridian.
        turn = np.round((corners[:, 1:, 0] - corners[:, :1, 0]) / 360) * 360
        corners[:, 1:, 0] -= turn
        same = (corners[:, 0] == corners[:, -1]).all(axis=1)
        points, lines = shapely.points(corners[:, 0]), shapely.linestrings(corners)
        drawn[rows] = np.where(same, np.asarray(points), np.asarray(lines))
    return frame.set_geometry(gpd.GeoSeries(drawn, index=frame.index, crs="EPSG:4326"))


def _corners(pairs: pd.DataFrame, across: Across | None) -> Iterator[tuple[Rows, Floats]]:
    """Yield the corners of the lines from place to neighbour: straight, or over the crossing taken."""
    if across is not None:
        yield from across.ways.corners(pairs)
    else:
        straight = pairs[["lon1", "lat1", "lon2", "lat2"]].to_numpy(copy=True)
        yield np.arange(len(pairs)), straight.reshape(-1, 2, 2)


def _metadata(found: Sequence[Found], unit: str, carried: tuple[Field, ...]) -> Metadata:
    start, layers = found[0].spots, [each.target.layer for each in found]
    what = " and ".join(each.metadata.title for each in layers)
    of = start.what() if start.single else start.layer.metadata.title
    across = found[0].across
    base = Metadata(
        name=f"near-{'-'.join(each.name for each in layers)}",
        title=titled(f"{what} near {of}", across),
        label="name",
        noun_one="distance",
        noun_many="distances",
        geometry="mixed",
        fields=(*_fields(unit, across), *across_fields(across, unit), *carried),
        method=" ".join([METHOD, *methods_of(across)]),
        crs="EPSG:4326",
    )
    read = [start.layer, *layers, *layers_of(across)]
    return with_sources_of(base, *(each.metadata for each in read))


def _fields(unit: str, across: Across | None) -> tuple[Field, ...]:
    how = "" if across is None else f"; between the banks of {across.barrier_name} by a crossing"
    return (
        Field("from_id", "From (id)"),
        Field("from_name", "From"),
        Field("layer", "Layer"),
        Field(
            "rank",
            "Rank",
            "integer",
            "1 for the nearest; distances equal to the millimetre share a rank",
        ),
        Field("id", "Id"),
        Field("name", "Name"),
        Field("in_area", "Area", description="Area that contains its position"),
        Field(
            f"distance_{unit}",
            "Distance",
            "number",
            f"Geodesic, WGS84{how}; 0 inside an area",
            unit,
        ),
        Field(f"distance_min_{unit}", "At least", "number", LOWEST, unit),
        Field(f"distance_max_{unit}", "At most", "number", HIGHEST, unit),
        Field("bearing", "Bearing", "number", "At the start, clockwise from north", "degrees"),
        Field("direction", "Direction"),
        Field("rank_certain", "Certainly this one", "boolean", "Empty where an error is unknown"),
        Field(
            "could_also_be",
            "Could also be",
            description="Ids of other features that could hold this rank",
        ),
    )


def _main(found: Sequence[Found], unit: str, keep: Sequence[str], *, wide: bool) -> tuple[str, ...]:
    if wide:
        return ()
    several = not (found[0].spots.single and len(found[0].spots.names) == 1)
    middle = [f"distance_{unit}", f"distance_min_{unit}", f"distance_max_{unit}"]
    return (
        *(["from_name"] if several else []),
        *(["layer"] if len(found) > 1 else []),
        "rank",
        "name",
        "in_area",
        *middle,
        "direction",
        *(each.name for each in across_fields(found[0].across, unit)),
        "rank_certain",
        "could_also_be",
        *(new for names in kept_ends(found, keep, unit) for new in names.values()),
    )


def _inputs(found: Sequence[Found]) -> tuple[Input, ...]:
    targets = [each.target.layer for each in found]
    layers = [found[0].spots.layer, *targets, *layers_of(found[0].across)]
    return tuple(dict.fromkeys(each for layer in layers for each in layer.inputs))
