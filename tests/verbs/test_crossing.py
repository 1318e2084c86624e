"""A map shaded by two columns: which area is in which of nine, who lives there, what is said and refused."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from lcrmap.errors import LcrmapError, UnknownNameError, UsageError
from lcrmap.layers import Pack
from lcrmap.library import make_map, open_layer
from lcrmap.maps.model import PageLayer, PageModel
from tests.analysis.test_tenths import plainly

DATA = Path(__file__).parents[2] / "data" / "indicators"


def strip(first: list[Any], second: list[Any], **columns: Any) -> Any:
    """Return squares in a row, west to east, each with two values."""
    shapes = [shapely.box(-3 + n / 100, 53.4, -2.99 + n / 100, 53.41) for n in range(len(first))]
    frame = gpd.GeoDataFrame(
        {"name": [f"s{n}" for n in range(len(first))], "jobs": first, "homes": second, **columns},
        geometry=shapes,
        crs="EPSG:4326",
    )
    return open_layer(frame, title="Squares")


def drawn(pack: Pack, layer: Any, **asked: Any) -> PageModel:
    return make_map(layer, shade="jobs", against="homes", pack=pack, **asked).model


def by_name(layer: PageLayer, values: Any) -> list[Any]:
    """Return values from the westmost square to the eastmost."""
    order = sorted(range(layer.total), key=lambda row: int(layer.name_of(row)[1:]))
    return [values[row] for row in order]


def table(name: str, column: str) -> dict[str, float]:
    with (DATA / name).open(encoding="utf-8") as file:
        return {row["code"]: float(row[column]) for row in csv.DictReader(file)}


def third(value: float, values: list[float]) -> int:
    """Return 0, 1 or 2: in which third by rank, where all values differ enough that no rank is shared."""
    return 3 * sorted(values).index(value) // len(values)


def test_nine_squares_lie_in_nine_classes(pack: Pack) -> None:
    first, second = [1, 1, 1, 2, 2, 2, 3, 3, 3], [10, 20, 30] * 3
    found = drawn(pack, strip(first, second)).layer("squares")
    assert found.style.kind == "shade"
    # The legend begins with most of the first and least of the second.
    assert by_name(found, found.style.codes) == [6, 7, 8, 3, 4, 5, 0, 1, 2]
    assert [each.count for each in found.legend] == [1] * 9
    assert found.legend[0].label == "Jobs: 3; Homes: under 20"
    assert found.legend[8].label == "Jobs: under 2; Homes: 30"
    assert [each.hue for each in found.legend[:4]] == [
        "crossed-9-6", "crossed-9-7", "crossed-9-8", "crossed-9-3",
    ]  # fmt: skip
    assert found.style.grid is not None
    assert found.style.grid.titles == ("Jobs", "Homes")
    assert found.style.grid.rows == ("3", "2 to under 3", "under 2")
    assert found.style.grid.columns == ("under 20", "20 to under 30", "30")


def test_beside_the_map_stands_who_lives_in_each_corner(pack: Pack) -> None:
    model = make_map("small-areas", shade="no_car", against="connectivity_score", pack=pack).model
    assert model.glance == (
        "Highest third of both: 331,346 residents of 203 small areas.",
        "Highest third of no car, lowest of connectivity score: 66,440 residents of 45 small areas.",
        "Lowest third of no car, highest of connectivity score: 47,524 residents of 32 small areas.",
        "Lowest third of both: 307,476 residents of 203 small areas.",
    )
    nine = model.passages[0].sheet
    corners = [nine.rows[0][3], nine.rows[0][1], nine.rows[2][3], nine.rows[2][1]]
    assert corners == ["331,346", "66,440", "47,524", "307,476"]


def test_the_table_has_what_the_map_shows(pack: Pack) -> None:
    found = drawn(pack, strip([1, 2, 3, None], [6, 5, 4, 1])).layer("squares")
    shown = [found.columns[each].name for each in found.main]
    assert shown == ["name", "jobs", "homes", "jobs_third", "homes_third"]
    for name, said in (
        ("jobs_third", ["Lowest third", "Middle third", "Highest third", ""]),
        ("homes_third", ["Highest third", "Middle third", "Lowest third", ""]),
        ("jobs_tenth", ["2", "6", "9", ""]),
        ("homes_tenth", ["9", "6", "2", ""]),
    ):
        column = found.column(name)
        assert column is not None
        assert by_name(found, [column.text(row) for row in range(4)]) == said


def test_what_is_not_known_of_both_is_hatched_and_decides_nothing(pack: Pack) -> None:
    model = drawn(pack, strip([1, 2, 3, None, 900], [6, 5, 4, 1, None]))
    found = model.layer("squares")
    assert found.style.kind == "shade"
    assert by_name(found, found.style.codes) == [8, 4, 0, 9, 9]
    assert (found.legend[9].label, found.legend[9].swatch) == ("no data", "hatch")
    assert model.subtitle.endswith("2 areas have no data in one or both.")
    assert model.passages[1].sheet is not None
    assert model.passages[1].sheet.values[-1][-1] == 3


def test_areas_are_counted_where_nobody_knows_who_lives_there(pack: Pack) -> None:
    model = drawn(pack, strip([1, 2, 3], [4, 5, 6]))
    assert model.headline == (
        "Jobs and homes by area: 1 area in the highest third of both, "
        "no area in the highest third of jobs and the lowest of the other"
    )
    assert model.passages[0].title == "Areas in each of the nine"
    titled = drawn(pack, strip([1, 2, 3], [4, 5, 6]), title="Mine")
    assert titled.headline == "Mine"


def test_figures_of_the_region_are_those_of_an_independent_count(pack: Pack) -> None:
    cars, homes = table("access.csv", "cars_0"), table("homes.csv", "households")
    score = table("access.csv", "connectivity_score")
    people = table("people.csv", "residents")
    codes = list(people)
    share = {code: round(100 * cars[code] / homes[code], 1) for code in codes}
    score = {code: round(value, 3) for code, value in score.items()}
    model = make_map("small-areas", shade="no_car", against="connectivity_score", pack=pack).model
    nine, ten = (passage.sheet for passage in model.passages)
    assert nine is not None
    assert ten is not None

    tenths = [
        dict(zip(codes, plainly([each[c] for c in codes]), strict=True)) for each in (share, score)
    ]
    sums: Counter[tuple[int, int]] = Counter()
    for code in codes:
        sums[tenths[0][code], tenths[1][code]] += int(people[code])
    for row, line in enumerate(ten.values[:-1]):
        assert list(line[1:-1]) == [sums[10 - row, column] for column in range(1, 11)]
    assert ten.values[-1][-1] == nine.values[-1][-1] == 1_551_784

    style = model.layer("small-areas").style
    assert style.kind == "shade"
    breaks = [(18.7, 37.1), (67.06, 74.84)]  # as the legend says them
    counted: Counter[tuple[int, int]] = Counter()
    areas: Counter[tuple[int, int]] = Counter()
    for code in codes:
        place = tuple(
            sum(value >= each for each in bounds)
            for value, bounds in zip((share[code], score[code]), breaks, strict=True)
        )
        counted[place] += int(people[code])  # type: ignore[index]
        areas[place] += 1  # type: ignore[index]
    for row in range(3):
        assert list(nine.values[row][1:-1]) == [counted[2 - row, column] for column in range(3)]
        for column in range(3):
            assert style.entries[3 * row + column].count == areas[2 - row, column]
    high, apart = counted[2, 2], counted[2, 0]
    assert model.headline == (
        f"No car and connectivity score by small area: {high:,} residents of {areas[2, 2]} small areas in the "
        f"highest third of both, {apart:,} residents of {areas[2, 0]} small areas in the highest third of no car "
        "and the lowest of the other"
    )
    for bounds, values in zip(breaks, (share, score), strict=True):
        parts = Counter(sum(value >= each for each in bounds) for value in values.values())
        # Of 1,003, as equal shares stay together.
        assert max(parts.values()) - min(parts.values()) < 12


def test_sources_dates_and_what_figures_of_areas_are_stand_on_the_page(pack: Pack) -> None:
    page = make_map("small-areas", shade="no_car", against="connectivity_score", pack=pack)
    note = page.model.layer("small-areas").note
    assert "Census 2021, 21 March 2021." in note
    assert "English Indices of Deprivation 2025" in note
    assert "at most 13 households" in note
    assert "These are figures of areas" in page.html
    assert page.model.provenance.recipe is not None
    assert page.model.provenance.recipe["question"]["against"] == "connectivity_score"


def test_a_count_that_is_divided_can_be_the_first(pack: Pack) -> None:
    model = make_map(
        "neighbourhoods", shade="cars_0", per="households", against="imd_score", pack=pack
    ).model
    assert "as a share of households and Index" in model.headline
    assert sum(each.count for each in model.layer("neighbourhoods").legend) == 201


REFUSED: dict[str, tuple[Callable[[Pack], object], type[LcrmapError], str]] = {
    "alone": (
        lambda pack: make_map("wards", against="area_km2", pack=pack),
        UsageError,
        'against needs one shade: say what it stands against, as in shade=["no_car"].',
    ),
    "itself": (
        lambda pack: make_map(strip([1, 2], [1, 2]), shade="jobs", against="jobs", pack=pack),
        UsageError,
        "against needs another column than 'jobs': name a second one.",
    ),
    "classes": (
        lambda pack: drawn(pack, strip([1, 2], [1, 2]), classes="equal:3"),
        UsageError,
        "against divides each column into thirds, and classes says otherwise: leave one of them out.",
    ),
    "middle": (
        lambda pack: drawn(pack, strip([1, 2], [1, 2]), middle=1),
        UsageError,
        "against divides each column into thirds, and middle says otherwise: leave one of them out.",
    ),
    "a count": (
        lambda pack: make_map("small-areas", shade="no_car", against="cars_0", pack=pack),
        UsageError,
        (
            "against needs shares, scores or rates, and 'cars_0' is a count: "
            'choose another, or shade by it and divide it, as in per="households".'
        ),
    ),
    "a count first": (
        lambda pack: make_map("small-areas", shade="cars_0", against="no_car", pack=pack),
        UsageError,
        (
            "against needs shares, scores or rates, and 'cars_0' is a count: "
            'divide it, as in per="households".'
        ),
    ),
    "one value": (
        lambda pack: drawn(pack, strip([1, 2, 3, 4], [7, 7, 7, 7])),
        UsageError,
        (
            "against needs thirds, and too many areas have the same 'homes' to be divided into three: "
            "shade it alone."
        ),
    ),
    "never both": (
        lambda pack: drawn(pack, strip([1, None], [None, 2])),
        UsageError,
        (
            "against needs areas of which both are known, and of none of squares are 'jobs' and 'homes'."
        ),
    ),
    "unknown": (
        lambda pack: make_map("small-areas", shade="no_car", against="no_cars", pack=pack),
        UnknownNameError,
        "No column 'no_cars' in small-areas",
    ),
    "text": (
        lambda pack: drawn(pack, strip([1, 2, 3], ["a", "b", "c"])),
        UsageError,
        "shade needs numbers, and 'homes' of squares holds text or other values: choose one of jobs.",
    ),
    "points": (
        lambda pack: make_map(
            "rail-stations", shade="position_error_m", against="position_error_m", pack=pack
        ),
        UsageError,
        "against needs another column",
    ),
    "taken": (
        lambda pack: drawn(pack, strip([1, 2, 3], [1, 2, 3], jobs_third=["a", "b", "c"])),
        UsageError,
        "against makes a column 'jobs_third', and squares has one: rename it.",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_shaded_by_two_columns_is_said_in_one_sentence(
    case: str, pack: Pack
) -> None:
    ask, kind, said = REFUSED[case]
    with pytest.raises(kind) as caught:
        ask(pack)
    assert str(caught.value).startswith(said)
