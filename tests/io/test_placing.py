"""Tables that say where their rows are by postcodes, or by codes or names of areas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from lcrmap.errors import DataError, GeometryError, UnknownNameError, UsageError
from lcrmap.io.opening import open_layer, read_layer, region_of
from lcrmap.io.postcodes import open_postcodes
from lcrmap.io.reading import Asked
from lcrmap.layers import Layer, open_pack

PACK = open_pack()
Read = Callable[..., Layer]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    monkeypatch.chdir(tmp_path)

    def read_it(text: str, **options: Any) -> Layer:
        (tmp_path / "t.csv").write_text(text, encoding="utf-8")
        asked = Asked(match=options.get("match", ""), sum=options.get("sum", ()))
        pack = options.get("pack", PACK)
        return read_layer(
            "t.csv",
            asked,
            pack=pack,
            stdin=None,
            need_geometry=False,
            region=lambda: region_of(pack),
        )

    return read_it


def points_of(layer: Layer) -> list[tuple[float, float] | None]:
    return [None if each is None else (each.x, each.y) for each in layer.frame.geometry]


def test_plus_codes_are_refused_with_the_way_round(read: Read) -> None:
    with pytest.raises(GeometryError) as refused:
        read("name,where\nA,9C5VC24C+QX\nB,9c5vc23f+2x3\nC,Lime Street\n")
    assert str(refused.value) == (
        "'where' of 't.csv' holds Plus Codes, which lcrmap does not read: turn them into degrees with a program "
        "for Open Location Code, and put these into columns lat and lon."
    )
    assert len(read("name,where,lon,lat\nA,9C5VC24C+QX,-2.98,53.4\n").frame) == 1


# Postcodes


def test_each_postcode_lies_where_the_pack_has_it_however_it_is_written(read: Read) -> None:
    every = open_layer("postcodes", pack=PACK).frame
    beside = every.groupby(["easting", "northing"])["postcode"].transform("size")
    known, alone = every.iloc[::500], (beside < 10).iloc[::500]
    dressed = [str(each) for each in known["postcode"]]
    dressed[1::4] = [each.lower() for each in dressed[1::4]]
    dressed[2::4] = [each.replace(" ", "") for each in dressed[2::4]]
    dressed[3::4] = [f"  {each[:-3]}  {each[-3:]} " for each in dressed[3::4]]
    layer = read("name,Postcode\n" + "".join(f"a,{each}\n" for each in dressed))
    assert points_of(layer) == [(each.x, each.y) for each in known.geometry]
    expected = known["positional_quality"].map({10: 100.0, 50: 500.0}).where(alone)
    np.testing.assert_array_equal(layer.frame["position_error_m"], expected)
    assert 0 < (~alone).sum() < 10


def test_a_sector_and_a_district_are_the_mean_of_theirs_and_reach_to_the_farthest(
    read: Read,
) -> None:
    known = open_layer("postcodes", pack=PACK).frame
    layer = read("name,postcode\na,L15 1\nb,CH46\nc,CH4 6\nd,L15 1HR\n")
    assert layer.frame["position_error_m"].tolist()[3] == 100
    for row, begins in enumerate(["L15 1", "CH46 ", "CH4 6"]):
        some = known[known["postcode"].str.startswith(begins)].geometry
        if not len(some):
            assert layer.frame.geometry[row] is None
            continue
        middle = layer.frame.geometry[row]
        assert (middle.x, middle.y) == pytest.approx((some.x.mean(), some.y.mean()))
        metres = gpd.GeoSeries(some, crs=4326).to_crs(27700)
        at = gpd.GeoSeries([middle], crs=4326).to_crs(27700)[0]
        assert layer.frame["position_error_m"][row] == pytest.approx(
            metres.distance(at).max(), abs=3
        )


def test_what_is_no_postcode_of_the_pack_is_listed_by_line_and_kept(read: Read) -> None:
    layer = read("name,postcode\na,L15 1HR\nb,M1 1AA\nc,somewhere\nd,\n")
    assert [each is not None for each in layer.frame.geometry] == [True, False, False, False]
    assert layer.notes == (
        (
            "1 of 4 rows has its position from the postcode in 'postcode' of 't.csv': "
            "it is the postcode's point, not the address's."
        ),
        (
            "'t.csv' has postcodes that are not among the 37,841 of the data pack, in line 3 ('M1 1AA'): "
            "this row counts as having no position."
        ),
        "'t.csv' has no postcode in line 4 ('somewhere'): this row counts as having no position.",
    )


def test_coordinates_win_and_postcodes_fill_what_they_leave(read: Read) -> None:
    layer = read("postcode,lon,lat\nL15 1HR,-2.9,53.4\nL15 1HR,,\n")
    first, second = points_of(layer)
    assert first == (-2.9, 53.4)
    assert second is not None
    assert second != first
    assert layer.frame["position_error_m"].tolist()[1] == 100
    assert np.isnan(layer.frame["position_error_m"].tolist()[0])


def test_postcodes_fill_gaps_of_grid_positions_in_their_system(read: Read) -> None:
    layer = read("postcode,easting,northing\nL15 1HR,334500,390400\nL15 1HR,,\n")
    known = open_layer("postcodes", pack=PACK).frame
    row = known[known["postcode"] == "L15 1HR"].iloc[0]
    assert points_of(layer)[1] == pytest.approx((row["easting"], row["northing"]), abs=3)


def test_postcodes_at_the_end_of_addresses_are_found(read: Read) -> None:
    layer = read('library,address\nA,"1 High Street, Liverpool L15 1HR"\nB,"Moreton, CH46 6AL."\n')
    assert layer.placed == 2


def test_rows_are_called_by_their_first_text_where_no_column_is_called_a_name(read: Read) -> None:
    layer = read("Sector,School,Postcode\nState,A,L15 1HR\nState,B,CH46 6AL\n")
    assert layer.label == "School"
    assert read("name,School,Postcode\nX,A,L15 1HR\nX,B,CH46 6AL\n").label == "name"


def test_rows_of_areas_are_called_by_the_names_that_they_are_found_by(read: Read) -> None:
    layer = read("borough,jobs\nWirral,1\nSefton,2\n")
    assert layer.label == "borough"
    assert read("lad21cd,jobs\nE08000015,1\nE08000014,2\n").label == "name"


def test_the_credit_of_the_postcodes_travels(read: Read) -> None:
    layer = read("name,postcode\na,L15 1HR\n")
    assert "Contains Royal Mail data" in layer.metadata.credit
    assert [each.name for each in layer.inputs] == ["t.csv", "postcodes.csv"]
    assert "Royal Mail" not in read("postcode,lon,lat\nL15 1HR,-2.9,53.4\n").metadata.credit


def test_postcodes_of_a_pack_without_a_mark_of_quality_have_no_error() -> None:
    layer = open_layer("postcodes", pack=PACK)
    bare = {**PACK.settings["roles"], "lookup": {"layer": "postcodes", "field": "postcode"}}
    pack = type(PACK)(**{**vars_of(PACK), "settings": {"roles": bare}})
    found = open_postcodes(pack, lambda _: layer)
    assert found is not None
    assert np.isnan(found.find(pd.Series(["L15 1HR"])).error_m).all()


def vars_of(pack: object) -> dict[str, object]:
    names = ("folder", "name", "title", "region", "version", "layers", "settings", "sha256")
    return {name: getattr(pack, name) for name in names}


# Areas


@pytest.mark.parametrize("layer", ["boroughs", "wards", "neighbourhoods"])
def test_rows_by_code_are_the_areas_with_their_names_and_figures_to_the_digit(
    read: Read, layer: str
) -> None:
    areas = open_layer(layer, pack=PACK).frame
    figures = [f"{n}.{n:03}" for n in range(len(areas))]
    codes = areas["code"].tolist()[::-1]
    text = "".join(
        f"{code.lower()},{figure}\n" for code, figure in zip(codes, figures, strict=True)
    )
    found = read("area code,rate\n" + text)
    assert found.frame["rate"].tolist() == [float(each) for each in figures]
    assert found.frame["name"].tolist() == areas["name"].tolist()[::-1]
    assert found.frame.geometry.geom_equals(areas.geometry[::-1].reset_index(drop=True)).all()
    assert found.notes[0].startswith(
        f"'t.csv': {len(areas)} of {len(areas)} rows found by 'area code' in {layer};"
    )


def test_areas_of_one_name_by_code_have_what_tells_them_apart(read: Read) -> None:
    alike = read("ward,n\nE05010945,1\nE05015325,2\n")
    assert alike.frame["name"].tolist() == ["St Michaels", "St Michaels"]
    assert alike.frame["borough"].tolist() == ["Knowsley", "Liverpool"]
    assert list(alike.frame.columns)[:4] == ["ward", "name", "borough", "n"]
    assert "borough" not in read("ward,n\nE05010945,1\nE05000932,2\n").frame.columns


def test_names_are_found_in_any_dress_and_a_slip_is_guessed(read: Read) -> None:
    layer = read(
        "area,x\nLIVERPOOL,1\nSt. Helens,2\nst helens,3\n".replace("st helens,3", "Wiral,3")
    )
    assert [each is not None for each in layer.frame.geometry] == [True, True, False]
    assert layer.notes[1] == (
        "'t.csv' has rows that are not found in boroughs, line 4 ('Wiral'): they have no position; "
        "is 'Wiral' 'Wirral'?"
    )


def test_a_name_that_several_areas_have_is_said_to_be_so_and_a_slip_beside_it_is_guessed(
    read: Read,
) -> None:
    layer = read("ward,jobs\nAinsdale,3\nchurch,5\nBirkdal,3\nKew,4\n")
    assert layer.notes[1] == (
        "'t.csv' has rows that are not found in wards, lines 3 ('church'), 4 ('Birkdal'): they have no position; "
        "'church' is the name of 2 wards, in Sefton and Liverpool: a column of codes, such as E05000936, "
        "tells them apart; is 'Birkdal' 'Birkdale'?"
    )


def test_of_several_slips_each_is_guessed_and_an_empty_cell_is_not(read: Read) -> None:
    layer = read("area,x\nLiverpool,1\nWiral,2\n,3\nSeffton,4\nHalton,5\nKnowsley,6\n")
    assert layer.notes[1].endswith("; is 'Wiral' 'Wirral', and is 'Seffton' 'Sefton'?")


@pytest.mark.parametrize(
    ("code", "guess"),
    [
        ("E01999999", "."),  # another code
        ("E0100656", "."),  # one character short, as of many
        ("E010065631", "."),  # one too many, in one of several places
        ("E010347839", "; is 'E010347839' 'E01034839'?"),
        ("E11006563", "; is 'E11006563' 'E01006563'?"),
    ],
)
def test_a_code_is_guessed_only_if_one_alone_is_one_character_off(
    read: Read, code: str, guess: str
) -> None:
    layer = read(f"lsoa,score\nE01006563,3\nE01034839,4\n{code},5\n")
    assert layer.notes[1].endswith(f"they have no position{guess}")


def test_a_national_table_keeps_ours_and_says_how_many_others(read: Read) -> None:
    text = "".join(f"E09{n:06},1\n" for n in range(1, 34))
    layer = read("lad21cd,n\nE08000012,5\n" + text + "E08000015,6\n")
    assert layer.frame["n"].tolist() == [5, 6]
    assert layer.frame["name"].tolist() == ["Liverpool", "Wirral"]
    assert layer.notes[1] == "33 rows of 't.csv' are of other places and left out."


def test_one_wrong_code_among_ours_is_kept_without_a_position(read: Read) -> None:
    layer = read("code,n\nE08000012,5\nE08000099,6\n")
    assert layer.frame["n"].tolist() == [5, 6]
    assert layer.placed == 1


def test_small_areas_are_found_by_their_codes_and_have_outlines(read: Read) -> None:
    layer = read("lsoa21cd,n\nE01012390,5\nE01034838,6\n")
    assert layer.frame["name"].tolist()[0] == "Hough Green B"
    assert set(layer.frame.geom_type) <= {"Polygon", "MultiPolygon"}


def test_small_areas_without_outlines_are_points_of_known_error(read: Read) -> None:
    people = open_layer("residents", pack=PACK).frame
    some = people[people["lsoa21"] == "E01012390"]
    roles = {name: role for name, role in PACK.settings["roles"].items() if name != "small_areas"}
    bare = replace(
        PACK,
        layers=tuple(each for each in PACK if each.name != "small-areas"),
        settings={**PACK.settings, "roles": roles},
    )
    layer = read("lsoa21cd,n\nE01012390,5\nE01034838,6\n", pack=bare)
    point = layer.frame.geometry[0]
    weight = some["residents"] / some["residents"].sum()
    assert point.x == pytest.approx((some.geometry.x * weight).sum())
    metres = some.to_crs(27700).distance(gpd.GeoSeries([point], crs=4326).to_crs(27700)[0])
    assert layer.frame["position_error_m"][0] == pytest.approx(metres.max(), abs=3)
    assert "no outline is known" in layer.notes[0]


def test_several_rows_for_one_area_are_refused_with_their_lines(read: Read) -> None:
    with pytest.raises(DataError) as caught:
        read("code,n\nE08000015,5\nE08000012,5\nE08000012,6\n")
    assert str(caught.value) == (
        "'t.csv' has several rows for one area: 'E08000012' stands in 'code' in lines 3 and 4: "
        "make it one row an area, say --sum COLUMN on a map, or add postcodes."
    )


def test_several_rows_for_one_area_are_summed_where_that_is_asked_for(read: Read) -> None:
    rows = [
        ("E08000015", 1),
        ("E08000012", 2),
        ("e08000012 ", 3),
        ("E08000099", 4),
        ("E08000015", ""),
    ]
    text = "code,kind,n\n" + "".join(f"{code},x,{n}\n" for code, n in rows)
    layer = read(text, sum=("n",))
    assert layer.frame[["code", "n"]].to_numpy().tolist() == [
        ["E08000015", 1.0],
        ["E08000012", 5.0],
        ["E08000099", 4.0],
    ]
    assert layer.placed == 2
    assert layer.notes[0] == "5 rows of 't.csv' are summed to 3 by 'code'; left out: kind."
    with pytest.raises(UsageError, match="--sum kind: the column holds no numbers"):
        read(text, sum=("kind",))
    with pytest.raises(UnknownNameError, match="kind"):
        read(text, sum=("knid",))


def test_of_two_columns_the_one_with_a_row_an_area_is_taken(read: Read) -> None:
    wards = open_layer("wards", pack=PACK).frame.head(20)
    rows = zip(wards["code"], wards["borough"], strict=True)
    layer = read("wd25cd,borough,n\n" + "".join(f"{a},{b},1\n" for a, b in rows))
    assert layer.metadata.noun_many == "wards"


def test_where_two_kinds_of_area_would_do_match_decides(read: Read) -> None:
    text = "ward,lad\nE05000932,E08000014\nE05000886,E08000012\n"
    codes = open_layer("wards", pack=PACK).frame["code"]
    other = next(each for each in codes if each != "E05000932")
    text = text.replace("E05000886", other)
    with pytest.raises(UsageError, match="--match 'lad=boroughs' or --match 'ward=wards'"):
        read(text)
    assert read(text, match="lad=boroughs").metadata.noun_many == "boroughs"
    assert read(text, match="ward=wards").metadata.noun_many == "wards"


@pytest.mark.parametrize(
    ("match", "kind", "said"),
    [
        ("lad", UsageError, "--match 'lad' must be COLUMN=LAYER"),
        ("lda=boroughs", UnknownNameError, "lad"),
        ("lad=borough", UnknownNameError, "boroughs"),
        ("n=boroughs", DataError, "No row of 't.csv' is found in boroughs by 'n'"),
    ],
)
def test_a_match_that_cannot_be_is_one_sentence(
    read: Read, match: str, kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=said):
        read("lad,n\nE08000012,5\n", match=match)


def test_codes_of_another_year_are_refused_unless_asked_for(read: Read) -> None:
    codes = open_layer("neighbourhoods", pack=PACK).frame["code"].tolist()[:-1]
    text = "msoa11cd,n\n" + "".join(f"{each},1\n" for each in codes)
    with pytest.raises(
        DataError, match=r"areas of 2011, .* those of 2021: 200 of 201 are found by these codes"
    ):
        read(text)
    with pytest.raises(DataError, match=r"'Small areas' are those of 2021: 1 of 1,003"):
        read("lsoa11cd,n\nE01006512,1\nE01006513,2\n")
    for header in ("area_code_2011", "LSOA code 2011", "GSS_CD_2011"):
        with pytest.raises(
            DataError, match=rf"'{header}' .* no table that carries figures from 2011 to 2021"
        ):
            read(text.replace("msoa11cd", header))
    assert read(text, match="msoa11cd=neighbourhoods").placed == 200
    assert read(text.replace("msoa11cd", "msoa21cd")).placed == 200
