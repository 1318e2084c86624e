"""What QGIS 3.40 and 3.44 send to a live map, as it was recorded of them: how they ask, filter, change and add."""

from __future__ import annotations

import http.client
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from lcrmap.live import crs
from lcrmap.live.rules import UnfitError
from tests.live.conftest import SKERRIES, Running

ITEMS = "/collections/landings/items"
JETTY = f"{ITEMS}/bei-jetty"
LOST = f"{ITEMS}/lost-hut"
BY_KIND = "http://www.opengis.net/def/crs/EPSG/0"
READ = "GET, HEAD, OPTIONS"
# The names of headers are spelled as QGIS spells them; those that only carry the connection are left out.
AGENT = {
    "User-Agent": "Mozilla/5.0 QGIS/34006/Debian GNU/Linux 13 (trixie)",
    "Accept-Language": "en,*",
}
PATCH = {"Content-Type": "application/merge-patch+json"}
FEATURE = {"Content-Type": "application/geo+json"}
HUT = (
    '{"geometry":{"coordinates":[60.1,-46.05],"type":"Point"},"properties":{"called":"Hut","confidence":"reported",'
    '"kind":"hut","note":null,"position_error_m":null,"ref":null},"type":"Feature"}'
)


@pytest.fixture(scope="module")
def live(make_live: Callable[..., Running]) -> Running:
    """A live map with Una, whose token lets her change what she does not name the version of."""
    made = make_live(start=False)
    made.add("Una", "edit", "--unconditional")
    made.add("Lay", "edit", "--layers", "isles")
    made.start()
    return made


class Qgis:
    """Sends what QGIS sends."""

    def __init__(self, live: Running, who: str = "Una") -> None:
        self._live = live
        self._bearer = {"Authorization": f"Bearer {live.tokens[who]}"} if who else {}

    def ask(
        self, method: str, path: str, body: str | None = None, **headers: str
    ) -> tuple[int, list[tuple[str, str]], Any]:
        """Return status, headers as they are spelled, and the JSON of an answer."""
        connection = http.client.HTTPConnection(urlsplit(self._live.url).netloc, timeout=30)
        connection.request(method, path, body, {**self._bearer, **AGENT, **headers})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, answer.getheaders(), json.loads(text) if text else None

    def allowed(self, path: str) -> str:
        """Return what is allowed at an address."""
        status, headers, _ = self.ask("OPTIONS", path)
        assert status == 204
        assert "access-control-allow-methods" not in {name.lower() for name, _ in headers}
        return dict(headers)["allow"]

    def patch(self, path: str, body: str, **headers: str) -> tuple[int, Any]:
        """Change a feature, and return the status and the feature as it is then, or what is wrong."""
        status, _, problem = self.ask("PATCH", path, body, **PATCH, **headers)
        return status, problem if status >= 400 else self.ask("GET", path)[2]


@pytest.fixture(scope="module")
def una(live: Running) -> Qgis:
    return Qgis(live)


@pytest.mark.parametrize(
    ("who", "landings", "feature", "comments"),
    [
        ("", READ, READ, READ),
        ("Rea", READ, READ, READ),
        ("Bob", READ, READ, f"{READ}, POST"),
        ("Lay", READ, READ, f"{READ}, POST"),
        ("Ann", f"{READ}, POST", "DELETE, GET, HEAD, OPTIONS, PATCH, PUT", f"{READ}, POST"),
        ("Una", f"{READ}, POST", "DELETE, GET, HEAD, OPTIONS, PATCH, PUT", f"{READ}, POST"),
    ],
)
def test_a_layer_can_be_edited_by_whom_its_options_allow_it(
    live: Running, who: str, landings: str, feature: str, comments: str
) -> None:
    qgis = Qgis(live, who)
    assert qgis.allowed(ITEMS) == landings
    assert qgis.allowed(JETTY) == feature
    assert qgis.allowed(f"{ITEMS}/unknown_id") == feature  # which it asks of an empty layer
    assert qgis.allowed("/collections/comments/items") == comments
    assert qgis.allowed("/collections/isles/items") == READ  # not open to edits
    assert qgis.allowed(f"{JETTY}/history") == READ


