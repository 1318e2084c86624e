"""Whether coordinates can be what their file says they are."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from lcrmap.checks import RULES, Subject, check, raise_faults
from lcrmap.checks.parts import PartsChecks
from lcrmap.checks.positions import are_taken_for_swapped, tells_swaps
from lcrmap.errors import CRSError, GeometryError

REGION = (-3.2, 53.2, -2.7, 53.7)
IN_REGION = [(-2.99, 53.41), (-3.02, 53.5), (-2.8, 53.3)]


def subject(
    points: list[tuple[float, float] | None], crs: str | None, **options: object
) -> Subject:
    shapes = [None if each is None else shapely.Point(*each) for each in points]
    frame = gpd.GeoDataFrame(
        {"id": [f"f{n}" for n in range(len(points))]}, geometry=shapes, crs=crs
    )
    return Subject(frame, "'sites.geojson'", region=REGION, **options)  # type: ignore[arg-type]


def sentences(one: Subject) -> list[str]:
    return [each.sentence for each in check(one)]


def swapped(points: list[tuple[float, float]]) -> list[tuple[float, float] | None]:
    return [(y, x) for x, y in points]


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4258"])
def test_points_of_the_region_in_degrees_are_sound(crs: str) -> None:
    assert sentences(subject(list(IN_REGION), crs)) == []


def test_points_elsewhere_in_the_world_are_sound() -> None:
    assert sentences(subject([(151.2, -33.9), (2.35, 48.86), (-122.4, 37.8)], "EPSG:4326")) == []


def test_points_on_the_edge_of_the_world_are_sound() -> None:
    assert sentences(subject([(180.0, 90.0), (-180.0, -90.0)], "EPSG:4326")) == []


def test_grid_numbers_are_sound_in_the_grid() -> None:
    assert sentences(subject([(335000, 390000), (340000, 395000)], "EPSG:27700")) == []


@pytest.mark.parametrize(
    ("points", "crs", "sentence", "error"),
    [
        (
            [(335000.0, 390000.0), (340000.0, 395000.0)],
            "EPSG:4326",
            (
                "'sites.geojson' claims degrees, but its numbers look like British National Grid: "
                "say --crs EPSG:27700."
            ),
            CRSError,
        ),
        (
            [(-330000.0, 7060000.0)],
            "EPSG:4326",
            (
                "'sites.geojson' claims degrees, but its numbers look like Web Mercator: "
                "say --crs EPSG:3857."
            ),
            CRSError,
        ),
        (
            IN_REGION,
            "EPSG:27700",
            (
                "'sites.geojson' claims EPSG:27700, but all its numbers look like degrees: "
                "say --crs EPSG:4326."
            ),
            CRSError,
        ),
        (
            IN_REGION,
            None,
            (
                "'sites.geojson' does not say its coordinate reference system: say it with --crs, "
                "such as --crs EPSG:27700 (British National Grid) or --crs EPSG:4326 (degrees)."
            ),
            CRSError,
        ),
        (
            swapped(IN_REGION),
            "EPSG:4326",
            (
                "'sites.geojson' seems to have latitude and longitude swapped: "
                "write each position with the east-west number first."
            ),
            GeometryError,
        ),
        (
            [(-33.9, 151.2), (-37.8, 145.0)],
            "EPSG:4326",
            (
                "'sites.geojson' seems to have latitude and longitude swapped: "
                "write each position with the east-west number first."
            ),
            GeometryError,
        ),
        (
            [(-2.99, 53.41), (-2.99, 153.41), (500.0, 53.0)],
            "EPSG:4326",
            (
                "'sites.geojson' has positions beyond 180 degrees of longitude or 90 of latitude, "
                "in features 2 and 3: correct them, or say with --crs in which system they are."
            ),
            GeometryError,
        ),
        (
            [(-2.99, 53.41), (float("inf"), 53.41)],
            "EPSG:4326",
            (
                "'sites.geojson' has coordinates that are not finite numbers, in feature 2: "
                "correct them, or leave the position empty."
            ),
            GeometryError,
        ),
    ],
)
def test_what_cannot_be_is_one_sentence_with_its_remedy(
    points: list[tuple[float, float] | None],
    crs: str | None,
    sentence: str,
    error: type[Exception],
) -> None:
    found = check(subject(points, crs))
    assert [each.sentence for each in found] == [sentence]
    with pytest.raises(error) as caught:
        raise_faults(found)
    assert str(caught.value) == sentence


def test_northing_and_easting_swapped_in_the_grid_are_found() -> None:
    grid = gpd.GeoSeries(gpd.points_from_xy(*zip(*IN_REGION, strict=True)), crs="EPSG:4326")
    points = [(p.y, p.x) for p in grid.to_crs("EPSG:27700")]
    assert sentences(subject(list(points), "EPSG:27700")) == [
        (
            "'sites.geojson' seems to have northing and easting swapped: "
            "write each position with the east-west number first."
        )
    ]


def test_a_table_is_told_which_columns_to_swap() -> None:
    found = sentences(subject(swapped(IN_REGION), "EPSG:4326", x="lon", y="lat"))
    assert found == [
        (
            "'sites.geojson' seems to have latitude and longitude swapped: "
            "swap them with --x 'lat' --y 'lon'."
        )
    ]


def test_without_a_region_a_swap_is_no_fault_but_said_of_what_would_be_in_great_britain() -> None:
    one = subject(swapped(IN_REGION), "EPSG:4326")
    found = check(Subject(one.frame, one.where))
    assert [(each.rule.id, each.rule.severity) for each in found] == [("misplaced", "notice")]


NATIONAL = [(-2.98, 53.41), (-2.59, 51.45), (0.52, 51.27)]


@pytest.mark.parametrize(
    ("points", "what", "remedy"),
    [
        (
            [(y, x) for x, y in NATIONAL],
            "latitude and longitude swapped",
            "write each position with",
        ),
        (
            [(2.98, 53.4), (2.5, 51.4), (2.2, 52)],
            "the sign of its longitudes changed",
            "with a minus",
        ),
        (
            [(53.4, 2.98), (51.4, 2.5)],
            "latitude and longitude swapped and the sign changed",
            "write",
        ),
    ],
)
def test_a_national_file_that_is_misplaced_as_a_whole_is_told_how_to_mend_it(
    points: list[tuple[float, float]], what: str, remedy: str
) -> None:
    (said,) = sentences(subject(points, "EPSG:4326"))
    count = len(points)
    assert said.startswith(
        f"'sites.geojson' has no position in Great Britain as it is, and {count} of {count} with {what}: if they are "
    )
    assert remedy in said


@pytest.mark.parametrize(
    "points",
    [
        NATIONAL,
        [*((y, x) for x, y in NATIONAL), (-2.9, 53.4)],  # one is there
        [(53.4, -2.98), (12.5, 41.9), (2.35, 48.85)],  # not most of them
        [(139.7, 35.7)],
    ],
)
def test_what_is_not_misplaced_as_a_whole_is_not_called_so(
    points: list[tuple[float, float]],
) -> None:
    found = check(Subject(subject(points, "EPSG:4326").frame, "it"))
    assert "misplaced" not in [each.rule.id for each in found]


def test_positions_far_off_are_faults_of_few_and_the_rule_of_national_files() -> None:
    def said(far: int) -> int:
        return len(sentences(subject([*IN_REGION[:2], *[(0.5, 51.3)] * far], "EPSG:4326")))

    assert [said(far) for far in (0, 1, 2, 3)] == [0, 1, 1, 0]


def test_one_point_in_place_is_enough_not_to_call_all_swapped() -> None:
    points = [*swapped(IN_REGION), IN_REGION[0]]
    assert [each.rule.id for each in check(subject(points, "EPSG:4326"))] == ["far-from-region"]


def test_a_wrong_sign_is_noticed_among_points_of_the_region() -> None:
    points = [*IN_REGION, (2.737, 53.35)]
    assert sentences(
        subject(
            points, "EPSG:4326", row_numbers=lambda rows: [row + 2 for row in rows], row_word="line"
        )
    ) == [
        (
            "'sites.geojson' has 1 position far outside the region, while others are in it, "
            f"in line {len(points) + 1}: check the sign and the digits."
        )
    ]


@pytest.mark.parametrize(
    ("points", "crs", "remedy"),
    [
        (
            [(53.4, -2.98)],
            "EPSG:4326",
            "longitude and latitude swapped? Exchange them, or check the sign and the digits.",
        ),
        (
            [(53.4, -2.98), (-0.1, 61.5)],
            "EPSG:4326",
            (
                "longitude and latitude swapped in 1 of them? Exchange them there, and check the sign and the digits "
                "of the others."
            ),
        ),
        ([(2.737, 53.35)], "EPSG:4326", "check the sign and the digits."),
    ],
)
def test_positions_that_lie_in_the_region_when_swapped_are_asked_about(
    points: list[tuple[float, float]], crs: str, remedy: str
) -> None:
    (said,) = sentences(subject([*IN_REGION, *points], crs))
    assert said.partition(": ")[2] == remedy


def test_a_region_that_holds_its_own_mirror_tells_nothing_of_swapping() -> None:
    assert not tells_swaps((9.0, 9.5, 11.0, 11.0))
    assert not tells_swaps((9.0, 11.0, 11.0, 12.0))  # they meet in a corner
    assert tells_swaps((9.0, 11.1, 11.0, 12.0))
    assert tells_swaps((-3.3, 53.2, -2.5, 53.7))


LIVERPOOL = (-3.229, 53.289, -2.577, 53.698)  # the box of the six boroughs
IN_GRID = [(335000.0, 390000.0), (340000.0, 395000.0), (345000.0, 385000.0)]
CROSSED = (390633.0, 335673.0)  # in Staffordshire, less far from the region than it is large
MANCHESTER = (384000.0, 398000.0)
LONDON = (530000.0, 180000.0)


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([CROSSED], "1 position, feature 4: easting and northing swapped? Exchange them, or"),
        ([CROSSED, MANCHESTER], None),  # half of what lies outside: it may be a file of the North
        ([CROSSED, CROSSED, MANCHESTER], "2 positions, features 4 and 5: easting and northing"),
        (
            [CROSSED, LONDON, CROSSED],
            "3 positions, features 4, 5 and 6: easting and northing swapped in 2 of them? Exchange",
        ),
        ([CROSSED, LONDON], "1 position, feature 5: check the sign and the digits."),
        ([CROSSED] * 3, "3 positions, features 4, 5 and 6: easting and northing swapped?"),
        ([CROSSED] * 4, None),  # more than lie in the region: it may be a file of Staffordshire
    ],
)
@pytest.mark.parametrize("parts", [False, True], ids=["whole", "in parts"])
def test_eastings_and_northings_that_are_swapped_are_asked_about(
    points: list[tuple[float, float]], said: str | None, parts: bool
) -> None:
    frame = subject([*IN_GRID, *points], "EPSG:27700").frame
    found = told_in_parts(frame) if parts else sentences(Subject(frame, "It", region=LIVERPOOL))
    if said is None:
        assert found == []
        return
    count, _, rest = said.partition(", ")
    (told,) = found
    opening = f"It has {count} far outside the region, while others are in it, in {rest}"
    assert told[: len(opening)] == opening


def told_in_parts(frame: gpd.GeoDataFrame) -> list[str]:
    checks = PartsChecks(frame.crs, LIVERPOOL)
    x, y = frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy()
    seen = checks.points(x[:4], y[:4]) + checks.points(x[4:], y[4:])
    return list(
        checks.notices(
            seen,
            "It",
            key="",
            row_numbers=lambda rows: [row + 1 for row in rows],
            row_word="feature",
            need_geometry=False,
        )
    )


def test_half_of_what_lies_outside_is_not_taken_for_swapped() -> None:
    assert [are_taken_for_swapped(*each) for each in ((0, 0), (1, 2), (1, 1), (2, 3))] == [
        False,
        False,
        True,
        True,
    ]


def test_a_layer_of_elsewhere_or_next_door_is_not_called_far() -> None:
    assert sentences(subject([(139.7, 35.7), (139.8, 35.6)], "EPSG:4326")) == []
    assert sentences(subject([*IN_REGION, (-2.4, 53.47)], "EPSG:4326")) == []


def test_rows_are_named_by_key_or_line_and_at_most_five() -> None:
    points = [(-2.99, 53.41), *[(500.0, float(n)) for n in range(7)]]
    by_key = sentences(subject(list(points), "EPSG:4326", key="id"))[0]
    assert "in features f1, f2, f3, f4, f5 and 2 more:" in by_key
    by_line = sentences(
        subject(
            list(points),
            "EPSG:4326",
            row_numbers=lambda rows: [row + 2 for row in rows],
            row_word="line",
        )
    )[0]
    assert "in lines 3, 4, 5, 6, 7 and 2 more:" in by_line


def test_nothing_placed_is_a_fault_only_where_a_position_is_needed() -> None:
    assert sentences(subject([None], "EPSG:4326")) == []
    assert sentences(subject([None], "EPSG:4326", need_geometry=True)) == [
        "'sites.geojson' has 1 feature but not one position: give coordinates to at least one of them."
    ]
    assert sentences(subject([], "EPSG:4326", need_geometry=True)) == [
        "'sites.geojson' has no features: check how it was made."
    ]


def test_all_rules_have_ids_titles_and_run_on_an_empty_layer() -> None:
    assert [name for name, each in RULES.items() if each.opens] == [
        "no-position",
        "no-crs",
        "not-finite",
        "grid-as-degrees",
        "mercator-as-degrees",
        "degrees-as-grid",
        "swapped",
        "degrees-out-of-range",
        "far-from-region",
        "misplaced",
        "invalid-shape",
    ]
    assert all(each.title.startswith("Find ") for each in RULES.values())
    assert check(subject([], None)) == ()


def test_the_frame_is_left_as_it_was() -> None:
    one = subject([(-2.99, 53.41), None], "EPSG:4326")
    before = one.frame.copy(deep=True)
    check(one)
    assert one.frame.equals(before)
