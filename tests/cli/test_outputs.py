"""What an answer is written to: nothing that was read, nothing twice, and all of it or nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lcrmap.cli.delivery import Delivery
from lcrmap.cli.streaming import sink_of
from lcrmap.io.opening import open_layer
from lcrmap.layers import Pack

ROWS = "id,lon,lat\na,-2.98,53.4\nb,-2.97,53.41\n"


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "output"
    folder.mkdir()
    (folder / "q.csv").write_text(ROWS)
    return folder


@pytest.mark.parametrize("make", ["link", "symlink"])
@pytest.mark.parametrize(
    "words",
    [
        ["join", "output/l.csv", "boroughs"],
        ["show", "output/l.csv"],
        ["count", "output/l.csv", "--in", "boroughs"],
        ["near", "53.4,-2.98", "output/l.csv"],
        ["near", "output/l.csv:a", "rail-stations"],
        ["catchment", "output/l.csv", "--rings", "1km"],
        ["gaps", "output/l.csv", "--beyond", "1km"],
    ],
    ids=" ".join,
)
def test_no_verb_replaces_what_it_reads(
    lcrmap: Callable, own: Path, make: str, words: list[str]
) -> None:
    getattr(os, make)(own / "q.csv", own / "l.csv")
    done = lcrmap(*words, "-o", "output/q.csv")
    assert (done.code, done.out) == (4, "")
    assert done.err == (
        "Error: 'output/q.csv' is what was read: "
        "choose another name, or add --overwrite to replace it.\n"
    )
    assert (own / "q.csv").read_text() == ROWS
    assert names(own) == ["l.csv", "q.csv"]


def test_nor_adds_a_file_to_the_data_set_that_it_reads(lcrmap: Callable, own: Path) -> None:
    lcrmap("show", "output/q.csv", "-o", "output/q/")
    before = names(own / "q")
    done = lcrmap("show", "output/q", "-o", "output/q/more.parquet", "--overwrite")
    assert (done.code, done.out) == (4, "")
    assert done.err == (
        "Error: 'output/q/more.parquet' lies in a folder that is read: name a place outside it.\n"
    )
    assert names(own / "q") == before


def test_a_folder_called_as_a_layer_of_the_pack_is_not_what_was_read(
    lcrmap: Callable, tmp_path: Path
) -> None:
    (tmp_path / "boroughs").mkdir()
    assert lcrmap("show", "boroughs", "-o", "boroughs/b.csv").code == 0


def test_nor_what_comes_by_standard_input(shell: Callable, own: Path) -> None:
    done = shell("lcrmap show - -o output/q.csv < output/q.csv")
    assert done.code == 4
    assert "'output/q.csv' is what was read" in done.err
    assert (own / "q.csv").read_text() == ROWS


def test_nor_the_file_for_what_stands_beside(lcrmap: Callable, own: Path) -> None:
    done = lcrmap("join", "output/q.csv", "boroughs", "--unmatched", "output/q.csv", "-f", "csv")
    assert done.code == 4
    assert "is what was read" in done.err


def test_nor_the_description_of_what_it_reads(lcrmap: Callable, own: Path) -> None:
    lcrmap("show", "boroughs", "-o", "output/b.csv")
    os.link(own / "b.csv-metadata.json", own / "c.csv-metadata.json")
    before = (own / "b.csv-metadata.json").read_bytes()
    done = lcrmap("show", "output/b.csv", "-o", "output/c.csv")
    assert done.code == 4
    assert "'output/c.csv-metadata.json' is what was read" in done.err
    assert (own / "b.csv-metadata.json").read_bytes() == before
    assert not (own / "c.csv").exists()


def test_nor_a_layer_of_the_pack(lcrmap: Callable, own: Path, skerries: Pack) -> None:
    shutil.copytree(skerries.folder, own / "pack")
    (layer,) = list(skerries)[:1]
    done = lcrmap("show", layer.name, "--pack", "output/pack", "-o", f"output/pack/{layer.path}")
    assert done.code == 4
    assert "is what was read" in done.err


def test_with_a_word_what_was_read_is_replaced(lcrmap: Callable, own: Path) -> None:
    done = lcrmap(
        "show", "output/q.csv", "--where", "id = 'a'", "-o", "output/q.csv", "--overwrite"
    )
    assert done.code == 0, done.err
    assert "b," not in (own / "q.csv").read_text()


def test_an_ancestor_called_output_makes_nothing_ones_own(
    lcrmap: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / "output" / "2024" / "deep"
    deep.mkdir(parents=True)
    (deep / "important.csv").write_text("mine")
    monkeypatch.chdir(deep)
    for path in ("important.csv", str(deep / "important.csv"), "output/../important.csv"):
        done = lcrmap("show", "boroughs", "-o", path)
        assert done.code == 4
        assert done.err == f"Error: '{path}' exists already: add --overwrite to replace it.\n"
    assert (deep / "important.csv").read_text() == "mine"


@pytest.mark.parametrize(
    "words",
    [
        ["-o", "a.csv", "-o", "a.csv"],
        ["-o", "a.csv", "-o", "./a.csv"],
        ["-o", "a.csv", "-o", "a.html", "-o", "a.csv"],
        ["-o", "a.csv", "-o", "a.csv-metadata.json"],
        ["-o", "a.geojson", "--unmatched", "a.geojson"],
    ],
    ids=" ".join,
)
def test_the_same_file_twice_is_refused_before_any_work(
    lcrmap: Callable, tmp_path: Path, words: list[str]
) -> None:
    done = lcrmap("join", "there-is-no-such.csv", "boroughs", *words)
    assert done.code == 2
    assert "would be written twice: name each output once." in done.err
    assert names(tmp_path) == []


def test_pictures_of_one_name_share_their_text(lcrmap: Callable, tmp_path: Path) -> None:
    done = lcrmap("map", "boroughs", "-o", "p.png", "-o", "p.svg", "--dpi", "50")
    assert done.code == 0, done.err
    assert names(tmp_path) == ["p.alt.txt", "p.png", "p.svg"]


LIMITED = """
import resource, signal, sys
from lcrmap.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
sys.argv = ["lcrmap", *sys.argv[2:]]
main()
"""


def limited(folder: Path, size: int, *words: str) -> subprocess.CompletedProcess[str]:
    """Run lcrmap where no file may become larger than so many bytes."""
    return subprocess.run(
        [sys.executable, "-c", LIMITED, str(size), *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def content(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_picture_and_text_stay_together_when_the_picture_is_too_large(
    lcrmap: Callable, tmp_path: Path
) -> None:
    lcrmap("map", "boroughs", "-o", "p.png", "--dpi", "50")
    before = content(tmp_path)
    assert sorted(before) == ["p.alt.txt", "p.png"]
    done = limited(tmp_path, 20_000, "map", "innovation-assets", "-o", "p.png", "--overwrite")
    assert done.returncode == 4
    assert done.stderr.endswith(
        "'p.png' cannot be written: it would be larger than files may be here.\n"
    )
    assert content(tmp_path) == before


def test_rows_and_their_description_stay_together(lcrmap: Callable, tmp_path: Path) -> None:
    lcrmap("show", "boroughs", "--columns", "name", "-o", "a.csv")
    before = content(tmp_path)
    done = limited(tmp_path, 8_000, "show", "innovation-assets", "-o", "a.csv", "--overwrite")
    assert done.returncode == 4
    assert "cannot be written: it would be larger than files may be here." in done.stderr
    assert content(tmp_path) == before


def test_all_outputs_of_a_command_stay_together(lcrmap: Callable, tmp_path: Path) -> None:
    words = ["-o", "a.geojson", "-o", "a.md", "-o", "a.html", "-o", "a.svg"]
    lcrmap("show", "boroughs", "--limit", "1", *words)
    before = content(tmp_path)
    assert len(before) == 5
    done = limited(tmp_path, 100_000, "show", "boroughs", *words, "--overwrite")
    assert done.returncode == 4
    assert content(tmp_path) == before


def test_what_is_written_as_rows_come_stays_together(tmp_path: Path) -> None:
    boroughs = open_layer("boroughs")
    files = [tmp_path / name for name in ("a.csv", "b.geojson", "c.parquet")]
    files[1].write_text("old")
    to = Delivery(output=(files[0], files[1]), beside=files[2], overwrite=True)
    with pytest.raises(KeyboardInterrupt), sink_of(to) as sink:
        sink.write(boroughs, boroughs)
        raise KeyboardInterrupt
    assert content(tmp_path) == {"b.geojson": b"old"}
    with sink_of(to) as sink:
        sink.write(boroughs, boroughs)
    assert names(tmp_path) == ["a.csv", "a.csv-metadata.json", "b.geojson", "c.parquet"]


def test_a_single_shape_that_csv_cannot_hold_is_left_out(lcrmap: Callable) -> None:
    outcome = lcrmap("show", "boroughs", "--where", "name = 'Halton'", "-o", "one.csv")
    assert "CSV holds no lines or areas, so 1 of 1 shape is left out: " in outcome.err
    assert outcome.err.endswith("Wrote one.csv (1 row) and one.csv-metadata.json.\n")


@pytest.mark.parametrize("columns", [(), ("--columns", "name,count")], ids=["all", "some"])
def test_figures_by_area_are_written_to_csv_without_a_word_of_the_shapes_of_the_areas(
    lcrmap: Callable, columns: tuple[str, ...]
) -> None:
    outcome = lcrmap("count", "rail-stations", "--in", "boroughs", *columns, "-o", "counts.csv")
    assert "lines or areas" not in outcome.err
    assert outcome.err.endswith("Wrote counts.csv (9 rows) and counts.csv-metadata.json.\n")


def test_a_join_to_areas_of_a_file_says_which_shapes_csv_leaves_out(lcrmap: Callable) -> None:
    lcrmap("show", "boroughs", "-o", "mine.geojson")
    outcome = lcrmap("join", "mine.geojson", "wards", "--many", "-o", "joined.csv")
    assert "CSV holds no lines or areas, so " in outcome.err
