"""Check what is known of the city region's own layers: sites against boroughs, sums, wording.

The known answers change only when the facts do: whoever adds a site or finds a position corrects the
figures here in the same commit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from data_checks import LayerFile, check_pack, read_layers, read_package
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

SITES = ("freeport-sites", "investment-zone-sites", "innovation-assets", "planned-stations")
#: Rows inside the boroughs, outside them, and without position.
PLACES = {
    "freeport-sites": (12, 1, 3),
    "investment-zone-sites": (18, 0, 0),
    "innovation-assets": (52, 4, 1),
    "planned-stations": (4, 0, 0),
}
#: Rows of each kind, as a total of these layers must be broken down in words.
KINDS = {
    "freeport-sites": {"tax_site": 3, "customs_site": 12, "not_identified": 1},
    "investment-zone-sites": {"tax_site": 3, "project_site": 13, "campus": 2},
}
#: Features of the derived layers.
COUNTS = {
    "boroughs": 6,
    "neighbourhoods": 201,
    "wards": 159,
    "rail-stations": 213,
    "residents": 37_841,
    "postcodes": 37_841,
    "crossings": 11,
    "river": 1,
    "backdrop": 18,
    "small-areas": 1003,
    "bus-stops": 9918,
    "station-entrances": 176,
    "ferries": 10,
    "education": 888,
    "gp-surgeries": 312,
    "hospitals": 45,
    "libraries": 86,
}
RESIDENTS = 1_551_784
#: No text may put these totals into words without their breakdown.
BARE_TOTALS = re.compile(r"\b(16|sixteen) Freeport|\b(18|eighteen) Investment Zone", re.IGNORECASE)


@dataclass(frozen=True)
class Boroughs:
    """The areas that points are matched with, in the order of their codes."""

    names: list[str]
    shapes: list[BaseGeometry]

    @classmethod
    def of(cls, layer: LayerFile) -> Boroughs:
        """Take names and shapes from the layer of boroughs."""
        return cls(
            [str(row["name"]) for row in layer.rows],
            [shape for shape in layer.shapes if shape is not None],
        )

    def holding(self, points: NDArray[np.object_]) -> list[str | None]:
        """Return the borough of each point, on a border that of the lowest code; else None."""
        found = np.full(len(points), len(self.shapes))
        point, area = shapely.STRtree(self.shapes).query(points, predicate="intersects")
        np.minimum.at(found, point, area)
        names = [*self.names, None]
        return [names[position] for position in found.tolist()]


def check_region(data: Path) -> list[str]:
    """Return one sentence for each fault of the city region's pack in the folder `data`."""
    found = check_pack(data)
    layers = read_layers(data)
    boroughs = Boroughs.of(layers["boroughs"])
    for name in SITES:
        layer = layers[name]
        faults = [
            *check_positions(layer),
            *check_claims(layer, boroughs),
            *check_places(layer, boroughs),
            *check_doubles(layer),
        ]
        found += [f"{name}: {fault}" for fault in faults]
    return [*found, *check_counts(layers), *check_wording(data)]


def check_positions(layer: LayerFile) -> Iterator[str]:
    """Check that a row with a position says how good it is and on what it rests, others do not."""
    for row, shape in zip(layer.rows, layer.shapes, strict=True):
        placed = shape is not None
        if placed == (row["position_error_m"] is None):
            yield f"{row['id']}: a position and a position_error_m go together, or neither."
        if placed == (row["position_basis"] == "none"):
            yield f"{row['id']}: position_basis is none where there is no position, only there."
        if shape is not None and any(
            round(value, 4) != value for value in shapely.get_coordinates(shape)[0]
        ):
            yield f"{row['id']}: coordinates have four decimals at most."


def check_claims(layer: LayerFile, boroughs: Boroughs) -> Iterator[str]:
    """Check the claimed borough against the one that the position gives."""
    for row, found in zip(layer.rows, _boroughs_of(layer, boroughs), strict=True):
        claimed = row["borough_claimed"] if row["borough_claimed"] in boroughs.names else ""
        if found is not None and found != claimed:
            yield f"{row['id']}: claimed for {claimed or 'elsewhere'}, but its point is in {found or 'none'}."


def check_places(layer: LayerFile, boroughs: Boroughs) -> Iterator[str]:
    """Check the known answers: how many rows inside, outside and without position, of each kind."""
    found = _boroughs_of(layer, boroughs)
    outside, unplaced = found.count(""), found.count(None)
    places = (len(found) - outside - unplaced, outside, unplaced)
    if places != PLACES[layer.name]:
        yield f"{places} rows inside, outside and without position, not {PLACES[layer.name]}."
    kinds: Mapping[str, int] = KINDS.get(layer.name, {})
    for kind, count in kinds.items():
        actual = sum(row["kind"] == kind for row in layer.rows)
        if actual != count:
            yield f"{actual} rows of kind {kind}, not {count}."


def check_doubles(layer: LayerFile) -> Iterator[str]:
    """Check that possible_double_of names another row of the layer."""
    ids = {row["id"] for row in layer.rows}
    for row in layer.rows:
        double = row.get("possible_double_of")
        if double is not None and (double not in ids or double == row["id"]):
            yield f"{row['id']}: possible_double_of names no other row: {double}."


def check_counts(layers: Mapping[str, LayerFile]) -> Iterator[str]:
    """Check the sizes of the derived layers and that residents add up to one total throughout."""
    for name, count in COUNTS.items():
        if len(layers[name].rows) != count:
            yield f"{name}: {len(layers[name].rows)} features, not {count}."
    for name, field in (
        ("boroughs", "residents_2021"),
        ("neighbourhoods", "residents_2021"),
        ("small-areas", "residents_2021"),
        ("residents", "residents"),
    ):
        total = sum(row[field] for row in layers[name].rows)
        if total != RESIDENTS:
            yield f"{name}: {total} residents, not {RESIDENTS}."


def check_wording(data: Path) -> Iterator[str]:
    """Check that no text of the pack puts a doubtful total into words without its breakdown."""
    for path in (data / "datapackage.json", data / "LICENCES.md"):
        for match in BARE_TOTALS.finditer(path.read_text(encoding="utf-8")):
            yield f"{path.name}: '{match.group()}' needs its breakdown by kind."
    for resource in read_package(data)["resources"]:
        own = resource["lcrmap"]
        if resource["name"] in KINDS and own.get("breakdown") != "kind":
            yield f"{resource['name']}: a total must be broken down by kind."


def _boroughs_of(layer: LayerFile, boroughs: Boroughs) -> list[str | None]:
    """Return each row's borough by position: "" if outside them all, None without a position."""
    placed = [shape for shape in layer.shapes if shape is not None]
    names = iter(boroughs.holding(np.array(placed, dtype=object)))
    return [None if shape is None else next(names) or "" for shape in layer.shapes]
