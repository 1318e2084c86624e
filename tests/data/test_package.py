"""The package's description: nothing missing, nothing wrong, and checks that bite."""

from __future__ import annotations

import copy
import re
import shutil
from dataclasses import replace

import pytest
import shapely
from data_checks import (
    check_files,
    check_geometry,
    check_order,
    check_pack,
    check_package,
    check_values,
)
from data_checks_sites import check_counts, check_region

LAYERS = {
    *("boroughs", "neighbourhoods", "small-areas", "wards", "backdrop"),
    *("bus-stops", "station-entrances", "ferries", "education"),
    *("gp-surgeries", "hospitals", "libraries"),
    *("freeport-sites", "investment-zone-sites", "innovation-assets", "planned-stations"),
    *("rail-stations", "residents", "postcodes", "crossings", "river"),
}
ONS = "Source: Office for National Statistics licensed under the Open Government Licence v3.0."
OS = "Contains OS data © Crown copyright and database right 2025."
ROYAL_MAIL = "Contains Royal Mail data © Royal Mail copyright and database right 2025."


def resource(package, name):
    return next(each for each in package["resources"] if each["name"] == name)


def field(package, layer, name):
    fields = resource(package, layer)["schema"]["fields"]
    return next(each for each in fields if each["name"] == name)


def test_the_shipped_pack_has_no_fault(data):
    assert check_region(data) == []


def test_the_pack_holds_the_layers_that_it_should(package):
    assert {each["name"] for each in package["resources"]} == LAYERS


def test_categories_have_the_colours_and_symbols_of_the_house_style(package):
    def drawn(layer, name):
        return {
            each["value"]: (each.get("colour"), each.get("symbol"))
            for each in field(package, layer, name)["categories"]
        }

    assert drawn("freeport-sites", "kind") == {
        "tax_site": ("navy", "hull"),
        "customs_site": ("navy", "gate"),
        "not_identified": (None, None),
    }
    assert drawn("investment-zone-sites", "kind") == {
        "tax_site": ("rose", "block-arrow"),
        "project_site": ("rose", "saltire"),
        "campus": ("rose", "dome"),
    }
    assert drawn("innovation-assets", "sector") == {
        "health_life_sciences": ("rose", "circle"),
        "infection_control": ("vermilion", "plus"),
        "materials_chemistry": ("brown", "square"),
        "net_zero": ("green", "triangle-up"),
        "ai_emerging_tech": ("violet", "diamond"),
        "maritime_logistics": ("navy", "triangle-down"),
        "cross_sector": ("ink", "star"),
    }


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("boroughs", [ONS, OS]),
        ("neighbourhoods", [ONS, OS, "MSOA names: House of Commons Library."]),
        ("wards", [ONS, OS]),
        ("backdrop", [ONS, OS]),
        ("freeport-sites", [OS, ROYAL_MAIL]),
        ("investment-zone-sites", [OS, ROYAL_MAIL]),
        ("innovation-assets", [OS, ROYAL_MAIL]),
        ("residents", [ONS, OS, ROYAL_MAIL]),
        ("postcodes", [OS, ROYAL_MAIL]),
        ("crossings", [OS, ROYAL_MAIL]),
        ("rail-stations", ["Contains public sector information licensed under the Open"]),
    ],
)
def test_credit_lines_stand_verbatim(package, name, lines):
    assert [line for line in lines if line not in resource(package, name)["lcrmap"]["credit"]] == []


def test_the_licence_page_tells_each_layer_and_its_credit_line(package, data):
    page = (data / "LICENCES.md").read_text(encoding="utf-8")
    for each in package["resources"]:
        section = page.split(f"## {each['name']}\n")[1].split("\n## ")[0]
        names = ", ".join(licence["name"] for licence in each["licenses"])
        assert f"- Licence: {names}\n" in section
        assert f"- Credit: {each['lcrmap']['credit']}\n" in section
        assert "- Changed: " in section


def test_the_freeport_layer_says_how_its_count_comes_about(package):
    text = resource(package, "freeport-sites")["description"]
    for words in ("16 rows", "15 are places", "3 tax sites and 12 customs sites", "13 rows have"):
        assert words in text


def test_the_asset_layer_says_that_figure_1_proves_nothing(package):
    text = resource(package, "innovation-assets")["description"]
    assert "nothing proves that a given one is in Figure 1" in text


def test_texts_hold_no_place_of_a_machine(data):
    for path in (data / "datapackage.json", data / "LICENCES.md"):
        found = re.findall(
            r"(?:/home/|/Users/|/root/|/tmp/|[A-Z]:\\)\S*", path.read_text(encoding="utf-8")
        )
        assert found == []


def spoil_name(package):
    resource(package, "boroughs")["name"] = "Boroughs"


