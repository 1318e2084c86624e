"""The questions as tools at ``/mcp`` of a served map: over HTTP, by the protocol's own client."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import httpx2
import mcp_types as types
import pytest
from anyio.from_thread import start_blocking_portal
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

from lcrmap.mcp.settings import Settings
from lcrmap.mcp.tools import tools_of
from tests.live.conftest import BOTH, LOOSE, SKERRIES, Running, run, run_here

COUNT: dict[str, Any] = {"layers": ["landings"], "in": "isles"}
HUT = {
    "type": "Feature",
    "geometry": None,
    "properties": {"called": "Hut", "kind": "hut", "confidence": "reported"},
}
PLAIN = {"accept": "application/json, text/event-stream", "content-type": "application/json"}


def said(method: str, number: int | None = 1, **params: Any) -> dict[str, Any]:
    """Return a request of the protocol, or what is no request and wants no answer."""
    numbered = {} if number is None else {"id": number}
    return {"jsonrpc": "2.0", "method": method, "params": params, **numbered}


def called(name: str, **arguments: Any) -> dict[str, Any]:
    return said("tools/call", name=name, arguments=arguments)


def answer_of(found: httpx.Response) -> dict[str, Any]:
    """Return what the protocol answers, whether as JSON or as the last event of a stream."""
    assert found.status_code == 200, found.text
    text = found.text
    if found.headers["content-type"].startswith("text/event-stream"):
        text = [line for line in text.splitlines() if line.startswith("data: ")][-1][6:]
    return json.loads(text)


@asynccontextmanager
async def spoken(live: Running, who: str, mode: str) -> AsyncIterator[Client]:
    headers = {"authorization": f"Bearer {live.tokens[who]}"} if who else {}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(f"{live.url}/mcp", http_client=http)
        async with Client(transport, mode=mode) as client:
            yield client


@contextmanager
def client_of(live: Running, who: str = "", mode: str = "auto") -> Iterator[Callable[..., Any]]:
    """Give what runs a method of the protocol's client, who is a user or nobody."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(spoken(live, who, mode)) as client,
    ):
        yield lambda method, *arguments: portal.call(getattr(client, method), *arguments)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("written")


@pytest.fixture(scope="module")
def writing(make_live: Callable[..., Running], output: Path) -> Running:
    """A live map whose editors may write files."""
    return make_live("--output", str(output))


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("who", ["", "Rea", "Bob"])
def test_whoever_may_read_has_the_reading_tools(writing: Running, who: str, mode: str) -> None:
    with client_of(writing, who, mode) as ask:
        tools = ask("list_tools").tools
        found = ask("call_tool", "count", COUNT)
    reading = tools_of(Settings(pack=SKERRIES))
    assert [each.name for each in tools] == [each.name for each in reading]
    assert all(each.annotations.read_only_hint for each in tools)
    assert not any("output" in each.input_schema["properties"] for each in tools)
    assert not found.is_error
    assert found.structured_content["rows_in_all"] == 6


@BOTH
def test_a_tool_says_what_the_command_says_of_the_map_as_it_is(
    make_live: Callable[..., Running], tmp_path: Path, store: str
) -> None:
    live = make_live(store=store)
    with client_of(live, "Rea") as ask:
        before = ask("call_tool", "count", COUNT)
        with live.client("Ann") as ann:
            assert ann.post("/collections/landings/items", json=HUT).status_code == 201
        after = ask("call_tool", "count", COUNT)
        shown = ask("call_tool", "show", {"layer": "landings", "where": "called='Hut'"})
    export = run_here("live", "export", live.folder, "-o", tmp_path / "now")
    assert export.returncode == 0, export.stderr
    for found, pack in ((before, SKERRIES), (after, tmp_path / "now")):
        words = ("count", "landings", "--in", "isles", "--pack", pack, "-f", "table")
        printed = run_here(*words)
        assert found.content[1].text == printed.stdout
        assert found.structured_content["notes"] == printed.stderr.splitlines()
    assert before.content != after.content
    assert [each["called"] for each in shown.structured_content["rows"]] == ["Hut"]


