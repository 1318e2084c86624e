"""The words of a map follow the same rule as those of a count: an area is first only if the positions allow it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lcrmap.layers import Pack
from lcrmap.library import catchment, count, join, make_map, near
from lcrmap.maps.charts import Bars
from lcrmap.maps.document import page_data
from lcrmap.maps.styling import ShadeStyle
from lcrmap.pictures.alternative import alternative_text

# Three places in Liverpool and two in Wirral; the Mersey between them is less than 2 km wide.
PLACES = {
    "quay": (-2.995, 53.405),
    "hall": (-2.98, 53.40),
    "mill": (-2.97, 53.41),
    "yard": (-3.02, 53.39),
    "dock": (-3.03, 53.40),
}


def places(folder: Path, error: Any, **others: Any) -> str:
    """Write the places, all with the same position error, but for some."""
    features = [
        {
            "type": "Feature",
            "properties": {"id": name, "position_error_m": others.get(name, error)},
            "geometry": {"type": "Point", "coordinates": at},
        }
        for name, at in PLACES.items()
    ]
    path = folder / "places.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return str(path)


def headline(path: str, pack: Pack) -> str:
    return make_map(path, pack=pack).model.headline


def counted(path: str, pack: Pack) -> str:
    return count(path, areas="boroughs", pack=pack).finding


def test_vague_positions_call_no_borough_first(pack: Pack, tmp_path: Path) -> None:
    path = places(tmp_path, 10_000)
    assert counted(path, pack) == "No borough clearly has the most places"
    assert headline(path, pack) == "Where the 5 places are"
    assert make_map(path, pack=pack).model.layer("places").could_also_be


@pytest.mark.parametrize("error", [10, None, 0])
def test_exact_positions_and_those_of_unknown_error_are_taken_as_they_stand(
    pack: Pack, tmp_path: Path, error: Any
) -> None:
    page = make_map(places(tmp_path, error), pack=pack)
    assert page.model.headline == "Most places are in Liverpool: 3 of 5"
    assert "also" not in page_data(page.model)["layers"][-1]


def test_the_range_of_the_first_is_said(pack: Pack, tmp_path: Path) -> None:
    path = places(tmp_path, 10, dock=3000)
    assert headline(path, pack) == (
        "Most places are in Liverpool: 3 of 5 (3 to 4, as positions are not exact)"
    )
    assert counted(path, pack).endswith("(3 to 4, as positions are not exact)")


def test_two_boroughs_are_too_close_to_call(pack: Pack, tmp_path: Path) -> None:
    said = "Liverpool and Wirral are too close to call: position errors could change which has more places"
    path = places(tmp_path, 10, quay=2500)
    assert headline(path, pack) == said
    assert counted(path, pack) == said


def test_the_page_knows_where_each_place_may_also_lie(pack: Pack, tmp_path: Path) -> None:
    data = page_data(make_map(places(tmp_path, 10, quay=2500), pack=pack).model)
    assert data["layers"][-1]["also"] == {"areas": ["Wirral"], "rows": {"0": [0]}}
    assert data["about"] == len(data["layers"]) - 1


def test_an_error_that_is_no_distance_says_nothing(pack: Pack, tmp_path: Path) -> None:
    assert headline(places(tmp_path, "vague"), pack) == "Most places are in Liverpool: 3 of 5"


def test_areas_that_a_file_states_itself_are_believed_only_without_position_errors(
    pack: Pack, tmp_path: Path
) -> None:
    for error, said in ((0, "5 of"), (10, "Where")):
        path = places(tmp_path, error)
        text = Path(path).read_text()
        Path(path).write_text(text.replace('"id"', '"in_area": "Ourtown", "id"'))
        told = headline(path, pack)
        assert told == (
            "All 5 places are in Ourtown" if said == "5 of" else "Where the 5 places are"
        )


def test_the_page_of_a_join_knows_it_too(pack: Pack, tmp_path: Path) -> None:
    path = places(tmp_path, 10, quay=2500)
    answer = join(path, "boroughs", take=["name"], pack=pack)
    turned = replace(answer, layer=answer.layer.with_frame(answer.frame.iloc[::-1]))
    data = page_data(turned.page().model)
    assert data["layers"][-1]["also"] == {"areas": ["Wirral"], "rows": {"4": [0]}}
    repeated = join(path, "boroughs", many=True, pack=pack)
    assert page_data(repeated.page().model)["about"] is None


def test_distances_and_rings_lie_in_no_area(pack: Pack, tmp_path: Path) -> None:
    path = places(tmp_path, 10)
    rings = catchment(path, 800, pack=pack)
    for answer in (near(path, ["rail-stations"], pack=pack), rings):
        assert page_data(answer.page().model)["about"] is None


def test_a_map_of_a_few_places_opens_on_them_and_not_on_the_whole_region(
    pack: Pack, tmp_path: Path
) -> None:
    path = places(tmp_path, 10)
    region = make_map("freeport-sites", pack=pack).model.bounds
    model = make_map(path, pack=pack).model
    assert region is not None
    assert model.bounds is not None
    west, south, east, north = model.bounds
    assert all(west < lon < east and south < lat < north for lon, lat in PLACES.values())
    assert east - west < (region[2] - region[0]) / 4
    # With the areas themselves asked for, or places all over them, it opens on these.
    with_areas = make_map("boroughs", path, pack=pack).model.bounds
    assert with_areas is not None
    assert with_areas[2] - with_areas[0] > (east - west) * 4


def test_a_single_place_is_seen_with_what_lies_around(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("name,lat,lon\nHall,53.4,-2.98\n")
    bounds = make_map(str(path), pack=pack).model.bounds
    assert bounds is not None
    assert bounds[2] - bounds[0] == pytest.approx(0.04)


def test_errors_that_are_all_alike_are_said_once(pack: Pack, tmp_path: Path) -> None:
    html = make_map(places(tmp_path, 50), pack=pack).html
    assert "the positions of 5 places may be off by up to 50 m." in html
    html = make_map(places(tmp_path, 50, dock=400), pack=pack).html
    assert "the positions of 5 places may be off, by 50 m to 400 m." in html


def test_the_first_layer_leads_and_those_inside_are_counted_where_most_lie_outside() -> None:
    inside = "25 of the 87 rail stations inside the 6 boroughs are in Wirral"
    both = ["innovation-assets", "rail-stations"]
    assert make_map(both[::-1]).model.headline.startswith(inside)
    assert make_map(both).model.headline.startswith(
        "Most innovation assets are in Liverpool: 32 of"
    )


LIVERPOOL, WIRRAL, LONDON = (-2.98, 53.40), (-3.05, 53.38), (-0.1, 51.5)


def points(folder: Path, name: str, *spots: tuple[float, float]) -> str:
    path = folder / f"{name}.csv"
    lines = [f"{name}{n},{lon},{lat}\n" for n, (lon, lat) in enumerate(spots)]
    path.write_text("name,lon,lat\n" + "".join(lines))
    return str(path)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ([LIVERPOOL] * 2, [WIRRAL] * 5, "Most places are in Wirral: 5 of 7"),
        ([LIVERPOOL] * 2, [LIVERPOOL] * 3, "All 5 places are in Liverpool"),
        ([LIVERPOOL], [LIVERPOOL], "Both places are in Liverpool"),
        ([LIVERPOOL] * 2, [WIRRAL] * 2, "Where the a and b are"),  # a tie of both together
        ([LIVERPOOL] * 2, [LONDON] * 5, "Both places of a are in Liverpool"),
        ([LONDON] * 5, [LIVERPOOL] * 2, "Both places of b are in Liverpool"),
    ],
)
def test_a_headline_over_several_files_counts_all_of_them_or_names_the_one_it_speaks_of(
    one: list[Any], other: list[Any], said: str, pack: Pack, tmp_path: Path
) -> None:
    files = [points(tmp_path, "a", *one), points(tmp_path, "b", *other)]
    model = make_map(files, pack=pack).model
    assert model.headline == said
    assert model.subtitle.startswith(f"{len(one) + len(other)} places, ")
    assert alternative_text(model).startswith(f"Map: {said}.")


def test_places_of_a_file_are_told_from_those_of_the_pack_by_its_title(
    pack: Pack, tmp_path: Path
) -> None:
    mine = points(tmp_path, "mine", LIVERPOOL, LIVERPOOL, WIRRAL)
    sites = make_map([mine, "freeport-sites"], pack=pack).model
    assert sites.headline == "Most places of mine are in Liverpool: 2 of 3"
    assert page_data(sites)["about"] is None  # what a filter leaves is not said without the title
    assets = make_map(["innovation-assets", mine], pack=pack).model
    assert assets.headline.startswith("Most innovation assets are in Liverpool: 32 of 56")
    assert assets.layers[page_data(assets)["about"]].name == "innovation-assets"


def test_a_file_whose_title_tells_nothing_is_said_to_be_in_no_area(
    pack: Pack, tmp_path: Path
) -> None:
    mine = points(tmp_path, "places", LIVERPOOL, LIVERPOOL, WIRRAL)
    said = make_map([mine, "innovation-assets"], pack=pack).model.headline
    assert (
        said
        == "Most innovation assets are in Liverpool: 32 of 56 (31 to 33, as positions are not exact)"
    )
    assert make_map([mine, "freeport-sites"], pack=pack).model.headline == (
        "Where the places and Freeport sites are"
    )
    assert make_map(mine, pack=pack).model.headline == "Most places are in Liverpool: 2 of 3"


def test_places_that_were_chosen_are_not_counted_with_all_of_another_file(
    pack: Pack, tmp_path: Path
) -> None:
    files = [points(tmp_path, "a", *[LIVERPOOL] * 3), points(tmp_path, "b", *[WIRRAL] * 5)]
    one = make_map(files, where="a:name <> 'a0'", pack=pack).model
    assert one.headline == "Both chosen places of a are in Liverpool"
    both = make_map(files, where=["a:name <> 'a0'", "b:name <> 'b0'"], pack=pack).model
    assert both.headline == "4 of the 6 chosen places with a position are in Wirral"


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ([LIVERPOOL], "The only place inside the 6 boroughs is in Liverpool"),
        ([LIVERPOOL] * 2, "Both places inside the 6 boroughs are in Liverpool"),
        ([LIVERPOOL] * 3, "All 3 places inside the 6 boroughs are in Liverpool"),
        (
            [LIVERPOOL, LIVERPOOL, WIRRAL],
            "2 of the 3 places inside the 6 boroughs are in Liverpool",
        ),
    ],
)
def test_all_of_those_inside_are_called_all(
    inside: list[Any], said: str, pack: Pack, tmp_path: Path
) -> None:
    assert headline(points(tmp_path, "a", *inside, *[LONDON] * 9), pack) == said


def postcoded(folder: Path, *postcodes: str) -> str:
    path = folder / "pc.csv"
    rows = [f"Place {n},{postcode}\n" for n, postcode in enumerate(postcodes)]
    path.write_text("name,postcode\n" + "".join(rows))
    return str(path)


def test_nobody_says_that_it_is_known_where_a_place_lies_of_which_a_warning_says_that_it_is_not(
    pack: Pack, tmp_path: Path
) -> None:
    path = postcoded(tmp_path, "L3 1HU", "CH41 5BU", "L99 9ZZ", "L1 8JQ", "WA10 1HP")
    model = make_map(path, pack=pack).model
    assert model.headline == "2 of the 4 places with a position are in Liverpool"
    assert model.summary == ("There are 5 places; 4 with a position, 1 without.",)
    vague, lost = model.warnings
    assert vague.endswith("so where this row lies is not known.")
    assert "in line 4 ('L99 9ZZ')" in lost
    assert alternative_text(model).startswith(f"Map: {model.headline}. {model.subtitle}. {vague}")
    html = make_map(path, pack=pack).html
    assert "pc: the positions of 3 places may be off by up to 100 m." in html
    assert "pc: how far off 1 place may be is not known." in html
    assert "pc: 1 place has no position and is only in the table." in html
    assert "known position" not in html


def test_no_warning_of_a_page_tells_in_which_folder_a_file_lay(pack: Pack, tmp_path: Path) -> None:
    swapped = points(tmp_path, "far", LIVERPOOL, WIRRAL, (53.4, -2.98))
    for path in (swapped, postcoded(tmp_path, "L3 1HU", "L99 9ZZ")):
        page = make_map(path, pack=pack)
        (warning,) = page.model.warnings
        assert f"'{Path(path).name}' has " in warning
        assert str(tmp_path) not in page.html + alternative_text(page.model)


def test_postcodes_of_known_places_are_no_warning(pack: Pack, tmp_path: Path) -> None:
    path = postcoded(tmp_path, "L3 1HU", "CH41 5BU", "L1 8JQ")
    page = make_map(path, pack=pack)
    assert page.model.warnings == ()
    assert "how far off" not in page.html.split("How sure are we")[1].split("</section>")[0]


def test_a_row_that_names_no_borough_is_called_none(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("borough,places\nLiverpool,5\nSefton,3\nLiverpol,2\n")
    model = make_map(str(path), pack=pack).model
    assert model.headline == "Where the 2 boroughs are"
    assert model.subtitle.startswith("2 boroughs and 1 entry not found (Liverpol), ")
    assert model.summary == ("There are 2 boroughs and 1 entry not found (Liverpol).",)
    assert not any("no known position" in each for each in model.notes)
    html = make_map(str(path), pack=pack).html
    assert '<p class="legend-note"><bdi>1 entry not found (Liverpol)</bdi></p>' in html
    assert "no position</p>" not in html


def test_of_many_rows_that_name_no_borough_the_first_three_are_named(
    pack: Pack, tmp_path: Path
) -> None:
    boroughs = ["Liverpool", "Sefton", "Wirral", "Halton", "Knowsley"]
    path = tmp_path / "t.csv"
    path.write_text("borough\n" + "\n".join([*boroughs, *"abcd"]) + "\n")
    (said,) = make_map(str(path), pack=pack).model.summary
    assert said == "There are 5 boroughs and 4 entries not found (a, b, c, …)."


def test_shaded_boroughs_are_counted_without_the_rows_that_name_none(
    pack: Pack, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("borough,places\nLiverpool,5\nSefton,3\nWirral,8\nLiverpol,2\n")
    model = make_map(str(path), pack=pack, shade="places").model
    assert model.headline == "Places by borough: from 3 (Sefton) to 8 (Wirral), median 5"
    assert model.subtitle.startswith("Places: 6 boroughs and 1 entry not found (Liverpol), ")
    assert model.subtitle.endswith(" 3 boroughs have no data.")
    assert "lowest Sefton (3)." in alternative_text(model)


def test_a_row_that_names_no_borough_is_in_no_class_no_count_of_the_legend_and_no_bar(
    pack: Pack, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "borough,jobs\nLiverpol,1200\nWirral,400\nSefton,300\nKnowsley,200\nSt. Helens,210\nHalton,\n"
    )
    page = make_map(str(path), pack=pack, shade="jobs")
    (layer,) = (each for each in page.model.layers if each.style.kind == "shade")
    assert isinstance(layer.style, ShadeStyle)
    assert layer.style.bar is not None
    assert layer.style.bar.edges[0] == "200"
    assert "1,200" not in layer.style.bar.edges
    assert [each.count for each in layer.legend] == [each.placed for each in layer.legend]
    assert sum(each.count for each in layer.legend) == layer.in_legend == 6
    assert [each.count for each in layer.legend if each.swatch == "hatch"] == [2]
    (bars,) = page.model.charts
    assert isinstance(bars, Bars)
    assert [each.label for each in bars.bars] == ["Wirral", "Sefton", "St. Helens", "Knowsley"]
    html = page.html
    assert "Liverpol" in html
    assert "<bdi>1 entry not found (Liverpol)</bdi>" in html
    assert '<bdi>T</bdi></span> <span class="count">(6)</span>' in html


def test_areas_without_data_are_counted_without_rows_that_name_no_borough(
    pack: Pack, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("borough,jobs\nLiverpol,\nWirral,400\nSefton,300\nKnowsley,\n")
    model = make_map(str(path), pack=pack, shade="jobs").model
    assert "4 boroughs have no data." in model.subtitle
    assert "4 boroughs have no data." in alternative_text(model)


def test_two_columns_are_crossed_without_rows_that_name_no_borough(
    pack: Pack, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    names = ("Liverpool", "Wirral", "Sefton", "Knowsley", "St. Helens", "Halton", "Liverpol")
    rows = (f"{name},{n},{n * 7 % 5}" for n, name in enumerate(names, 1))
    path.write_text("\n".join(["borough,jobs,shops", *rows]) + "\n")
    model = make_map(str(path), pack=pack, shade="jobs", against="shops").model
    (layer,) = (each for each in model.layers if each.style.kind == "shade")
    assert sum(each.count for each in layer.legend) == layer.in_legend == 6
    assert not any(each.swatch == "hatch" for each in layer.legend)


def test_a_count_in_a_table_speaks_of_the_boroughs_that_it_names(
    pack: Pack, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("borough\nLiverpool\nSefton\nLiverpol\n")
    found = count("innovation-assets", areas=str(path), pack=pack)
    undecided = (
        "No borough clearly has the most innovation assets: where Liverpol lies is not known"
    )
    assert found.finding == undecided
    assert "Outside the 2 boroughs" in found.layer.frame["borough"].tolist()
    assert any("33 in the 2 boroughs + " in each for each in found.notes)
    assert any("1 row of t without a shape" in each for each in found.notes)


def test_distances_of_rows_that_name_no_borough_are_told_apart(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("borough,places\nLiverpool,5\nSefton,3\nLiverpol,2\n")
    notes = near(str(path), "rail-stations", pack=pack).notes
    assert (
        "1 row without a position: 'borough' names no known borough, so without a distance."
        in notes
    )
