"""What ``lcrmap locate`` says on stderr, and when."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lcrmap.layers import Pack


def test_how_long_it_may_take_is_the_first_that_is_said(
    lcrmap: Callable, tmp_path: Path, skerries: Pack
) -> None:
    path = tmp_path / "sites.csv"
    rows = (f"s{each},55,{-6 + 0.001 * each:.3f}" for each in range(5_001))
    path.write_text("\n".join(["id,lat,lon", *rows]), encoding="utf-8")
    pack = ("--pack", str(skerries.folder))
    outcome = lcrmap("locate", "landings", "--from", str(path), *pack)
    first = outcome.err.splitlines()[0]
    assert first.startswith("5,001 candidates: to choose among so many may take a minute or more")
