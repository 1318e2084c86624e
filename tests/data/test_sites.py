"""The hand-edited sites: known answers, positions, notes, wording, and checks that bite."""

from __future__ import annotations

import csv
import re
from dataclasses import replace

import numpy as np
import pytest
import shapely
from data_checks_sites import (
    BARE_TOTALS,
    SITES,
    check_claims,
    check_doubles,
    check_places,
    check_positions,
)

TABLES = {
    "freeport-sites": "freeport_sites.csv",
    "investment-zone-sites": "investment_zone_sites.csv",
    "innovation-assets": "innovation_assets.csv",
    "planned-stations": "context/planned_stations.csv",
}
METRES = np.array([111_300 * np.cos(np.radians(53.45)), 111_300])


def row_of(layer, identity):
    return next(row for row in layer.rows if row["id"] == identity)


def with_change(layer, identity, **changes):
    """The layer with one row changed."""
    row_of(layer, identity)
    rows = [{**row, **changes} if row["id"] == identity else row for row in layer.rows]
    return replace(layer, rows=rows)


def with_place(layer, identity, shape):
    """The layer with one geometry changed."""
    row_of(layer, identity)
    pairs = zip(layer.rows, layer.shapes, strict=True)
    return replace(layer, shapes=[shape if r["id"] == identity else s for r, s in pairs])


def places(layer, boroughs):
    """How many rows lie inside the boroughs, outside them, and nowhere known."""
    placed = np.array([shape for shape in layer.shapes if shape is not None], dtype=object)
    inside = sum(name is not None for name in boroughs.holding(placed))
    return inside, len(placed) - inside, len(layer.rows) - len(placed)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("freeport-sites", (12, 1, 3)),
        ("investment-zone-sites", (18, 0, 0)),
        ("innovation-assets", (52, 4, 1)),
        ("planned-stations", (4, 0, 0)),
    ],
)
def test_rows_inside_outside_and_without_position_are_the_known_ones(
    layers, boroughs, name, expected
):
    assert places(layers[name], boroughs) == expected


def test_kinds_of_freeport_and_investment_zone_sites_are_the_known_ones(layers):
    def kinds(name):
        found = [row["kind"] for row in layers[name].rows]
        return {kind: found.count(kind) for kind in found}

    freeport = {"tax_site": 3, "customs_site": 12, "not_identified": 1}
    assert kinds("freeport-sites") == freeport
    assert kinds("investment-zone-sites") == {"tax_site": 3, "project_site": 13, "campus": 2}


def test_each_freeport_tax_site_is_in_another_borough(layers, boroughs):
    layer = layers["freeport-sites"]
    tax_sites = [
        shape
        for row, shape in zip(layer.rows, layer.shapes, strict=True)
        if row["kind"] == "tax_site"
    ]
    found = boroughs.holding(np.array(tax_sites, dtype=object))
    assert sorted(found) == ["Halton", "St Helens", "Wirral"]


def test_eight_of_twelve_freeport_places_lie_nearer_to_a_border_than_their_error(layers, boroughs):
    def metres(shape):
        return shapely.transform(shape, lambda xy: xy * METRES)

    borders = metres(shapely.union_all([shape.boundary for shape in boroughs.shapes]))
    layer = layers["freeport-sites"]
    placed = [
        (row, shape)
        for row, shape in zip(layer.rows, layer.shapes, strict=True)
        if shape is not None
    ]
    names = boroughs.holding(np.array([shape for _, shape in placed], dtype=object))
    inside = [pair for pair, name in zip(placed, names, strict=True) if name]
    near = [
        row["id"]
        for row, shape in inside
        if borders.distance(metres(shape)) < row["position_error_m"]
    ]
    assert (len(near), len(inside)) == (8, 12)


def test_most_assets_are_in_liverpool_and_one_claimed_for_it_has_no_position(layers, boroughs):
    layer = layers["innovation-assets"]
    placed = np.array([shape for shape in layer.shapes if shape is not None], dtype=object)
    assert boroughs.holding(placed).count("Liverpool") == 32
    unplaced = [
        row["borough_claimed"]
        for row, shape in zip(layer.rows, layer.shapes, strict=True)
        if shape is None
    ]
    assert unplaced == ["Liverpool"]


def test_confidence_of_the_assets_is_as_compiled(layers):
    found = [row["confidence"] for row in layers["innovation-assets"].rows]
    counts = [found.count(value) for value in ("confirmed", "reported", "reconstructed")]
    assert counts == [51, 2, 4]


def test_only_rows_with_no_source_are_reconstructed_assets(layers):
    for row in layers["innovation-assets"].rows:
        assert (row["source_title"] is None) == (row["confidence"] == "reconstructed"), row["id"]


@pytest.mark.parametrize(
    ("name", "identity", "words"),
    [
        ("investment-zone-sites", "trirx-speke-iz", "administration since 12 September 2024"),
        ("innovation-assets", "trirx-speke", "administration since 12 September 2024"),
        ("innovation-assets", "astrazeneca-speke", "31 January 2025"),
        ("freeport-sites", "john-k-philips-customs-site", "no position"),
        ("freeport-sites", "atlantic-park-sefton", "only three tax sites"),
        ("freeport-sites", "port-salford", "Outside the six boroughs"),
        ("freeport-sites", "west-lancashire-logistics", "outside the six boroughs"),
        ("innovation-assets", "mersey-tidal-power", "no position"),
    ],
)
def test_note_says_what_a_reader_must_know(layers, name, identity, words):
    assert words in row_of(layers[name], identity)["note"]


