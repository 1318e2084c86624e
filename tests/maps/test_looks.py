"""No two classes of a page look the same, whatever layers are shown together."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.io.opening import open_layer
from lcrmap.layers import Category, Field, Layer, Metadata, Pack
from lcrmap.maps.document import page_data
from lcrmap.maps.looks import JOINED, MOST_LOOKS, seen_as
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.maps.style import PALETTE, hue_class
from lcrmap.maps.styling import LegendEntry
from lcrmap.pictures.labelling import Box
from lcrmap.pictures.scenes import colour_of, make_scene
from lcrmap.pictures.views import view_of

HOUSE = Metadata(
    "house",
    "House",
    category="kind",
    fields=(
        Field("kind", "Kind", categories=tuple(
            Category(f"h{number}", f"House {number}", colour=hue, symbol=shape)
            for number, (hue, shape) in enumerate(PALETTE)
        )),
    ),
)  # fmt: skip


def layer(name: str, kinds: Sequence[str | None], **metadata: str) -> Layer:
    spots = [shapely.Point(-2.9 + number * 0.01, 53.4) for number in range(len(kinds))]
    frame = gpd.GeoDataFrame({"kind": [*kinds]}, geometry=spots, crs="EPSG:4326")
    return Layer(frame, Metadata(name, name.title(), **{"category": "kind", **metadata}))


def house() -> Layer:
    made = layer("house", [f"h{number}" for number in range(len(PALETTE))])
    return Layer(made.frame, HOUSE)


def page(*layers: Layer, choices: Sequence[str] = ()) -> PageModel:
    chosen = itertools.chain(choices, itertools.repeat(""))
    return build_model([LayerView(each, choice=next(chosen)) for each in layers])


def classes(model: PageModel) -> list[LegendEntry]:
    return [entry for each in model.places for entry in each.legend]


def all_differ(model: PageModel) -> bool:
    found = [seen_as(each) for each in classes(model)]
    return len(set(found)) == len(found)


def test_own_categories_never_look_like_those_of_the_pack() -> None:
    model = page(layer("mine", ["café", "restaurant", "bar"]), house())
    assert all_differ(model)
    assert [(each.hue, each.shape) for each in model.layers[1].legend] == [*PALETTE]
    shapes = {each.shape for each in model.layers[0].legend}
    assert not shapes & {shape for _, shape in PALETTE}, "not told apart in grey"


def test_own_categories_alone_have_the_palette_in_its_order() -> None:
    model = page(layer("mine", [f"k{number}" for number in range(len(PALETTE))]))
    assert [(each.hue, each.shape) for each in classes(model)] == [*PALETTE]


def test_categories_of_a_layer_with_one_look_keep_its_colour_and_differ_in_shape() -> None:
    model = page(layer("mine", ["a", "b", "c"], colour="violet", symbol="square"))
    assert [each.hue for each in classes(model)] == ["violet"] * 3
    assert classes(model)[0].shape == "square"
    assert all_differ(model)


@pytest.mark.parametrize("turned", [False, True])
def test_two_layers_of_one_look_are_told_apart(turned: bool) -> None:
    pair = [layer(name, ["a"], category="", colour="grey", symbol="bar") for name in ("one", "two")]
    model = page(*(pair[::-1] if turned else pair))
    assert all_differ(model)
    assert [each.hue for each in classes(model)] == ["grey", "grey"]
    assert [each.size for each in classes(model)] == [14, 14], "one is larger"


def test_what_is_not_stated_in_two_layers_differs_too() -> None:
    assert all_differ(page(layer("one", ["a", None]), layer("two", ["a", None])))


def test_what_is_never_shown_together_may_look_the_same() -> None:
    pair = [layer("mine", ["a", "b"]), layer("mine", ["b", "c"])]
    one, two = page(*pair, choices=("before", "after")).places
    looks = {each.label: each.shape for each in one.legend}
    assert looks["b"] == two.legend[0].shape, "the same class in another alternative"


def test_a_layer_for_which_too_few_looks_are_left_has_one_symbol_and_says_so() -> None:
    many = [f"k{number}" for number in range(len(PALETTE))]
    model = page(*(layer(f"layer-{number}", many) for number in range(12)), house())
    assert all_differ(model)
    joined = [each for each in model.places if len(each.legend) == 1]
    assert joined
    assert {each.note for each in model.places if len(each.legend) > 1} == {""}
    for each in joined:
        assert each.note == JOINED
        assert (each.legend[0].label, each.legend[0].count) == (each.title, len(many))
    assert len(model.places[-1].legend) == len(PALETTE), "what metadata say goes first"


@pytest.mark.parametrize(
    "names",
    [
        ("freeport-sites", "planned-stations", "ferries"),
        ("hospitals", "gp-surgeries", "libraries", "education"),
        ("rail-stations", "planned-stations", "station-entrances", "bus-stops"),
    ],
)
def test_layers_of_the_pack_are_told_apart(pack: Pack, names: Sequence[str]) -> None:
    assert all_differ(page(*(open_layer(each, pack=pack) for each in names)))


LAYERS = st.lists(
    st.tuples(
        st.lists(st.sampled_from([*"abcdefghijk", None]), min_size=1, max_size=12),
        st.sampled_from(["", "kind"]),
        st.sampled_from(["", "rose", "grey", "#123456", "ink"]),
        st.sampled_from(["", "circle", "bar", "hull"]),
    ),
    min_size=1,
    max_size=MOST_LOOKS // 5,
)


@settings(max_examples=40, deadline=None)
@given(LAYERS, st.booleans())
def test_all_classes_differ_and_page_and_picture_show_the_same(
    wanted: list[tuple[list[str | None], str, str, str]], with_house: bool
) -> None:
    made = [
        layer(f"layer-{number}", kinds, category=category, colour=colour, symbol=symbol)
        for number, (kinds, category, colour, symbol) in enumerate(wanted)
    ]
    model = page(*made, *([house()] if with_house else []))
    assert all_differ(model)

    drawn = [
        [(each["hue"], each["shape"]) for each in one["style"]["entries"]]
        for one in page_data(model)["layers"]
    ]
    assert drawn == [
        [(hue_class(each.hue), each.shape) for each in one.legend] for one in model.layers
    ]
    scene = make_scene(model, view_of(model.extent, Box(0, 0, 160, 120)))
    for mark in (*scene.marks, *(each for disc in scene.discs for each in disc.marks)):
        entry = model.layers[mark.layer].legend[mark.entry]
        assert (mark.shape, mark.colour) == (entry.shape, colour_of(entry.hue))
