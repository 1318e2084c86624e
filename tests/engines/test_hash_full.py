"""``--hash full`` reads every byte of a data set, and holds it to what the list of its files says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pyarrow.parquet as pq
import pytest

from tests.conftest import Outcome
from tests.engines.conftest import Divide

Run = Callable[..., Outcome]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def inputs(path: str) -> list[dict[str, str]]:
    carried = json.loads(pq.read_schema(path).metadata[b"lcrmap"])
    return [each for each in carried["inputs"] if each["name"] == "set/"]


def changed(path: Path) -> None:
    """Change a byte that neither the footer nor the length tells of."""
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    path.write_bytes(data)


def test_a_record_states_what_was_hashed(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide
) -> None:
    divide(places.iloc[:300], (100,), here / "set")
    words = ("join", "set/", "boroughs", "-o")
    assert lcrmap(*words, "footer.parquet").code == 0
    full = lcrmap(*words, "full.parquet", "--hash", "full")
    assert full.code == 0, full.err
    assert [set(each) for each in inputs("footer.parquet")] == [{"name", "footer-sha256"}]
    each = [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(Path("set").iterdir())]
    whole = hashlib.sha256("".join(f"{digest}\n" for digest in each).encode()).hexdigest()
    assert inputs("full.parquet") == [{"name": "set/", "sha256": whole}]


def test_a_changed_byte_is_found_and_its_file_named(lcrmap: Run, here: Path) -> None:
    assert lcrmap("show", "rail-stations", "-o", "set/", "--rows-per-file", "20").code == 0
    for verb in (
        ("show",),
        ("count", "--in", "boroughs"),
        ("join", "boroughs"),
        ("near", "freeport-sites"),
    ):
        words = (verb[0], "set/", *verb[1:], "--hash", "full", "-o", "x.csv", "--overwrite")
        assert lcrmap(*words).code == 0
    changed(Path("set/part-00001.parquet"))
    asked = lcrmap("show", "set/", "--hash", "full", "-o", "y.csv")
    assert asked.code == 3
    assert "'set/part-00001.parquet' is not what was written" in asked.err
    assert len(asked.err.splitlines()) == 1
    assert not Path("y.csv").exists()


def test_bytes_differ_that_footers_do_not_tell(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame
) -> None:
    path, found = Path("set/a.parquet"), []
    path.parent.mkdir()
    places.iloc[:300].to_parquet(path, compression=None)
    for name in ("one", "two"):
        for how in ("footer", "full"):
            words = ("show", "set/", "--columns", "id", "--hash", how)
            made = lcrmap(*words, "-o", f"{name}-{how}.parquet")
            assert made.code == 0, made.err
            found.append(inputs(f"{name}-{how}.parquet"))
        path.write_bytes(path.read_bytes().replace(b"p00007", b"q00007"))
    assert found[0] == found[2]
    assert found[1] != found[3]
