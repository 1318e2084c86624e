"""Figures of a small base on a shaded map: which areas have them, and how they are marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np

from lcrmap.layers import Field, Layer, Metadata, Pack
from lcrmap.maps.model import LayerView
from lcrmap.verbs.areas import at_points
from lcrmap.verbs.numbers import in_sentence

if TYPE_CHECKING:
    from lcrmap.layers.indicators import Indicator

__all__ = ["SMALL_BASE", "Base", "base_of_share", "with_small_bases"]

SMALL_BASE: Final = 100
"""A base below it is small: of so many, one more or less moves a share by a point."""

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """What a figure is a part of, area by area.

    Attributes
    ----------
    column
        The name of the column in which the table has it.
    noun
        What it counts: "households".
    numbers
        One for each row; NaN where it is not known.
    """

    column: str
    noun: str
    numbers: Floats

    @property
    def words(self) -> str:
        """What is said of an area that has a small one."""
        return f"fewer than {SMALL_BASE:,} {self.noun}"

    def small(self, drawn: Floats) -> Any:
        """Tell which areas of those with a figure have a small base."""
        with np.errstate(invalid="ignore"):
            return (self.numbers > 0) & (self.numbers < SMALL_BASE) & ~np.isnan(drawn)


def base_of_share(layer: Layer, indicator: Indicator, pack: Pack) -> Base | None:
    """Return the base of an indicator that is a share, of each area of a layer; None of another."""
    if indicator.sums != "share":
        return None
    from lcrmap.verbs.figures import with_figures

    known = pack.indicators.named(indicator.base)
    bare = layer.with_frame(layer.frame.drop(columns=known.id, errors="ignore"))
    numbers = with_figures(bare, [known.id], pack).frame[known.id]
    noun = known.unit or in_sentence(known.title)
    return Base(known.id, noun, numbers.to_numpy(dtype=np.float64, na_value=np.nan))


def with_small_bases(
    layer: Layer, column: str, numbers: Floats, base: Base | None
) -> tuple[Layer, tuple[str, ...], LayerView | None]:
    """Mark the areas whose figure has a small base: by a column of the table, and by a symbol on the map.

    Parameters
    ----------
    column, numbers
        The column that is shaded, and the figures of the areas that are drawn.
    base
        What the figures are parts of; None where nothing is known of that.

    Returns
    -------
    tuple
        The layer, the columns that its table shows, if any is to be shown, and the symbols; None if no base is small.
    """
    small = None if base is None else base.small(numbers)
    if base is None or small is None or not small.any():
        return layer, (), None
    name = f"{column}_base"
    title = f"Base of {in_sentence(layer.field(column).title)}"
    told = np.full(len(small), None, dtype=object)
    told[small] = [f"{each:,.0f} {base.noun}: small" for each in base.numbers[small]]
    field = Field(name, title, "string", f"Said where it is {base.words}")
    metadata = layer.metadata.replaced(fields=(*layer.metadata.fields, field))
    marked = layer.with_frame(layer.frame.assign(**{name: told})).with_metadata(metadata)
    shown = tuple(filter(None, (layer.label, column, name)))
    return marked, shown, _symbols(marked, small, base, shown)


def _symbols(layer: Layer, small: Any, base: Base, shown: tuple[str, ...]) -> LayerView:
    """Return a symbol in each area of a small base, with what its base is."""
    known = layer.metadata
    frame = layer.frame.loc[small, [*shown, layer.frame.geometry.name]]
    if layer.label:
        frame = frame.assign(**{layer.label: frame[layer.label].astype(str) + ", small base"})
    metadata = Metadata(
        name=f"{layer.name}-small-bases",
        title=f"Small base: {base.words}",
        geometry="point",
        label=layer.label,
        noun_one=known.noun_one,
        noun_many=known.noun_many,
        symbol="bar",
        colour="ink",
        fields=tuple(layer.field(each) for each in shown),
        as_of=known.as_of,
    )
    points = Layer(at_points(gpd.GeoDataFrame(frame)), metadata)
    note = "One more or less of these moves a share by a point or more."
    return LayerView(points, "places", main=shown, area="", note=note, singly=True, marks=True)