def test_the_options_of_a_feature_say_how_a_change_is_written(una: Qgis) -> None:
    assert dict(una.ask("OPTIONS", JETTY)[1])["accept-patch"] == "application/merge-patch+json"
    assert "accept-patch" not in dict(una.ask("OPTIONS", ITEMS)[1])


def test_there_are_no_options_where_there_is_no_collection(una: Qgis) -> None:
    assert una.ask("OPTIONS", "/collections/none/items")[0] == 404


def test_a_map_that_is_read_only_allows_nothing_else(make_live: Callable[..., Running]) -> None:
    ada = Qgis(make_live("--read-only", users=("Ada",)), "Ada")
    assert ada.allowed(ITEMS) == ada.allowed(JETTY) == READ


def test_a_feature_that_is_added_is_found_by_the_header_that_qgis_knows(
    live: Running, una: Qgis
) -> None:
    status, headers, _ = una.ask("POST", ITEMS, HUT, **FEATURE)
    assert status == 201
    (place,) = [value for name, value in headers if name == "Location"]  # spelled so, or not found
    assert place == f"{live.url}{ITEMS}/hut"
    made = una.ask("GET", place.removeprefix(live.url))[2]
    assert made["properties"]["ref"] == "hut"
    assert made["geometry"] == {"type": "Point", "coordinates": [60.1, -46.05]}
    assert una.ask("DELETE", f"{ITEMS}/hut")[0] == 204
    assert una.ask("GET", f"{ITEMS}/hut")[0] == 404


def test_what_is_changed_without_a_version_is_so_marked(una: Qgis) -> None:
    status, now = una.patch(JETTY, '{"properties":{"note":"Seen by QGIS"}}')
    assert (status, now["properties"]["note"]) == (204, "Seen by QGIS")
    # A move and the error of its position are two requests, the shape first.
    status, now = una.patch(JETTY, '{"geometry":{"coordinates":[60.21,-45.85],"type":"Point"}}')
    assert (status, now["properties"]["position_error_m"]) == (204, None)
    status, now = una.patch(JETTY, '{"properties":{"position_error_m":30}}')
    assert (status, now["properties"]["position_error_m"]) == (204, 30)
    status, now = una.patch(JETTY, '{"properties":{"note":null}}')
    assert (status, now["properties"]["note"]) == (204, None)
    history = una.ask("GET", f"{JETTY}/history")[2]["entries"]
    assert [(each["who"], each["remark"]) for each in history] == [("Una", "unconditional")] * 4


def test_a_change_leaves_what_somebody_else_wrote_into_another_field(
    live: Running, una: Qgis
) -> None:
    with live.client("Ann") as ann:
        words = {"properties": {"called": "Shed"}}
        done = ann.patch(f"{ITEMS}/boathouse", json=words, headers={"if-match": "*"})
        assert done.status_code == 204
    status, now = una.patch(f"{ITEMS}/boathouse", '{"properties":{"note":"by QGIS"}}')
    assert (status, now["properties"]["called"], now["properties"]["note"]) == (
        204,
        "Shed",
        "by QGIS",
    )


def test_a_place_can_be_given_and_taken(una: Qgis) -> None:
    status, now = una.patch(LOST, '{"geometry":{"coordinates":[60.2,-46.0],"type":"Point"}}')
    assert (status, now["geometry"]["coordinates"]) == (204, [60.2, -46.0])
    assert una.patch(LOST, '{"geometry":null}')[1]["geometry"] is None


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_without_a_token_that_allows_it_no_version_is_no_change(live: Running, method: str) -> None:
    ann = Qgis(live, "Ann")
    before = ann.ask("GET", f"{ITEMS}/goleudy")[2]
    body = '{"properties":{"note":"x"}}' if method == "PATCH" else None
    status, _, problem = ann.ask(method, f"{ITEMS}/goleudy", body, **(PATCH if body else {}))
    assert (status, "If-Match" in problem["detail"]) == (428, True)
    assert ann.ask("GET", f"{ITEMS}/goleudy")[2] == before


