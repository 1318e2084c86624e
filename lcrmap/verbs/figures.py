"""Put indicators beside the areas of a layer, as columns: whoever filters, sorts, shades or writes needs no more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from lcrmap.analysis.summing import summed
from lcrmap.errors import UsageError
from lcrmap.io.area_codes import bare_codes
from lcrmap.io.indicators import inputs_of, read_figures, read_nesting
from lcrmap.layers import Field, Layer, Metadata, Pack
from lcrmap.layers.indicators import Indicator
from lcrmap.layers.metadata import Licence, Source
from lcrmap.verbs.areas import with_sources_of
from lcrmap.verbs.columns import column_names

__all__ = ["credited", "figure_of_region", "figures_of", "is_indicator", "with_figures"]

_FEWEST: Final = 0.5  # of the cells of a column that must be codes of areas


def is_indicator(pack: Pack, name: str) -> bool:
    """Tell whether the pack has an indicator of this name."""
    return pack.has_indicators and name in pack.indicators.entries


def figures_of(pack: Pack, name: str, level: str) -> pd.Series[float]:
    """Return an indicator of every area of a level, by the areas' codes.

    Raises
    ------
    UnknownNameError
        If there is no such indicator.
    UsageError
        If it does not sum to the level.
    """
    known = pack.indicators
    indicator = known.named(name)
    known.check_level(indicator, level)
    figures = read_figures(pack, indicator.columns)
    nesting = read_nesting(pack, known, indicator.level)
    return summed(indicator, figures, nesting[level])


def figure_of_region(pack: Pack, indicator: Indicator, of: Collection[str] | None = None) -> float:
    """Return an indicator of the whole region, or of some areas of its level together; NaN where there is none.

    Parameters
    ----------
    of
        The codes of the areas that are put together; None for all.
    """
    figures = read_figures(pack, indicator.columns)
    if of is not None:
        figures = figures[figures.index.isin(of)]
    if indicator.sums == "none" or figures.empty:
        return float("nan")
    return float(summed(indicator, figures, pd.Series("all", index=figures.index)).iloc[0])


def with_figures(layer: Layer, names: Sequence[str], pack: Pack) -> Layer:
    """Return a layer of areas, or a table with their codes, with indicators as further columns.

    Parameters
    ----------
    names
        Ids of indicators; none leaves the layer as it is.

    Raises
    ------
    UnknownNameError, UsageError
        If there is no such indicator, the layer is of no areas that have any, or the indicator does not sum to them.
    """
    if not names:
        return layer
    level, codes = _level_of(layer, pack)
    columns, fields, notes = {}, [], []
    for name in dict.fromkeys(names):
        if name in layer.frame.columns:
            raise UsageError(
                f"'{name}' is a column of {layer.name} already: leave it out of --with."
            )
        indicator = pack.indicators.named(name)
        values = codes.map(figures_of(pack, name, level)).astype("float64")
        columns[name], kind = _whole(values, indicator)
        fields.append(_field(indicator, level, kind))
        notes += _notes(indicator, int(values.isna().sum()), layer)
    chosen = [pack.indicators.named(each) for each in columns]
    metadata = layer.metadata.replaced(fields=(*layer.metadata.fields, *fields))
    beside = replace(layer, frame=layer.frame.assign(**columns), metadata=metadata)
    return credited(beside, chosen, pack).noting(*dict.fromkeys(notes))


def credited(layer: Layer, chosen: Sequence[Indicator], pack: Pack) -> Layer:
    """Return a layer that names the sources, licences, credit lines and files of indicators beside its own."""
    return replace(
        layer,
        metadata=_with_credits(layer.metadata, chosen, pack),
        inputs=tuple(dict.fromkeys((*layer.inputs, *inputs_of(pack, chosen)))),
    )


def _notes(indicator: Indicator, unknown: int, layer: Layer) -> list[str]:
    """Say what whoever asked must read: of what day the figures are, and of how many areas there is none."""
    said = [indicator.source.note] if indicator.source.note else []
    if unknown:
        why = f", as small areas' are {indicator.empty}" if indicator.empty else ""
        said.append(
            f"'{indicator.id}' is not known of {unknown:,} of {len(layer.frame):,} {layer.metadata.noun_many}{why}."
        )
    return said


def _level_of(layer: Layer, pack: Pack) -> tuple[str, pd.Series[Any]]:
    """Return of which areas the rows of a layer speak, and the code of each row.

    Raises
    ------
    UsageError
        If no column holds codes of areas of which anything is known.
    """
    known = pack.indicators
    nesting = read_nesting(pack, known, next(iter(known.levels)))
    for column in _likely_columns(layer):
        codes = bare_codes(layer.frame[column])
        for level in known.levels:
            found = codes[codes.isin(nesting[level])]
            if len(found) > _FEWEST * layer.frame[column].notna().sum() and found.is_unique:
                return level, codes
    listed = ", ".join(known.levels)
    raise UsageError(
        f"Indicators are known of {listed}, and {layer.name} has no column with one of their codes "
        "in each row."
    )


def _likely_columns(layer: Layer) -> list[str]:
    """Return the columns that may hold codes: the key first, since an area also names those it lies in."""
    texts = [each for each in column_names(layer) if _is_text(layer.frame[each])]
    return sorted(texts, key=lambda each: each != layer.key)


def _is_text(values: pd.Series[Any]) -> bool:
    return not (pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values))


def _whole(values: pd.Series[float], indicator: Indicator) -> tuple[pd.Series[Any], str]:
    """Return counts as whole numbers, shares as they are published, to a tenth, and the type of the field."""
    if indicator.sums in ("count", "none") and not (values.dropna() % 1).any():
        return values.astype("Int64"), "integer"
    return values.round(1 if indicator.unit == "%" else 3), "number"


def _field(indicator: Indicator, level: str, kind: str) -> Field:
    """Describe the column: a mean of scores is named so, and what is derived says how."""
    mean = indicator.sums == "score" and level != indicator.level
    title = f"{indicator.title}, mean weighted by residents" if mean else indicator.title
    text = " ".join(each for each in (indicator.description, indicator.derived) if each)
    unit = (
        "" if indicator.sums in ("score", "none") and indicator.unit == "score" else indicator.unit
    )
    return Field(indicator.id, title, kind, text, unit)


def _with_credits(metadata: Metadata, chosen: Sequence[Indicator], pack: Pack) -> Metadata:
    """Name the sources, licences and credit lines of indicators beside the layer's own."""
    licences = {each.name: each for layer in pack for each in layer.licences}
    others = []
    for each in chosen:
        licence = licences.get(
            each.source.licence, Licence(each.source.licence, each.source.licence)
        )
        source = Source(f"{each.source.title}, {each.source.as_of}", each.source.url)
        others.append(
            Metadata(
                each.id,
                each.title,
                licences=(licence,),
                sources=(source,),
                credit=each.source.credit,
            )
        )
    return with_sources_of(metadata, *others)
