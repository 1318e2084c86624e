"""``lcrmap scenarios`` and ``--scenario``, as typed."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from lcrmap.layers import Pack
from tests.conftest import Outcome

Run = Callable[..., Outcome]


def test_the_list_names_the_packs_own_scenarios(lcrmap: Run) -> None:
    found = lcrmap("scenarios", "-f", "csv")
    assert found.code == 0
    names = [line.partition(",")[0] for line in found.out.splitlines()]
    assert names == [
        "name",
        "baseline",
        "birkenhead-hub",
        "four-stations",
        "no-ferries",
        "trirx-closes",
    ]


def test_the_example_runs_as_it_is_printed(lcrmap: Run, tmp_path: Path) -> None:
    example = tmp_path / "mine.toml"
    example.write_text(lcrmap("scenarios", "--example").out, encoding="utf-8")
    found = lcrmap("scenarios", str(example), "-f", "csv", "-c", "change,verb")
    assert found.code == 0
    assert found.out.splitlines()[1:] == [
        f"change[{n}],{verb}"
        for n, verb in enumerate(("add", "add", "remove", "move", "set", "people"), 1)
    ]
    assert "among the most deprived tenth should rise" in found.err


def test_the_example_is_shown_as_it_resolves(lcrmap: Run, tmp_path: Path) -> None:
    example = tmp_path / "mine.toml"
    example.write_text(lcrmap("scenarios", "--example").out, encoding="utf-8")
    found = lcrmap("scenarios", str(example), "-f", "csv", "-c", "names,before,after,moved_m")
    assert list(csv.reader(found.out.splitlines()))[1:] == [
        [
            "Carr Mill; Daresbury; Liverpool Baltic; Woodchurch",
            "",
            "as in planned-stations",
            "",
        ],
        [
            "Birkenhead hub",
            "",
            "CH41 5AA (right to 50m); name: Birkenhead hub; sector: cross_sector; status: proposed",
            "",
        ],
        ["TriRx Speke", "status: unknown", "", ""],
        [
            "Maritime Knowledge Hub (Hydraulic Tower)",
            "53.40470,-3.02310 (right to 250m)",
            "SJ 330 889 (error not known)",
            "1624.643",
        ],
        [
            "Mersey Ferry, Pier Head - Seacombe; Mersey Ferry, Pier Head - Woodside",
            "status: operational",
            "status: closed",
            "",
        ],
        ["Haydock West", "5,798 residents", "8,298 residents", ""],
    ]
    assert found.err.splitlines()[3:] == [
        (
            "SJ 330 889 lies outside the 6 boroughs of the pack: distances to it are measured as to any place, and it "
            "is counted in none of them."
        ),
    ]


def test_a_terminal_shows_the_columns_that_say_something(lcrmap: Run, tmp_path: Path) -> None:
    base = tmp_path / "base.toml"
    base.write_text(lcrmap("scenarios", "--example").out, encoding="utf-8")
    shown = lcrmap("scenarios", "trirx-closes", "-f", "table").out.splitlines()[0]
    assert shown.split() == ["Change", "What", "Layer", "Names", "Before", "After", "Reason"]
    mine = tmp_path / "mine.toml"
    mine.write_text(
        'title = "x"\nbase = "base.toml"\n[[change]]\nremove = "innovation-assets:bachem-st-helens"\nchance = 0.5\n'
        'reason = "r"\nsource = "s"\n',
        encoding="utf-8",
    )
    shown = lcrmap("scenarios", str(mine), "-f", "table").out.splitlines()[0]
    for each in ("Scenario", "Moved (m)", "Chance", "Source"):
        assert each in shown


def test_every_fault_is_a_line_of_its_own_and_the_code_is_3(lcrmap: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('titel = "x"\n[[change]]\nfly = 1\n', encoding="utf-8")
    found = lcrmap("gaps", "rail-stations", "--beyond", "800m", "--scenario", str(bad))
    assert found.code == 3
    assert found.out == ""
    lines = found.err.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("Error: bad.toml: ") for line in lines)


def test_two_scenarios_are_sent_to_compare(lcrmap: Run) -> None:
    found = lcrmap("scenarios", "baseline", "my own.toml")
    assert (found.code, found.out) == (2, "")
    assert found.err == (
        "Error: To tell what changes takes one scenario, and 2 are named: 'lcrmap compare baseline 'my own.toml'' "
        "compares them.\n"
    )


def test_the_example_takes_no_scenario(lcrmap: Run) -> None:
    found = lcrmap("scenarios", "--example", "mine.toml")
    assert found.code == 2
    assert found.err == "Error: --example prints a scenario of its own: leave out mine.toml.\n"


def test_a_place_that_a_scenario_adds_is_told_without_it(lcrmap: Run) -> None:
    found = lcrmap("near", "birkenhead-hub", "rail-stations")
    assert found.code == 2
    assert found.err.endswith("so name it, as in --scenario birkenhead-hub.\n")
    assert (
        lcrmap("near", "birkenhead-hub", "rail-stations", "--scenario", "birkenhead-hub").code == 0
    )


def test_a_list_of_changes_is_no_map(lcrmap: Run, tmp_path: Path) -> None:
    found = lcrmap("scenarios", "four-stations", "-o", str(tmp_path / "x.html"))
    assert found.code == 2


def test_the_scenario_is_never_written_over(lcrmap: Run, tmp_path: Path) -> None:
    mine = tmp_path / "mine.json"
    mine.write_text('title = "x"\n', encoding="utf-8")
    found = lcrmap("count", "wards", "--in", "boroughs", "--scenario", str(mine), "-o", str(mine))
    assert found.code == 4
    assert mine.read_text(encoding="utf-8") == 'title = "x"\n'


def test_another_region_has_scenarios_of_its_own(
    lcrmap: Run, tmp_path: Path, skerries: Pack
) -> None:
    pack = ("--pack", str(skerries.folder))
    listed = lcrmap("scenarios", *pack, "-f", "csv", "-c", "name")
    assert listed.out.split() == ["name", "baseline", "causeway-closes", "north-jetty"]
    mine = tmp_path / "mine.toml"
    mine.write_text(lcrmap("scenarios", "--example", *pack).out, encoding="utf-8")
    shown = lcrmap("scenarios", str(mine), *pack, "-f", "csv", "-c", "verb")
    assert shown.out.split() == ["verb", "add", "remove", "move", "set", "people"]
    for across in ((), ("--across", "walk")):
        made = tmp_path / f"compare{len(across)}.html"
        names = ("baseline", "north-jetty", "causeway-closes", str(mine))
        found = lcrmap("compare", *names, *across, *pack, "-o", str(made))
        assert found.code == 0, found.err
        assert "under turf" in made.read_text(encoding="utf-8")
    gaps = lcrmap("gaps", "landings", "--beyond", "5km", "--scenario", "north-jetty", *pack)
    assert "A landing in the north: " in gaps.err