def test_a_point_that_comes_as_several_of_one_is_written_as_a_point(una: Qgis) -> None:
    """QGIS 3.44 takes each layer of points for one of several, as the schema allows both."""
    sent = '{"geometry":{"coordinates":[[60.44,-46.06]],"type":"MultiPoint"}}'
    status, now = una.patch(f"{ITEMS}/stac-jetty", sent)
    assert (status, now["geometry"]) == (204, {"type": "Point", "coordinates": [60.44, -46.06]})


def test_a_point_of_several_that_has_one_stays_of_several(una: Qgis) -> None:
    two = '{"geometry":{"coordinates":[[60.44,-46.06],[60.45,-46.06]],"type":"MultiPoint"}}'
    assert una.patch(f"{ITEMS}/outer-buoy", two)[1]["geometry"]["type"] == "MultiPoint"
    one = '{"geometry":{"coordinates":[[60.44,-46.06]],"type":"MultiPoint"}}'
    now = una.patch(f"{ITEMS}/outer-buoy", one)[1]["geometry"]
    assert now == {"type": "MultiPoint", "coordinates": [[60.44, -46.06]]}


def test_a_whole_feature_that_comes_back_as_several_of_one_has_not_moved(una: Qgis) -> None:
    """Where QGIS may not PATCH it sends all; a feature that did not move keeps the error of its position."""
    before = una.ask("GET", f"{ITEMS}/coast-light")[2]
    point = before["geometry"]["coordinates"]
    sent = {
        "geometry": {"coordinates": [point], "type": "MultiPoint"},
        "id": "coast-light",
        "properties": {**before["properties"], "note": "put"},
        "type": "Feature",
    }
    assert una.ask("PUT", f"{ITEMS}/coast-light", json.dumps(sent), **FEATURE)[0] == 204
    now = una.ask("GET", f"{ITEMS}/coast-light")[2]
    assert now["geometry"] == before["geometry"]
    assert now["properties"] == {**before["properties"], "note": "put"}


@pytest.mark.parametrize(
    ("text", "number"), [("20", 20), ("7.0", 7), ("20 m", None), ("020", None), ("1e2", None)]
)
def test_a_number_that_comes_as_text_is_a_number(una: Qgis, text: str, number: int | None) -> None:
    """QGIS 3.40 takes a column for text of which its first ten features have nothing."""
    assert una.patch(f"{ITEMS}/lagoon-raft", '{"properties":{"position_error_m":200}}')[0] == 204
    status, now = una.patch(
        f"{ITEMS}/lagoon-raft", json.dumps({"properties": {"position_error_m": text, "note": "20"}})
    )
    assert status == (422 if number is None else 204)
    if number is not None:
        assert now["properties"]["position_error_m"] == number
        assert now["properties"]["note"] == "20"


@pytest.mark.parametrize("written", [f"{BY_KIND}/4326", f"<{BY_KIND}/4326>"])
def test_a_shape_is_taken_in_the_reference_system_that_it_was_sent_in(
    una: Qgis, written: str
) -> None:
    crs_header = {"Content-Crs": written}
    sent = '{"geometry":{"coordinates":[-46.051,60.351],"type":"Point"}}'
    status, now = una.patch(f"{ITEMS}/goleudy", sent, **crs_header)
    assert (status, now["geometry"]["coordinates"]) == (204, [60.351, -46.051])
    swapped = json.loads(HUT.replace("[60.1,-46.05]", "[-46.05,60.1]"))
    status, headers, _ = una.ask("POST", ITEMS, json.dumps(swapped), **FEATURE, **crs_header)
    assert status == 201
    place = urlsplit(dict(headers)["Location"]).path
    swapped |= {"geometry": {"type": "Point", "coordinates": [-46.04, 60.2]}}
    assert una.ask("PUT", place, json.dumps(swapped), **FEATURE, **crs_header)[0] == 204
    assert una.ask("GET", place)[2]["geometry"]["coordinates"] == [60.2, -46.04]
    assert una.ask("DELETE", place)[0] == 204


