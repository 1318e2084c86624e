"""The page of a comparison: neighbourhoods shaded by the change, and the features that come, go, move or change."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lcrmap.analysis.access import PER
from lcrmap.analysis.scenarios import brought_to, differences
from lcrmap.layers import Category, Field, Layer, Metadata
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.maps.passages import Passage
from lcrmap.maps.styling import Shading
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.areas import area_names, with_sources_of
from lcrmap.verbs.changing import Scene
from lcrmap.verbs.compare.comparing import Compared
from lcrmap.verbs.compare.groups import Groups
from lcrmap.verbs.compare.rows import Shown
from lcrmap.verbs.compare.words import Said, digits_of, headline_of, leading, state_of
from lcrmap.verbs.context import context_views, focused
from lcrmap.verbs.numbers import in_sentence
from lcrmap.verbs.places import feature_keys
from lcrmap.verbs.scene_words import LONGEST_TITLED, title_of
from lcrmap.verbs.sources import Sources

__all__ = ["page_model"]

_SHADED: Final = ("within", "distance", "access")  # kinds of measures that areas are shaded by
_FIGURES: Final = ("first", "second", "change", "change_min", "change_max", "gain", "lose")
_SIDES: Final = {
    "within": ("down", "up"),
    "distance": ("nearer", "farther"),
    "access": ("less", "more"),
}
# Points, metres or features within which a change is small, however large others are.
_NARROWEST: Final = {"within": 1.0, "distance": 100.0, "access": 0.1}
# What areas are shaded by, how it is written beside a figure, in a note, and in the heads of columns.
_CHANGES: Final = {
    "within": ("Change as a share of residents", "points", "in percentage points", ""),
    "distance": ("Change of the mean distance", "m", "in metres", ", m"),
    "access": (
        f"Change for each {PER:,} residents",
        "",
        "in features that all near them share",
        f", per {PER:,}",
    ),
}
_BETTER: Final = "Blue is better for residents, brown is worse."
# What comes and what goes is small, as the areas that gain or lose lie about it, and are the answer.
_WHAT: Final = (
    Category("added", "Comes", colour="green", symbol="small-plus"),
    Category("removed", "Goes", colour="vermilion", symbol="small-saltire"),
    Category("moved", "Moves here", colour="violet", symbol="diamond"),
    Category("changed", "Changes", colour="brown", symbol="square"),
    Category("unchanged", "Stays as it is (faint)", colour="grey", symbol="bar"),
)


def page_model(answer: Answer, sources: Sources) -> PageModel:
    """Make the page of a comparison."""
    shown: Shown = answer.shown
    asked = answer.question.to_plain()["scenarios"]
    states = {
        scene: sources.in_scenario(name) for name, scene in zip(asked, shown.scenes, strict=True)
    }
    first = states[shown.scenes[0]]
    areas = shown.groups[-1] if shown.groups[-1].areas is not None else None
    scenes = tuple(dict.fromkeys(shown.scenes[1:]))
    several = len(scenes) > 1
    owned = [
        (each.scene, _shaded(each, areas, shown.scenes[0], several=several))
        for each in leading(shown.compared, _SHADED)
        if areas is not None and areas.kind in each.sums
    ]
    for scene in scenes:
        features = _features(scene, first, states[scene], shown, several=several)
        owned += [(scene, view) for view in features]
    views = [view for _, view in owned]
    if several:  # each is shown while its scenario is chosen; the first is at first
        views = [
            replace(view, choice=scene.name, visible=scene is scenes[0]) for scene, view in owned
        ]
    hidden = [each.layer.name for each in views]
    if areas is not None and areas.areas is not None:
        hidden.append(areas.areas.name)
    headline, subtitle = _headline(shown, sources.pack.region)
    model = build_model(
        [*context_views(first, hidden), *views],
        pack=sources.pack,
        title=headline.text,
        aside=headline.more,
        subtitle=subtitle,
        summary=answer.sentences,
        passages=(*answer.passages, *_notes(answer)),
    )
    outlines = sources.role("areas")
    return model if outlines is None else focused(model, outlines, room=0)


def _headline(shown: Shown, region: str) -> tuple[Said, str]:
    """Return headline and subtitle; a title that leaves the finding no room stands in the latter alone."""
    found = headline_of(leading(shown.compared)[0], shown.compared)
    compared = f"compared with {in_sentence(title_of(shown.scenes[0]))}: {region}."
    others = list(dict.fromkeys(title_of(each) for each in shown.scenes[1:]))
    if len(others) > 1:
        return found, f"{'; '.join(others)}, {compared}"
    if len(found.short) <= LONGEST_TITLED:
        return found, compared[:1].upper() + compared[1:]
    return found.untitled(others[0]), f"{others[0]}, {compared}"


def _notes(answer: Answer) -> Iterator[Passage]:
    """Tell below all else what whoever asks on a command line reads on stderr."""
    notes = tuple(each for each in answer.notes if each != f"{answer.finding}.")
    if notes:
        yield Passage("Notes", notes, listed=True)


# Areas by the change


def _shaded(each: Compared, kind: Groups, start: Scene, *, several: bool) -> LayerView:
    """Shade areas by how much of their residents gain or lose, or how much farther or nearer they have it."""
    assert kind.areas is not None  # noqa: S101 (the caller looked)
    table = each.sums[kind.kind].iloc[: len(kind)].reset_index(drop=True)
    within = each.measure.kind == "within"
    scale = 100 / table["after"].where(table["after"] > 0) if within else 1.0
    ends = [table[f"change{end}"] * scale for end in ("", "_min", "_max")]
    value, low, high = (column.to_numpy(dtype=np.float64) for column in ends)
    breaks = _breaks(value, _NARROWEST[each.measure.kind])
    known = _is_sure(low, high, breaks)
    sure = np.where(known, value, np.nan)
    what, unit, told, mean = _CHANGES[each.measure.kind]
    figures = table if within else table.round(dict.fromkeys(table, digits_of(each.measure)))
    columns = {
        "id": list(kind.ids),
        "name": list(kind.names),
        "residents": figures["before"].to_numpy(),
        **{name: figures[name].to_numpy() for name in _FIGURES},
        "change_sure": np.round(sure, 2 + digits_of(each.measure)),
    }
    fields = (
        Field("id", "Id"),
        Field("name", "Name"),
        Field("residents", "Residents", "number"),
        Field("first", state_of(start) + mean, "number"),
        Field("second", state_of(each.scene) + mean, "number"),
        Field("change", f"Change{mean}", "number"),
        Field("change_min", "Change, at least", "number"),
        Field("change_max", "Change, at most", "number"),
        Field("gain", "Gain", "number"),
        Field("lose", "Lose", "number"),
        Field("change_sure", what, "number", "Empty where the range holds nought", unit=unit),
    )
    frame = gpd.GeoDataFrame(columns, geometry=kind.areas.frame.geometry.array)
    most = frame["change"].abs().sort_values(ascending=False, kind="stable").index
    frame = frame.loc[most].reset_index(drop=True)  # those that change most come first in the table
    areas = kind.areas.metadata
    metadata = Metadata(
        name=f"change-{each.scene.name}",
        title=f"{title_of(each.scene)}: {each.measure.words}" if several else each.measure.heading,
        key="id",
        label="name",
        noun_one=areas.noun_one,
        noun_many=areas.noun_many,
        geometry="area",
        fields=fields,
    )
    metadata = with_sources_of(metadata, areas, each.target.metadata)
    layer = Layer(frame, metadata, (*kind.areas.inputs, *each.target.inputs))
    sides = _SIDES[each.measure.kind]
    shading = Shading(
        "change_sure",
        breaks,
        neutral=True,
        unknown=_unsure(low[~known], high[~known], sides),
        sides=sides,
        falling=each.measure.kind == "distance",
    )
    note = f"{what}, {told}. {_BETTER}"
    if not known.all():
        note += " Hatched: the range of the change holds nought."
    return LayerView(layer, "places", wish=shading, main=("residents", *_FIGURES), note=note)


def _unsure(low: np.ndarray, high: np.ndarray, sides: tuple[str, str]) -> str:
    """Return what areas are called whose change may be none: on which side it may lie.

    >>> _unsure(np.array([0.0]), np.array([4.0]), ("down", "up"))
    'up or as before'
    """
    if (low >= 0).all():
        return f"{sides[1]} or as before"
    return f"{sides[0]} or as before" if (high <= 0).all() else f"{sides[0]} or {sides[1]}"


def _is_sure(low: np.ndarray, high: np.ndarray, breaks: tuple[float, ...]) -> np.ndarray:
    """Tell where a change is on one side of nought, or surely within the class about it."""
    middle = len(breaks) // 2
    within = (low >= breaks[middle - 1]) & (high < breaks[middle])
    return (low > 0) | (high < 0) | within


def _breaks(values: np.ndarray, most_inner: float) -> tuple[float, ...]:
    """Return breaks that lie alike on both sides of nought, the inner ones at most so far from it.

    >>> _breaks(np.array([0.0, 44.0, -3.0]), 1.0), _breaks(np.array([0.0]), 1.0)
    ((-20.0, -1.0, 1.0, 20.0), (-1.0, 1.0))
    """
    known = np.abs(values[~np.isnan(values)])
    most = float(known.max(initial=0))
    if most <= 0:
        return (-most_inner, most_inner)
    inner, outer = min(_round(most / 20), most_inner), _round(most / 2)
    return (-outer, -inner, inner, outer)


def _round(value: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten below a number."""
    power = 10.0 ** math.floor(math.log10(value))
    return float(
        f"{max(step * power for step in (1, 2, 5) if step * power <= value * (1 + 1e-9)):.12g}"
    )