def test_a_tool_calls_authors_of_comments_as_they_are_called_today(
    make_live: Callable[..., Running],
) -> None:
    live = make_live(users=("Bob",))
    said = {"type": "Feature", "geometry": None, "properties": {"text": "Is it there?"}}
    with live.client("Bob") as bob, client_of(live) as ask:
        assert bob.post("/collections/comments/items", json=said).status_code == 201

        def author() -> str:
            found = ask("call_tool", "show", {"layer": "comments"})
            return str(found.structured_content["rows"][0]["author"])

        assert author() == "Bob"
        assert run_here("live", "user", live.folder, "forget", "Bob").returncode == 0
        until = time.monotonic() + 20
        while author() == "Bob" and time.monotonic() < until:
            time.sleep(0.1)
        assert author() == "somebody who left"


def test_an_editor_writes_and_a_reader_does_not(writing: Running, output: Path) -> None:
    with client_of(writing, "Ann") as ask:
        tools = {each.name: each for each in ask("list_tools").tools}
        done = ask("call_tool", "count", {**COUNT, "output": ["isles.csv"]})
    assert not done.is_error, done.content
    assert not tools["count"].annotations.read_only_hint
    written = ["isles.csv", "isles.csv-metadata.json"]
    assert [each["name"] for each in done.structured_content["files"]] == written
    assert (output / "isles.csv").read_text().startswith("row,ref,called,count")
    for who in ("", "Rea", "Bob"):
        with client_of(writing, who) as ask:
            refused = ask("call_tool", "count", {**COUNT, "output": ["mine.csv"]})
        assert refused.is_error
        assert "No key 'output'" in refused.content[0].text
    assert sorted(each.name for each in output.iterdir()) == written


def test_no_editor_writes_where_no_folder_is_given(live: Running) -> None:
    with client_of(live, "Ada") as ask:
        assert all(each.annotations.read_only_hint for each in ask("list_tools").tools)
        refused = ask("call_tool", "count", {**COUNT, "output": ["mine.csv"]})
    assert refused.is_error


def test_a_map_that_is_read_only_writes_nothing() -> None:
    done = run("serve", "nowhere", "--read-only", "--output", ".")
    assert (done.returncode, "leave out --output" in done.stderr) == (2, True)


def test_resources_and_prompts_are_there(live: Running) -> None:
    with client_of(live) as ask:
        uris = [str(each.uri) for each in ask("list_resources").resources]
        read = ask("read_resource", next(each for each in uris if "landings" in each))
        assert [each.name for each in ask("list_prompts").prompts]
    assert isinstance(read.contents[0], types.TextResourceContents)
    assert "anding" in read.contents[0].text


def test_no_file_of_the_server_is_read(live: Running) -> None:
    with client_of(live, "Ada") as ask:
        for name in ("/etc/passwd", str(live.folder / "live.db"), "../live.toml"):
            for tool, arguments in (
                ("count", {"layers": [name], "in": "isles"}),
                ("check", {"files": [name]}),
                ("report", {"recipe": name}),
            ):
                found = ask("call_tool", tool, arguments)
                assert found.is_error
                assert "is in no folder that this server may read" in found.content[0].text


def test_a_revoked_token_is_refused_and_its_call_ends(make_live: Callable[..., Running]) -> None:
    live = make_live()
    with live.client("Bob") as bob:
        assert bob.post("/mcp", json=called("count", **COUNT), headers=PLAIN).status_code == 200
        ended: list[float] = []

        def long() -> httpx.Response:
            try:
                return bob.post("/mcp", json=called("report"), headers=PLAIN)
            finally:
                ended.append(time.monotonic())

        with ThreadPoolExecutor() as pool:
            asked = pool.submit(long)
            time.sleep(0.3)
            assert run_here("live", "user", live.folder, "revoke", "Bob").returncode == 0
            revoked = time.monotonic()
            cut = asked.result()
        assert ended[0] - revoked < 2
        assert cut.status_code == 401 or '"result"' not in cut.text
        refused = bob.post("/mcp", json=called("count", **COUNT), headers=PLAIN)
    assert refused.status_code == 401
    assert refused.json()["detail"].startswith("Your link was revoked or has expired")


