"""The server over bare pipes: limits, calls side by side, what is cancelled, and clients that behave badly."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from lcrmap.mcp.words import INSTRUCTIONS
from tests.mcp.conftest import Served
from tests.mcp.raw import Raw

LONG = "report"  # the standard one asks for twenty answers


@pytest.fixture
def raw(tmp_path: Path) -> Iterator[Callable[..., Raw]]:
    started: list[Raw] = []

    def start(*options: str) -> Raw:
        started.append(Raw(*options, cwd=tmp_path))
        return started[-1]

    yield start
    for each in started:
        each.close()


def count(raw: Raw, number: int) -> None:
    raw.call(number, "count", layers=["innovation-assets"], **{"in": "boroughs"})


def until(true: Callable[[], bool], seconds: float) -> bool:
    """Wait until something is so, and tell whether it came in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return true()


@pytest.mark.parametrize("version", ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])
def test_older_versions_of_the_protocol_are_spoken(raw, version: str) -> None:
    server = raw()
    said = server.greet(version)
    assert said["protocolVersion"] == version
    assert said["serverInfo"]["name"] == "lcrmap"
    assert said["instructions"] == INSTRUCTIONS
    count(server, 1)
    result = server.answer(1)["result"]
    assert "Liverpool" in result["content"][0]["text"]
    assert not result.get("isError")
    assert server.leave()[0] == 0


def test_broken_lines_are_answered_or_passed_over(raw) -> None:
    server = raw()
    server.greet()
    for line in (
        "this is no JSON",
        "[]",
        "{}",
        '{"jsonrpc": "2.0", "id": 5}',
        b"\xff\xfe",
        "1" * 100_000,
        "[" * 5000,
    ):
        server.write(line)
    server.send("nonsense/method", 6)
    assert "error" in server.answer(6)
    server.send("tools/call", 7, name=5, arguments=[])
    assert "error" in server.answer(7)
    count(server, 8)
    assert not server.answer(8)["result"].get("isError")
    assert server.leave()[0] == 0


def test_a_call_does_not_wait_for_another(raw) -> None:
    server = raw()
    server.greet()
    server.call(1, LONG)
    count(server, 2)
    assert server.next_answer()["id"] == 2  # the later and shorter one comes first
    server.send("notifications/cancelled", requestId=1)


