"""Layers as a table in Markdown."""

from __future__ import annotations

import re
from typing import Any

from lcrmap.io.unheld import infinite_note, infinite_numbers
from lcrmap.io.values import ROW, cell_text, columns_of
from lcrmap.layers import Layer

__all__ = ["encode_markdown"]


def encode_markdown(layer: Layer) -> tuple[bytes, tuple[str, ...]]:
    """Return a Markdown table with the layer's title over it and its credit under it."""
    columns = columns_of(layer.frame, layer.metadata)
    if not columns:  # else the rows would be lost
        columns = {ROW: list(range(1, len(layer.frame) + 1))}
    titles = [layer.field(name).title for name in columns]
    numeric = [all(_is_number(v) for v in values) for values in columns.values()]
    lines = [
        _row([_escaped(each) for each in titles]),
        _row(["---:" if each else "---" for each in numeric]),
    ]
    texts = [[_escaped(cell_text(v)) for v in values] for values in columns.values()]
    lines += [_row(list(each)) for each in zip(*texts, strict=True)]
    metadata = layer.metadata
    said = [
        f"Source: {'; '.join(each.title for each in metadata.sources)}" if metadata.sources else "",
        metadata.credit_once,
        f"As of {metadata.as_of}" if metadata.as_of else "",
    ]
    under = ". ".join(each.rstrip(".") for each in said if each)
    text = f"**{_escaped(metadata.title)}**\n\n" + "\n".join(lines) + "\n"
    if under:
        text += f"\n{_escaped(under)}.\n"
    notes = infinite_note(infinite_numbers(layer.frame), "Markdown")
    return text.encode("utf-8", "backslashreplace"), notes


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """Return text that Markdown shows as it is: no cell ends, no markup, no HTML."""
    line = re.sub(r"[\r\n\u2028\u2029\x00-\x1f]+", " ", text).strip()
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|~])", r"\\\1", line)
