"""The rows of a choice: each candidate, and what is before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.chords import Floats, Rows
from lcrmap.analysis.metric import METHOD
from lcrmap.layers import FEATURE_ROW, Category, Field, Layer, Metadata
from lcrmap.verbs.areas import with_sources_of
from lcrmap.verbs.numbers import HIGHEST, LOWEST, distance_words
from lcrmap.verbs.rivers import layers_of, methods_of

if TYPE_CHECKING:
    from lcrmap.verbs.locate.solving import Outcome
    from lcrmap.verbs.locate.told import Told

__all__ = ["AFTER", "BEFORE", "MAIN", "in_whole_metres", "located_layer"]

BEFORE: Final = "before"
AFTER: Final = "after"
MAIN: Final = (
    "name",
    "rank",
    "chosen",
    "alone",
    "adds",
    "residents_served",
    "mean_distance_served_m",
    "mean_distance_m",
    "greatest_distance_m",
    "residents_within",
)
_METHOD: Final = (
    "Each resident counts at the point of the pack's population layer, for the nearest feature. The best choice is "
    "found and proved by branch and bound over a linear relaxation with Benders cuts; its value is measured again from "
    "the chosen positions."
)


def located_layer(told: Told) -> Layer:
    """Return the candidates, those chosen first, then by what each would bring alone; and two rows that close."""
    task, last = told.task, told.last
    candidates = task.candidates
    alone = told.alone
    worth = -alone.figure if task.counts else alone.figure
    rank = 1 + np.searchsorted(np.sort(worth), worth)
    chosen = np.isin(np.arange(len(candidates)), last.chosen)
    order = np.lexsort([np.arange(len(candidates)), rank, ~chosen])
    order[: len(last.chosen)] = last.by_worth
    columns = _columns(told, chosen, rank)
    frame = pd.DataFrame({name: pd.Series(values).iloc[order] for name, values in columns.items()})
    frame = pd.concat([frame, _closing(told, frame)], ignore_index=True)
    for name, kind in _TYPES.items():
        if name in frame:
            frame[name] = frame[name].astype(kind)
    points = candidates.points.geometry.to_numpy()[order]
    shapes = gpd.GeoSeries([*points, None, None], crs="EPSG:4326")
    layer = candidates.layer
    base = Metadata(
        name="locate",
        title=told.title,
        key="id",
        label="name",
        row="row",
        noun_one="candidate",
        noun_many="candidates",
        geometry="point",
        fields=_fields(told),
        method=" ".join([METHOD, _METHOD, *methods_of(told.across)]),
        crs="EPSG:4326",
    )
    read = [layer, told.people.layer, told.existing.layer, *layers_of(told.across)]
    metadata = with_sources_of(base, *(each.metadata for each in read))
    inputs = tuple(dict.fromkeys(one for each in read for one in each.inputs))
    return Layer(gpd.GeoDataFrame(frame, geometry=shapes), metadata, inputs)


def in_whole_metres(layer: Layer) -> Layer:
    """Return the rows for people: files have millimetres, but whole metres are what is meant.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"alone": [68.834, None]}, geometry=[None, None])
    >>> in_whole_metres(Layer(frame, Metadata("locate", "Places"))).frame["alone"].tolist()
    [69, <NA>]
    """
    frame = layer.frame.copy()
    for name in map(str, frame.select_dtypes("float64")):
        frame[name] = frame[name].round().astype("Int64")
    return layer.with_frame(frame)


_TYPES: Final[dict[str, Any]] = {
    "rank": "Int64",
    "chosen": "boolean",
    "first_chosen_at": "Int64",
    "residents_served": "Int64",
    "residents_within": "Int64",
}


def _columns(told: Told, chosen: np.ndarray, rank: Rows) -> dict[str, Any]:
    task, last = told.task, told.last
    candidates = task.candidates
    count = len(candidates)
    metres, which = last.state
    weight = task.reach.weight
    home = np.where(which >= 0, which, count)
    served = np.bincount(home, weight, minlength=count + 1)[:count]
    far = np.bincount(home, weight * np.where(weight > 0, metres, 0), minlength=count + 1)[:count]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(served > 0, far / served, np.nan)
    digits = 0 if task.counts else 3
    alone = told.alone
    return {
        "id": list(candidates.keys),
        "name": list(candidates.names),
        "row": [FEATURE_ROW] * count,
        "rank": rank,
        "chosen": pd.array(chosen, dtype="boolean"),
        "first_chosen_at": told.first_chosen,
        "alone": alone.value.round(digits),
        "alone_min": alone.low.round(digits),
        "alone_max": alone.high.round(digits),
        "adds": _adds(last, count).round(digits),
        "residents_served": np.where(chosen, served, np.nan),
        "mean_distance_served_m": np.where(chosen, mean, np.nan).round(1),
        told.figure_name: alone.figure.round(digits),
        "position_error_m": candidates.points["position_error_m"].to_numpy(),
    }


def _adds(last: Outcome, count: int) -> Floats:
    """Return what the choice would lose without each of its candidates; NaN of the others."""
    adds = np.full(count, np.nan)
    for each, lost in last.adds.items():
        adds[each] = lost if np.isfinite(lost) else np.nan
    return adds


def _closing(told: Told, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of what is before and after."""
    task, last = told.task, told.last
    digits = 0 if task.counts else 3
    rows = []
    for key, name, figure, metres in (
        (BEFORE, "Before", task.before, task.reach.now),
        (AFTER, "After", last.figure, last.state[0]),
    ):
        known = np.isfinite(figure)
        mean = task.reach.mean(metres)
        row = dict.fromkeys(frame.columns, None) | {
            "id": key,
            "name": name,
            "row": key,
            "residents_served": task.reach.total if np.isfinite(mean) else None,
            "mean_distance_served_m": round(mean, 1) if np.isfinite(mean) else None,
            told.figure_name: round(figure, digits) if known else None,
        }
        rows.append(row)
    change = last.change
    rows[1] |= {
        "alone": _rounded(change.value, digits),
        "alone_min": _rounded(change.low, digits),
        "alone_max": _rounded(change.high, digits),
    }
    return pd.DataFrame(rows).astype(frame.dtypes.to_dict(), errors="ignore")


