"""Colours and symbols: told apart by everyone, on every ground, in both themes.

Contrast is WCAG 2.2's; colour distance is CIEDE2000 between colours as seen with normal sight and with full
deuteranopia, protanopia and tritanopia after Machado, Oliveira and Fernandes (2009).
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely

from lcrmap.maps.style import (
    CROSSED,
    HUES,
    PALETTE,
    RAMPS,
    SHAPES,
    SURFACES,
    css_tokens,
    hue_of,
)
from tests.maps.colours import SIGHTS, contrast, distance, seen

THEMES = {"light": 0, "dark": 1}
TEXT = [
    ("text", "page"), ("text", "panel"), ("text", "land"), ("text-2", "page"), ("text-2", "panel"),
    ("text-2", "land"), ("link", "page"), ("link", "panel"), ("error", "page"),
    ("neighbour-label", "neighbour"), ("water-label", "water"), ("group-text", "group"),
]  # fmt: skip
PARTS = [
    ("area-line", "land"), ("area-line", "water"), ("control-line", "page"), ("hatch", "no-data"),
    ("focus", "focus-edge"),
]  # fmt: skip


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_has_a_contrast_of_four_and_a_half(ink: str, ground: str, theme: str) -> None:
    number = THEMES[theme]
    assert contrast(SURFACES[ink][number], SURFACES[ground][number]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), PARTS)
def test_lines_and_controls_have_a_contrast_of_three(ink: str, ground: str, theme: str) -> None:
    number = THEMES[theme]
    assert contrast(SURFACES[ink][number], SURFACES[ground][number]) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["land", "water", "halo", "page"])
@pytest.mark.parametrize("hue", HUES)
def test_symbols_stand_off_every_ground(hue: str, ground: str, theme: str) -> None:
    number = THEMES[theme]
    assert contrast(HUES[hue][number], SURFACES[ground][number]) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_one_of_the_two_rings_of_focus_shows_on_every_ground(theme: str) -> None:
    number = THEMES[theme]
    for ground in ("page", "panel", "land", "water", "neighbour", "halo"):
        rings = [
            contrast(SURFACES[ring][number], SURFACES[ground][number])
            for ring in ("focus", "focus-edge")
        ]
        assert max(rings) >= 3, ground


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_categories_are_told_apart_by_colour_alone(sight: str, theme: str) -> None:
    colours = [seen(HUES[hue][THEMES[theme]], sight) for hue, _ in PALETTE]
    least = min(distance(a, b) for a, b in itertools.combinations(colours, 2))
    assert least >= (19 if sight == "normal" else 12)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("ramp", RAMPS)
def test_neighbouring_classes_are_told_apart(ramp: str, sight: str, theme: str) -> None:
    colours = [seen(each, sight) for each in RAMPS[ramp][THEMES[theme]]]
    assert min(distance(a, b) for a, b in itertools.pairwise(colours)) >= 11


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_the_two_sides_of_a_middle_are_told_apart(sight: str, theme: str) -> None:
    colours = [seen(each, sight) for each in RAMPS["difference"][THEMES[theme]]]
    apart = [distance(a, b) for a in colours[:3] for b in colours[3:]]
    assert min(apart) >= 20


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_all_nine_classes_of_two_columns_are_told_apart(sight: str, theme: str) -> None:
    colours = [seen(each, sight) for each in RAMPS[CROSSED][THEMES[theme]]]
    assert min(distance(a, b) for a, b in itertools.combinations(colours, 2)) >= 20


def test_classes_of_two_columns_run_one_way_in_grey_along_both() -> None:
    for number, colours in enumerate(RAMPS[CROSSED]):
        grey = np.array([contrast(each, "#000000") for each in colours]).reshape(3, 3)
        grey = grey if number else -grey
        assert (np.diff(grey, axis=0) > 0).all()
        assert (np.diff(grey, axis=1) > 0).all()
        assert contrast(colours[0], colours[-1]) >= 7


@pytest.mark.parametrize("ramp", ["teal", "plum"])
def test_a_ramp_runs_one_way_in_grey(ramp: str) -> None:
    light, dark = ([contrast(each, "#000000") for each in colours] for colours in RAMPS[ramp])
    assert light == sorted(light, reverse=True)
    assert dark == sorted(dark)


def outline(path: str) -> shapely.Geometry:
    """The silhouette of a path of this style sheet: lines, and arcs of circles as many short lines."""
    from tests.maps.paths import points_of

    shape = shapely.Polygon(points_of(path)).buffer(0)
    middle = shape.centroid
    moved = shapely.transform(shape, lambda xy: xy - [middle.x, middle.y])
    return shapely.transform(moved, lambda xy: xy / np.sqrt(shape.area))


def test_no_two_silhouettes_are_alike() -> None:
    shapes = {shape.path: outline(shape.path) for shape in SHAPES.values()}  # some in two sizes
    for (one, a), (other, b) in itertools.combinations(shapes.items(), 2):
        alike = a.intersection(b).area / a.union(b).area
        assert alike < 0.85, f"{one} and {other} share {alike:.2f}"


def test_a_user_s_categories_differ_in_colour_and_in_shape() -> None:
    hues, shapes = zip(*PALETTE, strict=True)
    assert len(set(hues)) == len(set(shapes)) == len(PALETTE)


@pytest.mark.parametrize(
    ("wish", "hue"),
    [("rose", "rose"), ("#AD4278", "rose"), ("#ad4278", "rose"), ("#123456", "#123456"),
     ("red;}body{display:none", "vermilion"), ("", "vermilion"), ("url(http://x)", "vermilion")],
)  # fmt: skip
def test_a_colour_out_of_metadata_is_a_name_or_a_hex_or_nothing(wish: str, hue: str) -> None:
    assert hue_of(wish, 2) == hue


def test_every_colour_is_declared_for_both_themes() -> None:
    sheet = css_tokens()
    for name in [*SURFACES, *(f"hue-{each}" for each in HUES)]:
        assert sheet.count(f"--{name}:") == 3


def test_the_measures_agree_with_published_values() -> None:
    assert round(contrast("#FFFFFF", "#000000"), 2) == 21
    assert round(contrast("#FFFFFF", "#767676"), 2) == 4.54
    pairs = [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
    ]
    for one, other, known in pairs:
        assert round(distance(np.array(one), np.array(other)), 4) == known
