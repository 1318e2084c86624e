"""``locate`` on the pack: the figures that were worked out outside of this project, and what is said of them."""

from __future__ import annotations

import itertools
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import lcrmap
from lcrmap.analysis.proximity import near
from lcrmap.errors import LcrmapError, NothingFoundError, UsageError
from lcrmap.layers import Pack
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.locate.question import Locate
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer

STATIONS = (1208.2, 1175.7, 1146.7, 1126.3, 1107.1)
ASSETS = (2923.9, 2637.8, 2392.8, 2260.2, 2152.4)


@cache
def located(layer: str, candidates: str = "neighbourhoods", **asked: Any) -> Answer:
    return lcrmap.locate(layer, candidates, **asked)


def chosen(found: Answer) -> list[str]:
    names: list[str] = found.frame[found.frame["chosen"].fillna(False)]["name"].tolist()
    return names


def figures(found: Answer) -> list[float]:
    """Return what the choice of each number comes to."""
    return [each.figure for each in found.shown.told.outcomes]


def passage(found: Answer, title: str) -> Any:
    return next(each for each in found.passages if each.title == title)


# The figures


def test_the_legend_says_in_what_it_counts() -> None:
    shaded = located("rail-stations", choose=1).page().model.layer("locate-by-area")
    assert shaded.note.startswith("Metres nearer on average. ")


def test_three_stations_bring_the_mean_distance_down() -> None:
    found = located("rail-stations", choose=3)
    assert found.finding == (
        "Best of 201: Norris Green East, Anfield East and Yewtree bring the mean distance from 1,277 m to 1,147 m; "
        "proved best. The next best choice is 4 m worse"
    )
    assert found.notes[-1] == f"{found.finding}."
    assert chosen(found) == ["Norris Green East", "Anfield East", "Yewtree"]
    before, after = found.frame.iloc[-2], found.frame.iloc[-1]
    assert round(before["mean_distance_m"], 1) == 1277.0
    assert round(after["mean_distance_m"], 1) == 1146.7
    assert after["alone"] == pytest.approx(before["mean_distance_m"] - after["mean_distance_m"])


@pytest.mark.parametrize(
    ("layer", "now", "means"),
    [("rail-stations", 1277.0, STATIONS), ("innovation-assets", 3524.6, ASSETS)],
)
def test_the_mean_distance_is_as_it_was_worked_out_elsewhere(
    layer: str, now: float, means: tuple[float, ...]
) -> None:
    found = located(layer, choose="1..5")
    assert round(found.shown.told.task.before, 1) == now
    assert figures(found) == pytest.approx(means, abs=0.051)
    assert all(each.proved for each in found.shown.told.outcomes)


@pytest.mark.parametrize(
    ("layer", "within", "more"),
    [
        ("rail-stations", "800m", (17741, 32971, 48055, 62807, 77029)),
        ("innovation-assets", "2km", (68172, 124115, 170074, 213300, 256421)),
    ],
)
def test_more_residents_are_reached_as_it_was_worked_out_elsewhere(
    layer: str, within: str, more: tuple[int, ...]
) -> None:
    found = located(layer, choose="1..5", aim="reach", within=within)
    before = found.shown.told.task.before
    assert tuple(each - before for each in figures(found)) == more


def test_to_put_the_most_deprived_first_costs_what_was_worked_out_elsewhere() -> None:
    found = located("innovation-assets", choose=3, favour="most_deprived_tenth=3")
    plain, favoured = found.shown.told.trades
    assert (round(plain.everybody, 1), round(favoured.everybody, 1)) == (2392.8, 2432.8)
    assert (round(plain.favoured, 1), round(favoured.favoured, 1)) == (2141.9, 1945.4)
    assert found.sentences[1] == (
        "Where residents in the most deprived tenth count 3 times, their mean distance is 1,945 m instead of 2,142 m, "
        "and that of all 2,433 m instead of 2,393 m."
    )


