"""``profile``: twenty figures of an area, or of those around a place, each right by hand."""

from __future__ import annotations

import numpy as np
import pytest

from lcrmap.errors import LcrmapError, UsageError
from lcrmap.layers import Pack
from lcrmap.library import catchment, profile, show
from lcrmap.verbs.profile.words import compared, finding, said
from lcrmap.verbs.sources import Sources

AREA = "E02001482"  # Birkenhead Central


def test_an_area_is_found_by_its_name_before_a_station_of_that_name(pack: Pack) -> None:
    answer = profile("Birkenhead Central", pack=pack)
    assert answer.finding == (
        "Birkenhead Central: 8,042 residents, worse than the region in 10 of 14 figures and better in 2"
    )
    assert len(answer.layer.frame) == 20


def test_figures_are_those_of_the_area_its_borough_and_the_region(pack: Pack) -> None:
    rows = profile("Birkenhead Central", pack=pack).layer.frame.set_index("id")
    names = [each for each in rows.index if each != "residents"]
    here = show("neighbourhoods", indicators=names, where=f"code = '{AREA}'", pack=pack)
    wirral = show("boroughs", indicators=names, where="name = 'Wirral'", pack=pack)
    for name in names:
        own, larger = here.layer.frame[name].iloc[0], wirral.layer.frame[name].iloc[0]
        assert rows.loc[name, "value"] == pytest.approx(own, abs=0.06), name
        assert rows.loc[name, "larger"] == pytest.approx(larger, abs=0.06), name
    assert rows.loc["no_car", "region"] == pytest.approx(100 * 204_251 / 676_866, abs=0.001)
    assert rows.loc["residents", "region"] == 1_551_784


def test_who_lives_within_a_distance_is_counted_as_a_catchment_counts(pack: Pack) -> None:
    rows = profile("L3 5QA", ring="1km", pack=pack).layer.frame.set_index("id")
    ring = catchment("L3 5QA", ["1km"], pack=pack).layer.frame.iloc[0]
    assert rows.loc["residents", "value"] == ring["residents"]
    assert np.isnan(rows.loc["residents", "larger"])
    assert rows["value"].between(0, 100_000).all()


def test_a_ring_that_holds_all_has_the_figures_of_the_region(pack: Pack) -> None:
    rows = profile("L3 5QA", ring="60km", pack=pack).layer.frame
    assert np.allclose(rows["value"], rows["region"], atol=0.0011)
    assert set(rows["compared"].dropna()) == {"about the same"}


def test_the_page_shows_figures_what_is_near_and_sources(pack: Pack) -> None:
    model = profile("Birkenhead Central", pack=pack).page(Sources(pack)).model
    figures, near, sources = model.passages
    assert figures.sheet.heads == (
        *("Figure", "Here", "Wirral", "Liverpool City Region"),
        "Against the region",
    )
    assert figures.sheet.rows[0] == ("Residents", "8,042", "320,204", "1,551,784", "")
    marks = {row[0]: row[-1] for row in figures.sheet.rows}
    assert marks["Unemployed"] == "\N{BLACK DOWN-POINTING TRIANGLE} worse"
    assert marks["Connectivity score"] == "\N{BLACK UP-POINTING TRIANGLE} better"
    assert ("GP surgeries", "5 inside") in near.sheet.rows
    assert any("English Indices of Deprivation 2025" in each for each in sources.sentences)
    assert any("not true of each who lives in it" in each for each in model.summary)
    for layer in pack.indicators.services:
        for source in pack.metadata(layer).sources:
            assert any(source in one.sources for one in model.credits)
    titles = [each.title for each in model.passages]
    assert len({*titles, *(each.sheet.caption for each in model.passages if each.sheet)}) == 5
    (said,) = figures.sentences
    assert said == (
        "About the same as the region: within 0.3 percentage points, 10 m or, of other figures, 1%; less may be how "
        "positions and figures are rounded."
    )


@pytest.mark.parametrize(
    ("place", "ring", "message"),
    [
        ("L3 5QA", None, "'L3 5QA' is no area of small-areas, neighbourhoods, boroughs"),
        (
            "Linacre",
            None,
            "'Linacre' is a ward, and a profile is of areas of small-areas, neighbourhoods, boroughs: name one, or say",
        ),
        ("bus-stops", "1km", "A profile is of one place, and 'bus-stops' is a layer"),
        ("Knowsley", "0m", "must be a distance above 0"),
    ],
)
def test_what_is_no_place_or_no_distance_is_refused(
    pack: Pack, place: str, ring: str | None, message: str
) -> None:
    with pytest.raises(UsageError) as refused:
        profile(place, ring=ring, pack=pack)
    assert message in str(refused.value)


def test_where_nobody_lives_there_is_no_profile(pack: Pack) -> None:
    with pytest.raises(LcrmapError, match="Nobody lives within 1 km of"):
        profile("53.7,-3.6", ring="1km", pack=pack)


@pytest.mark.parametrize(
    ("name", "region", "same", "not_same"),
    [
        ("unemployed", 4.0, 4.3, 4.31),
        ("unemployed", 4.0, 3.7, 3.69),
        ("green_space_m", 218.0, 220.0, 228.1),
        ("patients_per_gp", 2000.0, 2020.0, 2021.0),
        ("imd_score", 30.0, 29.7, 29.6),
    ],
)
def test_what_rounding_and_positions_may_make_is_about_the_same(
    pack: Pack, name: str, region: float, same: float, not_same: float
) -> None:
    indicator = pack.indicators.named(name)
    assert compared(indicator, same, region) == "about the same"
    assert compared(indicator, not_same, region) in ("better", "worse")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Birkenhead", "did you mean 'Birkenhead Central', "),
        ("Knowlsey", "did you mean 'Knowsley'"),
        ("birkenhead centrl", "did you mean 'Birkenhead Central'"),
        ("zzzz", "check how it is written, or, of another place"),
    ],
)
def test_what_is_no_area_is_answered_with_areas_nearly_called_so(
    pack: Pack, text: str, named: str
) -> None:
    with pytest.raises(UsageError) as refused:
        profile(text, pack=pack)
    assert named in str(refused.value)
    assert "\n" not in str(refused.value)


def test_marks_follow_what_is_better(pack: Pack) -> None:
    known = pack.indicators
    assert compared(known.named("unemployed"), 5.0, 4.0) == "worse"
    assert compared(known.named("level_4_plus"), 5.0, 4.0) == "better"
    assert compared(known.named("no_car"), 5.0, 4.0) == "higher"
    assert compared(known.named("residents"), 5.0, 4.0) == ""
    assert compared(known.named("no_car"), float("nan"), 4.0) == ""
    assert said(known.named("no_car"), float("nan")) == "not known"
    assert said(known.named("green_space_m"), 217.6) == "218 m"
    assert finding("within 1 km of X", 1, ["worse", "about the same"]) == (
        "Within 1 km of X: 1 resident, worse than the region in 1 of 2 figures and better in 0"
    )


def test_a_terminal_reads_figures_with_their_units_and_the_larger_area_by_its_name(
    pack: Pack,
) -> None:
    read = profile("Birkenhead Central", pack=pack).spoken_layer
    rows = read.frame.set_index("id")
    assert read.field("larger").title == "Wirral"
    assert rows.loc["no_car", "value"].endswith("%")
    assert rows.loc["green_space_m", "region"] == "218 m"
    whole = profile("Wirral", pack=pack).spoken_layer
    assert "larger" not in whole.frame
    assert whole.frame.set_index("id").loc["residents", "value"] == "320,204"
