"""Charts: the figures that they draw, in length, place and words."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from lcrmap import catchment, count, gaps, near
from lcrmap.layers import Pack
from lcrmap.maps.charts import (
    MOST_BARS,
    Bar,
    Bars,
    Chart,
    Key,
    Strip,
    Text,
    chart_drawing,
    chart_markup,
    sorted_bars,
)
from lcrmap.pictures.fonts import Face, fonts_for


def drawn(chart: Chart) -> ET.Element:
    return ET.fromstring(chart_markup(chart))


def widths(chart: Bars) -> list[float]:
    return [float(each.attrib["width"]) for each in drawn(chart).iter("rect")]


def texts(chart: Chart) -> list[str]:
    return [each.text or "" for each in drawn(chart).iter("text")]


def test_bars_are_as_long_as_their_numbers() -> None:
    two, one = widths(Bars("T", (Bar("A", 8, "8"), Bar("B", 4, "4"))))
    assert two == pytest.approx(2 * one, abs=0.1)


def test_the_longest_bar_or_range_fits() -> None:
    chart = Bars("T", (Bar("A", 8, "8 (6 to 40)", 6, 40), Bar("B", 4, "4")))
    root = drawn(chart)
    ends = [
        float(x)
        for each in root.iter("path")
        for x in re.findall(r"[HM]([\d.]+)", each.attrib["d"])
    ]
    assert max(ends) < float(root.attrib["viewBox"].split()[2])


def test_a_range_is_drawn_from_its_least_to_its_greatest() -> None:
    chart = Bars("T", (Bar("A", 10, "10 (5 to 20)", 5, 20),))
    root = drawn(chart)
    (bar,) = root.iter("rect")
    path = next(each for each in root.iter("path") if each.attrib["class"] == "range")
    first, second = (float(x) for x in re.findall(r"M([\d.]+) [\d.]+v", path.attrib["d"]))
    left, unit = float(bar.attrib["x"]), float(bar.attrib["width"]) / 10
    assert (first, second) == pytest.approx((left + 5 * unit, left + 20 * unit), abs=0.2)


@pytest.mark.parametrize(("low", "high", "lines"), [(None, None, 0), (3, 3, 0), (2, 4, 1)])
def test_only_what_is_uncertain_has_a_range(
    low: float | None, high: float | None, lines: int
) -> None:
    found = list(drawn(Bars("T", (Bar("A", 3, "3", low, high),))).iter("path"))
    assert len([each for each in found if each.attrib["class"] == "range"]) == lines


def test_parts_lie_end_to_end_and_make_up_the_bar() -> None:
    keys = (Key("X", "rose"), Key("Y", "navy"), Key("Z", "green"))
    chart = Bars("T", (Bar("A", 6, "6", parts=(1, 0, 5)), Bar("B", 3, "3", parts=(3, 0, 0))), keys)
    rects = list(drawn(chart).iter("rect"))[:3]
    assert [each.attrib["class"] for each in rects] == ["hue-rose", "hue-green", "hue-rose"]
    x, width, after = (
        float(rects[0].attrib["x"]),
        float(rects[0].attrib["width"]),
        float(rects[1].attrib["x"]),
    )
    assert after == pytest.approx(x + width, abs=0.1)
    assert float(rects[1].attrib["width"]) == pytest.approx(5 * width, abs=0.3)


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=30))
def test_bars_stand_from_the_longest_to_the_shortest_and_say_how_many_are_left_out(
    numbers: list[int],
) -> None:
    chart = sorted_bars("T", [Bar(str(n), n, f"{n:,}") for n in numbers], noun="areas")
    values = [each.value for each in chart.bars]
    assert values == sorted(numbers, reverse=True)[:MOST_BARS]
    assert chart.note == (
        f"The first {MOST_BARS} of {len(numbers)} areas." if len(numbers) > MOST_BARS else ""
    )


def test_a_strip_marks_median_and_limit() -> None:
    chart = Strip("T", (100.0, 200.0, 900.0), "m", 800.0)
    assert texts(chart) == ["0", "900 m", "median 200 m", "limit 800 m"]
    assert chart_markup(chart).count("<circle") == 3
    name = drawn(chart).attrib["aria-label"]
    assert name == "T: half are nearer than 200 m; the limit is 800 m"


@given(st.lists(st.floats(0, 10_000), min_size=1, max_size=400))
def test_dots_stand_where_their_distances_are_and_none_is_outside(values: list[float]) -> None:
    root = drawn(Strip("T", tuple(values), "m"))
    xs = [float(each.attrib["cx"]) for each in root.iter("circle")]
    assert 0 < min(xs) <= max(xs) < 480
    said = re.search(r"each dot stands for up to (\d+)", root.attrib["aria-label"])
    each = int(said[1]) if said else 1
    assert len(values) / each <= len(xs) <= len(values)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x>', "a\x1bb", "安"])
def test_no_text_becomes_markup(text: str) -> None:
    root = drawn(Bars(text, (Bar(text, 1, text), Bar("B", 2, "2")), (Key(text, "rose"),)))
    assert {each.tag for each in root.iter()} <= {"svg", "rect", "text", "path"}


# What the verbs draw


def test_a_count_draws_the_figures_of_its_table(pack: Pack) -> None:
    answer = count("innovation-assets", areas="boroughs", pack=pack)
    (chart,) = answer.page().model.charts
    rows = answer.frame[answer.frame["row"] == "area"].set_index("name")
    assert chart.title == "Innovation assets by borough"
    for bar in chart.bars:
        row = rows.loc[bar.label]
        low, high = row["min"], row["max"]
        assert bar.value == row["count"]
        assert bar.text == (
            f"{row['count']} ({low} to {high})" if low < high else f"{row['count']}"
        )
    assert chart.bars[0].label == "Liverpool"


def test_a_count_by_category_draws_what_adds_up(pack: Pack) -> None:
    answer = count("innovation-assets", areas="boroughs", by="sector", pack=pack)
    (chart,) = answer.page().model.charts
    assert [each.label for each in chart.keys][:2] == [
        "Health and life sciences",
        "Infection prevention and control",
    ]
    for bar in chart.bars:
        assert sum(bar.parts) == bar.value


def test_means_are_neither_divided_nor_drawn_as_parts(pack: Pack) -> None:
    answer = count("residents", areas="boroughs", by="imd2025_decile", mean="residents", pack=pack)
    model = answer.page().model
    assert all(not each.keys for each in model.charts if isinstance(each, Bars))


def test_gaps_draw_the_share_of_the_most_deprived_beside_that_of_all(pack: Pack) -> None:
    answer = gaps("rail-stations", 800, by="boroughs", pack=pack)
    chart, by_borough = answer.page().model.charts
    assert [each.label for each in by_borough.bars][:1] == ["Liverpool"]
    whole = answer.frame.iloc[-1]
    assert [(each.label, each.text) for each in chart.bars] == [
        ("All residents", f"{whole['share_beyond_pct']:.1f}%"),
        (
            "Those in the most deprived tenth",
            f"{whole['share_of_most_deprived_tenth_beyond_pct']:.1f}%",
        ),
        (
            "Those in the most deprived fifth",
            f"{whole['share_of_most_deprived_fifth_beyond_pct']:.1f}%",
        ),
    ]


def test_a_catchment_draws_what_its_sentences_say(pack: Pack) -> None:
    answer = catchment("investment-zone-sites", rings=[2000, 5000], pack=pack)
    chart, _ = answer.page().model.charts
    assert [each.label for each in chart.bars] == ["Within 2 km", "Within 5 km"]
    for bar, sentence in zip(chart.bars, (answer.finding, answer.sentences[0]), strict=True):
        assert sentence.startswith(f"{bar.value:,.0f} residents")
        assert f"({bar.low:,.0f} to {bar.high:,.0f}, as positions" in sentence


def test_near_draws_the_nearest_of_each_place(pack: Pack) -> None:
    answer = near("freeport-sites", "rail-stations", k=2, pack=pack)
    (chart,) = answer.page().model.charts
    nearest = answer.frame.loc[answer.frame["rank"] == 1, "distance_m"]
    assert chart.title == f"Distance to the nearest, of {len(nearest)} places"
    assert sorted(chart.values) == sorted(nearest)
    assert chart.limit is None


def test_few_distances_are_left_to_the_table(pack: Pack) -> None:
    answer = near("freeport-sites", "rail-stations", within=800, pack=pack)
    assert answer.page().model.charts == ()


def test_the_chart_of_a_count_has_the_rate_that_the_map_shades(pack: Pack) -> None:
    answer = count(
        ["freeport-sites", "rail-stations"], areas="boroughs", per="residents", pack=pack
    )
    model = answer.page().model
    (chart,) = model.charts
    shaded = next(each for each in model.layers if each.style.kind == "shade")
    column = shaded.column(shaded.style.field)
    assert column is not None
    drawn = {each.label: each.value for each in chart.bars}
    assert drawn == {shaded.name_of(row): column.values[row] for row in range(shaded.total)}


def test_a_label_that_is_cut_has_the_whole_for_who_points_at_it() -> None:
    long = "The Society for the Encouragement of Arts, Manufactures and Commerce of <Liverpool>"
    markup = chart_markup(sorted_bars("Sites", [Bar(long, 2, "2"), Bar("Short", 1, "1")]))
    assert "…" in markup
    assert f"<title>{escape(long)}</title>" in markup
    assert markup.count("<title>") == 1


def test_the_number_of_a_divided_bar_stands_at_its_end_where_no_range_is_drawn() -> None:
    keys = (Key("X", "navy"), Key("Y", "rose"))
    root = drawn(
        Bars(
            "T",
            (Bar("A", 3, "3 (0 to 4)", 0, 4, (1, 2)), Bar("B", 3, "3", None, None, (1, 2))),
            keys,
        )
    )
    first, second = (each for each in root.iter("text") if each.attrib.get("class") == "number")
    assert first.attrib["x"] == second.attrib["x"]


@pytest.mark.parametrize(
    "label", ["Sandymoor, Daresbury & Preston Brook", "Wwwwm Mwmwmw Mwww & Mwmw", "Liverpool"]
)
def test_no_label_begins_left_of_its_chart_in_the_widest_letters(label: str) -> None:
    drawing = chart_drawing(Bars("Sites", (Bar(label, 3, "3"), Bar("B", 1, "1"))))
    texts = [each for each in drawing.parts if isinstance(each, Text) and each.look == "end"]
    fonts = fonts_for([label])
    em = 15 / (10 * 25.4 / 72)  # from millimetres of 10 points to units of the chart
    starts = [each.x - fonts.width(each.text, Face(10)) * em for each in texts]
    assert min(starts) >= 0
    assert min(starts) <= 15  # and no more room is left than it takes
