"""Postcodes that share their point with many others: where they lie is not known."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lcrmap.io.opening import open_layer, read_layer, region_of
from lcrmap.io.places import find_place
from lcrmap.io.reading import Asked
from lcrmap.layers import Layer, Pack, open_pack

OFFICE = (-2.976431, 53.380332)
REASON = "most such points are offices that deliver post to large users"
TOLD = f"L69 3BX shares its point with 208 other postcodes: {REASON}, so where L69 3BX lies is not known."

# Nine postcodes at one point, ten at another, and one alone at each of two.
NINE = [f"L1 1A{letter}" for letter in "ABCDEFGHI"]
TEN = [f"L2 2B{letter}" for letter in "ABCDEFGHIJ"]
ALONE = ["L1 1XX", "L2 2XX"]
PLACES = [
    *((code, "-2.98", "53.4") for code in NINE),
    *((code, "-2.97", "53.41") for code in TEN),
    (ALONE[0], "-2.98", "53.41"),
    (ALONE[1], "-2.97", "53.40"),
]

Make = Callable[..., Pack]


@pytest.fixture
def small(tmp_path: Path) -> Make:
    def make(header: str = "postcode,lon,lat,quality", *, quoted: bool = False) -> Pack:
        dress = '"{}"' if quoted else "{}"
        lines = [f"{dress.format(code)},{lon},{lat},10" for code, lon, lat in PLACES]
        (tmp_path / "codes.csv").write_text("\n".join([header, *lines]) + "\n")
        fields = [{"name": name} for name in header.split(",")]
        resource = {
            "name": "codes",
            "path": "codes.csv",
            "schema": {"primaryKey": ["postcode"], "fields": fields},
            "lcrmap": {"label": "postcode", "crs": "EPSG:4326", "x": "lon", "y": "lat"},
        }
        role = {"layer": "codes", "field": "postcode", "quality": "quality", "error_m": {"10": 100}}
        package = {
            "name": "small",
            "resources": [resource],
            "lcrmap": {"roles": {"lookup": role}},
        }
        (tmp_path / "datapackage.json").write_text(json.dumps(package))
        return open_pack(tmp_path)

    return make


def error_of(layer: Layer) -> list[float | None]:
    if "position_error_m" not in layer.frame.columns:
        return [None] * len(layer.frame)
    return [None if np.isnan(each) else each for each in layer.frame["position_error_m"].tolist()]


def table(folder: Path, text: str, pack: Pack) -> Layer:
    path = folder / "t.csv"
    path.write_text(text)
    return read_layer(
        str(path),
        Asked(),
        pack=pack,
        stdin=None,
        need_geometry=False,
        region=lambda: region_of(pack),
    )


def test_the_pack_has_209_postcodes_where_those_of_the_university_are_delivered(pack: Pack) -> None:
    shapes = open_layer("postcodes", pack=pack).frame.geometry
    assert int(((shapes.x == OFFICE[0]) & (shapes.y == OFFICE[1])).sum()) == 209


def test_a_postcode_at_an_office_has_an_unknown_error_and_one_of_a_street_its_own(
    pack: Pack,
) -> None:
    place = find_place("L69 3BX", pack=pack)
    assert (error_of(place.layer), place.layer.notes) == ([None], (TOLD,))
    assert place.layer.frame.geometry[0].coords[0] == OFFICE
    street = find_place("L3 5QA", pack=pack)
    assert (error_of(street.layer), street.layer.notes) == ([100], ())


@pytest.mark.parametrize("quoted", [False, True])  # read line by line, and as a layer
@pytest.mark.parametrize(
    ("code", "error"), [(NINE[3], 100), (TEN[0], None), (ALONE[0], 100), (ALONE[1], 100)]
)
def test_ten_at_a_point_are_too_many_and_nine_are_not(
    small: Make, code: str, error: float | None, quoted: bool
) -> None:
    layer = find_place(code, pack=small(quoted=quoted)).layer
    assert error_of(layer) == [error]
    told = f"{code} shares its point with 9 other postcodes: {REASON}, so where {code} lies is not known."
    assert layer.notes == (() if error else (told,))


def test_an_error_that_the_lookup_itself_states_stands(small: Make) -> None:
    layer = find_place(TEN[0], pack=small("postcode,lon,lat,position_error_m")).layer
    assert (error_of(layer), layer.notes) == ([10], ())


@pytest.mark.parametrize("quoted", [False, True])
def test_a_sector_counts_those_of_which_nobody_knows_where_they_lie(
    small: Make, quoted: bool
) -> None:
    pack = small(quoted=quoted)
    assert [find_place(each, pack=pack).elsewhere for each in ("L1 1", "L2 2")] == [0, 10]


def test_a_table_has_both_kinds_and_says_of_how_many_rows_nothing_is_known(
    small: Make, tmp_path: Path
) -> None:
    codes = [NINE[0], TEN[0], TEN[9], ALONE[1], "L1 1"]
    text = "name,postcode\n" + "".join(f"{n},{code}\n" for n, code in enumerate(codes))
    layer = table(tmp_path, text, small())
    errors = error_of(layer)
    assert errors[:4] == [100, None, None, 100]
    assert errors[4] is not None
    assert (
        f", the postcodes of 2 rows share their point with at least 9 other postcodes: {REASON}, so"
        in (layer.notes[1])
    )
    assert layer.notes[1].endswith(", so where these rows lie is not known.")


def test_a_row_with_a_sector_or_a_district_of_such_postcodes_is_one_of_them(
    small: Make, tmp_path: Path
) -> None:
    layer = table(tmp_path, "name,postcode\na,L2 2\nb,L1\n", small())
    assert error_of(layer)[0] is None
    assert error_of(layer)[1] is not None
    assert (
        "the postcode of 1 row, or one of its sector or district, shares its point"
        in layer.notes[1]
    )


def test_a_row_that_states_its_error_is_believed(pack: Pack, tmp_path: Path) -> None:
    text = "name,postcode,position_error_m\na,L69 3BX,5000\nb,L69 3BX,\n"
    layer = table(tmp_path, text, pack)
    assert error_of(layer) == [5000, None]
    assert "the postcode of 1 row shares its point" in layer.notes[1]


def test_a_lookup_with_blank_lines_is_counted_rightly(small: Make, tmp_path: Path) -> None:
    small()
    path = tmp_path / "codes.csv"
    path.write_text(path.read_text().replace("\n", "\n\n", 1))
    pack = open_pack(tmp_path)
    found = [find_place(code, pack=pack) for code in (NINE[0], TEN[0])]
    assert [each.elsewhere for each in found] == [0, 1]
    assert found[1].rows == (9,)


def test_a_table_of_a_users_postcodes_with_the_pack(pack: Pack, tmp_path: Path) -> None:
    layer = table(tmp_path, "name,postcode\na,L69 3BX\nb,L3 5QA\n", pack)
    assert error_of(layer) == [None, 100]
    only = table(tmp_path, "name,postcode\na,L3 5QA\n", pack)
    assert len(only.notes) == 1