@pytest.mark.parametrize("identity", ["trirx-speke-iz", "trirx-speke"])
def test_a_firm_in_administration_is_not_said_to_operate(layers, identity):
    name = "investment-zone-sites" if identity.endswith("iz") else "innovation-assets"
    assert row_of(layers[name], identity)["status"] == "unknown"


@pytest.mark.parametrize("name", SITES)
def test_assets_and_sites_outside_the_boroughs_say_so(layers, boroughs, name):
    layer = layers[name]
    for row, shape in zip(layer.rows, layer.shapes, strict=True):
        if shape is not None and boroughs.holding(np.array([shape], dtype=object)) == [None]:
            assert "utside the six boroughs" in row["note"], row["id"]


@pytest.mark.parametrize("name", SITES)
def test_notes_are_short_and_rows_dated(layers, name):
    for row in layers[name].rows:
        assert len(row["note"] or "") <= 160, row["id"]
        assert row["as_of"] == "2026-11"


def test_possible_doubles_are_the_three_known_pairs(layers):
    rows = layers["freeport-sites"].rows
    assert {r["id"]: r["possible_double_of"] for r in rows if r["possible_double_of"]} == {
        "3mg-rail-terminal": "3mg-widnes",
        "knowsley-logistics-sites": "applied-nutrition-knowsley",
        "st-helens-haydock-logistics": "sso-international-haydock",
    }


def test_no_note_repeats_seven_words_of_the_reference(layers, reference):
    def words(text):
        return re.findall(r"[a-z0-9]+", text.lower())

    for name, table in TABLES.items():
        with (reference / table).open(encoding="utf-8", newline="") as lines:
            theirs = {row["id"]: " ".join(words(row["note"])) for row in csv.DictReader(lines)}
        for row in layers[name].rows:
            ours = words(row["note"] or "")
            runs = [" ".join(ours[i : i + 7]) for i in range(len(ours) - 6)]
            assert not [run for run in runs if run in theirs[row["id"]]], row["id"]


def test_a_total_without_its_breakdown_is_found():
    for text in ("All 16 Freeport sites", "sixteen freeport sites", "18 Investment Zone sites"):
        assert BARE_TOTALS.search(text), text
    assert not BARE_TOTALS.search("16 rows: 3 tax sites, 12 customs sites and 1 not identified")


def test_a_wrong_claim_is_found(layers, boroughs):
    layer = with_change(layers["freeport-sites"], "parkside", borough_claimed="Wirral")
    assert list(check_claims(layer, boroughs)) == [
        "parkside: claimed for Wirral, but its point is in St Helens."
    ]


def test_a_claim_from_outside_for_a_point_inside_is_found(layers, boroughs):
    layer = with_change(layers["freeport-sites"], "parkside", borough_claimed="Warrington")
    assert list(check_claims(layer, boroughs)) == [
        "parkside: claimed for elsewhere, but its point is in St Helens."
    ]


def test_a_point_moved_out_of_its_borough_is_found(layers, boroughs):
    layer = with_place(layers["freeport-sites"], "parkside", shapely.Point(-3.5, 53.5))
    assert list(check_claims(layer, boroughs)) == [
        "parkside: claimed for St Helens, but its point is in none."
    ]
    assert list(check_places(layer, boroughs)) == [
        "(11, 2, 3) rows inside, outside and without position, not (12, 1, 3)."
    ]


def test_a_kind_that_was_changed_is_found(layers, boroughs):
    layer = with_change(layers["freeport-sites"], "parkside", kind="customs_site")
    assert list(check_places(layer, boroughs)) == [
        "2 rows of kind tax_site, not 3.",
        "13 rows of kind customs_site, not 12.",
    ]


def test_a_position_without_its_error_is_found(layers):
    layer = with_change(layers["freeport-sites"], "parkside", position_error_m=None)
    assert list(check_positions(layer)) == [
        "parkside: a position and a position_error_m go together, or neither."
    ]


def test_an_error_without_position_is_found(layers):
    layer = with_change(
        layers["innovation-assets"],
        "mersey-tidal-power",
        position_error_m=3000,
        position_basis="general_knowledge",
    )
    assert len(list(check_positions(layer))) == 2


def test_a_position_finer_than_four_decimals_is_found(layers):
    point = shapely.Point(-2.60651, 53.4462)
    layer = with_place(layers["freeport-sites"], "parkside", point)
    assert list(check_positions(layer)) == ["parkside: coordinates have four decimals at most."]


@pytest.mark.parametrize("other", ["nowhere", "parkside"])
def test_a_double_of_nothing_or_of_itself_is_found(layers, other):
    layer = with_change(layers["freeport-sites"], "parkside", possible_double_of=other)
    assert list(check_doubles(layer)) == [
        f"parkside: possible_double_of names no other row: {other}."
    ]