@pytest.mark.parametrize(
    ("written", "sent", "status", "told"),
    [
        (f"{BY_KIND}/3857", "[6718000,-5780000]", 400, "'Content-Crs' must be one of"),
        (f"{BY_KIND}/4326", "[60.35,-46.05]", 422, "swapped"),
        (f"{BY_KIND}/4326", '["a"]', 422, "cannot be understood"),
        (f"{BY_KIND}/27700", "[1e300,1e300]", 422, "has no places"),
    ],
)
def test_a_shape_in_another_reference_system_is_refused_in_a_sentence(
    una: Qgis, written: str, sent: str, status: int, told: str
) -> None:
    body = f'{{"geometry":{{"coordinates":{sent},"type":"Point"}}}}'
    found, problem = una.patch(f"{ITEMS}/goleudy", body, **{"Content-Crs": written})
    assert (found, told in problem["detail"]) == (status, True), problem


GRID = crs.LISTED[2]
TOWER = '{"type":"Feature","id":"t","properties":{},"geometry":{"type":"Point","coordinates":[-2.9712,53.4039]}}'


def test_a_shape_on_the_national_grid_lies_where_the_ordnance_survey_has_it() -> None:
    """L3 1BP, of which the pack has both by the directory of postcodes; without its grid PROJ errs by some metres."""
    sent = {"geometry": {"type": "LineString", "coordinates": [[334040, 390101], [334469, 390202]]}}
    found = crs.in_degrees(sent, GRID)["geometry"]["coordinates"]
    assert found[0] == pytest.approx([-2.993585, 53.403606], abs=5e-5)
    assert found[1] == pytest.approx([-2.987154, 53.404567], abs=5e-5)  # L1 8JQ


def test_a_shape_comes_back_from_the_grid_to_a_millimetre() -> None:
    exact = TOWER.replace("[-2.9712,53.4039]", "[-2.97123456,53.40391234]")
    read = json.loads(crs.turned(exact, GRID))
    back = crs.in_degrees(read, GRID)["geometry"]["coordinates"]
    assert back == pytest.approx([-2.97123456, 53.40391234], abs=2e-8)
    assert [len(str(each).partition(".")[2]) <= 8 for each in back] == [True, True]


@pytest.mark.parametrize("kind", ["Point", "MultiPoint"])
def test_a_shape_that_comes_back_as_it_was_read_on_the_grid_is_the_one_that_was(kind: str) -> None:
    shape = json.loads(crs.turned(TOWER, GRID))["geometry"]
    if kind == "MultiPoint":
        shape = {"type": kind, "coordinates": [shape["coordinates"]]}
    found = crs.in_degrees({"geometry": shape, "properties": {}}, GRID, TOWER)
    assert found == {
        "geometry": {"type": "Point", "coordinates": [-2.9712, 53.4039]},
        "properties": {},
    }


def test_shapes_of_many_parts_and_heights_are_turned() -> None:
    def turned(sent: dict[str, Any]) -> Any:
        return crs.in_degrees({"geometry": sent}, crs.LISTED[1])["geometry"]

    area = {"type": "Polygon", "coordinates": [[[53, -3], [53, -2], [54, -2], [53, -3]]]}
    found = {"type": "Polygon", "coordinates": [[[-3, 53], [-2, 53], [-2, 54], [-3, 53]]]}
    assert turned(area) == found
    both = {"type": "GeometryCollection", "geometries": [area, area]}
    assert turned(both) == {"type": "GeometryCollection", "geometries": [found, found]}
    high = {"type": "Point", "coordinates": [53.4, -2.9, 7]}
    assert turned(high) == {"type": "Point", "coordinates": [-2.9, 53.4, 7]}