# Features


def _features(
    scene: Scene, first: Sources, second: Sources, shown: Shown, *, several: bool
) -> Iterator[LayerView]:
    """Show the features of the layers that change or are measured, told apart by what happens to them.

    Where several scenarios are shown, the page has the features that stay as they are once at most.
    """
    name = scene.name
    roles = ("population", "lookup")
    hidden = {first.pack.role(each).layer for each in roles if first.pack.has_role(each)}
    own = [each for each in shown.compared if each.scene is scene]
    told = [*leading(own), *leading(own, _SHADED)]  # what headline and shading are about
    changed = sorted(first.changed | second.changed)
    for layer in dict.fromkeys([*(each.measure.layer for each in told), *changed]):
        if layer in hidden:
            continue
        old, new = first.layer(layer), second.layer(layer)
        if not old.key:
            continue
        view, moves = _told_apart(name, old, new, touched=scene is not shown.scenes[1])
        touched = np.flatnonzero(view.frame["what"] != "unchanged").tolist()
        if several:
            view = _of_scenario(view, scene)
            moves = None if moves is None else _of_scenario(moves, scene)
        if not len(view.frame):
            continue
        answering = tuple(touched) if 0 < len(touched) < len(view.frame) else None
        yield LayerView(view, "places", answering=answering, singly=True)
        if moves is not None:
            yield LayerView(moves, "places")