def test_of_the_planned_stations_liverpool_baltic_brings_most() -> None:
    found = located("rail-stations", "planned-stations", choose=1, aim="reach", within="800m")
    assert found.finding.startswith(
        "Best of 4: Liverpool Baltic brings 9,085 more residents within 800 m (6,669 to 13,351, as positions are not "
        "exact); proved best."
    )
    first = found.frame.iloc[0]
    assert (first["alone"], first["alone_min"], first["alone_max"]) == (9085, 6669, 13351)
    # Woodchurch may bring more, as far as positions are known.
    others = passage(found, "The next best choices")
    assert [row[-1] for row in others.sheet.rows] == [
        "",
        "could be the better",
        "could be the better",
        "surely not better",
    ]
    (said,) = others.sentences
    assert said == (
        "By position, no choice is better than the first: that is proved. Positions have errors, though: wherever "
        "within them all lie, a choice that is 'surely not better' is not; one that 'could be the better' may be, if "
        "they lie in its favour."
    )
    assert found.layer.metadata.title == "Planned stations as places for a further rail station"


def test_the_trade_off_is_a_line_a_choice() -> None:
    found = located(
        "innovation-assets",
        choose=3,
        aim="reach",
        within="2km",
        favour="most_deprived_tenth=1..10",
    )
    trades = found.shown.told.trades
    assert [each.factor for each in trades] == [1, 1.49, 1.76, 2.25, 4.53]
    everybody, favoured = (
        [getattr(each, name) for each in trades] for name in ("everybody", "favoured")
    )
    assert everybody == sorted(everybody, reverse=True)
    assert favoured == sorted(favoured)
    assert len({each.chosen for each in trades}) == len(trades)


def test_best_ones_that_do_not_nest_are_told_with_what_building_one_by_one_costs() -> None:
    found = located("innovation-assets", choose="1..5")
    said = [each for each in found.sentences if "do not contain" in each]
    assert any(each.startswith("The best 4 do not contain the best 3") for each in said)
    assert all(each in found.notes for each in said)
    # The bars are what each takes off, beginning with the distance of before: together that is all.
    told = found.shown.told
    chart = passage(found, "What each further one adds").chart
    assert chart.title.startswith("Mean distance: 3,525 m before; ")
    assert sum(each.value for each in chart.bars) == pytest.approx(
        told.task.before - told.last.figure
    )
    assert chart.bars[-1].text.endswith(f", to {told.last.figure:,.0f} m")
    assert found.layer.metadata.title.endswith(" as places for 5 more innovation assets")
    # The map may have room for the number alone: the name is beside it.
    (beside,) = found.page().model.glance
    assert all(f"{n}. {name}" in beside for n, name in enumerate(told.last.names, 1))


# The rows


def test_the_page_names_those_chosen_and_keeps_the_lines_for_whoever_asks() -> None:
    found = located("rail-stations", choose="1..5")
    layers = {each.name: each for each in found.page().model.layers}
    places, lines, areas = (layers[each] for each in ("locate", "locate-lines", "locate-by-area"))
    named = [places.name_of(row) for row in places.answering or ()]
    assert sorted(named) == [
        "1. Norris Green East",
        "2. Anfield East",
        "3. Yewtree",
        "4. Thurstaston & Irby",
        "5. Gateacre",
    ]
    assert not lines.visible
    assert areas.title == "Metres nearer on average, by neighbourhood"
    assert "Less than 1 m stands for no change." in areas.note


def test_the_price_of_a_favour_names_who_is_put_first() -> None:
    favour = "most_deprived_tenth=1..10"
    found = located("innovation-assets", aim="reach", within="2km", choose=3, favour=favour)
    told = passage(found, "What it costs to put residents in the most deprived tenth first")
    assert [row[0] for row in told.sheet.rows][:1] == ["1"]


def test_the_rows_are_all_candidates_and_what_is_before_and_after() -> None:
    rows = located("rail-stations", choose=3).frame
    assert len(rows) == 203
    assert rows["row"].tolist()[-2:] == ["before", "after"]
    assert rows["chosen"].isna().tolist()[-2:] == [True, True]
    assert rows["alone"][:201].max() == rows.loc[rows["rank"] == 1, "alone"].item()
    assert (rows["adds"][:3] <= rows["alone"][:3]).all()
    assert rows["residents_served"][:3].notna().all()
    assert rows["residents_served"][3:201].isna().all()
    assert (rows["alone_min"] <= rows["alone"])[:201].all()
    assert (rows["alone"] <= rows["alone_max"])[:201].all()


