"""A data package's own schema: each demand by hand, in a file of the package and in no other."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from lcrmap.analysis.proximity import distance
from lcrmap.checks.demands import DEMANDS, broken
from lcrmap.errors import DataError
from lcrmap.io.inspecting import inspect_file
from lcrmap.io.reading import Asked
from lcrmap.layers import Pack, open_pack
from lcrmap.layers.constraints import Constraints, read_constraints

FIELDS: list[dict[str, Any]] = [
    {"name": "code", "type": "string", "constraints": {"pattern": "E[0-9]{3}"}},
    {"name": "kind", "type": "string", "constraints": {"required": True, "enum": ["a", "b"]}},
    {"name": "n", "type": "integer", "constraints": {"minimum": 0, "maximum": 9}},
    {"name": "share", "type": "number"},
    {"name": "open", "type": "boolean"},
    {"name": "note", "type": "string", "constraints": {"maxLength": 3, "minLength": 2}},
    {"name": "ref", "type": "string", "constraints": {"unique": True}},
]
GOOD: dict[str, Any] = {
    "code": "E001", "kind": "a", "n": 3, "share": 0.5, "open": True, "note": "abc", "ref": "x",
}  # fmt: skip


def pack_of(folder: Path, fields: list[dict[str, Any]], path: str) -> Pack:
    resource = {
        "name": "sites",
        "path": path,
        "schema": {"fields": fields, "primaryKey": "code"},
        "lcrmap": {"geometry": "point", "crs": "EPSG:4326", "x": "lon", "y": "lat"},
    }
    (folder / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [resource]}))
    return open_pack(folder)


def said(
    folder: Path, rows: list[dict[str, Any]], fields: list[dict[str, Any]] = FIELDS
) -> list[Any]:
    features = [
        {"type": "Feature", "properties": row, "geometry": {"type": "Point", "coordinates": [-3 + n / 100, 53.4]}}
        for n, row in enumerate(rows)
    ]  # fmt: skip
    file = folder / "sites.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    pack = pack_of(folder, fields, "sites.geojson")
    found = inspect_file(str(file), Asked(), pack=pack, distance=distance)
    return [each for each in found if each.rule.startswith("schema")]


@pytest.mark.parametrize(
    ("column", "value", "rule", "words"),
    [
        ("code", "E01", "schema-pattern", "'E01' in the column 'code' does not match the pattern E[0-9]{3}"),
        ("code", "xE001x", "schema-pattern", "does not match"),
        ("code", "E001\n", "schema-pattern", "does not match"),
        ("code", None, "schema-required", "The column 'code' is empty"),
        ("kind", None, "schema-required", "The column 'kind' is empty"),
        ("kind", "", "schema-required", "The column 'kind' is empty"),
        ("kind", "A", "schema-enum", "'A' in the column 'kind' is none of a, b"),
        ("n", -1, "schema-range", "'-1' in the column 'n' is less than 0"),
        ("n", 10, "schema-range", "'10' in the column 'n' is more than 9"),
        ("share", "0.5", "schema-type", "'0.5' in the column 'share' is not of the type number"),
        ("n", "4", "schema-type", "'4' in the column 'n' is not of the type integer"),
        ("n", [1], "schema-type", "is not of the type integer"),
        ("open", "yes", "schema-type", "is not of the type boolean"),
        ("note", "abcd", "schema-length", "is longer than 3 characters"),
        ("note", "a", "schema-length", "is shorter than 2 characters"),
        ("ref", "y", "schema-unique", "'y' in the column 'ref' stands there before"),
    ],
)  # fmt: skip
def test_a_value_that_breaks_a_demand_is_found(
    tmp_path: Path, column: str, value: Any, rule: str, words: str
) -> None:
    other = {**GOOD, "code": "E002", "ref": "y"}
    assert said(tmp_path, [GOOD, other]) == []
    third = {**GOOD, "code": "E003", "ref": "z", column: value}
    (found,) = said(tmp_path, [GOOD, other, third])
    assert (found.rule, found.severity) == (rule, "error")
    assert words in found.message
    assert (found.lon, found.lat) == (-2.98, 53.4)


def test_a_bound_is_allowed_itself(tmp_path: Path) -> None:
    low = {**GOOD, "n": 0, "note": "ab"}
    assert said(tmp_path, [low, {**GOOD, "code": "E002", "n": 9, "note": "abc", "ref": "y"}]) == []


def test_a_key_is_unique_without_a_word(tmp_path: Path) -> None:
    (found,) = said(tmp_path, [GOOD, {**GOOD, "ref": "y"}])
    assert (found.rule, found.message) == (
        "schema-unique",
        "'E001' in the column 'code' stands there before: give each row a value of its own.",
    )


def test_columns_that_lack_or_are_not_described_are_found(tmp_path: Path) -> None:
    row = {name: value for name, value in GOOD.items() if name != "note"}
    (found,) = said(tmp_path, [{**row, "more": 1}])
    assert found.rule == "schema-fields"
    assert "lacks the columns 'note' and has the columns 'more', which its schema" in found.message


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ({"name": "note", "constraints": {"pattern": "(?=a)a"}}, "the pattern of 'note'"),
        ({"name": "note", "constraints": {"pattern": "(a"}}, "the pattern of 'note'"),
        ({"name": "note", "type": "geopoint"}, "the type geopoint of 'note'"),
    ],
)
def test_what_is_not_looked_at_is_said(tmp_path: Path, field: dict[str, Any], words: str) -> None:
    fields = [each for each in FIELDS if each["name"] != "note"] + [field]
    (found,) = said(tmp_path, [GOOD], fields)
    assert (found.rule, found.severity) == ("schema-unchecked", "warning")
    assert words in found.message


def test_a_pattern_takes_time_in_proportion_to_the_text() -> None:
    started = time.process_time()
    field = Constraints("a", pattern="(a+)+b|(x|xx)*y")
    assert len(list(broken("schema-pattern", field, ["a" * 100_000, "x" * 100_000]))) == 2
    assert time.process_time() - started < 2


def test_cells_of_a_table_have_the_type_that_they_can_be_read_as(tmp_path: Path) -> None:
    fields = [*FIELDS, {"name": "lon", "type": "number"}, {"name": "lat", "type": "number"}]
    pack = pack_of(tmp_path, fields, "sites.csv")
    head = "code,kind,n,share,open,note,ref,lon,lat\n"
    file = tmp_path / "sites.csv"
    file.write_text(head + "E001,a,3,0.5,true,123,007,-3,53.4\nE002,b,,,,,,-2.9,53.4\n")
    assert [
        each.rule for each in inspect_file(str(file), Asked(), pack=pack, distance=distance)
    ] == []
    file.write_text(head + "E001,a,x,0.5,yes,123,007,-3,53.4\nE002,b,12,,true,,,-2.9,53.4\n")
    found = [
        each
        for each in inspect_file(str(file), Asked(), pack=pack, distance=distance)
        if each.rule != "reader"
    ]
    assert [(each.rule, each.line) for each in found if each.severity == "error"] == [
        ("schema-type", 2),
        ("schema-type", 2),
        ("schema-range", 3),
    ]


def test_a_file_outside_the_package_is_not_held_to_its_schema(tmp_path: Path) -> None:
    assert len(said(tmp_path, [{**GOOD, "n": 10}])) == 1
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(tmp_path / "sites.geojson", other)
    shutil.copy(tmp_path / "datapackage.json", other)
    here = open_pack(tmp_path)
    found = inspect_file(str(other / "sites.geojson"), Asked(), pack=here, distance=distance)
    assert not any(each.rule.startswith("schema") for each in found)


def test_the_pack_of_lcrmap_keeps_to_its_schema() -> None:
    pack = open_pack()
    for name in ("boroughs", "freeport-sites", "crossings"):
        found = inspect_file(str(pack.path(name)), Asked(), pack=pack, distance=distance)
        assert not any(each.rule.startswith("schema") for each in found)


@pytest.mark.parametrize(
    "demands",
    [
        {"minimum": [1]},
        {"pattern": 3},
        {"pattern": "a" * 2000},
        {"required": "yes"},
        {"enum": "a"},
        {"maxLength": "3"},
        [],
        "required",
    ],
)
def test_a_schema_that_makes_no_sense_is_refused_in_a_sentence(demands: Any) -> None:
    with pytest.raises(DataError, match="The schema of the layer sites cannot be read"):
        read_constraints({"fields": [{"name": "a", "constraints": demands}]}, "sites")


def test_equal_numbers_are_equal_and_truth_values_are_none() -> None:
    field = Constraints("a", unique=True, enum=(1, 2))
    assert list(broken("schema-unique", field, [1, 1.0, True, None, None])) == [
        (1, "stands there before")
    ]
    assert [row for row, _ in broken("schema-enum", field, [1.0, True, "1", None])] == [1, 2]


def test_every_demand_is_a_rule() -> None:
    from lcrmap.checks.thorough import RULES

    assert set(DEMANDS) < set(RULES)
