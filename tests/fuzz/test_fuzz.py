"""Two thousand made-up inputs of every kind, the same each time; and that the fuzzer sees what it is to see."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.cases import Case, load, store
from tests.fuzz.faults import FaultError
from tests.fuzz.kinds import KINDS, make
from tests.fuzz.known import KNOWN, Known, known_fault
from tests.fuzz.oracles import reading, said
from tests.fuzz.oracles.references import of_csv
from tests.fuzz.oracles.said import LeftOut, left_out, written_as

ROOT = Path(__file__).parents[2]
CASES = 2_000
GROUPS = {
    "text": "geojson,geojsonl,csv",
    "binary": "gpkg,parquet,fgb,shp,zip",
    "markup": "kml,gpx,gml,kmz",
    "packed": "gz,packed,xlsx,ods",
    "exchanged": "topojson,esrijson,tab,mif,gdb,gdbzip",
    "asked": "asked,honest,pack,page",
    "typed": "filter,place,distance,recipe,scenario",
}
"""Each is run in a process of its own, and by a worker of its own."""


def fuzz(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the fuzzer in a process of its own, as it forks others."""
    line = [sys.executable, "-m", "tests.fuzz", *words]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)


def test_every_kind_is_in_one_group() -> None:
    assert sorted(",".join(GROUPS.values()).split(",")) == sorted(KINDS)


@pytest.mark.parametrize("group", GROUPS)
def test_nothing_breaks_that_is_not_known(group: str, tmp_path: Path) -> None:
    """Fixed seeds: what fails here is a fault of the change that is being made, and `make fuzz` finds others."""
    most = CASES // len(GROUPS)
    out = ("--no-reduce", "--out", str(tmp_path), "--seconds", "60")
    done = fuzz("--kinds", GROUPS[group], "--cases", str(most), *out)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{most:,} cases, 0 with a fault" in done.stdout


@pytest.mark.parametrize("known", KNOWN, ids=lambda each: each.case.kind)
def test_a_known_fault_is_there_still(known: Known, tmp_path: Path) -> None:
    """One that is mended leaves `known.py`, and gets a test of its own beside the code."""
    store(known.case, tmp_path / "case")
    done = fuzz("--replay", str(tmp_path / "case"))
    keys = [each[6:] for each in done.stdout.splitlines() if each.startswith("FAULT ")]
    assert any(map(known_fault, keys)), f"it is mended: take '{known.why}' out of known.py"


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_and_a_seed_make_one_case(kind: str, tmp_path: Path) -> None:
    assert make(kind, 7) == make(kind, 7)
    made = [make(kind, seed) for seed in range(20)]
    assert len({(tuple(each.files.values()), each.lines) for each in made}) > 10
    store(make(kind, 7), tmp_path)
    assert load(tmp_path) == make(kind, 7)


def test_a_fault_is_said_and_can_be_run_again(tmp_path: Path) -> None:
    store(Case("csv", 0, {"a.csv": b"n\n1\n"}, "a.csv", ("reads",), lawful=True), tmp_path)
    done = fuzz("--replay", str(tmp_path))
    assert done.returncode == 1
    assert done.stdout.startswith("FAULT a lawful file is refused: has no columns that look")
    store(Case("csv", 0, {"a.csv": b"n\n1\n"}, "a.csv", ("reads",)), tmp_path)
    assert fuzz("--replay", str(tmp_path)).stdout == "No fault.\n"


def test_a_case_that_computes_for_too_long_hangs() -> None:
    assert fuzz("--replay", "place:1", "--seconds", "0.01").stdout.startswith("FAULT it hangs\n")


def test_rows_may_be_missing_that_the_reader_says_it_left_out() -> None:
    data = b"lon,lat\ndegrees,degrees\n-3,53\n-2,54\nTotal,2\n\nSource: x"
    notes = (
        "The row of units below the header of 'a.csv' is left out.",
        "The last row is a total or a note in 'a.csv' and left out.",
        "The last 2 lines are a note below the table of 'a.csv' and left out.",
    )
    left = left_out(notes)
    assert left == LeftOut(units=1, ending=1, foot=2)
    expected = of_csv(data, left)
    assert expected is not None
    assert expected.rows == [{"lon": "-3", "lat": "53"}, {"lon": "-2", "lat": "54"}]


@pytest.mark.parametrize("left", [LeftOut(units=1), LeftOut(ending=1), LeftOut(foot=1)])
def test_rows_that_hold_data_may_not_be_missing_whatever_is_said(left: LeftOut) -> None:
    with pytest.raises(FaultError):
        of_csv(b"lon,lat\n-3,53\n-2,54\n", left)


@pytest.mark.parametrize(
    ("found", "cell", "stands"),
    [([(2.0, 1.0)], "[1,2]", True), ([(2.0, 1.5)], "[1,2]", False), ([], "[1,2]", True)],
)
def test_a_position_must_be_that_of_the_cell_it_is_said_to_come_from(
    found: list[tuple[float, ...]], cell: str, stands: bool
) -> None:
    assert reading._stand_in(found, cell) == stands
    note = "The positions of 'a.parquet' are taken from its column 'longitude' as latitude and longitude in EPSG:4326."
    assert said.placing_column([note]) == "longitude"
    assert said.placing_column(["Something else."]) is None


def test_a_column_may_have_another_name_that_is_said(tmp_path: Path) -> None:
    said = ["Columns of a GeoPackage must differ in more than case: written 'Lat' as 'Lat_2'."]
    assert written_as("Lat", ["lat", "Lat_2"], said) == "Lat_2"
    assert written_as("Lat", ["lat", "Lat_2"], []) == "Lat"
    assert written_as("lat", ["lat", "Lat_2"], said) == "lat"
    data = {"a.csv": b"id,Long,lat,Lat\nx,-2.9,53.4,7\n"}
    store(Case("csv", 0, data, "a.csv", ("again",)), tmp_path)  # whose seed draws a GeoPackage
    assert fuzz("--replay", str(tmp_path)).stdout == "No fault.\n"
