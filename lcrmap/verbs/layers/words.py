"""Everything about a layer in sentences."""

from __future__ import annotations

from lcrmap.layers import Layer

__all__ = ["about"]


def about(layer: Layer) -> tuple[str, ...]:
    """Tell what a layer holds, how sure it is, and where it comes from."""
    known = layer.metadata
    unplaced = len(layer.frame) - layer.placed
    lines = [
        f"{known.title} ({known.name})",
        f"Chosen: {len(layer.frame):,} of {known.selected_from:,} rows, those for which {known.selection}."
        if known.selection
        else "",
        known.description,
        f"Features: {len(layer.frame):,}, of which {layer.placed:,} have a position"
        + (f" and {unplaced:,} have none." if unplaced else "."),
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


def _counted_by(layer: Layer, column: str) -> str:
    """Say how many features have each value of a column, and what the values mean."""
    if not column or column not in layer.frame.columns:
        return ""
    counts = layer.frame[column].value_counts()
    field = layer.field(column)
    ordered = [each.value for each in field.categories if each.value in counts] or list(
        counts.index
    )
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
    errors = layer.frame["position_error_m"].dropna()
    if errors.empty:
        return "Positions: how far off they may be is not known."
    unknown = layer.placed - len(errors)
    return (
        f"Positions: believed right to within {errors.min():,.0f} to {errors.max():,.0f} m "
        f"(median {errors.median():,.0f} m)" + (f"; not known for {unknown:,}." if unknown else ".")
    )
