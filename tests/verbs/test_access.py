"""``access`` on the pack: what it adds up to, who has it, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import lcrmap
from lcrmap.errors import LcrmapError, UsageError
from lcrmap.verbs.access.question import Access
from lcrmap.verbs.answer import Answer


@pytest.fixture(scope="module")
def stations() -> Answer:
    return lcrmap.access("rail-stations", "2km", by="boroughs")


@pytest.mark.parametrize(
    ("layer", "within", "total", "lost"),
    [("rail-stations", "2km", 92.0, 121), ("innovation-assets", "5km", 54.0, 2)],
)
@pytest.mark.parametrize("decay", ["step", "gaussian"])
def test_access_adds_up_to_what_anybody_reaches(
    layer: str, within: str, total: float, lost: int, decay: str
) -> None:
    told = lcrmap.access(layer, within, decay=decay, by="boroughs").shown.told
    assert f"{told.found.checked():.6f}" == f"{total:.6f}"
    assert len(told.lost) == lost


def test_the_rows_are_areas_deciles_and_all_together(stations: Answer) -> None:
    rows = stations.frame
    assert rows["row"].value_counts().to_dict() == {"area": 6, "group": 10, "total": 1}
    for kind in ("area", "group"):
        some = rows[rows["row"] == kind]
        assert (some["access"] * some["residents"]).sum() / 10_000 == pytest.approx(92, abs=0.01)
        assert some["residents"].sum() == 1_551_784
        assert some["without"].sum() == rows["without"].iloc[-1] == 303_395
    assert (rows["access_min"] <= rows["access"]).all()
    assert (rows["access"] <= rows["access_max"]).all()


def test_the_closing_line_leads_with_who_has_none_and_says_how_unequal_it_is(
    stations: Answer,
) -> None:
    assert stations.finding == (
        "303,395 of 1,551,784 residents (19.6%) have no rail station within 2 km; the rail stations that somebody "
        "reaches are 0.593 for each 10,000 of all residents; Gini 0.48, and the most deprived fifth have 0.71 times "
        "what the least deprived fifth have"
    )
    assert stations.sentences[0] == (
        "What residents have adds up to 92 of the 213 rail stations. 121 are reached by no resident of Liverpool City "
        "Region (people outside it are not counted)."
    )
    assert stations.notes[0].startswith(
        "121 rail stations reached within 2 km by no resident of Liverpool City Region (people outside it are not "
        "counted): Acton Bridge, "
    )


def test_where_everybody_has_one_it_says_so() -> None:
    found = lcrmap.access("rail-stations", "20km", by="boroughs")
    assert found.finding.startswith("All 1,551,784 residents have a rail station within 20 km; the")


@pytest.mark.parametrize(
    ("decay", "said"),
    [
        (
            "gaussian",
            "(gaussian decay): 1 at 0 m, 0.61 at half of 2 km, 0.14 at 2 km and nothing beyond.",
        ),
        ("linear", "(linear decay): 1 at 0 m, 0.5 at half of 2 km, 0 at 2 km and nothing beyond."),
        ("step", ""),
    ],
)
def test_a_decay_is_said(decay: str, said: str) -> None:
    found = lcrmap.access("rail-stations", "2km", by="boroughs", decay=decay)
    told = [each for each in found.sentences if "counts less" in each]
    assert told == ([f"What is far counts less {said}"] if said else [])


def test_features_near_the_border_are_shared_with_people_outside(stations: Answer) -> None:
    shared = stations.beside_frame
    assert shared is not None
    assert len(shared) == 213
    flagged = shared[shared["shared_beyond"]]
    assert (flagged["residents_within"] > 0).sum() == 21
    assert (flagged["outside_pct"] > 0).all()
    assert (shared.loc[~shared["shared_beyond"], "outside_pct"] == 0).all()
    assert any("so near the border of Liverpool City Region" in each for each in stations.notes)
    assert stations.frame.set_index("name").loc["Liverpool", "shared_beyond_pct"] == 0


def test_a_column_says_what_each_supplies(tmp_path: Path) -> None:
    path = tmp_path / "clinics.csv"
    path.write_text("id,name,lat,lon,beds\na,A,53.41,-2.98,30\nb,B,53.39,-2.96,10\n")
    found = lcrmap.access(path, "1km", supply="beds", by="boroughs")
    assert found.shown.told.found.checked() == pytest.approx(40)
    doubled = path.with_name("doubled.csv")
    doubled.write_text("id,name,lat,lon,beds\na,A,53.41,-2.98,60\nb,B,53.39,-2.96,20\n")
    twice = lcrmap.access(doubled, "1km", supply="beds", by="boroughs")
    assert np.allclose(twice.frame["access"], 2 * found.frame["access"], atol=2e-4)


@pytest.mark.parametrize(
    ("cell", "told"), [("", "has none for B"), ("-3", "has none for B"), ("many", "needs numbers")]
)
def test_a_supply_that_is_none_is_refused(tmp_path: Path, cell: str, told: str) -> None:
    path = tmp_path / "clinics.csv"
    path.write_text(f"id,name,lat,lon,beds\na,A,53.41,-2.98,30\nb,B,53.39,-2.96,{cell}\n")
    with pytest.raises(UsageError, match=told):
        lcrmap.access(path, "1km", supply="beds")


def test_a_distance_of_nought_and_a_layer_without_features_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--within must be a distance above 0"):
        Access(layer="rail-stations", within="0m")
    path = tmp_path / "none.geojson"
    path.write_text('{"type":"FeatureCollection","features":[]}')
    with pytest.raises(LcrmapError, match="no features"):
        lcrmap.access(path, "1km")


def test_the_numbers_of_a_column_have_as_many_decimals_in_all_rows(
    stations: Answer,
) -> None:
    layer = stations.page().model.layer("access")
    by_name = {each.name: each for each in layer.columns}
    sums = {each.name: each for each in layer.closing}
    for name, decimals in (
        ("access", 4),
        ("access_min", 4),
        ("number", 4),
        ("shared_beyond_pct", 1),
    ):
        texts = [by_name[name].text(row) for row in range(layer.total)]
        texts += [sums[name].text(row) for row in range(len(sums[name].values))]
        ends = {len(each.rstrip("%").partition(".")[2]) for each in texts if each}
        assert ends == {decimals}, (name, texts)
    assert by_name["residents"].decimals == 0


def test_the_page_shades_areas_and_draws_circles(stations: Answer) -> None:
    model = stations.page().model
    assert model.headline == stations.finding
    shades = model.layer("access").style
    assert shades.kind == "shade"
    circles = model.layer("shared")
    assert (circles.style.kind, circles.visible) == ("circle", False)
    (lost,) = [
        each for each in model.passages if each.title.startswith("Reached within 2 km by no")
    ]
    assert lost.title == "Reached within 2 km by no resident of Liverpool City Region"
    assert lost.sentences[1] == "People outside Liverpool City Region are not counted."
    assert "Acton Bridge; Adlington (Cheshire); " in lost.sentences[0]
    assert any("0 if each resident had as much as any other" in each for each in stations.sentences)


def test_boroughs_are_named_and_what_a_decay_would_tell_is_left_out_without_one() -> None:
    found = lcrmap.access("rail-stations", within="2km", by="boroughs")
    layer = found.page().model.layer("access")
    assert layer.part == "areas"
    named = {layer.name_of(row) for row in range(layer.total) if layer.anchors[row]}
    assert named == {"Halton", "Knowsley", "Liverpool", "St Helens", "Sefton", "Wirral"}
    assert "gravity" in found.frame  # the record and files keep it
    assert "gravity" not in {layer.columns[each].name for each in layer.main}
    decayed = lcrmap.access("rail-stations", within="2km", by="boroughs", decay="linear")
    layer = decayed.page().model.layer("access")
    assert "gravity" in {layer.columns[each].name for each in layer.main}
