"""A model of forty lines against the real server; many who count at once; many who listen; answers and exports."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lcrmap.layers import open_pack
from lcrmap.verbs.count.question import Count
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer
from tests.live.conftest import BOTH, LOOSE, Running, run_apart, run_here

ITEMS = "/collections/landings/items"
CHANGING = ("one", "two", "three")
NAMES = st.sampled_from(CHANGING)
NOTES = st.one_of(st.none(), st.text("ab<é\u202f", min_size=1, max_size=4))
WHO = st.sampled_from(["Ann", "Ada"])


class Model:
    """What the server must be: a dictionary of features with their versions, and a list of entries."""

    def __init__(self, features: dict[str, Any], log: list[tuple[str, str, Any, Any]]) -> None:
        self.features, self.log = features, log
        self.last = dict.fromkeys(features, 0)

    def change(self, name: str, kind: str, after: Any) -> None:
        self.log.append((name, kind, self.features.get(name), after))
        if after is None:
            del self.features[name], self.last[name]
        else:
            self.features[name], self.last[name] = after, len(self.log)

    def undo(self, seq: int) -> bool:
        name, _, before, after = self.log[seq - 1]
        if any(each[0] == name for each in self.log[seq:]):
            return False
        self.change(
            name, "delete" if before is None else "create" if after is None else "replace", before
        )
        return True

    def at(self, seq: int) -> dict[str, Any]:
        state = self.features | {name: before for name, _, before, _ in reversed(self.log[seq:])}
        return {name: each for name, each in state.items() if each is not None}


def feature(name: str, note: str | None, x: float | None = 60.1) -> dict[str, Any]:
    properties = {
        "ref": name,
        "called": name,
        "kind": "hut",
        "confidence": "reported",
        "position_error_m": None,
        "note": note,
    }
    shape = None if x is None else {"type": "Point", "coordinates": [x, -46.0]}
    return {"type": "Feature", "id": name, "properties": properties, "geometry": shape}


def bare(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in ("type", "id", "properties", "geometry")}


class Machine(RuleBasedStateMachine):
    """Drives a server and the model."""

    live: Running

    def __init__(self) -> None:
        super().__init__()
        self.http = {name: self.live.client(name) for name in ("Ann", "Ada")}
        self.model = Model({bare(each)["id"]: bare(each) for each in self.all()}, [])
        self.before = self.get("/log").json()["head"]
        self.tags = {
            name: self.get(f"{ITEMS}/{name}").headers["etag"] for name in self.model.features
        }
        self.old: dict[str, str] = {}
        self.token = self.restarts = 0

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.http["Ann"].get(path, **more)

    def all(self, **params: Any) -> list[dict[str, Any]]:
        return [
            bare(each)
            for each in self.get(ITEMS, params={"limit": 1000, **params}).json()["features"]
        ]

    def took(self, name: str, done: httpx.Response) -> None:
        if name in self.tags:
            self.old[name] = self.tags[name]
        if "etag" in done.headers:
            self.tags[name] = done.headers["etag"]
        else:
            self.tags.pop(name, None)

    @rule(who=WHO, name=NAMES, note=NOTES, again=st.booleans())
    def create(self, who: str, name: str, note: str | None, again: bool) -> None:
        self.token += 1
        headers = {"idempotency-key": f"{id(self)}-{self.token}"}
        sent = feature(name, note)
        done = self.http[who].post(ITEMS, json=sent, headers=headers)
        if name in self.model.features:
            assert done.status_code == 409
            return
        assert done.status_code == 201, done.text
        if again:
            repeated = self.http[who].post(ITEMS, json=sent, headers=headers)
            assert (repeated.status_code, repeated.headers["etag"]) == (
                201,
                done.headers["etag"],
            )
        self.model.change(name, "create", sent)
        self.took(name, done)

    @rule(who=WHO, name=NAMES, note=NOTES, x=st.sampled_from([60.1, 60.2, None]))
    def replace(self, who: str, name: str, note: str | None, x: float | None) -> None:
        sent = feature(name, note, x)
        headers = {"if-match": self.tags.get(name, '"0-0"')}
        done = self.http[who].put(f"{ITEMS}/{name}", json=sent, headers=headers)
        assert done.status_code == (204 if name in self.model.features else 404), done.text
        if done.status_code == 204:
            self.model.change(name, "replace", sent)
            self.took(name, done)

    @rule(who=WHO, name=NAMES, note=NOTES)
    def update(self, who: str, name: str, note: str | None) -> None:
        patch = {"properties": {"note": note}}
        headers = {"if-match": self.tags.get(name, '"0-0"')}
        done = self.http[who].patch(f"{ITEMS}/{name}", json=patch, headers=headers)
        assert done.status_code == (204 if name in self.model.features else 404), done.text
        if done.status_code == 204:
            was = self.model.features[name]
            self.model.change(
                name, "update", {**was, "properties": {**was["properties"], "note": note}}
            )
            self.took(name, done)

    @rule(who=WHO, name=NAMES)
    def stale(self, who: str, name: str) -> None:
        if name in self.model.features and name in self.old:
            headers = {"if-match": self.old[name]}
            done = self.http[who].delete(f"{ITEMS}/{name}", headers=headers)
            assert (done.status_code, done.json()["now"]) == (412, self.model.features[name])

    @rule(who=WHO, name=NAMES)
    def delete(self, who: str, name: str) -> None:
        headers = {"if-match": self.tags.get(name, '"0-0"')}
        done = self.http[who].delete(f"{ITEMS}/{name}", headers=headers)
        assert done.status_code == (204 if name in self.model.features else 404)
        if done.status_code == 204:
            self.model.change(name, "delete", None)
            self.took(name, done)

    @precondition(lambda self: self.model.log)
    @rule(who=WHO, data=st.data())
    def undo(self, who: str, data: st.DataObject) -> None:
        seq = data.draw(st.integers(1, len(self.model.log)))
        name = self.model.log[seq - 1][0]
        expected = self.model.undo(seq)
        done = self.http[who].post(f"/log/{self.before + seq}/undo")
        assert done.status_code == (201 if expected else 409), done.text
        if expected:
            tag = done.json()["etag"]
            self.took(name, httpx.Response(204, headers={"etag": tag} if tag else {}))

    @precondition(lambda self: len(self.model.log) % 7 == 6 and self.restarts < 2)
    @rule(number=st.sampled_from([15, 9]))
    def restart(self, number: int) -> None:
        self.restarts += 1
        self.live.stop(number)
        self.live.start()

    @invariant()
    def the_state_is_the_models(self) -> None:
        assert self.all() == [self.model.features[name] for name in sorted(self.model.features)]
        self.tags_are_known(name for name in CHANGING if name in self.tags)

    def tags_are_known(self, names: Iterable[str]) -> None:
        for name in names:
            assert self.get(f"{ITEMS}/{name}").headers["etag"] == self.tags[name]

    def teardown(self) -> None:
        self.tags_are_known(self.tags)  # of those too that nobody has changed
        entries = self.get("/log", params={"since": self.before, "limit": 1000}).json()["entries"]
        told = [(each["id"], each["kind"], each["before"], each["after"]) for each in entries]
        assert told == self.model.log
        for seq in range(0, len(self.model.log) + 1, 5):
            then = self.model.at(seq)
            assert self.all(at=self.before + seq) == [then[name] for name in sorted(then)]
            page = self.get(ITEMS, params={"at": self.before + seq, "limit": 1}).json()
            assert page["numberMatched"] == len(then)
        for each in self.http.values():
            each.close()


@BOTH
def test_the_server_is_a_dictionary_and_a_list(
    make_live: Callable[..., Running], store: str
) -> None:
    live = make_live(store=store)
    options = settings(
        max_examples=6,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    bound = type("Bound", (Machine,), {"live": live})
    run_state_machine_as_test(bound, settings=options)  # type: ignore[no-untyped-call]
    live.stop()
    done = run_here("live", "check", live.folder)
    assert (done.returncode, done.stdout) == (0, "")


@BOTH
def test_fifty_who_count_lose_nothing_and_all_hear_it(
    make_live: Callable[..., Running], store: str
) -> None:
    live = make_live(store=store)
    chance = random.Random(17)
    done = 0

    async def count(client: httpx.AsyncClient) -> None:
        nonlocal done
        there = await client.get(f"{ITEMS}/boathouse")
        value = there.json()["properties"]["position_error_m"] + 1
        headers = {"if-match": there.headers["etag"]}
        changed = await client.patch(
            f"{ITEMS}/boathouse", json={"properties": {"position_error_m": value}}, headers=headers
        )
        assert changed.status_code in (204, 412)
        done += changed.status_code == 204

    async def listen(client: httpx.AsyncClient, heard: list[int], over: asyncio.Event) -> None:
        while not (over.is_set() and heard and heard[-1] >= done):
            headers = {"last-event-id": str(heard[-1] if heard else 0)}
            left = chance.randint(1, 12)
            async with client.stream("GET", "/events", headers=headers) as stream:
                async for line in stream.aiter_lines():
                    if line.startswith("id: "):
                        heard.append(int(line[4:]))
                        left -= 1
                    if not left or (over.is_set() and heard and heard[-1] >= done):
                        break

    async def all_at_once() -> list[list[int]]:
        headers = {"authorization": f"Bearer {live.tokens['Ann']}"}
        bounds = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(
            base_url=live.url, headers=headers, timeout=60, limits=bounds
        ) as client:
            heard: list[list[int]] = [[] for _ in range(10)]
            over = asyncio.Event()
            listening = [asyncio.create_task(listen(client, each, over)) for each in heard]
            await asyncio.gather(*(count(client) for _ in range(50)))
            for _ in range(20):
                await count(client)
            over.set()
            await asyncio.wait_for(asyncio.gather(*listening), 60)
            return heard

    was = 50
    heard = run_apart(all_at_once())
    with live.client() as client:
        assert (
            client.get(f"{ITEMS}/boathouse").json()["properties"]["position_error_m"] == was + done
        )
    assert done >= 21
    assert all(each == list(range(1, done + 1)) for each in heard)


QUESTIONS = """
[[question]]
ask = "count"
layers = ["landings"]
in = "isles"