def spoil_path(package):
    resource(package, "boroughs")["path"] = "../boroughs.geojson"


def spoil_credit(package):
    resource(package, "boroughs")["lcrmap"]["credit"] = ""


def spoil_source(package):
    resource(package, "boroughs")["sources"] = []


def spoil_licence(package):
    resource(package, "boroughs")["licenses"] = [{"path": "https://example.org"}]


def spoil_key(package):
    resource(package, "boroughs")["schema"]["primaryKey"] = ["gss"]


def spoil_colour(package):
    field(package, "freeport-sites", "kind")["categories"][0]["colour"] = "puce"


def spoil_category(package):
    field(package, "freeport-sites", "kind")["categories"].pop()


def spoil_shared_column(package):
    field(package, "freeport-sites", "status")["title"] = "State"


def spoil_role_layer(package):
    package["lcrmap"]["roles"]["areas"] = "counties"


def spoil_role_field(package):
    package["lcrmap"]["roles"]["population"]["field"] = "people"


def spoil_atlas(package):
    package["lcrmap"]["roles"]["atlas"]["off"] = ["harbours"]


def double_a_layer(package):
    package["resources"].append(resource(package, "wards"))


@pytest.mark.parametrize(
    "spoil",
    [
        spoil_name,
        spoil_path,
        spoil_credit,
        spoil_source,
        spoil_licence,
        spoil_key,
        spoil_colour,
        spoil_category,
        spoil_shared_column,
        spoil_role_layer,
        spoil_role_field,
        spoil_atlas,
        double_a_layer,
    ],
)
def test_a_spoilt_description_is_found(package, spoil):
    spoilt = copy.deepcopy(package)
    spoil(spoilt)
    assert list(check_package(package)) == []
    assert list(check_package(spoilt))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("confidence", None),
        ("confidence", "certain"),
        ("confidence", ""),
        ("name", " Parkside"),
        ("name", 7),
        ("id", "Parkside"),
        ("position_error_m", 0),
        ("position_error_m", 700.5),
        ("position_error_m", True),
        ("since", "July 2022"),
        ("note", "x" * 161),
    ],
)
def test_a_value_that_breaks_the_schema_is_found(layers, name, value):
    layer = layers["freeport-sites"]
    rows = [{**row, name: value} if row["id"] == "parkside" else row for row in layer.rows]
    assert list(check_values(layer)) == []
    assert len(list(check_values(replace(layer, rows=rows)))) == 1


def test_a_row_without_a_field_is_found(layers):
    layer = layers["boroughs"]
    rows = [{k: v for k, v in row.items() if k != "area_km2"} for row in layer.rows]
    assert list(check_values(replace(layer, rows=rows)))


def test_an_id_that_stands_twice_and_rows_out_of_order_are_found(layers):
    layer = layers["boroughs"]
    rows = [layer.rows[-1], *layer.rows[1:]]
    spoilt = replace(layer, rows=rows)
    assert list(check_values(spoilt)) == ["E08000015: code 'E08000015' stands there before."]
    assert list(check_order(spoilt)) == ["The rows are not sorted by code."]


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Point(-3, 53),
        shapely.Polygon(),
        shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]),
        shapely.box(333_000, 390_000, 334_000, 391_000),
    ],
    ids=["point", "empty", "bow tie", "metres"],
)
def test_a_geometry_that_is_no_area_on_earth_is_found(layers, shape):
    layer = layers["boroughs"]
    spoilt = replace(layer, shapes=[shape, *layer.shapes[1:]])
    assert list(check_geometry(layer)) == []
    assert len(list(check_geometry(spoilt))) == 1


def test_a_resident_too_many_is_found(layers):
    layer = layers["residents"]
    first = {**layer.rows[0], "residents": layer.rows[0]["residents"] + 1}
    spoilt = {**layers, "residents": replace(layer, rows=[first, *layer.rows[1:]])}
    assert list(check_counts(spoilt)) == ["residents: 1551785 residents, not 1551784."]


def test_a_file_edited_without_renewing_its_hash_is_found(package, data, tmp_path):
    shutil.copytree(data, tmp_path / "data")
    path = tmp_path / "data" / "sites" / "freeport-sites.geojson"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    (tmp_path / "data" / "sites" / "harbours.geojson").write_text("{}", encoding="utf-8")
    assert list(check_files(tmp_path / "data", package)) == [
        "sites/harbours.geojson is not described.",
        (
            "freeport-sites: size or hash differs from datapackage.json: "
            "run scripts/build_data.py to renew them."
        ),
    ]


def test_the_fictitious_pack_has_no_fault(root):
    assert check_pack(root / "tests" / "packs" / "skerries") == []
