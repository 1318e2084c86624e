"""A scenario changes what answers say, and nothing else: its file, what it touches, and the region as it has it."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lcrmap.analysis.scenarios import differences, scaled, spread
from lcrmap.errors import DataError, FileError, LcrmapError, UnknownNameError
from lcrmap.io.writing import encode_noting
from lcrmap.layers import Layer, Pack
from lcrmap.layers.scenario import ScenarioError, Target
from lcrmap.reports.verify import verify
from lcrmap.verbs.asks import question_class
from lcrmap.verbs.compare.question import Compare
from lcrmap.verbs.gaps.question import Gaps
from lcrmap.verbs.question import Question
from lcrmap.verbs.scenarios.question import Scenarios
from lcrmap.verbs.show.question import Show
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer
from tests.verbs.test_answer import ASKED

ASKING = ("map", "show", "join", "count", "near", "catchment", "gaps")
STATIONS = """
[[change]]
add = "planned-stations"
to = "rail-stations"
reason = "Announced."
"""
CLOSURE = """
[[change]]
remove = "innovation-assets:trirx-speke"
was = { status = "unknown" }
reason = "In administration."
"""
PEOPLE = """
[[change]]
people = "neighbourhoods:E02001411"
more = 2500
reason = "Homes with permission."
"""
FERRIES = """
[[change]]
set = ["crossings:ferry-seacombe", "crossings:ferry-woodside"]
values = { status = "closed" }
reason = "Nobody proposed it."
"""


def _written(folder: Path, *blocks: str, name: str = "mine.toml", head: str = "") -> str:
    path = folder / name
    path.write_text(f'title = "Mine"\n{head}\n' + "\n".join(blocks), encoding="utf-8")
    return str(path)


def _faults(folder: Path, *blocks: str, head: str = "") -> tuple[str, ...]:
    with pytest.raises(ScenarioError) as caught:
        Sources().scene(_written(folder, *blocks, head=head))
    return (str(caught.value), *caught.value.more)


def _asked(ask: str, scenario: str | None) -> Question:
    return question_class(ask)(**ASKED[ask], scenario=scenario)


def _table(layer: Layer) -> bytes:
    return encode_noting(layer, "csv").data


# What answers say


def test_four_stations_bring_residents_within_800_m_as_worked_out_outside(pack: Pack) -> None:
    found = answer(
        Gaps(layer="rail-stations", beyond="800m", by="boroughs", scenario="four-stations"),
        Sources(pack),
    )
    total = found.layer.frame.iloc[-1]
    beyond = [total[f"residents_beyond{end}"] for end in ("", "_min", "_max")]
    assert beyond == [1_003_798, 932_402, 1_060_427]
    assert found.finding.startswith("Four stations open: 1,003,798 of 1,551,784 residents")
    assert found.layer.metadata.title.endswith("(scenario: Four stations open)")
    assert f"{found.finding}." in found.notes


@pytest.mark.parametrize("ask", ASKING)
def test_an_empty_scenario_equals_the_baseline_to_the_byte(ask: str, tmp_path: Path) -> None:
    sources = Sources()
    nothing = _written(tmp_path)
    plain, changed = (answer(_asked(ask, each), sources) for each in (None, nothing))
    assert _table(changed.layer) == _table(plain.layer)
    models = [each.page(sources).model for each in (plain, changed)]
    assert models[0].headline == models[1].headline
    assert models[0].summary == models[1].summary
    assert "The scenario 'mine.toml' changes nothing." in changed.notes


@pytest.mark.parametrize("ask", ASKING)
def test_table_title_and_page_say_the_scenario(ask: str) -> None:
    sources = Sources()
    found = answer(_asked(ask, "trirx-closes"), sources)
    page = found.page(sources)
    told = f"{page.model.headline}\n{page.model.aside}"
    assert re.match(
        "TriRx at Speke closes: |(?s:.*)\n; in the scenario 'TriRx at Speke closes'", told
    )
    assert found.layer.metadata.title.endswith("(scenario: TriRx at Speke closes)")
    assert "TriRx Speke removed from the innovation assets" in page.model.summary[-1]
    assert "trirx-closes.toml" in {each.name for each in page.model.provenance.inputs}


def test_a_title_that_would_make_a_headline_long_stands_below_it() -> None:
    asked = Gaps(layer="rail-stations", beyond="800m", scenario="four-stations")
    model = answer(asked, Sources()).page().model
    below = (
        "; in the scenario 'Four stations open'; 932,402 to 1,060,427, as positions are not exact"
    )
    assert model.aside == below
    stands = (
        "1,003,798 of 1,551,784 residents (64.7%) live farther than 800 m from any rail station"
    )
    assert model.headline == stands + below


def test_a_title_that_leaves_a_headline_short_stands_before_it(tmp_path: Path) -> None:
    asked = Gaps(layer="rail-stations", beyond="20km", scenario=_written(tmp_path, STATIONS))
    model = answer(asked, Sources()).page().model
    assert model.headline.startswith("Mine: 0 of 1,551,784 residents")
    assert not model.aside


def test_the_order_of_changes_says_nothing(tmp_path: Path) -> None:
    blocks = (STATIONS, CLOSURE, PEOPLE, FERRIES)
    made = set()
    for number, some in enumerate(itertools.permutations(blocks)):
        if number % 5:
            continue
        sources = Sources()
        name = _written(tmp_path, *some)
        found = answer(_asked("gaps", name), sources)
        page = found.page(sources).model
        made.add((_table(found.layer), found.notes, page.headline, page.summary))
    assert len(made) == 1


def test_what_is_added_and_then_removed_changes_no_answer(tmp_path: Path) -> None:
    _written(tmp_path, STATIONS, name="first.toml")
    keys = ("carr-mill", "daresbury", "liverpool-baltic", "woodchurch")
    stations = ", ".join(f'"rail-stations:{each}"' for each in keys)
    undone = f'[[change]]\nremove = [{stations}]\nreason = "Put off."\n'
    name = _written(tmp_path, undone, head='base = "first.toml"')
    sources = Sources()
    plain, changed = (answer(_asked("gaps", each), sources) for each in (None, name))
    assert _table(changed.layer) == _table(plain.layer)


def test_what_is_closed_is_in_no_answer_and_a_note_counts_it(pack: Pack) -> None:
    sources = Sources(pack)
    there = sources.layer("crossings")
    closed = sources.in_scenario("no-ferries").layer("crossings")
    assert set(there.frame["id"]) - set(closed.frame["id"]) == {"ferry-seacombe", "ferry-woodside"}
    (note,) = closed.notes
    assert note.startswith("3 crossings are not there (status: closed)")


def test_a_place_is_found_by_the_name_that_the_scenario_gives() -> None:
    sources = Sources()
    spots = sources.in_scenario("birkenhead-hub").spots("Birkenhead hub")
    assert spots.keys == ("birkenhead-hub",)
    with pytest.raises(UnknownNameError):
        sources.spots("Birkenhead hub")


def test_a_place_that_is_removed_is_not_found() -> None:
    with pytest.raises(UnknownNameError):
        Sources().in_scenario("trirx-closes").spots("trirx-speke")


def test_a_page_in_a_scenario_is_made_again_from_its_files(tmp_path: Path) -> None:
    (tmp_path / "hub.csv").write_text("id,name,lat,lon\nhub,Hub,53.40,-2.98\n", encoding="utf-8")
    added = '[[change]]\nadd = "hub.csv"\nto = "innovation-assets"\nreason = "A test."\n'
    _written(tmp_path, added, name="base.toml")
    name = _written(tmp_path, CLOSURE, head='base = "base.toml"')
    sources = Sources()
    page = answer(_asked("count", name), sources).page(sources)
    made = tmp_path / "out" / "page.html"
    made.parent.mkdir()
    page.save(str(made))
    assert verify(made, tmp_path).same
    (tmp_path / "hub.csv").write_text("id,name,lat,lon\nhub,Hub,53.41,-2.98\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"hub\.csv"):
        verify(made, tmp_path)


# What a file may say


def test_every_fault_of_a_file_is_told_with_its_key_path(tmp_path: Path) -> None:
    told = _faults(
        tmp_path,
        '[[change]]\nadd = "planned-stations"\nto = "rail-stations"\n',
        '[[change]]\nremove = "innovation-assets:trirx-speke"\nreason = "r"\nchance = 2\n',
        '[[change]]\nfly = "away"\nreason = "r"\n',
        '[[aim]]\nmeasure = "m"\nshould = "grow"\n',
    )
    paths = (
        "'change[1].reason'",
        "'change[2].chance'",
        "'change[3].fly'",
        "'aim[1].should'",
        "'aim[1].measure'",
    )
    assert [path for each, path in zip(told, paths, strict=True) if path in each] == list(paths)


ADD = '[[change]]\nadd = {add}\nto = "rail-stations"\nreason = "r"\n{more}\n'
SET = '[[change]]\nset = "innovation-assets:trirx-speke"\nreason = "r"\nvalues = {{ {} }}\n'


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (ADD.format(add='"planned-station"', more=""), "did you mean 'planned-stations'"),
        (ADD.format(add='"planned-stations"', more='colour = "red"'), "no key 'change[1].colour'"),
        (ADD.format(add='"aigburth"', more='at = "53.4,-2.9"'), "has a feature of that key already"),
        (ADD.format(add='"new"', more='at = "wards"'), "must be one position"),
        (ADD.format(add='"new"', more='at = "53.4,-2.9"\nerror = "50"'), "'change[1].error' must be a distance"),
        (ADD.format(add='"../x.geojson"', more=""), "in the scenario's own folder"),
        (ADD.format(add='"/etc/passwd"', more=""), "in the scenario's own folder"),
        (ADD.format(add='"https://x.example/a.geojson"', more=""), "in the scenario's own folder"),
        (ADD.format(add='"-"', more=""), "'change[1].add'"),
        (ADD.format(add='"boroughs"', more=""), "another kind than the points"),
        (SET.format('status = "clsed"'), "did you mean 'closed'"),
        (SET.format('stats = "closed"'), "did you mean 'status'"),
        (SET.format('position_error_m = "far"'), "must be a number, not 'far'"),
        (SET.format('id = "x"'), "the key, by which features are known"),
        (CLOSURE.replace("unknown", "proposed"), "is 'unknown', not 'proposed'"),
        (CLOSURE + FERRIES.replace("set", "remove = 'crossings:kingsway-tunnel'\nset"), "2 things, remove and set"),
        ('[[change]]\nremove = "rail-stations"\nreason = "r"\n', "without any feature"),
        ('[[change]]\nremove = "53.4,-2.9"\nreason = "r"\n', "means a position"),
        ('[[change]]\nremove = "residents"\nreason = "r"\n', "only 'people' does that"),
        (PEOPLE.replace("more = 2500", "fewer = 9000"), "more than the 5,798 who live in Haydock West"),
        (PEOPLE.replace("more = 2500", "more = -5"), "'change[1].more' is negative: write fewer = 5."),
        (PEOPLE.replace("more = 2500", "more = 1\ntimes = 2"), "'change[1].times' says again how many, after 'more'"),
        (CLOSURE + SET.format('status = "closed"'), "both speak of innovation-assets:trirx-speke"),
        ('[[change]]\nreplace = "wards"\nwith = "../w.geojson"\nreason = "r"\n', "own folder"),
        ('[[change]]\nmove = "boroughs:Halton"\nat = "53.4,-2.9"\nreason = "r"\n', "only points move"),
        ('[[change]]\nremove = "innovation-assets:trirx-spek"\nreason = "r"\n', "did you mean 'trirx-speke'"),
        ('[[change]]\nremove = "Parksid"\nreason = "r"\n', "did you mean"),
        ('[[change]]\nset = "crossing:ferry-seacombe"\nvalues = {status = "closed"}\nreason = "r"\n',
         "'change[1].set'"),
        ('[[change]]\nreplace = "freeport-site"\nwith = "x.geojson"\nreason = "r"\n', "did you mean 'freeport-sites'"),
        ('[[change]]\nadd = "new"\nto = "rail-station"\nat = "53.4,-2.9"\nreason = "r"\n',
         "did you mean 'rail-stations'"),
        (ADD.format(add='"new"', more='at = "Church"'), "'change[1].at' cannot be found: 'Church' can mean"),
        (ADD.format(add='"new"', more='at = "Nowhere at all"'), "'change[1].at' finds no place 'Nowhere at all'"),
        (ADD.format(add='["a", "b"]', more='at = "53.4,-2.9"'), "several places for one position"),
        (ADD.format(add='"new"', more=""), "is 'new' a new place, which needs a position"),
        (ADD.format(add='"new"', more='error = "5m"'), "there is no 'at'"),
        (CLOSURE.replace("status", "stats"), "did you mean 'status'"),
        (SET.replace("values", "valves").format('status = "closed"'), "did you mean 'values'"),
        (SET.replace('reason = "r"', 'reason = ""').format('status = "closed"'), "'change[1].reason' is empty"),
        (SET.replace('reason = "r"', "").format('status = "closed"'), "'change[1].reason' is missing"),
        (SET.format('status = "closed"').replace("values", "chance = -0.1\nvalues"), "from 0 to 1"),
        (PEOPLE.replace("more = 2500", "times = -1"), "'change[1].times' must be a number from 0"),
        (PEOPLE.replace("neighbourhoods:E02001411", "rail-stations:aigburth"), "which is no area"),
        (PEOPLE.replace('"neighbourhoods:E02001411"', '["neighbourhoods:E02001411", "boroughs:St Helens"]'), "overlap"),
        (PEOPLE + PEOPLE.replace("neighbourhoods:E02001411", "boroughs:St Helens"), "those who live in St Helens"),
        (STATIONS + ADD.format(add='"planned-stations:woodchurch"', more=""), "both speak of rail-stations:woodchurch"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_told_in_a_sentence(tmp_path: Path, block: str, told: str) -> None:
    said = _faults(tmp_path, block)
    assert told in said[0]
    assert "'change[" in said[0]


def test_a_layer_that_several_changes_would_empty_is_refused(tmp_path: Path, county: Pack) -> None:
    gone = '[[change]]\nremove = "depots:d{}"\nreason = "r"\n'
    name = _written(tmp_path, gone.format(1), gone.format(2))
    with pytest.raises(ScenarioError, match="would leave depots without any feature"):
        Sources(county).scene(name)
    new = '[[change]]\nadd = "d3"\nto = "depots"\nat = "0.01,0.05"\nreason = "r"\n'
    name = _written(tmp_path, gone.format(1), gone.format(2), new)
    assert Sources(county).scene(name).layers["depots"].frame["id"].tolist() == ["d3"]


def test_a_key_that_a_new_list_and_an_addition_bring_is_a_conflict(
    tmp_path: Path, county: Pack
) -> None:
    (tmp_path / "next.csv").write_text("id,name,lat,lon\nd9,Nine,0.01,0.02\n", encoding="utf-8")
    blocks = (
        '[[change]]\nreplace = "depots"\nwith = "next.csv"\nreason = "r"\n',
        '[[change]]\nadd = "d9"\nto = "depots"\nat = "0.01,0.05"\nreason = "r"\n',
    )
    for some in (blocks, blocks[::-1]):
        with pytest.raises(ScenarioError, match="both speak of depots:d9"):
            Sources(county).scene(_written(tmp_path, *some))


def test_a_place_outside_the_region_works_and_is_said(tmp_path: Path) -> None:
    scene = Sources().scene(_written(tmp_path, ADD.format(add='"far"', more='at = "51.5,-0.1"')))
    assert "far" in set(scene.layers["rail-stations"].frame["id"])
    assert any("lies outside the 6 boroughs of the pack" in each for each in scene.notes)


@pytest.mark.parametrize(
    ("measure", "told"),
    [("people near stations", "is no measure"), ("distance to depot", "did you mean 'depots'")],
)
def test_an_aim_that_is_no_measure_is_a_fault_of_the_file(
    measure: str, told: str, tmp_path: Path, county: Pack
) -> None:
    aim = f'[[aim]]\nmeasure = "{measure}"\nshould = "rise"\n'
    name = _written(tmp_path, aim, aim)
    for question in (Scenarios(scenario=name), Compare(scenarios=("baseline", name))):
        with pytest.raises(ScenarioError, match=told) as caught:
            answer(question, Sources(county))
        assert "'aim[1].measure'" in str(caught.value)
        assert "'aim[2].measure'" in caught.value.more[0]


def test_a_base_reads_only_the_scenarios_own_folder(tmp_path: Path) -> None:
    for base in ("../other.toml", "/etc/passwd", "nosuch.toml", "four-station"):
        assert "'base' names" in _faults(tmp_path, head=f'base = "{base}"')[0]


def test_bases_that_go_in_a_circle_are_named(tmp_path: Path) -> None:
    _written(tmp_path, name="a.toml", head='base = "mine.toml"')
    (told,) = _faults(tmp_path, head='base = "a.toml"')
    assert "'mine.toml' builds on 'a.toml' builds on 'mine.toml'" in told


def test_a_chain_of_more_than_ten_is_refused(tmp_path: Path) -> None:
    for number in range(1, 11):
        base = f'base = "{number - 1}.toml"' if number > 1 else ""
        _written(tmp_path, PEOPLE if number == 1 else "", name=f"{number}.toml", head=base)
    assert len(Sources().scene(str(tmp_path / "10.toml")).chain) == 10
    assert "more than 10 scenarios" in _faults(tmp_path, head='base = "10.toml"')[0]


def test_a_file_that_is_no_scenario_says_so(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("title = \n", encoding="utf-8")
    with pytest.raises(FileError, match="line 1"):
        Sources().scene(str(broken))
    broken.write_bytes(b"#" * 10_000_000)
    with pytest.raises(FileError, match="larger than"):
        Sources().scene(str(broken))
    many = '[[change]]\nremove = "x"\nreason = "r"\n' * 1001
    assert "more than 1,000" in _faults(tmp_path, many)[0]


def test_names_that_nobody_has_are_suggested() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'four-stations'"):
        Sources().scene("four-station")


def test_a_layer_at_hand_is_no_scenario() -> None:
    import lcrmap

    places = gpd.GeoDataFrame(geometry=gpd.points_from_xy([-2.9], [53.4]), crs="EPSG:4326")
    with pytest.raises(LcrmapError):
        lcrmap.gaps("rail-stations", "800m", scenario=places)


# What a change does


def test_a_whole_layer_is_replaced_and_told_apart_by_key(tmp_path: Path, pack: Pack) -> None:
    sites = Sources(pack).layer("freeport-sites").frame
    sites = sites[["id", "name", "kind", "status", "geometry"]].copy()
    sites.loc[1, "name"] = "Another name"
    new = sites.drop(index=0)
    new = new.set_geometry(new.geometry.where(new.index != 2, new.geometry.translate(0.01)))
    new.loc[99] = sites.loc[0]
    new.loc[99, "id"] = "new-site"
    new.to_file(tmp_path / "next.geojson", driver="GeoJSON")
    block = '[[change]]\nreplace = "freeport-sites"\nwith = "next.geojson"\nreason = "r"\n'
    scene = Sources(pack).scene(_written(tmp_path, block))
    (effect,) = scene.effects
    assert effect.after.startswith("16: 1 added, 1 removed, ")
    assert set(scene.layers["freeport-sites"].frame["id"]) == set(new["id"])
    assert effect.dropped == ()


def test_a_move_is_measured_and_an_error_left_out_is_unknown(tmp_path: Path) -> None:
    block = '[[change]]\nmove = "rail-stations:aigburth"\nat = "53.40,-2.90"\nreason = "r"\n'
    sources = Sources()
    scene = sources.scene(_written(tmp_path, block))
    old = sources.layer("rail-stations").frame.set_index("id").loc["aigburth"].geometry
    frame = scene.layers["rail-stations"].frame.set_index("id")
    assert frame.loc["aigburth"].geometry.wkt == "POINT (-2.9 53.4)"
    assert np.isnan(frame.loc["aigburth", "position_error_m"])
    far = pyproj.Geod(ellps="WGS84").inv(old.x, old.y, -2.90, 53.40)[2]
    assert scene.effects[0].metres == pytest.approx(far, abs=0.001)


def test_residents_who_come_are_spread_in_proportion(tmp_path: Path, pack: Pack) -> None:
    sources = Sources(pack)
    before = sources.layer("residents").frame
    after = sources.in_scenario(_written(tmp_path, PEOPLE)).layer("residents").frame
    more = after["residents"] - before["residents"]
    assert more.sum() == 2500
    touched = before.loc[more != 0, "residents"]
    assert ((more[more != 0] - touched * 2500 / 5798).abs() < 1).all()
    assert after["imd2025_decile"].equals(before["imd2025_decile"])


def test_as_many_as_live_there_may_leave(tmp_path: Path) -> None:
    scene = Sources().scene(_written(tmp_path, PEOPLE.replace("more = 2500", "fewer = 5798")))
    assert (scene.effects[0].before, scene.effects[0].after) == ("5,798 residents", "0 residents")


@given(st.lists(st.integers(0, 500), min_size=1, max_size=30), st.integers(0, 2000))
def test_people_are_spread_in_whole_numbers_that_add_up(living: list[int], total: int) -> None:
    residents = np.array([*living, 1], dtype=float)
    spread_out = spread(residents, total)
    assert spread_out.sum() == total
    assert (spread_out == np.floor(spread_out)).all()
    assert (np.abs(spread_out - residents * total / residents.sum()) < 1 + 1e-6).all()
    assert (spread_out[residents == 0] == 0).all()


@pytest.mark.parametrize(
    ("kind", "amount", "total"),
    [("more", 5, 155.0), ("fewer", 5, 145.0), ("times", 1.1, 165.0), ("times", 1.005, 151.0)],
)
def test_an_amount_of_people_is_more_fewer_or_times(kind: str, amount: float, total: float) -> None:
    assert scaled(np.array([100.0, 50.0]), kind, amount) == total


def test_a_feature_whose_error_alone_differs_has_moved() -> None:
    one = gpd.GeoDataFrame(
        {"id": ["a", "b"], "position_error_m": [50.0, np.nan], "name": ["A", "B"]},
        geometry=gpd.points_from_xy([0, 1], [0, 0]),
        crs="EPSG:4326",
    )
    apart = differences(one, one.assign(position_error_m=[60.0, np.nan], name=["A", "C"]), "id")
    assert apart.moved == ("a",)
    assert apart.changed == ("b",)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("rise", Target("rise")),
        (">= 550000", Target(">=", 550_000.0)),
        (">= +20000", Target(">=", 20_000.0, of_change=True)),
        ("<= -1_000", Target("<=", -1000.0, of_change=True)),
        ("> 5", None),
        ("more", None),
    ],
)
def test_a_target_is_read_or_is_none(text: str, means: Target | None) -> None:
    assert Target.read(text) == means


@pytest.mark.parametrize(
    ("should", "among", "said"),
    [
        (
            "rise",
            "most deprived tenth",
            "count of wards among the most deprived tenth should rise.",
        ),
        ("stay", "Halton", "count of wards in Halton should stay as it is."),
        (">= 550000", "", "count of wards should be at least 550,000."),
        ("<= 5", "", "count of wards should be at most 5."),
        (">= +20000", "", "count of wards should change by at least +20,000."),
        ("<= -0.5", "", "count of wards should change by at most -0.5."),
    ],
)
def test_an_aim_is_told_in_a_sentence(should: str, among: str, said: str, tmp_path: Path) -> None:
    aim = f'[[aim]]\nmeasure = "count of wards"\nshould = "{should}"\n'
    aim += f'among = "{among}"\n' if among else ""
    name = _written(tmp_path, aim)
    found = answer(Scenarios(scenario=name), Sources())
    assert f"Aim: {said}" in found.notes


# Layers that other questions lean on


RENAMED = '[[change]]\nset = "towns:t2"\nvalues = { name = "Newham" }\nreason = "r"\n'
GONE = '[[change]]\nremove = "towns:t2"\nreason = "r"\n'


def test_a_table_finds_its_places_among_the_areas_as_the_scenario_has_them(
    county: Pack, tmp_path: Path
) -> None:
    table = tmp_path / "rates.csv"
    table.write_text("town,rate\nNewham,5\nCham,7\n", encoding="utf-8")
    asked = Show(layer=str(table), scenario=_written(tmp_path, RENAMED))
    found = answer(asked, Sources(county)).layer.frame
    assert found.geometry.notna().all()
    table.write_text("town,rate\nBham,5\nCham,7\n", encoding="utf-8")
    found = answer(asked, Sources(county)).layer.frame
    assert found.geometry.notna().tolist() == [False, True]


def test_a_table_finds_no_postcode_that_the_scenario_takes_away(tmp_path: Path) -> None:
    table = tmp_path / "shops.csv"
    table.write_text("name,postcode\nA,L3 1BP\nB,CH41 5AA\n", encoding="utf-8")
    gone = '[[change]]\nremove = "postcodes:CH41 5AA"\nreason = "r"\n'
    for scenario, known in ((None, [True, True]), (_written(tmp_path, gone), [True, False])):
        found = answer(Show(layer=str(table), scenario=scenario), Sources()).layer.frame
        assert found.geometry.notna().tolist() == known


@pytest.mark.parametrize("ask", ["join", "count"])
def test_areas_are_those_that_the_scenario_has(ask: str, county: Pack, tmp_path: Path) -> None:
    asked: dict[str, Any] = {
        "join": {"left": "depots", "right": "towns", "take": "name"},
        "count": {"layers": "depots", "areas": "towns"},
    }
    for block, named in ((RENAMED, "Newham"), (GONE, None)):
        question = question_class(ask)(**asked[ask], scenario=_written(tmp_path, block))
        found = answer(question, Sources(county)).layer.frame
        texts = set(found.drop(columns=found.geometry.name).astype(str).to_numpy().ravel())
        assert "Bham" not in texts
        assert named is None or named in texts


def test_each_layer_that_a_scenario_or_its_base_speaks_of_is_changed_and_told(
    tmp_path: Path, county: Pack
) -> None:
    new = '[[change]]\nadd = "d3"\nto = "depots"\nat = "0.01,0.05"\nreason = "r"\n'
    more = '[[change]]\npeople = "towns:t1"\nmore = 7\nreason = "r"\n'
    _written(tmp_path, new, name="base.toml")
    scene = Sources(county).scene(_written(tmp_path, RENAMED, more, head='base = "base.toml"'))
    assert [each.layer for each in scene.effects] == ["depots", "homes", "towns"]
    assert set(scene.layers) == {"depots", "homes", "towns"}
    assert "d3" in set(scene.layers["depots"].frame["id"])
    assert "Newham" in set(scene.layers["towns"].frame["name"])
    assert scene.layers["homes"].frame["people"].sum() == 1007


def test_the_order_of_a_list_says_nothing(tmp_path: Path) -> None:
    names = ["planned-stations:woodchurch", "planned-stations:carr-mill"]
    tables = set()
    for some in (names, names[::-1]):
        block = ADD.format(add=str(some).replace("'", '"'), more="")
        question = Show(layer="rail-stations", scenario=_written(tmp_path, block))
        tables.add(_table(answer(question, Sources()).layer))
    assert len(tables) == 1
