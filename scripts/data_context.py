"""Derive the context layers: residents, postcodes, stations, crossings and the river."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from data_boundaries import SmallAreas
from data_files import Row, csv_text, degrees, degrees_of, geojson, read_features, read_table, slug
from numpy.typing import NDArray
from shapely.geometry import LineString

RESIDENTS = (
    "postcode",
    "lon",
    "lat",
    "lsoa21",
    "residents",
    "imd2025_decile",
    "imd2025_rank",
)
POSTCODES = (
    "postcode",
    "lon",
    "lat",
    "easting",
    "northing",
    "district_code",
    "positional_quality",
)
#: What the reference says of a crossing's ends, by the first word of its sentence.
ENDS = {"derived": "derived", "cited": "cited", "UNVERIFIED": "unverified", "not": "not_found"}
#: What the reference says of a station's position; the month is the latest in which it was seen.
REGISTER = re.compile(r"NaPTAN (2015-09, unchanged in )?(?P<month>\d{4}-\d{2}) \(OGL v3\)")


def read_postcodes(reference: Path) -> pd.DataFrame:
    """Read the live postcodes in their order, with longitude and latitude."""
    table = read_table(reference / "context" / "postcodes.csv").sort_values("postcode")
    table = table.reset_index(drop=True)
    eastings, northings = table["easting"].astype(int), table["northing"].astype(int)
    table["lon"], table["lat"] = degrees(eastings, northings, 6)
    return table


def holders(areas: SmallAreas, points: NDArray[np.object_]) -> NDArray[np.int_]:
    """Return the position of the small area that holds each point; on a border, of the first.

    The small areas are in the order of their codes, so the first is the one with the lowest code.
    """
    point, area = shapely.STRtree(areas.shapes).query(points, predicate="intersects")
    found = np.full(len(points), len(areas.shapes))
    np.minimum.at(found, point, area)
    if (found == len(areas.shapes)).any():
        raise SystemExit("Some postcodes lie in no LSOA, and the method has no rule for them.")
    if len(np.unique(found)) < len(areas.shapes):
        raise SystemExit("Some LSOAs hold no postcode, and the method has no rule for them.")
    return found


def shares(total: int, parts: int) -> list[int]:
    """Split whole people as evenly as they allow; the parts add up to the total.

    Examples
    --------
    >>> shares(10, 4)
    [2, 3, 2, 3]
    """
    return [total * (i + 1) // parts - total * i // parts for i in range(parts)]


def residents(areas: SmallAreas, postcodes: pd.DataFrame) -> str:
    """Return the residents of each small area spread over its postcodes, as a CSV text."""
    points = shapely.points(postcodes["lon"].to_numpy(), postcodes["lat"].to_numpy())
    found = holders(areas, np.asarray(points))
    counts = Counter(found.tolist())
    waiting = {
        area: iter(shares(int(areas.table["population_2021"].iloc[area]), count))
        for area, count in counts.items()
    }
    columns = ("lsoa21cd", "imd2025_decile", "imd2025_rank")
    facts = list(zip(*(areas.table[column].tolist() for column in columns), strict=True))
    rows = []
    for postcode, lon, lat, area in zip(
        postcodes["postcode"], postcodes["lon"], postcodes["lat"], found.tolist(), strict=True
    ):
        code, decile, rank = facts[area]
        rows.append((postcode, lon, lat, code, next(waiting[area]), decile, rank))
    return csv_text(RESIDENTS, rows)


def postcode_lookup(postcodes: pd.DataFrame) -> str:
    """Return the look-up of postcodes as a CSV text."""
    table = postcodes.rename(columns={"lad_code": "district_code"})
    return csv_text(POSTCODES, table[list(POSTCODES)].itertuples(index=False))


def rail_stations(reference: Path) -> str:
    """Return the rail stations as a GeoJSON text."""
    table = read_table(reference / "context" / "stations.csv")
    rows: list[Row] = []
    shapes = []
    for station in table.to_dict("records"):
        lon, lat = degrees([float(station["easting"])], [float(station["northing"])], 6)
        listed = station["in_2026_list"] == "1"
        rows.append(
            {
                "id": slug(station["name"]),
                "crs": station["crs"],
                "name": station["name"],
                "atco": station["atco"],
                "district": station["lad_name"],
                "district_code": station["lad_code"],
                "status": "operational" if listed else "unknown",
                "position_basis": "official_register",
                "position_error_m": int(station["position_error_m"]),
                "as_of": _month_of_register(station["source"]),
                "note": None if listed else "Not a station of its own in the list of June 2026.",
            }
        )
        shapes.append(shapely.points(lon[0], lat[0]))
    return geojson("rail-stations", "id", rows, shapes)


def crossings(reference: Path) -> str:
    """Return the crossings as a GeoJSON text: a line between the ends where both are known."""
    table = read_table(reference / "context" / "crossings.csv")
    rows: list[Row] = []
    shapes: list[LineString | None] = []
    for crossing in table.to_dict("records"):
        rows.append(
            {
                "id": crossing["id"],
                "name": crossing["name"],
                "kind": crossing["mode"].replace(" ", "_"),
                "carries": crossing["carries"] or None,
                "modes": crossing["modes"].replace(";", "; ") or None,
                "status": "operational" if crossing["modes"] else "closed",
                "length_m": int(crossing["length_m"]) if crossing["length_m"] else None,
                "a_name": crossing["a_name"] or None,
                "b_name": crossing["b_name"] or None,
                "point_kind": crossing["point_kind"].replace("-", "_") or None,
                "point_lon": float(crossing["lon"]) if crossing["lon"] else None,
                "point_lat": float(crossing["lat"]) if crossing["lat"] else None,
                "ends_quality": _ends_quality(crossing["ends_quality"]),
                "portal_error_m": int(crossing["portal_error_m"])
                if crossing["portal_error_m"]
                else None,
                "source_title": crossing["source"],
            }
        )
        shapes.append(_ends(crossing) if crossing["a_easting"] else None)
    return geojson("crossings", "id", rows, shapes)


def river(reference: Path) -> str:
    """Return the middle line of the Mersey as a GeoJSON text."""
    ((_, line),) = read_features(reference / "context" / "mersey_line_bng.geojson")
    row = {
        "id": "river-mersey",
        "name": "River Mersey",
        "left_bank": "Liverpool and Widnes bank",
        "right_bank": "Wirral and Runcorn bank",
    }
    return geojson("river", "id", [row], [degrees_of(line, 6)])


def context_files(reference: Path, areas: SmallAreas) -> dict[str, str]:
    """Return the texts of the context layers by their paths in the pack."""
    postcodes = read_postcodes(reference)
    return {
        "context/residents.csv": residents(areas, postcodes),
        "context/postcodes.csv": postcode_lookup(postcodes),
        "context/rail-stations.geojson": rail_stations(reference),
        "context/crossings.geojson": crossings(reference),
        "context/river.geojson": river(reference),
    }


def _month_of_register(source: str) -> str:
    """Return the month in which NaPTAN had a station where it is shipped."""
    said = REGISTER.fullmatch(source)
    if said is None:
        raise SystemExit(f"A station is placed by something else than the register: {source!r}.")
    return said["month"]


def _ends_quality(sentence: str) -> str:
    word = sentence.replace(":", " ").split()[0]
    if word not in ENDS:
        raise SystemExit(f"A crossing's ends are of an unknown quality: {sentence!r}.")
    return ENDS[word]


def _ends(crossing: Mapping[Any, str]) -> LineString:
    lon, lat = degrees(
        [float(crossing["a_easting"]), float(crossing["b_easting"])],
        [float(crossing["a_northing"]), float(crossing["b_northing"])],
        5,
    )
    return LineString(np.column_stack([lon, lat]))
