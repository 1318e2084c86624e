"""Layers as a table of rows in JSON, without their shapes."""

from __future__ import annotations

from lcrmap.io.json_rows import Collection, carried_form, dump, row_texts
from lcrmap.io.values import columns_of
from lcrmap.layers import Layer

__all__ = ["JsonRows"]


class JsonRows(Collection):
    """An object with the layer's source and its rows without shapes, one row a line."""

    def head(self, layer: Layer) -> str:
        """Return the members before the rows."""
        metadata = layer.metadata
        head = {
            "title": metadata.title,
            "source": "; ".join(each.title for each in metadata.sources),
            "licence": "; ".join(each.title for each in metadata.licences),
            "credit": metadata.credit,
            "as_of": metadata.as_of,
            "lcrmap": carried_form(layer),
        }
        members = ",\n".join(f"{dump(name)}:{dump(value)}" for name, value in head.items())
        return f'{{{members},\n"rows":[\n'

    def items(self, layer: Layer) -> list[str]:
        """Return the rows."""
        return row_texts(columns_of(layer.frame, layer.metadata), len(layer.frame))