def test_the_order_of_candidates_changes_nothing(pack: Pack) -> None:
    found = located("rail-stations", choose=3)
    layer = lcrmap.open_layer("neighbourhoods", pack=pack)
    turned = layer.frame.iloc[::-1].reset_index(drop=True)
    again = lcrmap.locate("rail-stations", layer.with_frame(turned), choose=3, pack=pack)
    columns = [each for each in found.frame.columns if each != "geometry"]
    pd.testing.assert_frame_equal(
        pd.DataFrame(again.frame[columns]), pd.DataFrame(found.frame[columns])
    )
    assert again.finding == found.finding
    assert np.array_equal(again.frame.geometry.x, found.frame.geometry.x, equal_nan=True)


def test_of_all_pairs_none_is_better() -> None:
    outcome = located("rail-stations", choose="1..5").shown.told.outcomes[1]
    reach = outcome.task.reach
    table = np.full((reach.candidates, len(reach.now)), np.inf)
    table[reach.candidate, reach.person] = reach.metres
    table = np.minimum(table, reach.now)
    sums = [
        (np.minimum(table[one], table[one + 1 :]) @ reach.weight).min()
        for one in range(reach.candidates - 1)
    ]
    assert min(sums) / reach.total == pytest.approx(outcome.figure, rel=1e-12)


# The rules


def test_those_chosen_keep_to_the_rules(pack: Pack) -> None:
    found = located("innovation-assets", choose=4, apart="3km", most_per="boroughs 1")
    assert chosen(found) == ["Southport South", "Greasby", "Orrell Park", "Earlestown North"]
    points = found.frame.geometry[:4].to_crs("EPSG:27700")
    assert min(a.distance(b) for a, b in itertools.combinations(points, 2)) > 3000
    areas = lcrmap.open_layer("boroughs", pack=pack).frame.to_crs("EPSG:4326")
    homes = [areas.index[areas.contains(each)].tolist() for each in found.frame.geometry[:4]]
    assert len({each[0] for each in homes}) == 4


def test_what_must_be_is_chosen_and_what_must_never_be_is_not() -> None:
    best = located("rail-stations", choose=3)
    ids = best.frame["id"].tolist()
    same = located("rail-stations", choose=3, must=tuple(ids[:3]))
    assert same.frame.iloc[-1]["mean_distance_m"] == best.frame.iloc[-1]["mean_distance_m"]
    other = located("rail-stations", choose=3, must=(ids[9],), never=(ids[0],))
    assert best.frame["name"][9] in chosen(other)
    assert best.frame["name"][0] not in chosen(other)


def test_to_favour_a_group_once_changes_no_row() -> None:
    asked = {"candidates": "planned-stations", "choose": "2"}
    plain, favoured = (
        answer(Locate(layer="rail-stations", favour=each, **asked), Sources()).layer.frame
        for each in (None, "most_deprived_tenth=1")
    )
    assert plain.equals(favoured)


def test_on_a_terminal_metres_are_whole_and_in_a_file_to_the_millimetre() -> None:
    found = lcrmap.locate("rail-stations", "planned-stations", choose=1)
    told = found.spoken_layer.frame
    assert told[["alone", "mean_distance_m"]].iloc[0].tolist() == [15, 1262]
    assert found.frame["mean_distance_m"].iloc[0] == 1262.422


def test_a_budget_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text(
        "id,name,lat,lon,price\na,A,53.44,-2.93,5\nb,B,53.43,-2.95,3\nc,C,53.41,-2.88,4\n"
    )
    costs = (5, 3, 4)
    for budget in (3, 7, 8, 12):
        last = lcrmap.locate("rail-stations", path, cost="price", budget=budget).shown.told.last
        allowed = [
            each
            for number in (1, 2, 3)
            for each in itertools.combinations(range(3), number)
            if sum(costs[one] for one in each) <= budget
        ]
        assert last.figure == min(map(last.figure_of, allowed))
        assert sum(costs[one] for one in last.chosen) <= budget


def test_all_candidates_are_the_union_with_what_exists() -> None:
    found = located("rail-stations", "planned-stations", choose=4)
    frames = [lcrmap.open_layer(each).frame for each in ("rail-stations", "planned-stations")]
    union = gpd.GeoDataFrame(pd.concat([each[["geometry"]] for each in frames], ignore_index=True))
    people = found.shown.told.task
    nearest = near(people.points, union, k=1).drop_duplicates("left").set_index("left")["metres"]
    metres = nearest.reindex(range(len(people.points))).to_numpy()
    mean = (metres * people.residents).sum() / people.residents.sum()
    assert found.shown.told.last.figure == pytest.approx(mean, rel=1e-12)


