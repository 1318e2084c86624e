"""Make a case smaller for as long as it has the same fault."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tests.fuzz.cases import Case
from tests.fuzz.running import judged_alone

__all__ = ["reduced"]

Fails = Callable[[bytes], bool]


def reduced(case: Case, key: str, *, seconds: float = 20) -> Case:
    """Return a case that is as small as some seconds suffice to make it, and has the fault `key` still."""
    until = time.monotonic() + seconds

    def fails(other: Case) -> bool:
        return time.monotonic() < until and key in judged_alone(other, seconds=10)

    for part in ("lines", "checks"):
        for each in getattr(case, part):
            others = {"lines": (), "checks": (), part: (each,)}
            if fails(replace(case, **others)):
                case = replace(case, **others)
                break
    for name in case.files:
        without = {each: data for each, data in case.files.items() if each != name}
        if name != case.subject and fails(replace(case, files=without)):
            case = replace(case, files=without)
    for name in sorted(case.files, key=lambda each: each != case.subject):
        case = _with_less(case, name, fails)
    return case


def _with_less(case: Case, name: str, fails: Callable[[Case], bool]) -> Case:
    """Return the case with less of one file."""

    def changed(data: bytes) -> Case:
        return replace(case, files={**case.files, name: data})

    def fails_with(data: bytes) -> bool:
        return fails(changed(data))

    data = _smaller_json(case.files[name], fails_with)
    for mark in (b"\n", b","):
        data = _without_pieces(data, mark, fails_with)
    if len(data) < 4000:
        data = _without_runs(data, fails_with)
    return changed(data)


def _smaller_json(data: bytes, fails: Fails) -> bytes:
    """Leave out members and entries of JSON, one after another."""
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        return data
    if not fails(json.dumps(whole).encode()):
        return data
    progress = True
    while progress:
        progress = False
        for smaller in _each_smaller(whole):
            if fails(json.dumps(smaller).encode()):
                whole, progress = smaller, True
                break
    return json.dumps(whole).encode()


def _each_smaller(value: Any) -> Iterator[Any]:
    """Yield a value of JSON with each of its parts left out in turn, the large ones first."""
    if isinstance(value, dict):
        for name in value:
            yield {key: each for key, each in value.items() if key != name}
        for name, inner in value.items():
            for each in _each_smaller(inner):
                yield {**value, name: each}
    elif isinstance(value, list):
        for at in range(len(value)):
            yield [*value[:at], *value[at + 1 :]]
        for at, inner in enumerate(value):
            for each in _each_smaller(inner):
                yield [*value[:at], each, *value[at + 1 :]]


def _without_pieces(data: bytes, mark: bytes, fails: Fails) -> bytes:
    """Leave out pieces between marks, half of them at first."""
    pieces = data.split(mark)
    size = max(1, len(pieces) // 2)
    while size and len(pieces) > 1:
        at = 0
        while at < len(pieces):
            fewer = [*pieces[:at], *pieces[at + size :]]
            if fewer and fails(mark.join(fewer)):
                pieces = fewer
            else:
                at += size
        size //= 2
    return mark.join(pieces)


def _without_runs(data: bytes, fails: Fails) -> bytes:
    """Leave out runs of bytes, long ones at first."""
    size = len(data) // 2
    while size:
        at = 0
        while at < len(data):
            fewer = data[:at] + data[at + size :]
            if fails(fewer):
                data = fewer
            else:
                at += size
        size //= 2
    return data