def test_calls_are_slowed_down(make_live: Callable[..., Running]) -> None:
    live = make_live(settings="")
    with live.client("Rea") as rea, live.client() as nobody:
        for client in (rea, nobody):

            def ping(number: int, client: httpx.Client = client) -> int:
                return client.post("/mcp", json=said("ping"), headers=PLAIN).status_code

            assert [ping(number) for number in range(2)] == [200] * 2
            with ThreadPoolExecutor(15) as pool:  # a slow machine may not ask faster one by one
                assert 429 in pool.map(ping, range(60))


def children(pid: int) -> set[int]:
    """Return all processes that came from one, at whatever remove."""
    parents = {}
    for each in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(each.parent.name)] = int(each.read_text().rpartition(")")[2].split()[1])
    found, size = {pid}, 0
    while len(found) > size:
        size = len(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found - {pid}


def until(good: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not good():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture(scope="module")
def narrow(make_live: Callable[..., Running]) -> Running:
    """A map in which each has two calls at once."""
    return make_live(settings=f"{LOOSE}calls = 2\n", users=("Ann", "Rea"))


def test_calls_at_once_are_bounded_for_each_and_nobody_waits_for_another(narrow: Running) -> None:
    with narrow.client("Ann") as ann, narrow.client("Rea") as rea, ThreadPoolExecutor(6) as pool:
        ann.post("/mcp", json=called("count", **COUNT), headers=PLAIN)  # all is loaded by then
        report = {"json": called("report"), "headers": PLAIN}
        asked = [pool.submit(ann.post, "/mcp", **report) for _ in range(6)]  # type: ignore[arg-type]
        until(lambda: sum(each.done() for each in asked) >= 4)
        other = rea.post("/mcp", json=called("count", **COUNT), headers=PLAIN)
        statuses = sorted(each.result().status_code for each in asked)
        assert answer_of(other)["result"]["structuredContent"]["rows_in_all"] == 6
        assert statuses == [200, 200, 429, 429, 429, 429]
        assert ann.post("/mcp", json=said("ping"), headers=PLAIN).status_code == 200


def test_who_leaves_gives_the_places_back_and_no_process_works_on(narrow: Running) -> None:
    assert narrow.process is not None
    pid = narrow.process.pid
    with narrow.client("Ann") as ann:
        ann.post("/mcp", json=called("count", **COUNT), headers=PLAIN)
        idle = children(pid)
        for _ in range(3):
            with pytest.raises(httpx.ReadTimeout):
                ann.post("/mcp", json=called("report"), headers=PLAIN, timeout=0.4)
        until(lambda: len(children(pid)) <= len(idle))
        again = ann.post("/mcp", json=called("count", **COUNT), headers=PLAIN)
        assert answer_of(again)["result"]["structuredContent"]["rows_in_all"] == 6


def test_a_signal_ends_the_server_while_a_call_is_worked_on(
    make_live: Callable[..., Running],
) -> None:
    live = make_live(users=())
    assert live.process is not None
    with live.client() as client, ThreadPoolExecutor(1) as pool:
        client.post("/mcp", json=called("count", **COUNT), headers=PLAIN)
        idle = len(children(live.process.pid))
        asked = pool.submit(client.post, "/mcp", json=called("report"), headers=PLAIN)
        until(lambda: len(children(live.process.pid)) > idle)  # type: ignore[union-attr]
        there, begun = children(live.process.pid), time.monotonic()
        assert live.stop() == 0
        assert time.monotonic() - begun < 15  # it is 5 s where nothing else runs
        until(lambda: not any(Path(f"/proc/{each}").exists() for each in there))
        with contextlib.suppress(httpx.TransportError):  # it may have had the time to answer
            asked.result(10)


def test_any_process_answers_of_the_map_as_it_is(make_live: Callable[..., Running]) -> None:
    live = make_live("--processes", "2", users=("Ann",))
    with live.client("Ann") as ann:
        made = ann.post("/collections/landings/items", json=HUT)
        assert made.status_code == 201

    def ask(number: int) -> int:
        with live.client() as one:  # a connection of its own, which either process may take
            where = {"layer": "landings", "where": "called='Hut'"}
            found = one.post("/mcp", json=called("show", **where), headers=PLAIN)
            return int(answer_of(found)["result"]["structuredContent"]["rows_in_all"])

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(8))) == [1] * 8
    assert live.stop() == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 100_000, 400),
        (b"[]", 400),
        (b"7", 400),
        (b'{"jsonrpc":"1.0","id":1}', 400),
        (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":"' + b"a" * 1_000_000 + b'"}', 413),
    ],
    ids=range(9),
)
def test_a_hostile_body_is_refused_in_a_sentence(live: Running, body: bytes, status: int) -> None:
    with live.client() as client:
        found = client.post("/mcp", content=body, headers=PLAIN)
        assert found.status_code == status
        assert "Traceback" not in found.text
        assert str(live.folder) not in found.text
        ping = client.post("/mcp", json=said("ping"), headers=PLAIN)
        assert answer_of(ping)["result"] == {}