# Aims


def test_everyone_within_needs_at_most_n_exactly_when_the_farthest_with_n_is_within() -> None:
    far = located("innovation-assets", choose=2, aim="farthest").shown.told.last.figure
    for within, needed in ((far, 2), (far - 1, 3)):
        found = located("innovation-assets", aim="everyone", within=within)
        assert (len(chosen(found)) <= 2) == (needed <= 2)


def test_whom_no_candidate_reaches_is_counted_and_named() -> None:
    found = located("innovation-assets", "planned-stations", aim="everyone", within="5km")
    assert "all but 231,999 residents, whom no candidate reaches," in found.finding
    assert any("231,999 residents" in each for each in found.notes)
    assert any("Newton-le-Willows (11,885)" in each for each in found.notes)


def test_reach_beyond_everything_has_nobody_to_gain() -> None:
    with pytest.raises(NothingFoundError, match="All residents have a rail station within 50 km"):
        located("rail-stations", choose=1, aim="reach", within="50km")


def test_a_further_one_is_never_worse() -> None:
    means = figures(located("rail-stations", choose="1..5"))
    assert means == sorted(means, reverse=True)


def test_what_is_found_when_the_time_is_up_is_never_called_the_best_of_all() -> None:
    found = located("rail-stations", choose=3, time="0.000001s")
    outcome = found.shown.told.last
    assert not outcome.proved
    assert found.finding.startswith("Best found of 201: ")
    assert "; best found in 0.000001 s; no choice can bring more than " in found.finding
    assert "proved" not in found.finding
    best = located("rail-stations", choose=3).shown.told.last.solved.found.choices[0]
    assert outcome.solved.found.bound >= best.value


# Handing it on


def test_a_choice_is_a_scenario_that_does_what_was_said(tmp_path: Path) -> None:
    found = located("rail-stations", choose=3)
    path = tmp_path / "choice.toml"
    path.write_text(found.scenario, encoding="utf-8")
    changed = lcrmap.compare("baseline", path, measure="distance to rail-stations").frame.iloc[0]
    after = found.frame.iloc[-1]
    assert changed["second"] == pytest.approx(after["mean_distance_m"], abs=0.01)
    assert changed["change_min"] == pytest.approx(-after["alone_max"], abs=0.01)
    assert found.scenario.count("[[change]]") == 3


def test_points_of_the_pack_are_handed_on_as_what_they_are(tmp_path: Path) -> None:
    found = located("rail-stations", "planned-stations", choose=1, aim="reach", within="800m")
    assert 'add    = "planned-stations:liverpool-baltic"' in found.scenario
    path = tmp_path / "choice.toml"
    path.write_text(found.scenario, encoding="utf-8")
    measure = "residents within 800m of rail-stations"
    changed = lcrmap.compare("baseline", path, measure=measure).frame.iloc[0]
    assert changed["change"] == 9085


# Bad input


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"choose": 0}, "choose 1 or more"),
        ({"choose": "3..1"}, "write the smaller number first"),
        ({"choose": 5, "candidates": "planned-stations"}, "there are only 4 candidates: choose 4"),
        ({"choose": "many"}, "must be a number in quotes"),
        ({"aim": "reach"}, "--aim reach needs --within"),
        ({"within": "800m"}, "is for --aim reach and --aim everyone"),
        ({"aim": "reach", "within": "0m"}, "must be a distance above 0"),
        ({"aim": "everyone", "within": "5km", "choose": 2}, "leave out --choose"),
        ({"must": "nowhere"}, "nowhere"),
        ({"must": "E02001355", "never": "E02001355"}, "by --must and by --never"),
        ({"choose": 1, "must": ("E02001355", "E02001459")}, "--must names 2, more than --choose 1"),
        (
            {"choose": 2, "must": ("E02001355", "E02001358"), "apart": "50km"},
            "--must names .* and .*, which lie less than --apart 50 km from each other",
        ),
        ({"choose": 7, "most_per": "boroughs 1"}, "--most-per allows 6 at most: choose 6 or fewer"),
        ({"must": "Anfield East"}, "did you mean 'E02001365'\\?"),
        ({"most_per": "boroughs"}, "a layer of areas and a number"),
        ({"cost": "name"}, "--cost needs --budget"),
        ({"cost": "name", "budget": 3.0}, "--cost needs numbers"),
        ({"favour": "most_deprived_tenth=0"}, "a factor is above 0"),
        ({"favour": "rich=3"}, "rich"),
        ({"favour": "most_deprived_tenth=2", "aim": "farthest"}, "leave it out"),
        ({"time": "soon"}, 'a time in quotes, such as "60s"'),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(asked: dict[str, Any], told: str) -> None:
    asked = dict(asked)
    candidates = asked.pop("candidates", "neighbourhoods")
    if "choose" in asked:
        asked["choose"] = str(asked["choose"])
    with pytest.raises(UsageError, match=told):
        answer(Locate(layer="rail-stations", candidates=candidates, **asked), Sources())


