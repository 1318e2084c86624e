"""The abstract tests of OGC API Features, one for each, named by its number; and clients of others.

Part 1 is OGC 17-069r4 (annex A), Part 2 OGC 18-058r1 (annex A). The numbers are theirs.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pyogrio
import pyproj
import pytest
import shapely
from openapi_spec_validator import validate
from owslib.ogcapi.features import Features

from lcrmap.io.opening import layer_of_pack
from lcrmap.layers import open_pack
from lcrmap.live.crs import CRS84, LISTED
from tests.live.conftest import BOTH, Running, run, run_here

LAYERS = ("isles", "landings", "hearths", "sound", "fords", "comments")
ITEMS = "/collections/landings/items"


def get(live: Running, path: str, status: int = 200, **params: Any) -> Any:
    with live.client() as client:
        found = client.get(path, params=params)
        assert found.status_code == status, found.text
        return found.json()


def rels(value: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in value["links"]:
        found.setdefault(each["rel"], []).append(each["type"])
    return found


class TestPart1:
    """Annex A of Part 1."""

    def test_a2_2_1_http(self, live: Running) -> None:
        """/ats/core/http."""
        with live.client() as client:
            assert client.get("/").http_version == "HTTP/1.1"
            assert client.head(ITEMS).status_code == 200
            assert client.put("/collections", json={}).status_code == 405
            assert client.get("/nowhere").status_code == 404

    def test_a2_2_2_root(self, live: Running) -> None:
        """/ats/core/root-op and root-success."""
        found = rels(get(live, "/"))
        assert {"service-desc", "service-doc", "conformance", "data"} <= set(found)

    def test_a2_2_3_api_definition(self, live: Running) -> None:
        """/ats/core/api-definition-op and api-definition-success."""
        with live.client() as client:
            found = client.get("/api")
            assert found.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
            document = found.json()
        validate(document)
        assert all(
            each.startswith("#/")
            for each in re.findall(r'"\$ref": "([^"]+)"', json.dumps(document))
        )

    def test_a2_2_4_conformance(self, live: Running) -> None:
        """/ats/core/conformance-op and conformance-success."""
        found = get(live, "/conformance")["conformsTo"]
        assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in found

    def test_a2_2_5_collections(self, live: Running) -> None:
        """/ats/core/fc-md-op, fc-md-success, fc-md-links, fc-md-items, fc-md-items-links, fc-md-extent."""
        found = get(live, "/collections")
        assert {"self", "alternate"} <= set(rels(found))
        assert {each["id"] for each in found["collections"]} == set(LAYERS)
        for each in found["collections"]:
            kinds = rels(each)["items"]
            assert {"application/geo+json", "text/html"} <= set(kinds)
            box = each.get("extent", {"spatial": {"bbox": [[0, 0, 1, 1]]}})["spatial"]["bbox"][0]
            assert -180 <= box[0] <= box[2] <= 180
            assert -90 <= box[1] <= box[3] <= 90

    @pytest.mark.parametrize("name", LAYERS)
    def test_a2_2_6_collection(self, live: Running, name: str) -> None:
        """/ats/core/sfc-md-op and sfc-md-success."""
        listed = {each["id"]: each for each in get(live, "/collections")["collections"]}
        assert get(live, f"/collections/{name}") == listed[name]
        assert get(live, f"/collections/{name}x", 404)["status"] == 404

    @pytest.mark.parametrize("name", LAYERS)
    def test_a2_2_7_features(self, live: Running, name: str) -> None:
        """/ats/core/fc-op, fc-response, fc-links, fc-timeStamp, fc-numberMatched, fc-numberReturned."""
        found = get(live, f"/collections/{name}/items", limit=10_000)
        assert found["type"] == "FeatureCollection"
        assert {"self", "alternate"} <= set(rels(found))
        assert datetime.fromisoformat(found["timeStamp"])
        assert found["numberMatched"] == found["numberReturned"] == len(found["features"])

    def test_a2_2_8_bbox(self, live: Running) -> None:
        """/ats/core/fc-bbox-definition and fc-bbox-response: the box meets what shapely says."""
        everything = get(live, ITEMS)["features"]
        shapes = {
            each["id"]: shapely.from_geojson(json.dumps(each["geometry"]))
            for each in everything
            if each["geometry"]
        }
        for box in (
            (60.0, -46.1, 60.1, -46.0),
            (60.2, -45.85, 60.2, -45.85),
            (179, -90, -179, 90),
            (170, -90, 100, 90),
        ):
            met = {
                each["id"] for each in get(live, ITEMS, bbox=",".join(map(str, box)))["features"]
            }
            parts = (
                [box]
                if box[0] <= box[2]
                else [(box[0], box[1], 180, box[3]), (-180, box[1], box[2], box[3])]
            )
            areas = [shapely.box(*each) for each in parts]
            assert met == {
                name for name, each in shapes.items() if any(each.intersects(one) for one in areas)
            }
        for bad in ("1,2,3", "a,b,c,d", "1,2,3,0", "1,2,nan,4", "0,0,0,0,0"):
            get(live, ITEMS, 400, bbox=bad)

    def test_a2_2_9_limit(self, live: Running) -> None:
        """/ats/core/fc-limit-definition and fc-limit-response."""
        found = get(live, ITEMS, limit=3)
        assert found["numberReturned"] == len(found["features"]) == 3
        assert "next" in rels(found)
        for bad in ("0", "-1", "x", "1.5", "٣"):
            get(live, ITEMS, 400, limit=bad)
        assert get(live, ITEMS, limit=10**30)["numberReturned"] <= 10_000

    def test_a2_2_10_datetime(self, live: Running) -> None:
        """/ats/core/fc-time-definition and fc-time-response: a layer without a time meets each."""
        count = get(live, ITEMS)["numberMatched"]
        for good in (
            "2024-01-01",
            "2024-01-01/2025-01-01",
            "../2024-02-03T04:05:06Z",
            "2024-01-01/..",
        ):
            assert get(live, ITEMS, datetime=good)["numberMatched"] == count
        for bad in (
            "x",
            "2024-13",
            "2025-01-01/2024-01-01",
            "../..",
            "2024-01-01/2024-02-01/2024-03-01",
        ):
            get(live, ITEMS, 400, datetime=bad)

    def test_a2_2_11_unknown_parameter(self, live: Running) -> None:
        """/ats/core/query-param-unknown and query-param-invalid."""
        get(live, ITEMS, 400, nonsense="1")
        get(live, "/collections", 400, limit="1")
        get(live, ITEMS, 400, f="xml")

    def test_a2_2_12_filter_parameters(self, live: Running) -> None:
        """/rec/core/fc-filters: a field is a parameter."""
        found = get(live, ITEMS, kind="jetty")["features"]
        assert {each["properties"]["kind"] for each in found} == {"jetty"}

    @pytest.mark.parametrize("name", LAYERS[:5])
    def test_a2_2_13_feature(self, live: Running, name: str) -> None:
        """/ats/core/f-op, f-success and f-links."""
        for each in get(live, f"/collections/{name}/items")["features"]:
            found = get(live, f"/collections/{name}/items/{each['id']}")
            assert {"self", "alternate", "collection"} <= set(rels(found))
            assert {key: found[key] for key in each} == each
        get(live, f"/collections/{name}/items/none", 404)

    def test_a3_html(self, live: Running) -> None:
        """/ats/html/definition and content."""
        for path in (
            "/",
            "/api",
            "/conformance",
            "/collections",
            "/collections/landings",
            ITEMS,
            f"{ITEMS}/bei-jetty",
        ):
            with live.client() as client:
                found = client.get(path, headers={"accept": "text/html"})
                assert found.headers["content-type"] == "text/html; charset=utf-8"
                assert found.text.startswith("<!DOCTYPE html>")

    def test_a4_geojson(self, live: Running) -> None:
        """/ats/geojson/definition and content."""
        with live.client() as client:
            for path in (ITEMS, f"{ITEMS}/bei-jetty"):
                assert client.get(path).headers["content-type"] == "application/geo+json"


class TestPart2:
    """Annex A of Part 2."""

    def test_a1_crs_uri(self, live: Running) -> None:
        """/conf/crs/crs-uri, fc-md-crs-list, fc-md-storageCrs."""
        for each in get(live, "/collections")["collections"]:
            assert each["crs"] == list(LISTED)
            assert each["storageCrs"] in each["crs"]

    def test_a2_crs_parameter(self, live: Running) -> None:
        """/conf/crs/fc-crs-definition, fc-crs-valid-value, ogc-crs-header, geometries in that CRS."""
        with live.client() as client:
            plain = client.get(ITEMS)
            assert plain.headers["content-crs"] == f"<{CRS84}>"
            x, y = client.get(f"{ITEMS}/bei-jetty").json()["geometry"]["coordinates"]
            found = client.get(f"{ITEMS}/bei-jetty", params={"crs": LISTED[1]})
            assert found.headers["content-crs"] == f"<{LISTED[1]}>"
            assert found.json()["geometry"]["coordinates"] == [y, x]
            found = client.get(f"{ITEMS}/bei-jetty", params={"crs": LISTED[2]})
            turn = pyproj.Transformer.from_crs("OGC:CRS84", "EPSG:27700")
            assert found.json()["geometry"]["coordinates"] == pytest.approx(
                turn.transform(x, y), abs=0.001
            )
        get(live, ITEMS, 400, crs="http://www.opengis.net/def/crs/EPSG/0/1")

    def test_a3_bbox_crs(self, live: Running) -> None:
        """/conf/crs/fc-bbox-crs-definition, valid-value, action."""
        plain = get(live, ITEMS, bbox="60.0,-46.1,60.1,-46.0")["features"]
        turned = get(live, ITEMS, **{"bbox": "-46.1,60.0,-46.0,60.1", "bbox-crs": LISTED[1]})[
            "features"
        ]
        assert plain == turned
        assert plain
        get(live, ITEMS, 400, **{"bbox": "1,2,3,4", "bbox-crs": "EPSG:1"})


class TestPart3:
    """Filters in CQL2 text: the same that --where takes."""

    @pytest.mark.parametrize(
        "text",
        ["kind = 'jetty'", "position_error_m > 20 OR note IS NULL", "CASEI(called) LIKE 'b%'"],
    )
    def test_a_filter_is_that_of_the_command(
        self, live: Running, tmp_path: Path, text: str
    ) -> None:
        run_here("live", "export", live.folder, "-o", tmp_path / "now")
        done = run(
            "show", "landings", "--where", text, "--pack", tmp_path / "now", "--format", "geojson"
        )
        expected = {each["id"] for each in json.loads(done.stdout or '{"features":[]}')["features"]}
        found = get(live, ITEMS, **{"filter": text, "filter-lang": "cql2-text"})
        assert {each["id"] for each in found["features"]} == expected
        assert found["numberMatched"] == len(expected)

    @pytest.mark.parametrize(
        "text",
        [
            "kind =",
            "nothing = 1",
            "1; drop table log",
            "kind = 'jetty",
            "S_INTERSECTS(geometry, POINT(0 0))",
        ],
    )
    def test_a_bad_filter_is_told_in_a_sentence(self, live: Running, text: str) -> None:
        assert get(live, ITEMS, 400, filter=text)["detail"]

    def test_queryables_are_the_fields(self, live: Running) -> None:
        found = get(live, "/collections/landings/queryables")
        assert set(found["properties"]) == {
            "ref",
            "called",
            "kind",
            "confidence",
            "position_error_m",
            "note",
        }
        jsonschema.Draft202012Validator.check_schema(found)


class TestPart5:
    """Schemas."""

    @pytest.mark.parametrize("name", LAYERS)
    def test_every_feature_keeps_its_schema(self, live: Running, name: str) -> None:
        schema = get(live, f"/collections/{name}/schema")
        jsonschema.Draft202012Validator.check_schema(schema)
        geometry = schema["properties"].pop("geometry")
        assert geometry["x-ogc-role"] == "primary-geometry"
        for each in get(live, f"/collections/{name}/items")["features"]:
            filled = {key: value for key, value in each["properties"].items() if value is not None}
            jsonschema.validate(filled, schema, cls=jsonschema.Draft202012Validator)


def test_part_4_changes_are_declared(live: Running) -> None:
    document = get(live, "/api")
    paths = document["paths"]
    assert {"get", "post"} <= set(paths[ITEMS])
    assert {"get", "put", "patch", "delete"} <= set(paths[f"{ITEMS}/{{featureId}}"])
    assert set(paths["/collections/isles/items"]) == {"get"}  # not open to edits


@pytest.mark.parametrize("name", LAYERS[:5])
def test_gdal_reads_what_the_export_has(live: Running, name: str, tmp_path: Path) -> None:
    assert_gdal_reads(live, name, tmp_path / "now")


def assert_gdal_reads(live: Running, name: str, pack: Path) -> None:
    """Export a map, and hold what GDAL reads of a layer of the server to it."""
    assert run_here("live", "export", live.folder, "-o", pack).returncode == 0
    mine = layer_of_pack(name, open_pack(pack)).frame
    theirs = pyogrio.read_dataframe(f"OAPIF:{live.url}", layer=name)
    with urllib.request.urlopen(f"{live.url}/collections/{name}/items?limit=1") as answer:
        key = next(iter(json.load(answer)["features"][0]["properties"]))
    mine, theirs = (each.sort_values(key).reset_index(drop=True) for each in (mine, theirs))
    assert mine.geometry.isna().tolist() == theirs.geometry.isna().tolist()
    assert (
        shapely.equals_exact(mine.geometry.values, theirs.geometry.values, 1e-9).sum()
        == mine.geometry.notna().sum()
    )
    for column in set(mine.columns) - {"geometry", "id"}:
        ours = [None if each != each else each for each in mine[column].tolist()]
        others = [None if each != each else each for each in theirs[column].tolist()]
        assert ours == others, column


def test_owslib_reads_and_writes(live: Running) -> None:
    service = Features(f"{live.url}/")
    assert set(service.feature_collections()) == set(LAYERS)
    for name in LAYERS:
        found = service.collection_items(name, limit=1000)
        assert found["features"] == get(live, f"/collections/{name}/items?limit=1000")["features"]
    signed = {
        "authorization": f"Bearer {live.tokens['Ann']}",
        "Content-Type": "application/geo+json",
    }
    own = Features(f"{live.url}/", headers=signed)
    hut = {
        "type": "Feature",
        "geometry": None,
        "properties": {"called": "Hut of owslib", "kind": "hut", "confidence": "reported"},
    }
    assert own.collection_item_create("landings", json.dumps(hut)) is True


def test_gdal_pages_while_others_edit(make_live: Callable[..., Running]) -> None:
    live = make_live()
    with live.client("Ann") as ann:
        before = {each["id"] for each in ann.get(ITEMS).json()["features"]}
        for number in range(5):
            ann.patch(
                f"{ITEMS}/boathouse",
                json={"properties": {"note": str(number)}},
                headers={"if-match": "*"},
            )
            found = pyogrio.read_dataframe(f"OAPIF:{live.url}", layer="landings", PAGE_SIZE=2)
            assert set(found["ref"]) == before


@BOTH
def test_made_up_requests_get_no_fault_and_no_answer_that_is_not_declared(
    make_live: Callable[..., Running], tmp_path: Path, store: str
) -> None:
    live = make_live(store=store, users=("Ada",))
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    options = [
        "--checks",
        checks,
        "--phases",
        "fuzzing",
        "--max-examples",
        "4" if store == "sqlite" else "2",
        "--generation-deterministic",
    ]
    left_out = ["--exclude-path", "/events", "--exclude-path-regex", "hearths|sound|fords|isles"]
    signed = ["-H", f"Authorization: Bearer {live.tokens['Ada']}"]
    command = [
        sys.executable,
        "-m",
        "schemathesis.cli",
        "run",
        f"{live.url}/api",
        *signed,
        *options,
        *left_out,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=tmp_path)
    assert (done.returncode, "Tested:" in done.stdout) == (0, True), done.stdout[-3000:]
