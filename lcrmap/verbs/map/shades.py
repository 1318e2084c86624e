"""How the areas of a layer are shaded: by a column or an indicator, as it is or for each of a base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lcrmap.analysis.joining import dimensions
from lcrmap.errors import GeometryError, UsageError, close_names
from lcrmap.layers import Field, Layer, Pack
from lcrmap.layers.naming import is_naming
from lcrmap.maps.styling import Circles, Shading
from lcrmap.maps.words import load_words, with_unit
from lcrmap.verbs.classes import Classes
from lcrmap.verbs.columns import column_names, number_column, number_columns, numbered
from lcrmap.verbs.count.rates import RESIDENTS, base_of
from lcrmap.verbs.map.small import Base, base_of_share, with_small_bases
from lcrmap.verbs.numbers import in_sentence, listed, number_words

if TYPE_CHECKING:
    from lcrmap.layers.indicators import Indicator
    from lcrmap.maps.crossing import Crossed
    from lcrmap.maps.model import LayerView

__all__ = ["Measured", "Painted", "base_numbers", "measured", "painted", "with_missing_areas"]

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class Painted:
    """A layer of areas, how the page draws it, and the note that says so.

    Attributes
    ----------
    main
        The columns that its table shows; empty for those that tell most of any layer.
    whole
        The figure of all areas together, with what it is of; empty if it is not known.
    symbols
        What marks the areas whose figure has a small base, if any has.
    """

    layer: Layer
    wish: Shading | Circles | Crossed
    note: str
    main: tuple[str, ...] = ()
    whole: str = ""
    symbols: tuple[LayerView, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A layer of areas with a column that measures something, and what is known of that.

    Attributes
    ----------
    numbers
        One for each row; NaN where none is known, or nothing is drawn.
    title
        What the numbers are, with their unit.
    told
        What must stand by them.
    counts
        Whether they are a count that is not divided by anything.
    base
        What they are parts of; None where that is not known, or they are none.
    whole
        The figure of all areas together; NaN where it is not known.
    """

    layer: Layer
    column: str
    numbers: Floats
    title: str
    told: tuple[str, ...]
    counts: bool
    base: Base | None = None
    whole: float = float("nan")


def with_missing_areas(layer: Layer, areas: Layer) -> Layer:
    """Return a layer that has some of the areas and nothing else with the others behind them, without figures.

    So they are hatched and in the legend as areas without data, and not plain as if they were no areas.
    """
    if not layer.label or layer.metadata.row:
        return layer
    name, crs = str(layer.frame.geometry.name), layer.frame.crs
    if crs is None:
        return layer
    there = np.asarray(areas.frame.geometry.to_crs(crs), dtype=object)
    known = {*shapely.to_wkb(np.asarray(layer.frame.geometry.dropna(), dtype=object))}
    missing = np.array([each not in known for each in shapely.to_wkb(there)])
    if len(known) + missing.sum() != len(there) or not missing.any():
        return layer  # it has other shapes, or lacks none
    unknown = areas.frame.loc[missing, areas.label]
    shapes = gpd.GeoSeries(there[missing], crs=crs)
    rows = gpd.GeoDataFrame({layer.label: unknown.to_numpy(), name: shapes}, geometry=name)
    frame = gpd.GeoDataFrame(pd.concat([layer.frame, rows], ignore_index=True))
    names = listed([str(each) for each in unknown])
    return layer.with_frame(frame).noting(
        f"{layer.metadata.title} has no row for {names}: no data."
    )


