"""The harness runs, takes turns, compares answers and says what it found."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import answers, machine
from benchmarks.contract import Agreement, Aim, Contender, Input, Measured, Outcome, Workload
from benchmarks.measuring import FailedError, measure
from benchmarks.report import overview, ratio, written
from benchmarks.running import run
from benchmarks.workloads import WORKLOADS

ROOT = Path(__file__).resolve().parents[2]


def test_a_quick_run_compares_the_answers_of_all_that_can_run(tmp_path: Path) -> None:
    chosen = ("version", "geojson", "join-boroughs", "nearest", "catchments")
    target = str(tmp_path / "results.md")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", *chosen, "-o", target],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "results.md").read_text()
    assert "it shows that the harness works, and no more" in text
    assert "failed" not in text, text
    rows = {
        (section.splitlines()[0], line.split("|")[1].strip()): line.split("|")[-2].strip()
        for section in text.split("\n## ")[1:]
        for line in section.splitlines()
        if line.startswith("| ") and not line.startswith("| program")
    }
    assert rows["500,000 points of GeoJSON into a frame", "pyogrio"] == "6 of 6"
    joined = "1,000,000 points of CSV joined to the 6 boroughs, to CSV"
    assert rows[joined, "geopandas"] == "1,000 of 1,000"
    assert rows["5 nearest of 10,000 for 100,000 points", "geopandas, planar, 1"].startswith("200")
    assert str(tmp_path) not in text
    assert str(ROOT) not in text


def test_a_process_is_measured_alone(tmp_path: Path) -> None:
    """In a process of its own: this one is large, and Linux would count it in every child."""
    script = f"""
import sys
from pathlib import Path
from benchmarks.measuring import measure
folder = Path({str(tmp_path)!r})
for code in ("pass", "x = bytearray(200 << 20)", "import time; time.sleep(0.3)"):
    found = measure([sys.executable, "-c", code], folder)
    print(found.seconds, found.megabytes)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    small, large, slow = (
        [float(each) for each in line.split()] for line in done.stdout.splitlines()
    )
    assert 150 < large[1] - small[1] < 250
    assert slow[0] > 0.3


def test_a_contender_may_keep_its_own_clock(tmp_path: Path) -> None:
    assert measure([sys.executable, "-c", "print(1.5)"], tmp_path, own_clock=True).seconds == 1.5


def test_a_contender_that_fails_or_hangs_says_why(tmp_path: Path) -> None:
    with pytest.raises(FailedError, match="No such thing"):
        measure([sys.executable, "-c", "raise SystemExit('No such thing')"], tmp_path)
    with pytest.raises(FailedError, match="took too long"):
        measure([sys.executable, "-c", "import time; time.sleep(9)"], tmp_path, within=0.2)


def test_all_take_turns_and_one_that_is_missing_is_listed(tmp_path: Path) -> None:
    said: list[str] = []
    write = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"
    workload = Workload(
        "toy",
        "A toy",
        (
            Contender("lcrmap", ("{python}", "-c", write, "{out}", "a\nb"), ".txt"),
            Contender("other", ("{python}", "-c", write, "{out}", "a\nc"), ".txt"),
            Contender("slow", ("{python}", "-c", write, "{out}", "a\nb"), ".txt", once=True),
            Contender("absent", ("absent",), ".txt", needs=("no-such-distribution",)),
        ),
        (Aim(2.0, ("other",)),),
        compare="lines",
        rounds=2,
    )
    outcomes = run(workload, tmp_path, say=said.append)
    assert said == [
        "toy: lcrmap, round 1 of 2",
        "toy: other, round 1 of 2",
        "toy: slow, round 1 of 2",
        "toy: lcrmap, round 2 of 2",
        "toy: other, round 2 of 2",
    ]
    assert [each.agreement for each in outcomes] == [None, Agreement(1, 2), Agreement(2, 2), None]
    assert outcomes[3].reason == "not installed: no-such-distribution"
    assert "| absent | not installed: no-such-distribution |" in written([(workload, outcomes)])


