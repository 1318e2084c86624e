"""lcrmap count: tables that add up, in every form, from one object."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from tests.cli.tables import rows, write

PACKS = Path(__file__).parents[1] / "packs"


def squares(path: str = "squares.geojson", codes: str = "abc") -> str:
    boxes = [shapely.box(x, 0, x + 1, 1) for x in range(len(codes))]
    return write(path, boxes, code=list(codes), homes=[100, 200, 0][: len(codes)])


def places(path: str = "places.geojson", **columns: list[object]) -> str:
    shapes = [shapely.Point(each) for each in ((0.5, 0.5), (1, 0.5), (9, 0.5))]
    return write(path, [*shapes, None], id=list("wxyz"), **columns)


def figures(lcrmap: Callable, *words: str, column: str = "count") -> dict[str, float | None]:
    outcome = lcrmap("count", *words, "--format", "csv")
    assert outcome.code == 0, outcome.err
    named = [(row.get("name") or row.get("code") or row["area"], row) for row in rows(outcome.out)]
    return {name: float(row[column]) if row[column] else None for name, row in named}


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        ("freeport-sites", (12, 1, 3, 16)),
        ("investment-zone-sites", (18, 0, 0, 18)),
        ("innovation-assets", (52, 4, 1, 57)),
    ],
)
def test_the_known_answers(lcrmap: Callable, layer: str, expected: tuple[int, ...]) -> None:
    table = rows(lcrmap("count", layer, "--in", "boroughs", "--format", "csv").out)
    kinds = [row["row"] for row in table]
    assert kinds == ["area"] * 6 + ["outside", "no-position", "total"]
    inside = sum(int(row["count"]) for row in table[:6])
    assert (inside, *(int(row["count"]) for row in table[6:])) == expected


def test_the_residents_of_the_region_are_all_there(lcrmap: Callable) -> None:
    for areas in ("boroughs", "neighbourhoods"):
        found = figures(
            lcrmap, "residents", "--in", areas, "--sum", "residents", column="sum_residents"
        )
        assert found["Total"] == 1_551_784
        assert sum(value or 0 for value in list(found.values())[:-3]) == 1_551_784


def test_several_layers_stand_side_by_side(lcrmap: Callable) -> None:
    outcome = lcrmap(
        *["count", "freeport-sites", "investment-zone-sites", "innovation-assets"],
        *["--in", "boroughs", "--format", "csv"],
    )
    table = {row["name"]: row for row in rows(outcome.out)}
    columns = ("freeport_sites", "investment_zone_sites", "innovation_assets")
    assert [table["Total"][each] for each in columns] == ["16", "18", "57"]
    assert [table["Liverpool"][each] for each in columns] == ["1", "10", "32"]
    assert table["Wirral"]["investment_zone_sites"] == "0"
    liverpool = table["Liverpool"]
    assert (liverpool["innovation_assets_min"], liverpool["innovation_assets_max"]) == ("31", "33")


def test_no_total_that_needs_its_breakdown_is_said_without_it(lcrmap: Callable) -> None:
    outcome = lcrmap(
        "count", "freeport-sites", "investment-zone-sites", "--in", "boroughs", "-o", "p.html"
    )
    said = outcome.out + outcome.err + Path("p.html").read_text(encoding="utf-8")
    assert not re.search(r"16 Freeport sites|18 Investment Zone sites", said)
    assert "= 16 (3 tax sites, 12 customs sites and 1 not identified)." in outcome.err


def test_the_range_of_the_freeport_by_hand(lcrmap: Callable) -> None:
    """8 of the 12 inside lie nearer to a border than their error; St Helens can have none, or four."""
    outcome = lcrmap("count", "freeport-sites", "--in", "boroughs", "--format", "csv")
    table = {row["name"]: (row["count"], row["min"], row["max"]) for row in rows(outcome.out)}
    assert table["St Helens"] == ("3", "0", "4")
    assert table["Wirral"] == ("1", "1", "1")
    assert table["Outside the 6 boroughs"] == ("1", "1", "8")
    assert table["Total"] == ("16", "16", "16")
    assert "8 of them could lie in another borough" in outcome.err


def test_a_layer_without_position_errors_has_no_range(lcrmap: Callable) -> None:
    header = lcrmap("count", places(), "--in", squares(), "--format", "csv").out.splitlines()[0]
    assert "min" not in header
    assert "max" not in header


def test_a_cross_table_adds_up_in_both_directions(lcrmap: Callable) -> None:
    out = lcrmap(
        "count", "innovation-assets", "--in", "boroughs", "--by", "sector", "-f", "csv"
    ).out
    table = rows(out)
    sectors = [
        each
        for each in table[0]
        if each.startswith("sector_") and not each.endswith(("_min", "_max"))
    ]
    assert len(sectors) == 7
    for row in table:
        assert sum(int(row[each]) for each in sectors) == int(row["count"])
    for column in (*sectors, "count"):
        assert sum(int(row[column]) for row in table[:-1]) == int(table[-1][column])


def test_rows_without_a_value_have_a_column_of_their_own(lcrmap: Callable) -> None:
    kinds = places(kind=["x", None, "x", "y"])
    table = rows(lcrmap("count", kinds, "--in", squares(), "--by", "kind", "-f", "csv").out)
    assert [row["kind_not_stated"] for row in table] == ["1", "0", "0", "0", "0", "1"]
    assert [row["kind_x"] for row in table] == ["1", "0", "0", "1", "0", "2"]


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("--sum", [3, 0, 0, 4, 8, 15]),
        ("--mean", [1.5, None, None, 4, 8, 3.75]),
        ("--min", [1, None, None, 4, 8, 1]),
        ("--max", [2, None, None, 4, 8, 8]),
        ("--median", [1.5, None, None, 4, 8, 3]),
    ],
)
def test_statistics_by_hand(lcrmap: Callable, option: str, expected: list[float | None]) -> None:
    jobs = places(jobs=[1, 2, 4, 8])
    name = f"{option[2:]}_jobs"
    found = figures(lcrmap, jobs, "--in", squares(), option, "jobs", column=name)
    assert list(found.values()) == expected


def test_missing_numbers_are_left_out_and_counted(lcrmap: Callable) -> None:
    jobs = places(jobs=[1.5, None, 4, 8])
    outcome = lcrmap("count", jobs, "--in", squares(), "--sum", "jobs", "--format", "csv")
    assert "1 of the 4 places has no value in 'jobs'" in outcome.err
    assert rows(outcome.out)[0]["sum_jobs"] == "1.5"


def test_rates_are_per_square_kilometre_on_the_ground(lcrmap: Callable) -> None:
    """A square degree at the equator is 12,308.8 km2."""
    outcome = lcrmap("count", places(), "--in", squares(), "--per", "km2", "--format", "csv")
    first = rows(outcome.out)[0]
    assert float(first["km2"]) == pytest.approx(12_308.8, abs=1)
    assert float(first["per_km2"]) == pytest.approx(2 / 12_308.8, rel=1e-3)
    assert [row["per_km2"] for row in rows(outcome.out)[3:]] == ["", "", ""]


def test_rates_per_ten_thousand_residents_and_per_a_column(lcrmap: Callable) -> None:
    found = figures(
        lcrmap, "innovation-assets", "--in", "boroughs", "--per", "residents",
        column="per_10000_residents",
    )  # fmt: skip
    assert found["Liverpool"] == pytest.approx(32 / 486_097 * 10_000, rel=1e-3)
    assert found["Total"] is None
    homes = figures(lcrmap, places(), "--in", squares(), "--per", "homes", column="per_homes")
    assert list(homes.values())[:3] == [0.02, 0, None]  # nought homes: no data, not infinity


def test_geojson_carries_the_figures_on_the_areas(lcrmap: Callable) -> None:
    out = lcrmap("count", "innovation-assets", "--in", "boroughs").out
    features = json.loads(out)["features"]
    assert [each["geometry"] is None for each in features] == [False] * 6 + [True] * 3
    assert features[2]["properties"]["count"] == 32


def test_terminal_csv_and_page_say_the_same_numbers(lcrmap: Callable, tmp_path: Path) -> None:
    words = ["count", "innovation-assets", "--in", "boroughs", "--by", "sector"]
    table = rows(lcrmap(*words, "--format", "csv").out)
    terminal = lcrmap(*words, "--format", "table").out
    lcrmap(*words, "-o", "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    body = page[page.index("<table") : page.index("</table>")]
    for row in table:
        line = next(each for each in terminal.splitlines() if each.strip().startswith(row["name"]))
        numbers = [row["count"], row["min"], row["max"]]
        assert re.findall(r"\d+", line.replace(row["name"], ""))[:3] == numbers
        html = next(part for part in body.split("<tr") if f">{row['name']}<" in part)
        cells = re.findall(r">(\d+)<", html.replace("<bdi>", "").replace("</bdi>", ""))
        assert cells[:3] == numbers
    assert "<tfoot>" in body


def test_the_headline_is_true_and_computed(lcrmap: Callable) -> None:
    out = lcrmap("count", "innovation-assets", "--in", "boroughs", "-o", "p.html").out
    assert out.splitlines()[0] == (
        "Liverpool has 32 of the 52 innovation assets inside the six boroughs "
        "(31 to 33, as positions are not exact)"
    )
    less = lcrmap("count", places(), "--in", squares(), "-o", "q.html").out
    assert less.splitlines()[0] == "a has 2 of the 2 places inside the three areas"


def test_no_area_is_called_first_where_the_positions_do_not_allow_it(lcrmap: Callable) -> None:
    out = lcrmap("count", "freeport-sites", "--in", "boroughs", "-o", "p.html").out
    assert out.splitlines()[0] == "No borough clearly has the most Freeport sites"
    near = places(position_error_m=[90_000.0, 1.0, None, None])
    out = lcrmap("count", near, "--in", squares(), "-o", "q.html").out
    assert out.splitlines()[0] == (
        "a and b are too close to call: position errors could change which has more places"
    )


def test_a_rate_becomes_shades_whose_method_and_breaks_the_legend_says(
    lcrmap: Callable, tmp_path: Path
) -> None:
    words = ["count", "residents", "--in", "neighbourhoods", "--sum", "residents", "--per", "km2"]
    lcrmap(*words, "-o", "page.html", "--classes", "natural:4")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    legend = page[page.index('id="legend"') : page.index('id="tables"')]
    assert "Natural breaks" in legend
    assert legend.count("swatch-box") == 4
    assert re.search(r"[\d,.]+ to under [\d,.]+", legend)


def test_no_data_is_not_nought_in_the_legend(lcrmap: Callable, tmp_path: Path) -> None:
    lcrmap("count", places(), "--in", squares(), "--per", "homes", "-o", "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    legend = page[page.index('id="legend"') : page.index('id="tables"')]
    assert legend.count("swatch-hatch") == 1


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["innovation-assets", "--in", "rail-stations"], 3, "rail-stations holds points"),
        (["innovation-assets", "--in", "borough"], 2, "did you mean 'boroughs'"),
        (["innovation-assets", "--in", "boroughs", "--by", "sectr"], 2, "did you mean 'sector'"),
        (["innovation-assets", "--in", "boroughs", "--by", "name"], 2, "at most 40"),
        (["innovation-assets", "--in", "boroughs", "--sum", "sector"], 2, "holds text"),
        (["innovation-assets", "--in", "boroughs", "--sum", "jobs"], 2, "No column 'jobs'"),
        (["innovation-assets", "--in", "boroughs", "--per", "name"], 2, "needs numbers"),
        (["innovation-assets", "--in", "boroughs", "--per", "km"], 2, "'km2'"),
        (
            ["innovation-assets", "--in", "wards", "--per", "residents"],
            2,
            "knows the residents of its boroughs, neighbourhoods and small-areas, not of wards: count in one",
        ),
        (
            ["innovation-assets", "--in", "boroughs", "--where", "sector = 'x'"],
            2,
            "--where filters the result: to filter what is asked about, use 'lcrmap show' first.",
        ),
        (["innovation-assets", "--in", "boroughs", "--classes", "jenks"], 2, "natural"),
        (["innovation-assets", "--in", "boroughs", "--classes", "equal:x"], 2, "natural:4"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    lcrmap: Callable, words: list[str], code: int, message: str
) -> None:
    outcome = lcrmap("count", *words)
    assert outcome.code == code, outcome.err
    assert message in outcome.err
    assert outcome.out == ""


def test_two_statistics_at_once_are_refused(lcrmap: Callable) -> None:
    words = ["--sum", "residents", "--mean", "residents"]
    outcome = lcrmap("count", "residents", "--in", "boroughs", *words)
    assert outcome.code == 2
    assert "--sum and --mean" in outcome.err


def test_empty_and_unplaced_layers(lcrmap: Callable) -> None:
    write("unplaced.geojson", [None, None], id=["a", "b"])
    outcome = lcrmap("count", "unplaced.geojson", "--in", squares())
    assert outcome.code == 3
    assert len(outcome.err.strip().splitlines()) == 1


def test_the_same_layer_twice_gets_two_columns(lcrmap: Callable) -> None:
    table = rows(lcrmap("count", places(), places(), "--in", squares(), "--format", "csv").out)
    assert (table[-1]["places"], table[-1]["places_2"]) == ("4", "4")


def test_areas_without_names_are_numbered(lcrmap: Callable) -> None:
    areas = write("bare.geojson", [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    table = rows(lcrmap("count", places(), "--in", areas, "--format", "csv").out)
    assert [row["area"] for row in table[:2]] == ["Area 1", "Area 2"]
    assert [row["count"] for row in table] == ["2", "0", "1", "1", "4"]


def test_a_chosen_part_is_counted_through_a_pipe(shell: Callable) -> None:
    outcome = shell(
        "lcrmap show innovation-assets --where \"sector = 'net_zero'\" | "
        "lcrmap count - --in boroughs --format csv"
    )
    assert outcome.code == 0, outcome.err
    assert rows(outcome.out)[-1]["count"] == "7"


def test_a_count_can_be_read_back_with_its_kinds_of_rows(shell: Callable) -> None:
    outcome = shell(
        "lcrmap count innovation-assets --in boroughs | lcrmap show - --where \"row = 'area'\" -f csv"
    )
    assert outcome.code == 0, outcome.err
    assert len(rows(outcome.out)) == 6


def test_the_same_count_gives_the_same_bytes(lcrmap: Callable, tmp_path: Path) -> None:
    for name in ("one.html", "two.html"):
        lcrmap("count", "innovation-assets", "--in", "boroughs", "-o", name)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_another_pack_works_as_well(lcrmap: Callable) -> None:
    words = ["--pack", str(PACKS / "skerries"), "--format", "csv", "--per", "residents"]
    outcome = lcrmap("count", "landings", "--in", "isles", *words)
    assert outcome.code == 0, outcome.err
    table = rows(outcome.out)
    assert sum(int(row["count"]) for row in table[:-1]) == int(table[-1]["count"])


def test_the_terms_of_a_sum_are_shown_in_full_so_that_they_add_up(
    lcrmap: Any, tmp_path: Path
) -> None:
    rows = "lon,lat,value\n-2.98,53.41,49472712.34\n0,51,150515000.21\n"
    (tmp_path / "values.csv").write_text(rows)
    said = lcrmap("count", "values.csv", "--in", "boroughs", "--sum", "value", "-f", "csv").err
    assert "49,472,712.34 in the 6 boroughs + 150,515,000.21 outside" in said
    assert "= 199,987,712.55." in said


def test_a_value_that_is_no_number_is_named_with_its_row(lcrmap: Callable, tmp_path: Path) -> None:
    table = "name,lon,lat,visits\nA,0.5,0.5,12\nB,0.5,0.5,many\nC,0.5,0.5,some\n"
    (tmp_path / "a.csv").write_text(table)
    outcome = lcrmap("count", "a.csv", "--in", squares(), "--sum", "visits")
    assert outcome.code == 2
    assert outcome.err.splitlines()[-1] == (
        "Error: --sum needs numbers, and 'visits' of a holds 'many' in row 2 and other text in 1 more: correct that "
        "(leave empty what is suppressed or not known)."
    )


def test_a_value_among_numbers_as_people_write_them_is_named(
    lcrmap: Callable, tmp_path: Path
) -> None:
    table = 'name,lon,lat,visits\nA,0.5,0.5,"1,200"\nB,0.5,0.5,n/a\nC,0.5,0.5,12%\n'
    (tmp_path / "a.csv").write_text(table)
    outcome = lcrmap("count", "a.csv", "--in", squares(), "--sum", "visits")
    assert "'visits' of a holds 'n/a' in row 2: correct that" in outcome.err


@pytest.mark.parametrize(
    "cells", [("£5", "£7", "12%"), ("5", " ", "12%"), ("5", "1.2e3", '"1,200"')]
)
def test_numbers_written_in_several_ways_are_named(
    lcrmap: Callable, tmp_path: Path, cells: tuple[str, ...]
) -> None:
    table = "".join(f"{row},0.5,0.5,{cell}\n" for row, cell in enumerate(cells))
    (tmp_path / "a.csv").write_text(f"name,lon,lat,visits\n{table}")
    outcome = lcrmap("count", "a.csv", "--in", squares(), "--sum", "visits")
    second = next(cell for cell in cells[1:] if cell not in ("£7", " "))
    named = f"numbers written in several ways, such as '{cells[0]}' and '{second}': correct that"
    assert f"'visits' of a holds {named}" in outcome.err


@pytest.mark.parametrize(
    ("cells", "total", "said"),
    [
        (["1,200", "5"], 1205.0, "'cost' of costs is read as numbers: '1,200' is 1200."),
        (["£1,200.50", "5"], None, ""),
        (
            ["£1,200.50", "£5"],
            1205.5,
            "'cost' of costs is read as numbers in £: '£1,200.50' is 1200.5.",
        ),
        (["12%", "-2 %"], 10.0, "'cost' of costs is read as numbers in %: '12%' is 12."),
        (["12%", "0.5"], None, ""),
        (["1,2", "3"], None, ""),
    ],
)
def test_numbers_as_people_write_them_are_summed_and_said(
    lcrmap: Callable, tmp_path: Path, cells: list[str], total: float | None, said: str
) -> None:
    rows = "".join(f'"{each}",-2.987,53.406\n' for each in cells)
    (tmp_path / "costs.csv").write_text(f"cost,lon,lat\n{rows}", encoding="utf-8")
    asked = ["count", tmp_path / "costs.csv", "--in", "boroughs", "--sum", "cost", "-f", "csv"]
    ran = lcrmap(*map(str, asked))
    if total is None:
        assert ran.code == 2
        assert "--sum needs numbers" in ran.err
    else:
        assert ran.out.splitlines()[-1].split(",")[-2] == str(total)
        assert said in ran.err.splitlines()


def test_whole_numbers_with_a_gap_head_columns_as_whole_numbers(lcrmap: Callable) -> None:
    counted = places(tenure=[1, 10, None, 1])
    outcome = lcrmap("count", counted, "--in", squares(), "--by", "tenure", "--format", "csv")
    names = ["row", "code", "count", "tenure_1", "tenure_10", "tenure_not_stated", "share"]
    assert list(rows(outcome.out)[0]) == names


def test_numbers_that_are_not_whole_head_columns_as_they_are(lcrmap: Callable) -> None:
    counted = places(size=[1.5, 1, None, 1])
    outcome = lcrmap("count", counted, "--in", squares(), "--by", "size", "--format", "csv")
    assert list(rows(outcome.out)[0])[3:6] == ["size_1_0", "size_1_5", "size_not_stated"]


def test_areas_are_counted_where_most_of_them_lies(lcrmap: Callable) -> None:
    boxes = [
        shapely.box(0.2, 0.2, 0.4, 0.4),  # in a
        shapely.box(0.5, 0.2, 1.8, 0.4),  # most of it in b
        shapely.box(2.9, 0.2, 3.5, 0.4),  # touches c, most of it outside
        shapely.box(1.5, 0.2, 2.5, 0.4),  # half in b, half in c: a point inside decides
        None,
    ]
    write("sites.geojson", boxes, id=list("vwxyz"))
    squares()
    outcome = lcrmap("count", "sites.geojson", "--in", "squares.geojson", "--format", "csv")
    counts = [int(row["count"]) for row in rows(outcome.out)]
    assert counts[0] == 1
    assert counts[3:] == [1, 1, 5]
    assert sorted(counts[1:3]) == [1, 1] or sorted(counts[1:3]) == [0, 2]
    assert "4 of 5 in sites are areas: each is counted once" in outcome.err
    lcrmap("count", "sites.geojson", "--in", "squares.geojson", "-o", "page.html")
    assert "4 of 5 in sites are areas: each is counted once" in Path("page.html").read_text()


def test_points_several_points_and_areas_are_counted_together(lcrmap: Callable) -> None:
    several = shapely.MultiPoint([(0.5, 0.5), (1.5, 0.5), (1.6, 0.5)])
    shapes = [
        shapely.MultiPoint([(0.5, 0.5)]),
        several,
        shapely.box(2.1, 0.1, 2.2, 0.2),
        shapely.Point(1, 0.5),
    ]
    write("sites.geojson", shapes, id=list("wxyz"), position_error_m=[5, 5, 5, 200_000])
    squares()
    words = ("sites.geojson", "--in", "squares.geojson")
    assert list(figures(lcrmap, *words).values()) == [2, 1, 1, 0, 0, 4]
    for column, range_ in (("min", [1, 1, 1]), ("max", [2, 2, 2])):
        found = figures(lcrmap, *words, column=column)
        assert list(found.values())[:3] == range_
    err = lcrmap("count", *words).err
    assert "1 of 4 in sites is an area" in err
    assert "1 of 4 in sites is several points in one" in err


def test_lines_are_not_counted_and_what_to_do_instead(lcrmap: Callable) -> None:
    write("roads.geojson", [shapely.LineString([(0, 0), (1, 1)])], id=["a"])
    outcome = lcrmap("count", "roads.geojson", "--in", squares())
    assert outcome.code == 3
    assert outcome.err.count("\n") == 1
    assert "holds lines" in outcome.err
    assert lcrmap(*outcome.err.split("'lcrmap ")[1].split("'")[0].split()).code == 0


def test_a_table_matched_by_code_is_counted(lcrmap: Callable) -> None:
    Path("t.csv").write_text("area_code,unemployed\nE08000012,14000\nE08000015,5\n")
    found = figures(
        lcrmap, "t.csv", "--in", "boroughs", "--sum", "unemployed", column="sum_unemployed"
    )
    assert found["Liverpool"] == 14000
    assert found["Wirral"] == 5
    assert found["Total"] == 14005


@pytest.mark.parametrize("deep", [1, 2])
def test_the_ground_of_a_collection_is_that_of_its_polygons(lcrmap: Callable, deep: int) -> None:
    inner: object = shapely.box(0, 0, 1, 1)
    for _ in range(deep):
        inner = shapely.GeometryCollection([inner, shapely.Point(9, 0.5)])
    write("areas.geojson", [inner, shapely.box(1, 0, 2, 1)], code=["a", "b"])
    words = (places(), "--in", "areas.geojson")
    assert list(figures(lcrmap, *words).values()) == [2, 0, 1, 1, 4]
    outcome = lcrmap("count", *words, "-o", "page.html")
    assert outcome.code == 0, outcome.err
    assert "1 feature of areas is a collection: only its polygons are its ground." in outcome.err


@pytest.mark.parametrize("rows_asked", [("--sort=-count",), ("-n", "1")], ids=str)
def test_the_bars_of_a_page_are_of_all_areas_whichever_rows_were_asked_for(
    lcrmap: Callable, rows_asked: tuple[str, ...]
) -> None:
    words = ("count", "innovation-assets", "--in", "boroughs", "--by", "sector")
    drawn = []
    for name, more in (("all.html", ()), ("some.html", rows_asked)):
        assert lcrmap(*words, *more, "-o", name).code == 0
        drawn.append(re.findall("<figure.*?</figure>", Path(name).read_text(), re.DOTALL))
    assert drawn[0]
    assert drawn[0] == drawn[1]


def test_wards_of_one_name_are_told_apart_in_a_table(lcrmap: Callable) -> None:
    shown = lcrmap("count", "residents", "--in", "wards", "--format", "table").out
    for name in ("Church (Sefton)", "Church (Liverpool)", "St Michaels (Knowsley)"):
        assert name in shown
    assert "Ainsdale (" not in shown
    written = lcrmap("count", "residents", "--in", "wards", "--format", "csv").out
    assert "(Sefton)" not in written


def test_areas_of_one_name_are_told_apart_by_words_and_not_by_a_code(lcrmap: Callable) -> None:
    boxes = [shapely.box(x, 0, x + 1, 1) for x in range(2)]
    columns = {"district_code": ["E1", "E2"], "district": ["North", "South"]}
    write("wards.geojson", boxes, id=["a", "b"], name=["Church"] * 2, **columns)
    words = ("count", places(), "--in", "wards.geojson")
    shown = lcrmap(*words, "--format", "table").out
    assert "Church (North)" in shown
    assert "Church (South)" in shown
    headline = lcrmap(*words, "--sort=count", "-o", "page.html", "-o", "page.svg").out
    assert headline.startswith("Church (North) has 2 of the 2 ")
    drawn = "Highest Church (North) (2), lowest Church (South) (0)."
    assert drawn in Path("page.alt.txt").read_text()
    page = Path("page.html").read_text()
    assert 'aria-label="Places by area: Church (North) 2; Church (South) 0"' in page
    named = re.findall(r"<bdi>(Church \(\w+\))</bdi>", page)
    assert named[:2] == ["Church (South)", "Church (North)"]


@pytest.mark.parametrize(
    "options", [(), ("--by", "sector"), ("--per", "km2"), ("--median", "position_error_m")], ids=str
)
def test_of_an_area_whose_place_is_not_known_no_number_is_said(
    lcrmap: Callable, options: tuple[str, ...]
) -> None:
    Path("b.csv").write_text("borough\nLiverpool\nNarnia\nKnowsley\n")
    outcome = lcrmap("count", "innovation-assets", "--in", "b.csv", *options, "--format", "csv")
    assert outcome.code == 0, outcome.err
    liverpool, narnia, knowsley, outside, *_, total = rows(outcome.out)
    assert {name for name, cell in narnia.items() if cell} == {"row", "borough"}
    assert [int(each["count"]) for each in (liverpool, knowsley)] == [32, 2]
    assert (outside["borough"], int(total["count"])) == ("Outside the 2 boroughs", 57)
    assert "1 row of b without a shape: what lies there is not known." in outcome.err
    assert "innovation-assets: 34 in the 2 boroughs + 22 outside + 1 without a position = 57." in (
        outcome.err
    )


def test_an_area_whose_place_is_not_known_is_on_no_page_as_nought(lcrmap: Callable) -> None:
    Path("b.csv").write_text("borough\nLiverpool\nNarnia\nKnowsley\n")
    for options in ((), ("--per", "km2")):
        assert lcrmap("count", "gp-surgeries", "--in", "b.csv", *options, "-o", "a.html").code == 0
        page = Path("a.html").read_text()
        assert not re.search(r"Narnia(</[a-z]+>|<[a-z][^>]*>|\s)*0\b", page)
        Path("a.html").unlink()


ALL_LOST = (
    "The row 'Total' is also of 2 boroughs, Outside and No position, which --where leaves out."
)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--where", "count > 4"], ALL_LOST),
        (["--where", "count > 4", "--columns", "name,count"], ALL_LOST),
        (
            ["--where", "row <> 'outside'"],
            "The row 'Total' is also of Outside, which --where leaves out.",
        ),
        (
            ["--where", "name <> 'Wirral'", "--sort=-count", "--limit", "7"],
            "The row 'Total' is also of 1 borough and No position, which --where and --limit leave out.",
        ),
        (
            ["--sort=-count", "--limit", "8"],
            "The row 'Total' is also of No position, which --limit leaves out.",
        ),
        ([], None),
        (["--where", "count >= 0"], None),
        (["--where", "row = 'area'"], None),
        (["--limit", "3"], None),
    ],
)
def test_a_total_of_more_than_is_shown_says_so(
    lcrmap: Callable, tmp_path: Path, words: list[str], said: str | None
) -> None:
    done = lcrmap("count", "innovation-assets", "--in", "boroughs", *words, "-o", "a.html")
    assert done.code == 0, done.err
    told = [each for each in done.err.splitlines() if "is also of" in each]
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert told == ([said] if said else [])
    assert ("is also of" in page) == bool(said)
    assert said is None or said.replace("'", "&#39;") in page or said in page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["gaps", "rail-stations", "--beyond", "2km", "--where", "residents > 200000"],
            "The row 'All together' is also of 3 boroughs, which --where leaves out.",
        ),
        (
            ["access", "rail-stations", "--within", "2km", "--where", "residents > 200000"],
            "The row 'All together' is also of 3 boroughs, which --where leaves out.",
        ),
        (
            ["access", "rail-stations", "--within", "2km", "--where", "row <> 'group'"],
            None,  # the groups are the same people again
        ),
    ],
)
def test_the_rows_for_all_of_other_answers_say_so_too(
    lcrmap: Callable, words: list[str], said: str | None
) -> None:
    done = lcrmap(*words, "--by", "boroughs", "-f", "csv")
    told = [each for each in done.err.splitlines() if "is also of" in each]
    assert told == ([said] if said else [])
