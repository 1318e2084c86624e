"""What a layer is: its frame, its metadata, and the pack that names layers and gives them roles."""

from lcrmap.layers.layer import FEATURE_ROW, TOTAL_ROW, Input, Layer
from lcrmap.layers.metadata import Category, Field, Licence, Metadata, Source
from lcrmap.layers.pack import Pack, Role, open_pack

__all__ = [
    "FEATURE_ROW",
    "TOTAL_ROW",
    "Category",
    "Field",
    "Input",
    "Layer",
    "Licence",
    "Metadata",
    "Pack",
    "Role",
    "Source",
    "open_pack",
]