def outcome(name: str, *seconds: float) -> Outcome:
    return Outcome(name, tuple(Measured(each, 10.0) for each in seconds))


def test_ratios_are_taken_round_by_round() -> None:
    # A machine that is ten times slower in one round changes the times, not the ratio.
    assert ratio(outcome("lcrmap", 1, 10, 1), outcome("peer", 2, 20, 2)) == 0.5
    assert ratio(outcome("lcrmap", 1, 2, 3), outcome("peer that ran once", 4)) == 0.5


def test_the_table_says_where_an_aim_is_missed() -> None:
    workload = Workload("toy", "A toy", (), (Aim(0.5, ("peer", "slower")),))
    outcomes = [outcome("lcrmap", 1, 1), outcome("peer", 1, 1), outcome("slower", 8, 8)]
    assert overview([(workload, outcomes)])[2] == (
        "| A toy | 1.00 s | peer | 1.00 s | 1.00 | 0.50 | no: 2.00 times the aim |"
    )


def test_where_lcrmap_is_not_first_the_page_says_so() -> None:
    workload = Workload("toy", "A toy", (), ())
    text = written([(workload, [outcome("lcrmap", 2, 2), outcome("peer", 1, 1)])])
    assert "lcrmap is not first: peer took less time." in text


def test_wrong_answers_are_counted(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("id,code\n1,A\n2,\n3,B\n4,C\n")
    two.write_text("code,id\nA,1\nC,3\nB,2\nC,4\n")  # 3 elsewhere, 2 inside
    assert answers.areas(one, two) == (2, 4)
    two.write_text("code,id\nA,1\nB,3\nC,4\n")  # a peer may leave out what is outside
    assert answers.areas(one, two) == (4, 4)


def test_only_as_many_ranks_are_compared_as_a_peer_has(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("id,rank,target\n1,1,7\n1,2,8\n2,1,5\n2,2,6\n")
    two.write_text("id,rank,target\n1,1,7\n2,1,6\n")
    assert answers.nearest(one, two) == (1, 2)


def test_inputs_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    from benchmarks.inputs import points_csv, points_geojson

    for make in (points_csv, points_geojson):
        files = [tmp_path / name for name in ("first", "second")]
        for file in files:
            make(50, file)
        assert files[0].read_bytes() == files[1].read_bytes()
    assert len((tmp_path / "first").read_text().splitlines()) == 52


def test_every_workload_names_inputs_and_peers_that_are_there() -> None:
    from benchmarks import inputs

    for workload in WORKLOADS.values():
        names = {each.name for each in workload.contenders}
        assert all(set(aim.against) <= names for aim in workload.aims)
        assert all(each.kind in inputs.KINDS for each in workload.inputs)
        assert not workload.compare or workload.compare in answers.KINDS
        assert workload.contenders[0].name.startswith("lcrmap")


def test_the_machine_is_described_without_its_name() -> None:
    import platform

    assert platform.node() not in machine.described()
    assert machine.version("click")
    assert not machine.has("no-such-distribution")


def test_an_input_is_made_once(tmp_path: Path) -> None:
    workload = Workload(
        "toy",
        "A toy",
        (Contender("lcrmap", ("{python}", "-c", "open(__import__('sys').argv[1])", "{points}")),),
        (),
        (Input("points", "points_csv", ".csv", 10, 5),),
        rounds=1,
    )
    assert run(workload, tmp_path, quick=True, say=lambda _: None)[0].runs
    assert (tmp_path / "points_csv-5.csv").exists()


def test_a_served_map_is_measured_with_few_clients(tmp_path: Path) -> None:
    target = tmp_path / "serve.md"
    command = [sys.executable, "-m", "benchmarks.serve", "--quick", "-o", str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "150 of 150 heard" in target.read_text()
