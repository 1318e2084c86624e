"""What differs between the files that are there and the files made again."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, Final

import lcrmap
from lcrmap.reports.markup import visible_lines
from lcrmap.reports.records import table

__all__ = ["differences", "versions_apart"]

_MOST_SHOWN: Final = 8  # differences of a file
# Lines between the first and the last that differ: the time grows with their square.
_MOST_COMPARED: Final = 2_000
_TEXTS: Final = (".html", ".md", ".txt", ".csv", ".json", ".svg")


def versions_apart(record: Mapping[str, Any]) -> list[str]:
    """Say by which other versions a page was made."""
    from importlib.metadata import PackageNotFoundError, version

    lines = []
    for name, then in table(record, "versions").items():
        try:
            now = lcrmap.__version__ if name == "lcrmap" else version(name)
        except (PackageNotFoundError, ValueError):
            continue  # such as Leaflet, which is no Python package
        if now != then:
            lines.append(f"Made with {name} {then}; here it is {now}.")
    return lines


def differences(there: Mapping[str, bytes], made: Mapping[str, bytes]) -> list[str]:
    """Say which files differ, and in which lines."""
    lines = [f"Missing: {each}" for each in sorted(set(made) - set(there))]
    lines += [f"Not part of the rebuilt report: {each}" for each in sorted(set(there) - set(made))]
    for name in sorted(set(there) & set(made)):
        if there[name] != made[name]:
            lines.append(f"Differs: {name}")
            lines += [f"  {each}" for each in _changes(name, there[name], made[name])]
    return lines


def _changes(name: str, old: bytes, new: bytes) -> list[str]:
    """Say which lines of text changed."""
    if not name.endswith(_TEXTS):
        return []
    before, after = (_readable(name, each.decode("utf-8", errors="replace")) for each in (old, new))
    before, after = _without_common_ends(before, after)
    if not before and not after:
        return ["The text is the same; script, style or data differ."]
    cut = max(len(before), len(after)) > _MOST_COMPARED
    changed = [
        line[:160]
        for line in difflib.unified_diff(
            before[:_MOST_COMPARED], after[:_MOST_COMPARED], n=0, lineterm=""
        )
        if line[:1] in "+-" and not line.startswith(("+++", "---"))
    ]
    shown, more = changed[:_MOST_SHOWN], len(changed) - _MOST_SHOWN
    if cut:
        return [*shown, "and more lines further on"]
    return shown + ([f"and {more:,} more lines"] if more > 0 else [])


def _readable(name: str, text: str) -> list[str]:
    if name.endswith(".html"):
        return visible_lines(text)
    return [each for line in text.splitlines() if (each := line.strip())]


def _without_common_ends(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    """Return what stands between the first and the last lines that differ."""
    shorter = min(len(before), len(after))
    start = 0
    while start < shorter and before[start] == after[start]:
        start += 1
    end = 0
    while end < shorter - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return before[start : len(before) - end], after[start : len(after) - end]
