"""Sources open each layer once, and one layer can stand for another without a verb knowing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from lcrmap.errors import DataError
from lcrmap.io import opening
from lcrmap.layers import Pack
from lcrmap.reports.making import make_report
from lcrmap.verbs.asks import question_class
from lcrmap.verbs.count.question import Count
from lcrmap.verbs.near.question import Near
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer
from tests.verbs.test_answer import ASKED


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count how often each file is read."""
    counts: Counter[str] = Counter()
    real = opening.read_file

    def counting(path: Path, *rest: Any) -> Any:
        counts[path.name] += 1
        return real(path, *rest)

    monkeypatch.setattr(opening, "read_file", counting)
    return counts


@pytest.mark.parametrize("ask", [*ASKED, "layers"])
def test_no_verb_reads_a_file_twice(ask: str, pack: Pack, read: Counter[str]) -> None:
    sources = Sources(pack)
    made = answer(question_class(ask)(**ASKED.get(ask, {})), sources)
    if ask != "layers":
        made.page(sources)
    assert read
    assert set(read.values()) == {1}, read


def test_a_report_reads_no_file_twice(skerries: Pack, read: Counter[str]) -> None:
    make_report(sources=Sources(skerries))
    assert read
    assert set(read.values()) == {1}, read


def test_a_file_of_ones_own_is_read_once_though_it_is_named_twice(
    pack: Pack, read: Counter[str], tmp_path: Path
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("name,lon,lat\nA,-2.98,53.40\nB,-2.99,53.41\n", encoding="utf-8")
    sources = Sources(pack)
    found = answer(Near(start=str(path), targets=str(path)), sources)
    found.page(sources)
    assert found.frame["name"].tolist() == ["B", "A"]
    assert read["mine.csv"] == 1
    assert set(read.values()) == {1}, read


def test_another_layer_in_its_place_gives_another_answer(pack: Pack) -> None:
    sources = Sources(pack)
    layer = sources.layer("freeport-sites")
    fewer = sources.with_layer("freeport-sites", layer.with_frame(layer.frame.iloc[:4]))
    asked = Count(layers=("freeport-sites", "innovation-assets"), areas="boroughs")
    before, after = (answer(asked, each).frame.iloc[-1] for each in (sources, fewer))
    assert (before["freeport_sites"], after["freeport_sites"]) == (16, 4)
    assert before["innovation_assets"] == after["innovation_assets"]
    near = Near(start="freeport-sites", targets="rail-stations")
    assert len(answer(near, sources).frame) > len(answer(near, fewer).frame)


@pytest.mark.parametrize("name", ["mine.csv", "mine.csv:A", "./mine.csv", "-", "~", "a:mine.csv"])
def test_closed_sources_read_what_they_were_given_and_nothing_else(
    name: str, pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.csv").write_text("name,lon,lat\nA,-2.98,53.40\n", encoding="utf-8")
    (tmp_path / "elsewhere.csv").write_text("name,lon,lat\nZ,-2.98,53.40\n", encoding="utf-8")
    closed = Sources(pack, closed=True)
    with pytest.raises(DataError, match="The record names"):
        closed.layer(name)
    with pytest.raises(DataError, match="The record names"):
        closed.spots(name)
    given = Sources(pack, files={"mine.csv": tmp_path / "elsewhere.csv"}, closed=True)
    assert given.layer("mine.csv").frame["name"].tolist() == ["Z"]
    assert len(closed.layer("boroughs").frame) == 6