def test_what_is_no_json_is_refused(live: Running) -> None:
    with live.client() as client:
        odd = {"content": b"{}", "headers": {**PLAIN, "content-type": "text/plain"}}
        assert client.post("/mcp", **odd).status_code == 415  # type: ignore[arg-type]
        for method in ("GET", "DELETE", "PUT"):
            assert client.request(method, "/mcp").status_code == 405


def test_host_and_origin_are_looked_at_as_everywhere(live: Running) -> None:
    token = {"authorization": f"Bearer {live.tokens['Ann']}"}
    with live.client() as client:

        def status(**headers: str) -> int:
            asked = client.post("/mcp", json=said("ping"), headers={**PLAIN, **headers})
            return asked.status_code

        assert status(host="evil.example") == 421
        assert status(origin="https://evil.example") == 403
        assert status(origin=live.url) == 200
        assert status(origin="https://other.example", **token) == 200
        client.post("/session", headers=token)
        assert status() == 403  # a cookie without the map's own origin
        assert status(origin=live.url) == 200


def test_without_the_sdk_the_line_that_installs_it_is_said(
    make_live: Callable[..., Running], tmp_path: Path
) -> None:
    hidden = "import sys\nfrom importlib.machinery import PathFinder\n"
    hidden += "class Hiding(PathFinder):\n    @classmethod\n    def find_spec(cls, name, path=None, target=None):\n"
    hidden += "        return None if name in ('mcp', 'mcp_types') else super().find_spec(name, path, target)\n"
    hidden += (
        "sys.meta_path[:] = [Hiding if each is PathFinder else each for each in sys.meta_path]\n"
    )
    (tmp_path / "sitecustomize.py").write_text(hidden)
    live = make_live(start=False)
    live.start(env={**os.environ, "PYTHONPATH": str(tmp_path)})
    with live.client() as client:
        found = client.post("/mcp", json=said("ping"), headers=PLAIN)
        assert found.status_code == 501
        assert "install it with pip install 'lcrmap[mcp]'" in found.json()["detail"]
        assert client.get("/collections").status_code == 200


def test_nobody_who_does_not_ask_waits_for_the_sdk(tmp_path: Path) -> None:
    code = "import sys, lcrmap.live.serving, lcrmap.mcp.mounted; print('mcp' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