def test_what_is_cancelled_ends_within_a_second_and_leaves_no_file(raw, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    server = raw("--output", str(out))
    server.greet()
    count(server, 1)
    server.answer(1)
    server.call(2, LONG, output=["made"])
    assert until(lambda: any(out.iterdir()), 10)  # the call has its desk
    time.sleep(0.5)
    server.send("notifications/cancelled", requestId=2)
    assert until(lambda: not any(out.iterdir()), 1)
    count(server, 3)
    assert not server.answer(3)["result"].get("isError")
    assert server.leave()[0] == 0
    assert list(out.iterdir()) == []


def test_a_client_that_leaves_in_the_middle_ends_all(raw, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    server = raw("--output", str(out))
    server.greet()
    server.call(1, LONG, output=["made"])
    assert until(lambda: any(out.iterdir()), 10)
    code, said = server.leave()
    assert code == 0
    assert "Traceback" not in said
    assert list(out.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_server_that_is_killed_leaves_no_call_behind(raw, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    server = raw("--output", str(out))
    server.greet()
    server.call(1, LONG, output=["made"])
    assert until(lambda: bool(working_in(out)), 20)
    server.process.kill()
    assert until(lambda: not working_in(out), 5)


def working_in(folder: Path) -> list[str]:
    """Return the processes whose working folder lies in a folder."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if each.readlink().is_relative_to(folder):
                found.append(each.parent.name)
    return found


def test_a_call_that_takes_too_long_is_told(serving: Callable[..., Served], tmp_path: Path) -> None:
    server = serving("--seconds", "1", "--output", str(tmp_path))
    told = server.refused(LONG, output=["made"])
    assert told.startswith("Error: The call took longer than 1 s and was stopped: ask about fewer")
    assert list(tmp_path.iterdir()) == []


def test_a_call_that_takes_too_much_is_told(serving: Callable[..., Served]) -> None:
    server = serving("--memory", "2MB")
    assert "memory" in server.refused("compare", scenarios=["baseline", "four-stations"])
    assert "memory" in server.refused("count", layers=["residents"], **{"in": "wards"})


def test_progress_is_told_of_what_takes_long(served: Served) -> None:
    told: list[tuple[float, float | None, str | None]] = []

    async def progress(done: float, total: float | None, message: str | None) -> None:
        told.append((done, total, message))

    async def ask() -> Any:
        return await served.client.call_tool(LONG, {}, progress_callback=progress)

    served.run(ask)
    assert told[0] == (2, 60, "report: 2 s")
    assert told == sorted(told)


def test_what_is_quick_tells_no_progress(served: Served) -> None:
    told: list[float] = []

    async def progress(done: float, total: float | None, message: str | None) -> None:
        told.append(done)

    async def ask() -> Any:
        return await served.client.call_tool(
            "describe", {"layer": "boroughs"}, progress_callback=progress
        )

    served.run(ask)
    assert told == []


def test_resources_tell_layers_limits_and_methods(served: Served, pack) -> None:
    listed = {each.uri: each for each in served.run(served.client.list_resources).resources}
    assert {f"lcrmap://layers/{name}" for name in pack.names} <= set(listed)
    for uri, word in {
        "lcrmap://layers/innovation-assets": "Positions: believed right to within",
        "lcrmap://indicators/no_car": "Households",
        "lcrmap://limits": "Innovation assets:",
        "lcrmap://methods": "Innovation assets:",
    }.items():
        (contents,) = served.run(served.client.read_resource, uri).contents
        assert word in contents.text
    with pytest.raises(Exception, match="No resource 'lcrmap://nowhere'"):
        served.run(served.client.read_resource, "lcrmap://nowhere")


def test_prompts_are_filled_in(served: Served) -> None:
    listed = {each.name for each in served.run(served.client.list_prompts).prompts}
    assert listed == {"area-profile", "what-changes", "check-file"}
    made = served.run(served.client.get_prompt, "what-changes", {"scenario": "four-stations"})
    assert "'four-stations'" in made.messages[0].content.text
    for name, arguments, told in (
        ("what-changes", {}, "scenario is missing"),
        ("profil", {}, "No prompt"),
    ):
        with pytest.raises(Exception, match=told):
            served.run(served.client.get_prompt, name, arguments)


def test_the_instructions_are_ten_lines_that_say_what_must_be_known() -> None:
    lines = INSTRUCTIONS.splitlines()
    assert len(lines) == 10
    for words in (
        "quote its range",
        "Never add or subtract two figures that are uncertain: ask compare",
        "Name the source and its date",
        "not found is not 0",
        "are not figures of the people",
    ):
        assert words in INSTRUCTIONS


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--scenario", "four-station"], "did you mean 'four-stations'?"),
        (["--allow", "nowhere"], "does not exist"),
        (["--allow", ".", "--output", "."], "lies in"),
        (["--seconds", "0"], "--seconds"),
        (["--pack", "nowhere"], "nowhere"),
    ],
)
def test_a_server_that_cannot_be_started_says_why(lcrmap, words: list[str], told: str) -> None:
    done = lcrmap("mcp", *words)
    assert done.code in (2, 3)
    assert told in done.err
    assert done.out == ""


def test_a_server_asks_in_its_scenario_and_of_its_pack(serving, skerries) -> None:
    server = serving("--scenario", "four-stations")
    told = server.told("count", layers=["rail-stations"], **{"in": "boroughs"})
    assert told["record"]["question"]["scenario"] == "four-stations"
    plain = server.told(
        "count", layers=["rail-stations"], scenario="baseline", **{"in": "boroughs"}
    )
    assert plain["rows"][-1]["count"] == told["rows"][-1]["count"] - 4
    other = serving("--pack", str(skerries.folder))
    assert [each["name"] for each in other.told("layers")["rows"]] == list(skerries.names)