def painted(
    layer: Layer,
    column: str,
    classes: Classes,
    pack: Pack,
    *,
    middle: float | None = None,
    per: str | None = None,
    indicator: Indicator | None = None,
) -> Painted:
    """Return a layer with the figures that paint it.

    Parameters
    ----------
    column, per, indicator
        As in `measured`.

    Raises
    ------
    GeometryError, UnknownNameError, UsageError
        As in `measured`.
    """
    found = measured(layer, column, pack, per=per, indicator=indicator)
    if found.counts:
        layer = found.layer.noting(
            f"To shade '{column}', say what it is divided by, as in --per residents."
        )
        note = " ".join((f"{found.title}. {_CIRCLES}", *found.told))
        return Painted(layer, Circles(column), note)
    from lcrmap.verbs.shading import shaded_by  # which a map without shades does not need

    wish, note = shaded_by(found.column, found.numbers, classes, found.title, middle)
    layer, main, symbols = with_small_bases(found.layer, found.column, found.numbers, found.base)
    return Painted(
        *(layer, wish, " ".join((note, *found.told)), main),
        whole=_whole_words(found, pack.region),
        symbols=(symbols,) if symbols else (),
    )


def _whole_words(found: Measured, region: str) -> str:
    """Say the figure of all areas together."""
    if np.isnan(found.whole):
        return ""
    field = found.layer.field(found.column)
    return f"{region}: {with_unit(number_words(found.whole, 3), field.unit)}"


def _indicators_hint(layer: Layer, column: str, pack: Pack) -> str:
    """Say, of a column that the layer lacks, which indicator may be meant or where all of them are listed."""
    if not pack.has_indicators or column in layer.frame.columns:
        return ""
    close = close_names(column, pack.indicators.entries, most=1)
    if close and not close_names(column, map(str, layer.frame.columns)):
        return f"Or did you mean the indicator '{close[0]}'?"
    return "Figures that can be shaded besides are listed by 'lcrmap indicators'."


def measured(
    layer: Layer,
    column: str,
    pack: Pack,
    *,
    per: str | None = None,
    indicator: Indicator | None = None,
) -> Measured:
    """Return the figures by which the areas of a layer can be painted.

    Parameters
    ----------
    column
        A column of the layer.
    per
        What its figures are divided by; see `_rated`.
    indicator
        The indicator that the column holds; None for a column of the layer's own.

    Raises
    ------
    GeometryError
        If the layer holds something else than areas.
    UnknownNameError, UsageError
        If there is no such column, or no number in it that measures anything.
    """
    layer = numbered(layer, column)
    number_column(layer, column, "shade", hint=_indicators_hint(layer, column, pack))
    if dimensions(layer.frame) - {2}:
        raise GeometryError(
            f"--shade needs areas, and {layer.name} holds points or lines: "
            f"--category tells the values of a column apart there."
        )
    if column == layer.key or is_naming(column):
        raise UsageError(
            f"--shade needs numbers that measure something, and those of '{column}' of {layer.name} "
            f"are names{_others(layer, column)}."
        )
    base, whole = None, float("nan")
    if per is not None:
        layer, column, base = _rated(layer, column, per, pack, indicator)
    elif indicator is not None:
        # Maps without indicators do without it.
        from lcrmap.verbs.figures import figure_of_region

        base = base_of_share(layer, indicator, pack)
        whole = figure_of_region(pack, indicator)
    numbers = _checked(layer, column)
    field = layer.field(column)
    title = field.title + (f" ({field.unit})" if field.unit else "")
    counts = indicator is not None and indicator.sums == "count" and per is None
    if indicator is not None:
        layer = layer.with_metadata(layer.metadata.replaced(as_of=indicator.source.as_of))
    told = tuple(_said_of(indicator))
    return Measured(layer, column, numbers, title, told, counts, base, whole)


_CIRCLES: Final = (
    "The area of a circle stands for its number: a count is not shaded, as a shade would mostly show how large an "
    "area is."
)


def _said_of(indicator: Indicator | None) -> list[str]:
    """Say what must stand by the figures of an indicator: that they were derived, and of what day they are."""
    if indicator is None:
        return []
    source = f"{indicator.source.title}, {load_words().date(indicator.source.as_of)}."
    return [each for each in (source, indicator.derived, indicator.source.note) if each]


