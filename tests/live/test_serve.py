"""The thin thread: a map is made, served, changed under versions, followed, undone, exported and checked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.live.conftest import BOTH, Running, run, run_here

JETTY = "/collections/landings/items/bei-jetty"


def listen(live: Running, found: list[str], until: str) -> threading.Thread:
    """Gather the lines of the stream of events until one begins so."""

    def gather() -> None:
        with live.client() as client, client.stream("GET", "/events") as stream:
            for line in stream.iter_lines():
                found.append(line)
                if line.startswith(until):
                    return

    thread = threading.Thread(target=gather, daemon=True)
    thread.start()
    while not found:
        threading.Event().wait(0.01)
    return thread


def test_a_feature_is_read_changed_followed_and_undone(live: Running) -> None:
    heard: list[str] = []
    thread = listen(live, heard, "id: 2")
    with live.client("Ann") as ann:
        first = ann.get(JETTY)
        assert first.json()["properties"]["kind"] == "jetty"
        assert ann.patch(JETTY, json={"properties": {"note": "old"}}).status_code == 428
        done = ann.patch(
            JETTY, json={"properties": {"note": "new"}}, headers={"if-match": first.headers["etag"]}
        )
        assert (done.status_code, done.text) == (204, "")
        stale = ann.patch(
            JETTY,
            json={"properties": {"note": "mine"}},
            headers={"if-match": first.headers["etag"]},
        )
        assert stale.status_code == 412
        told = stale.json()
        assert (told["who"], told["seq"], told["now"]["properties"]["note"]) == ("Ann", 1, "new")
        assert told["etag"] == done.headers["etag"] == ann.get(JETTY).headers["etag"]
        assert ann.post("/log/1/undo").status_code == 201
        again = ann.post("/log/1/undo")
        assert (again.status_code, again.json()["detail"]) == (
            409,
            "The feature landings:bei-jetty was changed since by entry 2: undo that first.",
        )
        kinds = [each["kind"] for each in ann.get(f"{JETTY}/history").json()["entries"]]
        assert kinds == ["update", "replace"]
        now, then = ann.get(JETTY), ann.get(JETTY, params={"at": 1})
        assert now.json() == first.json()
        assert then.json()["properties"]["note"] == "new"
    thread.join(5)
    assert [each for each in heard if each.startswith("id")] == ["id: 1", "id: 2"]
    assert json.loads(heard[heard.index("id: 1") + 2].removeprefix("data: "))["who"] == "Ann"


def test_a_moved_point_has_no_old_error(live: Running) -> None:
    with live.client("Ann") as ann:
        was = ann.get(JETTY)
        moved = {"geometry": {"type": "Point", "coordinates": [60.21, -45.85]}}
        done = ann.patch(JETTY, json=moved, headers={"if-match": was.headers["etag"]})
        assert done.status_code == 204, done.text
        assert ann.get(JETTY).json()["properties"] == {
            **was.json()["properties"],
            "position_error_m": None,
        }
        moved = {"geometry": None, "properties": {"position_error_m": 20}}
        done = ann.patch(JETTY, json=moved, headers={"if-match": done.headers["etag"]})
        assert ann.get(JETTY).json()["properties"]["position_error_m"] == 20


def test_features_are_made_once_and_gone(live: Running) -> None:
    made = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [60.1, -46.0]},
        "properties": {
            "ref": "new-hut",
            "called": "New hut",
            "kind": "hut",
            "confidence": "reported",
        },
    }
    with live.client("Ann") as ann:
        headers = {"idempotency-key": "lost-answer"}
        one = ann.post("/collections/landings/items", json=made, headers=headers)
        two = ann.post("/collections/landings/items", json=made, headers=headers)
        assert (one.status_code, two.status_code) == (201, 201)
        assert one.headers["location"] == two.headers["location"]
        assert ann.post("/collections/landings/items", json=made).status_code == 409
        there = ann.get(one.headers["location"])
        assert (
            ann.delete(
                one.headers["location"], headers={"if-match": there.headers["etag"]}
            ).status_code
            == 204
        )
        assert ann.get(one.headers["location"]).status_code == 404


def test_the_page_has_nothing_inline_and_a_policy(live: Running) -> None:
    with live.client() as client:
        page = client.get("/", headers={"accept": "text/html"})
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "<style" not in page.text
        assert page.text.count("<script") == page.text.count('<script type="application/json"') + 1
        for kind in ("js", "css"):
            assert client.get(f"/assets/page.{kind}").status_code == 200


def test_the_page_draws_its_map_under_the_policy(live: Running, browser: object) -> None:
    page = browser.new_page()  # type: ignore[attr-defined]
    faults: list[str] = []
    page.on(
        "console", lambda message: faults.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(live.url)
    page.wait_for_selector("#map .leaflet-map-pane", state="attached")
    assert faults == []
    page.close()


def test_a_link_becomes_a_cookie(live: Running) -> None:
    with live.client() as client:
        assert client.get("/session").json()["user"] is None
        token = {"authorization": f"Bearer {live.tokens['Ann']}"}
        done = client.post("/session", headers=token)
        assert done.status_code == 204
        cookie = done.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert client.get("/session").json()["user"] == {"name": "Ann", "role": "edit"}
        assert client.delete("/session", headers={"origin": live.url}).status_code == 204
        assert client.get("/session").json()["user"] is None


def test_an_export_is_a_pack_and_the_log_is_whole(live: Running, tmp_path: Path) -> None:
    with live.client("Ann") as client:
        version = {"if-match": client.get(JETTY).headers["etag"]}
        changed = client.patch(JETTY, json={"properties": {"note": "late"}}, headers=version)
        assert changed.status_code in (200, 204), changed.text
        head = client.get("/log").json()["head"]
    done = run_here("live", "export", live.folder, "--at", head, "-o", tmp_path / "then")
    assert done.returncode == 0, done.stderr
    shown = run("show", "landings", "--pack", tmp_path / "then", "--format", "json")
    assert '"note":"late"' in shown.stdout
    checked = run_here("live", "check", live.folder)
    assert (checked.returncode, checked.stdout) == (0, "")


@BOTH
def test_whoever_runs_it_undoes_by_command_while_it_is_served(
    make_live: Callable[..., Running], store: str
) -> None:
    live = make_live(store=store, users=("Ann",))

    def command(*words: object) -> tuple[int, str]:
        done = run_here("live", words[0], live.folder, *words[1:])
        return done.returncode, done.stdout + done.stderr

    with live.client("Ann") as ann:
        was = ann.get(JETTY).json()
        for note in ("one", "two"):
            done = ann.patch(JETTY, json={"properties": {"note": note}}, headers={"if-match": "*"})
            assert done.status_code == 204
        refused = (
            "Error: The feature landings:bei-jetty was changed since by entry 2: undo that first.\n"
        )
        assert command("undo", 1) == (2, refused)
        assert command("undo", 9) == (2, "Error: The log has no entry 9.\n")
        heard: list[str] = []
        thread = listen(live, heard, "id: 4")
        assert command("undo", 2) == (0, "Entry 3 undoes entry 2.\n")
        assert ann.get(JETTY).json()["properties"]["note"] == "one"
        assert command("undo", 3)[0] == 0  # which is an entry like any other
        assert ann.get(JETTY).json()["properties"]["note"] == "two"
        thread.join(20)
        assert [each for each in heard if each.startswith("id")] == ["id: 3", "id: 4"]
        entries = ann.get(f"{JETTY}/history").json()["entries"]
        assert [each["who"] for each in entries] == ["Ann", "Ann", "operator", "operator"]
        assert entries[0]["before"]["properties"] == was["properties"]
    lines = [line.split("  ") for line in command("log", "--since", "2")[1].splitlines()]
    assert [[each[0], *each[2:]] for each in lines] == [
        [seq, "operator", "replace", "landings:bei-jetty", f"(undo {undone})"]
        for seq, undone in (("3", 2), ("4", 3))
    ]
    assert command("log", "--feature", "landings:boathouse") == (0, "")
    assert command("check") == (0, "The log is whole, and the map follows from it.\n")


def test_a_second_server_is_refused_and_a_signal_ends_the_first(
    make_live: Callable[..., Running],
) -> None:
    live = make_live()
    done = run("serve", live.folder, "--port", "0")
    assert done.returncode == 4
    assert "is served already" in done.stderr
    with live.client() as client, client.stream("GET", "/events") as stream:
        lines = stream.iter_lines()
        next(lines)
        assert live.stop() == 0
        assert "event: bye" in list(lines)
    with pytest.raises(httpx.ConnectError):
        live.client().get("/")


def test_listeners_of_all_processes_hear_all(make_live: Callable[..., Running]) -> None:
    live = make_live(start=False)
    live.options = ("--processes", "2")
    live.start()
    heard: list[list[str]] = [[] for _ in range(4)]
    threads = [listen(live, each, "id: 3") for each in heard]
    with live.client("Ann") as ann:
        for note in ("one", "two", "three"):
            done = ann.patch(JETTY, json={"properties": {"note": note}}, headers={"if-match": "*"})
            assert done.status_code == 204
    for each in threads:
        each.join(20)
    ids = [[line for line in each if line.startswith("id: ")] for each in heard]
    assert ids == [["id: 1", "id: 2", "id: 3"]] * 4
    assert live.stop() == 0
