"""Everything about a layer in sentences."""

from __future__ import annotations

import pandas as pd

from lcrmap.layers import Layer

__all__ = ["about"]


def about(layer: Layer) -> tuple[str, ...]:
    """Tell what a layer holds, how sure it is, and where it comes from."""
    known = layer.metadata
    unplaced = len(layer.frame) - layer.placed
    lines = [
        f"{known.title} ({known.name})",
        f"Chosen: {len(layer.frame):,} of {known.selected_from:,}, by {known.selection}."
        if known.selection
        else "",
        known.description,
        f"Features: {len(layer.frame):,}, of which {layer.placed:,} {_have(layer.placed)} a position"
        + (f" and {unplaced:,} {_have(unplaced)} none." if unplaced else "."),
        _counted_by(layer, "confidence"),
        _counted_by(layer, known.breakdown) if known.breakdown != "confidence" else "",
        _position_error(layer),
        f"Key: {known.key}" if known.key else "",
        f"As of: {known.as_of}" if known.as_of else "",
        f"Method: {known.method}" if known.method else "",
        *(f"Source: {each.title} {each.url}".rstrip() for each in known.sources),
        *(f"Licence: {each.title} {each.url}".rstrip() for each in known.licences),
        f"Credit: {known.credit}" if known.credit else "",
    ]
    return tuple(line for line in lines if line)


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def _counted_by(layer: Layer, column: str) -> str:
    """Say how many features have each value of a column, and what the values mean."""
    if not column or column not in layer.frame.columns:
        return ""
    counts = layer.frame[column].value_counts()
    field = layer.field(column)
    ordered = [each.value for each in field.categories if each.value in counts]
    ordered += [each for each in counts.index if each not in ordered]
    parts = []
    for value in ordered:
        described = field.category(value)
        label = described.label.lower() if described else str(value)
        meaning = f" ({described.description})" if described and described.description else ""
        parts.append(f"{counts[value]:,} {label}{meaning}")
    return f"{field.title}: {'; '.join(parts)}." if parts else ""


def _position_error(layer: Layer) -> str:
    """Say how far off the positions may be."""
    if "position_error_m" not in layer.frame.columns:
        return ""
    shapes = layer.frame.geometry
    stated = layer.frame.loc[shapes.notna() & ~shapes.is_empty, "position_error_m"]
    errors = pd.to_numeric(stated, errors="coerce").dropna()  # what is no number is not known
    if errors.empty:
        return "Positions: how far off they may be is not known."
    unknown = layer.placed - len(errors)
    low, middle, high = (f"{each:,.0f}" for each in (errors.min(), errors.median(), errors.max()))
    span = f"{low} m" if low == high else f"{low} to {high} m (median {middle} m)"
    rest = f"; not known for {unknown:,}." if unknown else "."
    return f"Positions: believed right to within {span}{rest}"
