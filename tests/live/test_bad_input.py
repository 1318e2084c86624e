"""What must not come in: each is refused with a status and one sentence, and nothing is written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.live.conftest import Running, run

ITEMS = "/collections/landings/items"
JETTY = f"{ITEMS}/bei-jetty"
GOOD: dict[str, Any] = {"ref": "a-hut", "called": "A hut", "kind": "hut", "confidence": "reported"}


def made(geometry: Any = None, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": {**GOOD, **properties}}


def point(*numbers: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(numbers)}


RING = [[[60 + number / 1e6, -46.0] for number in range(60_000)]]
LINE = [[60, -46], [60.1, -46]]
BAD: dict[str, tuple[Any, int, str]] = {
    "no JSON": ("{", 400, "broken JSON"),
    "no UTF-8": (b'{"a": "\xff"}', 400, "UTF-8"),
    "a list": ("[]", 400, "not an object"),
    "too deep": ("[" * 100_000, 400, "deeper"),
    "deep inside": ('{"a":' * 5000 + "1" + "}" * 5000, 400, "deeper"),
    "NaN": (json.dumps(made(position_error_m=float("nan"))), 422, "not a number"),
    "NaN in a shape": (json.dumps(made(point(float("nan"), 1))), 422, "not finite"),
    "1 MB": (b" " * 1_000_001, 413, "at most 1,000,000 bytes"),
    "no feature": ({"type": "Point", "coordinates": [1, 2]}, 422, 'is not of the type "Feature"'),
    "properties of another kind": ({"type": "Feature", "geometry": None, "properties": [1]}, 422, '"properties"'),
    "swapped axes": (made(point(-46.0, 60.1)), 422, "swapped"),
    "British National Grid": (made(point(335000, 390000)), 422, "British National Grid"),
    "nought": (made(point(0, 0)), 422, "at 0, 0"),
    "a shape of another kind": (made({"type": "LineString", "coordinates": LINE}), 422, "is a LineString"),
    "a shape that is none": (made({"type": "Blob", "coordinates": [1, 2]}), 422, "cannot be understood"),
    "an unknown field": (made(colour="red"), 422, "has no field 'colour'"),
    "a misspelt field": (made(notes="n"), 422, "did you mean 'note'?"),
    "a value of no category": (made(kind="huts"), 422, "is none of jetty, light, hut"),
    "a number that is text": (made(position_error_m="20 m"), 422, "is not of the type integer"),
    "a text too long": (made(note="x" * 161), 422, "is longer than 160 characters"),
    "nothing where something must be": (made(called=None), 422, "is empty"),
    "a formula": (made(note="=cmd|' /C calc'!A0"), 422, "formula"),
    "a control character": (made(note="a\u202eb"), 422, "characters that are not seen"),
    "an id with a slash": (made(ref="a/b"), 422, "slash"),
    "an id of dots": (made(ref=".."), 422, "dots"),
    "a long id": (made(ref="x" * 201), 422, "at most 200 characters"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_feature_is_refused_in_a_sentence(live: Running, name: str) -> None:
    sent, status, told = BAD[name]
    data = (
        sent
        if isinstance(sent, bytes)
        else sent.encode()
        if isinstance(sent, str)
        else json.dumps(sent)
    )
    with live.client("Ann") as ann:
        head = ann.get("/log").json()["head"]
        done = ann.post(ITEMS, content=data, headers={"content-type": "application/geo+json"})
        assert (done.status_code, done.headers["content-type"]) == (
            status,
            "application/problem+json",
        ), done.text
        said = done.json()["detail"]
        assert told in said
        assert said.endswith((".", "?"))
        assert len(said) < 500
        assert ann.get("/log").json()["head"] == head


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        (ITEMS, {"limit": "-1"}, 400),
        (ITEMS, {"filter": "kind ="}, 400),
        (ITEMS, {"crs": "EPSG:1"}, 400),
        (ITEMS, {"at": "99999"}, 400),
        (JETTY, {"at": "99999999999999999999999999"}, 400),
        (ITEMS, {"at": "-1"}, 400),
        ("/log", {"since": "x"}, 400),
        (f"{ITEMS}/a%2Fb", {}, 404),
        (f"{ITEMS}/%00", {}, 404),
        ("/collections/%2e%2e/items", {}, 404),
        ("/log/99999999999999999999/undo", {}, 405),
    ],
)
def test_a_bad_question_is_refused_in_a_sentence(
    live: Running, path: str, params: dict[str, str], status: int
) -> None:
    with live.client() as client:
        done = client.get(path, params=params)
        assert (done.status_code, done.headers["content-type"]) == (
            status,
            "application/problem+json",
        )
        assert done.json()["detail"].endswith((".", "?", "api."))


def test_a_key_never_changes_and_source_and_confidence_stay(live: Running) -> None:
    with live.client("Ann") as ann:
        headers = {"if-match": "*"}
        other = ann.patch(JETTY, json={"properties": {"ref": "other"}}, headers=headers)
        assert (other.status_code, "its key stays" in other.json()["detail"]) == (422, True)
        was = ann.get(JETTY).json()["properties"]
        put = {
            "type": "Feature",
            "geometry": None,
            "properties": {"called": was["called"], "kind": "jetty"},
        }
        assert ann.put(JETTY, json=put, headers=headers).status_code == 204
        assert ann.get(JETTY).json()["properties"]["confidence"] == was["confidence"]


def test_50_000_corners_are_too_many_and_a_crossing_shape_is_wrong() -> None:
    from lcrmap.layers import Metadata
    from lcrmap.live.rules import Collection, UnfitError

    areas = Collection(Metadata("areas", "Areas", geometry="area"))
    bow = [[[60, -46], [61, -45], [61, -46], [60, -45], [60, -46]]]
    for ring, told in ((RING, "50,000 corners"), (bow, "self-intersection")):
        shape = {"type": "Polygon", "coordinates": ring}
        with pytest.raises(UnfitError, match=told):
            areas.fitting({"type": "Feature", "properties": {}, "geometry": shape}, None)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("live", "new", "there", "--edit", "nothing"), 2, "nothing"),
        (("live", "log", "nowhere"), 3, "is no live map"),
        (("live", "restore", "setup.cfg", "build/none"), 3, "no backup"),
        (("serve", "nowhere"), 3, "is no live map"),
    ],
)
def test_a_bad_command_ends_in_a_sentence(words: tuple[str, ...], code: int, told: str) -> None:
    done = run(*words)
    assert (done.returncode, told in done.stderr) == (code, True), done.stderr
