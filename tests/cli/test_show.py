"""lcrmap show: rows out in every form, and back in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.tables import rows


def test_off_a_terminal_show_prints_geojson_with_every_row(lcrmap: Callable) -> None:
    collection = json.loads(lcrmap("show", "freeport-sites").out)
    assert collection["type"] == "FeatureCollection"
    assert len(collection["features"]) == 16
    assert sum(each["geometry"] is None for each in collection["features"]) == 3


def test_where_columns_sort_and_limit_work_together(lcrmap: Callable) -> None:
    outcome = lcrmap(
        *["show", "boroughs", "--where", "area_km2 > 100", "--columns", "name,area_km2"],
        *["--sort", "-area_km2", "--limit", "2", "--format", "csv"],
    )
    table = rows(outcome.out)
    assert [row["name"] for row in table] == ["Wirral", "Sefton"]
    assert "The first 2 of 4 rows" in outcome.err


def test_a_table_shows_categories_by_their_readable_name(lcrmap: Callable) -> None:
    out = lcrmap("show", "innovation-assets", "--format", "table").out
    assert "Net zero" in out
    assert "net_zero" not in out


def test_every_row_of_a_table_is_one_line_and_none_is_cut(lcrmap: Callable) -> None:
    out = lcrmap("show", "innovation-assets", "--format", "table", "--columns", "id,name").out
    assert "…" not in out
    assert "CENTRAL TECH (former Sensor City)" in out
    assert len(out.strip().splitlines()) == 57 + 2


def test_show_feeds_show_with_metadata(shell: Callable) -> None:
    outcome = shell(
        "lcrmap show innovation-assets --where \"sector = 'net_zero'\" | lcrmap show - --format json"
    )
    answer = json.loads(outcome.out)
    assert answer["title"] == "Innovation assets"
    assert answer["credit"]
    assert {row["sector"] for row in answer["rows"]} == {"net_zero"}


def test_output_files_are_written_and_said(lcrmap: Callable, tmp_path: Path) -> None:
    outcome = lcrmap("show", "wards", "-o", "wards.csv", "-o", "wards.gpkg")
    assert outcome.out == ""
    assert "Wrote wards.csv (159 rows) and wards.csv-metadata.json." in outcome.err
    assert len(rows((tmp_path / "wards.csv").read_text(encoding="utf-8"))) == 159
    assert lcrmap("show", "wards.gpkg", "--format", "json").code == 0


def test_an_existing_file_is_kept_unless_overwrite_is_said(
    lcrmap: Callable, tmp_path: Path
) -> None:
    (tmp_path / "mine.csv").write_text("precious", encoding="utf-8")
    refused = lcrmap("show", "boroughs", "-o", "mine.csv")
    assert refused.code == 4
    assert "--overwrite" in refused.err
    assert (tmp_path / "mine.csv").read_text(encoding="utf-8") == "precious"
    assert lcrmap("show", "boroughs", "-o", "mine.csv", "--overwrite").code == 0


def test_a_page_of_the_rows_holds_them_and_no_other(lcrmap: Callable, tmp_path: Path) -> None:
    assert lcrmap("show", "boroughs", "--where", "name = 'Halton'", "-o", "halton.html").code == 0
    assert "Halton" in (tmp_path / "halton.html").read_text(encoding="utf-8")


def test_a_cell_that_looks_like_a_formula_is_disarmed(lcrmap: Callable, tmp_path: Path) -> None:
    (tmp_path / "evil.csv").write_text(
        'name,lat,lon\n"=HYPERLINK(""http://x"")",53.4,-2.9\n-5,53.4,-2.9\n', encoding="utf-8"
    )
    outcome = lcrmap("show", "evil.csv", "--format", "csv")
    assert rows(outcome.out)[0]["name"].startswith("'=")


def test_another_regions_pack_works(lcrmap: Callable, skerries: object) -> None:
    folder = str(skerries.folder)  # type: ignore[attr-defined]
    names = [each.name for each in skerries]  # type: ignore[attr-defined]
    for name in names:
        assert lcrmap("show", name, "--pack", folder, "--format", "csv").code == 0


def test_the_columns_of_a_layer_are_those_that_the_pack_describes(
    lcrmap: Callable, pack: object
) -> None:
    for metadata in pack:  # type: ignore[attr-defined]
        answer = json.loads(lcrmap("show", metadata.name, "--limit", "1", "--format", "json").out)
        described = [each.name for each in metadata.fields]
        assert list(answer["rows"][0])[: len(described)] == described, metadata.name


def test_coordinates_that_a_table_has_are_not_written_twice(
    lcrmap: Callable, tmp_path: Path
) -> None:
    (tmp_path / "mine.csv").write_text("Name,Latitude,Longitude\nA,53.4,-2.9\n", encoding="utf-8")
    out = lcrmap("show", "mine.csv", "--format", "csv").out
    assert out.splitlines() == ["Name,Latitude,Longitude", "A,53.4,-2.9"]


def test_a_folder_called_output_is_made_when_it_is_missing(
    lcrmap: Callable, tmp_path: Path
) -> None:
    assert lcrmap("show", "boroughs", "-o", "output/boroughs.csv").code == 0
    assert (tmp_path / "output" / "boroughs.csv").is_file()


def test_a_spreadsheet_is_answered_with_what_to_save_it_as(
    lcrmap: Callable, tmp_path: Path
) -> None:
    (tmp_path / "book.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    outcome = lcrmap("show", "book.xls")
    assert outcome.code == 3
    assert "save it as .xlsx, .ods or CSV UTF-8" in outcome.err


def test_a_postcode_that_is_not_found_is_not_called_unpublished(
    lcrmap: Callable, tmp_path: Path
) -> None:
    (tmp_path / "pc.csv").write_text("name,postcode\nA,L1 8JQ\nB,XX1 1XX\nC,\n", encoding="utf-8")
    said = lcrmap("show", "pc.csv", "--format", "table").err
    assert "2 places without a position: none is given, or none is found for what is given." in said
    own = lcrmap("show", "freeport-sites", "--format", "table").err
    assert "3 Freeport sites without a position: not published." in own


def test_a_file_without_features_is_said_to_have_none(lcrmap: Callable, tmp_path: Path) -> None:
    path = tmp_path / "empty.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    done = lcrmap("show", str(path), "--format", "table")
    assert done.err.splitlines() == ["empty has no features: check how it was made."]
    assert lcrmap("check", str(path)).code == 1