[[question]]
ask = "near"
from = "landings"
to = ["hearths"]
"""


@BOTH
def test_a_pushed_answer_is_that_of_the_export(
    make_live: Callable[..., Running], tmp_path: Path, store: str
) -> None:
    live = make_live(settings=QUESTIONS + LOOSE, store=store)
    heard: dict[tuple[int, int], dict[str, Any]] = {}
    with live.client("Ann") as ann, ann.stream("GET", "/events") as stream:
        lines = stream.iter_lines()
        for number in range(1, 4):
            there = ann.get(f"{ITEMS}/boathouse")
            moved = {"geometry": {"type": "Point", "coordinates": [60.05 + number / 100, -46.08]}}
            done = ann.patch(
                f"{ITEMS}/boathouse", json=moved, headers={"if-match": there.headers["etag"]}
            )
            assert done.status_code == 204, done.text
            while (2, number) not in heard:
                if next(lines) == "event: answer":
                    told = json.loads(next(lines).removeprefix("data: "))
                    heard[told["question"], told["seq"]] = told
        for seq in (1, 3):
            pack = tmp_path / f"at-{seq}"
            assert run_here("live", "export", live.folder, "--at", seq, "-o", pack).returncode == 0
            words = [("count", "landings", "--in", "isles"), ("near", "landings", "hearths")]
            for number, command in enumerate(words, 1):
                shown = run_here(*command, "--pack", pack, "--format", "json")
                pushed = ann.get(f"/answers/{number}", params={"at": seq})
                assert shown.returncode == 0, shown.stderr
                assert shown.stdout == pushed.text
            counted = answer(
                Count(layers=("landings",), areas="isles"),
                Sources(open_pack(tmp_path / f"at-{seq}")),
            )
            assert heard[1, seq]["finding"] == counted.finding


@pytest.mark.parametrize("limit", [1, 3])
def test_who_pages_while_others_edit_misses_and_doubles_nothing(live: Running, limit: int) -> None:
    with live.client("Ann") as ann:
        there = [each["id"] for each in ann.get(ITEMS).json()["features"]]
        seen: list[str] = []
        address = f"{ITEMS}?limit={limit}"
        while address:
            page = ann.get(address).json()
            seen += [each["id"] for each in page["features"]]
            address = next((each["href"] for each in page["links"] if each["rel"] == "next"), "")
            for name in ("aaa", f"between-{len(seen)}"):
                ann.post(ITEMS, json=feature(name, None))
        assert [each for each in seen if each in there] == there
        assert len(seen) == len(set(seen))


def test_who_wrote_reads_the_map_as_of_that_write_at_once(live: Running) -> None:
    with live.client("Ann") as ann:
        tag = ann.get(f"{ITEMS}/boathouse").headers["etag"]
        for number in range(20):
            change = {"properties": {"note": str(number)}}
            done = ann.patch(f"{ITEMS}/boathouse", json=change, headers={"if-match": tag})
            tag = done.headers["etag"]
            seq = tag.strip('"').partition("-")[0]
            then = ann.get(f"{ITEMS}/boathouse", params={"at": seq})
            assert then.status_code == 200, then.text
            assert then.json()["properties"]["note"] == str(number)
        late = ann.get(f"{ITEMS}/boathouse", params={"at": int(seq) + 1})
    assert late.status_code == 400
    assert late.json()["detail"] == f"'at' lies in the future: the last entry is {seq}."
