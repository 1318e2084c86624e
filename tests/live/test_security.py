"""Who may do what, on every route; what comes from other sites, hosts and floods; what is shown of texts."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from lcrmap.live.answering import make_app  # noqa: F401 (the operations are declared where it is imported)
from lcrmap.live.asking import OPERATIONS
from tests.live.conftest import LOOSE, SKERRIES, Running, run, run_here

ROLES = ("", "Rea", "Bob", "Ann", "Ada")  # nobody, read, comment, edit, admin
ITEMS = "/collections/landings/items"
JETTY = f"{ITEMS}/bei-jetty"
HUT = {
    "type": "Feature",
    "geometry": None,
    "properties": {"called": "Hut", "kind": "hut", "confidence": "reported"},
}
OPEN = (200,) * 5
EDITORS = (401, 403, 403)

# For each operation: a request of it, and what nobody, a reader, a commenter, an editor and an admin are answered.
TABLE: dict[str, tuple[str, str, dict[str, Any], tuple[int, ...]]] = {
    "getLandingPage": ("GET", "/", {}, OPEN),
    "getConformance": ("GET", "/conformance", {}, OPEN),
    "getOpenAPI": ("GET", "/api", {}, OPEN),
    "getCollections": ("GET", "/collections", {}, OPEN),
    "getCollection": ("GET", "/collections/landings", {}, OPEN),
    "getQueryables": ("GET", "/collections/landings/queryables", {}, OPEN),
    "getSchema": ("GET", "/collections/landings/schema", {}, OPEN),
    "getFeatures": ("GET", ITEMS, {}, OPEN),
    "getFeature": ("GET", JETTY, {}, OPEN),
    "getHistory": ("GET", f"{JETTY}/history", {}, OPEN),
    "getLog": ("GET", "/log", {}, OPEN),
    "getAnswers": ("GET", "/answers", {}, OPEN),
    "getAnswer": ("GET", "/answers/1", {}, (404,) * 5),
    "locate": ("GET", "/locate", {"params": {"q": "-46.0, 60.1"}}, OPEN),
    "getState": ("GET", "/state", {}, OPEN),
    "getSession": ("GET", "/session", {}, OPEN),
    "getScript": ("GET", "/assets/page.js", {}, OPEN),
    "getDrawing": ("GET", "/assets/drawing.js", {}, OPEN),
    "getStyle": ("GET", "/assets/page.css", {}, OPEN),
    "getEvents": ("GET", "/events", {}, OPEN),
    "signIn": ("POST", "/session", {}, (401, 204, 204, 204, 204)),
    "signOut": ("DELETE", "/session", {}, (204,) * 5),
    "putPresence": (
        "POST", "/presence", {"json": {"here": "a" * 20, "view": [60, -46, 61, -45]}}, (401, 204, 204, 204, 204),
    ),
    "callTools": (
        "POST", "/mcp", {"json": {"jsonrpc": "2.0", "id": 1, "method": "ping"}, "headers": {"accept": "*/*"}}, OPEN,
    ),
    "createFeature": ("POST", ITEMS, {"json": HUT}, (*EDITORS, 201, 201)),
    "replaceFeature": ("PUT", JETTY, {"json": HUT, "headers": {"if-match": "*"}}, (*EDITORS, 204, 204)),
    "updateFeature": (
        "PATCH", JETTY, {"json": {"properties": {"note": "n"}}, "headers": {"if-match": "*"}}, (*EDITORS, 204, 204),
    ),
    "deleteFeature": ("DELETE", f"{ITEMS}/none", {"headers": {"if-match": "*"}}, (*EDITORS, 404, 404)),
    "addReadings": ("POST", "/readings", {"content": b"{}"}, (*EDITORS, 404, 404)),
    "undoEntry": ("POST", "/log/1/undo", {}, (*EDITORS, 409, 409)),
}  # fmt: skip


def answered(client: httpx.Client, method: str, path: str, **more: Any) -> int:
    """Return the status of an answer, of which a stream is not read."""
    with client.stream(method, path, **more) as answer:
        return answer.status_code


def test_the_table_knows_every_operation() -> None:
    assert {each.name for each in OPERATIONS} == set(TABLE)
    for each in OPERATIONS:
        method, path, _, _ = TABLE[each.name]
        pattern = re.sub(r"\{\w+\}", "[^/]+", each.path)
        assert each.method == method
        assert re.fullmatch(pattern, path)


@pytest.mark.parametrize("who", range(5), ids=["nobody", "read", "comment", "edit", "admin"])
def test_every_role_on_every_operation(live: Running, who: int) -> None:
    with live.client("Ann") as ann:  # so that there are entries which somebody changed since
        for note in ("one", "two"):
            ann.patch(JETTY, json={"properties": {"note": note}}, headers={"if-match": "*"})
    found, expected = {}, {}
    with live.client(ROLES[who]) as client:
        for name, (method, path, more, statuses) in TABLE.items():
            found[name] = answered(client, method, path, **more)
            expected[name] = statuses[who]
    assert found == expected


def test_no_path_takes_a_method_that_is_not_declared(live: Running) -> None:
    declared = {(each.method, TABLE[each.name][1]) for each in OPERATIONS}
    paths = {path: more for _, path, more, _ in TABLE.values()}
    for who in ("", "Ada"):
        with live.client(who) as client:
            for path, more in paths.items():
                for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"):
                    if any(one == method and _meets(other, path) for one, other in declared):
                        continue
                    asked = {name: each for name, each in more.items() if name != "params"}
                    assert client.request(method, path, **asked).status_code == 405, (method, path)


def _meets(one: str, other: str) -> bool:
    """Tell whether two paths are of one route; a feature may be called 'bei-jetty/history'."""
    return one == other or (one.startswith(f"{ITEMS}/") and other.startswith(f"{ITEMS}/"))


def test_a_map_that_is_read_only_takes_no_change_of_anybody(
    make_live: Callable[..., Running],
) -> None:
    live = make_live("--read-only", users=("Ada",))
    with live.client("Ada") as ada:
        for name, (method, path, more, statuses) in TABLE.items():
            if method != "GET" and statuses[0] == 401 and statuses[1] == 403:
                assert ada.request(method, path, **more).status_code == 403, name
        assert ada.get("/log").json()["head"] == 0


def test_a_user_header_is_believed_from_a_proxy_that_is_named(
    make_live: Callable[..., Running],
) -> None:
    given = {"headers": {"x-user": "Ann", "if-match": "*"}, "json": {"properties": {"note": "n"}}}
    header = 'user_header = "X-User"\n'
    for proxies, status in (('proxies = ["127.0.0.1"]\n', 204), ('proxies = ["10.0.0.1"]\n', 401)):
        live = make_live(settings=header + proxies + LOOSE, users=("Ann",))
        given["headers"] |= {"origin": live.url}
        with live.client() as client:
            assert client.patch(JETTY, **given).status_code == status
            client.headers["x-user"] = "Nobody"
            assert client.get("/session").json()["user"] is None


def test_limits_count_the_address_that_a_named_proxy_tells(
    make_live: Callable[..., Running],
) -> None:
    slow = LOOSE.replace("open_streams = 1e6", "open_streams = 1")
    for proxies, status in (('proxies = ["127.0.0.1"]\n', 200), ("", 429)):
        live = make_live(settings=proxies + slow, users=())
        with live.client() as client:
            one = {"x-forwarded-for": "203.0.113.1"}
            with client.stream("GET", "/events", headers=one) as stream:
                assert stream.status_code == 200
                forged = {"x-forwarded-for": "203.0.113.1, 203.0.113.2"}
                assert answered(client, "GET", "/events", headers=forged) == status
                assert answered(client, "GET", "/events", headers=one) == 429


def test_who_may_frame_the_page_stands_in_live_toml(make_live: Callable[..., Running]) -> None:
    live = make_live(settings='frame_ancestors = ["https://town.example"]\n', users=())
    with live.client() as client:
        policy = client.get("/").headers["content-security-policy"]
    assert policy.endswith("frame-ancestors https://town.example")


def test_comments_are_each_ones_own(live: Running) -> None:
    place = "/collections/comments/items"
    said = {
        "type": "Feature",
        "geometry": None,
        "properties": {"text": "Here?", "about": "landings:bei-jetty"},
    }
    with live.client("Bob") as bob, live.client("Ann") as ann, live.client("Rea") as rea:
        made = bob.post(place, json=said)
        assert made.status_code == 201, made.text
        shown = bob.get(made.headers["location"]).json()["properties"]
        assert (shown["author"], shown["state"], shown["text"]) == ("Bob", "open", "Here?")
        change: dict[str, Any] = {
            "json": {"properties": {"state": "settled"}},
            "headers": {"if-match": "*"},
        }
        assert ann.patch(made.headers["location"], **change).status_code == 403
        assert rea.post(place, json=said).status_code == 403
        forged = {"json": {"properties": {"author": "u-0"}}, "headers": {"if-match": "*"}}
        assert bob.patch(made.headers["location"], **forged).status_code == 204
        assert bob.get(made.headers["location"]).json()["properties"]["author"] == "Bob"
        assert bob.patch(made.headers["location"], **change).status_code == 204
        for odd in (["text"], "text", 7, None):
            assert bob.post(place, json={**said, "properties": odd}).status_code == 422
        half = b'{"type":"Feature","geometry":null,"properties":{"text":"a","about":"landings:\\ud800"}}'
        typed = {"content-type": "application/json"}
        assert bob.post(place, content=half, headers=typed).status_code == 422
        lost = {**said, "properties": {"text": "?", "about": "landings:nothing"}}
        assert bob.post(place, json=lost).status_code == 422


def test_layers_of_a_user_bound_what_may_be_edited(make_live: Callable[..., Running]) -> None:
    live = make_live(start=False)
    live.add("Eve", "edit", "--layers", "isles")
    live.start()
    with live.client("Eve") as eve:
        change = {"json": {"properties": {"note": "n"}}, "headers": {"if-match": "*"}}
        assert eve.patch(JETTY, **change).status_code == 403  # type: ignore[arg-type]
        assert eve.get("/session").json()["edit"] == []
    with live.client("Ann") as ann:
        isle = ann.get("/collections/isles/items?limit=1").json()["features"][0]["id"]
        done = ann.delete(f"/collections/isles/items/{isle}", headers={"if-match": "*"})
        assert (done.status_code, done.json()["detail"]) == (
            403,
            "The layer isles is not open to edits.",
        )


def test_a_cookie_counts_with_our_own_origin_alone(live: Running) -> None:
    token = {"authorization": f"Bearer {live.tokens['Ann']}"}
    with live.client() as client:
        client.post("/session", headers=token)
        change = {"properties": {"note": "by cookie"}}
        for origin, status in (
            (None, 403),
            ("https://evil.example", 403),
            ("null", 403),
            (live.url, 204),
        ):
            headers = {"if-match": "*", **({"origin": origin} if origin else {})}
            assert client.patch(JETTY, json=change, headers=headers).status_code == status


def test_another_origin_may_read_without_credentials_and_change_nothing(live: Running) -> None:
    with live.client() as client:
        read = client.get(ITEMS, headers={"origin": "https://other.example"})
        assert read.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in read.headers
        asked = {"origin": "https://other.example", "access-control-request-method": "PATCH"}
        preflight = client.options(JETTY, headers=asked)
        assert "access-control-allow-methods" not in preflight.headers
        changed = client.patch(JETTY, json={}, headers={"origin": "https://other.example"})
        assert "access-control-allow-origin" not in changed.headers


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost:1", ""])
def test_another_host_is_refused(live: Running, host: str) -> None:
    with live.client() as client:
        assert client.get("/", headers={"host": host}).status_code == 421


def test_every_answer_has_its_guards(live: Running) -> None:
    with live.client() as client:
        for path in ("/", "/nowhere", ITEMS, "/api", "/assets/page.js"):
            headers = client.get(path).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert "default-src 'none'" in headers["content-security-policy"]
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
            assert "server" not in headers


def test_tokens_are_kept_as_digests_and_end_at_once(make_live: Callable[..., Running]) -> None:
    live = make_live()
    token = live.tokens["Bob"]
    assert len(token) >= 43  # 256 bits
    assert token.encode() not in (live.folder / "live.db").read_bytes()
    with live.client("Bob") as bob, bob.stream("GET", "/events") as stream:
        lines = stream.iter_lines()
        next(lines)
        before = time.monotonic()
        assert run_here("live", "user", live.folder, "revoke", "Bob").returncode == 0
        revoked = time.monotonic()
        for _ in lines:
            pass
        assert time.monotonic() - revoked < 2
        assert before < revoked
        assert bob.get("/session").json()["user"] is None
        assert bob.post("/session").status_code == 401
    listed = run_here("live", "user", live.folder, "list").stdout
    assert "Bob  comment  revoked" in listed
    assert (
        run_here("live", "user", live.folder, "add", "ann").returncode == 2
    )  # somebody has the name
    elsewhere = run_here(
        "live", "user", live.folder, "add", "Cy", "--url", "https://map.example.org/"
    )
    assert elsewhere.stdout.startswith("https://map.example.org/#token=")
    assert elsewhere.stderr == (
        "The link of Cy is shown this once; it leads to https://map.example.org (--url names another place).\n"
    )
    assert run_here("live", "user", live.folder, "add", "A\u202enn").returncode == 2
    assert run_here("live", "user", live.folder, "forget", "Bob").returncode == 0
    with sqlite3.connect(live.folder / "live.db") as database:
        assert "Bob" not in str(database.execute("select text from users").fetchall())


def test_an_expired_token_is_none(make_live: Callable[..., Running]) -> None:
    live = make_live(start=False)
    with sqlite3.connect(live.folder / "live.db") as database:
        database.execute("update users set text = replace(text, '\"expires\":0', '\"expires\":5')")
    database.close()
    live.start()
    with live.client("Ann") as ann:
        assert ann.get("/session").json()["user"] is None


def test_floods_are_slowed_down(make_live: Callable[..., Running]) -> None:
    live = make_live(settings="")
    with live.client("Ann") as ann, live.client() as nobody:
        change = {"json": {"properties": {"note": "n"}}, "headers": {"if-match": "*"}}
        found = [ann.patch(JETTY, **change) for _ in range(40)]  # type: ignore[arg-type]
        refused = [each for each in found if each.status_code == 429]
        assert refused
        assert int(refused[0].headers["retry-after"]) >= 1
        wrong = {"authorization": "Bearer nothing"}
        statuses = [nobody.get("/session", headers=wrong).status_code for _ in range(15)]
        assert statuses[:10] == [200] * 10
        assert 429 in statuses
        assert ann.get("/session").json()["user"] is not None  # who has a token comes in


def test_streams_of_one_address_are_bounded(make_live: Callable[..., Running]) -> None:
    live = make_live(settings=LOOSE.replace("open_streams = 1e6", "open_streams = 3"))
    with live.client() as client:
        streams = [client.stream("GET", "/events") for _ in range(3)]
        for each in streams:
            assert each.__enter__().status_code == 200
        assert answered(client, "GET", "/events") == 429
        for each in streams:
            each.__exit__(None, None, None)
        time.sleep(0.5)
        assert answered(client, "GET", "/events") == 200


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--host", "0.0.0.0"), "--public-url"),
        (("--host", "0.0.0.0", "--public-url", "http://map.example"), "https://"),
        (("--public-url", "https://map.example/path"), "a scheme and a host"),
    ],
)
def test_others_reach_it_through_a_proxy_alone(
    live: Running, words: tuple[str, ...], told: str
) -> None:
    done = run("serve", live.folder, "--port", "0", *words)
    assert done.returncode == 2
    assert told in done.stderr


def test_nobody_else_reaches_it_before_anybody_may_sign_in(tmp_path: Path) -> None:
    folder = tmp_path / "map"
    assert run_here("live", "new", folder, "--pack", SKERRIES).returncode == 0
    words = ("--port", "0", "--host", "0.0.0.0", "--public-url", "https://map.example")
    done = run("serve", folder, *words)
    assert (done.returncode, "Nobody may sign in yet" in done.stderr) == (2, True), done.stderr


def test_texts_are_shown_as_texts(live: Running) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    with live.client("Ann") as ann:
        change = {"json": {"properties": {"called": evil}}, "headers": {"if-match": "*"}}
        assert ann.patch(f"{ITEMS}/boathouse", **change).status_code == 204  # type: ignore[arg-type]
        for path in ("/", ITEMS, f"{ITEMS}/boathouse"):
            page = ann.get(path, headers={"accept": "text/html"})
            assert page.headers["content-type"].startswith("text/html")
            assert "<script>alert" not in page.text
            assert "<img src=x" not in page.text
        for path in (f"/collections/{evil}/items", f"{ITEMS}/{evil}"):
            told = ann.get(path)
            assert told.headers["content-type"] == "application/problem+json"


def test_names_comments_and_history_are_shown_as_texts(make_live: Callable[..., Running]) -> None:
    evil = "<script>alert(1)</script>"
    live = make_live(start=False, users=())
    live.add(evil, "comment")
    live.start()
    said = {"type": "Feature", "geometry": None, "properties": {"text": evil, "about": ""}}
    with live.client(evil) as client:
        made = client.post("/collections/comments/items", json=said)
        assert made.status_code == 201, made.text
        place = made.headers["location"].removeprefix(live.url)
        own = client.get(place).json()["properties"]
        assert (own["author"], own["text"]) == (evil, evil)
        for path in ("/collections/comments/items", place):
            page = client.get(path, headers={"accept": "text/html"})
            assert page.text.count("&lt;script&gt;alert(1)") >= 2
            assert "<script>alert" not in page.text
        for path in ("/log", f"{place}/history", "/session"):
            told = client.get(path, headers={"accept": "text/html"})
            assert told.headers["content-type"] == "application/json"
            assert evil in told.text
        refused = client.patch(
            place, json={"properties": {"text": 1}}, headers={"if-match": '"0-0"'}
        )
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["who"] == evil


def test_an_unforeseen_error_has_a_number_and_no_traceback(live: Running, tmp_path: Path) -> None:
    with live.client("Ann") as ann:
        for path in ("/nowhere", f"{ITEMS}/none", "/log/x/undo"):
            told = ann.get(path).text
            assert str(live.folder) not in told
            assert "Traceback" not in told
