"""Derive the layers of services: stops, entrances, schools, surgeries, hospitals and libraries as points.

What a layer's source does not say stays empty: nobody states how far off a bus stop is.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from data_files import csv_text, degrees, read_table, slug

PLACE = ("lon", "lat", "confidence", "position_error_m")
#: Postcodes of known hospitals and the points that the NHS gives them agree within this many metres.
AT_POSTCODE_M = 240
STATUS = {"active": "operational", "inactive": "closed"}
#: How many rows each layer has: the sources' own counts, so that a lost row is noticed.
ROWS = {
    "bus-stops": 9918,
    "station-entrances": 176,
    "ferries": 10,
    "education": 888,
    "gp-surgeries": 312,
    "hospitals": 45,
    "libraries": 86,
}


def point_files(reference: Path) -> dict[str, str]:
    """Return the texts of the layers of services by their paths in the pack."""
    makers = {
        "bus-stops": bus_stops,
        "station-entrances": station_entrances,
        "ferries": ferries,
        "education": education,
        "gp-surgeries": gp_surgeries,
        "hospitals": hospitals,
        "libraries": libraries,
    }
    files = {}
    for name, make in makers.items():
        columns, table = make(reference / "context")
        if len(table) != ROWS[name]:
            raise SystemExit(f"{name}: {len(table)} rows, not {ROWS[name]}.")
        files[f"services/{name}.csv"] = _text(columns, table)
    return files


def bus_stops(context: Path) -> tuple[tuple[str, ...], pd.DataFrame]:
    """Return the bus stops and bays in use, each by its ATCO code."""
    table = read_table(context / "bus_stops.csv").rename(columns={"atco": "id"})
    return ("id", "name", "indicator"), table


def station_entrances(context: Path) -> tuple[tuple[str, ...], pd.DataFrame]:
    """Return the entrances of rail stations."""
    return ("id", "name", "indicator", "status"), _nodes(context, {"rail_entrance": "entrance"})


def ferries(context: Path) -> tuple[tuple[str, ...], pd.DataFrame]:
    """Return the landing stages of ferries and the entrances to them."""
    kinds = {"ferry_terminal": "terminal", "ferry_entrance": "entrance"}
    return ("id", "name", "indicator", "kind", "status"), _nodes(context, kinds)


def education(context: Path) -> tuple[tuple[str, ...], pd.DataFrame]:
    """Return schools, colleges and universities, each by its URN."""
    table = read_table(context / "education.csv").rename(columns={"urn": "id"})
    return ("id", "name", "kind", "type", "pupils", "pct_free_school_meals"), table


def gp_surgeries(context: Path) -> tuple[tuple[str, ...], pd.DataFrame]:
    """Return the main sites of GP practices, each at its postcode."""
    table = read_table(context / "gp_surgeries.csv").rename(columns={"ods_code": "id"})
    table["position_error_m"] = AT_POSTCODE_M
    return ("id", "name", "postcode"), table


def hospitals(context: Path) -> tuple[tuple[str, ...], pd.DataFrame]:
    """Return the hospitals, each at its postcode where the source gives no point that is known to be right."""
    table = read_table(context / "hospitals.csv").rename(columns={"ods_code": "id"})
    at_postcode = table["position_from"] == "postcode"
    table["position_error_m"] = at_postcode.map({True: AT_POSTCODE_M, False: ""})
    return ("id", "name", "sector", "postcode"), table


def libraries(context: Path) -> tuple[tuple[str, ...], pd.DataFrame]:
    """Return the public libraries that stay in one place."""
    table = read_table(context / "libraries.csv")
    table["id"] = table["name"].map(slug)
    table["statutory"] = table["statutory_2023"].map({"Yes": "yes", "No": "no"})
    table = table.rename(columns={"operation_2023": "run_by"})
    return ("id", "name", "service", "statutory", "run_by", "hours_per_week", "postcode"), table


def _nodes(context: Path, kinds: Mapping[str, str]) -> pd.DataFrame:
    table = read_table(context / "stations_ferries.csv").rename(columns={"atco": "id"})
    table = table[table["kind"].isin(kinds)].copy()
    table["kind"] = table["kind"].map(kinds)
    table["status"] = table["status"].map(STATUS)
    return table


def _text(columns: tuple[str, ...], table: pd.DataFrame) -> str:
    """Return a layer as a CSV text, sorted by id, its places turned into degrees."""
    table = table.sort_values("id").reset_index(drop=True)
    eastings, northings = table["easting"].astype(int), table["northing"].astype(int)
    table["lon"], table["lat"] = degrees(eastings, northings, 6)
    table["confidence"] = "confirmed"
    if "position_error_m" not in table:
        table["position_error_m"] = ""
    for column in table.columns[table.dtypes != "float64"]:
        table[column] = table[column].map(_stripped)
    chosen = [*columns, *PLACE]
    return csv_text(chosen, table[chosen].itertuples(index=False))


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value