def _of_scenario(layer: Layer, scene: Scene) -> Layer:
    """Return a layer whose title says in which of several scenarios."""
    title = f"{title_of(scene)}: {in_sentence(layer.metadata.title)}"
    return replace(layer, metadata=layer.metadata.replaced(title=title))


def _told_apart(
    scenario: str, old: Layer, new: Layer, *, touched: bool
) -> tuple[Layer, Layer | None]:
    """Return the features of both states by what happens to them, and the moves.

    With `touched` those that stay as they are are left out.
    """
    apart = differences(old.frame, new.frame, old.key)
    keys = np.array(feature_keys(new), dtype=object)
    what = np.full(len(new.frame), "unchanged", dtype=object)
    what[apart.added] = "added"
    what[np.isin(keys, apart.moved)] = "moved"
    what[np.isin(keys, apart.changed)] = "changed"
    gone = old.with_frame(gpd.GeoDataFrame(old.frame.iloc[apart.removed]))
    frames = [_plain(new, what), _plain(gone, np.full(len(gone.frame), "removed", dtype=object))]
    together = pd.concat([frames[0], brought_to(frames[1], frames[0])], ignore_index=True)
    order = [each.value for each in _WHAT]
    place = together["what"].map(order.index)
    together = together.loc[place.sort_values(kind="stable").index].reset_index(drop=True)
    if touched:
        together = together.loc[together["what"] != "unchanged"]
    there = tuple(each for each in _WHAT if (together["what"] == each.value).any())
    if there == _WHAT[-1:]:  # nothing changes, so all is drawn in full strength
        there = tuple(replace(each, label=each.label.removesuffix(" (faint)")) for each in there)
    field = Field("what", "What happens", categories=there)
    metadata = Metadata(
        name=f"{new.name}-{scenario}",
        title=new.metadata.title,
        key="id",
        label="name",
        category="what",
        noun_one=new.metadata.noun_one,
        noun_many=new.metadata.noun_many,
        geometry=new.metadata.geometry,
        fields=(Field("id", "Id"), Field("name", "Name"), field),
    )
    metadata = with_sources_of(metadata, new.metadata)
    layer = Layer(gpd.GeoDataFrame(together), metadata, new.inputs)
    return layer, _moves(scenario, old, new, apart.moved)


def _plain(layer: Layer, what: np.ndarray) -> gpd.GeoDataFrame:
    columns = {
        "id": list(feature_keys(layer)),
        "name": area_names(layer),
        "what": what,
        "position_error_m": layer.frame.get(
            "position_error_m", pd.Series(np.nan, layer.frame.index)
        ).to_numpy(dtype=np.float64, na_value=np.nan),
    }
    return gpd.GeoDataFrame(columns, geometry=layer.frame.geometry.to_numpy(), crs=layer.frame.crs)


def _moves(scenario: str, old: Layer, new: Layer, moved: tuple[str, ...]) -> Layer | None:
    """Draw a line from where a feature stood to where it stands."""
    places = [
        dict(zip(feature_keys(each), each.frame.geometry.to_crs("EPSG:4326"), strict=True))
        for each in (old, new)
    ]
    lines, names = [], []
    for key in moved:
        ends = [some[key] for some in places]
        points = [each for each in ends if isinstance(each, shapely.Point)]
        if len(points) == 2 and not points[0].equals(points[1]):
            lines.append(shapely.LineString([(each.x, each.y) for each in points]))
            names.append(key)
    if not lines:
        return None
    frame = gpd.GeoDataFrame({"id": names, "name": names}, geometry=lines, crs="EPSG:4326")
    metadata = Metadata(
        name=f"moves-{new.name}-{scenario}",
        title="Moves, from old place to new",
        key="id",
        label="name",
        noun_one="move",
        noun_many="moves",
        geometry="line",
        colour="violet",
    )
    return Layer(frame, metadata, new.inputs)