def test_costs_are_needed_of_every_candidate(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text(
        "id,name,lat,lon,price\na,A,53.44,-2.93,5\nb,B,53.43,-2.95,\nc,C,53.41,-2.88,-4\n"
    )
    with pytest.raises(UsageError, match="'price' has none for B and C"):
        lcrmap.locate("rail-stations", path, cost="price", budget=9)
    path.write_text("id,name,lat,lon,price\na,A,53.44,-2.93,5\nb,B,53.43,-2.95,8\n")
    with pytest.raises(UsageError, match="less than the cheapest candidate costs: A, 5"):
        lcrmap.locate("rail-stations", path, cost="price", budget=4)


def test_candidates_without_a_place_of_their_own_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text(
        "id,name,lat,lon\na,A,53.44,-2.93\nb,B,53.44,-2.93\nc,C,,\nd,D,51.5,-0.1\ne,E,53.41,-2.88\n"
    )
    found = lcrmap.locate("rail-stations", path, choose=1)
    assert found.finding.startswith("Best of 3: A brings")
    for told in ("where another does", "without a position", "D lies outside"):
        assert any(told in each for each in found.notes), told


def many_sites(path: Path, count: int) -> Path:
    """Write sites in the square of the skerries, each at a place of its own."""
    rows = (
        f"s{each:05},{55 + 0.0005 * (each // 250):.4f},{-6 + 0.0005 * (each % 250):.4f}"
        for each in range(count)
    )
    path.write_text("\n".join(["id,lat,lon", *rows]), encoding="utf-8")
    return path


def test_places_of_unknown_errors_leave_what_a_candidate_brings_open_without_a_warning(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.csv").write_text("name,lon,lat\nA,-2.98,53.41\nB,-2.97,53.40\n")
    asked = Locate(layer=str(tmp_path / "a.csv"), candidates="neighbourhoods", choose="1")
    rows = answer(asked, Sources()).layer.frame
    assert (rows["alone"].dropna() > 0).all()
    assert rows["alone_max"].isna().all()


def test_of_very_many_candidates_it_is_said_before_the_work_how_long_it_may_take(
    tmp_path: Path,
) -> None:
    class Told(Exception):  # noqa: N818 (it ends the work before it has begun)
        pass

    def tell(sentence: str) -> None:
        raise Told(sentence)

    some, more = many_sites(tmp_path / "a.csv", 5_000), many_sites(tmp_path / "b.csv", 5_001)
    asked = Locate(layer="rail-stations", candidates=str(more), choose="1..3")
    with pytest.raises(Told, match="5,001 candidates: to choose among so many may take 2 minutes"):
        answer(asked, Sources(foretell=tell))
    many = many_sites(tmp_path / "c.csv", 50_001)
    with pytest.raises(UsageError, match="50,001 candidates, more than 50,000: choose some first"):
        answer(Locate(layer="rail-stations", candidates=str(many)), Sources(foretell=tell))
    with pytest.raises(NothingFoundError):  # none is nearer to anybody, and nothing is told
        answer(Locate(layer="rail-stations", candidates=str(some)), Sources(foretell=tell))


def test_lines_are_no_candidates() -> None:
    with pytest.raises(LcrmapError, match="Candidates are points or areas, and river holds lines"):
        lcrmap.locate("rail-stations", "river")


def test_as_if_nothing_existed() -> None:
    found = located("rail-stations", choose=2, instead=True)
    assert "as if no rail station existed" in found.finding
    assert pd.isna(found.frame.iloc[-2]["mean_distance_m"])
    assert found.frame["alone"].isna().all()
    assert (found.frame["residents_served"][:2].sum()) == 1_551_784
