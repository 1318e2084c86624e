"""lcrmap map: one closed page, the same figures everywhere, the same bytes anywhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BARE_TOTAL = re.compile(
    r"\b(16|sixteen) Freeport sites|\b(18|eighteen) Investment Zone sites", re.I
)


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("atlas")
    done = subprocess.run(
        [sys.executable, "-m", "lcrmap", "map"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "Wrote output/lcr-atlas.html" in done.stderr
    return (folder / "output" / "lcr-atlas.html").read_text(encoding="utf-8")


def test_the_atlas_stays_below_700_kilobytes(atlas: str) -> None:
    assert len(atlas.encode()) < 700_000


def test_the_atlas_names_no_bare_total(atlas: str) -> None:
    assert BARE_TOTAL.findall(atlas) == []


def test_the_docs_name_no_bare_total() -> None:
    pages = [ROOT / "README.md", *ROOT.glob("docs/*.md"), ROOT / "data" / "datapackage.json"]
    for page in pages:
        assert BARE_TOTAL.findall(page.read_text(encoding="utf-8")) == [], page


def test_the_atlas_holds_every_site_by_name(atlas: str) -> None:
    import html

    text = html.unescape(atlas)
    for name in ("freeport-sites", "investment-zone-sites", "innovation-assets"):
        path = ROOT / "data" / "sites" / f"{name}.geojson"
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            assert feature["properties"]["name"] in text, feature["id"]


def test_the_atlas_carries_every_credit_line(atlas: str) -> None:
    import html

    text = " ".join(html.unescape(atlas).split())
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    drawn = {"boroughs", "backdrop", "freeport-sites", "investment-zone-sites", "innovation-assets"}
    for resource in package["resources"]:
        if resource["name"] in drawn:
            assert " ".join(resource["lcrmap"]["credit"].split()) in text, resource["name"]


def test_a_page_records_no_path_user_or_host(lcrmap: Callable, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    source = tmp_path / "deep" / "mine.csv"
    source.write_text("name,lat,lon\nA,53.4,-2.9\n", encoding="utf-8")
    assert lcrmap("map", str(source), "-o", "out.html").code == 0
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert str(tmp_path) not in page
    assert "lcrmap map mine.csv" in page


def test_the_same_bytes_in_two_folders_hash_seeds_locales_and_time_zones(
    tmp_path: Path, atlas: str
) -> None:
    other = tmp_path / "a folder"
    other.mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "12345",
        "TZ": "Asia/Tokyo",
        "LC_ALL": "C",
        "HOME": str(tmp_path),
    }
    subprocess.run(
        [sys.executable, "-m", "lcrmap", "map"],
        cwd=other,
        env=environment,
        check=True,
        capture_output=True,
    )
    assert (other / "output" / "lcr-atlas.html").read_text(encoding="utf-8") == atlas


def test_one_changed_row_changes_every_place_that_says_the_number(
    lcrmap: Callable, tmp_path: Path
) -> None:
    """One object feeds headline, legend, list and stdout: move one asset out of Liverpool and look."""
    folder = tmp_path / "pack"
    shutil.copytree(ROOT / "data", folder)
    before = lcrmap("map", "innovation-assets", "-o", "before.html", "--pack", str(folder))
    path = folder / "sites" / "innovation-assets.geojson"
    text = path.read_text(encoding="utf-8")
    collection = json.loads(text)
    spine = next(each for each in collection["features"] if each["id"] == "the-spine")
    old = json.dumps(spine["geometry"]["coordinates"], separators=(",", ":"))
    line = next(line for line in text.splitlines() if '"id":"the-spine"' in line.replace(" ", ""))
    moved = line.replace(old, "[-2.74,53.45]").replace(old.replace(",", ", "), "[-2.74, 53.45]")
    assert moved != line
    path.write_text(text.replace(line, moved), encoding="utf-8")
    after = lcrmap("map", "innovation-assets", "-o", "after.html", "--pack", str(folder))
    assert "Most innovation assets are in Liverpool: 32 of 56" in before.out
    assert "Most innovation assets are in Liverpool: 31 of 56" in after.out
    pages = [
        (tmp_path / name).read_text(encoding="utf-8") for name in ("before.html", "after.html")
    ]
    assert "Most innovation assets are in Liverpool: 32 of 56" in pages[0]
    assert "32 of 56" not in pages[1]
    assert "Most innovation assets are in Liverpool: 31 of 56" in pages[1]


def test_files_that_nobody_here_made_are_drawn(lcrmap: Callable, tmp_path: Path) -> None:
    import geopandas as gpd
    import shapely

    (tmp_path / "mysites.csv").write_text(
        "Site,Latitude,Longitude\nŁódź office,53.41,-2.98\n利物浦,53.40,-2.99\n", encoding="utf-8"
    )
    areas = gpd.GeoDataFrame(
        {"ward": ["Môn"]}, geometry=[shapely.box(330000, 385000, 340000, 395000)], crs="EPSG:27700"
    )
    areas.to_file(tmp_path / "areas.gpkg", layer="areas")
    outcome = lcrmap("map", "mysites.csv", "areas.gpkg", "-o", "out.html")
    assert outcome.code == 0, outcome.err
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    for name in ("Łódź office", "利物浦", "Môn"):
        assert name in page


def test_another_regions_pack_makes_an_atlas(
    lcrmap: Callable, tmp_path: Path, skerries: object
) -> None:
    outcome = lcrmap("map", "--pack", str(skerries.folder))  # type: ignore[attr-defined]
    assert outcome.code == 0, outcome.err
    pages = list((tmp_path / "output").glob("*.html"))
    assert len(pages) == 1
    assert "Liverpool" not in pages[0].read_text(encoding="utf-8")


def test_where_draws_only_the_chosen_features(lcrmap: Callable, tmp_path: Path) -> None:
    outcome = lcrmap(
        *["map", "innovation-assets", "--where", "innovation-assets:sector = 'net_zero'"],
        *["-o", "zero.html"],
    )
    assert outcome.code == 0, outcome.err
    page = (tmp_path / "zero.html").read_text(encoding="utf-8")
    assert "Pilkington UK Greengate Works" in page
    assert "The Walton Centre" not in page


def test_a_filtered_map_says_of_how_many_it_shows_how_few(lcrmap: Callable, tmp_path: Path) -> None:
    outcome = lcrmap(
        "map", "innovation-assets", "--where", "sector = 'net_zero'", "-o", "zero.html"
    )
    assert "Where 6 of the 57 innovation assets are" in outcome.out  # one has no position
    page = (tmp_path / "zero.html").read_text(encoding="utf-8")
    assert "7 of 57, chosen by sector = &#39;net_zero&#39;" in page


def test_what_was_guessed_is_said_and_stands_on_the_page(lcrmap: Callable, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(
        "name;x;y\nA;334000;390000\nB;335000;391000\n", encoding="utf-8"
    )
    outcome = lcrmap("map", "mine.csv", "-o", "out.html")
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    for words in ("delimited by semicolons", "EPSG:27700"):
        assert words in outcome.err
        assert words in page


def test_a_map_says_the_same_whether_it_becomes_a_page_or_a_picture(
    lcrmap: Callable, tmp_path: Path
) -> None:
    rows = "name,jobs,borough\nA,30,Wirral\nB,20,Knowlsey\n"
    (tmp_path / "mine.csv").write_text(rows, encoding="utf-8")
    page = lcrmap("map", "mine.csv", "-o", "out.html")
    picture = lcrmap("map", "mine.csv", "-o", "out.png", "--dpi", "50")
    assert picture.out == page.out
    assert "not found (Knowlsey)" in picture.out.splitlines()[1]
    *noted, _ = picture.err.splitlines()
    assert noted == page.err.splitlines()[:-1]
    assert noted[-1].endswith("is 'Knowlsey' 'Knowsley'?")


def test_a_swapped_position_is_said_below_the_headline_and_in_the_text_of_the_picture(
    lcrmap: Callable, tmp_path: Path
) -> None:
    rows = "name,lat,lon\nA,53.40,-2.98\nB,53.42,-2.95\nC,53.35,-2.90\nD,-2.98,53.40\n"
    (tmp_path / "mine.csv").write_text(rows, encoding="utf-8")
    done = lcrmap("map", "mine.csv", "-o", "out.html", "-o", "out.png", "--dpi", "50")
    told = "in line 5: longitude and latitude swapped? Exchange them"
    assert told in done.err
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    header = page.partition("<header")[2].partition("</header>")[0]
    assert told in header.partition('<p class="notice">')[2]
    assert told in (tmp_path / "out.alt.txt").read_text(encoding="utf-8")
    plain = lcrmap("map", "boroughs", "-o", "plain.html")
    assert plain.code == 0
    header = (tmp_path / "plain.html").read_text(encoding="utf-8").partition("</header>")[0]
    assert 'class="notice"' not in header.partition("<header")[2]


@pytest.mark.parametrize("words", [["check"], ["show"], ["map", "-o", "out.html"]])
def test_a_swapped_easting_is_asked_about_as_a_swapped_longitude(
    lcrmap: Callable, tmp_path: Path, words: list[str]
) -> None:
    rows = "easting,northing,name\n335673,390633,a\n390633,335673,b\n"
    (tmp_path / "en.csv").write_text(rows, encoding="utf-8")
    done = lcrmap(words[0], "en.csv", *words[1:])
    assert "easting and northing swapped? Exchange them" in done.err + done.out


def test_a_type_column_of_a_users_file_becomes_symbols(lcrmap: Callable, tmp_path: Path) -> None:
    rows = ["A,Library,53.40,-2.99", "B,Museum,53.41,-2.98", "C,Library,53.42,-2.97"]
    (tmp_path / "mine.csv").write_text("Name,Type,Lat,Lon\n" + "\n".join(rows), encoding="utf-8")
    assert "most often Library (2) and Museum (1)" in lcrmap("map", "mine.csv", "-o", "a.html").out
    by_name = lcrmap("map", "mine.csv", "--category", "Name", "-o", "b.html")
    assert "most often A (1), B (1) and C (1)" in by_name.out


def test_python_takes_frames_and_a_single_filter(tmp_path: Path) -> None:
    import geopandas as gpd
    import shapely

    from lcrmap import make_map

    spots = gpd.GeoDataFrame(
        {"name": ["A", "B"]}, geometry=shapely.points([[-2.9, 53.4], [-2.8, 53.4]]), crs="EPSG:4326"
    )
    assert make_map(spots).model.places[0].total == 2
    assert make_map(spots, where="name = 'B'").model.places[0].total == 1
    both = make_map([spots, "freeport-sites"]).model.places
    assert [each.name for each in both] == ["places", "freeport-sites"]