def test_a_shape_where_the_reference_system_has_no_places_is_refused() -> None:
    with pytest.raises(UnfitError, match="has no places"):
        crs.in_degrees({"geometry": {"type": "Point", "coordinates": [1e300, 1e300]}}, GRID)


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("(kind%20%3D%20'jetty')", {"bei-jetty", "lagoon-raft", "stac-jetty"}),
        ("(called%20LIKE%20'Raft%25')", {"lagoon-raft"}),
        (
            "kind%20IN%20('hut','jetty')",
            {"bei-jetty", "lagoon-raft", "stac-jetty", "boathouse", "lost-hut"},
        ),
        ("(CASEI(called)%20LIKE%20CASEI('outer%25'))", {"outer-buoy"}),
        (
            "((kind%20%3D%20'light')%20OR%20%22position_error_m%22%20BETWEEN%2040%20AND%2060)",
            {"boathouse", "coast-light", "goleudy", "outer-buoy"},
        ),
        ("((kind%20%3D%20'light')%20AND%20(%22position_error_m%22%20IS%20NULL))", {"outer-buoy"}),
    ],
)
def test_filters_that_qgis_leaves_to_the_server(untouched: Qgis, text: str, met: set[str]) -> None:
    found = untouched.ask("GET", f"{ITEMS}?limit=1000&filter={text}&filter-lang=cql2-text")[2]
    assert {each["id"] for each in found["features"]} == met


@pytest.fixture(scope="module")
def untouched(make_live: Callable[..., Running]) -> Qgis:
    """A map that no test changes."""
    return Qgis(make_live(users=()), "")


def test_the_kinds_of_filters_are_named_so_that_qgis_leaves_them_to_the_server(
    untouched: Qgis,
) -> None:
    named = untouched.ask("GET", "/conformance")[2]["conformsTo"]
    for each in ("advanced-comparison-operators", "case-insensitive-comparison", "basic-cql2"):
        assert f"http://www.opengis.net/spec/cql2/1.0/conf/{each}" in named


def test_the_length_of_a_page_stands_where_qgis_and_gdal_look_for_it(untouched: Qgis) -> None:
    """Without it QGIS reads a hundred features at once, and needs ten times as many requests."""
    document = untouched.ask("GET", "/api")[2]
    limit = document["components"]["parameters"]["limit"]
    assert (limit["name"], limit["in"]) == ("limit", "query")
    assert (limit["schema"]["default"], limit["schema"]["maximum"]) == (100, 10_000)
    parameters = document["paths"][ITEMS]["get"]["parameters"]
    assert {"$ref": "#/components/parameters/limit"} in parameters


def test_a_name_with_accents_makes_a_key_in_the_letters_of_its_layer(
    tmp_path: Path, make_live: Callable[..., Running]
) -> None:
    pack = shutil.copytree(SKERRIES, tmp_path / "pack")
    described = json.loads((pack / "datapackage.json").read_text(encoding="utf-8"))
    (layer,) = [each for each in described["resources"] if each["name"] == "landings"]
    layer["schema"]["fields"][0]["constraints"]["pattern"] = "[a-z0-9]+(-[a-z0-9]+)*"
    (pack / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    live = make_live(start=False, pack=pack, users=("Ann",))
    live.start()
    ann = Qgis(live, "Ann")
    keys = []
    for name in ("Ädded by 'QGIS'", "北礁", "Plain"):
        sent = json.dumps(
            json.loads(HUT) | {"properties": {**json.loads(HUT)["properties"], "called": name}}
        )
        status, headers, problem = ann.ask("POST", ITEMS, sent, **FEATURE)
        assert status == 201, problem
        keys.append(dict(headers)["Location"].rpartition("/")[2])
    assert keys == ["added-by-qgis", "landing", "plain"]
