"""What is true of scenarios in every region: identities, on made-up regions, by the verbs themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lcrmap.io.writing import encode_noting
from lcrmap.layers import Pack
from lcrmap.maps.model import PageModel
from lcrmap.maps.page import Page
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.asks import question_class
from lcrmap.verbs.compare.question import Compare
from lcrmap.verbs.gaps.question import Gaps
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer
from tests.verbs.random_regions import Region, block, blocks, built, planned_all, regions, written

ASKED: dict[str, dict[str, Any]] = {
    "map": {"layers": "depots"},
    "show": {"layer": "depots"},
    "join": {"left": "depots", "right": "towns"},
    "count": {"layers": "depots", "areas": "towns"},
    "near": {"start": "towns", "targets": "depots", "k": 2},
    "catchment": {"places": "depots", "rings": ("1km", "4km")},
    "gaps": {"layer": "depots", "beyond": "2km", "by": "towns"},
}
CROSSING = ("near", "catchment", "gaps")
WITHIN = "residents within 2km of depots"
MEASURES = (WITHIN, "distance to depots", "access to depots within 2km", "count of depots")
CHANGES = ("change", "gain", "lose")
ENDS = ("", "_min", "_max")
ways = st.sampled_from([None, "walk"])
some = settings(
    deadline=None,
    max_examples=8,
    phases=[Phase.explicit, Phase.generate],  # each asks whole questions: nothing is made smaller
    suppress_health_check=[HealthCheck.too_slow],
)


def _table(found: Answer) -> bytes:
    return encode_noting(found.layer, "csv").data


def _apart_from_records(models: list[PageModel]) -> list[str]:
    """Return pages that all have the record of the first."""
    return [Page(replace(each, provenance=models[0].provenance)).html for each in models]


def _compared(pack: Pack, *scenarios: str, across: str | None = None) -> Answer:
    asked = Compare(scenarios=scenarios, measure=MEASURES, across=across)
    return answer(asked, Sources(pack))


def _unchanged(frame: pd.DataFrame) -> None:
    for column in CHANGES:
        for end in ENDS:
            assert (frame[f"{column}{end}"].dropna() == 0).all(), f"{column}{end}"
    residents = frame[frame["statistic"] == "residents"]
    ends = residents[["change_min", "change_max"]]
    assert ends.notna().all(axis=None)


@pytest.mark.parametrize("ask", ASKED)
@some
@given(regions, ways)
def test_an_empty_scenario_is_the_baseline_to_the_byte(
    ask: str, region: Region, across: str | None
) -> None:
    crossed = {"across": across} if ask in CROSSING else {}
    with built(region) as (pack, mine):
        plain, empty = (
            answer(question_class(ask)(**ASKED[ask], **crossed, scenario=each), Sources(pack))
            for each in (None, written(mine))
        )
        assert _table(plain) == _table(empty)
        assert empty.notes == (*plain.notes, "The scenario 'mine.toml' changes nothing.")
        pages = _apart_from_records([each.page(Sources(pack)).model for each in (plain, empty)])
        assert pages[0] == pages[1]


@some
@given(regions, ways)
def test_an_empty_scenario_compares_as_the_baseline(region: Region, across: str | None) -> None:
    with built(region) as (pack, mine):
        nothing = written(mine, name="baseline.toml")
        plain = _compared(pack, "baseline", "baseline", across=across).layer.frame
        empty = _compared(pack, "baseline", nothing, across=across).layer.frame
        _unchanged(empty)
        columns = [each for each in plain.columns if each not in ("scenario", "place")]
        assert plain[columns].equals(empty[columns])


@some
@given(st.data(), regions, ways)
def test_a_scenario_compared_with_itself_changes_nothing(
    data: st.DataObject, region: Region, across: str | None
) -> None:
    with built(region) as (pack, mine):
        name = written(mine, *data.draw(blocks(region)))
        _unchanged(_compared(pack, name, name, across=across).layer.frame)


@some
@given(st.data(), regions, ways)
def test_exchanged_scenarios_exchange_gain_and_lose(
    data: st.DataObject, region: Region, across: str | None
) -> None:
    with built(region) as (pack, mine):
        one = written(mine, *data.draw(blocks(region)), name="one.toml")
        other = written(mine, *data.draw(blocks(region)), name="other.toml")
        there = _compared(pack, one, other, across=across).layer.frame
        back = _compared(pack, other, one, across=across).layer.frame
        for column, turned in (("gain", "lose"), ("first", "second")):
            for end in ENDS:
                pd.testing.assert_series_equal(
                    there[column + end], back[turned + end], check_names=False
                )
        for column, turned in (("change", "change"), ("change_min", "change_max")):
            pd.testing.assert_series_equal(there[column], -back[turned], check_names=False)


@some
@given(st.data(), regions, ways)
def test_every_figure_adds_up(data: st.DataObject, region: Region, across: str | None) -> None:
    with built(region) as (pack, mine):
        frame = _compared(
            pack, "baseline", written(mine, *data.draw(blocks(region))), across=across
        ).layer.frame
        heads = frame[frame["statistic"].isin(["residents", "features"])]
        moved = heads["first"] + heads["gain"] - heads["lose"] + heads["arrive"].fillna(0)
        assert (heads["second"] == moved).all()
        assert (heads["change"] == heads["second"] - heads["first"]).all()
        for column in ("first", "second", "change", *CHANGES):
            assert not (frame[f"{column}_min"] > frame[column]).any(), column
            assert not (frame[f"{column}_max"] < frame[column]).any(), column


@some
@given(st.data(), regions)
def test_what_a_chain_adds_and_then_removes_changes_nothing(
    data: st.DataObject, region: Region
) -> None:
    with built(region) as (pack, mine):
        before = data.draw(
            blocks(region).map(lambda found: [e for e in found if "planned" not in e])
        )
        one = written(mine, *before, name="one.toml")
        written(mine, planned_all(), name="two.toml", head='base = "one.toml"')
        gone = [f"depots:p{n}" for n in range(1, len(region.planned) + 1)]
        three = written(mine, block(remove=gone), name="three.toml", head='base = "two.toml"')
        _unchanged(_compared(pack, one, three).layer.frame)
        tables = [
            _table(answer(question_class(ask)(**ASKED[ask], scenario=each), Sources(pack)))
            for ask in ("gaps", "near")
            for each in (one, three)
        ]
        assert tables[0] == tables[1]
        assert tables[2] == tables[3]


@some
@given(st.data(), regions)
def test_permuted_blocks_give_the_same_bytes(data: st.DataObject, region: Region) -> None:
    with built(region) as (pack, mine):
        changes = data.draw(blocks(region))
        asked = data.draw(st.sampled_from([*ASKED, "compare"]))
        found, models = [], []
        for order in (changes, data.draw(st.permutations(changes))):
            name, sources = written(mine, *order), Sources(pack)
            if asked == "compare":
                question: Any = Compare(scenarios=("baseline", name), measure=MEASURES)
            else:
                question = question_class(asked)(**ASKED[asked], scenario=name)
            found.append(answer(question, sources))
            models.append(found[-1].page(sources).model)
        assert _table(found[0]) == _table(found[1])
        assert found[0].notes == found[1].notes
        pages = _apart_from_records(models)
        assert pages[0] == pages[1]


@some
@given(st.data(), regions, ways)
def test_only_adding_lets_nobody_lose_and_only_removing_nobody_gain(
    data: st.DataObject, region: Region, across: str | None
) -> None:
    add = [planned_all(), block(add="new", to="depots", at="0.01,0.1", error="50m")]
    remove = [block(remove="depots:d1")]
    with built(region) as (pack, mine):
        for changes, never in ((add, "lose"), (remove, "gain")):
            name = written(mine, *data.draw(st.lists(st.sampled_from(changes), unique=True)))
            frame = _compared(pack, "baseline", name, across=across).layer.frame
            assert (frame[[never, f"{never}_min", f"{never}_max"]].dropna() == 0).all(axis=None)
            more = ~frame["measure"].str.startswith("distance")  # is better; of metres less
            if never == "lose":
                worst = frame["change_min"].where(more, -frame["change_max"])
            else:
                worst = (-frame["change_max"]).where(more, frame["change_min"])
            assert not (worst < 0).any()


@some
@given(regions, ways)
def test_a_depot_moved_by_nothing_changes_nothing(region: Region, across: str | None) -> None:
    depot = region.depots[0]
    lon, lat = depot.at
    error = {} if depot.error is None else {"error": f"{depot.error!r}m"}
    with built(region) as (pack, mine):
        name = written(mine, block(move="depots:d1", at=f"{lat!r},{lon!r}", **error))
        _unchanged(_compared(pack, "baseline", name, across=across).layer.frame)
        tables = [
            _table(answer(Gaps(layer="depots", beyond="2km", scenario=each), Sources(pack)))
            for each in (None, name)
        ]
        assert tables[0] == tables[1]


@some
@given(regions, ways)
def test_a_new_depot_exactly_as_far_as_an_old_one_is_no_change(
    region: Region, across: str | None
) -> None:
    lon, lat = region.depots[0].at
    with built(region) as (pack, mine):
        name = written(mine, block(add="twin", to="depots", at=f"{lat!r},{lon!r}", error="0m"))
        frame = _compared(pack, "baseline", name, across=across).layer.frame
        counted = frame["measure"].str.startswith(("count", "access"))  # of which there is one more
        frame = frame[~counted]
        assert (frame[["change", "gain", "lose"]].dropna() == 0).all(axis=None)


@some
@given(st.data(), regions, ways, st.sampled_from(["500m", "2km", "7.5km"]))
def test_compare_agrees_with_gaps_asked_twice(
    data: st.DataObject, region: Region, across: str | None, far: str
) -> None:
    with built(region) as (pack, mine):
        name = written(mine, *data.draw(blocks(region)))
        measure = f"residents within {far} of depots"
        asked = Compare(scenarios=("baseline", name), measure=measure, across=across)
        frame = answer(asked, Sources(pack)).layer.frame
        towns = frame[frame["group_kind"].isin(["all", "towns"])].set_index("group_id")
        for state, scenario in (("first", None), ("second", name)):
            gaps = Gaps(layer="depots", beyond=far, by="towns", scenario=scenario, across=across)
            rows = answer(gaps, Sources(pack)).layer.frame.set_index("id")
            for key, row in rows[rows["residents"].notna()].iterrows():  # else nobody lives there
                within = [
                    row["residents"] - row[f"residents_beyond{end}"] for end in ("", "_max", "_min")
                ]
                told = towns.loc["all" if key == "total" else key]
                got = [told[f"{state}{end}"] for end in ENDS]
                assert _same(got, within), (key, state, got, within)


def _same(one: list[Any], other: list[Any]) -> bool:
    return all(
        pd.isna(a) == pd.isna(b) and (pd.isna(a) or a == b) for a, b in zip(one, other, strict=True)
    )
