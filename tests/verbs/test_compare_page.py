"""The page and the picture of a comparison: what is shaded how, what stands alone, and sentences that say the table."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from lcrmap.io.writing import encode_noting
from lcrmap.maps.document import write_document
from lcrmap.maps.model import PageModel
from lcrmap.maps.passages import Passage
from lcrmap.pictures.alternative import alternative_text
from lcrmap.pictures.fonts import Fonts
from lcrmap.pictures.labelling import Box
from lcrmap.pictures.legends import fit, flow_height, legend_lines
from lcrmap.pictures.scenes import make_scene
from lcrmap.pictures.sheets import settings
from lcrmap.pictures.views import view_of
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.compare.question import Compare
from lcrmap.verbs.compare.telling import told_rows
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer

WIDE = Box(0, 0, 92, 79)
FERRIES: dict[str, Any] = {
    "measure": (
        "distance to investment-zone-sites",
        "residents within 5km of investment-zone-sites",
    ),
    "across": "walk",
}


@cache
def _asked(*scenarios: str) -> Answer:
    more = FERRIES if "no-ferries" in scenarios else {}
    return answer(Compare(scenarios=("baseline", *scenarios), **more), Sources())


@cache
def _model(*scenarios: str) -> PageModel:
    return _asked(*scenarios).page(Sources()).model


# What is drawn


def test_the_features_are_drawn_that_headline_and_shades_are_about() -> None:
    """No station gains by fewer ferries, though stations are measured first."""
    asked = Compare(scenarios=("baseline", "no-ferries"), across="walk")
    model = answer(asked, Sources()).page(Sources()).model
    assert "of an Investment Zone site" in model.headline
    shaded = [each.title for each in model.layers if each.style.kind == "shade"]
    assert shaded == ["Residents within 5 km of Investment Zone sites"]
    drawn = [each.name for each in model.layers if each.visible and each.singly]
    assert drawn == ["investment-zone-sites-no-ferries", "crossings-no-ferries"]


def test_no_disc_of_a_picture_hides_a_place_that_comes() -> None:
    model = _model("four-stations")
    scene = make_scene(model, view_of(model.extent, WIDE))
    (layer,) = (each for each in model.layers if each.name == "rail-stations-four-stations")
    number = model.layers.index(layer)
    alone = [each for each in scene.marks if each.layer == number]
    assert {0, 1, 2, 3} <= {each.row for each in alone}
    assert [each.row for each in scene.marks[-4:]] == [0, 1, 2, 3]  # the last lie above all others
    assert all(mark.layer != number for disc in scene.discs for mark in disc.marks)
    assert [each.label for each in layer.legend] == ["Comes", "Stays as it is (faint)"]


def test_what_does_not_change_is_not_called_faint() -> None:
    layer = _model("no-ferries").layer("investment-zone-sites-no-ferries")
    assert [each.label for each in layer.legend] == ["Stays as it is"]
    assert layer.answering is None


EVERYTHING = """
title = "Four stations open, a hub comes, a plant closes, the ferries stop, and a hub stands elsewhere"
[[change]]
add = "planned-stations"
to = "rail-stations"
reason = "r"
[[change]]
remove = "innovation-assets:trirx-speke"
reason = "r"
[[change]]
move = "innovation-assets:maritime-knowledge-hub"
at = "53.45,-2.9"
error = "10m"
reason = "r"
[[change]]
add = "hub"
to = "innovation-assets"
at = "53.39,-3.02"
error = "10m"
reason = "r"
[[change]]
set = ["crossings:ferry-seacombe", "crossings:ferry-woodside"]
values = { status = "closed" }
reason = "r"
"""


def test_a_picture_of_every_kind_of_change_has_its_legend_beside_the_map(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(EVERYTHING, encoding="utf-8")
    found = answer(Compare(scenarios=("baseline", str(path))), Sources())
    page = found.page(Sources())
    lines = legend_lines(page.model, make_scene(page.model, view_of(page.model.extent, WIDE)))
    with settings():
        columns = fit(lines, page.model, Fonts(), width=52, height=67)
    assert flow_height(columns) <= 67
    moves = page.model.layer("moves-innovation-assets-mine.toml")
    assert (moves.total, moves.title) == (1, "Moves, from old place to new")


def test_the_text_of_a_picture_calls_what_is_hatched_as_the_legend_does() -> None:
    text = alternative_text(_model("four-stations"))
    assert text.endswith("10 neighbourhoods: up or as before.")
    assert "no data" not in text


def _shades(model: PageModel, name: str) -> dict[str, str]:
    layer = model.layer(name)
    return {each.label: each.hue for each in layer.legend}


def test_of_distances_nearer_is_blue_and_the_legend_says_so() -> None:
    name = "change-no-ferries"
    found = _shades(_model("no-ferries"), name)
    assert found == {
        "over 10,000 m nearer": "difference-5-4",
        "over 100, to 10,000 m nearer": "difference-5-3",
        "within 100 m": "difference-5-2",
        "100 to under 10,000 m farther": "difference-5-1",
        "10,000 m farther and over": "difference-5-0",
    }
    note = _model("no-ferries").layer(name).note
    assert note.startswith(
        "Change of the mean distance, in metres. Blue is better for residents, brown is worse."
    )


def test_of_shares_of_residents_more_is_blue_and_what_is_hatched_only_rises() -> None:
    found = _shades(_model("four-stations"), "change-four-stations")
    assert found == {
        "over 20 points down": "difference-5-0",
        "over 1, to 20 points down": "difference-5-1",
        "within 1 point": "difference-5-2",
        "1 to under 20 points up": "difference-5-3",
        "20 points up and over": "difference-5-4",
        "up or as before": "",
    }


def test_each_of_several_scenarios_is_an_alternative_and_the_first_is_shown() -> None:
    model = _model("four-stations", "trirx-closes", "birkenhead-hub")
    found = [(each.name, each.choice, each.visible) for each in model.layers if each.choice]
    assert found == [
        ("change-four-stations", "four-stations", True),
        ("change-trirx-closes", "trirx-closes", False),
        ("change-birkenhead-hub", "birkenhead-hub", False),
        ("rail-stations-four-stations", "four-stations", True),
        ("innovation-assets-trirx-closes", "trirx-closes", False),
        ("innovation-assets-birkenhead-hub", "birkenhead-hub", False),
    ]
    titles = {each.name: each.title for each in model.layers}
    assert titles["innovation-assets-trirx-closes"] == "TriRx at Speke closes: innovation assets"
    assert titles["change-trirx-closes"] == (
        "TriRx at Speke closes: residents within 800 m of innovation assets"
    )
    assert all(not each.choice for each in _model("four-stations").layers)
    for name in ("innovation-assets-trirx-closes", "innovation-assets-birkenhead-hub"):
        assert [each.count for each in model.layer(name).legend] == [1]


# What is told


def test_each_of_several_scenarios_is_told_by_a_measure_that_it_moves() -> None:
    said = _asked("four-stations", "trirx-closes", "birkenhead-hub")
    assert said.sentences[0].startswith("TriRx at Speke closes: 3,380 fewer residents")
    assert said.sentences[1].startswith("A hub on the Birkenhead side: 2,791 more residents")
    told = next(each for each in said.passages if each.title == "What else changes").sentences
    assert any(each.startswith("TriRx at Speke closes: as before: ") for each in told)


def test_of_several_scenarios_each_heading_begins_with_its_own() -> None:
    said = _asked("four-stations", "trirx-closes", "birkenhead-hub")
    titles = [each.title for each in said.passages]
    assert "Four stations open: who gains, by deprivation of the small area" in titles
    assert "Four stations open, by boroughs: residents within 800 m of rail stations" in titles
    sheets = [each.sheet.caption for each in said.passages if each.sheet is not None]
    assert sheets[0] == "Behind each change that is not exactly known stands its range, in brackets"


def test_names_with_commas_are_told_apart() -> None:
    (sentence,) = _asked("no-ferries").sentences
    assert sentence.endswith(
        "Mersey Ferry, Pier Head - Seacombe and Mersey Ferry, Pier Head - Woodside changed in the crossings."
    )


def test_who_loses_is_drawn_like_who_gains() -> None:
    (chart,) = (each for each in _asked("trirx-closes").passages if each.chart is not None)
    assert chart.title == "Who loses, by deprivation of the small area"
    assert chart.chart is not None
    assert chart.chart.title == "Residents within 800 m of innovation assets: 3,380 lose"
    frame = _asked("trirx-closes").layer.frame
    first = frame[frame["measure"] == "residents within 800m of innovation-assets"]
    tenths = first.loc[first["group_kind"] == "deprivation", "lose"]
    shares = [each.value for each in chart.chart.bars[::2]]
    assert shares == pytest.approx((tenths / tenths.sum()).tolist())


@pytest.mark.parametrize("name", ["four-stations", "trirx-closes", "birkenhead-hub", "no-ferries"])
def test_every_number_of_a_sentence_is_in_the_table(name: str) -> None:
    found = _asked(name)
    numbers = found.layer.frame.select_dtypes("number")
    known = {f"{abs(each):,.0f}" for each in numbers.stack().dropna().tolist()}
    told = [found.finding, *(text for each in found.passages[:2] for text in each.sentences)]
    for text in told:
        plain = re.sub(r"within [\d.]+ ?k?m\b", "", text)
        said = re.findall(r"\d[\d,]*", plain)
        assert set(said) <= known, text


# The headline


def _of_file(folder: Path, text: str, *, title: str = "Mine", **more: Any) -> PageModel:
    path = folder / "mine.toml"
    path.write_text(f'title = "{title}"\n{text}', encoding="utf-8")
    sources = Sources()
    return answer(Compare(scenarios=("baseline", str(path)), **more), sources).page(sources).model


def test_a_headline_has_its_range_and_who_loses_below_it() -> None:
    page = write_document(_model("four-stations"))
    said = re.search(r"<h1.*?</h1>", page, re.DOTALL)
    assert said is not None
    assert re.sub(r"<[^>]+>", "", said[0]) == (
        "Four stations open: 13,476 more residents live within 800 m of a rail station "
        "(between 6,700 and 35,311; nobody loses)"
    )
    assert "<bdi>Four stations open: 13,476 more residents live within 800 m of a rail" in said[0]


def test_how_the_river_is_crossed_stands_below_the_headline() -> None:
    model = _model("no-ferries")
    assert model.headline.removesuffix(model.aside) == (
        "Both Mersey ferries stop: 320,204 residents live farther from an Investment Zone site"
    )
    assert model.aside == (
        ", crossing the River Mersey on foot: the average distance goes from 5,323 m to 9,490 m; nobody gains"
    )


BALTIC = (
    '[[change]]\nadd = "planned-stations:liverpool-baltic"\nto = "rail-stations"\nreason = "r"\n'
)
STATIONS = ("residents within 800m of rail-stations",)


def test_a_title_that_leaves_the_finding_no_room_stands_below_it(tmp_path: Path) -> None:
    title = "A station at Liverpool Baltic opens in 2027 as the council and the region wish"
    model = _of_file(tmp_path, BALTIC, title=title, measure=STATIONS)
    assert re.fullmatch(
        r"[\d,]+ more residents live within 800 m of a rail station, between .*", model.headline
    )
    assert model.subtitle == f"{title}, compared with the region as it is: Liverpool City Region."


def test_an_aim_says_in_which_area_or_among_whom_it_is_meant(tmp_path: Path) -> None:
    aim = '[[aim]]\nmeasure = "residents within 800m of rail-stations"\nshould = "rise"\namong = "{}"\n'
    groups = ("Knowsley", "most deprived tenth", "All residents")
    model = _of_file(tmp_path, BALTIC + "".join(map(aim.format, groups)), measure=STATIONS)
    (told,) = (each.sentences for each in model.passages if each.title == "Aims")
    for each in ("in Knowsley", "among the most deprived tenth", "among all residents"):
        assert sum(f"of rail stations {each} should rise." in line for line in told) == 1


# Chances, and people who come


def _passage(model: PageModel, start: str) -> Passage:
    return next(each for each in model.passages if each.title.startswith(start))


@pytest.mark.parametrize("draws", [None, 20])
def test_a_chance_stands_beside_its_change_and_beside_the_range(
    tmp_path: Path, draws: int | None
) -> None:
    text = BALTIC + "chance = 0.25\n" + BALTIC.replace("liverpool-baltic", "woodchurch")
    model = _of_file(tmp_path, text, measure=STATIONS, draws=draws)
    sheet = _passage(model, "The changes").sheet
    assert sheet is not None
    assert sheet.heads[-1] == "Chance"
    chances = {row[0]: row[-1] for row in sheet.rows}
    assert chances == {
        "Added to Rail stations: Liverpool Baltic": "25%",
        "Added to Rail stations: Woodchurch": "100%",
    }
    assert re.fullmatch(r", between [\d,]+ and [\d,]+, if all of it comes about; .*", model.aside)
    assert _passage(model, "By boroughs").sentences == (
        "All figures and ranges take it for certain that each change comes about, whatever its chance.",
    )


def test_without_a_chance_nothing_is_said_of_any() -> None:
    model = _model("four-stations")
    sheet = _passage(model, "The changes").sheet
    assert sheet is not None
    assert sheet.heads == ("What", "Before", "After", "Reason")
    assert "if all of it comes about" not in model.headline
    assert _passage(model, "By boroughs").sentences == ()


def test_a_chance_of_what_is_not_measured_is_not_said_of_it(tmp_path: Path) -> None:
    gone = '[[change]]\nremove = "innovation-assets:trirx-speke"\nchance = 0.5\nreason = "r"\n'
    model = _of_file(tmp_path, BALTIC + gone, measure=STATIONS)
    assert "if all of it comes about" not in model.headline


def test_people_who_come_have_a_column_and_are_told_by_where_they_live(tmp_path: Path) -> None:
    more = '[[change]]\npeople = "boroughs:Halton"\nmore = 2500\nreason = "r"\n'
    model = _of_file(tmp_path, more, measure=STATIONS)
    sheet = _passage(model, "By boroughs").sheet
    assert sheet is not None
    assert sheet.heads[-1] == "Arrive"
    arrive = {row[0]: row[-1] for row in sheet.rows}
    within = arrive["Halton"].removeprefix("+")
    assert arrive == {
        **dict.fromkeys(("Knowsley", "Liverpool", "Sefton", "St Helens", "Wirral"), "0"),
        "Halton": f"+{within}",
        "All together": f"+{within}",
    }
    assert model.headline.endswith(f"; of the 2,500 who come, {within} live within 800 m")
    changes = _passage(model, "The changes").sheet
    assert changes is not None
    assert changes.rows[0][0] == "Residents of: Halton"


def test_where_nobody_comes_there_is_no_such_column() -> None:
    sheet = _passage(_model("four-stations"), "By boroughs").sheet
    assert sheet is not None
    assert sheet.heads[-2:] == ("Gain", "Lose")


def test_a_table_of_metres_and_residents_says_which_is_which() -> None:
    sheet = _passage(_model("no-ferries"), "By boroughs: distance").sheet
    assert sheet is not None
    assert sheet.heads[1:] == (
        "As it is, mean, m",
        "Both Mersey ferries stop, mean, m",
        "Change, mean, m",
        "Gain, residents",
        "Lose, residents",
    )


# Notes


def test_what_is_said_on_stderr_stands_on_the_page_too() -> None:
    sources = Sources()
    found = answer(
        Compare(scenarios=("baseline", "no-ferries"), measure=FERRIES["measure"]), sources
    )
    told = _passage(found.page(sources).model, "Notes").sentences
    assert any("'no-ferries' changes crossings, which cannot matter" in each for each in told)
    assert not any(found.finding in each for each in told)
    assert set(told) == {each for each in found.notes if each != f"{found.finding}."}


# What a terminal shows


def test_a_terminal_shows_all_residents_and_then_the_groups_that_change() -> None:
    found = _asked("four-stations")
    told = found.spoken_layer.frame
    kinds = told["group_kind"].tolist()
    assert kinds[0] == "all"
    assert set(kinds) == {"all", "deprivation", "boroughs"}
    assert len(told) < 60 < len(found.layer.frame)
    grouped = told[told["group_kind"] != "all"]
    assert ((grouped["change"] != 0) | (grouped["change_max"] != grouped["change_min"])).all()
    first = told.iloc[0]
    assert [str(first[name]) for name in ("first", "change")] == ["534510", "13476"]
    assert found.main[:4] == ("measure", "statistic", "group", "change")
    assert set(told["statistic"]) == {"residents", "mean, m", "median, m", "nine tenths, m"}
    assert first["measure"] == "residents within 800 m of rail stations"


def test_groups_in_which_as_many_gain_as_lose_are_told() -> None:
    found = _asked("four-stations").layer
    frame = found.frame[found.frame["group"].isin(["Sefton", "Knowsley"])].copy()
    frame = frame[frame["statistic"] == "residents"]
    assert not len(told_rows(found.with_frame(frame), ["boroughs"], {}).frame)
    for name in ("gain", "lose"):
        frame[name] = frame[name].mask(frame["group"] == "Sefton", 4)
    told = told_rows(found.with_frame(frame), ["boroughs"], {}).frame
    assert set(told["group"]) == {"Sefton"}


def test_a_narrow_terminal_has_the_change_and_a_note_of_the_rows_that_it_leaves_out(
    lcrmap: Callable[..., Any],
) -> None:
    done = lcrmap("compare", "baseline", "four-stations", "--format", "table")
    assert "Change" in done.out
    assert "rows are shown, those that tell most: write them all with -o FILE." in done.err


def test_columns_that_do_not_tell_which_rows_matter_have_all_rows(
    lcrmap: Callable[..., Any],
) -> None:
    chosen = ("--columns", "group,first", "--format", "table", "--limit", "3")
    done = lcrmap("compare", "baseline", "four-stations", *chosen)
    assert done.code == 0, done.err
    assert "534,510" in done.out


def test_a_file_has_whole_residents_and_says_the_unit_of_each_row() -> None:
    text = encode_noting(_asked("four-stations").layer, "csv").data.decode()
    rows = list(csv.DictReader(text.splitlines()))
    units = {each["statistic"]: each["unit"] for each in rows}
    far = {"mean": "m", "median": "m", "nine tenths": "m"}
    assert units == {"residents": "residents", **far}
    first = [rows[0][name] for name in ("first", "change", "change_min", "arrive")]
    assert first == ["534510", "13476", "6700", "0"]
    (mean,) = (each for each in rows if (each["statistic"], each["group_kind"]) == ("mean", "all"))
    assert mean["first"] == "1276.983"
