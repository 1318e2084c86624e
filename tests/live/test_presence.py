"""Who is told of whom: those near a listener first, at most fifty, never itself."""

from __future__ import annotations

import json

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from lcrmap.live.presence import _News, _Where

View = list[float]
degrees = st.integers(-9, 9).map(float)
views = st.lists(st.tuples(degrees, degrees, degrees, degrees).map(list), max_size=70)


def where(name: str, view: View) -> _Where:
    return _Where.of(msgspec.json.encode({"here": name, "view": view}).decode())


def told(data: bytes) -> dict[str, object]:
    head, line = data.decode().removesuffix("\n\n").split("\n")
    assert head == "event: presence"
    found: dict[str, object] = json.loads(line.removeprefix("data: "))
    return found


def apart(one: View, other: View) -> float:
    return abs(one[0] + one[2] - other[0] - other[2]) + abs(one[1] + one[3] - other[1] - other[3])


@given(views=views, own=st.none() | st.integers(0, 69), gone=st.lists(st.sampled_from("xyz")))
def test_the_nearest_are_told_first(views: list[View], own: int | None, gone: list[str]) -> None:
    there = {f"p{number}": view for number, view in enumerate(views)}
    known = {name: where(name, view) for name, view in there.items()}
    me = f"p{own}"
    found = told(_News([*there, *gone], known).event(me, known.get(me), 7))
    others = [name for name in there if name != me]
    if me in there:
        others.sort(key=lambda each: apart(there[me], there[each]))
    assert [each["here"] for each in found["people"]] == others[:50]  # type: ignore[attr-defined]
    assert (found["left"], found["count"]) == (gone, 7)
