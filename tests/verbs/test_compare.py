"""What ``compare`` answers: the figures worked out elsewhere, the identities, and what is said of them."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lcrmap
from lcrmap.errors import DataError, UnknownNameError, UsageError
from lcrmap.io.writing import encode_noting
from lcrmap.layers import Metadata, Pack
from lcrmap.layers.scenario import Target
from lcrmap.reports.verify import verify
from lcrmap.verbs.access.question import Access
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.compare.aims import judged
from lcrmap.verbs.compare.comparing import Compared
from lcrmap.verbs.compare.measures import read_measure
from lcrmap.verbs.compare.question import Compare
from lcrmap.verbs.compare.words import nobody_loses, sums_words
from lcrmap.verbs.gaps.question import Gaps
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer

STATIONS = "residents within 800m of rail-stations"
SPOKEN = "residents within 800 m of rail stations"
ASSETS = "residents within 2km of innovation-assets"


def _compared(*scenarios: str, measure: Any = (), **more: Any) -> Answer:
    return answer(Compare(scenarios=scenarios, measure=measure, **more), Sources())


def _row(found: Answer, **wanted: str) -> pd.Series:
    frame = found.layer.frame
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    (index,) = frame.index
    return frame.loc[index]


def _written(folder: Path, text: str, name: str = "mine.toml") -> str:
    path = folder / name
    path.write_text(f'title = "Mine"\n{text}', encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def stations() -> Answer:
    return _compared("baseline", "four-stations")


# The figures that were worked out outside


def test_who_gains_from_four_stations(stations: Answer) -> None:
    total = _row(stations, measure=STATIONS, group_kind="all")
    assert [total[each] for each in ("gain", "lose", "change_min", "change_max", "lose_max")] == [
        13_476, 0, 6_700, 35_311, 0,
    ]  # fmt: skip
    tenth = _row(stations, measure=STATIONS, group="most deprived tenth")
    shares = [tenth[each] for each in ("share_of_gain_pct", "share_of_residents_pct")]
    assert [tenth["gain"], *shares] == [6_082, 45.1, 28.8]
    gains = {"Liverpool": 9_085, "Wirral": 3_412, "St Helens": 802, "Halton": 177}
    for name, gain in gains.items():
        assert _row(stations, measure=STATIONS, group=name, group_kind="boroughs")["gain"] == gain


def test_what_the_closure_of_a_plant_changes() -> None:
    found = _compared("baseline", "trirx-closes", measure=[ASSETS, "distance to innovation-assets"])
    within = _row(found, measure=ASSETS, group_kind="all")
    assert [within["first"], within["second"]] == [582_433, 577_185]
    far = _row(found, statistic="mean", group_kind="all")
    assert [far["lose"], far["gain"]] == [24_399, 0]


def test_what_it_means_on_foot_that_both_ferries_stop() -> None:
    found = _compared(
        "baseline",
        "no-ferries",
        measure=[
            "distance to investment-zone-sites",
            "residents within 5km of investment-zone-sites",
        ],
        across="walk",
    )
    far = _row(found, statistic="mean", group_kind="all")
    assert [far["lose"], round(far["first"]), round(far["second"])] == [320_204, 5_323, 9_490]
    within = _row(found, statistic="residents", group_kind="all")
    assert [within["first"], within["second"]] == [865_792, 832_937]
    assert (
        "farther from an Investment Zone site, crossing the River Mersey on foot" in found.finding
    )
    assert found.layer.metadata.title.endswith("(crossing the River Mersey on foot)")


def test_a_change_of_crossings_cannot_matter_where_distances_are_straight() -> None:
    measure = "residents within 5km of investment-zone-sites"
    found = _compared("baseline", "no-ferries", measure=measure)
    assert (found.layer.frame[["change", "change_min", "change_max"]] == 0).all(axis=None)
    assert any(
        "'no-ferries' changes crossings, which cannot matter" in each for each in found.notes
    )


def test_the_headline_names_the_range_of_the_change_and_that_nobody_loses(stations: Answer) -> None:
    assert stations.finding == (
        "Four stations open: 13,476 more residents live within 800 m of a rail station, "
        "between 6,700 and 35,311; nobody loses"
    )


BOTH = (
    '[[change]]\nadd = "planned-stations:liverpool-baltic"\nto = "rail-stations"\nreason = "r"\n'
    '[[change]]\nremove = "innovation-assets:trirx-speke"\nreason = "r"\n'
)


def test_a_headline_by_whose_measure_nobody_loses_says_who_loses_by_another(tmp_path: Path) -> None:
    name = _written(tmp_path, BOTH)
    alone = _compared("baseline", name, measure=STATIONS)
    assert alone.finding.endswith("; nobody loses")
    found = _compared("baseline", name, measure=[STATIONS, ASSETS, "distance to innovation-assets"])
    assert found.finding.endswith(
        "; nobody loses by this measure; 24,399 are farther from an innovation asset"
    )
    near = _compared("baseline", name, measure=[STATIONS, ASSETS])
    assert near.finding.endswith(
        "; nobody loses by this measure; 5,248 no longer live within 2 km of an innovation asset"
    )


def test_a_headline_by_whose_measure_nobody_gains_says_who_gains_by_another(tmp_path: Path) -> None:
    measures = [ASSETS, STATIONS]
    found = _compared("baseline", _written(tmp_path, BOTH), measure=measures)
    gained = _row(found, measure=STATIONS, group_kind="all")["gain"]
    assert found.finding.endswith(
        f"; nobody gains by this measure; {gained:,} come within 800 m of a rail station"
    )


def test_who_may_lose_by_another_measure_is_not_passed_over(tmp_path: Path) -> None:
    """Within 1 m of a plant nobody lives as it stands, but some may, as its position is not exact."""
    measures = [STATIONS, "residents within 1m of innovation-assets"]
    found = _compared("baseline", _written(tmp_path, BOTH), measure=measures)
    other = _row(found, measure=measures[1], group_kind="all")
    assert (other["lose"], other["lose_max"] > 0) == (0, True)
    assert found.finding.endswith("; nobody loses by this measure; by another some may")


def test_losers_of_another_scenario_are_no_losers_of_this_one() -> None:
    measures = [STATIONS, ASSETS]
    found = _compared("baseline", "four-stations", "trirx-closes", measure=measures)
    assert found.finding.endswith("; nobody loses")


def test_compare_agrees_with_gaps_asked_twice(stations: Answer) -> None:
    total = _row(stations, measure=STATIONS, group_kind="all")
    for state, scenario in (("first", None), ("second", "four-stations")):
        gaps = answer(Gaps(layer="rail-stations", beyond="800m", scenario=scenario), Sources())
        last = gaps.layer.frame.iloc[-1]
        within = [
            last["residents"] - last[f"residents_beyond{end}"] for end in ("", "_max", "_min")
        ]
        assert [total[f"{state}{end}"] for end in ("", "_min", "_max")] == within


ACCESS = "access to rail-stations within 2km"


def test_access_is_what_the_verb_of_its_name_tells_of_both_states(tmp_path: Path) -> None:
    name = _written(
        tmp_path,
        f'{BOTH}[[change]]\npeople = "boroughs:E08000012"\nmore = 900\nreason = "r"\n',
    )
    found = _compared("baseline", name, measure=ACCESS).layer.frame.set_index("group_id")
    for state, scenario in (("first", None), ("second", name)):
        alone = answer(
            Access(layer="rail-stations", within="2km", by="boroughs", scenario=scenario), Sources()
        )
        for key, row in alone.layer.frame.set_index("id").iterrows():
            told = found.loc[str(key).removeprefix("deprivation:")]
            for end in ("", "_min", "_max"):
                assert told[f"{state}{end}"] == pytest.approx(row[f"access{end}"], abs=6e-5), key


def test_a_station_that_opens_is_one_more_for_all_together() -> None:
    found = _compared("baseline", "four-stations", measure=ACCESS)
    total = _row(found, group_kind="all")
    shared = [total[each] * total["residents"] / 10_000 for each in ("first", "second")]
    assert [round(each, 4) for each in shared] == [92, 96]
    assert total["change_min"] == total["change_max"] == total["change"]
    assert total["lose_max"] == 0
    assert found.finding.startswith("Four stations open: 1")
    assert (
        "residents have more rail stations within 2 km, shared with all near them" in found.finding
    )
    assert found.finding.endswith(
        "the average goes from 0.593 to 0.619 for each 10,000 residents; nobody loses"
    )
    bars = [each.title for each in found.passages]
    assert "By boroughs: access to rail stations within 2 km" in bars


def test_a_page_is_shaded_by_the_change_of_access() -> None:
    found = _compared("baseline", "four-stations", measure=ACCESS)
    model = found.page(Sources()).model
    (shaded,) = [each for each in model.layers if each.name.startswith("change-")]
    assert "for each 10,000" in shaded.note
    assert "Blue is better" in shaded.note


def test_draws_are_not_of_access() -> None:
    with pytest.raises(UsageError, match=f"leave them out for '{ACCESS}'"):
        _compared("baseline", "four-stations", measure=ACCESS, draws=5)


def test_a_terminal_has_access_to_three_digits_beside_whole_metres() -> None:
    found = _compared("baseline", "four-stations", measure=[ACCESS, "distance to rail-stations"])
    told = found.spoken_layer.frame.set_index(["statistic", "group"])["change"]
    assert told["per 10,000", "All residents"] == "0.026"
    assert told["mean, m", "All residents"] == "-34"


# Identities


@pytest.mark.parametrize("name", ["baseline", "four-stations", "trirx-closes"])
def test_a_scenario_compared_with_itself_changes_nothing(name: str) -> None:
    found = _compared(name, name)
    for column in ("change", "change_min", "change_max", "gain", "lose", "gain_max", "lose_max"):
        some = found.layer.frame[column].dropna()
        assert (some == 0).all(), column
    assert f"'{name}' is compared with itself: nothing changes." in found.notes


def test_an_empty_scenario_changes_nothing(tmp_path: Path) -> None:
    nothing = _written(tmp_path, "")
    found, same = (_compared("baseline", each, measure=STATIONS) for each in (nothing, "baseline"))
    columns = [each for each in found.layer.frame.columns if each not in ("scenario", "place")]
    assert found.layer.frame[columns].equals(same.layer.frame[columns])


def test_exchanged_scenarios_exchange_who_gains_and_who_loses() -> None:
    measures = [ASSETS, "distance to innovation-assets", "count of innovation-assets"]
    there = _compared("baseline", "birkenhead-hub", measure=measures).layer.frame
    back = _compared("birkenhead-hub", "baseline", measure=measures).layer.frame
    for one, other in (("gain", "lose"), ("first", "second")):
        for end in ("", "_min", "_max"):
            assert there[f"{one}{end}"].equals(back[f"{other}{end}"])
    assert (there["change"].fillna(0) == -back["change"].fillna(0)).all()
    assert (there["change_min"].fillna(0) == -back["change_max"].fillna(0)).all()


def test_only_adding_lets_nobody_lose_and_only_removing_lets_nobody_gain() -> None:
    for name, never in (
        ("four-stations", "lose"),
        ("birkenhead-hub", "lose"),
        ("trirx-closes", "gain"),
    ):
        frame = _compared("baseline", name).layer.frame
        assert (frame[f"{never}_max"].dropna() == 0).all()


def test_every_figure_adds_up(tmp_path: Path) -> None:
    more = (
        '[[change]]\npeople = "boroughs:Halton"\ntimes = 1.1\nreason = "r"\n'
        '[[change]]\nremove = "rail-stations:runcorn"\nreason = "r"\n'
    )
    frame = _compared("baseline", _written(tmp_path, more), measure=STATIONS).layer.frame
    moved = frame["first"] + frame["gain"] - frame["lose"] + frame["arrive"]
    assert (frame["second"] == moved).all()
    assert frame["arrive"].iloc[0] > 0
    assert frame["lose"].iloc[0] > 0
    for _, kind in frame.groupby("group_kind"):
        for column in ("residents", "first", "second", "gain", "lose", "arrive"):
            assert kind[column].sum() == frame[column].iloc[0], column


def test_a_place_moved_by_nothing_changes_nothing(tmp_path: Path, pack: Pack) -> None:
    sites = Sources(pack).layer("rail-stations").frame.set_index("id")
    at, error = sites.loc["aigburth"].geometry, sites.loc["aigburth", "position_error_m"]
    move = (
        f'[[change]]\nmove = "aigburth"\nat = "{at.y},{at.x}"\nerror = "{error}m"\nreason = "r"\n'
    )
    frame = _compared("baseline", _written(tmp_path, move), measure=STATIONS).layer.frame
    assert (frame[["change", "change_min", "change_max"]] == 0).all(axis=None)


def test_the_order_of_changes_changes_no_byte(tmp_path: Path) -> None:
    blocks = [
        '[[change]]\nadd = "planned-stations"\nto = "rail-stations"\nreason = "a"\n',
        '[[change]]\nremove = "rail-stations:aigburth"\nreason = "b"\n',
    ]
    tables = {
        encode_noting(
            _compared("baseline", _written(tmp_path, text), measure=STATIONS).layer, "csv"
        ).data
        for text in ("".join(blocks), "".join(reversed(blocks)))
    }
    assert len(tables) == 1


# Aims and what else changes


def test_an_aim_is_met_and_nothing_is_said_to_lose(stations: Answer) -> None:
    told = {each.title: each.sentences for each in stations.passages}
    assert told["Aims"][0].startswith(f"Met: {SPOKEN} should rise. 13,476 more residents")
    assert told["What else changes"][-1] == "Nobody loses by any of these measures."
    assert not any("13,476" in each for each in told["What else changes"])
    assert "timetables, capacity or behaviour" in told["What this cannot see"][0]


def test_those_who_lose_come_first_of_what_else_changes(tmp_path: Path) -> None:
    text = (
        '[[change]]\nremove = "rail-stations:liverpool-central-loop-line"\nreason = "r"\n'
        '[[change]]\nadd = "hub"\nto = "innovation-assets"\nat = "53.5,-2.9"\nerror = "10m"\nreason = "r"\n'
    )
    found = _compared("baseline", _written(tmp_path, text))
    said = next(each for each in found.passages if each.title == "What changes").sentences
    loses = [n for n, each in enumerate(said) if "farther" in each or "fewer" in each]
    gains = [n for n, each in enumerate(said) if "nearer" in each or " more residents" in each]
    assert loses
    assert gains
    assert min(loses) < min(gains)
    assert "Nobody loses by any of these measures." not in said


@pytest.mark.parametrize(
    ("should", "low", "high", "told"),
    [
        ("rise", 1, 9, "met"), ("rise", 0, 9, "undecided"), ("rise", -9, 0, "not met"),
        ("fall", -9, -1, "met"), ("fall", -9, 0, "undecided"), ("fall", 0, 9, "not met"),
        ("stay", 0, 0, "met"), ("stay", -1, 0, "undecided"), ("stay", 1, 2, "not met"),
        (">= +5", 5, 9, "met"), (">= +5", 4, 5, "undecided"), (">= +5", 1, 4, "not met"),
        ("<= -5", -9, -5, "met"), ("<= -5", -5, -4, "undecided"), ("<= -5", -4, 0, "not met"),
        ("rise", math.nan, 9, "undecided"), ("rise", 1, math.nan, "met"),
    ],
)  # fmt: skip
def test_an_aim_is_judged_at_the_ends_of_the_range(
    should: str, low: float, high: float, told: str
) -> None:
    target = Target.read(should)
    assert target is not None
    assert judged(target, pd.Series({"change": 3.0, "change_min": low, "change_max": high})) == told


def test_an_aim_of_a_state_is_judged_by_the_state() -> None:
    sums = pd.Series({"second_min": 100.0, "second_max": 200.0, "change_min": 0, "change_max": 0})
    verdicts = [judged(Target(">=", value), sums) for value in (100, 150, 201)]
    assert verdicts == ["met", "undecided", "not met"]


def test_a_group_that_nobody_knows_is_suggested(tmp_path: Path) -> None:
    aim = f'[[aim]]\nmeasure = "{STATIONS}"\nshould = "rise"\namong = "most deprived tents"\n'
    with pytest.raises(DataError, match=r"'aim\[1\].among'.*did you mean 'most deprived tenth'"):
        _compared("baseline", _written(tmp_path, aim))


# Sentences


def test_the_river_is_named_at_the_end_of_what_is_compared() -> None:
    found = _compared(
        "baseline", "baseline", measure="distance to investment-zone-sites", across="walk"
    )
    assert found.finding.endswith(
        "nobody lives nearer to an Investment Zone site or farther from one, crossing the River Mersey on foot"
    )


def _said(kind: str, **sums: float) -> str:
    pack = Sources().pack
    text = {
        "within": STATIONS,
        "distance": "distance to rail-stations",
        "count": "count of rail-stations",
        "access": "access to rail-stations within 2km",
    }
    names = ("first", "second", "change", "gain", "lose", "arrive")
    zero = {f"{name}{end}": 0.0 for name in names for end in ("", "_min", "_max")}
    zero |= {"before": 100.0, "after": 100.0}
    target = Sources(pack).layer("rail-stations")
    compared = Compared(
        read_measure(text[kind], pack), Sources(pack).scene("baseline"), target, None, {}
    )
    return sums_words(compared, pd.Series({**zero, **sums}))


WHERE = "within 800 m of a rail station"


@pytest.mark.parametrize(
    ("sums", "told"),
    [
        ({}, f"No more and no fewer residents live {WHERE}"),
        ({"change": 5, "change_min": 1, "change_max": 9, "gain": 5, "gain_max": 9},
         f"5 more residents live {WHERE}, between 1 and 9; nobody loses"),
        ({"change": 1, "change_min": 1, "change_max": 1, "gain": 1, "gain_max": 1},
         f"1 more resident lives {WHERE}; nobody loses"),
        ({"change": -5, "change_min": -9, "change_max": -1, "lose": 5, "lose_max": 9},
         f"5 fewer residents live {WHERE}, between 1 and 9; nobody gains"),
        ({"change": 5, "change_min": 0, "change_max": 9, "gain": 5, "gain_max": 9},
         f"The number of residents {WHERE} may rise by up to 9; as the positions stand it rises by 5; nobody loses"),
        ({"change": -5, "change_min": -9, "change_max": 0, "lose": 5, "lose_max": 9},
         f"The number of residents {WHERE} may fall by up to 9; as the positions stand it falls by 5; nobody gains"),
        ({"change": 1, "change_min": -2, "change_max": 3, "gain": 2, "lose": 1, "gain_max": 3, "lose_max": 2},
         (f"The number of residents {WHERE} may rise or fall, from 2 fewer to 3 more; as the positions stand it rises "
         "by 1; 2 gain and 1 lose")),
        ({"change": 1, "change_min": 1, "change_max": math.nan, "gain": 1, "gain_max": math.nan},
         (f"1 more resident lives {WHERE}, at least 1, how many at most cannot be told, as an error is unknown; nobody "
         "loses")),
        ({"change": -3, "change_min": math.nan, "change_max": -1, "lose": 3, "lose_max": math.nan},
         (f"3 fewer residents live {WHERE}, at least 1, how many at most cannot be told, as an error is unknown; "
         "nobody gains")),
        ({"change": 3, "change_min": -0.0, "change_max": math.nan, "gain": 3, "gain_max": math.nan},
         (f"The number of residents {WHERE} may rise, how far cannot be told, as an error is unknown; as the positions "
         "stand it rises by 3; nobody loses")),
        ({"change": 3, "change_min": -2, "change_max": math.nan, "gain": 3, "gain_max": math.nan, "lose_max": 2},
         (f"The number of residents {WHERE} may fall by at most 2, how far it may rise cannot be told, as an error is "
         "unknown; as the positions stand it rises by 3")),
        ({"change": 0, "change_min": 0, "change_max": 0, "gain": 4, "lose": 4, "gain_max": 4, "lose_max": 4},
         f"As many residents live {WHERE} as before; 4 gain and 4 lose"),
        ({"change": 2, "change_min": 2, "change_max": 2, "arrive": 2, "after": 110},
         f"2 more residents live {WHERE}; nobody loses; of the 10 who come, 2 live within 800 m"),
        ({"change": -1, "change_min": -1, "change_max": -1, "arrive": -1, "after": 99},
         f"1 fewer resident lives {WHERE}; nobody loses; of the 1 resident who leaves, 1 lived within 800 m"),
        ({"change": 10, "change_min": 10, "change_max": 10, "arrive": 10, "after": 110},
         f"10 more residents live {WHERE}; nobody loses; of the 10 who come, all live within 800 m"),
        ({"after": 110}, f"No more and no fewer residents live {WHERE}; of the 10 who come, none live within 800 m"),
        ({"change": 3, "change_min": 3, "change_max": 3, "arrive": 3},
         f"3 more residents live {WHERE}; nobody loses; 3 more come than leave within 800 m"),
        ({"change": 9, "change_min": 9, "change_max": 9, "arrive": 4, "after": 105, "gain": 5, "gain_max": 5},
         f"9 more residents live {WHERE}; nobody loses; 5 gain; of the 5 who come, 4 live within 800 m"),
    ],
)  # fmt: skip
def test_residents_within_are_told_by_the_range_of_the_change(
    sums: dict[str, float], told: str
) -> None:
    assert _said("within", **sums) == told


@pytest.mark.parametrize(
    ("sums", "told"),
    [
        ({"first": 100, "second": 100}, "Nobody lives nearer to a rail station or farther from one"),
        ({"first": 100, "second": 100, "change_min": -3, "gain_max": 3},
         "As the positions stand nobody lives nearer to a rail station or farther from one, though some may"),
        ({"first": 100, "second": 80, "change": -20, "gain": 5, "gain_min": 3, "gain_max": 9},
         ("5 residents live nearer to a rail station, between 3 and 9: the average distance goes from 100 m to 80 m; "
         "nobody loses")),
        ({"first": 80, "second": 100, "change": 20, "lose": 1, "lose_min": 1, "lose_max": 1},
         "1 resident lives farther from a rail station: the average distance goes from 80 m to 100 m; nobody gains"),
        ({"first": 80, "second": 100, "change": 20, "gain": 2, "lose": 7},
         ("2 residents live nearer to a rail station and 7 farther: the average distance goes from 80 m to 100 m; the "
         "average may rise or fall")),
    ],
)  # fmt: skip
def test_distances_are_told_by_who_is_nearer_or_farther(sums: dict[str, float], told: str) -> None:
    assert _said("distance", **sums) == told


SHARED = "rail stations within 2 km, shared with all near them"
EACH = "for each 10,000 residents"


@pytest.mark.parametrize(
    ("sums", "told"),
    [
        ({"first": 1, "second": 1}, f"Nobody has more or less of {SHARED}"),
        ({"first": 1, "second": 1, "change_max": 1, "gain_max": 3},
         f"As the positions stand nobody has more or less of {SHARED}, though some may"),
        ({"first": 1, "second": 2}, f"Residents come or leave: the average goes from 1 to 2 {EACH}: {SHARED}"),
        ({"first": 1, "second": 1.25, "change": 0.25, "gain": 5, "gain_min": 3, "gain_max": 9},
         (f"5 residents have more {SHARED}, between 3 and 9: the average goes from 1 to 1.25 {EACH}; "
         "nobody loses")),
        ({"first": 1.0001, "second": 1, "change": -0.0001, "lose": 1, "lose_min": 1, "lose_max": 1},
         (f"1 resident has less of the {SHARED}: the average goes from 1.0001 to 1 {EACH}; nobody "
         "gains")),
        ({"first": 2, "second": 1, "change": -1, "change_min": -1, "change_max": -1, "gain": 2, "lose": 7},
         f"2 residents have more {SHARED}, and 7 less: the average goes from 2 to 1 {EACH}"),
    ],
)  # fmt: skip
def test_access_is_told_by_who_has_more_or_less(sums: dict[str, float], told: str) -> None:
    assert _said("access", **sums) == told


@given(
    st.tuples(*(st.integers(0, 50) for _ in range(3))).map(sorted),
    st.tuples(*(st.integers(0, 50) for _ in range(3))).map(sorted),
)
def test_a_change_is_worded_as_one_only_if_its_range_is_on_one_side(
    gain: list[int], lose: list[int]
) -> None:
    low, high = gain[0] - lose[2], gain[2] - lose[0]
    text = _said(
        "within",
        change=gain[1] - lose[1], change_min=low, change_max=high,
        gain=gain[1], gain_min=gain[0], gain_max=gain[2],
        lose=lose[1], lose_min=lose[0], lose_max=lose[2],
    )  # fmt: skip
    assert (" more resident" in text.split(",")[0]) == (low > 0)
    assert (" fewer resident" in text.split(",")[0] and "No more" not in text) == (high < 0)
    if "nobody loses" in text:
        assert lose[2] == 0
    if "nobody gains" in text:
        assert gain[2] == 0


# What can be asked


def test_one_scenario_alone_is_refused() -> None:
    with pytest.raises(UsageError, match="takes two"):
        _compared("four-stations")


def test_the_baseline_alone_is_told_a_scenario_to_compare_it_with() -> None:
    with pytest.raises(UsageError, match="'lcrmap compare baseline birkenhead-hub'"):
        _compared("baseline")


@pytest.mark.parametrize(
    "text",
    [
        "people near stations",
        "residents within 800m",
        "distance to",
        "residents within 0m of wards",
    ],
)
def test_what_is_no_measure_is_refused_with_the_forms(text: str, pack: Pack) -> None:
    with pytest.raises(UsageError):
        read_measure(text, pack)


def test_a_measure_of_an_unknown_layer_is_suggested(pack: Pack) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'rail-stations'"):
        read_measure("distance to rail-station", pack)


def test_without_a_measure_those_that_change_and_those_that_are_watched_are_asked(
    stations: Answer, pack: Pack
) -> None:
    measures = list(dict.fromkeys(stations.layer.frame["measure"]))
    assert measures[0] == STATIONS
    assert "distance to rail-stations" in measures
    watch = pack.role("watch").options["measures"]
    assert [each for each in watch if each in measures] == [STATIONS]  # the others cannot change
    said = next(each for each in stations.passages if each.title == "What else changes").sentences
    still = [read_measure(each, pack).words for each in watch[1:]]
    assert f"Not touched, and so as before: {still[0]}, {still[1]} and {still[2]}." in said


def test_where_people_come_all_that_is_watched_is_measured(tmp_path: Path, pack: Pack) -> None:
    more = '[[change]]\npeople = "boroughs:Halton"\nmore = 10\nreason = "r"\n'
    found = _compared("baseline", _written(tmp_path, more))
    assert set(pack.role("watch").options["measures"]) == set(found.layer.frame["measure"])


def test_where_people_come_and_a_place_too_all_that_is_watched_is_measured(
    tmp_path: Path, pack: Pack
) -> None:
    more = '[[change]]\npeople = "boroughs:Halton"\nmore = 10\nreason = "r"\n'
    found = _compared("baseline", _written(tmp_path, BOTH + more))
    assert set(pack.role("watch").options["measures"]) < set(found.layer.frame["measure"])


def test_layers_count_their_features_by_area(tmp_path: Path) -> None:
    found = _compared("baseline", "trirx-closes", measure="count of innovation-assets")
    total = _row(found, group_kind="all")
    assert [total["first"], total["second"], total["lose"]] == [57, 56, 1]
    assert found.finding.endswith("1 fewer innovation asset: 57 become 56")
    areas = found.layer.frame[found.layer.frame["group_kind"] == "boroughs"]
    assert areas.loc[areas["lose"] == 1, "group"].tolist() == ["Liverpool"]


@pytest.mark.parametrize(
    "order", [("birkenhead-hub", "trirx-closes"), ("trirx-closes", "birkenhead-hub")]
)
def test_counts_of_several_scenarios_are_those_of_each_alone(order: tuple[str, str]) -> None:
    measure = "count of innovation-assets"
    together = _compared("baseline", *order, measure=measure).layer.frame
    for name in order:
        alone = _compared("baseline", name, measure=measure).layer.frame
        some = together[together["scenario"] == name].reset_index(drop=True)
        columns = ["group", "first", "second", "change", "change_min", "change_max"]
        assert some[columns].equals(alone[columns])


def test_a_comparison_is_made_again_to_the_byte(tmp_path: Path) -> None:
    sources = Sources()
    found = answer(Compare(scenarios=("baseline", "four-stations"), measure=STATIONS), sources)
    page = found.page(sources)
    path = tmp_path / "page.html"
    page.save(str(path))
    assert verify(path).same
    shown = page.model.layer("change-four-stations")
    assert shown.style.kind == "shade"
    (layer,) = (each for each in page.model.layers if each.name == "rail-stations-four-stations")
    assert layer.answering == (0, 1, 2, 3)


def test_python_asks_the_same(stations: Answer) -> None:
    found = lcrmap.compare("baseline", "four-stations")
    assert found.finding == stations.finding
    assert found.frame["measure"].tolist() == stations.layer.frame["measure"].tolist()


def test_another_region_is_compared_as_well(skerries: Pack, tmp_path: Path) -> None:
    key = Sources(skerries).layer("landings").frame.iloc[0, 0]
    text = f'[[change]]\nremove = "landings:{key}"\nreason = "r"\n'
    asked = Compare(scenarios=("baseline", _written(tmp_path, text)))
    found = answer(asked, Sources(skerries))
    kinds = set(found.layer.frame["group_kind"])
    assert kinds == {"all", "roof", skerries.role("areas").layer}
    assert found.page(Sources(skerries)).html


def test_an_article_suits_its_noun() -> None:
    from lcrmap.verbs.compare.words import one

    assert one(Metadata("a", "A", noun_one="Investment Zone site")) == "an Investment Zone site"
    assert one(Metadata("a", "A", noun_one="rail station")) == "a rail station"
    assert one(Metadata("spots", "A")) == "a feature of spots"


# Draws


def test_draws_lie_within_the_bounds_and_are_the_same_for_a_seed(stations: Answer) -> None:
    del stations
    one, again, other = (
        _compared("baseline", "four-stations", measure=STATIONS, draws=60, seed=seed)
        for seed in (1, 1, 2)
    )
    frames = [each.layer.frame for each in (one, again, other)]
    drawn = [f"{name}_{end}" for name in ("change", "gain", "lose") for end in ("low", "high")]
    assert frames[0][drawn].equals(frames[1][drawn])
    assert not frames[0][drawn].equals(frames[2][drawn])
    for name in ("change", "gain", "lose"):
        assert (frames[0][f"{name}_min"] <= frames[0][f"{name}_low"]).all()
        assert (frames[0][f"{name}_low"] <= frames[0][f"{name}_high"]).all()
        assert (frames[0][f"{name}_high"] <= frames[0][f"{name}_max"]).all()
    assert (
        "Of 60 draws of the positions within their errors (seed 1), 95 in 100" in one.sentences[0]
    )


def test_a_table_without_draws_has_no_columns_of_them(stations: Answer) -> None:
    assert not [each for each in stations.layer.frame.columns if each.endswith(("_low", "_high"))]


def test_a_chance_is_drawn_or_said_to_count_as_certain(tmp_path: Path) -> None:
    text = (
        '[[change]]\nadd = "planned-stations:liverpool-baltic"\nto = "rail-stations"\nchance = 0.5\n'
        'reason = "r"\n'
    )
    name = _written(tmp_path, text)
    certain = _compared("baseline", name, measure=STATIONS)
    assert "Liverpool Baltic: counts as certain, though the chance is 0.5; " in " ".join(
        certain.notes
    )
    drawn = _compared("baseline", name, measure=STATIONS, draws=200)
    assert not any("counts as certain" in each for each in drawn.notes)
    total = _row(drawn, group_kind="all")
    assert "all else here takes it to be certain" in drawn.sentences[0]
    assert total["gain_low"] == 0  # in half of the draws it does not come
    assert total["gain_high"] > 0


def _aims(folder: Path, changes: str, *aims: str, **more: Any) -> tuple[str, ...]:
    blocks = "".join(f'[[aim]]\nmeasure = "{STATIONS}"\n{each}\n' for each in aims)
    found = _compared("baseline", _written(folder, changes + blocks), measure=STATIONS, **more)
    return next(each for each in found.passages if each.title == "Aims").sentences


HALF = '[[change]]\nadd = "planned-stations:liverpool-baltic"\nto = "rail-stations"\nchance = 0.5\nreason = "r"\n'


def test_an_aim_is_told_with_the_draws_in_which_it_is_met(tmp_path: Path) -> None:
    rise, low, high, wirral = _aims(
        tmp_path, HALF, 'should = "rise"', 'should = ">= 500000"', 'should = ">= 600000"',
        'should = "rise"\namong = "Wirral"', draws=200,
    )  # fmt: skip
    met = re.match(r"Met \(met in (\d+) of 100 draws\): ", rise)
    assert met is not None
    assert 40 <= int(met[1]) <= 60  # in half of the draws it does not come
    assert low.startswith("Undecided within the range (met in all draws): ")
    assert high.startswith(f"Not met (met in no draw): {SPOKEN} should be at least 600,000. ")
    assert wirral.startswith("Not met (met in no draw): ")


def test_draws_of_what_stays_as_it_is_tell_how_much_there_is(tmp_path: Path) -> None:
    gone = '[[change]]\nremove = "innovation-assets:trirx-speke"\nreason = "r"\n'
    stay, much = _aims(tmp_path, gone, 'should = "stay"', 'should = ">= 534000"', draws=50)
    assert stay.startswith("Met (met in all draws): ")
    met = re.match(r"Undecided within the range \(met in (\d+) of 50 draws\): ", much)
    assert met is not None


def test_without_draws_nothing_is_said_of_them(tmp_path: Path) -> None:
    (rise,) = _aims(tmp_path, HALF, 'should = "rise"')
    assert rise.startswith(f"Met: {SPOKEN} should rise.")


def test_a_chance_of_people_is_said_to_count_as_certain_with_draws_too(tmp_path: Path) -> None:
    text = '[[change]]\npeople = "boroughs:Halton"\nmore = 10\nchance = 0.5\nreason = "r"\n'
    drawn = _compared("baseline", _written(tmp_path, text), measure=STATIONS, draws=20)
    assert (
        "Halton: counts as certain, though the chance is 0.5, as people are not drawn."
        in drawn.notes
    )


@pytest.mark.parametrize(
    ("more", "told"),
    [({"draws": 5, "across": "walk"}, "straight distances"), ({"seed": 3}, "add --draws N")],
)
def test_draws_and_seeds_that_cannot_be_meant_are_refused(more: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        Compare(scenarios=("baseline", "four-stations"), **more)


@pytest.mark.parametrize(("most", "nobody"), [(0.0, True), (5.0, False), (math.nan, False)])
def test_nobody_loses_only_where_nobody_may(most: float, nobody: bool) -> None:
    assert nobody_loses(pd.Series({"lose": 0.0, "lose_max": most})) == nobody
    fewer = {"change": -5.0, "change_min": -9.0, "change_max": -1.0, "lose": 5.0, "lose_max": 9.0}
    assert ("nobody gains" in _said("within", **fewer, gain_max=most)) == nobody


def test_two_files_of_one_name_are_two_scenarios(tmp_path: Path) -> None:
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
    added = '[[change]]\nadd = "hub"\nto = "innovation-assets"\nat = "53.5,-2.9"\nerror = "10m"\nreason = "r"\n'
    one = _written(tmp_path / "one", added)
    other = _written(
        tmp_path / "other", '[[change]]\nremove = "innovation-assets:trirx-speke"\nreason = "r"\n'
    )
    sources = Sources()
    found = answer(Compare(scenarios=("baseline", one, other), measure=ASSETS), sources)
    assert " more residents" in found.finding
    assert any(" fewer residents" in each for each in found.sentences)
    shown = [
        each for each in found.page(sources).model.layers if "innovation-assets-mine" in each.name
    ]
    happens = [{entry.label for entry in each.style.entries if entry.count} for each in shown]
    assert [("Comes" in each, "Goes" in each) for each in happens] == [(True, False), (False, True)]
