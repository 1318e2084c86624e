"""What a page says of any layer: never "no" of what is there, no region where nothing lies, no number made up."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import geopandas as gpd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.layers import Layer, Metadata, Pack, open_pack
from lcrmap.library import count
from lcrmap.maps.model import LayerView, PageModel, build_model
from tests.maps import samples

SPOTS = {"here": (-2.95, 53.4), "fiji": (178.4, -18.1)}
ROW = st.tuples(
    st.sampled_from(["here", "here", "fiji", ""]),
    st.sampled_from([None, "a", "b", "c", *(f"k{n}" for n in range(12))]),
)
PACK: Pack = open_pack()


def layer(rows: list[tuple[str, str | None]]) -> Layer:
    shapes = [shapely.Point(SPOTS[place]) if place else None for place, _ in rows]
    frame = gpd.GeoDataFrame(
        {"kind": [kind for _, kind in rows]}, geometry=shapes, crs="EPSG:4326"
    ).astype({"kind": object})
    known = Metadata("mine", "Mine", noun_one="site", noun_many="sites", category="kind")
    return Layer(frame, known)


def said(model: PageModel) -> str:
    return " ".join((model.headline, model.subtitle, *model.summary))


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=40))
def test_what_a_map_says_is_in_its_layer(rows: list[tuple[str, str | None]]) -> None:
    model = build_model([LayerView(samples.areas(), "areas"), LayerView(layer(rows))], pack=PACK)
    text = said(model)
    placed = sum(bool(place) for place, _ in rows)
    kinds = Counter(kind for _, kind in rows if kind)
    assert not re.search(r"\b(no|none|nothing)\b", text.casefold())
    assert ("not known" in model.headline) == (placed == 0)
    assert "other categor" not in text
    if placed and all(place in ("fiji", "") for place, _ in rows):
        assert PACK.region not in text
    numbers = {int(each) for each in re.findall(r"(?<!k)\b\d+\b", text)}
    assert numbers <= {len(rows), placed, len(rows) - placed, *kinds.values()}
    named = [(kind, int(n)) for kind, n in re.findall(r"\b([abc]|k\d+) \((\d+)\)", text)]
    assert all(kinds[kind] == n for kind, n in named)
    assert not named or max(kinds.values()) == named[0][1]  # the largest is never left out


VALUE = st.one_of(st.none(), st.integers(-50, 50))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["here", "fiji", ""]), VALUE), min_size=1, max_size=12))
def test_a_count_says_none_only_where_none_lies(rows: list[tuple[str, Any]]) -> None:
    if not any(place for place, _ in rows):
        return
    made = layer([(place, None) for place, _ in rows])
    values = [float("nan") if value is None else float(value) for _, value in rows]
    mine = Layer(
        made.frame.assign(v=values).drop(columns="kind"), made.metadata.replaced(category="")
    )
    found = count(mine, "boroughs", sum="v", pack=PACK)
    table = found.frame[found.frame["row"] == "area"]
    inside = int(table["count"].sum())
    assert inside == sum(place == "here" for place, _ in rows)
    assert found.finding.startswith("None") == (inside == 0)
    figures = {float(each) for name in ("count", "sum_v") for each in found.frame[name].dropna()}
    numbers = [float(each.replace(",", "")) for each in re.findall(r"-?\d[\d,.]*\b", found.finding)]
    lacking = sum(value is None for _, value in rows)
    assert {*numbers} <= figures | {float(inside), float(lacking), float(len(rows))}
