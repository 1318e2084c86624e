"""What an open page asks of its server: the state after a change, positions by their names, and what an event tells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lcrmap.live.entries import Entry, made_entry
from lcrmap.live.events import told_entry
from tests.live.conftest import Running

UNKNOWN = (
    "no place that this map knows: write a postcode, a grid reference, "
    "the name of a place, or latitude and longitude."
)
ITEM = "/collections/landings/items/boathouse"


def located(live: Running, text: str) -> tuple[int, dict]:
    with live.client() as client:
        answer = client.get("/locate", params={"q": text})
    return answer.status_code, answer.json()


def test_a_name_is_located_with_its_error_and_a_typed_position_without_one(live: Running) -> None:
    boathouse = {"longitude": 60.05, "latitude": -46.08, "position_error_m": 50.0}
    for text in ("Boathouse", "landings:boathouse", " boathouse "):
        assert located(live, text) == (200, boathouse)
    typed = {"longitude": 60.2, "latitude": -46.05, "position_error_m": None}
    assert located(live, "-46.05, 60.2") == (200, typed)


def test_what_is_no_point_is_refused_in_words(live: Running) -> None:
    for text in ("landings", "isles", "Lost hut"):
        status, told = located(live, text)
        assert (status, told["detail"].split(":")[0]) == (422, f"'{text}' is no single point")


@pytest.mark.parametrize("form", ["{}", "{}:1", "//{}", "\\\\host\\{}"])
def test_nobody_learns_from_a_text_whether_there_is_a_file(
    live: Running, tmp_path: Path, form: str
) -> None:
    path = tmp_path / "secret.geojson"
    path.write_text('{"type":"FeatureCollection","features":[]}')
    there, missing = form.format(path), form.format(tmp_path / "nothing.geojson")
    told = [located(live, text) for text in (there, missing, "", "-")]
    assert {status for status, _ in told} == {422}
    assert [each["detail"].split("' is ")[1] for _, each in told[:2]] == [UNKNOWN] * 2


def test_the_state_is_that_of_the_page_and_follows_a_change(live: Running) -> None:
    with live.client("Ann") as ann:
        before = ann.get("/state").json()
        etag = ann.get(ITEM).headers["etag"]
        change = {"properties": {"note": "<script>"}}
        assert ann.patch(ITEM, json=change, headers={"if-match": etag}).status_code == 204
        for _ in range(100):
            after = ann.get("/state").json()
            if after["seq"] > before["seq"]:
                break
        head = ann.get("/log").json()["head"]
        html = ann.get("/", headers={"accept": "text/html"}).text
    assert after["seq"] == head > before["seq"]
    assert [each["name"] for each in after["layers"]] == ["landings"]
    data = json.loads(html.split('id="data">')[1].split("</script>")[0])
    assert [each for each in data["layers"] if each["name"] == "landings"] == after["layers"]
    (notes,) = (each for each in after["layers"][0]["columns"] if each["name"] == "note")
    assert "<script>" in (notes.get("labels") or notes["values"])
    assert after["texts"]["headline"] in html


def entry(before: dict | None, after: dict | None, layer: str = "landings") -> Entry:
    texts = [None if each is None else json.dumps(each) for each in (before, after)]
    return made_entry(
        seq=1, time="", who="u-1", layer=layer, feature="a", kind="update", before=texts[0], after=texts[1],
        remark="", previous="",
    )  # fmt: skip


def test_an_event_names_the_feature_and_the_fields_that_changed() -> None:
    old = {"properties": {"called": "A", "kind": "hut", "note": 1}, "geometry": None}
    new = {"properties": {"called": "B", "kind": "hut", "more": 2}, "geometry": {"type": "Point"}}
    kind, told = told_entry(entry(old, new), "Ann", "comments", "called")
    assert (kind, told["name"], told["about"]) == ("edit", "B", "")
    assert told["fields"] == ["geometry", "called", "more", "note"]
    assert told_entry(entry(old, None), "Ann", "comments", "called")[1]["name"] == "A"
    assert told_entry(entry(old, old), "Ann", "comments", None)[1]["fields"] == []


def test_an_event_of_a_comment_says_what_it_is_about() -> None:
    said = {"properties": {"text": "Here?", "about": "landings:a"}, "geometry": None}
    kind, told = told_entry(entry(None, said, "comments"), "Ann", "comments", "text")
    assert (kind, told["about"], told["name"]) == ("comment", "landings:a", "Here?")