def _rounded(value: float, digits: int) -> float | None:
    return round(value, digits) if np.isfinite(value) else None


def _fields(told: Told) -> tuple[Field, ...]:
    task = told.task
    noun = told.noun
    unit, what = ("", "More residents") if task.counts else ("m", f"Nearer, {told.figure_words}")
    if task.counts:
        assert task.asked.within is not None  # noqa: S101 (the question is checked)
        what = f"More residents within {distance_words(task.asked.within, exact=True)}"
    kind = "integer" if task.counts else "number"
    rows = (
        Category(FEATURE_ROW, "Candidate"),
        Category(BEFORE, "Before"),
        Category(AFTER, "After"),
    )
    return (
        Field("id", "Id"),
        Field("name", "Name"),
        Field("row", "Row", categories=rows),
        Field("rank", "Rank", "integer", "By what it would bring alone; equal ones share a rank"),
        Field("chosen", "Chosen", "boolean"),
        Field(
            "first_chosen_at", "First chosen at", "integer", "The least number of which it is one"
        ),
        Field(
            "alone",
            f"{what}: it alone",
            kind,
            "What it would bring alone; after: all together",
            unit,
        ),
        Field("alone_min", "At least", kind, LOWEST, unit),
        Field("alone_max", "At most", kind, HIGHEST, unit),
        Field(
            "adds", f"{what}: lost without it", kind, "What the choice would lose without it", unit
        ),
        Field(
            "residents_served", "Residents served", "integer", f"For whom it is the nearest {noun}"
        ),
        Field("mean_distance_served_m", "Their mean distance", "number", unit="m"),
        Field(told.figure_name, told.figure_title, kind, "With it alone; before and after", unit),
        Field("position_error_m", "Position error", "number", unit="m"),
    )