def _checked(layer: Layer, column: str) -> Floats:
    """Return the numbers of the areas that are drawn, of which there is at least one, and none is infinite.

    There is one for each row: NaN of what is not drawn.
    """
    numbers = number_column(layer, column, "shade").to_numpy(dtype=np.float64, na_value=np.nan)
    shapes = layer.frame.geometry
    features = layer.frame.index.isin(layer.features.index)
    drawn = np.asarray(features & shapes.notna() & ~shapes.is_empty)
    numbers = np.where(drawn, numbers, np.nan)
    if np.isinf(numbers).any() or np.isnan(numbers).all():
        held = "infinite ones" if np.isinf(numbers).any() else "none"
        raise UsageError(
            f"--shade needs numbers, and '{column}' of {layer.name} holds {held}{_others(layer, column)}."
        )
    return numbers


def _others(layer: Layer, column: str) -> str:
    """Return, as the end of a sentence, the other columns that may shade a layer."""
    others = [
        each
        for each in number_columns(layer)
        if each not in (column, layer.key)
        and not is_naming(each)
        and layer.frame[each].notna().any()
    ]
    return f": choose one of {', '.join(others)}" if others else ""


def _rated(
    layer: Layer, column: str, per: str, pack: Pack, indicator: Indicator | None
) -> tuple[Layer, str, Base | None]:
    """Return a layer with a column divided by a base: a share of what is counted alike, else a rate.

    Beside it the name of that column, and the base, where that counts something.

    Raises
    ------
    UsageError
        If the column is no count, or the base is nought everywhere.
    """
    if indicator is not None and indicator.sums != "count":
        raise UsageError(
            f"--per divides counts, and '{column}' is a {_called(indicator)}: leave --per out."
        )
    base, title, unit = base_numbers(layer, per, pack)
    if not (base > 0).any():
        raise UsageError(f"--per {per} is nought in every area of {layer.name}: choose another.")
    own = layer.field(column)
    share = unit != "" and unit == own.unit
    scale = 100 if share else RESIDENTS if per == "residents" else 1
    said = f"as a share of {in_sentence(title)}" if share else _rate_words(per, title)
    name = f"{column}_per_{per}"
    counted = number_column(layer, column, "shade").to_numpy(dtype=np.float64, na_value=np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(base > 0, scale * counted / base, np.nan).round(4)
    field = Field(name, f"{own.title} {said}", "number", own.description, "%" if share else "")
    metadata = layer.metadata.replaced(fields=(*layer.metadata.fields, field))
    frame = layer.frame.assign(**{name: values})
    noun = unit if unit.isalpha() else in_sentence(title)
    counted_of = (
        None if (base[~np.isnan(base)] % 1).any() or per == "km2" else Base(per, noun, base)
    )
    return layer.with_frame(frame).with_metadata(metadata), name, counted_of


def base_numbers(layer: Layer, per: str, pack: Pack) -> tuple[Floats, str, str]:
    """Return the numbers of a base, its title and its unit: of a column, of an indicator, or square kilometres."""
    from lcrmap.verbs.figures import is_indicator, with_figures

    if per not in column_names(layer) and per != "km2" and is_indicator(pack, per):
        known = pack.indicators.named(per)
        if known.sums != "count":
            raise UsageError(
                f"--per needs a count, and '{per}' is a {_called(known)}: choose residents, households or km2."
            )
        layer = with_figures(layer, [per], pack)
        values = number_column(layer, per, "per").to_numpy(dtype=np.float64, na_value=np.nan)
        return values, known.title, known.unit
    found = base_of(per, layer, pack)
    return found.values, found.title, found.unit


def _called(indicator: Indicator) -> str:
    return {"none": "rank or rate"}.get(indicator.sums, indicator.sums)


def _rate_words(per: str, title: str) -> str:
    if per == "km2":
        return "per km2"
    if per == "residents":
        return f"per {RESIDENTS:,} residents"
    return f"divided by {in_sentence(title)}"
