"""Answers about postcodes of large users, which lie at the office that delivers their post."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lcrmap.layers import Pack
from lcrmap.library import catchment, count, join, near, show
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.find_place.question import FindPlace
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer

REASON = "most such points are offices that deliver post to large users"
TOLD = f"L69 3BX shares its point with 208 other postcodes: {REASON}, so where L69 3BX lies is not known."


@pytest.fixture
def both(tmp_path: Path) -> str:
    path = tmp_path / "both.csv"
    path.write_text("name,postcode\nUniversity,L69 3BX\nHospital,L7 8XP\n")
    return str(path)


def test_what_is_nearest_to_it_is_not_certain(pack: Pack) -> None:
    found = near("L69 3BX", "rail-stations", pack=pack)
    row = found.frame.iloc[0]
    assert row["id"] == "brunswick"
    assert row[["rank_certain", "distance_min_m", "distance_max_m"]].isna().all()
    assert TOLD in found.notes


def test_a_postcode_of_a_street_is_answered_as_before(pack: Pack) -> None:
    row = near("L3 5QA", "rail-stations", pack=pack).frame.iloc[0]
    assert row["rank_certain"] == False  # noqa: E712
    assert row["distance_max_m"] - row["distance_min_m"] == pytest.approx(300)


def test_who_lives_near_it_has_no_range(pack: Pack) -> None:
    found = catchment("L69 3BX", rings=500, pack=pack)
    assert found.frame[["residents_min", "residents_max"]].isna().all(axis=None)
    assert TOLD in found.notes


def placed(text: str, pack: Pack) -> Answer:
    return answer(FindPlace(place=text), Sources(pack))


def test_its_point_is_told_from_the_place_itself(pack: Pack) -> None:
    found = placed("L69 3BX", pack)
    assert found.finding == "The point of L69 3BX lies in Liverpool"
    assert (found.notes, found.frame["position_error_m"].isna().tolist()) == ((TOLD,), [True])
    street = placed("L3 5QA", pack)
    assert street.finding == "L3 5QA lies in Liverpool, believed right to within 100 m"


def test_a_sector_with_such_postcodes_has_no_reach(pack: Pack) -> None:
    found = near("L69 3", "rail-stations", pack=pack)
    assert np.isnan(found.frame["distance_max_m"].iloc[0])
    assert (
        f"L69 3 is taken as the middle of its 137 postcodes. 120 of them share their point with at least 9 other "
        f"postcodes: {REASON}, so how far off L69 3 may be is not known."
    ) in found.notes


def test_rows_of_a_table_are_certain_or_open_each_by_its_postcode(pack: Pack, both: str) -> None:
    certain = near(both, "rail-stations", pack=pack).frame["rank_certain"]
    assert certain.isna().tolist() == [True, False]
    assert join(both, "boroughs", pack=pack).frame["area_certain"].isna().tolist() == [True, False]
    notes = count(both, areas="boroughs", pack=pack).notes
    told = [each for each in notes if REASON in each]
    assert len(told) == 1
    assert "the postcode of 1 row shares its point with at least 9 other postcodes" in told[0]
    assert any("1 of them has a position of unknown error" in each for each in notes)


def test_a_sector_lies_where_its_other_postcodes_do_while_these_are_half_at_least(
    pack: Pack, tmp_path: Path
) -> None:
    found = near("PR8 4", "rail-stations", pack=pack)
    assert found.notes[0] == (
        "2 of the postcodes of PR8 4 share their point with at least 9 other postcodes: "
        f"{REASON}, and are left out."
    )
    assert "PR8 4 is taken as the middle of its 192 postcodes, of which" in found.notes[1]
    path = tmp_path / "one.csv"
    path.write_text("name,postcode\nKew,PR8 4\n")
    row = show(str(path), pack=pack).frame.iloc[0]
    (spot,) = Sources(pack).spots("PR8 4").layer.frame.geometry
    assert spot.distance(row.geometry) < 1e-5
    assert 1_600 < row["position_error_m"] < 1_700
